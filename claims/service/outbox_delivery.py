"""Sends what the outbox holds: each message once, in order for each claim, again until it is taken or given up."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import structlog

from claims.adapters.mail import MailRefused, write_mail
from claims.adapters.outbox import MAIL, Message
from claims.service.services import Services

# Longer than the slowest mail server takes: after it, another process believes that we are gone.
LEASE = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
# A service that stood still for days must not give up because the mail server starts a moment after it.
FEWEST_ATTEMPTS = 10


class NobodyListens(Exception):
    """There is an event, but no address to send it to any more."""


def deliver_due(
    services: Services,
    kind: str,
    *,
    chance: Callable[[], float] = random.random,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send everything of one kind that is due.

    Args:
        services: The adapters.
        kind: mail or event.
        chance: Between 0 and 1; spreads the next attempts.
        stopping: Whether to begin no further message.

    Returns:
        How many messages were tried.
    """
    tried = 0
    while not stopping():
        message = _take(services, kind)
        if message is None:
            break
        _deliver(services, message, chance)
        tried += 1
    return tried


def pause(attempts: int, chance: float) -> timedelta:
    """How long to wait after `attempts` failures: doubling, up to half of it less by chance."""
    full = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 16))
    return full * (1 - chance / 2)


def _take(services: Services, kind: str) -> Message | None:
    now = services.now()
    with services.unit() as unit:
        message = unit.outbox.take(kind, now, now + LEASE)
        unit.commit()
    return message


def _deliver(services: Services, message: Message, chance: Callable[[], float]) -> None:
    try:
        _send(services, message)
    except (MailRefused, NobodyListens) as error:
        _give_up(services, message, _reason(error))
    except Exception as error:  # whatever it is, this message waits and the others go on
        _try_later(services, message, _reason(error), chance())
    else:
        with services.unit() as unit:
            unit.outbox.sent(message, services.now())
            unit.commit()
        _log(message).info("outbox.sent")


def _send(services: Services, message: Message) -> None:
    body = message.body
    if message.kind == MAIL:
        services.mailer.send(write_mail(body["to"], body["template"], body["language"], body["values"], message.id))
    elif services.events is None:
        raise NobodyListens
    else:
        services.events.send(message.id, body, services.now())


def _try_later(services: Services, message: Message, reason: str, chance: float) -> None:
    now = services.now()
    if message.attempts >= FEWEST_ATTEMPTS and now - message.created_at >= GIVEN_UP_AFTER:
        _give_up(services, message, reason)
        return
    with services.unit() as unit:
        unit.outbox.retry(message, now + pause(message.attempts, chance), reason)
        unit.commit()
    _log(message).warning("outbox.not_sent", reason=reason, attempts=message.attempts)


def _give_up(services: Services, message: Message, reason: str) -> None:
    with services.unit() as unit:
        unit.outbox.give_up(message, services.now(), reason)
        unit.commit()
    _log(message).error("outbox.given_up", reason=reason, attempts=message.attempts)


def _reason(error: Exception) -> str:
    """What went wrong, without the words of the error: a mail server repeats the address."""
    kind = getattr(error, "kind", type(error).__name__)
    code = getattr(error, "smtp_code", "")
    return f"{kind} {code}".strip()[:100]


def _log(message: Message) -> structlog.stdlib.BoundLogger:
    log: structlog.stdlib.BoundLogger = structlog.get_logger()
    return log.bind(message=message.id, kind=message.kind, key=message.key)
