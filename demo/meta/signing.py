"""Writes and signs a webhook call as Meta does."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any


def encode(payload: Any) -> bytes:
    """JSON without blanks; letters outside ASCII as lower-case escapes, and slashes escaped too."""
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def headers(body: bytes, secret: str, signature: str) -> dict[str, str]:
    """The headers of a call.

    Args:
        body: The bytes that go out.
        secret: The app's secret.
        signature: `right`, `wrong`, `missing`, or `old` (only the SHA-1 one).
    """
    key = secret.encode() if signature != "wrong" else b"of somebody else"
    signed = {
        "X-Hub-Signature": "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest(),
    }
    if signature == "missing":
        signed = {}
    if signature == "old":
        del signed["X-Hub-Signature-256"]
    return {"Content-Type": "application/json", "User-Agent": "facebookexternalua", **signed}
