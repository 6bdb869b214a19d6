"""One step of a conversation: take the oldest waiting message, get its answer, store it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum

import structlog

from bot.desk.turns import DeskTurns
from bot.hub import Hub
from bot.log.model import Handover, Outcome, Turn
from bot.log.store import Log
from bot.log.work import begin_turn, finish_turn, postpone_turn
from bot.metrics import Metrics
from bot.sentences import FAILED, FILES_RECEIVED, TOO_LONG, UNAVAILABLE, Sentences
from bot.turns.engine import EngineClient, EngineFailed, EngineRefused, EngineUnavailable
from bot.turns.introductions import INTRODUCE, Introductions

LONGEST_TEXT = 4_000


class Step(Enum):
    """How a step ended."""

    IDLE = "nothing waits"
    DONE = "a message was answered"
    LATER = "the engine is not there"


@dataclass
class Stepper:
    """Takes steps; knows everything a turn needs."""

    log: Log
    engine: EngineClient
    hub: Hub
    sentences: Sentences
    metrics: Metrics
    desk: DeskTurns
    error_answers: int = 40
    introductions: Introductions = field(default_factory=Introductions)
    timer: Callable[[], float] = time.monotonic
    logger: structlog.stdlib.BoundLogger = field(default_factory=structlog.get_logger)

    async def step(self, conversation: str, attempt: int) -> Step:
        """Answer the oldest waiting message of `conversation`.

        Args:
            conversation: Its id.
            attempt: How many times the engine already failed to answer this message.
        """
        turn = await self.log.run(begin_turn, conversation)
        if turn is None:
            return Step.IDLE
        try:
            # During an outage the customer was told to wait; a bubble at every try would say otherwise.
            self.hub.typing(conversation, attempt == 0)
            return await self._answer(turn, attempt)
        finally:
            self.hub.typing(conversation, False)

    async def _answer(self, turn: Turn, attempt: int) -> Step:
        if self.desk.concerns(turn) and await self._answered_by_desk(turn):
            return Step.DONE
        if turn.payload == INTRODUCE and self.introductions.of(turn) is None:
            # Lost with an earlier process: there is nobody to greet.
            await self.log.run(finish_turn, turn, Outcome(()), self.log.clock())
            return Step.DONE
        try:
            outcome = await self._ask(turn)
        except EngineRefused as error:
            self._count_failure(turn, error.kind)
            outcome = self._give_up(turn)
        except EngineUnavailable as error:
            self._count_failure(turn, error.kind)
            if not (isinstance(error, EngineFailed) and attempt + 1 >= self.error_answers):
                await self._postpone(turn)
                return Step.LATER
            outcome = self._give_up(turn)
        await self._finish(turn, outcome)
        return Step.DONE

    async def _answered_by_desk(self, turn: Turn) -> bool:
        delivered = await self.log.run(self.desk.answer, turn, self.log.clock())
        if delivered is None:
            return False
        self._count_out(turn, delivered)
        self.hub.messages(turn.conversation)
        return True

    async def _ask(self, turn: Turn) -> Outcome:
        if len(turn.text) > LONGEST_TEXT:
            return Outcome((self.sentences.say(TOO_LONG, turn.language),))
        started = self.timer()
        outcome = await self.engine.ask(turn, self.introductions.of(turn))
        self.metrics.turn_seconds.observe(self.timer() - started)
        if outcome.says:
            return self._thanked(turn, outcome)
        # Silence is the one answer nobody can act on.
        sorry = self.sentences.say(FAILED, outcome.language or turn.language)
        return replace(outcome, says=(sorry,))

    def _thanked(self, turn: Turn, outcome: Outcome) -> Outcome:
        """The engine answers the words; that the files beside them arrived is said here."""
        if not turn.files:
            return outcome
        thanks = self.sentences.say(FILES_RECEIVED, outcome.language or turn.language)
        later = (replace(each, after=None if each.after is None else each.after + 1) for each in outcome.handovers)
        return replace(outcome, says=(thanks, *outcome.says), handovers=tuple(later))

    def _give_up(self, turn: Turn) -> Outcome:
        wanted = (Handover("failed_action", "high"),)
        return Outcome((self.sentences.say(FAILED, turn.language),), handovers=wanted, failed=True)

    async def _postpone(self, turn: Turn) -> None:
        apology = self.sentences.say(UNAVAILABLE, turn.language)
        if await self.log.run(postpone_turn, turn, apology, self.log.clock()):
            self._count_out(turn, 1)
            self.hub.messages(turn.conversation)

    async def _finish(self, turn: Turn, outcome: Outcome) -> None:
        delivered = await self.log.run(finish_turn, turn, outcome, self.log.clock(), self.desk.add)
        self.introductions.forget(turn)
        self._count_out(turn, delivered)
        if not delivered:
            self.metrics.drafts.inc(len(outcome.says))
        self.metrics.handovers.inc(len(outcome.handovers))
        self.logger.info(
            "turn.failed" if outcome.failed else "turn.done",
            conversation=turn.conversation,
            turn=turn.row,
            answers=len(outcome.says),
            delivered=delivered,
        )
        self.hub.messages(turn.conversation)

    def _count_out(self, turn: Turn, count: int) -> None:
        self.metrics.messages.labels("out", turn.conversation.partition(":")[0]).inc(count)

    def _count_failure(self, turn: Turn, kind: str) -> None:
        self.metrics.engine_failures.labels(kind).inc()
        self.logger.warning("engine.no_answer", conversation=turn.conversation, turn=turn.row, kind=kind)
