"""What engine, uploader and server say in English reaches a person in their language."""

import asyncio
import json
import string
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from capture.camera.finding import find
from capture.camera.model import CameraRequest
from capture.errors import CaptureError, NoMicrophone, disk_nearly_full
from capture.health import camera_lost, sound_lost
from capture.registry import choose
from desktop import cli, i18n, sentences
from desktop.errors import HeddleError
from desktop.gathering import said
from desktop.models.session import Problem, Session, apply, problem
from desktop.models.words import problem_text
from desktop.sentences import say
from server.errors import ServerError, Unauthenticated
from server.plans.errors import exceeded
from server.plans.table import DEFAULT, GIB, Quota
from server.responses import error_response
from uploader import protocol
from uploader.errors import ServerUnreachableError, UploadError
from uploader.rest.errors import error_of
from uploader.source import Source

TRANSLATIONS = sorted(set(i18n.LANGUAGES) - {"en"})


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return said()


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_LANGUAGE", "de")


def catalogue(language: str) -> dict[str, str]:
    path = sentences._MESSAGES / f"{language}.engine.json"
    messages: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return messages


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_all_that_engine_uploader_and_server_say_is_translated(
    language: str, english: dict[str, str]
) -> None:
    translated = catalogue(language)
    missing = {text: place for text, place in english.items() if text not in translated}
    assert missing == {}, "say these too: `python -m desktop.gathering` has them all"
    assert sorted(set(translated) - set(english)) == [], "nobody says these any more"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_keeps_the_places_and_marks_what_is_said_anew(language: str) -> None:
    for text, other in catalogue(language).items():
        assert other.strip(), text
        assert sorted(_places(other)) == sorted(_places(text)), text
        assert {how for *_, how in string.Formatter().parse(other)} <= {None, "t", "l"}, text


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_each_sentence_is_recognised_as_itself(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_LANGUAGE", language)
    for text, other in catalogue(language).items():
        places = {name: f"<{name}>" for name in _places(text)}
        parts = string.Formatter().parse(other)
        assert say(text.format(**places)) == "".join(
            words + (places[name] if name else "") for words, name, _, _ in parts
        )


def test_in_english_all_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_LANGUAGE", "en")
    assert say("The disk is nearly full") == "The disk is nearly full"
    assert Problem("No camera is connected.").title == "No camera is connected."


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mein Film",
        "Guten Morgen: ein Film. Noch einer; und mehr.",
        "Ein Titel\n mit Zeilen",
        "What was here is there.",
        "a" * 9000,
    ],
)
def test_what_nobody_knows_stays_as_it_is(text: str) -> None:
    assert say(text) == text


@pytest.mark.usefixtures("german")
def test_reasons_are_said_anew_inside_of_sentences_and_between_what_nobody_knows() -> None:
    with pytest.raises(CaptureError) as none:
        choose(("one", "two", "three"), _broken, lambda backend: backend)
    assert say(str(none.value)) == (
        "Das geht hier auf keine Weise: "
        "one: Es gibt kein Mikrofon namens 'X': Vom Standardgerät kommt kein Ton.; "
        "two: RuntimeError: driver 7; three: Der Bildschirm lässt sich nicht öffnen"
    )
    assert say("/films/a.mp4: No space left on device") == "/films/a.mp4: Kein Platz mehr auf dem Datenträger"


def _broken(name: str) -> Any:
    if name == "one":
        raise NoMicrophone("There is no microphone called 'X'", "The default device gives no sound.")
    if name == "two":
        raise RuntimeError("driver 7")
    raise CaptureError("The screen cannot be opened")


@pytest.mark.usefixtures("german")
def test_an_engine_that_ends_a_take_is_understood_in_the_window() -> None:
    event = {"event": "error", **disk_nearly_full(1_999_000_000).describe()}
    told = apply(Session(), event).error
    assert told == Problem(
        "Der Datenträger ist fast voll, die Aufnahme wurde beendet",
        "Noch 1999 MB sind frei, wo die Aufnahme gespeichert wird.",
        "Alles bleibt erhalten und ist abspielbar. Schaffen Sie Platz, bevor Sie wieder aufnehmen, "
        "oder setzen Sie min_free_mb herunter.",
        code="disk_nearly_full",
    )


@pytest.mark.usefixtures("german")
def test_a_camera_that_is_not_there_is_told_of_with_what_there_is() -> None:
    with pytest.raises(CaptureError) as missing:
        find([], CameraRequest("Front"))
    told = problem(missing.value.describe())
    assert told.title == "Es gibt keine Kamera namens Front"
    assert told.detail == "Es ist keine Kamera angeschlossen."


@pytest.mark.usefixtures("german")
def test_health_quotes_the_reason_in_german_too() -> None:
    camera = camera_lost("USB: Front", "It gives no pictures.").describe()
    assert problem(camera).detail == (
        "USB: Front: Von ihr kommen keine Bilder. Die Aufnahme läuft ohne ihr Bild weiter."
    )
    sound = sound_lost("PulseAudio: Connection refused.").describe()
    assert problem(sound).detail.startswith("PulseAudio: Verbindung abgelehnt. Die Aufnahme läuft mit Stille")


@pytest.mark.usefixtures("german")
def test_an_upload_says_why_it_waits(tmp_path: Path) -> None:
    with pytest.raises(UploadError) as gone:
        asyncio.run(_looked_at(tmp_path / "a.mp4"))
    told = problem_text(problem(gone.value.as_dict()))
    assert told.startswith("Die Datei ist weg\n")
    assert "Legen Sie sie zurück" in told
    away = ServerUnreachableError("http://127.0.0.1:9: All connection attempts failed").as_dict()
    assert problem(away).title == "Der Server ist nicht erreichbar"
    assert problem(away).detail == "http://127.0.0.1:9: Kein Verbindungsversuch gelang"


async def _looked_at(path: Path) -> None:
    await Source(path).beyond(0)


def _answer(error: ServerError) -> httpx.Response:
    """As it comes over the wire."""
    said = error_response(error.status, error.code, error.sentence, request_id="r")
    return httpx.Response(said.status_code, content=bytes(said.body))


@pytest.mark.usefixtures("german")
def test_what_the_server_refuses_is_told_in_german() -> None:
    wrong = error_of(_answer(Unauthenticated("The e-mail address or the password is wrong.")))
    assert Problem("x", wrong.sentence).detail == "Die E-Mail-Adresse oder das Passwort ist falsch."
    full = error_of(_answer(exceeded(DEFAULT[0], Quota.STORAGE, 5 * GIB, 5 * GIB)))
    told = protocol.problem(full.status, {}, full.sentence, full.code)
    assert problem(told.as_dict()).detail == (
        "Der Tarif dieses Arbeitsbereichs (Free) hat Platz für 5.0 GiB, davon sind 5.0 GiB belegt. "
        "Löschen Sie Aufnahmen endgültig, oder nehmen Sie einen größeren Tarif."
    )


@pytest.mark.usefixtures("german")
def test_a_command_that_fails_says_it_in_german(tmp_path: Path) -> None:
    film = tmp_path / "a.mp4"
    film.write_bytes(b"no film")
    result = CliRunner().invoke(cli.app, ["transcribe", str(film), "--model", "nope"])
    assert isinstance(result.exception, HeddleError)
    told = str(result.exception)
    assert told.startswith("Es gibt kein Sprachmodell 'nope'\n  Bekannt sind tiny,")


def _places(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
