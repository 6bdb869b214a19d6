"""The one renderer: a message of the log -> the parts Messenger or WhatsApp takes, within their limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.files.model import GIVEN
from bot.log.model import Message
from bot.meta.filing import PICTURES, file_body
from bot.meta.split import length, shorten, split
from bot.meta.wording import Offer, Words, button_offers, numbered_lines, plain_text, row_offers
from content.formats import labelled

# Messenger: less than 2000; 13 quick replies; a template has 3 buttons and 640 characters.
MESSENGER_TEXT, QUICK_REPLIES, TEMPLATE_TEXT, TEMPLATE_BUTTONS = 1_990, 13, 640, 3
# WhatsApp: 4096, or 1024 above buttons and lists; 3 buttons; 10 rows of 24 and 72 characters.
WHATSAPP_TEXT, INTERACTIVE_TEXT, REPLY_BUTTONS, LIST_ROWS, ROW_TITLE, ROW_NOTE = 4_000, 1_024, 3, 10, 24, 72
TITLE = 20

Body = dict[str, Any]


@dataclass(frozen=True)
class Rendering:
    """What is sent of one message.

    Attributes:
        bodies: The platform's messages, in order, without the recipient.
        numbered: The choices a customer makes by writing 1, 2, 3...
    """

    bodies: list[Body]
    numbered: list[dict[str, str]]


def render(message: Message, channel: str, words: Words, *, last: bool) -> Rendering:
    """Render a message.

    Args:
        message: What the log has.
        channel: messenger or whatsapp.
        words: Of the customer's language.
        last: Nothing follows at once. Messenger's quick replies vanish with the next message.
    """
    files = list(_files(message, channel, words))
    made = _messenger(message, words, last and not files) if channel == "messenger" else _whatsapp(message, words)
    return Rendering([*made.bodies, *files], made.numbered)


def key_of(seq: int, place: int) -> str:
    """What a button sends: where the choice stands in the log. So no payload is too long, and none can be made up."""
    return f"c:{seq}:{place}"


def _files(message: Message, channel: str, words: Words) -> Iterator[Body]:
    """A body for each file of staff. Without words before it, what stands below it says who it is from."""
    who = "" if message.text.strip() else message.staff_name or ""
    for file in message.attachments:
        if file["state"] == GIVEN:
            name = file["name"] if file["type"] in PICTURES else ""
            both = labelled(who, name, words.language) if who and name else who or name
            yield file_body(channel, file, both)


def _messenger(message: Message, words: Words, last: bool) -> Rendering:
    offers, rows = button_offers(message.buttons), row_offers(message.buttons, message.card)
    said = plain_text(message, words, bold="")
    short = all(length(offer.title) <= TITLE for offer in offers)
    if offers and short and last and len(offers) <= QUICK_REPLIES:
        replies = [_quick_reply(message.seq, offer, offer.title) for offer in offers]
        return Rendering(_with_replies(said, words, replies), _numbered(rows))
    if offers and short and not last and len(offers) <= TEMPLATE_BUTTONS:
        return Rendering(_with_template(said, words, message.seq, offers), _numbered(rows))
    if not offers:
        return Rendering([_text(part) for part in split(said, MESSENGER_TEXT)], _numbered(rows))
    said = _with_numbers(said, offers, words, len(rows))
    if last and len(offers) <= QUICK_REPLIES:
        replies = [_quick_reply(message.seq, offer, str(n)) for n, offer in enumerate(offers, len(rows) + 1)]
        return Rendering(_with_replies(said, words, replies), _numbered(rows + offers))
    return Rendering([_text(part) for part in split(said, MESSENGER_TEXT)], _numbered(rows + offers))


def _with_replies(said: str, words: Words, replies: list[Body]) -> list[Body]:
    parts = split(said or words.choose, MESSENGER_TEXT)
    bodies = [_text(part) for part in parts]
    bodies[-1]["message"]["quick_replies"] = replies
    return bodies


def _with_template(said: str, words: Words, seq: int, offers: list[Offer]) -> list[Body]:
    *before, at_last = _ending(said or words.choose, MESSENGER_TEXT, TEMPLATE_TEXT)
    buttons = [{"type": "postback", "title": each.title, "payload": key_of(seq, each.place)} for each in offers]
    template = {"template_type": "button", "text": at_last, "buttons": buttons}
    attachment = {"message": {"attachment": {"type": "template", "payload": template}}}
    return [*(_text(part) for part in before), attachment]


def _text(said: str) -> Body:
    return {"message": {"text": said}}


def _quick_reply(seq: int, offer: Offer, title: str) -> Body:
    return {"content_type": "text", "title": title, "payload": key_of(seq, offer.place)}


def _whatsapp(message: Message, words: Words) -> Rendering:
    offers, rows = button_offers(message.buttons), row_offers(message.buttons, message.card)
    said = plain_text(message, words, bold="*")
    titles = [offer.title for offer in offers]
    different = len(set(titles)) == len(titles)
    if offers and len(offers) <= REPLY_BUTTONS and different and all(length(title) <= TITLE for title in titles):
        return Rendering(_interactive(said, words, _reply_buttons(message.seq, offers)), _numbered(rows))
    if offers and len(offers) <= LIST_ROWS and all(length(title) <= ROW_NOTE for title in titles):
        return Rendering(_interactive(said, words, _list(message.seq, offers, words)), _numbered(rows))
    if offers:
        said = _with_numbers(said, offers, words, len(rows))
    bodies = [{"type": "text", "text": {"body": part}} for part in split(said, WHATSAPP_TEXT)]
    return Rendering(bodies, _numbered(rows + offers))


def _interactive(said: str, words: Words, interactive: Body) -> list[Body]:
    *before, at_last = _ending(said or words.choose, WHATSAPP_TEXT, INTERACTIVE_TEXT)
    texts = [{"type": "text", "text": {"body": part}} for part in before]
    return [*texts, {"type": "interactive", "interactive": interactive | {"body": {"text": at_last}}}]


def _reply_buttons(seq: int, offers: list[Offer]) -> Body:
    replies = [{"id": key_of(seq, offer.place), "title": offer.title} for offer in offers]
    return {"type": "button", "action": {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}}


def _list(seq: int, offers: list[Offer], words: Words) -> Body:
    rows = []
    for offer in offers:
        row = {"id": key_of(seq, offer.place), "title": shorten(offer.title, ROW_TITLE)}
        if row["title"] != offer.title:
            row["description"] = offer.title
        rows.append(row)
    return {"type": "list", "action": {"button": words.choose, "sections": [{"rows": rows}]}}


def _with_numbers(said: str, offers: list[Offer], words: Words, before: int) -> str:
    return f"{said}\n\n{numbered_lines(offers, words, before + 1)}".strip()


def _numbered(offers: list[Offer]) -> list[dict[str, str]]:
    return [offer.numbered() for offer in offers]


def _ending(said: str, longest: int, at_last: int) -> list[str]:
    """Parts of which the last is short enough to carry buttons."""
    *before, end = split(said, longest)
    return [*before, *split(end, at_last)]
