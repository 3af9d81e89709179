"""`heddle transcribe`: what is said in a video, as captions, text or JSON, or sent to the server."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from desktop import settings
from desktop.errors import ExitCode, HeddleError
from desktop.i18n import tr
from desktop.models.told import facts, number, text
from desktop.models.words import duration
from desktop.speech.process import transcribing
from desktop.terminal.bar import Bar
from media.captions import CaptionFormat, Transcript, render
from media.errors import MediaError
from media.transcribe.catalogue import catalogue, check_translation
from media.transcribe.options import AUTO, SpeechOptions
from media.transcribe.store import ModelStore
from uploader import web
from uploader.api import ApiClient


def transcribe(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr("A video, or its sound alone."))],
    *,
    model: Annotated[str, typer.Option(help=tr("Name, path or address of a speech model."))] = "",
    language: Annotated[
        str | None, typer.Option(help=tr("What is spoken, such as en; found out if not given."))
    ] = None,
    translate: Annotated[
        bool, typer.Option("--translate", help=tr("Write it in English, whatever is spoken."))
    ] = False,
    vocabulary: Annotated[
        str, typer.Option(help=tr("Names and terms that are likely to be said, with commas between."))
    ] = "",
    form: Annotated[
        CaptionFormat | None, typer.Option("--format", help=tr("What to write; vtt if nothing says so."))
    ] = None,
    output: Annotated[Path | None, typer.Option(help=tr("Write it to this file."))] = None,
    device: Annotated[str, typer.Option(help=tr("auto, cpu or cuda."))] = AUTO,
    upload: Annotated[
        str | None,
        typer.Option(
            metavar="RECORDING", help=tr("Send it to this recording on the server: its link or its id.")
        ),
    ] = None,
) -> None:
    """Writes to standard output unless a file or a recording is named. Nothing leaves this machine without
    `--upload`.
    """
    config = settings.load()
    if not file.is_file():
        raise HeddleError(tr("There is no such file"), str(file))
    server = _server(config) if upload else ""
    form = form or _form_of(output)
    options = _options(language, translate=translate, vocabulary=vocabulary, device=device)
    folder = _model(config, model, translate=translate)
    try:
        transcript = _follow(file, folder, options)
    except KeyboardInterrupt:
        sys.stderr.write(tr("Stopped; nothing was written.") + "\n")
        raise typer.Exit(ExitCode.CTRL_C) from None
    if output:
        _write(output, render(transcript, form))
    if upload:
        asyncio.run(_send(server, upload, transcript))
        sys.stderr.write(tr("The transcript is on the server.") + "\n")
    if not output and not upload:
        sys.stdout.write(render(transcript, form))


def _options(language: str | None, *, translate: bool, vocabulary: str, device: str) -> SpeechOptions:
    terms = tuple(term for part in vocabulary.split(",") if (term := part.strip()))
    try:
        return SpeechOptions(language=language, translate=translate, vocabulary=terms, device=device)
    except MediaError as error:
        raise HeddleError(error.title, error.detail, error.hint) from error


def _model(config: settings.Settings, model: str, *, translate: bool) -> Path:
    name = model or config.speech_model or catalogue().default
    try:
        if translate:
            check_translation(name)
        return ModelStore(settings.models_folder(config)).locate(name)
    except MediaError as error:
        raise HeddleError(error.title, error.detail, error.hint) from error


def _follow(file: Path, model: Path, options: SpeechOptions) -> Transcript:
    bar = Bar()
    started, fraction, said = time.monotonic(), 0.0, ""
    bar.show(None, tr("Loading the speech model {name}", name=model.name))
    with transcribing(file, model, options) as work:
        for event in work:
            if reason := text(event, "reason", ""):
                bar.say(tr("The GPU cannot be used: {reason}", reason=reason))
            fraction = number(event, "fraction", fraction)
            said = text(facts(event, "segment") or {}, "text", said)
            bar.show(fraction, said[-40:])
        bar.clear()
        transcript = work.transcript
    took = time.monotonic() - started
    bar.say(
        tr(
            "{words} words in {length} of {language}, in {took}.",
            words=transcript.word_count,
            length=duration(transcript.duration_s),
            language=transcript.language,
            took=duration(took),
        )
    )
    return transcript


def _form_of(output: Path | None) -> CaptionFormat:
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    return CaptionFormat(suffix) if suffix in set(CaptionFormat) else CaptionFormat.VTT


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise HeddleError(tr("The transcript could not be written"), str(error)) from error


def _server(config: settings.Settings) -> str:
    if not config.server:
        raise HeddleError(
            tr("No server is set up"), hint=tr("Sign in first: heddle login --server URL --email YOU")
        )
    return config.server


async def _send(server: str, recording: str, transcript: Transcript) -> None:
    async with web.open_client(server) as http:
        api = ApiClient(http)
        if "/" in recording:
            found = await api.find_shared(recording)
            if found is None:
                raise HeddleError(
                    tr("There is no recording of yours with this link"),
                    recording,
                    tr("Check the link and the server you are signed in to."),
                )
            recording = found.id
        await api.put_transcript(recording, transcript.as_dict())
