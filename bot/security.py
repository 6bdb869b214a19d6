"""Headers every answer carries."""

from __future__ import annotations

from typing import Any

from sanic import Request, Sanic
from sanic.response import BaseHTTPResponse

from bot.settings import BotSettings
from bot.webchat.origins import cors_headers

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def install_headers(app: Sanic[Any, Any], settings: BotSettings) -> None:
    """Add the security headers to every answer, errors and streams too, and CORS to the webchat's."""
    fixed = dict(HEADERS)
    if settings.cookie_secure:
        fixed["Strict-Transport-Security"] = "max-age=31536000"

    async def add_headers(request: Request, response: BaseHTTPResponse) -> None:
        for name, value in fixed.items():
            # A file of a stranger comes with a stricter policy of its own.
            response.headers.setdefault(name, value)
        if request.path.startswith("/desk/api"):
            response.headers["Cache-Control"] = "no-store"
        if request.path.startswith("/webchat"):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.update(cors_headers(request.headers.get("origin"), settings.allowed_origins))

    app.register_middleware(add_headers, "response")
