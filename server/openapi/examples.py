"""Examples of bodies and answers, put together from what fields say of themselves."""

import re
from typing import Any

Schema = dict[str, Any]

_DEEPEST = 20
_ID = "7d9f3c1e-2b4a-4c6d-8e0f-1a2b3c4d5e6f"
_MOMENT, _DAY = "2026-11-21T09:30:00Z", "2026-11-21"
# Of fields whose names say more than their types.
_BY_NAME: dict[str, Any] = {
    "email": "ann@example.org",
    "username": "ann",
    "name": "Design reviews",
    "title": "Weekly review",
    "description": "What changed this week.",
    "slug": "uN7-4fQ2mZ8",
    "duration": 61.4,
    "durationSeconds": 61.4,
    "start": 12.5,
    "end": 15.0,
    "time": 12.5,
    "text": "Open the settings",
    "body": "Nice! @ann, is this the final colour?",
    "tags": ["review"],
    "language": "en",
    "progress": 100.0,
    "page": 0,
    "size": 20,
    "totalPages": 1,
    "totalElements": 1,
    "token": "eyJhbGciOiJFZERTQSJ9…",
    "accessToken": "eyJhbGciOiJFZERTQSJ9…",
    "refreshToken": "eyJhbGciOiJFZERTQSJ9…",
    "mfaToken": "eyJhbGciOiJFZERTQSJ9…",
    "password": "correct horse battery staple",
    "newPassword": "correct horse battery staple",
    "currentPassword": "a long one from before",
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "key": "loom_1f0c9a7e_…",
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "color": "#3f7fbf",
    "fileSizeBytes": 4_821_300,
    "version": 1,
    "width": 1920,
    "height": 1080,
    "query": "{ me { username } }",
    "timeZone": "Europe/Berlin",
    "uri": "otpauth://totp/Heddle:ann@example.org?secret=…",
    "recoveryCodes": ["mfrg-gzdf-mztw-q2lk"],
    "shared": True,
    "allowComments": True,
    # What is usual of it is that there is none.
    "nextCursor": None,
    "error": None,
    "deletedAt": None,
    "parentId": None,
}
_TEXTS = {
    "text/vtt": "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nOpen the settings\n",
    "application/x-subrip": "1\n00:00:01,000 --> 00:00:02,000\nOpen the settings\n",
    "text/plain": "Open the settings\n",
    "text/csv": "date,views,uniqueViewers\r\n2026-11-21,3,2\r\n",
    "text/html": "<!doctype html>…",
    "application/vnd.apple.mpegurl": "#EXTM3U\n#EXT-X-VERSION:9\n…",
    "application/dash+xml": '<?xml version="1.0" encoding="UTF-8"?>\n<MPD>…</MPD>',
}


def add(document: Schema) -> None:
    """To every body and every answer that has none."""
    maker = _Maker(document["components"]["schemas"])
    for methods in document["paths"].values():
        for operation in methods.values():
            for kind, media in operation.get("requestBody", {}).get("content", {}).items():
                maker.give(kind, media, sent=True)
            for answer in operation["responses"].values():
                for kind, media in answer.get("content", {}).items():
                    maker.give(kind, media, sent=False)


# For a text of which nothing is known but a pattern: the first that fits.
_SHOWN = ("…", "en", "AAAA", "0", "")


def is_binary(kind: str) -> bool:
    """Whether an example would be a file."""
    main, _, sub = kind.partition("/")
    return (main in ("video", "audio", "image") or sub in ("zip", "offset+octet-stream")) and "svg" not in sub


