"""`/openapi.json`: what the routes say of themselves, completed to all that a program has to know.

FastAPI knows paths, parameters and bodies. What it cannot know is added here: which refusals an operation can
give and with which codes, what their headers are, who may ask, what a text answer is, examples, and webhooks.
"""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from server import late
from server.openapi import answers, callbacks, examples, headers, names, parameters, security
from server.openapi.words import DESCRIPTION, TAGS
from server.responses import ErrorOut

Schema = dict[str, Any]


def install(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """`routers` are those of the app: their routes know what FastAPI's description leaves out."""

    def described() -> Schema:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app, routers)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign] # FastAPI's documented way


def describe(app: FastAPI, routers: Sequence[APIRouter]) -> Schema:
    document = get_openapi(
        title="Heddle",
        version=app.version,
        description=DESCRIPTION,
        routes=[*late.described(app.routes)],
        tags=TAGS,
    )
    document["servers"] = [{"url": "/", "description": "This server."}]
    components = document.setdefault("components", {})
    components["schemas"]["Error"] = ErrorOut.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["headers"] = headers.COMPONENTS
    components["parameters"] = parameters.COMPONENTS
    security.describe(components)
    open_to_all = security.open_to_all(routers)
    refusals = answers.Refusals()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            security.complete(operation, anybody=(method.upper(), path) in open_to_all)
            parameters.complete(method, path, operation)
            answers.complete(method, path, operation, refusals)
    components["responses"] = refusals.components
    document["webhooks"] = callbacks.described(components["schemas"])
    names.shorten(document)
    examples.add(document)
    return document
