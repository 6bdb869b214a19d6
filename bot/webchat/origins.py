"""Which sites may talk to the webchat from a browser."""

from __future__ import annotations

from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_own(origin: str, host: str) -> bool:
    """Whether a page of `origin` was served under the name the request asks for.

    The scheme is not compared: behind a proxy that ends TLS the service does not know it.
    """
    try:
        page, asked = urlsplit(origin), urlsplit(f"//{host}")
        if page.scheme not in _DEFAULT_PORTS or not page.hostname:
            return False
        port = page.port or _DEFAULT_PORTS[page.scheme]
        return page.hostname == asked.hostname and port == (asked.port or _DEFAULT_PORTS[page.scheme])
    except ValueError:
        return False


def is_welcome(origin: str | None, host: str, allowed: tuple[str, ...]) -> bool:
    """Whether a request with this Origin may change something; programs that are not browsers send none."""
    return origin is None or origin in allowed or is_own(origin, host)


def cors_headers(origin: str | None, allowed: tuple[str, ...]) -> dict[str, str]:
    """What a browser must read before it shows our answer to a page of another site."""
    headers = {"Vary": "Origin"}
    if origin is not None and origin in allowed:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Allow-Credentials"] = "true"
    return headers


def preflight_headers(origin: str | None, allowed: tuple[str, ...]) -> dict[str, str]:
    """The answer to a browser's question before the request itself; empty permission for strangers."""
    headers = cors_headers(origin, allowed)
    if "Access-Control-Allow-Origin" in headers:
        headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
        headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Last-Event-ID, X-File-Name"
        headers["Access-Control-Max-Age"] = "600"
    return headers
