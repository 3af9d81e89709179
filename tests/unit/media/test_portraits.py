"""Pictures of people: small squares, whatever was sent."""

import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media.errors import UnreadableMedia
from media.portraits import SIDE, make_portrait
from tests.support.fuzzing import fuzzed


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "CMYK"), ("WEBP", "RGB")])
@pytest.mark.parametrize("size", [(1, 1), (31, 700)])
def test_any_picture_becomes_the_same_square(
    tmp_path: Path, kind: str, mode: str, size: tuple[int, int]
) -> None:
    Image.new(mode, size).save(tmp_path / "source", kind)
    make_portrait(tmp_path / "source", tmp_path / "out.webp")
    with Image.open(tmp_path / "out.webp") as made:
        assert (made.format, made.mode, made.size) == ("WEBP", "RGB", (SIDE, SIDE))


def test_a_picture_lies_as_its_camera_was_held(tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 40), "red")
    image.paste("blue", (0, 0, 40, 20))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    image.save(tmp_path / "source", "JPEG", exif=exif, quality=95)
    make_portrait(tmp_path / "source", tmp_path / "out.webp")
    with Image.open(tmp_path / "out.webp") as made:
        red, _, blue = made.getpixel((128, 40))  # type: ignore[misc]  # three channels
        assert (red > 200, blue < 60) == (True, True)
        assert made.getexif() == {}


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "PPM"])
def test_other_kinds_are_not_even_tried(tmp_path: Path, kind: str) -> None:
    Image.new("RGB", (9, 9)).save(tmp_path / "source", kind)
    with pytest.raises(UnreadableMedia, match="cannot be read"):
        make_portrait(tmp_path / "source", tmp_path / "out.webp")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 12_000, 12_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )
    (tmp_path / "source").write_bytes(bomb)
    with pytest.raises(UnreadableMedia, match="too large"):
        make_portrait(tmp_path / "source", tmp_path / "out.webp")


def picture(kind: str) -> bytes:
    written = io.BytesIO()
    Image.effect_noise((24, 24), 90).convert("RGB").save(written, kind)
    return written.getvalue()


PICTURES = [picture(kind) for kind in ("PNG", "JPEG", "WEBP")]


@fuzzed
@given(st.sampled_from(PICTURES), st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6))
def test_a_damaged_picture_is_a_square_or_refused(whole: bytes, flips: list[tuple[int, int]]) -> None:
    damaged = bytearray(whole)
    for place, value in flips:
        damaged[place % len(damaged)] = value
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder, "source"), Path(folder, "out.webp")
        source.write_bytes(damaged)
        try:
            make_portrait(source, output)
        except UnreadableMedia:
            return
        with Image.open(output) as made:
            assert made.size == (SIDE, SIDE)
