"""Files of staff over HTTP: given before the message they go with, taken back while they are not sent, and opened."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

from sanic import HTTPResponse, Request, json
from sanic.response import empty
from sqlalchemy import Connection

from bot.desk.audit import audit, audit_view
from bot.desk.bodies import check_client_id
from bot.desk.desk import Desk
from bot.desk.guard import needs
from bot.desk.members import ANSWER, READ, Member
from bot.desk.state import standing
from bot.desk.takeover import DeskError, own
from bot.desk.work import own_open
from bot.files import handing, rows
from bot.files.model import GIVEN, Attachment, FileRefused, NoRoom
from bot.files.store import Door
from bot.meta.filing import most_of
from bot.parts import Parts, parts_of
from common.errors import TooMany, Unavailable, Unprocessable
from common.file_names import clean_name
from common.file_types import FileType
from common.uploads import TooLarge, parts_of_body

# Staff answer many customers.
_OF_STAFF = 3


@needs(ANSWER)
async def give(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Take a file for the customer; the same client_id again is answered with the same file."""
    parts = parts_of(request)
    client_id = check_client_id(request.args.get("client_id") or "")
    name = clean_name(unquote(request.headers.get("x-file-name", "")) or request.args.get("name") or "")
    channel = (await desk.read(own_open, conversation, member, desk.now(), desk.windows)).channel
    seconds = parts.file_limit.take(f"staff {member.username}", _OF_STAFF)
    if seconds:
        raise TooMany("rate_limited", "Too many files; wait and try again.", retry_after=seconds)
    channel_id = f"staff:{member.username}:{client_id}"
    try:
        file = await _receive(request, parts, conversation, channel_id, name, _door(desk, member, channel))
    except FileRefused as refused:
        raise _refusal(refused) from None
    except NoRoom:
        raise Unavailable("files_full", "No files can be taken now; try again later.") from None
    return json(file.shown(), status=201)


@needs(ANSWER)
async def take_back(request: Request, desk: Desk, member: Member, conversation: str, file_id: str) -> HTTPResponse:
    """Delete a file that is not sent yet."""
    parts = parts_of(request)
    await desk.act(member, "file_taken_back", _subject(file_id), _take_back, conversation, member, file_id)
    await asyncio.to_thread(parts.files.folder.remove, file_id)
    return empty()


@needs(READ)
async def read(request: Request, desk: Desk, member: Member, conversation: str, file_id: str) -> None:
    """A file of staff; that it was opened stands in the audit trail."""
    file = await desk.read(_opened, desk, member, conversation, file_id)
    if file is None:
        raise handing.not_here()
    await handing.hand_out(request, parts_of(request).files.folder.path(file.id), file)


async def _receive(
    request: Request, parts: Parts, conversation: str, channel_id: str, name: str, door: Door
) -> Attachment:
    body = parts_of_body(request, parts.settings.file_max_bytes)
    return await parts.to_the_end(parts.files.receive(conversation, channel_id, name, body, door))


def _door(desk: Desk, member: Member, channel: str) -> Door:
    """Files of this member for a customer of that channel."""

    def check(kind: FileType, size: int) -> None:
        most = most_of(channel, kind.value)
        if size > most:
            raise FileRefused("too_large" if most else "file_not_for_channel", most)

    def record(connection: Connection, file: Attachment) -> Attachment:
        # Who has the conversation may have changed while the file came.
        own(connection, file.conversation, member)
        added = rows.add_attachment(connection, file)
        audit(connection, desk.settings.desk_secret, member, "file_given", _subject(file.id), desk.now())
        return added

    return Door(GIVEN, check, record)


def _refusal(refused: FileRefused) -> Unprocessable | TooLarge:
    if refused.code == "too_large":
        return TooLarge("too_large", "The file is too large.", **({"limit": refused.most} if refused.most else {}))
    return Unprocessable(refused.code, "The file is empty, or not of a kind that this customer can get.")


def _take_back(connection: Connection, conversation: str, member: Member, file_id: str) -> None:
    own(connection, conversation, member)
    if not rows.take_back(connection, conversation, file_id, staff=True):
        raise DeskError("attachment_not_found")


def _opened(connection: Connection, desk: Desk, member: Member, conversation: str, file_id: str) -> Attachment | None:
    standing(connection, conversation)
    file = rows.find_attachment(connection, conversation, file_id)
    if file is None or file.state != GIVEN:
        return None
    audit_view(connection, desk.settings.desk_secret, member, "file_read", _subject(file_id), desk.now())
    return file


def _subject(file_id: str) -> str:
    return f"file:{file_id}"
