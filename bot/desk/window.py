"""Until when the customer of a conversation can be written to: the messengers' rules, with what is set up here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.meta.window import Window, reply_window


@dataclass(frozen=True)
class _Reached:
    channel: str
    last_inbound_at: datetime | None


@dataclass(frozen=True)
class Windows:
    """The windows of all conversations.

    Attributes:
        template: WhatsApp has an approved template that asks a customer to answer.
    """

    template: bool = False

    def of(self, channel: str, last_inbound: datetime | None, now: datetime) -> Window:
        """The window of a conversation.

        Args:
            channel: web, messenger or whatsapp.
            last_inbound: When the customer wrote last.
            now: When it is asked.
        """
        return reply_window(_Reached(channel, last_inbound), now, template=self.template)
