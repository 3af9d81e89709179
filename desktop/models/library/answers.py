"""The server's answers and events as the library's values. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from desktop.models.library.items import FIELDS, Remote, Step


def remote_of_answer(data: Mapping[str, Any], steps: tuple[Step, ...] = ()) -> Remote:
    """A recording of the REST API; `steps` are what is known of its processing."""
    return Remote(
        id=str(data["id"]),
        status=str(data["status"]),
        fields={name: data[name] for name in FIELDS if name in data},
        created_at=unix(data.get("startedAt") or data.get("createdAt")) or 0.0,
        updated_at=str(data.get("updatedAt") or ""),
        trashed_at=unix(data.get("deletedAt")),
        duration_s=data.get("duration"),
        size=data.get("fileSizeBytes"),
        share_url=data.get("shareUrl"),
        poster_url=data.get("posterUrl"),
        has_password=bool(data.get("hasPassword")),
        views=int(data.get("viewCount") or 0),
        error=str(data.get("error") or ""),
        steps=steps,
    )


def steps_of_stream(data: Mapping[str, Any]) -> tuple[Step, ...]:
    """How far processing is, from `GET /api/v1/streams/{id}`."""
    return tuple(
        Step(
            str(one.get("step")),
            str(one.get("status")),
            float(one.get("progress") or 0.0),
            str(one.get("error") or ""),
        )
        for one in data.get("processing") or ()
    )


def after_progress(remote: Remote, data: Mapping[str, Any]) -> Remote:
    """The recording after a `processing.progress`; pieces of a step are not shown by themselves."""
    name, status = str(data.get("step") or ""), str(data.get("status") or "")
    if not name or name.endswith("-piece"):
        return remote
    step = Step(name, status, float(data.get("progress") or 0.0), str(data.get("error") or ""))
    known = {one.name: one for one in remote.steps} | {name: step}
    return replace(remote, steps=tuple(known.values()))


def unix(text: object) -> float | None:
    """Unix time of an ISO 8601 moment; None for what is none."""
    try:
        return datetime.fromisoformat(str(text)).timestamp() if text else None
    except ValueError:
        return None
