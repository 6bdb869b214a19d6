"""The tracker store: Rasa's SQL store with an index, and without the wrapper that hides its failures.

Rasa wraps every store so that a failing read returns an empty conversation and a failing write goes to memory;
the customer would get an answer that forgets everything. Here a failure fails the turn, which is then repeated.
"""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sqlalchemy import text


class IndexedSQLTrackerStore(SQLTrackerStore):
    """SQLTrackerStore with an index for its one query; configured as `tracker_store: type:` in endpoints.yml."""

    def __init__(self, domain: Domain | None = None, host: str | None = None, **kwargs: Any) -> None:
        super().__init__(domain=domain, host=host, **kwargs)
        with self.engine.connect() as connection:
            connection.execute(
                text(
                    "CREATE INDEX IF NOT EXISTS events_of_session ON events (sender_id, type_name, timestamp)"
                ).execution_options(autocommit=True)
            )
        self._saved: dict[str, DialogueStateTracker] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the tracker, and keep it for `take_saved`."""
        await super().save(tracker)
        self._saved[tracker.sender_id] = tracker

    def take_saved(self, conversation: str) -> DialogueStateTracker | None:
        """The tracker as it was stored last, once: to read it back from the database costs more than the turn."""
        return self._saved.pop(conversation, None)


def unwrap(store: TrackerStore) -> IndexedSQLTrackerStore:
    """Return our store from Rasa's fail-safe wrapper.

    Raises:
        RasaException: Rasa fell back to another store, which it does with a mere warning.
    """
    inner = getattr(store, "_tracker_store", store)
    if not isinstance(inner, IndexedSQLTrackerStore):
        raise RasaException(f"the tracker store is {type(inner).__name__}: check `tracker_store` in endpoints.yml")
    return inner
