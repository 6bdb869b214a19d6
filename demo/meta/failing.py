"""Lets a call fail as a test commanded."""

from __future__ import annotations

import asyncio

from sanic import HTTPResponse, Request

from demo.meta.behaviour import Fault
from demo.meta.errors import named


async def fail(request: Request, fault: Fault | None, *, after: bool) -> HTTPResponse | None:
    """Do what a fault commands, if its moment is now.

    Returns:
        The answer, when the call ends here.

    Raises:
        GraphError: The fault is one of Meta's errors.
    """
    if fault is None or fault.after != after:
        return None
    if fault.how == "error":
        raise named(fault.error)
    if fault.how == "status":
        return HTTPResponse("<html>Sorry, something went wrong.</html>", fault.status, content_type="text/html")
    if fault.how == "drop":
        cut_off(request)
        return HTTPResponse(status=500)
    if fault.how == "hang":
        await asyncio.sleep(fault.seconds)
    return None


def cut_off(request: Request) -> None:
    """Close the connection without an answer."""
    transport = request.transport
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
