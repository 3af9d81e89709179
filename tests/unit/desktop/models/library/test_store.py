"""The library on disk: what is merged, found, changed offline and never lost."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.models.library.items import Item, Remote, Sending, Standing, Take, id_key
from desktop.models.library.query import Place, Query, Sort
from desktop.models.library.store import Store
from media.manifest import TakeState
from media.transcript import Segment, Transcript, Word
from uploader.states import UploadState

SERVER = "http://server"
SAID = Transcript(
    "de",
    (
        Segment(
            0,
            1.0,
            3.0,
            "Öffne die Einstellungen",
            1.0,
            (Word(1.0, 1.5, "Öffne"), Word(2.0, 3.0, "Einstellungen")),
        ),
        Segment(1, 5.0, 6.0, "Und öffne sie wieder"),
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "library.db") as opened:
        opened.use_server(SERVER)
        yield opened


def take(tmp_path: Path, name: str = "a", **given: Any) -> Take:
    return Take(
        **{
            "path": tmp_path / f"{name}.mp4",
            "title": name,
            "state": TakeState.FINISHED,
            "created_at": 10.0,
            "duration_s": 5.0,
            **given,
        }
    )


def sending(tmp_path: Path, name: str = "a", **given: Any) -> Sending:
    usual = {
        "id": "u1",
        "path": tmp_path / f"{name}.mp4",
        "title": name,
        "server": SERVER,
        "created_at": 10.0,
        "ended_at": 11.0,
    }
    return Sending(**{**usual, "state": UploadState.DONE, "recording_id": "R", **given})


def remote(number: str = "R", title: str = "a", **given: Any) -> Remote:
    fields = {"title": title, "description": "", "folderId": None, "tags": [], **given.pop("fields", {})}
    return Remote(**{"id": number, "status": "completed", "fields": fields, "created_at": 10.0, **given})


def shown(store: Store, query: Query | None = None) -> list[Item]:
    return [store.items([number])[number] for number in store.ids(query or Query())]


def test_file_upload_and_recording_are_one_item_in_whatever_order_they_are_told(tmp_path: Path) -> None:
    tellings = {
        "take": lambda store: store.put_takes([take(tmp_path)]),
        "early": lambda store: store.put_sendings(
            [sending(tmp_path, state=UploadState.CREATING, recording_id=None)]
        ),
        "upload": lambda store: store.put_sendings([sending(tmp_path)]),
        "server": lambda store: store.put_remotes([remote()]),
    }
    orders = [o for o in itertools.permutations(tellings) if o.index("early") < o.index("upload")]
    for number, order in enumerate(orders):
        with Store(tmp_path / f"{number}.db") as store:
            store.use_server(SERVER)
            for name in order:
                tellings[name](store)
            [item] = shown(store)
            assert (item.standing, item.recording_id) == (Standing.READY, "R"), order
            assert item.path == tmp_path / "a.mp4"


def test_a_second_upload_of_a_file_leaves_the_first_recording_in_sight(store: Store, tmp_path: Path) -> None:
    store.put_takes([take(tmp_path)])
    store.put_remotes([remote("R1", "first"), remote("R2", "second")])
    store.put_sendings([sending(tmp_path, recording_id="R1")])
    store.put_sendings([sending(tmp_path, id="u2", created_at=20.0, recording_id="R2")])
    assert {item.recording_id: bool(item.path) for item in shown(store)} == {"R1": False, "R2": True}


def test_words_are_found_from_their_beginning_whatever_their_accents(store: Store, tmp_path: Path) -> None:
    store.put_remotes([remote("R1", "Käsekuchen"), remote("R2", "Budget", fields={"tags": ["finance"]})])
    store.put_transcript(id_key("R2"), SAID)
    found = {
        text: [item.title for item in shown(store, Query(text))]
        for text in ("kase", "KÄSE", "offne einst", "finan", "budget offne", "kase budget", '"a* OR (', "...")
    }
    assert found == {
        "kase": ["Käsekuchen"],
        "KÄSE": ["Käsekuchen"],
        "offne einst": ["Budget"],
        "finan": ["Budget"],
        "budget offne": ["Budget"],
        "kase budget": [],
        '"a* OR (': [],
        "...": ["Käsekuchen", "Budget"],
    }
    item = store.item(id_key("R2"))
    assert item is not None
    assert [(one.at_s, one.text) for one in store.moments(item, "offne einst")] == [
        (1.0, "Öffne die Einstellungen"),
        (5.0, "Und öffne sie wieder"),
    ]


def test_filters_and_orders(store: Store) -> None:
    store.put_remotes(
        [
            remote("R1", "b", created_at=1.0, duration_s=30.0, fields={"folderId": "f", "tags": ["x", "y"]}),
            remote("R2", "Ä", created_at=2.0, duration_s=10.0, fields={"tags": ["x"]}),
            remote("R3", "c", created_at=3.0, status="processing"),
            remote("R4", "d", trashed_at=4.0),
        ]
    )
    queries = {
        Query(): "c Ä b",
        Query(sort=Sort.TITLE): "Ä b c",
        Query(sort=Sort.OLDEST): "b Ä c",
        Query(sort=Sort.LONGEST): "b Ä c",
        Query(folder="f"): "b",
        Query(tags=("x",)): "Ä b",
        Query(tags=("x", "y")): "b",
        Query(standings=frozenset({Standing.PROCESSING})): "c",
        Query(since=2.0, until=3.0): "Ä",
        Query(shortest_s=20.0): "b",
        Query(place=Place.TRASH): "d",
        Query(place=Place.HERE): "",
    }
    for query, expected in queries.items():
        assert " ".join(item.title for item in shown(store, query)) == expected, query
    assert store.tags() == [("x", 2), ("y", 1)]


def test_what_is_changed_before_there_is_a_recording_follows_it(store: Store, tmp_path: Path) -> None:
    store.put_takes([take(tmp_path)])
    [item] = shown(store)
    store.edit(item.key, {"title": "Renamed", "tags": ["new"]}, 12.0)
    store.put_sendings([sending(tmp_path)])
    store.put_remotes([remote()])
    [item] = shown(store)
    assert (item.title, item.tags, item.unsent) == ("Renamed", ("new",), True)
    [(anchor, edit)] = store.edits()
    assert (anchor, edit.base) == ("id:R", {"title": "a", "tags": []})


def test_changes_outlive_the_program(tmp_path: Path) -> None:
    with Store(tmp_path / "library.db") as store:
        store.put_remotes([remote()])
        store.edit("id:R", {"title": "Renamed"}, 1.0)
    with Store(tmp_path / "library.db") as store:
        assert [item.title for item in shown(store)] == ["Renamed"]
        assert shown(store, Query("renam")), "found by its new name"
        assert not shown(store, Query("a"))


def test_a_file_in_the_trash_stays_there_when_the_server_has_erased_its_recording(
    store: Store, tmp_path: Path
) -> None:
    store.put_takes([take(tmp_path)])
    store.put_sendings([sending(tmp_path)])
    store.put_remotes([remote()])
    [item] = shown(store)
    store.edit(item.key, {"trashed": True}, 12.0)
    [(anchor, edit)] = store.edits()
    store.put_edit(anchor, edit, None, edit.mine, remote(trashed_at=13.0))
    assert not shown(store)
    store.put_remotes([], complete_at=99.0)
    [item] = shown(store, Query(place=Place.TRASH))
    store.edit(item.key, {"trashed": False}, 100.0)
    [item] = shown(store)
    assert item.standing is Standing.LOCAL


def test_what_is_on_no_list_of_the_server_is_forgotten_and_the_file_says_so(
    store: Store, tmp_path: Path
) -> None:
    store.put_takes([take(tmp_path)])
    store.put_sendings([sending(tmp_path)])
    store.put_remotes([remote(), remote("R9")])
    store.put_remotes([], complete_at=99.0)
    [item] = shown(store)
    assert item.standing is Standing.LOCAL
    assert item.problem is not None


def test_another_server_knows_nothing_of_the_last_ones_recordings(store: Store, tmp_path: Path) -> None:
    store.put_takes([take(tmp_path)])
    store.put_remotes([remote("R9")])
    store.edit("id:R9", {"title": "Mine"}, 1.0)
    store.use_server("http://other")
    assert [item.key for item in shown(store)] == [f"file:{tmp_path / 'a.mp4'}"]
    assert store.edits(), "what was changed waits for its own server"


def test_listeners_hear_which_items_changed(tmp_path: Path) -> None:
    heard: list[set[int]] = []
    with Store(tmp_path / "library.db", heard.append) as store:
        store.put_takes([take(tmp_path), take(tmp_path, "b")])
        store.put_takes([take(tmp_path), take(tmp_path, "b", size=7)])
        assert heard == [{1, 2}, {2}]
        assert [item.size for item in shown(store)] == [None, 7]
