"""What a customer does besides writing: typing, saying who they are, rating, ending, taking the words along."""

from __future__ import annotations

import secrets

from sanic import HTTPResponse, Request
from sanic.response import empty, text

from bot.log.model import Conversation
from bot.log.reads import messages_after
from bot.parts import Parts, parts_of
from bot.turns.introductions import Identity
from bot.webchat import rules, visits
from bot.webchat.session import check_limit, check_origin, require_session
from bot.webchat.transcript import BRUSSELS, Transcript


async def typing(request: Request) -> HTTPResponse:
    """Show staff that the customer writes; with the assistant nobody looks."""
    parts, conversation = await _customer(request)
    on = rules.read_body(request.body, rules.Typing).typing
    if conversation.mode != "bot" and parts.typing_limit.take(conversation.id) == 0:
        await parts.log.run(visits.note_typing, conversation.id, on, parts.log.clock())
        parts.hub.on_messages()
    return empty()


async def rating(request: Request) -> HTTPResponse:
    """Keep what the customer thinks of the conversation; again overwrites."""
    parts, conversation = await _customer(request)
    check_limit(parts, parts.message_limit, conversation.id, conversation.language)
    given = rules.read_body(request.body, rules.Rating)
    reason = rules.check_reason(given.reason)
    await parts.log.run(visits.rate, conversation.id, given.score, reason, parts.log.clock())
    return empty()


async def end(request: Request) -> HTTPResponse:
    """End the conversation; again changes nothing."""
    parts, conversation = await _customer(request)
    check_limit(parts, parts.message_limit, conversation.id, conversation.language)
    await parts.to_the_end(_end(parts, conversation))
    return empty()


async def transcript(request: Request) -> HTTPResponse:
    """The customer's own conversation as a file of text."""
    parts = parts_of(request)
    conversation = await require_session(request)
    check_limit(parts, parts.message_limit, conversation.id, conversation.language)
    messages, now = await parts.log.run(messages_after, conversation.id, 0), parts.log.clock()
    written = Transcript(parts.sentences, conversation.language).write(messages, now)
    name = f"cyber-care-{now.astimezone(BRUSSELS):%Y-%m-%d}.txt"
    return text(written, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def identify(request: Request) -> HTTPResponse:
    """Take a signed identity token of the host page; the dialogue hears who the customer is."""
    parts, conversation = await _customer(request)
    check_limit(parts, parts.message_limit, conversation.id, conversation.language)
    token = rules.read_body(request.body, rules.Introduction).token
    await parts.to_the_end(_introduce(parts, conversation, await parts.identities.exchange(token)))
    return empty()


async def _customer(request: Request) -> tuple[Parts, Conversation]:
    check_origin(request)
    return parts_of(request), await require_session(request)


async def _end(parts: Parts, conversation: Conversation) -> None:
    if await parts.log.run(visits.end, conversation.id, parts.log.clock(), parts.sentences.say):
        parts.hub.messages(conversation.id)


async def _introduce(parts: Parts, conversation: Conversation, identity: Identity) -> None:
    message_id = f"identify:{secrets.token_hex(8)}"
    parts.introductions.put(conversation.id, message_id, identity)
    await parts.log.run(visits.introduce, conversation.id, message_id, parts.log.clock())
    parts.workers.wake(conversation.id)
