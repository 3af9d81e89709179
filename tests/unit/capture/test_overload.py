"""Relief comes when pictures are lost for a while, in order, each kind once."""

from capture.overload import Overload, Relief


def feed(
    overload: Overload, share_lost: float, seconds: float, start: tuple[float, int, int]
) -> list[Relief]:
    """Thirty pictures a second from `start` (time, given, lost), a share of them lost."""
    at, given, lost = start
    found = []
    for step in range(1, int(seconds * 10) + 1):
        count = step * 3
        relief = overload.observe(
            at + step / 10, given + round(count * (1 - share_lost)), lost + round(count * share_lost)
        )
        found += [relief] if relief else []
    return found


def test_a_machine_that_keeps_up_is_left_alone() -> None:
    assert feed(Overload(), 0.05, 60, (0.0, 0, 0)) == []


def test_a_short_hiccup_is_no_reason() -> None:
    overload = Overload()
    assert feed(overload, 0.9, 2.5, (0.0, 0, 0)) == []
    assert feed(overload, 0.0, 10, (2.5, 8, 68)) == []


def test_lasting_loss_halves_the_rate_first_and_then_lightens_the_encoder_and_that_is_all() -> None:
    assert feed(Overload(), 0.5, 60, (0.0, 0, 0)) == [Relief.HALF_RATE, Relief.LIGHT_ENCODER]


def test_what_was_lost_for_another_reason_does_not_count() -> None:
    overload = Overload()
    assert feed(overload, 0.9, 3.9, (0.0, 0, 0)) == []
    overload.forget()
    assert feed(overload, 0.9, 2.5, (3.9, 12, 105)) == []
