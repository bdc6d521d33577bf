"""JSON from outside, read once and strictly: what is not named is refused, with the field that is wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import Invalid


class Body(BaseModel):
    """A JSON body as a whitelist."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model], raw: bytes) -> Model:
    """Return the body as its model; refuse with `invalid` and the field."""
    try:
        return model.model_validate_json(_storable(raw))
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or "body"
        raise Invalid("invalid", field=field, reason=first["msg"]) from None


def _storable(raw: bytes) -> bytes:
    """Put a visible sign where a text holds half a character or a NUL.

    Why: a phone may cut a text in the middle of an emoji, and PostgreSQL takes no NUL; no text is refused for that.
    """
    if b"\\u" not in raw:
        return raw
    try:
        return json.dumps(_clean(json.loads(raw)), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return raw


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    return value


class Answer(BaseModel):
    """What every answer carries beside its own words."""

    server_id: str
    epoch: str
    server_time: str


@dataclass(frozen=True)
class Operation:
    """One door of the API, as the OpenAPI document tells it."""

    method: str
    path: str
    summary: str
    answers: Mapping[int, type[Answer] | None]
    takes: type[Body] | None = None
    refusals: tuple[int, ...] = ()
    opens_with: str = "phone"
    takes_bytes: tuple[str, ...] = ()
    gives: str = "application/json"
