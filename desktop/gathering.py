"""What engine, uploader and server can say to a person, gathered from their source.

They speak English on their wires and in what they keep; `desktop/sentences.py` says it in the user's
language. `python -m desktop.gathering` prints what there is to translate, as `python -m desktop.i18n` does
for the app's own words: it is saved as `desktop/resources/messages/<language>.engine.json`.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_ROOT = Path(__file__).parent.parent
# Where such sentences are written. Of the server: what it answers to people who sign in, record, share and
# watch; what only its pages, its administrators and its log say is not among them.
_SPOKEN = (
    "capture", "media", "uploader", "desktop/library/keeper.py", "desktop/library/outgoing.py",
    "desktop/recorder/qt_screen.py",
    "server/ai/bodies.py", "server/ai/errors.py", "server/ai/rows.py", "server/ai/speech.py",
    "server/ai/transcription.py", "server/comments/errors.py", "server/comments/rows.py",
    "server/cursors.py", "server/idempotency.py", "server/identity/access.py",
    "server/identity/lockout/service.py", "server/identity/mfa/service.py",
    "server/identity/native/service.py", "server/identity/rules.py", "server/identity/service.py",
    "server/identity/sessions/service.py", "server/identity/workspaces/service.py",
    "server/limits/service.py", "server/plans/errors.py", "server/processing",
    "server/recordings", "server/responses.py", "server/sharing/service.py",
    "server/sharing/settings_api.py", "server/sharing/unlocking.py", "server/sharing/verdict.py",
    "server/streaming/api.py", "server/uploads",
)  # fmt: skip
# Files in which nothing is said to a person: text of formats, SQL, command lines for developers.
_SILENT = frozenset({
    "capture/__main__.py", "media/dash.py", "media/growing.py", "media/hls.py", "media/hls_master.py",
    "media/silence.py", "media/transcribe/__main__.py", "server/processing/__main__.py",
    "server/processing/states.py", "server/recordings/api.py", "server/recordings/library/api.py",
    "server/recordings/models.py", "server/recordings/query.py", "server/recordings/states.py",
    "server/uploads/api.py", "uploader/__main__.py", "uploader/journal.py",
    "uploader/schema.py",
})  # fmt: skip
_GENERATED = ("uploader/rest/",)
# What these are given is for the log, for a programmer, or for the description of the API.
_TO_NOBODY = frozenset({
    "ArgumentParser", "AssertionError", "EventLine", "Field", "LookupError", "NotImplementedError", "Query",
    "RuntimeError", "TypeError", "ValueError", "add_argument", "cast", "debug", "error", "exception", "info",
    "tr", "warning",
})  # fmt: skip
_UNSEEN = frozenset({"description", "help", "summary"})  # keywords of other calls
# Texts with a space in them that are no words for people: headers, markup, commands, keys on a keyboard.
_FORMS = re.compile(
    r"<|\d{3} |HTTP/|Bearer |text/|application/|private, |bytes |heddle(-server)? models|Page (Up|Down)$"
)
_NAMES = frozenset({
    "Capture screen", "Capture screen {display}:none", "Landlock refused a rule", "Qt: {said}",
    "Untitled recording", "Value error, ", "Windows Media", "heddle/{number} ({platform})",
    "password of a share, {name}", "sign-ins by code", "upload worker's end", "upload {id}",
    "x11grab: {error}", "{event} while {state}", "{offset} of {offset2} bytes are left",
})  # fmt: skip
# Single words that stand in the places of a sentence, beside the states of a take.
_WORDS = (
    "admin", "back", "codec", "comment", "comments", "completed", "encoder", "forward", "guest", "member",
    "none", "owner", "picture", "processing", "quality", "queued", "reaction", "reactions", "request",
    "sound", "unknown", "viewer",
)  # fmt: skip
_FORMATTED = re.compile(r"[^{}]*(\{[a-z]+\}[^{}]*)+")  # by `str.format`
# What systems and libraries say in the place of a reason.
_SYSTEMS = (
    "All connection attempts failed", "Connection refused", "Connection reset by peer", "File exists",
    "Input/output error", "Is a directory", "Name or service not known", "Network is unreachable",
    "No route to host", "No space left on device", "No such file or directory", "Not a directory",
    "Operation not permitted", "Permission denied", "Read-only file system",
    "Server disconnected without sending a response.",
    "Temporary failure in name resolution",
)  # fmt: skip
# What the library says that reads the command line.
_OF_COMMANDS = (
    "No such option: {name}", "No such option: {name} (Possible options: {names})", "No such command {name}.",
    "Missing command.", "Missing argument {name}.", "Missing option {name}.",
    "Option {name} requires an argument.", "Option {name} does not take a value.",
    "Got unexpected extra argument(s) ({words})", "Invalid value for {name}",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be greater than or equal to {least}", "Input should be less than or equal to {most}",
    "{value} is not one of {choices}.",
)  # fmt: skip
_STATES = "capture/states.py"
_PLACE = re.compile(r"\{\w+\}")
_WORD = re.compile(r"[A-Za-z]{2}")
_SENTENCE = re.compile(r"[\w}][.,:;)]* [\w{(`]")


def said(root: Path = _ROOT) -> dict[str, str]:
    """Each template, with named places such as `{left}`, and the place where it is first written."""
    found: dict[str, str] = dict.fromkeys((*_WORDS, *_SYSTEMS, *_OF_COMMANDS), "stands in a place")
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, text in sorted(_states(tree) if name == _STATES else ()):
            found.setdefault(text, f"{name}:{line}")
        for line, text in sorted(_texts(tree)):
            if _is_said(text):
                found.setdefault(text, f"{name}:{line}")
    return found


def _is_said(text: str) -> bool:
    """Whether it has words of its own, and is no form."""
    words = _SENTENCE.search(text) and _WORD.search(_PLACE.sub("", text))
    return bool(words) and text not in _NAMES and not _FORMS.match(text)


def _files(root: Path) -> Iterator[Path]:
    for spoken in _SPOKEN:
        place = root / spoken
        for path in sorted(place.rglob("*.py")) if place.is_dir() else (place,):
            name = path.relative_to(root).as_posix()
            if name not in _SILENT and not name.startswith(_GENERATED):
                yield path


def _states(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The values of enumerations: `recording`, `paused`."""
    for cls in ast.walk(tree):
        if isinstance(cls, ast.ClassDef):
            for line in cls.body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
                    yield line.lineno, str(line.value.value)


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text below `tree` that somebody may get to see, as a template."""
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return  # a docstring
    if isinstance(tree, ast.Call) and _to_nobody(tree.func):
        return
    if isinstance(tree, ast.Compare):
        return  # what is looked for in a text is not said
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.lineno, _braced(tree.value)
    if isinstance(tree, ast.JoinedStr):
        yield tree.lineno, _template(tree)
    for child in _below(tree):
        yield from _texts(child)


def _below(tree: ast.AST) -> Iterator[ast.AST]:
    """Where there may be more of it: not in types, nor in what an address says of itself."""
    unseen = {getattr(tree, "annotation", None), getattr(tree, "returns", None)}
    unseen.update(getattr(tree, "decorator_list", ()))
    unseen.update(one for one in getattr(tree, "keywords", ()) if one.arg in _UNSEEN)
    for child in ast.iter_child_nodes(tree):
        if child not in unseen and not (isinstance(tree, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield child


def _to_nobody(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _TO_NOBODY


def _braced(text: str) -> str:
    if _FORMATTED.fullmatch(text):
        return text
    return text.replace("{", "{{").replace("}", "}}")


def _template(text: ast.JoinedStr) -> str:
    """`f"{left // 1000} kB are left"` as `{left} kB are left`; the same name twice is `left` and `left2`."""
    taken: dict[str, int] = {}
    parts = []
    for piece in text.values:
        if isinstance(piece, ast.FormattedValue):
            name = _name(piece.value)
            taken[name] = taken.get(name, 0) + 1
            parts.append(f"{{{name}{taken[name] if taken[name] > 1 else ''}}}")
        elif isinstance(piece, ast.Constant):
            parts.append(_braced(str(piece.value)))
    return "".join(parts)


def _name(value: ast.expr) -> str:
    """What a translator calls what comes in this place."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Call(func=ast.Attribute(attr="join"), args=[inside, *_]):
            return _name(inside)
        case ast.Call(func=ast.Attribute(value=inside), args=[]):
            return _name(inside)
        case ast.Call(args=[inside, *_]) | ast.GeneratorExp(elt=inside) | ast.BoolOp(values=[inside, *_]):
            return _name(inside)
        case ast.BinOp(left=inside) | ast.Subscript(value=inside) | ast.IfExp(body=inside):
            return _name(inside)
    return "value"


def catalogue(found: Mapping[str, str]) -> str:
    """What a translator fills in."""
    return json.dumps({text: text for text in sorted(found)}, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(catalogue(said()))
