"""Files over HTTP: given before the message they go with, taken back while unsent, and those of staff fetched."""

from __future__ import annotations

from urllib.parse import unquote

from sanic import HTTPResponse, Request, json
from sanic.response import empty

from bot.files import handing
from bot.files.model import GIVEN, Attachment, FileRefused, NoRoom
from bot.files.rows import find_attachment
from bot.log.model import Conversation
from bot.parts import Parts, parts_of
from bot.sentences import FILE_REFUSED
from bot.webchat import rules
from bot.webchat.limits import address_key
from bot.webchat.session import check_limit, check_origin, require_session
from common.errors import ApiError, NotFound, Unavailable, Unprocessable
from common.file_names import clean_name
from common.uploads import TooLarge, parts_of_body

# Several customers may sit behind one address.
_OF_ADDRESS = 3


async def give(request: Request) -> HTTPResponse:
    """Take a file; the same client_id again is answered with the same file."""
    parts = parts_of(request)
    check_origin(request)
    conversation = await require_session(request)
    client_id = rules.check_client_id(request.args.get("client_id") or "")
    _check_limits(request, parts, conversation)
    name = clean_name(unquote(request.headers.get("x-file-name", "")))
    try:
        file = await _receive(request, parts, conversation, client_id, name)
    except FileRefused as refused:
        raise _refusal(parts, refused.code, conversation, name) from None
    except TooLarge as error:
        text = _words(parts, error.code, conversation, name)
        raise TooLarge(error.code, error.message, **error.details, text=text) from None
    return json(file.shown(), status=201)


async def take_back(request: Request, file_id: str) -> HTTPResponse:
    """Delete a file that is not sent yet."""
    parts = parts_of(request)
    check_origin(request)
    conversation = await require_session(request)
    if not await parts.to_the_end(parts.files.take_back(conversation.id, file_id)):
        raise NotFound("attachment_not_found", "There is no such file here that is not sent yet.")
    return empty()


async def fetch(request: Request, file_id: str) -> None:
    """Hand out a file that staff sent in this conversation; of every other file nobody learns that it is there."""
    parts = parts_of(request)
    check_origin(request)
    conversation = await require_session(request)
    check_limit(parts, parts.message_limit, f"fetch {conversation.id}", conversation.language)
    file = await parts.log.run(find_attachment, conversation.id, file_id)
    if file is None or file.state != GIVEN or file.seq is None:
        raise handing.not_here()
    await handing.hand_out(request, parts.files.folder.path(file.id), file)


async def _receive(request: Request, parts: Parts, conversation: Conversation, client_id: str, name: str) -> Attachment:
    body = parts_of_body(request, parts.settings.file_max_bytes)
    try:
        return await parts.files.receive(conversation.id, client_id, name, body)
    except NoRoom:
        raise Unavailable("files_full", "No files can be taken now; try again later.") from None


def _check_limits(request: Request, parts: Parts, conversation: Conversation) -> None:
    check_limit(parts, parts.file_limit, conversation.id, conversation.language)
    check_limit(parts, parts.file_limit, address_key(request.client_ip), conversation.language, _OF_ADDRESS)


def _refusal(parts: Parts, code: str, conversation: Conversation, name: str) -> ApiError:
    text = _words(parts, code, conversation, name)
    return Unprocessable(code, "The file is empty, or not of a kind that is taken.", text=text)


def _words(parts: Parts, code: str, conversation: Conversation, name: str) -> str:
    return parts.sentences.say(FILE_REFUSED[code], conversation.language, name=name).text
