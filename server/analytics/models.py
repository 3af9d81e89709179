"""Tables of analytics. Everything goes with its recording; nothing holds an address or a name of a viewer."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, Float, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Id, Json, Moment, new_id, now


def _recording() -> ForeignKey:
    return ForeignKey("recording_sessions.id", ondelete="CASCADE")


class WatchingRow(Base):
    """A session of watching: a player, from one opening of a page. `viewed_at` when it became a view."""

    __tablename__ = "analytics_sessions"
    __table_args__ = (
        UniqueConstraint("recording_id", "session_id"),
        Index("ix_analytics_sessions_recording_id_day_viewer", "recording_id", "day", "viewer"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    recording_id: Mapped[str] = mapped_column(Id, _recording())
    # As the player calls it.
    session_id: Mapped[str] = mapped_column(Id)
    day: Mapped[date] = mapped_column(Date, index=True)
    viewer: Mapped[str] = mapped_column(String(32))
    device: Mapped[str] = mapped_column(String(20))
    browser: Mapped[str] = mapped_column(String(20))
    system: Mapped[str] = mapped_column(String(20))
    country: Mapped[str | None] = mapped_column(String(2))
    referrer: Mapped[str | None] = mapped_column(String(255))
    first_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_at: Mapped[datetime] = mapped_column(Moment, default=now)
    viewed_at: Mapped[datetime | None] = mapped_column(Moment)
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)
    watch_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    quality_switches: Mapped[int] = mapped_column(Integer, default=0)
    rebuffers: Mapped[int] = mapped_column(Integer, default=0)
    rebuffer_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    seen: Mapped[list[list[int]]] = mapped_column(Json, default=list)
    plays: Mapped[list[int]] = mapped_column(Json, default=list)
    qualities: Mapped[dict[str, int]] = mapped_column(Json, default=dict)


class EventRow(Base):
    """An event as it came, for a while. Those the server notes itself belong to no session of watching."""

    __tablename__ = "analytics_events"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    recording_id: Mapped[str] = mapped_column(Id, _recording(), index=True)
    watching_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("analytics_sessions.id", ondelete="CASCADE"), index=True
    )
    # Only of those who ask for a stream while they are signed in.
    user_id: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id", ondelete="SET NULL"), index=True)
    type: Mapped[str] = mapped_column(String(20))
    # The day of its session.
    day: Mapped[date] = mapped_column(Date, index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    position: Mapped[float | None] = mapped_column(Float)
    quality: Mapped[str | None] = mapped_column(String(20))
    quality_switches: Mapped[int] = mapped_column(Integer)
    rebuffers: Mapped[int] = mapped_column(Integer)
    rebuffer_ms: Mapped[int] = mapped_column(Integer)
    played: Mapped[list[list[int]]] = mapped_column(Json)
    client: Mapped[dict[str, Any] | None] = mapped_column(Json)


class DayRow(Base):
    """The figures of one day of a recording (UTC); see `figures` for their meaning. They stay."""

    __tablename__ = "analytics_days"

    recording_id: Mapped[str] = mapped_column(Id, _recording(), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    views: Mapped[int] = mapped_column(BigInteger, default=0)
    viewers: Mapped[int] = mapped_column(BigInteger, default=0)
    starts: Mapped[int] = mapped_column(BigInteger, default=0)
    streams: Mapped[int] = mapped_column(BigInteger, default=0)
    watch_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    seen_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    completions: Mapped[int] = mapped_column(BigInteger, default=0)
    quality_switches: Mapped[int] = mapped_column(BigInteger, default=0)
    rebuffers: Mapped[int] = mapped_column(BigInteger, default=0)
    rebuffer_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    # Last, as they are long: sums of the numbers alone do not read them.
    retention: Mapped[list[int]] = mapped_column(Json, default=list)
    rewatched_ms: Mapped[list[int]] = mapped_column(Json, default=list)
    stops: Mapped[list[int]] = mapped_column(Json, default=list)
    referrers: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    devices: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    browsers: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    systems: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    countries: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    qualities: Mapped[dict[str, int]] = mapped_column(Json, default=dict)


class TotalRow(Base):
    """Views of a recording since ever, for lists."""

    __tablename__ = "analytics_totals"

    recording_id: Mapped[str] = mapped_column(Id, _recording(), primary_key=True)
    views: Mapped[int] = mapped_column(BigInteger, default=0)


class SaltRow(Base):
    """What addresses are mixed with today. There is one row: that of yesterday is gone."""

    __tablename__ = "analytics_salts"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
