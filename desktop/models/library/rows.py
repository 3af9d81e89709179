"""The library's values as rows of JSON, and back."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from desktop.models.library.edits import Edit, EditState
from desktop.models.library.items import Item, Remote, Sending, Standing, Step, Take
from desktop.models.session import Problem
from media.manifest import TakeState
from uploader.states import UploadState


def to_row(value: Take | Sending | Remote | Item | Edit) -> str:
    # Not `asdict`, which copies whatever is in it: half of the time that ten thousand recordings take.
    return json.dumps(_values(value), ensure_ascii=False, default=_plain)


def _values(value: Any) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value)}


def _plain(value: object) -> object:
    return _values(value) if is_dataclass(value) else str(value)


def take_of(row: str) -> Take:
    data = _known(Take, row)
    return Take(**{**data, "path": Path(data["path"]), "state": TakeState(data["state"])})


def sending_of(row: str) -> Sending:
    data = _known(Sending, row)
    return Sending(
        **{
            **data,
            "path": Path(data["path"]),
            "state": UploadState(data["state"]),
            "problem": _problem(data.get("problem")),
        }
    )


def remote_of(row: str) -> Remote:
    data = _known(Remote, row)
    return Remote(**{**data, "steps": tuple(Step(**one) for one in data.get("steps", ()))})


def item_of(row: str, number: int) -> Item:
    data = _known(Item, row)
    return Item(
        **{
            **data,
            "standing": Standing(data["standing"]),
            "problem": _problem(data.get("problem")),
            "path": Path(data["path"]) if data.get("path") else None,
            "failed_steps": tuple(data.get("failed_steps", ())),
            "id": number,
        }
    )


def edit_of(row: str) -> Edit:
    data = _known(Edit, row)
    return Edit(**{**data, "state": EditState(data["state"])})


def _known(kind: type[Any], row: str) -> dict[str, Any]:
    """What this version knows of a row: a later one may have written more."""
    data: Mapping[str, Any] = json.loads(row)
    names = {one.name for one in fields(kind)}
    return {name: value for name, value in data.items() if name in names}


def _problem(data: Mapping[str, str] | None) -> Problem | None:
    return Problem(**data) if data else None
