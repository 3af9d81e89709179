import pytest

from desktop.models.place import Place, Stage, Where, kept_words, warning, words
from uploader.addresses import full_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("heddle.example", "https://heddle.example"),
        (" http://heddle.example/ ", "http://heddle.example"),
        ("localhost:8080", "http://localhost:8080"),
        ("127.0.0.1:21850", "http://127.0.0.1:21850"),
        ("", ""),
        ("[", "https://["),  # on the way to [::1]
    ],
)
def test_an_address_is_completed(typed: str, address: str) -> None:
    assert full_address(typed) == address


def test_an_unencrypted_address_is_warned_about() -> None:
    assert warning("http://192.0.2.1")
    assert not warning("http://127.0.0.1:8080")
    assert not warning("https://heddle.example")
    assert not warning("")


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CHOOSING])
def test_every_stage_has_words(stage: Stage) -> None:
    assert words(Place(Where.SERVER, stage, "https://h.example", "ada@b.c", page="https://h.example/device"))


def test_where_the_sign_in_lies_is_said_and_a_file_is_called_one() -> None:
    ready = Place(Where.SERVER, Stage.READY, "https://h.example", "a@b.c")
    assert kept_words(ready) == ""
    file = Place(Where.SERVER, Stage.READY, "https://h.example", "a@b.c", kept="/home/a/credentials.json")
    assert "only you can read" in kept_words(file)
    keyring = Place(Where.SERVER, Stage.READY, "https://h.example", "a@b.c", kept="the system's keyring")
    assert "keyring" in kept_words(keyring)
