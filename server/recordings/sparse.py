"""`fields=`: only what was asked for of each thing in an answer."""

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

from server.errors import InvalidRequest


def chosen(fields: str | None, model: type[BaseModel]) -> frozenset[str] | None:
    """The names on the wire, `id` among them; None for all. Raises InvalidRequest for what there is not."""
    if fields is None:
        return None
    names = frozenset(name.strip() for name in fields.split(",") if name.strip())
    known = {info.alias or name for name, info in model.model_fields.items()}
    if unknown := sorted(names - known):
        raise InvalidRequest(
            f"There is no field {', '.join(unknown[:5])}; there are {', '.join(sorted(known))}."
        )
    return names | {"id"}


def only(thing: BaseModel, names: Collection[str]) -> dict[str, Any]:
    whole = thing.model_dump(mode="json", by_alias=True)
    return {name: value for name, value in whole.items() if name in names}
