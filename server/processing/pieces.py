"""Renditions of long videos: encoded in pieces by all workers, then joined. Pure: jobs in, steps out.

The pieces of a recording that still arrives are encoded as they come (`early.py`), the others once all of
it is here; a piece that was encoded is never encoded again. Where pieces fail, the whole is encoded at once.
There are several such ladders, H.264 and AV1; each has pieces of its own and knows nothing of the others'.
"""

from collections.abc import Sequence
from typing import Any

from media.cuts import Cut, file_name
from media.facts import Probe
from server.processing import plan
from server.processing.plan import Step
from server.processing.schemas import Job, Shown
from server.processing.states import JobStatus
from server.processing.steps import KINDS, WHOLES, StepName

# A shorter video is done sooner in one go.
_WORTH_CUTTING = 3
# What the pieces of one film must agree on.
_RECIPE = ("rungs", "rate", "rotation")
_FOLDERS = {StepName.RENDITION: "pieces", StepName.AV1: "av1-pieces"}
LADDERS = tuple(_FOLDERS)


def folder_of(recording_id: str, whole: StepName) -> str:
    """Where the pieces of that step lie until they are joined."""
    return plan.key_of(recording_id, _FOLDERS[whole])


def piece_of(
    whole: StepName,
    recording_id: str,
    file: str,
    cut: Cut,
    *,
    init_length: int,
    how: dict[str, Any],
    upload: str = "",
) -> Step:
    """`upload` names what the bytes came with; of a finished file there is nothing to name."""
    facts = Probe("mp4", 0, cut.duration_s, 0, fragmented=True, rotation=how["rotation"])
    first = file_name(cut.number, how["rungs"][0]["name"])
    settings = {
        "kind": "mp4",
        "facts": facts.as_dict(),
        "cut": cut.as_dict(),
        "init": init_length,
        "upload": upload,
        **{name: how[name] for name in _RECIPE if name in how},
    }
    piece = KINDS[whole].cut_into
    assert piece is not None  # noqa: S101 - only of steps that are cut
    return Step(piece, file, f"{folder_of(recording_id, whole)}/{first}", settings)


def split(
    recording_id: str, steps: Sequence[Step], jobs: Sequence[Job], index: dict[str, Any] | None
) -> tuple[list[Step], list[Job]]:
    """The steps with those that are cut replaced by their pieces, where the film is cut; and jobs that are
    worth nothing. `index` has the `cuts` of the file and the length of its header, `init`."""
    planned, worthless = list(steps), list[Job]()
    for whole in LADDERS:
        planned, stale = _split(whole, recording_id, planned, jobs, index)
        worthless += stale
    return planned, worthless


def _split(
    whole: StepName,
    recording_id: str,
    steps: Sequence[Step],
    jobs: Sequence[Job],
    index: dict[str, Any] | None,
) -> tuple[list[Step], list[Job]]:
    step = next((step for step in steps if step.name is whole), None)
    held = of(whole, jobs)
    cuts = [Cut(**cut) for cut in (index or {}).get("cuts", ())]
    if step is None or index is None:
        return list(steps), held
    fitting = {job.settings["cut"]["number"]: job for job in held if _fits(job, step, cuts)}
    stale = [job for job in held if job not in fitting.values()]
    failed = any(job.status is JobStatus.FAILED for job in fitting.values())
    if failed or (len(cuts) < _WORTH_CUTTING and not fitting):
        return list(steps), [*stale, *_waiting(held)]
    others = [other for other in steps if other is not step]
    how = next(iter(fitting.values())).settings if fitting else step.settings
    missing = [cut for cut in cuts if cut.number not in fitting]
    new = [
        piece_of(whole, recording_id, step.input, cut, init_length=index["init"], how=how) for cut in missing
    ]
    if not new and all(job.status is JobStatus.COMPLETED for job in fitting.values()):
        new = [_join(step, list(fitting.values()))]
    return [*others, *new], stale


