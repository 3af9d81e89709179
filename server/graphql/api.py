"""`/graphql`: operations by POST, subscriptions over graphql-transport-ws, and a page to try both."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIWebSocketRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import HTTPConnection
from strawberry.exceptions import ConnectionRejectionError, MissingQueryError
from strawberry.fastapi import GraphQLRouter
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.graphql import OperationType

from server import document
from server.errors import InvalidRequest, ServerError
from server.graphql.context import Context
from server.graphql.errors import presentable
from server.graphql.schema import schema
from server.scope import Scope, User, perhaps_user, whose

router = APIRouter(tags=["GraphQL"])

# As that of other pages, and the fonts that GraphiQL carries in its styles.
_PAGE_POLICY = document.policy(embeddable=False).replace("font-src 'self'", "font-src 'self' data:")
_LONGEST = 50_000
_MOST_SUBSCRIPTIONS = 20


class GraphQLRequest(BaseModel):
    model_config = ConfigDict(extra="ignore")

    query: str = Field(max_length=_LONGEST, examples=["{ me { username } }"])
    variables: dict[str, Any] | None = None
    operationName: str | None = Field(default=None, max_length=200)  # noqa: N815 (the name on the wire)


class GraphQLAnswer(BaseModel):
    data: dict[str, Any] | None = Field(examples=[{"me": {"username": "ann"}}])
    errors: list[dict[str, Any]] | None = Field(default=None, examples=[None])
    extensions: dict[str, Any] | None = Field(default=None, examples=[{"cost": 1}])


@router.post(
    "/graphql",
    operation_id="graphql",
    summary="A GraphQL query or mutation",
    response_model=GraphQLAnswer,
)
async def graphql(
    body: GraphQLRequest, request: Request, user: Annotated[User | None, Depends(perhaps_user)]
) -> JSONResponse:
    """Answers 200 with `data` and `errors`, which have the codes of this API in `extensions.code`."""
    try:
        result = await schema.execute(
            body.query,
            variable_values=body.variables,
            operation_name=body.operationName,
            context_value=Context(connection=request, user=user),
            allowed_operation_types=(OperationType.QUERY, OperationType.MUTATION),
        )
    except (CannotGetOperationTypeError, MissingQueryError) as problem:
        raise InvalidRequest("There is no such operation in the document.") from problem
    except InvalidOperationTypeError as problem:
        raise InvalidRequest("Subscriptions go over a WebSocket, by graphql-transport-ws.") from problem
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [error.formatted for error in presentable(result.errors)]
    if result.extensions:
        answer["extensions"] = result.extensions
    return JSONResponse(answer)


@router.get("/graphql", include_in_schema=False)
async def graphiql(request: Request) -> HTMLResponse:
    """The page to try it on, for browsers; programs send operations by POST."""
    if "text/html" not in request.headers.get("accept", ""):
        raise ServerError(
            "Operations are sent by POST; a browser finds a page to try them on here.",
            status=405,
            code="method_not_allowed",
            headers={"Allow": "POST"},
        )
    headers = {"Content-Security-Policy": _PAGE_POLICY, "Cache-Control": "no-cache"}
    return HTMLResponse(document.page(document.plain_head("GraphQL · Heddle")), headers=headers)


async def _of_socket(connection: HTTPConnection) -> Context:
    return Context(connection=connection)


class _Socket(GraphQLRouter[Context, None]):
    """Only its WebSocket is used: the token comes in `connection_init`, never in the address."""

    async def on_ws_connect(self, context: Context) -> dict[str, object]:
        token = _token(context.connection_params or {})
        context.user = await whose(context.connection, token, Scope.RECORDINGS_READ)
        if context.user is None:
            raise ConnectionRejectionError
        context.token = token
        return {}


def _token(params: Mapping[str, object]) -> str:
    """`{"Authorization": "Bearer ..."}` as many clients send it, or `{"token": "..."}`."""
    given = params.get("authorization") or params.get("Authorization") or params.get("token")
    return given.removeprefix("Bearer ").strip() if isinstance(given, str) else ""


_sockets = _Socket(
    schema,
    path="/graphql",
    context_getter=_of_socket,
    graphql_ide=None,
    subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
    max_subscriptions_per_connection=_MOST_SUBSCRIPTIONS,
    # A token is needed anyway, and no cookie is used: pages of other sites gain nothing by connecting.
    allowed_origins=["*"],
    include_in_schema=False,
)
router.routes += [route for route in _sockets.routes if isinstance(route, APIWebSocketRoute)]
