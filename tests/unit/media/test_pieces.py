"""A film encoded in pieces is the film encoded at once."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from media.cuts import Cut, cuts_of
from media.errors import RenditionError
from media.facts import Rung
from media.fragments import Fragment, scan
from media.pictures import Coding
from media.pieces import Piece, encode_piece, join_pieces
from media.presets import load
from media.probe import probe
from media.renditions import make_renditions
from media.sniff import Container
from tests.support.footage import RECORDED, every, shoot, stamps
from tests.support.media import decode_errors

RUNGS = (Rung("144p", 256, 144), Rung("90p", 160, 90))
CODING = Coding(load().rendition, Fraction(30), threads=1)
AV1 = Coding(load().rendition_av1, Fraction(30), threads=1)


def fragments(*lengths: float, keys: str) -> list[Fragment]:
    made: list[Fragment] = []
    start = 0.0
    for number, (length, key) in enumerate(zip(lengths, keys, strict=True)):
        made.append(Fragment(1000 + 100 * number, 100, start, length, keyframe=key == "k"))
        start += length
    return made


def test_a_film_is_cut_at_the_first_key_after_a_pieces_time() -> None:
    film = fragments(*[1.0] * 10, keys="k.k..k.k.k")
    cuts = cuts_of(film, finished=True, piece_s=3.0)
    assert [(cut.begin, cut.end, cut.spill) for cut in cuts] == [
        (1000, 1500, 1600),
        (1500, 1900, 2000),
        (1900, 2000, 2000),
    ]
    assert [cut.duration_s for cut in cuts] == [5.0, 4.0, 1.0]


def test_the_cuts_of_a_growing_film_are_those_of_the_finished_one() -> None:
    film = fragments(*[0.5] * 40, keys="k..." * 10)
    whole = cuts_of(film, finished=True, piece_s=4.0)
    for count in range(len(film) + 1):
        growing = cuts_of(film[:count], finished=False, piece_s=4.0)
        assert growing == whole[: len(growing)]
    assert len(cuts_of(film, finished=False, piece_s=4.0)) == len(whole) - 1


def test_what_does_not_begin_with_a_key_is_not_cut() -> None:
    assert cuts_of(fragments(1.0, 1.0, keys=".k"), finished=True) == []
    assert cuts_of([], finished=True) == []


def in_pieces(film: Path, folder: Path, piece_s: float = 2.0, coding: Coding = CODING) -> dict[Path, Rung]:
    facts = probe(film, kind=Container.MP4)
    with film.open("rb") as file:
        index = scan(file)
    pieces: list[tuple[Piece, dict[str, Path]]] = []
    for cut in cuts_of(index.fragments, finished=True, piece_s=piece_s):
        outputs = {folder / f"part-{cut.number}-{rung.name}.mp4": rung for rung in RUNGS}
        piece = encode_piece(
            film, outputs, cut, facts=facts, coding=coding, init_length=index.init_length or 0
        )
        pieces.append((piece, {rung.name: path for path, rung in outputs.items()}))
    assert len(pieces) > 2
    joined = {folder / f"{rung.name}.mp4": rung for rung in RUNGS}
    join_pieces(film, joined, pieces, kind=Container.MP4, facts=facts)
    return joined


def packets(path: Path) -> list[tuple[object, ...]]:
    with av.open(str(path)) as film:
        return [
            (packet.stream.index, packet.pts, packet.dts, packet.duration, packet.is_keyframe)
            for packet in film.demux()
            if packet.size
        ]


def decoded(path: Path) -> tuple[int, int]:
    """Pictures, and samples of sound."""
    with av.open(str(path)) as film:
        count = sum(1 for _ in film.decode(video=0))
    with av.open(str(path)) as film:
        return count, sum(frame.samples for frame in film.decode(audio=0))


VARIABLE = [0.0, 0.033, 0.5, 0.51, 1.0, 1.5, 2.0, 2.4, 2.9, 3.0, 3.001, 3.5, 4.0, 4.5, 6.0, 6.1, 8.0, 12.5]


@pytest.mark.parametrize(
    ("times", "coding"),
    [(every(7), CODING), (VARIABLE, CODING), (VARIABLE, AV1)],
    ids=["steady", "variable", "AV1"],
)
def test_the_joined_film_is_the_one_encoded_at_once(
    tmp_path: Path, times: list[float], coding: Coding
) -> None:
    film = shoot(tmp_path / "a.mp4", times, sound_s=times[-1], options=RECORDED)
    at_once = {tmp_path / f"{rung.name}-once.mp4": rung for rung in RUNGS}
    facts = probe(film, kind=Container.MP4)
    make_renditions(film, at_once, kind=Container.MP4, facts=facts, coding=coding)
    for joined, once in zip(in_pieces(film, tmp_path, coding=coding), at_once, strict=True):
        assert sorted(packets(joined)) == sorted(packets(once))
        assert decoded(joined) == decoded(once)
        assert decode_errors(joined) == ""
        assert probe(joined, kind=Container.MP4).fragmented


def test_pictures_that_are_stored_behind_a_key_and_shown_before_it_are_in_the_right_piece(
    tmp_path: Path,
) -> None:
    film = shoot(tmp_path / "a.mp4", every(7), b_frames=2, sound_s=7.0, options=RECORDED)
    for joined in in_pieces(film, tmp_path):
        assert [at for at, _ in stamps(joined)] == [at for at, _ in stamps(film)]


def test_pieces_that_were_encoded_in_other_ways_are_not_joined(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(2), options=RECORDED)
    facts = probe(film, kind=Container.MP4)
    with film.open("rb") as file:
        index = scan(file)
    (cut,) = cuts_of(index.fragments, finished=True)
    pieces = []
    for number, rung in enumerate(RUNGS):
        path = tmp_path / f"{number}.mp4"
        piece = encode_piece(
            film, {path: rung}, cut, facts=facts, coding=CODING, init_length=index.init_length or 0
        )
        pieces.append((piece, {"90p": path}))
    with pytest.raises(RenditionError, match="fit together"):
        join_pieces(film, {tmp_path / "x.mp4": RUNGS[1]}, pieces, kind=Container.MP4, facts=facts)


def test_a_piece_begins_with_a_key_or_not_at_all(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(4), options=RECORDED)
    with film.open("rb") as file:
        index = scan(file)
    wrong = next(fragment for fragment in index.fragments if not fragment.keyframe)
    cut = replace(Cut(0, 0, index.consumed, index.consumed, 4.0), begin=wrong.offset)
    with pytest.raises(RenditionError, match="key frame"):
        encode_piece(
            film,
            {tmp_path / "x.mp4": RUNGS[1]},
            cut,
            facts=probe(film, kind=Container.MP4),
            coding=CODING,
            init_length=index.init_length or 0,
        )
