"""The one place where the parts of the server meet.

Opened in order, lower tiers first, and closed in the opposite order within one time budget.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from server import findable, storage
from server import secrets as server_secrets
from server.admin.opening import Admin, open_admin
from server.ai.analysis.opening import open_analyst
from server.ai.analysis.service import Analyses
from server.ai.analysis.track import PlayerChapters
from server.ai.captions import PlayerCaptions
from server.ai.service import Transcripts
from server.ai.transcription import Transcription
from server.analytics.opening import open_analytics
from server.analytics.service import Analytics
from server.analytics.viewers import asker_of
from server.billing.opening import open_billing
from server.billing.service import Billing
from server.bus import Bus
from server.comments.opening import open_talk
from server.comments.people import GuestTokens
from server.comments.talk import Talk
from server.config import Settings
from server.db import Database
from server.identity.people import People, open_people
from server.identity.service import Identity
from server.identity.workspaces.service import Workspaces
from server.limits.rules import rules_of
from server.limits.service import Limits
from server.limits.storage import Counters
from server.links import Links
from server.mover import Mover, Settled
from server.notifications.opening import Notified, open_notifications
from server.outbox import Dispatcher
from server.plans.service import Plans
from server.plans.table import table_of
from server.ports.blobs import Archive, BlobStore
from server.processing.early import Growing
from server.processing.events import ProcessingEventType
from server.processing.growth import growth_of
from server.processing.portraits import Portraits
from server.processing.service import Processing
from server.realtime.opening import Realtime, open_realtime
from server.recordings.api import PosterLink, ViewsOf
from server.recordings.events import RecordingEventType
from server.recordings.library.service import Library
from server.recordings.service import Recordings
from server.recordings.tasks import Janitor
from server.recordings.templates import Templates
from server.rounds import LATER_S, Rounds
from server.search.adapters import open_index
from server.search.service import Search
from server.setup import open_database, open_flags, prepare
from server.sharing.opening import open_sharing
from server.sharing.service import Sharing
from server.streaming.api import StreamAsked
from server.streaming.rights import Rights
from server.streaming.schemas import Step
from server.streaming.service import StepsOf, Streaming
from server.streaming.tickets import Tickets
from server.takeout.tasks import Takeout
from server.uploads.opening import open_uploads
from server.uploads.service import Uploads
from server.webhooks.opening import open_webhooks
from server.webhooks.service import Webhooks

CLEAN_EVERY_S = 600.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What routes find at `app.state.services`."""

    settings: Settings
    secrets: server_secrets.Secrets
    db: Database
    bus: Bus
    dispatcher: Dispatcher
    blobs: BlobStore
    links: Links
    limits: Limits
    identity: Identity
    workspaces: Workspaces
    people: People
    recordings: Recordings
    templates: Templates
    library: Library
    uploads: Uploads
    processing: Processing
    streaming: Streaming
    sharing: Sharing
    transcripts: Transcripts
    transcription: Transcription
    analyses: Analyses
    search: Search
    talk: Talk
    guest_tokens: GuestTokens
    webhooks: Webhooks
    notified: Notified
    takeout: Takeout
    analytics: Analytics
    billing: Billing
    realtime: Realtime
    admin: Admin
    poster_link: PosterLink
    views_of: ViewsOf
    stream_asked: StreamAsked

    def begin_stop(self) -> None:
        """Ends what would keep the server waiting: open WebSockets, blocked playlists, bodies half sent."""
        self.realtime.hub.close()
        self.uploads.begin_stop()


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    async with AsyncExitStack() as stack:
        services = await _open(settings, stack)
        try:
            yield services
        finally:
            await _close(stack, settings.shutdown_timeout_s)


