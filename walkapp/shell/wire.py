"""The OpenAPI document, built from the wire models of all floors: what is refused and what is told cannot differ."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from walkapp.kernel.wire import Answer, Operation
from walkapp.observations.wire import OPERATIONS as OBSERVATIONS
from walkapp.walks.wire import OPERATIONS as WALKS

OPERATIONS: tuple[Operation, ...] = (*WALKS, *OBSERVATIONS)
TEMPLATE = "#/components/schemas/{model}"
MEANINGS = {
    200: "as it was, or the older one came late", 201: "stored", 202: "held in the late tray", 304: "not changed",
    401: "register, or bad_code", 403: "revoked, or paused", 404: "no_walk", 408: "the body stopped coming",
    409: "conflict, or id_taken", 410: "walk_over", 411: "a body needs a length", 413: "too large",
    415: "none of the formats that are taken", 422: "understood and not acceptable; `field` says where",
    426: "the app is too old", 429: "too often; see Retry-After", 503: "not now; see Retry-After",
    507: "the disk is full; see Retry-After",
}  # fmt: skip


class Problem(Answer):
    """A refusal (RFC 9457). `code` is stable; `detail` is a sentence in the reader's language."""

    type: str
    title: str
    status: int
    code: str
    detail: str


def document(base_url: str, version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "walkapp",
            "version": version,
            "summary": "What phones say and are told on a safety walk, version 1",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": base_url}],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "phone": {"type": "http", "scheme": "bearer", "description": "`<participant uuid>.<token>`"},
                "join": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`Join <code>`: the code printed beside the walk's QR",
                },
            },
        },
    }


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one)
    return paths


def _operation(one: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{one.method}{re.sub(r'[{}]', '', one.path)}").strip("_"),
        "summary": one.summary,
        "security": [{one.opens_with: []}],
        "parameters": [_parameter(name) for name in re.findall(r"{(\w+)}", one.path)] + _headers(one),
        "responses": {str(status): _answer(one, status) for status in one.answers}
        | {str(status): _refusal(status) for status in one.refusals},
    }
    if one.takes is not None:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(one.takes)}}}
    if one.takes_bytes:
        told["requestBody"] = {"required": True, "content": {kind: {} for kind in one.takes_bytes}}
    return told


def _parameter(name: str) -> dict[str, Any]:
    schema = (
        {"type": "string", "pattern": "^[0-9a-f]{64}$"} if name == "sha256" else {"type": "string", "format": "uuid"}
    )
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _headers(one: Operation) -> list[dict[str, Any]]:
    said = {"Walkapp-Client": "`1.<build>`"}
    if one.method == "put":
        said |= {"Sent-At": "the phone's clock", "Proof": "what the house gave when it took this item before"}
    return [
        {"name": name, "in": "header", "schema": {"type": "string"}, "description": words}
        for name, words in said.items()
    ]


def _answer(one: Operation, status: int) -> dict[str, Any]:
    model = one.answers[status]
    told: dict[str, Any] = {"description": MEANINGS[status]}
    if model is not None:
        told["content"] = {one.gives: {"schema": _ref(model)}}
    elif one.gives != "application/json":
        told["content"] = {one.gives: {}}
    return told


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": MEANINGS[status],
        "content": {"application/problem+json": {"schema": _ref(Problem)}},
    }


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": TEMPLATE.format(model=model.__name__)}


def _schemas() -> dict[str, Any]:
    taken: set[type[BaseModel]] = {one.takes for one in OPERATIONS if one.takes}
    told: set[type[BaseModel]] = {model for one in OPERATIONS for model in one.answers.values() if model}
    told.add(Problem)
    read: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in taken]
    written: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "serialization") for model in told]
    models = sorted(read + written, key=lambda pair: pair[0].__name__)
    _, schemas = models_json_schema(models, ref_template=TEMPLATE)
    found: dict[str, Any] = schemas["$defs"]
    return found
