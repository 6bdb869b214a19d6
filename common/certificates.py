"""The certificates our calls trust, read once: each client by itself would read them anew, which takes 20 ms."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """Those of the machine's list, or of `SSL_CERT_FILE`, as httpx chooses them."""
    return httpx.create_ssl_context()
