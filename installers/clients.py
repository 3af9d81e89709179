"""Writes the clients of the API from the server's own description: `python installers/clients.py`.

Python: `uploader/rest/models.py` (every body and answer as a TypedDict, so that what travels is what programs
hold, and an upload needs no library for it) and `operations.py` (a function for each operation, which makes a
Call). TypeScript: `server/web/src/api/schema.ts`, types alone, for `call` beside it. A test fails when they
are stale.
"""

import json
import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "uploader" / "rest"
TYPESCRIPT = ROOT / "server" / "web" / "src" / "api" / "schema.ts"
WRITTEN = "Written by `python installers/clients.py` from the server's description: change that, not this."

Schema = dict[str, Any]
_SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_JSON = "application/json"


def description() -> Schema:
    """As `/openapi.json` answers it, without the version, which changes with every release."""
    sys.path.insert(0, str(ROOT))
    from server.app import create_app  # noqa: PLC0415 (takes a second, and a path to be found)

    document: Schema = json.loads(json.dumps(create_app().openapi()))
    document["info"]["version"] = "1"
    return document


def models(document: Schema) -> str:
    """The module of types: closed sets first, for the others name them."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    plain = {name: one for name, one in schemas.items() if "properties" not in one}
    lines = [f'"""What travels: bodies and answers, by the names on the wire. {WRITTEN}"""', ""]
    lines += [
        "from __future__ import annotations",
        "",
        "from typing import Any, Literal, NotRequired, TypedDict",
        "",
    ]
    lines += [f"{name} = {_type(one)}" for name, one in plain.items()]
    for name, schema in schemas.items():
        if name not in plain:
            lines += ["", "", *_typed_dict(name, schema)]
    return "\n".join(lines) + "\n"


def _typed_dict(name: str, schema: Schema) -> Iterator[str]:
    required = set(schema.get("required", ()))
    fields = {
        field: _type(one) if field in required else f"NotRequired[{_type(one)}]"
        for field, one in schema["properties"].items()
    }
    if any(keyword.iskeyword(field) or not field.isidentifier() for field in fields):
        inside = ", ".join(f"{json.dumps(field)}: {kind!r}" for field, kind in fields.items())
        yield f"{name} = TypedDict({name!r}, {{{inside}}})"
        return
    yield f"class {name}(TypedDict):"
    if words := schema.get("description"):
        yield from _docstring(words)
    for field, kind in fields.items():
        yield f"    {field}: {kind}"
        if words := schema["properties"][field].get("description"):
            yield from _docstring(words)


def _docstring(words: str) -> list[str]:
    """Escaped, as it stands under what it is about."""
    text = words.strip().replace("\\", "\\\\").replace('"""', "'''").replace("\n", "\n    ")
    end = '\n    """' if "\n" in text else '"""'
    return [line.rstrip() for line in f'    """{text}{end}'.split("\n")]


def _type(schema: Schema, prefix: str = "") -> str:
    """The Python type of what a schema allows; `prefix` goes before names of models."""
    if "$ref" in schema:
        return prefix + str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema or "const" in schema:
        allowed = schema.get("enum", [schema.get("const")])
        return f"Literal[{', '.join(_literal(one) for one in allowed)}]"
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(_type(one, prefix) for one in options))
    kind = schema.get("type")
    if kind == "array":
        return f"list[{_type(schema.get('items', {}), prefix)}]"
    if kind == "object":
        held = schema.get("additionalProperties")
        return f"dict[str, {_type(held, prefix) if isinstance(held, dict) else 'Any'}]"
    return _SIMPLE.get(str(kind), "Any")


def _literal(value: Any) -> str:
    return repr(value) if isinstance(value, bool | int | None) else json.dumps(value, ensure_ascii=False)


def operations(document: Schema) -> str:
    """The module of functions."""
    lines = [
        f'"""What the server does, as functions that make a Call. {WRITTEN}"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Any, Literal",
        "",
        "from uploader.rest import models",
        "from uploader.rest.call import Call, Listing, Reads, at",
    ]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            made = _Operation(document, method, path, operation)
            if made.is_for_programs:
                lines += ["", "", *made.lines()]
    return "\n".join(lines) + "\n"


