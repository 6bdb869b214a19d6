"""What staff do with a conversation, over HTTP: take, answer, note, hand back, close."""

from __future__ import annotations

import secrets

from sanic import HTTPResponse, Request, json
from sanic.response import empty
from sqlalchemy import Connection

from bot.desk import bodies, takeover, work
from bot.desk import sentences as say
from bot.desk.desk import Desk
from bot.desk.guard import needs
from bot.desk.members import ANSWER, SUPERVISE, Member
from bot.desk.state import PRIORITIES, Standing, standing
from bot.desk.tables import desk_presence
from bot.desk.turns import MAIL, PHONE
from bot.desk.views import standing_json
from bot.log.model import Says
from bot.parts import parts_of
from bot.webchat.rules import read_body
from bot.webchat.wire import accepted_json
from common.errors import NotFound


@needs(ANSWER)
async def take(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Take a conversation; 409 `already_taken` with the owner's name if somebody was faster."""
    epoch = read_body(request.body or b"{}", bodies.Take).epoch
    wanted = (conversation, member, epoch, desk.now(), desk.say)
    return _shown(desk, await desk.act(member, "conversation_taken", _subject(conversation), takeover.take, *wanted))


@needs(ANSWER)
async def release(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Hand a conversation back to the assistant, or to the queue."""
    body = read_body(request.body or b"{}", bodies.ReleaseBody)
    to = bodies.check_choice(body.to, ("bot", "queue"), "invalid_target")
    note = bodies.check_text(body.note, bodies.LONGEST_NOTE) if body.note.strip() else ""
    how = takeover.Release(to, note, bodies.check_facts(body.facts), body.ask_again)
    done = await desk.act(
        member, "conversation_released", _subject(conversation), _release, conversation, member, how, desk
    )
    parts_of(request).workers.wake(conversation)
    return _shown(desk, done)


@needs(SUPERVISE)
async def assign(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Give a conversation to a member of staff, whoever has it."""
    username = read_body(request.body, bodies.Assign).username
    to = await desk.read(_colleague, username)
    wanted = (conversation, to, member, desk.now(), desk.say)
    done = await desk.act(member, "conversation_assigned", _subject(conversation), takeover.assign, *wanted)
    return _shown(desk, done)


@needs(ANSWER)
async def close(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Close a conversation; the customer is told."""
    done = await desk.act(member, "conversation_closed", _subject(conversation), _close, conversation, member, desk)
    return _shown(desk, done)


@needs(ANSWER)
async def say_something(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Answer the customer, once per client_id."""
    said = bodies.check_message(read_body(request.body, bodies.StaffMessage))
    wanted = (conversation, member, said.client_id, Says(said.text), desk.now(), desk.windows, said.attachments)
    accepted = await desk.act(member, "conversation_answered", _subject(conversation), work.answer, *wanted)
    return json(accepted_json(accepted), status=200 if accepted.repeated else 201)


@needs(ANSWER)
async def request_documents(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Ask the customer for documents, with a card to upload them."""
    body = read_body(request.body, bodies.DocumentRequest)
    client_id = bodies.check_client_id(body.client_id or secrets.token_urlsafe(12))
    documents = bodies.check_documents(body.documents)
    text = bodies.check_text(body.text) if body.text.strip() else ""
    wanted = (conversation, member, client_id, documents, text, desk.now(), desk.say, desk.windows)
    asked = await desk.act(member, "documents_requested", _subject(conversation), work.request_documents, *wanted)
    return json(accepted_json(asked), status=200 if asked.repeated else 201)


@needs(ANSWER)
async def add_note(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Add a note that customers never see."""
    text = bodies.check_text(read_body(request.body, bodies.NoteBody).text, bodies.LONGEST_NOTE)
    wanted = (conversation, member, text, desk.now())
    number = await desk.act(member, "note_added", _subject(conversation), work.add_note, *wanted)
    return json({"id": number}, status=201)


@needs(ANSWER)
async def set_tags(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Replace the tags."""
    tags = bodies.check_tags(read_body(request.body, bodies.Tags).tags)
    await desk.act(member, "tags_set", _subject(conversation), work.set_tags, conversation, tags, desk.now())
    return json({"tags": tags})


@needs(ANSWER)
async def keep_draft(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Keep what was begun to be written."""
    text = read_body(request.body, bodies.Draft).text
    await desk.change(work.keep_draft, conversation, member, text.replace("\x00", ""), desk.now())
    return empty()


@needs(ANSWER)
async def typing(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Show the customer that somebody writes, or no longer."""
    on = read_body(request.body, bodies.Typing).typing
    await desk.change(_typing, conversation, member, on, desk)
    return empty()


@needs(ANSWER)
async def mark_seen(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Staff have read up to here."""
    seq = read_body(request.body, bodies.Seen).seq
    await desk.change(work.mark_seen, conversation, seq, desk.now())
    return empty()


@needs(ANSWER)
async def set_priority(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Make a conversation more or less urgent."""
    body = read_body(request.body, bodies.PriorityBody)
    priority = bodies.check_choice(body.priority, PRIORITIES, "invalid_priority")
    wanted = (conversation, member, priority, desk.now())
    await desk.act(member, "priority_set", _subject(conversation), work.set_priority, *wanted)
    return json({"priority": priority})


@needs(ANSWER)
async def callback(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Note whom to call or write to, or that it is done."""
    body = read_body(request.body, bodies.Callback)
    if body.done is not None:
        done = (conversation, member, body.done, desk.now())
        await desk.act(member, "callback_done", _subject(conversation), work.callback_done, *done)
        return empty()
    kind = bodies.check_choice(body.kind, (PHONE, MAIL), "invalid_kind")
    contact = bodies.check_text(body.contact, 500)
    wanted = (conversation, member, kind, contact, body.due_at, desk.now())
    await desk.act(member, "callback_noted", _subject(conversation), work.note_callback, *wanted)
    return empty()


@needs(ANSWER)
async def give_feedback(request: Request, desk: Desk, member: Member, row: int) -> HTTPResponse:
    """Say what a customer's message meant."""
    intent = bodies.check_choice(read_body(request.body, bodies.Feedback).intent, desk.intents, "unknown_intent")
    wanted = (row, member, intent, desk.now())
    await desk.act(member, "feedback_given", f"message:{row}", work.give_feedback, *wanted)
    return json({"intent": intent})


def _release(connection: Connection, conversation: str, member: Member, how: takeover.Release, desk: Desk) -> Standing:
    takeover.own(connection, conversation, member)
    if how.note:
        work.add_note(connection, conversation, member, how.note, desk.now())
    return takeover.release(connection, conversation, member, how, desk.now(), desk.say)


def _close(connection: Connection, conversation: str, member: Member, desk: Desk) -> Standing:
    before = standing(connection, conversation, lock=True)
    if before.mode == "human":
        before = takeover.own(connection, conversation, member)
    takeover.close(connection, before, desk.now(), desk.say, say.CLOSED, member)
    return standing(connection, conversation)


def _typing(connection: Connection, conversation: str, member: Member, on: bool, desk: Desk) -> None:
    takeover.own(connection, conversation, member)
    work.show_typing(connection, conversation, member, on, desk.now())


def _colleague(connection: Connection, username: str) -> Member:
    row = connection.execute(desk_presence.select().where(desk_presence.c.username == username)).one_or_none()
    if row is None:
        raise NotFound("unknown_colleague", "Nobody of that name was at the desk yet.")
    return Member(row.username, row.name, row.role, frozenset())


def _subject(conversation: str) -> str:
    return f"conversation:{conversation}"


def _shown(desk: Desk, found: Standing) -> HTTPResponse:
    return json({"conversation": standing_json(found, desk.levels, desk.now())})
