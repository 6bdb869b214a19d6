"""The body with which a host page's identity token is handed in."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from claims.api.schemas import Body


class IdentityToken(Body, frozen=True):
    token: Annotated[str, Meta(min_length=1, max_length=4000, pattern=r"^[\x21-\x7e]+(?!\n)$")]
