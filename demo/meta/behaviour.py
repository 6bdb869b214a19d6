"""What tests command: how webhooks go out, which limits hold, and which calls fail how."""

from __future__ import annotations

from typing import Literal

import msgspec

from demo.meta.errors import NAMES

Where = Literal["send", "action", "profile", "media", "upload", "file"]


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the stand-in behaves until told otherwise.

    Attributes:
        hold: Keep webhooks back until `flush`.
        batch: Most events in one call.
        per_entry: Most events in one entry of a call.
        repeat: How often each call is sent once more.
        shuffle: Seed by which held events and calls are mixed; none leaves the order.
        delay: Seconds each call waits before it goes out.
        echoes: Send `message_echoes` of what the app sends.
        receipts: Send deliveries, reads and statuses.
        reverse_receipts: WhatsApp's `delivered` before `sent`.
        signature: `right`, `wrong`, `missing`, or `old` (SHA-1 only).
        answer_seconds: How long the webhook may take.
        retry_seconds: Pause before the first repeat of a failed call, doubled each time.
        retries: How often a failed call is repeated.
        page_per_second: Send API calls of the page.
        number_per_second: Messages of the WhatsApp number.
        pair_burst: Messages to one WhatsApp user at once, then one in six seconds; 0 is no limit.
        late_errors: WhatsApp tells what it could not deliver in a status, not in its answer.
        url_minutes: How long WhatsApp's media addresses hold.
    """

    hold: bool = False
    batch: int = 1
    per_entry: int = 1
    repeat: int = 0
    shuffle: int | None = None
    delay: float = 0.0
    echoes: bool = True
    receipts: bool = True
    reverse_receipts: bool = False
    signature: Literal["right", "wrong", "missing", "old"] = "right"
    answer_seconds: float = 20.0
    retry_seconds: float = 1.0
    retries: int = 60
    page_per_second: int = 300
    number_per_second: int = 80
    pair_burst: int = 45
    late_errors: bool = True
    url_minutes: float = 5.0


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """The next calls of one kind fail.

    Attributes:
        where: `send` (messages), `action` (typing, seen), `profile` (of a person),
            `media` (WhatsApp's look-up), `upload` (of a file for a message), `file` (the bytes).
        how: `error` with `error`, `status` without a readable body, `hang`, `drop` the connection,
            `redirect` to `location` or `spoil` the bytes.
        times: How many calls.
        after: Only after the call has had its effect.
        error: A name from `demo.meta.errors`.
        status: The HTTP status of `status`.
        seconds: How long `hang` takes; then the call goes on.
        location: Where `redirect` leads.
    """

    where: Where
    how: Literal["error", "status", "hang", "drop", "redirect", "spoil"]
    times: int = 1
    after: bool = False
    error: str = "unknown"
    status: int = 500
    seconds: float = 60.0
    location: str = ""

    def __post_init__(self) -> None:
        if self.error not in NAMES:
            raise ValueError(f"error must be one of {', '.join(NAMES)}")


class Faults:
    """The faults in store, first come first served."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let some coming calls fail."""
        self.waiting.append(fault)

    def take(self, where: Where) -> Fault | None:
        """The fault of this call, if it is to fail."""
        fault = next((fault for fault in self.waiting if fault.where == where), None)
        if fault is None:
            return None
        fault.times -= 1
        if fault.times <= 0:
            self.waiting.remove(fault)
        return fault
