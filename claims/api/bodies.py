"""Reads bodies, headers and queries, and writes answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import raw

from claims.domain.errors import OtherPolicy
from claims.domain.policies import policy_reference
from claims.service.idempotency import KeyedRequest, keyed_request
from common.errors import BadRequest, Unprocessable

T = TypeVar("T")

_WHERE = re.compile(r"at (?:`key` in )?`(\$[^`]*)`$")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def read_body(content: bytes, kind: type[T]) -> T:
    """Read a JSON body.

    Raises:
        BadRequest: It is no JSON.
        Unprocessable: It is not what this call takes. The answer says where, never what was sent.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        where = _WHERE.search(str(error))
        message = "The body is not as this call expects it."
        raise Unprocessable("invalid_body", message, field=where[1] if where else "$") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest("invalid_json", "The body is no JSON.") from None


def read_query(arguments: Mapping[str, list[str]], kind: type[T]) -> T:
    """Read the parameters of a query.

    Raises:
        Unprocessable: One is missing, given twice, unknown, or not what this call takes.
    """
    if any(len(values) != 1 for values in arguments.values()):
        raise Unprocessable("invalid_query", "A parameter is given more than once.")
    try:
        return msgspec.convert({name: values[0] for name, values in arguments.items()}, type=kind, strict=False)
    except msgspec.ValidationError as error:
        where = _WHERE.search(str(error))
        message = "The query is not as this call expects it."
        raise Unprocessable("invalid_query", message, field=where[1] if where else "$") from None


def answer(content: msgspec.Struct, status: int = 200) -> HTTPResponse:
    """Answer with a struct as JSON."""
    return raw(msgspec.json.encode(content), status=status, content_type="application/json")


def own_policy(given: str, customer: str) -> str:
    """Read a policy reference that must be the customer's own.

    Raises:
        InvalidPolicyReference: It does not look like one.
        OtherPolicy: It is another one, whether that exists or not.
    """
    reference = policy_reference(given)
    if reference != customer:
        raise OtherPolicy
    return reference


def idempotency(request: Request, operation: str) -> KeyedRequest:
    """Read the Idempotency-Key of a request.

    Raises:
        Unprocessable: There is none, or it is not 1 to 200 printable characters.
    """
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise Unprocessable("idempotency_key_missing", "This call needs an Idempotency-Key of 1 to 200 characters.")
    return keyed_request(key, operation, request.body)
