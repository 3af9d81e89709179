"""One analysis from its material: by the language model where one is set, else, and if it fails, by rules."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from media.silence import Suggestion, suggestions_of
from media.transcript import Transcript
from server.ai.analysis.findings import Chapter, Findings
from server.ai.analysis.schemas import Source
from server.ai.analysis.seen import Seen

# A chapter's start moves to a change of the picture that is so near, in seconds.
_NEAR_S = 2.0


class LanguageModelFailed(Exception):
    """Its words are for the owner: what happened, without addresses or keys."""


@dataclass(frozen=True, slots=True)
class Material:
    """All that an analysis rests on."""

    recording_id: str
    transcript: Transcript
    duration_s: float
    seen: Seen
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    findings: Findings
    suggestions: tuple[Suggestion, ...]
    source: Source
    model: str


class LanguageModel(Protocol):
    """Analyses with a model that somebody else runs."""

    @property
    def name(self) -> str:
        """The model's."""
        ...

    async def analyse(self, material: Material) -> Findings:
        """Raises LanguageModelFailed, and nothing else that is foreseeable."""
        ...


# Whether what is said in a recording may be sent to a language model.
MaySend = Callable[[str], Awaitable[bool]]


async def _always(_recording_id: str) -> bool:
    return True


class Analyst:
    """Without a `model` nothing leaves this process, nor of a recording that `may_send` says no to."""

    def __init__(self, model: LanguageModel | None = None, *, may_send: MaySend = _always) -> None:
        self._model = model
        self._may_send = may_send

    async def analyse(self, material: Material) -> Analysis:
        suggestions = await asyncio.to_thread(_suggestions, material)
        note = ""
        if (model := await self._model_for(material)) is not None:
            try:
                findings = await model.analyse(material)
                findings = replace(findings, chapters=snapped(findings.chapters, material.seen.scenes))
                return Analysis(findings, suggestions, Source.LLM, model.name)
            except LanguageModelFailed as failure:
                note = f"The language model could not be used: {failure} This is the built-in analysis."
        findings, name = await asyncio.to_thread(_by_rules, material)
        if note:
            findings = replace(findings, notes=(note, *findings.notes))
        return Analysis(findings, suggestions, Source.BUILTIN, name)

    async def _model_for(self, material: Material) -> LanguageModel | None:
        if self._model is None or not material.transcript.text.strip():
            return None
        return self._model if await self._may_send(material.recording_id) else None

    async def look_again(self, material: Material, chapters: Sequence[Chapter]) -> Analysis:
        """What scenes and silences change of an analysis by a language model, which is not asked again."""
        suggestions = await asyncio.to_thread(_suggestions, material)
        inside = _within(chapters, material.duration_s)
        findings = Findings("", chapters=snapped(inside, material.seen.scenes))
        return Analysis(findings, suggestions, Source.LLM, "")


def snapped(chapters: Sequence[Chapter], scenes: Sequence[float]) -> tuple[Chapter, ...]:
    """Chapters that begin where the picture changes, if it does so near their start."""
    starts = [chapter.start for chapter in chapters]
    for number in range(1, len(starts)):
        near = [scene for scene in scenes if abs(scene - starts[number]) <= _NEAR_S]
        if near:
            best = min(near, key=lambda scene: abs(scene - chapters[number].start))
            if starts[number - 1] < best < chapters[number].end:
                starts[number] = round(best, 3)
    ends = [*starts[1:], *(chapter.end for chapter in chapters[-1:])]
    return tuple(
        replace(chapter, start=start, end=end)
        for chapter, start, end in zip(chapters, starts, ends, strict=True)
    )


def _within(chapters: Sequence[Chapter], duration_s: float) -> list[Chapter]:
    """The length may have become known after they were found."""
    if not duration_s:
        return list(chapters)
    return [replace(one, end=min(one.end, duration_s)) for one in chapters if one.start < duration_s]


def _suggestions(material: Material) -> tuple[Suggestion, ...]:
    return tuple(
        suggestions_of(material.transcript, duration_s=material.duration_s, quiet=material.seen.silences)
    )


def _by_rules(material: Material) -> tuple[Findings, str]:
    """And the rules' name."""
    from server.ai.analysis import builtin  # noqa: PLC0415 (with NumPy, which nothing else here has need of)

    findings = builtin.analyse(
        material.transcript,
        duration_s=material.duration_s,
        scenes=material.seen.scenes,
        recorded_on=material.recorded_on,
    )
    return findings, builtin.MODEL
