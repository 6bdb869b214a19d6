"""The OpenAPI 3.1 document, made from the registered operations and the structs they use."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from claims.api import schemas
from claims.api.operations import OPERATIONS, Operation

blueprint = Blueprint("openapi")

_PARAMETER = re.compile(r"<(\w+):str>")
_REF = "#/components/schemas/{name}"
_WITH_STAFF = {401: ("staff_session_invalid",), 403: ("not_allowed", "password_change_needed")}
_WITH_QUERY = {422: ("invalid_query",)}
_EVERY_CALL = {401: ("unauthorised",)}
_WITH_CUSTOMER = {401: ("customer_token_invalid", "customer_token_expired")}
_WITH_BODY = {400: ("invalid_json",), 413: ("too_large",), 422: ("invalid_body",), 503: ("busy",)}


@blueprint.get("/v1/openapi.json", name="document")
async def document(request: Request) -> HTTPResponse:
    """Publish the document."""
    return json(openapi())


def openapi() -> dict[str, Any]:
    """Make the document."""
    used: set[Any] = {schemas.Error}
    for operation in OPERATIONS:
        used |= {kind for kind in (operation.body, *operation.answers.values()) if kind is not None}
    _, components = msgspec.json.schema_components(sorted(used, key=lambda kind: str(kind.__name__)), ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Cyber Care claims", "version": "1"},
        "paths": _paths(),
        "components": {
            "schemas": components,
            "securitySchemes": {
                "service": {"type": "http", "scheme": "bearer"},
                "customer": {"type": "apiKey", "in": "header", "name": "X-Customer-Token"},
                "staff": {"type": "apiKey", "in": "header", "name": "X-Staff-Session"},
            },
        },
    }


def published_path(path: str) -> str:
    """Write a Sanic path the way OpenAPI does."""
    return _PARAMETER.sub(r"{\1}", path)


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(published_path(operation.path), {})[operation.method.lower()] = _describe(operation)
    return paths


def _describe(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": {**_answers(operation), **_errors(operation)},
        "security": _security(operation),
    }
    if operation.upload:
        octets = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        described["requestBody"] = {"required": True, "content": octets}
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _json_of(operation.body)}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    places = [(name, "path") for name in _PARAMETER.findall(operation.path)]
    if operation.keyed:
        places.append(("Idempotency-Key", "header"))
    described: list[dict[str, Any]] = [
        {"name": name, "in": place, "required": True, "schema": {"type": "string"}} for name, place in places
    ]
    if operation.upload:
        described.append({"name": "X-File-Name", "in": "header", "required": False, "schema": {"type": "string"}})
    return described + _query(operation)


def _query(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = msgspec.json.schema_components([operation.query], ref_template=_REF)[1][operation.query.__name__]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": described}
        for name, described in schema["properties"].items()
    ]


def _answers(operation: Operation) -> dict[str, Any]:
    return {
        str(status): {"description": "Done"} | _content(operation, kind) for status, kind in operation.answers.items()
    }


def _content(operation: Operation, kind: type[msgspec.Struct] | None) -> dict[str, Any]:
    if operation.content_type != "application/json":
        return {"content": {operation.content_type: {"schema": {"type": "string"}}}}
    return {} if kind is None else {"content": _json_of(kind)}


def _errors(operation: Operation) -> dict[str, Any]:
    codes: dict[int, list[str]] = {}
    sources = [operation.errors]
    sources += [_EVERY_CALL] if operation.service_token else []
    sources += [_WITH_CUSTOMER] if operation.customer else []
    sources += [_WITH_STAFF] if operation.staff is not None else []
    sources += [_WITH_QUERY] if operation.query is not None else []
    sources += [_WITH_BODY] if operation.body is not None else []
    for source in sources:
        for status, names in source.items():
            codes.setdefault(status, []).extend(names)
    return {
        str(status): {"description": "Error codes: " + ", ".join(names), "content": _json_of(schemas.Error)}
        for status, names in sorted(codes.items())
    }


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    if not operation.service_token:
        return []
    nothing: list[str] = []
    also = {"customer": operation.customer, "staff": operation.staff is not None}
    return [{"service": nothing} | {name: nothing for name, needed in also.items() if needed}]


def _json_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(name=kind.__name__)}}}
