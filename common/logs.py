"""Structured logs on standard output: one JSON object a line, without personal data."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from common.masking import mask

# Keys whose values are made by us and never hold what a person typed.
_SAFE = {"event", "level", "timestamp", "service", "conversation", "turn", "code", "path", "claim", "draft"}


def _mask_values(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if key not in _SAFE and isinstance(value, str):
            event[key] = mask(value)
    return event


class _MaskingFormatter(logging.Formatter):
    """Masks what was said and what went wrong, but not the time it was said at."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = mask(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        return mask(super().formatException(ei))


def configure(service: str) -> structlog.stdlib.BoundLogger:
    """Set up logging for the process and return its logger, bound to the service's name."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_MaskingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            _mask_values,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
    )
    return structlog.get_logger(service=service)  # type: ignore[no-any-return]