def of(whole: StepName, jobs: Sequence[Job]) -> list[Job]:
    """The pieces of a step."""
    return [job for job in jobs if WHOLES.get(job.step) is whole]


def whole_of(step: StepName) -> StepName:
    """The step that a piece is of; any other is itself."""
    return WHOLES.get(step, step)


def after_piece(jobs: Sequence[Job], piece: Job) -> tuple[list[Step], list[Job]]:
    """The join, once the last piece is there."""
    look, whole = _look(jobs, piece.input), whole_of(piece.step)
    if look is None or any(job.step is whole for job in jobs):
        return [], []
    return _split(whole, piece.recording_id, [_whole(piece, look)], jobs, look.result["index"])


def after_failure(jobs: Sequence[Job], failed: Job) -> tuple[list[Step], list[Job]]:
    """The renditions at once, instead of what failed; nothing while the recording still arrives."""
    look, whole = _look(jobs, failed.input), whole_of(failed.step)
    others = [job for job in jobs if job.step is whole and job.id != failed.id]
    if look is None or others:
        return [], []
    given_up = [failed] if failed.step is whole else []
    return [_whole(failed, look)], [*given_up, *_waiting(of(whole, jobs))]


def shown(jobs: Sequence[Job]) -> list[Shown]:
    """The steps as people are told of them. While a recording arrives, its pieces are no step yet."""
    steps = [Shown(job.step, job.status, job.progress, job.error) for job in jobs if not job.is_piece]
    return [*steps, *(one for whole in LADDERS if (one := _shown(whole, jobs)) is not None)]


def _shown(whole: StepName, jobs: Sequence[Job]) -> Shown | None:
    held = [job for job in of(whole, jobs) if _look(jobs, job.input)]
    if not held or any(job.step is whole for job in jobs):
        return None
    failed = next((job for job in held if job.status is JobStatus.FAILED), None)
    progress = round(sum(job.progress for job in held) / len(held), 2)
    if failed is not None:
        return Shown(whole, JobStatus.FAILED, progress, failed.error)
    begun = any(job.status is not JobStatus.QUEUED for job in held)
    return Shown(whole, JobStatus.PROCESSING if begun else JobStatus.QUEUED, progress, None)


def is_join(job: Job) -> bool:
    return job.step in LADDERS and "parts" in job.settings


def _fits(job: Job, step: Step, cuts: Sequence[Cut]) -> bool:
    cut = Cut(**job.settings["cut"])
    known = cut.number < len(cuts) and cuts[cut.number]
    same = all(job.settings.get(name) == step.settings.get(name) for name in ("rungs", "rotation"))
    place = known and (known.begin, known.end) == (cut.begin, cut.end)
    return bool(place and same and job.input == step.input)


def _waiting(held: Sequence[Job]) -> list[Job]:
    return [job for job in held if job.status is not JobStatus.COMPLETED]


def _look(jobs: Sequence[Job], file: str) -> Job | None:
    """The finished step that found out where the file is cut."""
    looks = [job for job in jobs if job.status is JobStatus.COMPLETED and job.result.get("index")]
    return next((job for job in looks if file in (job.output, job.input)), None)


def _whole(job: Job, look: Job) -> Step:
    facts = Probe(**(look.result["facts"] if look.step is StepName.NORMALISE else plan.bare(look.result)))
    return plan.step_of(whole_of(job.step), job.recording_id, "mp4", facts=facts, file=job.input)


def _join(step: Step, pieces: Sequence[Job]) -> Step:
    ordered = sorted(pieces, key=lambda job: int(job.settings["cut"]["number"]))
    recording_id = ordered[0].recording_id
    parts = [{"number": job.settings["cut"]["number"], **job.result["piece"]} for job in ordered]
    more = {"parts": parts, "needs": [folder_of(recording_id, step.name)]}
    return Step(step.name, step.input, step.output, {**step.settings, **more})
