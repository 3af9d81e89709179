"""Containers are told by their first bytes, and what is not one is refused."""

import pytest

from media.sniff import SNIFF_BYTES, TAKEN, Container, refusal, sniff
from tests.support import films


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ("mp4", Container.MP4),
        ("mov", Container.MP4),
        ("mkv", Container.MATROSKA),
        ("avi", Container.AVI),
        ("ts", Container.MPEGTS),
        ("m2ts", Container.MPEGTS),
        ("asf", Container.ASF),
        ("flv", Container.FLV),
        ("3gp", Container.MP4),
    ],
)
def test_real_files_are_recognised(container: str, expected: Container) -> None:
    assert sniff(films.plain(1.0, container=container)[:SNIFF_BYTES]) is expected


def test_a_growing_recording_is_an_mp4() -> None:
    assert sniff(films.growing(1.0)[:16]) is Container.MP4


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", Container.WAV),
        (b"fLaC\x00\x00\x00\x22" + bytes(8), Container.FLAC),
        (b"ID3\x04\x00\x00\x00\x00\x00\x23" + bytes(8), Container.MP3),
        (b"\xff\xfb\x90\x64" + bytes(8), Container.MP3),
        (b"\xff\xf1\x4c\x80" + bytes(8), Container.AAC),
        (b"\x00\x00\x01\xba\x44" + bytes(8), Container.MPEGPS),
        (b"\x00\x00\x01\xba\x21" + bytes(8), Container.MPEGPS),
        (b"\0\0\0\0" + (b"G" + bytes(191)) * 3, Container.MPEGTS),
        (b"FORM\0\0\0\x20AIFFCOMM", Container.AIFF),
        (b"FORM\0\0\0\x20AIFCFVER", Container.AIFF),
        (b"caff\0\x01\0\0desc", Container.CAF),
        (b"#!AMR\n\x3c" + bytes(8), Container.AMR),
        (b"#!AMR-WB\n\x3c" + bytes(8), Container.AMR),
        (b"RF64\xff\xff\xff\xffWAVEds64", Container.WAV),
    ],
)
def test_what_begins_so_is_recognised(head: bytes, expected: Container) -> None:
    assert sniff(head) is expected


@pytest.mark.parametrize(
    "head",
    [
        b"FORM\0\0\0\x20ILBMBMHD",
        b"\0\0\0\x1cftypheic" + bytes(20),
        b"\0\0\0\0" + b"G" * 4 + bytes(400),
        b"#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\x89PNG\r\n\x1a\n" + bytes(20),
        b"<?xml version='1.0'?><MPD/>",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"\xff\xff\xff\xff" + bytes(20),
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(20),
        b"RIFF\x10\x00\x00\x00WEBPVP8 ",
        bytes(400),
        b"\x00\x00\x00\x04ftypisom" + bytes(8),
        b"G" * 188 + b"x" * 400,
        b"\x00\x00\x01\xba\xf0" + bytes(20),
        b"\x00\x00\x01\xb3\x14\x00\xf0" + bytes(20),
    ],
)
def test_everything_else_is_refused(head: bytes) -> None:
    assert sniff(head) is None


def test_too_few_bytes_are_undecided_until_they_are_all() -> None:
    assert sniff(b"\0\0\0\x18ft") is Container.UNDECIDED
    assert sniff(b"\0\0\0\x18ft", final=True) is None
    assert sniff(b"G" + bytes(100)) is Container.UNDECIDED
    assert sniff(b"G" + bytes(100), final=True) is None


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b".RMF\x00\x00\x00\x12", "a RealMedia file"),
        (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01", "an MXF file"),
        (b"CWS\x0a", "a Flash animation"),
        (b"\xef\xbb\xbf<!DOCTYPE html><title>404", "a web page"),
        (b"#EXTM3U\n#EXT-X-VERSION:3", "a playlist"),
        (b"\0\0\0\x1cftypavif", "a picture"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a picture"),
        (b"PK\x03\x04\x14\0", "an archive or a document"),
        (b"MThd\0\0\0\x06", "a MIDI file"),
    ],
)
def test_what_is_not_taken_is_called_by_its_name(head: bytes, name: str) -> None:
    assert not sniff(head, final=True)
    assert refusal(head).startswith(f"This is {name}")
    assert TAKEN in refusal(head)


@pytest.mark.parametrize("head", [b"", b"hello", bytes(400)])
def test_what_has_no_name_is_refused_all_the_same(head: bytes) -> None:
    assert refusal(head) == f"This is neither a video nor sound that we can read: {TAKEN}."