class _Operation:
    def __init__(self, document: Schema, method: str, path: str, operation: Schema) -> None:
        self._document = document
        self._method = method.upper()
        self._path = path
        self._operation = operation
        self._parameters = [self._whole(one) for one in operation.get("parameters", ())]
        self._body: Schema = operation.get("requestBody", {})

    def typescript(self) -> str:
        """Its parameters, what is sent and what is answered."""
        places = {place: self._of(place) for place in ("path", "query", "header")}
        given = [
            f"{place}{'' if any(one.get('required') for one in listed) else '?'}: {{ {_members(listed)} }}"
            for place, listed in places.items()
            if listed
        ]
        if self._sent:
            kind = "Blob" if self._raw else _ts(self._sent[_JSON]["schema"])
            given.append(f"body{'' if self._body.get('required') else '?'}: {kind}")
        answers = {"NOTHING": "null", "TEXT": "string", "BYTES": "Blob"}
        content = self._success.get("content", {})
        answer = answers.get(self._reads) or _ts(content[_JSON]["schema"])
        return f"{{ {'; '.join([*given, f'answer: {answer}'])} }}"

    @property
    def is_for_programs(self) -> bool:
        """Pages are for people, and forms for sign-ins that have their own steps."""
        answers = self._success.get("content", {})
        return "text/html" not in answers and "application/x-www-form-urlencoded" not in self._sent

    def lines(self) -> Iterator[str]:
        name, taken = _snake(self._operation["operationId"]), list(self._signature())
        yield f"def {name}(" if taken else f"def {name}() -> {self._answer()}:"
        if taken:
            yield from (f"    {one}," for one in taken)
            yield f") -> {self._answer()}:"
        said = [self._operation["summary"] + ".", self._operation.get("description", "")]
        yield from _docstring("\n\n".join(filter(None, said)))
        yield f"    return {self._answer().partition('[')[0]}("
        yield from (f"        {one}," for one in self._arguments())
        yield "    )"

    def _signature(self) -> Iterator[str]:
        yield from (f"{_argument(one)}: {self._kind(one)}" for one in self._of("path"))
        others = [one for one in self._parameters if one["in"] != "path"]
        if self._sent and not self._body.get("required"):
            yield f"body: {self._body_type()} | None = None"
        elif self._sent:
            yield f"body: {self._body_type()}"
        if others or self._raw:
            yield "*"
        if self._raw:
            yield f"content_type: Literal[{', '.join(json.dumps(kind) for kind in self._sent)}]"
        for one in sorted(others, key=lambda one: not one.get("required")):
            kind = self._kind(one)
            optional = "" if one.get("required") else " = None" if "None" in kind else " | None = None"
            yield f"{_argument(one)}: {kind}{optional}"

    def _arguments(self) -> Iterator[str]:
        yield json.dumps(self._method)
        places = ", ".join(f"{one['name']}={_argument(one)}" for one in self._of("path"))
        yield f"at({json.dumps(self._path)}, {places})" if places else json.dumps(self._path)
        if self._reads != "JSON":
            yield f"reads=Reads.{self._reads}"
        if query := self._of("query"):
            yield f"query={_dictionary(query)}"
        headers = _dictionary(self._of("header"))
        if self._raw:
            headers = headers.replace(
                "{", '{"Content-Type": content_type' + (", " if len(headers) > 2 else ""), 1
            )
        if len(headers) > 2:
            yield f"headers={headers}"
        if self._sent:
            yield "content=body" if self._raw else "json=body"
        names = {one["name"] for one in self._of("query")}
        if self._listed and {"page", "cursor"} <= names:
            yield 'beginning={"cursor": ""}'

    def _answer(self) -> str:
        if self._reads != "JSON":
            return {"TEXT": "Call[str]", "BYTES": "Call[bytes]"}.get(self._reads, "Call[None]")
        kind = _type(self._success["content"][_JSON]["schema"], "models.")
        return f"Listing[{kind}, {self._listed}]" if self._listed else f"Call[{kind}]"

    @property
    def _reads(self) -> str:
        kinds = list(self._success.get("content", {}))
        if not kinds:
            return "NOTHING"
        if kinds == [_JSON]:
            return "JSON"
        texts = ("text/", "application/x-subrip", "application/vnd.apple", "application/dash", _JSON)
        return "TEXT" if all(kind.startswith(texts) for kind in kinds) else "BYTES"

    @property
    def _listed(self) -> str:
        """The type of what a list in pages lists."""
        schema = self._success.get("content", {}).get(_JSON, {}).get("schema", {})
        fields = self._whole(schema).get("properties", {})
        return _type(fields["data"]["items"], "models.") if {"data", "pagination"} <= set(fields) else ""

    @property
    def _success(self) -> Schema:
        answers = self._operation["responses"]
        return dict(answers[min(status for status in answers if status.startswith("2"))])

    @property
    def _sent(self) -> Schema:
        return dict(self._body.get("content", {}))

    @property
    def _raw(self) -> bool:
        return bool(self._sent) and list(self._sent) != [_JSON]

    def _body_type(self) -> str:
        return "bytes" if self._raw else _type(self._sent[_JSON]["schema"], "models.")

    def _of(self, place: str) -> list[Schema]:
        return [one for one in self._parameters if one["in"] == place]

    def _kind(self, parameter: Schema) -> str:
        return _type(parameter["schema"], "models.")

    def _whole(self, one: Schema) -> Schema:
        """What a reference within the document leads to."""
        while "$ref" in one:
            found: Schema = self._document
            for part in one["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            one = found
        return one


def _dictionary(parameters: list[Schema]) -> str:
    return "{" + ", ".join(f"{json.dumps(one['name'])}: {_argument(one)}" for one in parameters) + "}"


def _members(parameters: list[Schema]) -> str:
    return "; ".join(
        f"{_key(one['name'])}{'' if one.get('required') else '?'}: {_ts(one['schema'])}" for one in parameters
    )


def _argument(parameter: Schema) -> str:
    name = _snake(parameter["name"].replace("-", "_").lstrip("_"))
    return f"{name}_" if keyword.iskeyword(name) else name


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def typescript(document: Schema) -> str:
    """The types of what travels, and of what each operation takes and answers."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    lines = [f"/** What travels, and what the server does. {WRITTEN} */"]
    for name, schema in schemas.items():
        lines += ["", *_comment(schema.get("description"), "")]
        if "properties" not in schema:
            lines.append(f"export type {name} = {_ts(schema)};")
            continue
        required = set(schema.get("required", ()))
        lines.append(f"export interface {name} {{")
        for field, one in schema["properties"].items():
            lines += _comment(one.get("description"), "  ")
            lines.append(f"  {_key(field)}{'' if field in required else '?'}: {_ts(one)};")
        lines.append("}")
    lines += ["", "/** What each operation takes and answers. */", "export interface Operations {"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            made = _Operation(document, method, path, operation)
            if made.is_for_programs:
                lines += _comment(operation["summary"], "  ")
                lines.append(f"  {json.dumps(f'{method.upper()} {path}')}: {made.typescript()};")
    return "\n".join([*lines, "}", ""])


def _ts(schema: Schema) -> str:
    """The TypeScript type of what a schema allows."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema or "const" in schema:
        return " | ".join(
            json.dumps(one, ensure_ascii=False) for one in schema.get("enum", [schema.get("const")])
        )
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(_ts(one) for one in options))
    kind = schema.get("type")
    if kind == "array":
        held = _ts(schema.get("items", {}))
        return f"({held})[]" if " " in held else f"{held}[]"
    if kind == "object":
        held = schema.get("additionalProperties")
        return f"Record<string, {_ts(held) if isinstance(held, dict) else 'unknown'}>"
    return {"string": "string", "boolean": "boolean", "null": "null"}.get(
        str(kind), "number" if kind in ("integer", "number") else "unknown"
    )


def _key(name: str) -> str:
    return name if name.isidentifier() else json.dumps(name)


def _comment(words: str | None, indent: str) -> list[str]:
    return [f"{indent}/** {' '.join(words.split()).replace('*/', '* /')} */"] if words else []


def written(document: Schema) -> dict[Path, str]:
    """What each file holds."""
    return {
        PYTHON / "models.py": models(document),
        PYTHON / "operations.py": operations(document),
        TYPESCRIPT: typescript(document),
    }


def main() -> None:
    for path, text in written(description()).items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
