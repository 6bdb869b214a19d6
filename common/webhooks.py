"""The secret with which one service signs what it tells another, as Standard Webhooks wants it."""

from __future__ import annotations

import base64
import binascii

from common.settings import SettingsError

_PREFIX = "whsec_"
_LEAST_BYTES = 32


def check_webhook_secret(name: str, secret: str) -> None:
    """Refuse a secret that is not base64 of 32 bytes or more; `whsec_` may stand before it.

    The library itself decodes whatever it can and signs with what is left.

    Args:
        name: The variable, for the message.
        secret: Its value.

    Raises:
        SettingsError: It is no such secret.
    """
    try:
        decoded = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if len(decoded) < _LEAST_BYTES:
        raise SettingsError(f"{name} must be {_LEAST_BYTES} random bytes or more in base64: openssl rand -base64 32")
