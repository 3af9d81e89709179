"""How analytics is put together; called by `wiring`, which stays a list."""

import asyncio
from contextlib import AsyncExitStack

from server.analytics.countries import Countries
from server.analytics.intake import Intake
from server.analytics.rebuilding import threshold_ms
from server.analytics.service import Analytics, Rules
from server.analytics.viewers import Viewers
from server.bus import Bus
from server.config import Settings
from server.db import Database
from server.processing.events import ProcessingEventType
from server.recordings.events import RecordingEventType
from server.recordings.service import Recordings
from server.rounds import LATER_S, Rounds

FORGET_EVERY_S = 3600.0


async def open_analytics(
    settings: Settings, stack: AsyncExitStack, db: Database, bus: Bus, recordings: Recordings, *, secret: str
) -> Analytics:
    """`secret` is the server's own, in hexadecimal digits. Raises SetupError for a bad file of countries."""
    countries = await asyncio.to_thread(Countries, settings.geoip)
    stack.callback(countries.close)
    rules = Rules(
        on=settings.analytics == "on",
        threshold_ms=threshold_ms(settings),
        owner_views=settings.analytics_owner_views,
        keep_days=settings.analytics_raw_days,
    )
    intake = Intake(db, rules.threshold_ms)
    intake.start()
    stack.push_async_callback(intake.stop)
    analytics = Analytics(
        db, recordings, rules=rules, intake=intake, viewers=Viewers(db, secret), countries=countries
    )
    bus.subscribe(
        analytics.on_measured, [RecordingEventType.RAW_VIDEO_UPLOADED, ProcessingEventType.VIDEO_READY]
    )
    Rounds("analytics-sweeper", analytics.sweep, every_s=FORGET_EVERY_S, first_s=LATER_S).start(stack)
    return analytics
