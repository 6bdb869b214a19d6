"""Tells another service of a change, signed as https://www.standardwebhooks.com describes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
from standardwebhooks import Webhook

from common.certificates import trusted

_TIMEOUT_SECONDS = 10
_UNKNOWN = "conversation_not_found"


class EventNotTaken(Exception):
    """Nobody took the event; `kind` says why, for logs."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class EventSender:
    """Posts events to one address."""

    def __init__(self, url: str, secret: str, *, patience: float = _TIMEOUT_SECONDS) -> None:
        self._url, self._webhook, self._patience = url, Webhook(secret), patience

    def send(self, event_id: str, event: Mapping[str, Any], now: datetime) -> None:
        """Send one event; the same id again tells the receiver that it is a repeat.

        An answer that the conversation does not exist is as good as done: there is nobody to tell.

        Raises:
            EventNotTaken: The receiver cannot be reached or does not take it; it may later.
        """
        body = msgspec.json.encode({"id": event_id, **event})
        moment = now.astimezone(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": self._webhook.sign(event_id, moment, body.decode()),
        }
        response = self._post(body, headers)
        if not response.is_success and not _nobody_to_tell(response):
            raise EventNotTaken(f"status_{response.status_code}")

    def _post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        try:
            # Proxies of the environment are for the internet, not for the room next door.
            with httpx.Client(timeout=self._patience, trust_env=False, verify=trusted()) as client:
                return client.post(self._url, content=body, headers=headers)
        except httpx.TimeoutException:
            raise EventNotTaken("timeout") from None
        except httpx.HTTPError:
            raise EventNotTaken("unreachable") from None


def _nobody_to_tell(response: httpx.Response) -> bool:
    """Any server answers 404 when the address is wrong; only the right one says that a conversation is unknown."""
    if response.status_code not in (404, 410):
        return False
    try:
        return bool(response.json()["error"]["code"] == _UNKNOWN)
    except (ValueError, KeyError, TypeError):
        return False
