"""A claims backend in memory, a clock, and a customer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from actions.context import Context
from tests.unit.actions.dialogue import Clock, Dialogue, make_context
from tests.unit.actions.fake_backend import FakeBackend


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def context(backend: FakeBackend, clock: Clock) -> AsyncIterator[Context]:
    made = make_context(backend, clock)
    yield made
    await made.claims.close()


@pytest.fixture
def customer(context: Context) -> Dialogue:
    return Dialogue(context)
