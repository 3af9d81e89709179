"""How far the server is behind a recording, in seconds of it."""

import pytest

from desktop.recorder.lag import UploadLag


def test_a_server_that_has_every_byte_is_not_behind() -> None:
    lag = UploadLag()
    assert lag.observe(100, 1.0, 100) == 0.0
    assert lag.observe(100, 1.4, 100) == 0.0


def test_the_lag_grows_while_nothing_is_acknowledged_and_goes_when_it_is() -> None:
    lag = UploadLag()
    assert [lag.observe(second * 100, float(second), 150) for second in range(1, 6)] == pytest.approx(
        [0, 1, 2, 3, 4]
    )
    assert lag.observe(600, 6.0, 600) == 0.0
    assert lag.observe(700, 7.0, 600) == pytest.approx(1.0)


def test_hours_without_a_server_take_no_more_memory() -> None:
    lag = UploadLag()
    for second in range(20_000):
        lag.observe(second * 100, float(second), 0)
    assert len(lag._sizes) <= 4096
