"""What became of a part: gone, put off, failed; and how far everything came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, update

from bot.log.changes import note_change
from bot.log.tables import conversations
from bot.meta.job import DELIVERED, FAILED, HELD, OPEN, READ, SENDING, SENT, TEMPLATE_PART, WAITING, Job
from bot.meta.tables import deliveries, threads


def gone(connection: Connection, job: Job, platform_id: str | None) -> int | None:
    """The platform took it; a sign of it may have come before. Returns the seq if it is what a person wrote."""
    still = and_(deliveries.c.id == job.row, deliveries.c.state == SENDING)
    connection.execute(update(deliveries).where(still).values(state=SENT, platform_id=platform_id, error=None))
    whose = select(deliveries.c.seq).where(deliveries.c.id == job.row, deliveries.c.author == "staff")
    return connection.execute(whose).scalar_one_or_none()


def tell(connection: Connection, conversation: str, seq: int, state: str, now: datetime) -> None:
    """Tell the desk how far a message came. Whatever else the transaction changes comes before: a counter is held."""
    note_change(connection, "delivery", conversation, now, {"seq": seq, "state": state})


def put_off(connection: Connection, job: Job, error: str, at: datetime, *, unsure: bool) -> None:
    """It is tried again; what perhaps went out stays in doubt until a sign comes or `at` is over."""
    still = and_(deliveries.c.id == job.row, deliveries.c.state == SENDING)
    state = SENDING if unsure else WAITING
    connection.execute(update(deliveries).where(still).values(state=state, error=error, next_at=at))


def untried(connection: Connection, job: Job, error: str, at: datetime) -> None:
    """Nobody looked at it, because of us or the whole account: that does not count as a try."""
    still = and_(deliveries.c.id == job.row, deliveries.c.state == SENDING)
    values = {"state": WAITING, "error": error, "next_at": at, "attempts": job.attempt - 1}
    connection.execute(update(deliveries).where(still).values(values))


def fail(connection: Connection, row: int, error: str, now: datetime) -> None:
    """It never arrives; staff see why."""
    not_there = deliveries.c.state.in_((*OPEN, SENT, HELD))
    statement = (
        update(deliveries)
        .where(deliveries.c.id == row, not_there)
        .values(state=FAILED, error=error, failed_at=now)
        .returning(deliveries.c.conversation, deliveries.c.seq)
    )
    failed = connection.execute(statement).one_or_none()
    if failed is not None:
        tell(connection, failed.conversation, failed.seq, FAILED, now)


def let_go(connection: Connection, conversation: str, now: datetime) -> None:
    """The customer wrote: what was held may go."""
    held = and_(deliveries.c.conversation == conversation, deliveries.c.state == HELD)
    connection.execute(update(deliveries).where(held).values(state=WAITING, next_at=now))


def note_elsewhere(
    connection: Connection, conversation: str, seq: int, key: str, platform_id: str, now: datetime
) -> None:
    """A message of ours that somebody else sent: there is nothing to deliver."""
    values = {"conversation": conversation, "seq": seq, "part": 0, "author": "staff", "key": key, "state": SENT}
    connection.execute(insert(deliveries).values(values | {"next_at": now, "at": now, "platform_id": platform_id}))


def unfinished(connection: Connection) -> list[str]:
    """Conversations in which something is to be made or sent."""
    new = select(threads.c.conversation).join(conversations, conversations.c.id == threads.c.conversation)
    new = new.where(conversations.c.next_seq - 1 > threads.c.rendered_seq)
    waiting = select(deliveries.c.conversation).where(deliveries.c.state.in_(OPEN))
    return list(connection.execute(new.union(waiting)).scalars())


def delivery_states(connection: Connection, conversation: str, since: int = 0) -> dict[int, tuple[str, str | None]]:
    """How far each message came, by seq: the state of the part that came least far, and why one failed.

    What is held has an error if the template that asks the customer to write failed.

    Args:
        connection: The transaction.
        conversation: Its id.
        since: The first seq that matters.
    """
    columns = (deliveries.c.seq, deliveries.c.part, deliveries.c.state, deliveries.c.error)
    parts = select(*columns).where(deliveries.c.conversation == conversation, deliveries.c.seq >= since)
    order = (FAILED, HELD, WAITING, SENDING, SENT, DELIVERED, READ)
    found: dict[int, tuple[str, str | None]] = {}
    unasked: dict[int, str | None] = {}
    for row in connection.execute(parts):
        error = row.error if row.state == FAILED else None
        known = found.get(row.seq)
        if row.part == TEMPLATE_PART:
            unasked[row.seq] = error
        elif known is None or order.index(row.state) < order.index(known[0]):
            found[row.seq] = (row.state, error)
    # Nobody asked the customer to write, so what waits for that needs a reason too.
    return found | {seq: (HELD, unasked[seq]) for seq, (state, _) in found.items() if state == HELD and seq in unasked}
