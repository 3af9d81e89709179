"""The engine takes the best device that works, and gives the same text whichever way it hears."""

from pathlib import Path
from typing import Any

import pytest

from media.errors import SpeechError
from media.transcribe import devices, engine
from media.transcribe.engine import Transcriber
from media.transcribe.languages import LanguageVote
from media.transcribe.options import MAX_VOCABULARY, SpeechOptions
from tests.support.speech import MODEL, RATE, SENTENCES, speech, word_errors

SUPPORTED = {"cuda": {"float32", "float16", "int8"}, "cpu": {"float32", "int8_float32", "int8"}}


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets how many GPUs there are."""

    def there_are(count: int) -> None:
        monkeypatch.setattr(devices.ctranslate2, "get_cuda_device_count", lambda: count)
        monkeypatch.setattr(devices.ctranslate2, "get_supported_compute_types", SUPPORTED.__getitem__)

    return there_are


@pytest.mark.parametrize(
    ("count", "options", "chosen"),
    [
        (0, SpeechOptions(), ("cpu", "int8")),
        (1, SpeechOptions(), ("cuda", "float16")),
        (1, SpeechOptions(device="cpu"), ("cpu", "int8")),
        (2, SpeechOptions(device="cuda", compute_type="int8"), ("cuda", "int8")),
        (0, SpeechOptions(compute_type="float32"), ("cpu", "float32")),
    ],
)
def test_the_best_device_is_chosen_unless_one_is_forced(
    gpus: Any, count: int, options: SpeechOptions, chosen: tuple[str, str]
) -> None:
    gpus(count)
    device = devices.choose(options)
    assert (device.name, device.compute_type) == chosen
    assert 1 <= device.threads <= 8
    assert device.batch == (8 if device.name == "cuda" else 1)


def test_what_is_forced_and_not_there_is_said(gpus: Any) -> None:
    gpus(0)
    with pytest.raises(SpeechError, match="no GPU"):
        devices.choose(SpeechOptions(device="cuda"))
    with pytest.raises(SpeechError, match="cannot compute") as caught:
        devices.choose(SpeechOptions(compute_type="float16"))
    assert "int8" in caught.value.hint


def test_a_gpu_that_does_not_work_is_left_with_its_reason(gpus: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gpus(1)
    real = engine._open

    def open_(folder: Path, device: devices.Device) -> Any:
        if device.name == "cuda":
            raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")
        return real(folder, device)

    monkeypatch.setattr(engine, "_open", open_)
    transcriber = Transcriber(MODEL, SpeechOptions())
    assert transcriber.device.name == "cpu"
    assert "libcublas" in transcriber.device.reason
    with pytest.raises(SpeechError, match="cannot be loaded"):
        Transcriber(MODEL, SpeechOptions(device="cuda"))


def test_windows_heard_at_once_give_the_text_of_each_alone(transcriber: Transcriber) -> None:
    windows = [speech([sentence], lead_s=0.3, pause_s=0.3)[0] for sentence in SENTENCES[:2]]
    together = transcriber.hear(windows)
    alone = [transcriber.hear([window])[0] for window in windows]
    assert [_text(one) for one in together] == [_text(one) for one in alone]
    for one, other in zip(together, alone, strict=True):
        assert [word.start for s in one for word in s.words] == pytest.approx(
            [word.start for s in other for word in s.words], abs=0.3
        )


def test_a_doubtful_answer_is_tried_again_the_same_way_each_time(
    transcriber: Transcriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_doubtful", lambda answer: True)
    window, said = speech(SENTENCES[:2], lead_s=0.3)
    (answer,) = transcriber.hear([window])
    assert word_errors(" ".join(one.text for one in said), _text(answer)) < 1
    assert all(segment.temperature > 0 for segment in answer)
    assert answer[-1].end <= len(window) / RATE + 0.5


def test_the_language_is_found_in_what_is_heard(
    transcriber: Transcriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The small model knows English only: what a larger one would answer stands in for it."""
    votes = iter([[("de", 0.4), ("en", 0.3)], [("de", 0.9), ("en", 0.1)]])
    asked = []

    def detect(samples: Any) -> tuple[str, float, list[tuple[str, float]]]:
        asked.append(len(samples))
        return "", 0.0, next(votes)

    monkeypatch.setattr(transcriber, "_vote", LanguageVote())
    monkeypatch.setattr(transcriber._model, "detect_language", detect)
    window = speech(SENTENCES[:1])[0]
    assert transcriber.language == "und"
    for _ in range(3):
        transcriber.hear([window])
    assert transcriber.language == "de"
    assert len(asked) == 2


def test_options_reach_the_model(transcriber: Transcriber, monkeypatch: pytest.MonkeyPatch) -> None:
    options = SpeechOptions(translate=True, vocabulary=("Heddle", "CTranslate2"), beam_size=2)
    monkeypatch.setattr(transcriber, "options", options)
    asked = transcriber._arguments()
    assert (asked["task"], asked["hotwords"], asked["beam_size"]) == ("translate", "Heddle, CTranslate2", 2)
    assert transcriber.language == "en"


def test_options_survive_another_process() -> None:
    options = SpeechOptions(language="de", vocabulary=("a", "b"), device="cpu", least_s=8.0)
    assert SpeechOptions.from_dict(options.as_dict()) == options


@pytest.mark.parametrize("wrong", [{"device": "tpu"}, {"vocabulary": ("x",) * (MAX_VOCABULARY + 1)}])
def test_impossible_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SpeechError):
        SpeechOptions(**wrong)


def _text(answer: list[Any]) -> str:
    return "".join(segment.text for segment in answer)
