"""Settings that could only be of no use are refused at the start, by the name of their variable."""

from pathlib import Path

import pytest

from server import cli
from server.checks import check, problems
from server.config import Settings, mistyped
from server.errors import SetupError

REFUSED = {
    "DATA": ("",),
    "HOST": ("", "http://0.0.0.0", "a host"),
    "PUBLIC_URL": ("video.example.org", "https://", "https://host:port", "https://example.org/video", "https://e.org/?a"),
    "TRUSTED_PROXIES": ("foo", "10.0.0.1/8", "127.0.0.1, proxy.example.org", "10.0.0.0/33"),
    "CORS_ORIGINS": ("app.example.org", "https://app.example.org/", "https://a.example.org https://b.example.org"),
    "DATABASE_URL": ("mysql://host/name", "sqlite:///here.db", "postgresql://u:p@host:port/name"),
    "MAX_UPLOAD_BYTES": ("0", "-1"),
    "MAX_PIXELS": ("0",),
    "MAX_BODY_BYTES": ("0", "-1"),
    "MIN_FREE_BYTES": ("-1",),
    "UPLOAD_EXPIRY_H": ("0", "nan", "inf", "1e300"),
    "TICKET_HOURS": ("0", "-1", "nan", "inf"),
    "WORKERS": ("many", "-1", "1000000"),
    "LLM_PROMPT_PRICE": ("nan", "inf", "-1"),
    "SHUTDOWN_TIMEOUT_S": ("-1",),
    "TRANSCRIBE_LANGUAGE": ("german", "EN", "en-GB"),
    "MODELS_URL": ("hub.example.org",),
    "LLM_URL": ("127.0.0.1:11434",),
    "STRIPE_API": ("stripe",),
    "LOG_LEVEL": ("loud",),
    "LOG_FORMAT": ("jsn",),
    "SKIP_STEPS": ("everything",),
    "MEDIA_DELIVERY": ("pigeon",),
}  # fmt: skip
TAKEN = {
    "PUBLIC_URL": ("", "https://video.example.org", "http://[::1]:8080/"),
    "TRUSTED_PROXIES": ("", "*", "127.0.0.1, ::1", "10.0.0.0/8,fd00::/8"),
    "CORS_ORIGINS": ("", "*", "https://app.example.org, http://localhost:3000"),
    "DATABASE_URL": ("", "postgresql://u:p%40s@host:5432/name?sslmode=require", "postgres://host/name"),
    "TRANSCRIBE_LANGUAGE": ("", "de", "yue"),
    "LOG_FORMAT": ("", "json"),
    "WORKERS": ("0",),
}


@pytest.mark.parametrize(("name", "value"), [(name, one) for name, all_ in REFUSED.items() for one in all_])
def test_what_would_be_of_no_use_is_refused_by_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"HEDDLE_{name}", value)
    with pytest.raises(SetupError, match=f"HEDDLE_{name}: "):
        cli._settings()


@pytest.mark.parametrize(("name", "value"), [(name, one) for name, all_ in TAKEN.items() for one in all_])
def test_what_makes_sense_is_taken(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"HEDDLE_{name}", value)
    cli._settings()


def test_a_password_is_not_told_with_the_address_it_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_DATABASE_URL", "postgresql://heddle:secret:x@host:p/name")
    with pytest.raises(SetupError) as refused:
        cli._settings()
    assert "secret" not in refused.value.detail


def test_an_empty_file_is_none_and_not_the_folder_it_is_started_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OIDC", "SAML", "MODELS", "GEOIP"):
        monkeypatch.setenv(f"HEDDLE_{name}", "")
    settings = cli._settings()
    assert (settings.oidc, settings.saml, settings.models, settings.geoip) == (None, None, None, None)


def test_all_that_is_named_and_cannot_be_used_is_found(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    settings = Settings(
        data=tmp_path,
        mail_from="nobody",
        rate_limits=str(nothing),
        rate_limits_url="http://127.0.0.1",
        webhook_allow="a b",
        billing=str(nothing),
        geoip=nothing,
        oidc=nothing,
    )
    found = problems(settings)
    assert len(found) == 7
    assert all(one.hint for one in found)
    with pytest.raises(SetupError):
        check(settings)


def test_names_that_are_nearly_settings_are_told_and_those_of_others_are_not() -> None:
    environment = [
        "HEDDLE_TRUSTED_PROXY",
        "HEDDLE_PUBLICURL",
        "HEDDLE_HOME",
        "HEDDLE_TOKEN",
        "HEDDLE_DATA",
        "PATH",
    ]
    assert mistyped(environment) == {
        "HEDDLE_TRUSTED_PROXY": "HEDDLE_TRUSTED_PROXIES",
        "HEDDLE_PUBLICURL": "HEDDLE_PUBLIC_URL",
    }
