import stat
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from uploader import credentials
from uploader.credentials import Credential
from uploader.errors import CredentialsError, KeyringLockedError

SERVER = "https://heddle.example"


class MemoryKeyring(KeyringBackend):
    """A keyring that works."""

    priority = 1.0  # type: ignore[assignment]  # a property in the library

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class LockedKeyring(MemoryKeyring):
    """A keyring whose user said no."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("denied")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.PasswordSetError("denied")


@pytest.fixture
def use_keyring(monkeypatch: pytest.MonkeyPatch):
    def use(backend: KeyringBackend) -> KeyringBackend:
        monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
        for name in ("get_password", "set_password", "delete_password"):
            monkeypatch.setattr(keyring, name, getattr(backend, name))
        return backend

    return use


def test_without_a_keyring_a_file_that_only_the_user_reads_keeps_the_token(heddle_home: Path) -> None:
    where = credentials.store(SERVER + "/", "ada@example.com", Credential("secret"))
    path = heddle_home / "credentials.json"
    assert where == str(path)
    assert credentials.token_for(SERVER) == "secret"
    assert credentials.email_for(SERVER) == "ada@example.com"
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in heddle_home.iterdir()] == ["credentials.json"]


def test_a_keyring_keeps_the_token_out_of_the_file(heddle_home: Path, use_keyring) -> None:
    use_keyring(MemoryKeyring())
    assert credentials.store(SERVER, "ada@example.com", Credential("secret")) == "the system's keyring"
    assert "secret" not in (heddle_home / "credentials.json").read_text()
    assert credentials.token_for(SERVER) == "secret"
    assert credentials.forget(SERVER)
    assert credentials.token_for(SERVER) is None


def test_a_keyring_that_refuses_is_replaced_by_the_file(use_keyring) -> None:
    use_keyring(LockedKeyring())
    credentials.store(SERVER, "ada@example.com", Credential("secret"))
    assert credentials.token_for(SERVER) == "secret"


def test_a_keyring_that_is_locked_later_means_to_wait_and_not_that_nobody_signed_in(use_keyring) -> None:
    backend = use_keyring(MemoryKeyring())
    credentials.store(SERVER, "ada@example.com", Credential("secret"))
    use_keyring(LockedKeyring())
    with pytest.raises(KeyringLockedError, match="denied"):
        credentials.token_for(SERVER)
    use_keyring(backend)
    assert credentials.token_for(SERVER) == "secret"


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    credentials.store(SERVER, "ada@example.com", Credential("secret"))
    monkeypatch.setenv("HEDDLE_TOKEN", "from a script")
    assert credentials.token_for(SERVER) == "from a script"


def test_each_server_has_its_own() -> None:
    credentials.store(SERVER, "ada@example.com", Credential("one"))
    credentials.store("http://127.0.0.1:8080", "eve@example.com", Credential("two"))
    assert credentials.token_for(SERVER) == "one"
    assert credentials.forget(SERVER)
    assert not credentials.forget(SERVER)
    assert credentials.token_for("http://127.0.0.1:8080") == "two"


def test_a_broken_file_is_explained(heddle_home: Path) -> None:
    (heddle_home / "credentials.json").write_text("{")
    with pytest.raises(CredentialsError, match="sign in again"):
        credentials.token_for(SERVER)


def test_what_renews_a_token_is_kept_with_it_and_shown_nowhere(heddle_home: Path) -> None:
    credential = Credential("access", "refresh", 1234.5)
    credentials.store(SERVER, "ada@example.com", credential)
    assert credentials.credential_for(SERVER) == credential
    assert "access" not in repr(credential)
    assert "refresh" not in repr(credential)


@pytest.mark.parametrize(
    "kept", ["{", "{}", '{"token": "a"}', '{"token": "a", "refresh": "b", "renewAt": "x"}']
)
def test_a_damaged_entry_is_a_sign_in_that_is_asked_for_again(kept: str) -> None:
    assert Credential.from_text(kept) == Credential("")
