"""Which sentences the desk says to customers, and what each is filled in with."""

from __future__ import annotations

QUEUE = "desk_queue"
NOBODY = "desk_nobody"
OUTSIDE_HOURS = "desk_outside_hours"
DISTRESS = "desk_distress"
FAILED = "desk_failed"
NOTED = "desk_noted"
LEFT = "desk_left"
LONG_WAIT = "desk_long_wait"
JOINED = "desk_joined"
PASSED_ON = "desk_passed_on"
BACK_IN_QUEUE = "desk_back_in_queue"
ASSISTANT_BACK = "desk_assistant_back"
CLOSED = "desk_closed"
SILENT_CLOSED = "desk_silent_closed"
ASK_PHONE = "desk_ask_phone"
ASK_MAIL = "desk_ask_mail"
CONTACT_NOTED = "desk_contact_noted"
DOCUMENTS = "desk_documents"

GAPS: dict[str, tuple[str, ...]] = {
    QUEUE: ("place", "minutes"),
    NOBODY: (),
    OUTSIDE_HOURS: ("opens",),
    DISTRESS: (),
    FAILED: (),
    NOTED: (),
    LEFT: (),
    LONG_WAIT: (),
    JOINED: ("name",),
    PASSED_ON: ("name",),
    BACK_IN_QUEUE: (),
    ASSISTANT_BACK: (),
    CLOSED: (),
    SILENT_CLOSED: (),
    ASK_PHONE: (),
    ASK_MAIL: (),
    CONTACT_NOTED: (),
    DOCUMENTS: (),
}

# Buttons whose press the bot answers itself: the engine knows nothing of the queue.
LEAVE, CALL_ME, MAIL_ME = "/desk_leave", "/desk_phone", "/desk_mail"
CHOICES = (LEAVE, CALL_ME, MAIL_ME)
