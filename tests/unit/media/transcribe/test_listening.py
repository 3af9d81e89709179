"""Spoken sentences are found at their times, from files and from streams, and silence says nothing."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from media.sniff import Container
from media.transcribe.engine import Transcriber
from media.transcribe.files import transcribe_file, transcribe_part
from media.transcribe.listener import Listener
from media.transcribe.options import SpeechOptions
from media.transcribe.sound import pieces_of_file
from media.transcript import Segment, Transcript
from tests.support.media import make_video
from tests.support.speech import MODEL, RATE, SENTENCES, Said, speech, word_errors, write_sound


def assert_found(transcript: Transcript, said: list[Said]) -> None:
    """Most words, and most of each sentence's where it was spoken."""
    assert word_errors(" ".join(one.text for one in said), transcript.text) < 0.35
    words = [word for segment in transcript.segments for word in segment.words]
    for one in said:
        near = [word.text for word in words if one.start - 1 < word.start and word.end < one.end + 1]
        spoken = one.text.split()
        assert sum(word in near for word in spoken) / len(spoken) > 0.5


def test_sentences_of_a_file_are_found_at_their_times(talk: tuple[Path, list[Said]]) -> None:
    path, said = talk
    fractions: list[float] = []
    told: list[Segment] = []
    options = SpeechOptions(least_s=4.0, threads=2)
    found = transcribe_file(
        path, Container.MP4, MODEL, options, watch=fractions.append, on_segment=told.append
    )
    assert_found(found, said)
    assert found.language == "en"
    assert found.model == MODEL.name
    assert found.duration_s == pytest.approx(said[-1].end + 1.5, abs=0.2)
    assert tuple(told) == found.segments
    assert [segment.id for segment in told] == list(range(len(told)))
    assert fractions == sorted(fractions)
    assert fractions[-1] > 0.8


def test_words_lie_in_order_inside_their_segments(
    transcriber: Transcriber, talk: tuple[Path, list[Said]]
) -> None:
    found = transcribe_part(talk[0], Container.MP4, transcriber).transcript
    words = [word for segment in found.segments for word in segment.words]
    assert found.word_count == len(words) > 30
    assert all(a.start <= b.start for a, b in itertools.pairwise(words))
    assert all(s.start <= w.start <= w.end <= s.end for s in found.segments for w in s.words)
    assert all(0 < w.confidence <= 1 and w.text == w.text.strip() for w in words)
    assert 0.5 < found.confidence <= 1


@pytest.mark.parametrize("size", [700, 60 * RATE])
def test_a_stream_gives_the_text_of_its_file_whatever_the_size_of_its_pieces(
    transcriber: Transcriber, talk: tuple[Path, list[Said]], size: int
) -> None:
    whole = transcribe_part(talk[0], Container.MP4, transcriber).transcript
    sound = np.concatenate(list(pieces_of_file(talk[0], Container.MP4)))
    listener = Listener(transcriber)
    for at in range(0, len(sound), size):
        listener.feed(sound[at : at + size])
    assert listener.finish() == whole


def test_settled_text_grows_while_the_sound_arrives_and_never_changes(transcriber: Transcriber) -> None:
    sound, said = speech()
    listener = Listener(transcriber)
    settled: list[Segment] = []
    first_at = 0.0
    for at in range(0, len(sound), RATE):
        settled += listener.feed(sound[at : at + RATE])
        first_at = first_at or (at / RATE if settled else 0.0)
        assert list(listener.transcript().segments) == settled
        assert all(segment.end <= listener.settled_s + 0.5 for segment in settled)
    assert 0 < first_at < said[2].start
    assert listener.finish().segments[: len(settled)] == tuple(settled)


def test_a_run_goes_on_where_the_one_before_was_settled(
    transcriber: Transcriber, talk: tuple[Path, list[Said]]
) -> None:
    """As over a file that is still being uploaded."""
    path, said = talk
    first = transcribe_part(path, Container.MP4, transcriber, final=False)
    assert 0 < first.settled_s < said[-1].end + 1.5
    count = len(first.transcript.segments)
    rest = transcribe_part(path, Container.MP4, transcriber, start_s=first.settled_s, first_id=count)
    segments = (*first.transcript.segments, *rest.transcript.segments)
    assert [segment.id for segment in segments] == list(range(len(segments)))
    assert_found(Transcript("en", segments), said)


