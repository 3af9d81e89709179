"""Answers in SCIM's shape, refusals too (RFC 7644 section 3.12). Needs the extra."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import ValidationError
from scim2_models import BaseModel, Context, Error, ResponseParameters, SCIMException

from server.errors import ServerError

MEDIA_TYPE = "application/scim+json"
# By our own codes; others have no word in SCIM.
_TYPES = {"account_exists": "uniqueness", "group_exists": "uniqueness", "invalid_request": "invalidValue"}


class ScimRoute(APIRoute):
    """Whatever is refused, also before the route is asked: who does not sign in, who asks too often."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except ServerError as refused:
                error = Error(
                    status=refused.status, scim_type=_TYPES.get(refused.code), detail=refused.sentence
                )
                return refusal(error, refused.headers)
            except SCIMException as refused:
                return refusal(refused.to_error())
            except (ValidationError, RequestValidationError) as refused:
                return refusal(Error.from_validation_errors(refused.errors())[0])

        return answered


def refusal(error: Error, headers: Mapping[str, str] | None = None) -> Response:
    body = error.model_dump_json(scim_ctx=Context.DEFAULT)
    return Response(body, error.status or 400, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def answer(
    found: BaseModel,
    context: Context,
    *,
    wanted: "ResponseParameters[Any] | None" = None,  # for any is no class that could be made
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = found.model_dump_json(scim_ctx=context, response_parameters=wanted)
    return Response(body, status, media_type=MEDIA_TYPE, headers=dict(headers or {}))
