"""Is it Meta who calls? The handshake of the set-up, and the signature under every call."""

from __future__ import annotations

import hashlib
import hmac

_PREFIX = "sha256="


def is_signed(body: bytes, header: str | None, app_secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is right for the raw bytes; nothing is parsed before that.

    Args:
        body: The body as it came: Meta signs it with its own escapes, so JSON written again would not match.
        header: The header, None if there is none.
        app_secret: The app's secret.
    """
    if header is None or not header.startswith(_PREFIX):
        return False
    expected = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return _same(header.removeprefix(_PREFIX), expected)


def is_handshake(mode: str | None, token: str | None, verify_token: str) -> bool:
    """Whether somebody who knows our verify token asks for the challenge back."""
    return mode == "subscribe" and token is not None and _same(token, verify_token)


def _same(given: str, expected: str) -> bool:
    # Header bytes that are no UTF-8 come as surrogates.
    return hmac.compare_digest(given.encode(errors="surrogateescape"), expected.encode())