def test_a_part_begins_at_its_sample(talk: tuple[Path, list[Said]]) -> None:
    whole = np.concatenate(list(pieces_of_file(talk[0], Container.MP4)))
    late = np.concatenate(list(pieces_of_file(talk[0], Container.MP4, start_s=5.0)))
    assert abs(len(whole) - 5 * RATE - len(late)) <= 2
    assert np.corrcoef(whole[5 * RATE : 9 * RATE], late[: 4 * RATE])[0, 1] > 0.95


@pytest.mark.parametrize("kind", ["nothing", "hiss", "chord", "typing"])
def test_what_is_no_voice_says_nothing(transcriber: Transcriber, kind: str) -> None:
    moments = np.arange(12 * RATE) / RATE
    lot = np.random.default_rng(2)
    click = lot.normal(0, 0.3, 400) * np.exp(-np.arange(400) / 80)
    sound = {
        "nothing": 0 * moments,
        "hiss": lot.normal(0, 0.1, len(moments)),
        "chord": 0.1 * sum(np.sin(2 * np.pi * tone * moments) for tone in (220, 277, 330, 440)),
        "typing": np.convolve(lot.random(len(moments)) < 0.0004, click, "same"),
    }[kind]
    listener = Listener(transcriber)
    assert listener.feed(sound.astype(np.float32)) == []
    assert listener.finish().segments == ()
    assert listener.settled_s > 10


def test_samples_that_are_no_numbers_do_not_deafen(transcriber: Transcriber) -> None:
    sound, said = speech(SENTENCES[:2], lead_s=2.0)
    sound[: RATE // 2] = np.nan
    sound[RATE // 2 : RATE] = np.inf
    listener = Listener(transcriber)
    listener.feed(sound)
    assert_found(listener.finish(), said)


def test_sound_is_not_kept_longer_than_it_is_needed(transcriber: Transcriber) -> None:
    listener = Listener(transcriber)
    for _ in range(40):
        listener.feed(np.zeros(RATE, np.float32))
        assert len(listener._sound._samples) <= 2 * RATE


def test_a_film_without_sound_has_an_empty_transcript(transcriber: Transcriber, tmp_path: Path) -> None:
    film = make_video(tmp_path / "mute.mp4", 0.5, audio=False)
    assert transcribe_part(film, Container.MP4, transcriber).transcript.segments == ()


def test_a_hole_in_the_sound_stays_a_hole(tmp_path: Path, transcriber: Transcriber) -> None:
    """Words keep their place where a recorder lost sound: here two sentences, 20 s apart by their times."""
    import av

    sound, said = speech(SENTENCES[:2])
    path = tmp_path / "hole.mkv"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("flac", rate=RATE, layout="mono")
        cut = round((said[1].start - 0.7) * RATE)
        for offset, part in ((0, sound[:cut]), (cut + 20 * RATE, sound[cut:])):
            for at in range(0, len(part), 4096):
                pcm = (part[at : at + 4096] * 32767).astype(np.int16).reshape(1, -1)
                frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
                frame.sample_rate, frame.pts = RATE, offset + at
                output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    found = transcribe_part(path, Container.MATROSKA, transcriber).transcript
    assert found.duration_s == pytest.approx(len(sound) / RATE + 20, abs=0.3)
    assert found.segments[-1].end == pytest.approx(said[1].end + 20, abs=0.7)


def test_nothing_is_reported_to_anybody(tmp_path: Path) -> None:
    """The voice detector's runtime keeps a database of events to send, unless it is told not to."""
    code = "from media.transcribe import voice; voice.prepare()"
    folders = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE")}
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **folders}, check=True)
    assert list(tmp_path.rglob("*onnx*")) == []


def test_watch_stops_the_work(talk: tuple[Path, list[Said]], transcriber: Transcriber) -> None:
    def stop(_fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transcribe_part(talk[0], Container.MP4, transcriber, watch=stop)


def test_any_layout_and_rate_is_heard(tmp_path: Path, transcriber: Transcriber) -> None:
    sound, said = speech(SENTENCES[:1])
    path = write_sound(tmp_path / "mono.mkv", sound * 0.1, rate=22_050, channels=1)
    assert_found(transcribe_part(path, Container.MATROSKA, transcriber).transcript, said)