async def _open(settings: Settings, stack: AsyncExitStack) -> Services:
    secrets = await asyncio.to_thread(prepare, settings)
    db = open_database(settings)
    stack.push_async_callback(db.close)
    bus = Bus()
    flags = open_flags(settings, db, bus)
    blobs = await storage.open_blobs(settings)
    identity = await asyncio.to_thread(Identity, db, settings, secrets.seal_key)
    limits = Limits(rules_of(settings.rate_limits), Counters(settings.rate_limits_url))
    stack.push_async_callback(limits.close)
    stack.callback(identity.close)
    plans = Plans(table_of(settings.billing))
    recordings = Recordings(db, blobs, plans)
    workspaces = Workspaces(db, count_in=recordings.count_in, plans=plans)
    portraits = Portraits(settings.data / "portraits")
    people = open_people(
        db,
        blobs,
        identity,
        workspaces,
        settings=settings,
        portrait=portraits.make,
        counting=limits,
        flags=flags,
    )
    people.postman.rounds.start(stack)
    processing = Processing(db, bus, blobs, recordings, settings=settings, flags=flags)
    uploads = open_uploads(
        settings,
        stack,
        db,
        blobs,
        recordings,
        probe=processing.prober.duration_of,
        expect=processing.expect,
    )
    transcripts = Transcripts(db)
    transcription = Transcription(
        db, bus, blobs, recordings, processing=processing, transcripts=transcripts, settings=settings
    )
    analyses = Analyses(db, bus, blobs, recordings, transcripts)
    streaming = Streaming(
        recordings,
        uploads,
        blobs,
        Tickets(secrets.ticket_key, settings.ticket_hours),
        Rights(workspaces.role),
        steps_of=_steps_of(processing),
        captions_of=PlayerCaptions(transcripts),
        chapters_of=PlayerChapters(analyses),
        speech_of=transcription.state_of,
        delivery=storage.delivery_of(settings, blobs),
    )
    links, dispatcher = Links(settings.public_url), Dispatcher(db, bus)
    bus.subscribe(recordings.on_deleted, [RecordingEventType.DELETED])
    bus.subscribe(uploads.on_recording_deleted, [RecordingEventType.DELETED])
    realtime = await open_realtime(db, bus, dispatcher, recordings, workspaces)
    transcription.start()
    await processing.start(Growing(uploads), growth_of(uploads))
    stack.push_async_callback(processing.stop)
    analyses.start(open_analyst(settings, db, flags, recordings) if settings.workers else None)
    stack.push_async_callback(analyses.stop)
    if isinstance(blobs, Archive):
        mover = Mover(blobs, _settled(recordings, processing), settings.media_root, settings.spool_bytes)
        bus.subscribe(mover.on_processed, [ProcessingEventType.VIDEO_PROCESSED])
        mover.start()
        stack.push_async_callback(mover.stop)
    search = Search(open_index(db), recordings, transcripts, findable.sources(db))
    search.start(bus)
    talk = open_talk(db, bus, identity, recordings)
    webhooks = open_webhooks(settings, stack, db=db, bus=bus, identity=identity, recordings=recordings)
    notified = open_notifications(
        settings,
        stack,
        db=db,
        bus=bus,
        secrets=secrets,
        identity=identity,
        workspaces=workspaces,
        recordings=recordings,
        comments=talk.comments,
    )
    _clean(settings, stack, recordings, workspaces)
    takeout = Takeout.open(db, blobs, identity, recordings, people.avatars, folder=settings.data / "exports")
    takeout.clerk.rounds.start(stack)
    analytics = await open_analytics(settings, stack, db, bus, recordings, secret=secrets.ticket_key)
    billing = open_billing(
        settings,
        stack,
        db=db,
        bus=bus,
        plans=plans,
        workspaces=workspaces,
        recordings=recordings,
        under_way=uploads.indexes.growing,
    )
    admin = open_admin(
        settings,
        db,
        events_alive=lambda: dispatcher.alive,
        processing=processing,
        limits=limits,
        webhooks=webhooks,
        identity=identity,
        people=people.administration,
        groups=people.groups,
        erasures=takeout.erasures,
        recordings=recordings,
        blobs=blobs,
        flags=flags,
    )
    # Last, when all have subscribed: what a crash left undelivered goes out at once.
    dispatcher.start()
    stack.push_async_callback(dispatcher.stop)
    stack.callback(realtime.hub.close)
    return Services(
        settings=settings,
        secrets=secrets,
        db=db,
        bus=bus,
        dispatcher=dispatcher,
        blobs=blobs,
        links=links,
        limits=limits,
        identity=identity,
        workspaces=workspaces,
        people=people,
        recordings=recordings,
        templates=Templates(db),
        library=Library(db),
        uploads=uploads,
        processing=processing,
        streaming=streaming,
        sharing=open_sharing(
            settings,
            db,
            recordings=recordings,
            streaming=streaming,
            identity=identity,
            limits=limits,
            secret=secrets.ticket_key,
        ),
        transcripts=transcripts,
        transcription=transcription,
        analyses=analyses,
        search=search,
        talk=talk,
        guest_tokens=GuestTokens(secrets.ticket_key),
        webhooks=webhooks,
        notified=notified,
        takeout=takeout,
        analytics=analytics,
        billing=billing,
        realtime=realtime,
        admin=admin,
        poster_link=lambda request, user, recording: streaming.poster_url(
            recording, user.id, links.base(request)
        ),
        views_of=analytics.views,
        stream_asked=lambda request, user, recording: analytics.note_stream(
            recording, asker_of(request, user)
        ),
    )


def _steps_of(processing: Processing) -> StepsOf:
    async def steps_of(recording_id: str) -> Sequence[Step]:
        shown = await processing.steps_of(recording_id)
        return [Step(one.step, one.status, one.progress, one.error) for one in shown]

    return steps_of


def _settled(recordings: Recordings, processing: Processing) -> Settled:
    async def settled(recording_id: str) -> bool:
        recording = await recordings.find(recording_id)
        if recording is None or not recording.uploaded:
            return False
        return all(job.status.over for job in await processing.jobs_of(recording_id))

    return settled


def _clean(settings: Settings, stack: AsyncExitStack, recordings: Recordings, workspaces: Workspaces) -> None:
    janitor = Janitor(recordings, workspaces, trash_days=settings.trash_days)
    Rounds("recordings-janitor", janitor.clean, every_s=CLEAN_EVERY_S, first_s=LATER_S).start(stack)


async def _close(stack: AsyncExitStack, budget_s: float) -> None:
    """A part that hangs must not keep the process: what is durable already is, and the rest starts again."""
    try:
        async with asyncio.timeout(budget_s):
            await stack.aclose()
    except TimeoutError:
        _log.warning("shutdown_incomplete", seconds=budget_s)
    except Exception:  # noqa: BLE001 (nothing may keep the process)
        # Every part has been asked to close by now; one that could not has nothing to save either.
        _log.exception("shutdown_failed")
