"""Errors in the form of GraphQL: the sentence, and the code of the REST API; nothing of the inside."""

from collections.abc import Iterator, Sequence

from graphql import GraphQLError
from graphql.execution import SubsequentIncrementalExecutionResult
from strawberry.extensions import SchemaExtension
from strawberry.types import StreamExecutionResult

from server.errors import ServerError

_SORRY = "Something went wrong on the server."


def presentable(errors: Sequence[GraphQLError]) -> list[GraphQLError]:
    """What a client may read of them."""
    return [_presentable(error) for error in errors]


def is_expected(error: GraphQLError) -> bool:
    """An answer of ours, or something wrong with the document or its values: nothing failed."""
    cause = error.original_error
    if cause is None or isinstance(cause, ServerError):
        return True
    return error.path is None and isinstance(cause, GraphQLError | ValueError)


def _presentable(error: GraphQLError) -> GraphQLError:
    cause = error.original_error
    if isinstance(cause, ServerError):
        told = {"code": cause.code, "status": cause.status, "details": cause.details}
        return GraphQLError(cause.sentence, error.nodes, path=error.path, extensions=told)
    if not is_expected(error):
        return GraphQLError(_SORRY, error.nodes, path=error.path, extensions={"code": "internal_error"})
    if error.extensions:
        return error
    # A document that cannot be read, does not fit to the schema, or names impossible values.
    return GraphQLError(
        error.message,
        error.nodes,
        error.source,
        error.positions,
        error.path,
        extensions={"code": "invalid_request"},
    )


class Presentable(SchemaExtension):
    """The same for what goes over a WebSocket."""

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        if not isinstance(result, SubsequentIncrementalExecutionResult) and result.errors:
            result.errors = presentable(result.errors)
        yield None
