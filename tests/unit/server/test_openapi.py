"""The description of the API leaves nothing out: every operation, every answer, every word."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from server.app import create_app
from server.idempotency import takes_key
from server.openapi.examples import is_binary
from server.openapi.operations import CONDITIONAL, LIMITED, RANGED, REVALIDATED, TAGGED, TEXTS, TUS
from server.openapi.refusals import REFUSALS
from server.webhooks.events import NAMES

Operation = dict[str, Any]
# Where specification 06 §1.1 says it: what a recording, a request to start one and a page of them have.
SPECIFIED: dict[str, dict[str, Any]] = {
    "Recording": {
        "required": {"id", "status", "recordingType", "createdAt"},
        "types": {"id": "string", "title": "string", "duration": "number", "createdAt": "string"},
        "enums": {
            "status": ["preparing", "recording", "processing", "completed", "failed"],
            "recordingType": ["screen", "webcam", "screen_webcam"],
        },
    },
    "StartRecordingRequest": {
        "required": {"recordingType"},
        "types": {"title": "string", "settings": "object"},
        "enums": {"recordingType": ["screen", "webcam", "screen_webcam"]},
    },
    "Pagination": {
        "required": set(),
        "types": dict.fromkeys(("page", "size", "totalPages", "totalElements"), "integer"),
        "enums": {},
    },
}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def whole(document: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    while "$ref" in one:
        found: Any = document
        for part in one["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        one = found
    return one


# A page for people, and what supervisors read: both say the same whether or not it is well.
OF_ANOTHER_SHAPE = {"devicePage", "ready"}


def missing_of(document: dict[str, Any], method: str, path: str, operation: Operation) -> Iterator[str]:
    """What the description of an operation lacks, in words."""
    schemes = document["components"]["securitySchemes"]
    parameters = [whole(document, one) for one in operation.get("parameters", ())]
    answers = {status: whole(document, one) for status, one in operation["responses"].items()}
    asked: list[dict[str, Any]] = operation.get("security", [])
    refusals = [one for status, one in answers.items() if status[0] in "45"]
    signed_in = any("BearerAuth" in one for one in asked)
    keyed = method == "POST" and takes_key(method, path) and signed_in
    wanted = {
        "a summary": bool(operation.get("summary")),
        "an operationId in camelCase": bool(re.fullmatch(r"[a-z][A-Za-z]*", operation["operationId"])),
        "a tag": bool(operation.get("tags")),
        "who may ask": bool(operation["security"])
        and all(set(one) <= set(schemes) for one in operation["security"]),
        "words for each parameter": all(one.get("description") for one in parameters),
        "a success": any(status[0] == "2" for status in answers),
        "all failures of the server, and no others": "5XX" in answers and "default" not in answers,
        "X-Request-Id": all("X-Request-Id" in one["headers"] for one in answers.values()),
        "401, 403 and 429": not signed_in or {"401", "403", "429"} <= set(answers),
        "404 for what its path names": "{" not in path or "404" in answers,
        "400 and 413 for its body": "requestBody" not in operation or {"400", "413"} <= set(answers),
        "Retry-After": "429" not in answers or "Retry-After" in answers["429"]["headers"],
        "409 and 422 of Idempotency-Key": not keyed or {"409", "422"} <= set(answers),
        "Idempotency-Key": not keyed or "Idempotency-Key" in {one["name"] for one in parameters},
        "the one shape of errors": method == "HEAD"
        or operation["operationId"] in OF_ANOTHER_SHAPE
        or all(map(_is_error, refusals)),
    }
    yield from (what for what, there in wanted.items() if not there)


def _is_error(answer: dict[str, Any]) -> bool:
    [(kind, media)] = answer["content"].items()
    shape = media["schema"] == {"$ref": "#/components/schemas/Error"}
    return kind == "application/json" and shape and bool(media["examples"])


def test_every_operation_is_described_to_its_last_answer(document: dict[str, Any]) -> None:
    missing = [
        f"{method} {path} lacks {what}"
        for method, path, operation in operations(document)
        for what in missing_of(document, method, path, operation)
    ]
    assert missing == []


def media(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every body and every answer, with the operation it is of (or its own name where many share it)."""
    for name, answer in document["components"]["responses"].items():
        yield from ((name, kind, one) for kind, one in answer["content"].items())
    sections = [*document["paths"].values(), *document["webhooks"].values()]
    for operation in (one for methods in sections for one in methods.values()):
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [one.get("content", {}) for one in operation["responses"].values()]
        for content in contents:
            yield from ((operation["operationId"], kind, one) for kind, one in content.items())


def test_every_body_and_answer_has_an_example_that_is_right(document: dict[str, Any]) -> None:
    wrong, shown = [], 0
    registry = jsonschema_rs.Registry([("urn:api", {"components": document["components"]})])
    for name, kind, one in media(document):
        examples = [each["value"] for each in one.get("examples", {}).values()]
        examples += [one["example"]] if "example" in one else []
        if not examples and not is_binary(kind):
            wrong.append(f"{name}: no example of {kind}")
        schema = json.loads(json.dumps(one["schema"]).replace('"#/', '"urn:api#/'))
        validator = jsonschema_rs.Draft202012Validator(schema, registry=registry)
        for example in examples:
            shown += 1
            wrong += [f"{name}: {one.instance_path}: {one.message}" for one in validator.iter_errors(example)]
    assert wrong == []
    assert shown > 300, "the search for examples has gone blind"


def test_every_event_is_described_as_a_webhook(document: dict[str, Any]) -> None:
    assert list(document["webhooks"]) == list(NAMES)
    for name, methods in document["webhooks"].items():
        operation = methods["post"]
        assert operation["requestBody"]["content"]["application/json"]["example"]["event"] == name
        assert {"X-Loom-Event", "X-Loom-Signature", "X-Loom-Delivery"} <= {
            one["name"] for one in operation["parameters"]
        }


def test_what_is_entered_by_hand_is_of_operations_that_exist(document: dict[str, Any]) -> None:
    known = {operation["operationId"] for _, _, operation in operations(document)}
    entered = {*CONDITIONAL, *REVALIDATED, *TAGGED, *RANGED, *TUS, *LIMITED, *TEXTS, *REFUSALS}
    assert entered - known == set()


def test_schemas_have_names_that_programs_can_use(document: dict[str, Any]) -> None:
    names = list(document["components"]["schemas"])
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)] == []
    references = set(re.findall(r"#/components/schemas/([^'\"]+)", str(document)))
    assert references <= set(names)


@pytest.mark.parametrize("name", SPECIFIED)
def test_what_the_specification_describes_is_there(document: dict[str, Any], name: str) -> None:
    schema, wanted = document["components"]["schemas"][name], SPECIFIED[name]
    assert wanted["required"] <= set(schema.get("required", ()))
    for field, kind in wanted["types"].items():
        options = schema["properties"][field].get("anyOf", [schema["properties"][field]])
        assert kind in [one.get("type") for one in options], field
    for field, values in wanted["enums"].items():
        assert whole(document, schema["properties"][field])["enum"] == values


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert create_app().openapi() == document, "the description depends on what was described before"
