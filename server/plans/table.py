"""Plans as data: what each entitles a workspace to, and the table of those that a server sells.

Where nothing is sold there is one plan, and it has no limits. A plan names its price by a key: the ids of
prices are others in every account of a payment provider, the keys are what their owner gives them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.errors import SetupError

OFF = "off"
ON = "on"
GIB = 1024**3


class Quota(StrEnum):
    """What is measured in a workspace. The values are the names on the wire."""

    STORAGE = "storageBytes"
    RECORDING = "recordingSeconds"  # of a calendar month (UTC)
    TRANSCRIPTION = "transcriptionSeconds"  # the same
    MEMBERS = "members"


class Feature(StrEnum):
    """What a plan has or has not."""

    ANALYTICS = "analytics"
    LINK_PASSWORDS = "link_passwords"


@dataclass(frozen=True, slots=True)
class Entitlements:
    """None: no limit. `max_length_s` is of a file that is uploaded, `max_height` is in lines of the picture
    that viewers are offered."""

    storage_bytes: int | None = None
    recording_s: int | None = None
    transcription_s: int | None = None
    members: int | None = None
    max_length_s: int | None = None
    max_height: int | None = None
    features: frozenset[Feature] = frozenset(Feature)

    def limit(self, quota: Quota) -> int | None:
        return {
            Quota.STORAGE: self.storage_bytes,
            Quota.RECORDING: self.recording_s,
            Quota.TRANSCRIPTION: self.transcription_s,
            Quota.MEMBERS: self.members,
        }[quota]


@dataclass(frozen=True, slots=True)
class Plan:
    """`price` is the lookup key of what it costs with the payment provider; None: nothing."""

    id: str
    name: str
    price: str | None
    entitlements: Entitlements


UNLIMITED = Plan("unlimited", "Unlimited", None, Entitlements())
_HOUR = 3600
DEFAULT: tuple[Plan, ...] = (
    Plan(
        "free",
        "Free",
        None,
        Entitlements(
            storage_bytes=5 * GIB,
            recording_s=5 * _HOUR,
            transcription_s=_HOUR,
            members=3,
            max_length_s=_HOUR // 2,
            max_height=1080,
            features=frozenset(),
        ),
    ),
    Plan(
        "pro",
        "Pro",
        "heddle_pro_month",
        Entitlements(
            storage_bytes=200 * GIB,
            recording_s=100 * _HOUR,
            transcription_s=50 * _HOUR,
            members=10,
            max_length_s=4 * _HOUR,
        ),
    ),
    Plan(
        "team",
        "Team",
        "heddle_team_month",
        Entitlements(storage_bytes=2048 * GIB, transcription_s=500 * _HOUR, members=200),
    ),
)


@dataclass(frozen=True)
class Table:
    """`plans` in the order in which they are offered. The one without a price is everybody's at first, and
    again when a subscription is over."""

    plans: tuple[Plan, ...]

    @property
    def free(self) -> Plan:
        return next(plan for plan in self.plans if plan.price is None)

    def named(self, plan_id: str) -> Plan | None:
        return next((plan for plan in self.plans if plan.id == plan_id), None)

    def priced(self, price: str) -> Plan | None:
        """By the lookup key of a price."""
        return next((plan for plan in self.plans if plan.price == price), None)


def table_of(setting: str) -> Table | None:
    """`off`: None; `on`: the plans above; else the TOML file of that name. Raises SetupError."""
    if setting == OFF:
        return None
    if setting == ON:
        return Table(DEFAULT)
    try:
        return _parse(Path(setting).read_text("utf-8"))
    except (OSError, ValueError) as problem:  # of its text, its TOML or what stands in it
        raise SetupError(
            "The plans cannot be read",
            f"{setting}: {_said(problem)}",
            "Mend the file, or set HEDDLE_BILLING to on or off.",
        ) from problem


Count = Annotated[int | None, Field(ge=0, le=10**9)]


class _PlanIn(BaseModel):
    """In gibibytes and minutes, as people write them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, Field(min_length=1, max_length=50)]
    price: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    storage_gib: Count = None
    recording_minutes: Count = None
    transcription_minutes: Count = None
    members: Annotated[int | None, Field(ge=1, le=10**6)] = None
    max_length_minutes: Annotated[int | None, Field(ge=1, le=10**6)] = None
    max_height: Annotated[int | None, Field(ge=144, le=10**5)] = None
    features: list[Annotated[Feature, Field(strict=False)]] = list(Feature)

    def plan(self, plan_id: str) -> Plan:
        return Plan(
            plan_id,
            self.name,
            self.price,
            Entitlements(
                storage_bytes=_times(self.storage_gib, GIB),
                recording_s=_times(self.recording_minutes, 60),
                transcription_s=_times(self.transcription_minutes, 60),
                members=self.members,
                max_length_s=_times(self.max_length_minutes, 60),
                max_height=self.max_height,
                features=frozenset(self.features),
            ),
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    plans: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")], _PlanIn]


def _parse(text: str) -> Table:
    plans = tuple(plan.plan(name) for name, plan in _File.model_validate(tomllib.loads(text)).plans.items())
    prices = [plan.price for plan in plans]
    if prices.count(None) != 1:
        raise ValueError("one plan, and only one, must have no price")
    if len(set(prices)) != len(prices):
        raise ValueError("two plans have the same price")
    return Table(plans)


def _times(count: int | None, unit: int) -> int | None:
    return None if count is None else count * unit


def _said(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        first = problem.errors(include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(problem)