class _Maker:
    def __init__(self, schemas: dict[str, Schema]) -> None:
        self._schemas = schemas

    def give(self, kind: str, media: Schema, *, sent: bool) -> None:
        if "example" in media or "examples" in media or is_binary(kind):
            return
        if kind in _TEXTS and media["schema"].get("type") == "string":
            media["example"] = _TEXTS[kind]
        elif "schema" in media:
            media["example"] = self.of(media["schema"], sent=sent)

    def of(self, schema: Schema, name: str = "", *, sent: bool, depth: int = 0) -> Any:
        """`sent`: what a client writes, which is no more than it has to and what the fields propose."""
        if "$ref" in schema:
            target = schema["$ref"].rpartition("/")[2]
            return self.of(self._schemas[target], name, sent=sent, depth=depth + 1)
        if schema.get("examples"):
            return schema["examples"][0]
        for key in ("example", "const"):
            if key in schema:
                return schema[key]
        if "enum" in schema:
            return schema["default"] if "default" in schema else schema["enum"][0]
        if options := schema.get("anyOf") or schema.get("oneOf"):
            return self._of_options(options, name, sent=sent, depth=depth)
        return self._of_type(schema, name, sent=sent, depth=depth)

    def _of_options(self, options: list[Schema], name: str, *, sent: bool, depth: int) -> Any:
        if name in _BY_NAME and _BY_NAME[name] is None and {"type": "null"} in options:
            return None
        chosen = next((one for one in options if one.get("type") != "null"), options[0])
        return self.of(chosen, name, sent=sent, depth=depth)

    def _of_type(self, schema: Schema, name: str, *, sent: bool, depth: int) -> Any:
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            return self._object(schema, sent=sent, depth=depth)
        named = _BY_NAME.get(name)
        if named is not None and _is_of(named, kind) and _fits(named, schema):
            return named
        if kind == "array":
            return self._array(schema, name, sent=sent, depth=depth)
        if kind in ("integer", "number"):
            return _number(schema, kind)
        return False if kind == "boolean" else _text(schema, name) if kind == "string" else None

    def _object(self, schema: Schema, *, sent: bool, depth: int) -> Schema:
        if depth > _DEEPEST:
            return {}
        fields: dict[str, Schema] = schema.get("properties", {})
        wanted = list(fields)
        if sent:
            needed = set(schema.get("required", ()))
            wanted = [name for name in fields if name in needed or fields[name].get("examples")]
            wanted = wanted or list(fields)[:1]
        return {name: self.of(fields[name], name, sent=sent, depth=depth + 1) for name in wanted}

    def _array(self, schema: Schema, name: str, *, sent: bool, depth: int) -> list[Any]:
        if tupled := schema.get("prefixItems"):
            return [self.of(one, name, sent=sent, depth=depth + 1) for one in tupled]
        if depth > _DEEPEST or "items" not in schema:
            return []
        one = self.of(schema["items"], name.removesuffix("s"), sent=sent, depth=depth + 1)
        return [one] * max(1, schema.get("minItems", 1))


def _is_of(value: Any, kind: str | None) -> bool:
    kinds: dict[str | None, tuple[type, ...]] = {
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "array": (list,),
        "boolean": (bool,),
    }
    return isinstance(value, kinds.get(kind, ()))


def _fits(value: Any, schema: Schema) -> bool:
    return not isinstance(value, float | int) or value <= schema.get("maximum", value)


def _number(schema: Schema, kind: str) -> float:
    least = float(schema.get("minimum") or schema.get("exclusiveMinimum") or 0)
    value = min(max(least, 1), schema.get("maximum", max(least, 1)))
    return int(value) if kind == "integer" else float(value)


def _text(schema: Schema, name: str) -> str:
    by_format = {"date-time": _MOMENT, "date": _DAY, "uuid": _ID, "email": "ann@example.org"}
    if (form := schema.get("format")) in by_format:
        return by_format[form]
    if name == "id" or name.endswith("Id"):
        return _ID
    if name.lower().endswith("url"):
        return "https://video.example.org/…"
    if name.endswith("At"):
        return _MOMENT
    shown = next(one for one in _SHOWN if re.search(schema.get("pattern", ""), one))
    return shown.ljust(schema.get("minLength", 1), shown[0])[: schema.get("maxLength", 255)]
