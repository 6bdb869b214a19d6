"""Meta's errors as its documentation lists them: code, sub-code, HTTP status and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class GraphError(Exception):
    """An answer other than success.

    Attributes:
        status: HTTP status.
        code: What kind of error, over all platforms.
        message: Meta's sentence; it may change and is no interface.
        subcode: What exactly, where the code alone does not say.
        details: WhatsApp's explanation, which goes into `error_data`.
    """

    status: int
    code: int
    message: str
    subcode: int | None = None
    details: str | None = None

    def body(self, trace: str) -> dict[str, Any]:
        """The error as JSON."""
        error: dict[str, Any] = {"message": self.message, "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error | {"fbtrace_id": trace}}


_NAMED: dict[str, tuple[int, int, str, int | None]] = {
    "token_invalid": (401, 190, "Error validating access token: the session is invalid.", 460),
    "permission": (403, 200, "(#200) Requires pages_messaging permission to manage the object.", None),
    "restricted": (403, 10, "(#10) This Page is temporarily restricted.", 1893063),
    "outside_window": (400, 10, "(#10) This message is sent outside of allowed window.", 2018278),
    "another_app": (400, 10, "(#10) Another app is controlling this thread now.", 2018300),
    "unreachable": (400, 551, "(#551) This person isn't available right now.", 1545041),
    "no_such_user": (400, 100, "(#100) No matching user found.", 2018001),
    "rate_page": (400, 613, "(#613) Calls to this API have exceeded the rate limit.", None),
    "rate_app": (400, 4, "(#4) Application request limit reached.", 2018022),
    "rate_page_calls": (400, 32, "(#32) Page request limit reached.", None),
    "temporary": (400, 1200, "(#1200) Temporary send message failure. Please try again later.", 2018024),
    "unknown": (500, 1, "An unknown error has occurred.", None),
    "service": (503, 2, "Service temporarily unavailable.", None),
    "rate_number": (429, 130429, "(#130429) Rate limit hit", None),
    "rate_pair": (400, 131056, "(#131056) (Business Account, Consumer Account) pair rate limit hit", None),
    "reengagement": (400, 131047, "(#131047) Re-engagement message", None),
    "undeliverable": (400, 131026, "(#131026) Message undeliverable", None),
    "template_missing": (404, 132001, "(#132001) Template name does not exist in the translation", None),
    "media_missing": (400, 100, "Unsupported get request. The object does not exist or cannot be loaded.", 33),
}
NAMES = tuple(_NAMED)


def named(name: str, details: str | None = None) -> GraphError:
    """The error of that name; those of WhatsApp always have details."""
    status, code, message, subcode = _NAMED[name]
    return GraphError(status, code, message, subcode, details or (message if code > 130_000 else None))


def wrong_parameter(message: str) -> GraphError:
    """What Messenger says of a body it does not take."""
    return GraphError(400, 100, f"(#100) {message}")


def wrong_value(details: str) -> GraphError:
    """What WhatsApp says of a body it does not take."""
    return GraphError(400, 131009, "(#131009) Parameter value is not valid", details=details)
