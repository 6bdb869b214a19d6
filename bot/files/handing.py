"""Hands a file out again: as a download and never as a page, whoever asks for it and whatever is in it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import IO
from urllib.parse import quote

from sanic import Request

from bot.files.model import Attachment
from common.errors import NotFound

_PART_BYTES = 64 * 1024


async def hand_out(request: Request, path: Path, file: Attachment) -> None:
    """Answer with the file.

    Raises:
        NotFound: Its bytes are not there any more.
    """
    try:
        content = await asyncio.to_thread(path.open, "rb")
    except FileNotFoundError:
        raise not_here() from None
    try:
        await _send(request, content, file)
    finally:
        content.close()


def not_here() -> NotFound:
    """The one answer for whatever may not be fetched, so that nobody learns what there is."""
    return NotFound("attachment_not_found", "There is no such file here.")


def headers_for(name: str, size: int) -> dict[str, str]:
    """The headers of a download: no browser may show it, guess at it, run it or keep it."""
    return {
        "Content-Length": str(size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


async def _send(request: Request, content: IO[bytes], file: Attachment) -> None:
    headers = headers_for(file.name, os.fstat(content.fileno()).st_size)
    response = await request.respond(content_type=file.content_type, headers=headers)
    while part := await asyncio.to_thread(content.read, _PART_BYTES):
        await response.send(part)
    await response.eof()
