"""A message of the business, read and found sound, whichever platform it is for."""

from __future__ import annotations

from dataclasses import dataclass, field

from demo.meta.model import Button


@dataclass(frozen=True)
class Upload:
    """A file as it came."""

    name: str
    type: str
    body: bytes


@dataclass(frozen=True)
class Outgoing:
    """What the business wants to say or do.

    Attributes:
        to: The person's id.
        action: `typing_on`, `typing_off` or `mark_seen` in place of a message.
        reply_window: Seconds after the person's last message until which this may be sent; None is always.
        data: What comes back in the echo or in the status, if the app gave any.
        template: The message in the form in which Messenger's echo repeats it.
        shortened: What the platform cuts off without telling.
        file: What comes with the message; Messenger takes it with the call.
        media: The id of what was uploaded before; WhatsApp wants it so.
        kind: What it is to be shown as: image, document, ...
    """

    to: str
    text: str = ""
    action: str = ""
    buttons: list[Button] = field(default_factory=list)
    list_label: str = ""
    link: str = ""
    reply_window: float | None = None
    data: str = ""
    persona: str = ""
    template: dict[str, object] | None = None
    read_id: str = ""
    shortened: tuple[str, ...] = ()
    file: Upload | None = None
    media: str = ""
    kind: str = ""
