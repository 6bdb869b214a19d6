"""Reads a body while it comes, with a limit of its own, for calls that take a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

from sanic import Request
from sanic.exceptions import PayloadTooLarge
from sanic.http import Http

from common.errors import ApiError


class TooLarge(ApiError):
    """413, more than this call takes."""

    status = 413


async def parts_of_body(request: Request, limit: int) -> AsyncIterator[bytes]:
    """Give the body of a streamed call part by part.

    Raises:
        TooLarge: At its end, when it has more than `limit` bytes.
    """
    stream, size = cast(Http, request.stream), 0
    # Sanic takes its limit for bodies away from streamed calls; with one of our own it counts again, from the length
    # that is announced or part by part, and closes the connection when it is too much. Up to that the rest is read
    # and thrown away: who is cut off while sending mostly gets to see a broken connection instead of the answer.
    stream.request_max_size = 2 * limit
    try:
        async for part in stream:
            size += len(part)
            if size <= limit:
                yield part
    except PayloadTooLarge:
        size = stream.request_max_size
    if size > limit:
        raise TooLarge("too_large", "The file is too large.", limit=limit)
