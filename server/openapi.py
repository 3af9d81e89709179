"""`/openapi.json` as it really is: 400 instead of FastAPI's 422, one error shape, what a token is for."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from server.identity.access import PERSON
from server.responses import ErrorOut

DESCRIPTION = (
    "Record the screen, share the link while it is still recording. "
    "Sign in with `POST /auth/login` and send the token as `Authorization: Bearer <token>`, "
    "or make a key with `POST /api/v1/keys` and send it as `X-API-Key`. "
    "Every error has the same shape. Files travel by tus 1.0.0 at `/api/v1/uploads`."
)
_ERROR = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}


def install(app: FastAPI) -> None:
    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign] # FastAPI's documented way


def _describe(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title="Heddle", version=app.version, description=DESCRIPTION, routes=app.routes)
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    components["Error"] = ErrorOut.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    for methods in schema["paths"].values():
        for operation in methods.values():
            _correct(operation)
    return schema


def _correct(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    if answers.pop("422", None):
        answers["400"] = {"description": "The request is not valid", **_ERROR}
    if security := operation.get("security"):
        operation["security"] = _who(security)
        answers["401"] = {"description": "No valid token", **_ERROR}
        answers["403"] = {"description": "Not allowed to this key", **_ERROR}
    answers["default"] = {"description": "Any other error", **_ERROR}


def _who(security: list[dict[str, list[str]]]) -> list[dict[str, list[str]]]:
    """What a person may do alone is not offered to keys."""
    for_persons = any(PERSON in scopes for one in security for scopes in one.values())
    return [{"BearerAuth": []}] if for_persons else security
