"""Settings of the server: one frozen object, read once at the edge (HEDDLE_* variables, command line)."""

import os
import re
from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from media.presets import load
from server.setting_kinds import (
    Amount,
    AtLeastOne,
    Count,
    Folder,
    Host,
    Hours,
    Language,
    MaybePath,
    Origins,
    OwnAddress,
    Proxies,
    WebAddress,
    names,
)

GIB = 1024**3
DATABASE_FILE = "heddle.db"


# Steps of processing that nothing else needs.
SKIPPABLE = frozenset({"storyboard", "preview", "waveform", "download", "audio", "scenes"})


LOG_LEVELS = ("debug", "info", "warning", "error")


def _half_the_processors() -> int:
    return max(1, (os.cpu_count() or 1) // 2)


class MediaDelivery(StrEnum):
    SERVER = "server"
    X_ACCEL = "x-accel"
    PRESIGNED = "presigned"


class Settings(BaseSettings):
    """Each field is one environment variable: `max_upload_bytes` is HEDDLE_MAX_UPLOAD_BYTES."""

    model_config = SettingsConfigDict(env_prefix="HEDDLE_", frozen=True, extra="ignore")

    # Folder of everything the server keeps: database, recordings, secrets.
    data: Folder = Field(default_factory=lambda: user_data_path("heddle-server"))
    # Address to listen on; 0.0.0.0 serves other machines.
    host: Host = "127.0.0.1"
    # Port to listen on; 0 takes a free one, which is printed.
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    # Address of this server as people see it (https://video.example.org); empty: taken from each request.
    public_url: OwnAddress = ""
    # Database: postgresql://user:password@host/name; empty: SQLite in the data folder.
    database_url: str = ""
    # Connections to PostgreSQL that one process opens at most.
    database_pool: Annotated[int, Field(ge=2, le=500)] = 10
    # Seconds that a statement there, or the wait for its turn, may take.
    database_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 30
    # Object storage for finished files (s3://bucket/prefix; AWS_* variables); empty: the data folder alone.
    blobs_url: str = ""
    # Bytes of finished files that stay on this machine when object storage has them; 0 keeps all.
    spool_bytes: Count = 0
    # Who sends media to viewers: server, x-accel (nginx in front of it) or presigned (the object storage).
    media_delivery: MediaDelivery = MediaDelivery.SERVER
    # Addresses whose X-Forwarded-* headers are believed, separated by commas.
    trusted_proxies: Proxies = "127.0.0.1"
    # Other sites whose pages may upload and play here (https://app.example.org, ...); * for all.
    cors_origins: Origins = ""
    # Largest recording one upload may carry.
    max_upload_bytes: AtLeastOne = 64 * GIB
    # Hours after which an unfinished upload that received nothing is removed.
    upload_expiry_h: Hours = 24 * 7
    # Largest picture a video may have, width times height.
    max_pixels: AtLeastOne = 8192 * 8192
    # Largest body of any request but an upload's.
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
    # Free space on the data folder's disk under which the server reports itself not ready.
    min_free_bytes: Count = 256 * 1024 * 1024
    # Seconds an access token is valid; its sign-in is looked up at every request all the same.
    access_token_s: Annotated[int, Field(ge=1, le=86400)] = 900
    # Who may make an account: closed (administrators add them), invited, or open to anybody.
    registration: Literal["closed", "invited", "open"] = "closed"
    # TOML file of OpenID Connect providers to sign in with; empty: none.
    oidc: MaybePath = None
    # TOML file of identity providers of SAML 2.0 to sign in with; empty: none. Needs the extra sso.
    saml: MaybePath = None
    # Mail server (smtp://name:password@host, smtps://, smtp+plain://); empty: a folder `outbox` in the data.
    mail_url: SecretStr = SecretStr("")
    # Sender of the server's mail.
    mail_from: str = "Heddle <heddle@localhost>"
    # Days that a deleted recording stays in the trash.
    trash_days: Annotated[int, Field(ge=0, le=3650)] = 30
    # Days without use after which a sign-in ends.
    refresh_token_days: Annotated[float, Field(gt=0, le=365)] = 7
    # Hours a link to a playlist or a media file stays valid.
    ticket_hours: Hours = 12
    # Encodes that run side by side (default: half the processors); 0 leaves all processing to other workers.
    workers: Annotated[int, Field(ge=0, le=1024)] = Field(
        default_factory=lambda: max(1, (os.cpu_count() or 1) // 2)
    )
    # Steps of processing that are left out, separated by commas; see SKIPPABLE.
    skip_steps: str = ""
    # Who encodes smaller versions: auto (hardware where it works), software, or an encoder by its name.
    rendition_encoder: str = "auto"
    # Also make versions in AV1: fewer bytes for the same picture, and much more work.
    av1_renditions: bool = False
    # auto: recordings are transcribed where there is a speech model; off: never.
    transcribe: Literal["auto", "off"] = "auto"
    # Speech model: the name of a folder among the models, or a path.
    transcribe_model: str = "small"
    # Language that is spoken, as a code such as en; empty: found out from the sound.
    transcribe_language: Language = ""
    # Names and terms that are likely to be said, separated by commas.
    transcribe_vocabulary: str = ""
    # Processors that one transcription may use; 0: as many as there are, up to eight.
    transcribe_threads: Annotated[int, Field(ge=0, le=1024)] = 0
    # Recordings that are transcribed while they are being made, side by side; 0: only when they are finished.
    transcribe_live: Annotated[int, Field(ge=0, le=16)] = 1
    # Mirror that models are fetched from by name; empty: Hugging Face.
    models_url: WebAddress = ""
    # Folder of the models; empty: `models` in the data folder.
    models: MaybePath = None
    # OpenAI-compatible server that analyses recordings (http://127.0.0.1:11434/v1); empty: nothing is sent.
    llm_url: WebAddress = ""
    # Name of the language model there.
    llm_model: str = ""
    # Key for it, where it wants one.
    llm_api_key: SecretStr = SecretStr("")
    # Seconds that one request to it may take.
    llm_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 60
    # Tokens that one answer may have.
    llm_max_tokens: Annotated[int, Field(ge=256, le=1_000_000)] = 2048
    # Tokens of a transcript that one request carries; longer ones are sent in parts.
    llm_context_tokens: Annotated[int, Field(ge=500)] = 6000
    # Tokens that may be used in a month; 0: no limit.
    llm_monthly_tokens: Count = 2_000_000
    # Price of a million tokens sent, and of a million answered, for the log of costs.
    llm_prompt_price: Amount = 0
    llm_completion_price: Amount = 0
    # How many requests are taken: on (as specified), off, or the path of a TOML file with other limits.
    rate_limits: str = "on"
    # Redis that several servers count in together (redis://host:6379/0); empty: each counts in memory.
    rate_limits_url: str = ""
    # Plans of workspaces: off (one without limits), on (those that come along), or a TOML file of others.
    billing: str = "off"
    # Secret key of Stripe's API, with which plans are paid for; empty: nobody can.
    stripe_key: SecretStr = SecretStr("")
    # Signing secret of its webhook endpoint.
    stripe_webhook_secret: SecretStr = SecretStr("")
    # Address of Stripe's API; empty: its own.
    stripe_api: WebAddress = ""
    # Where webhooks may deliver beyond the internet: host names, addresses, networks, separated by commas.
    webhook_allow: str = ""
    # on: how recordings are watched is counted; off: nothing about viewers is kept.
    analytics: Literal["on", "off"] = "on"
    # Seconds that must be watched for a view, or nine tenths of a shorter video.
    analytics_view_s: Annotated[float, Field(ge=0, le=3600)] = 3
    # Whether what people watch of their own recordings counts too.
    analytics_owner_views: bool = False
    # Days after which single events are forgotten; the figures of each day stay.
    analytics_raw_days: Annotated[int, Field(ge=2, le=36500)] = 90
    # File that tells countries from addresses (MaxMind's format, .mmdb); without it they stay unknown.
    geoip: MaybePath = None
    # Seconds that a stop may take before what is left is cut off.
    shutdown_timeout_s: Count = 10
    # debug, info, warning or error.
    log_level: str = "info"
    # console or json; empty: console on a terminal, JSON elsewhere.
    log_format: Literal["", "console", "json"] = ""

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not re.match(r"(sqlite\+aiosqlite|postgres(ql)?(\+asyncpg)?)://", value):
            raise ValueError("it must begin with postgresql://, or be empty for SQLite in the data folder")
        try:
            make_url(value) if value else None
        except (ArgumentError, ValueError):  # whose words may hold the password
            raise ValueError(
                "it cannot be read; postgresql://user:password@host:5432/name is one, with @ as %40 and"
                " / as %2F in the password"
            ) from None
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.lower() not in LOG_LEVELS:
            raise ValueError(f"there is no level {value!r}; there are {', '.join(LOG_LEVELS)}")
        return value

    @field_validator("skip_steps")
    @classmethod
    def _known_steps(cls, value: str) -> str:
        if unknown := names(value) - SKIPPABLE:
            known = ", ".join(sorted(SKIPPABLE))
            raise ValueError(f"{', '.join(sorted(unknown))} cannot be left out; what can is {known}")
        return value

    @field_validator("rendition_encoder")
    @classmethod
    def _known_encoder(cls, value: str) -> str:
        presets = (preset for codec in ("h264", "av1") for preset in load().for_codec(codec))
        known = ["auto", "software", *(preset.name for preset in presets)]
        if value not in known:
            raise ValueError(f"there is no encoder {value!r}; there are {', '.join(known)}")
        return value

    @model_validator(mode="after")
    def _whole_llm(self) -> Self:
        if self.llm_url and not self.llm_model:
            raise ValueError("HEDDLE_LLM_URL needs HEDDLE_LLM_MODEL, the name of the model")
        return self

    @property
    def skipped_steps(self) -> frozenset[str]:
        return names(self.skip_steps)

    @property
    def sqlalchemy_url(self) -> str:
        """URL with an asyncio driver: a bare postgresql:// means another driver since SQLAlchemy 2.1."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.data / DATABASE_FILE}"
        for scheme in ("postgresql://", "postgres://"):
            if self.database_url.startswith(scheme):
                # What libpq calls sslmode, the driver calls ssl.
                rest = re.sub(r"([?&])sslmode=", r"\1ssl=", self.database_url.removeprefix(scheme))
                return f"postgresql+asyncpg://{rest}"
        return self.database_url

    @property
    def models_root(self) -> Path:
        return self.models or self.data / "models"

    @property
    def media_root(self) -> Path:
        return self.data / "media"


def mistyped(environment: Iterable[str]) -> dict[str, str]:
    """Variables that are nearly the name of a setting, and which. The recorder's have other names."""
    known = {f"HEDDLE_{name.upper()}" for name in Settings.model_fields}
    unknown = [name for name in environment if name.startswith("HEDDLE_") and name not in known]
    near = {name: get_close_matches(name, known, n=1, cutoff=0.9) for name in unknown}
    return {name: found[0] for name, found in near.items() if found}
