"""The limits are those of the specification, as data, and can be replaced by a file."""

from pathlib import Path

import pytest

from server.errors import SetupError
from server.limits.rules import DEFAULT, Rule, Whose, relevant, rules_of
from server.limits.storage import check_url


def endpoints(method: str, path: str, rules: tuple[Rule, ...] = DEFAULT) -> list[tuple[str, str]]:
    return [(rule.whose.value, rule.endpoint) for rule in relevant(rules, method, path)]


def test_the_default_is_the_specifications_table() -> None:
    assert [(one.whose, one.endpoint, one.window_s, one.limit, one.burst) for one in DEFAULT] == [
        (Whose.USER, "POST /recordings", 3600, 100, 10),
        (Whose.USER, "GET /recordings", 60, 60, 10),
        (Whose.USER, "POST /videos/*/share", 3600, 1000, 50),
        (Whose.KEY, "*", 3600, 10_000, 100),
        (Whose.ALL, "POST /recordings", 60, 1000, None),
    ]


def test_burst_is_how_many_more_than_evenly_spread_may_come_at_once() -> None:
    assert [one.at_once for one in DEFAULT] == [(11, 36), (11, 1), (51, 4), (102, 1), None]
    assert Rule("x", window_s=60, limit=60, burst=100).at_once is None
    assert Rule("x", window_s=1, limit=10, burst=1).at_once is None
    assert Rule("x", window_s=60, limit=60, burst=0).at_once == (1, 1)


def test_a_rule_counts_its_own_address_and_no_other() -> None:
    mine = [
        ("user_limits", "POST /recordings"),
        ("api_key_limits", "*"),
        ("global_limits", "POST /recordings"),
    ]
    any_ = ("api_key_limits", "*")
    assert endpoints("POST", "/api/v1/recordings") == mine
    assert endpoints("POST", "/api/v1/recordings/") == mine
    assert endpoints("GET", "/api/v1/recordings") == [("user_limits", "GET /recordings"), any_]
    assert endpoints("GET", "/api/v1/recordings/some-id") == [any_]
    assert endpoints("POST", "/api/v1/recordings/templates") == [any_]
    assert endpoints("POST", "/api/v1/videos/some-id/share") == [
        ("user_limits", "POST /videos/*/share"),
        any_,
    ]
    assert endpoints("POST", "/api/v1/videos/a/b/share") == [any_]
    assert endpoints("POST", "/auth/login") == []
    assert endpoints("GET", "/s/slug") == []


@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE", "GET"])
@pytest.mark.parametrize(
    "path", ["/api/v1/uploads", "/api/v1/uploads/id", "/api/v1/streams/id", "/api/v1/streams/id/t/video.m3u8"]
)
def test_what_a_recorder_sends_and_a_player_asks_is_never_counted(method: str, path: str) -> None:
    strict = (Rule("*", window_s=3600, limit=1), Rule(f"{method} /uploads/*", window_s=3600, limit=1))
    assert endpoints(method, path, strict) == []


def test_limits_can_be_turned_off_or_read_from_a_file(tmp_path: Path) -> None:
    assert rules_of("on") == DEFAULT
    assert rules_of("off") == ()
    file = tmp_path / "limits.toml"
    file.write_text(
        '[[user_limits]]\nendpoint = "* /search"\nwindow = "2m"\nlimit = 7\nburst = 3\n'
        '[[global_limits]]\nendpoint = "*"\nwindow = "1d"\nlimit = 9\n'
    )
    user, all_ = rules_of(str(file))
    assert (user.whose, user.window_s, user.limit, user.burst) == (Whose.USER, 120, 7, 3)
    assert (all_.whose, all_.window_s, all_.burst) == (Whose.ALL, 86_400, None)
    assert endpoints("GET", "/api/v1/search", (user,)) == [("user_limits", "* /search")]


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "[[user_limit]]\n",
        '[[user_limits]]\nendpoint = "*"\nwindow = "1h"\n',
        '[[user_limits]]\nendpoint = "*"\nwindow = "1 hour"\nlimit = 1\n',
        '[[user_limits]]\nendpoint = "*"\nwindow = "0s"\nlimit = 1\n',
        '[[user_limits]]\nendpoint = "*"\nwindow = "1h"\nlimit = 0\n',
        '[[user_limits]]\nendpoint = "*"\nwindow = "1h"\nlimit = "7"\n',
        '[[user_limits]]\nendpoint = "recordings"\nwindow = "1h"\nlimit = 7\n',
        '[[user_limits]]\nendpoint = "*"\nwindow = "1h"\nlimit = 7\nbursts = 1\n',
    ],
)
def test_a_file_that_makes_no_sense_stops_the_start_with_a_reason(tmp_path: Path, text: str) -> None:
    file = tmp_path / "limits.toml"
    file.write_text(text)
    with pytest.raises(SetupError, match=r"limits\.toml"):
        rules_of(str(file))
    with pytest.raises(SetupError, match=r"no\.toml"):
        rules_of(str(tmp_path / "no.toml"))


@pytest.mark.parametrize("url", ["http://x", "memcached://x", "redis", "async+redis://x"])
def test_only_redis_counts_for_several_servers(url: str) -> None:
    with pytest.raises(SetupError, match="redis://"):
        check_url(url)
