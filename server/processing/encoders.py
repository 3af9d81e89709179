"""Which encoder makes the renditions: hardware where it really encodes, in the child that will use it.

Asked when the first rendition is wanted, and kept until the server ends or the encoder fails where software
does not. On a machine without a graphics card there is nobody to ask.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from media.presets import VideoPreset, load
from server.processing import allowances, devices
from server.processing.protocol import HAS_ENCODER, TRY_ENCODER, Request
from server.processing.sandbox import ChildFailed, run_child

_log = structlog.get_logger(__name__)

AUTO, SOFTWARE = "auto", "software"
_TRIAL_S = 30.0

Result = dict[str, Any]
# As `sandbox.run_child` does it.
Run = Callable[[Request, Path], Awaitable[Result]]


class Encoders:
    """`wanted` is AUTO, SOFTWARE or the name of an encoder. `folder` is for the children's own folders."""

    def __init__(self, wanted: str, folder: Path, *, run: Run = run_child) -> None:
        self._wanted = wanted
        self._folder = folder
        self._run = run
        self._chosen: dict[str, str] = {}
        self._lock = asyncio.Lock()
        self.rejected: dict[str, str] = {}

    async def choose(self, codec: str) -> str:
        """The name of the encoder for a codec. The software one comes last and is not tried."""
        async with self._lock:
            if codec not in self._chosen:
                self._chosen[codec] = await self._first_that_works(codec)
            return self._chosen[codec]

    @property
    def chosen(self) -> dict[str, str]:
        """The encoder of each codec that was asked for since the start."""
        return dict(self._chosen)

    async def encode(self, request: Request, run: Callable[[Request], Awaitable[Result]]) -> Result:
        """`run` it; once more in software where hardware fails, which is to blame if that succeeds."""
        encoder = str(request.settings.get("encoder", ""))
        try:
            return await run(request)
        except ChildFailed as failure:
            if not devices.is_hardware(encoder):
                raise
            _log.info("encoding_in_software", instead=encoder, reason=failure.sentence)
            result = await run(in_software(request))
            self._reject(encoder, failure.sentence)
            return result

    def _reject(self, encoder: str, reason: str) -> None:
        """From now on others are taken."""
        _log.warning("rendition_encoder_failed", encoder=encoder, reason=reason)
        self.rejected[encoder] = reason
        self._chosen = {codec: name for codec, name in self._chosen.items() if name != encoder}

    async def missing(self, encoder: str) -> str:
        """Why this build of FFmpeg cannot have an encoder; empty when it has it."""
        return await self._ask(HAS_ENCODER, encoder)

    async def _first_that_works(self, codec: str) -> str:
        software = software_for(codec)
        for preset in self._candidates(codec):
            reason = await self._ask(TRY_ENCODER, preset.name)
            if not reason:
                _log.info("rendition_encoder", codec=codec, encoder=preset.name)
                return preset.name
            self.rejected[preset.name] = reason
            told = _log.info if self._wanted == AUTO else _log.warning
            told("rendition_encoder_rejected", encoder=preset.name, reason=reason, instead=software)
        return software

    def _candidates(self, codec: str) -> list[VideoPreset]:
        if self._wanted == SOFTWARE:
            return []
        hardware = [preset for preset in load().for_codec(codec) if preset.hardware]
        named = [preset for preset in hardware if self._wanted in (AUTO, preset.name)]
        for preset in named:
            if not devices.is_there(preset.name):
                self.rejected.setdefault(preset.name, "this machine has no device for it")
        return [preset for preset in named if preset.name not in self.rejected]

    async def _ask(self, work: str, encoder: str) -> str:
        request = Request(
            work,
            source="",
            kind="",
            settings={"encoder": encoder},
            limits=devices.limits_for(encoder, allowances.trial(_TRIAL_S)),
        )
        folder = await asyncio.to_thread(_new_folder, self._folder)
        try:
            return str((await self._run(request, folder)).get("reason", "it gave no answer"))
        except ChildFailed as failure:
            return failure.sentence
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def software_for(codec: str) -> str:
    presets = load()
    return next(one.name for one in (presets.rendition, presets.rendition_av1) if one.codec == codec)


def in_software(request: Request) -> Request:
    """The same work for the codec's software encoder."""
    codec = load().rendition_named(str(request.settings["encoder"])).codec
    settings = {**request.settings, "encoder": software_for(codec)}
    return replace(request, settings=settings, limits=replace(request.limits, addresses=True))


def _new_folder(root: Path) -> Path:
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Path(tempfile.mkdtemp(prefix="encoder-", dir=root))
