import pytest

from uploader.window import FIRST, LARGEST, LIVE, SMALLEST, Portion, Window

MIB = 1024**2


def fast() -> Window:
    window = Window()
    window.acked(FIRST, 0.001)
    return window


def test_the_first_body_is_moderate_whatever_the_file() -> None:
    assert Window().next(100 * 1024 * MIB, live=False) == Portion(FIRST, checked=True)


@pytest.mark.parametrize(
    ("size", "portion"), [(1 * MIB, FIRST), (16 * MIB, FIRST), (512 * MIB, 8 * MIB), (4096 * MIB, LARGEST)]
)
def test_a_checked_body_risks_a_small_part_of_the_file(size: int, portion: int) -> None:
    assert fast().next(size, live=False) == Portion(portion, checked=True)


def test_a_slow_line_gets_bodies_of_a_few_seconds() -> None:
    window = Window()
    window.acked(FIRST, 2.0)
    assert window.next(1024 * MIB, live=False).size == 2 * FIRST
    window = Window()
    window.acked(FIRST, 1000.0)
    assert window.next(1024 * MIB, live=False).size == SMALLEST


def test_a_live_fragment_goes_in_one_piece_from_the_first_second_on() -> None:
    assert fast().next(100_000, live=True) == Portion(LIVE, checked=True)


def test_after_an_interruption_the_server_is_to_keep_what_arrives() -> None:
    window = fast()
    window.interrupted()
    assert window.next(24 * MIB, live=False) == Portion(SMALLEST, checked=False)
    assert window.next(1024 * MIB, live=True) == Portion(2 * MIB, checked=False)


def test_checksums_come_back_when_a_lost_body_would_hardly_count() -> None:
    window = fast()
    window.interrupted()
    window.acked(63 * FIRST, 0.1)
    assert not window.next(15 * MIB, live=False).checked
    window.acked(FIRST, 0.001)
    assert window.next(15 * MIB, live=False) == Portion(FIRST, checked=True)


def test_an_empty_body_says_nothing_about_the_line() -> None:
    window = Window()
    window.acked(0, 0.1)
    assert window.rate is None
