"""Which files a customer of each channel can get, and as what: the messengers' own limits of kind and size."""

from __future__ import annotations

from typing import Any

_MEGABYTE = 1024 * 1024
# https://developers.facebook.com/docs/messenger-platform/send-messages/saving-assets: everything up to 25 MB.
_MESSENGER = 25 * _MEGABYTE
_MESSENGER_PICTURES = ("image/jpeg", "image/png", "image/gif")
# https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media: these kinds and no others.
_WHATSAPP_PICTURES = {"image/jpeg": 5 * _MEGABYTE, "image/png": 5 * _MEGABYTE}
PICTURES = tuple(_WHATSAPP_PICTURES)
_WHATSAPP_DOCUMENTS = {"application/pdf": 100 * _MEGABYTE, "text/plain": 100 * _MEGABYTE}
_EVERYTHING = 2**62


def most_of(channel: str, content_type: str) -> int:
    """How large a file of this kind may be for a customer of this channel; 0 if the channel does not take the kind."""
    if channel == "messenger":
        return _MESSENGER
    if channel == "whatsapp":
        return (_WHATSAPP_PICTURES | _WHATSAPP_DOCUMENTS).get(content_type, 0)
    return _EVERYTHING


def file_body(channel: str, file: dict[str, Any], caption: str) -> dict[str, Any]:
    """The message that carries a file; `file` in it says which, and stays here.

    Args:
        channel: messenger or whatsapp.
        file: As the log's message has it: id, name and type.
        caption: What stands below it where there is room.
    """
    kept = {name: file[name] for name in ("id", "name", "type")}
    if channel == "messenger":
        kind = "image" if file["type"] in _MESSENGER_PICTURES else "file"
        return {"message": {"attachment": {"type": kind, "payload": {}}}, "file": kept}
    kind = "image" if file["type"] in PICTURES else "document"
    about = {"filename": file["name"]} if kind == "document" else {}
    return {"type": kind, kind: about | ({"caption": caption} if caption else {}), "file": kept}
