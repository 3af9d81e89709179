"""The ASGI application: middleware, error shape, routes, description."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from server import docs, health, idempotency, responses
from server.admin import api as admin_api
from server.ai import api as ai_api
from server.ai.analysis import api as analysis_api
from server.analytics import api as analytics_api
from server.billing import api as billing_api
from server.comments import api as comments_api
from server.comments import share_api as comments_share_api
from server.config import Settings
from server.errors import SetupError
from server.graphql.opening import open_live
from server.identity import api as identity_api
from server.identity import sso
from server.identity.accounts import api as accounts_api
from server.identity.accounts import log_api
from server.identity.keys import api as keys_api
from server.identity.mfa import api as mfa_api
from server.identity.native import api as native_api
from server.identity.oidc import api as oidc_api
from server.identity.passkeys import api as passkeys_api
from server.identity.sessions import api as sessions_api
from server.identity.workspaces import api as workspaces_api
from server.late import LateRoutes
from server.limits.access import RateLimitHeaders
from server.middleware import BodyLimit, RequestContext
from server.notifications import api as notifications_api
from server.notifications import leave_page
from server.openapi import document
from server.processing import api as processing_api
from server.realtime import api as realtime_api
from server.recordings import api as recordings_api
from server.recordings.library import api as library_api
from server.search import api as search_api
from server.sharing import api as sharing_api
from server.sharing import assets, nowhere, settings_api
from server.streaming import api as streaming_api
from server.takeout import api as takeout_api
from server.uploads import api as uploads_api
from server.uploads.protocol import cors_options
from server.webhooks import api as webhooks_api
from server.wiring import open_services

# To load the schema takes a sixth of the time that everything takes, and many servers are never asked.
GRAPHQL = LateRoutes("/graphql", "server.graphql.api", described=True)
# Routes are looked through in this order: what is asked most comes first.
ROUTERS = (
    recordings_api.router,
    uploads_api.router,
    streaming_api.router,
    streaming_api.media_router,
    identity_api.router,
    sessions_api.router,
    mfa_api.router,
    passkeys_api.router,
    oidc_api.router,
    *sso.routers(),
    keys_api.router,
    native_api.router,
    accounts_api.router,
    log_api.router,
    workspaces_api.router,
    workspaces_api.invitations_router,
    library_api.router,
    processing_api.router,
    sharing_api.router,
    settings_api.router,
    ai_api.router,
    ai_api.share_router,
    analysis_api.router,
    analysis_api.share_router,
    search_api.router,
    comments_api.router,
    comments_share_api.router,
    webhooks_api.router,
    notifications_api.router,
    leave_page.router,
    takeout_api.router,
    analytics_api.router,
    billing_api.router,
    *admin_api.ROUTERS,
    assets.router,
    realtime_api.router,
    APIRouter(routes=[GRAPHQL]),
    health.router,
    docs.router,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Opens nothing yet: that is the lifespan's, and ends with it."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with open_services(settings) as services:
                app.state.services = services
                app.state.graphql = open_live(services.bus)
                yield
        except SetupError as problem:
            app.state.refused = problem  # for whoever starts it, who has only a log of it otherwise
            raise

    app = FastAPI(
        title="Heddle",
        version=_version(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        # As they are: `include_router` would build each of them anew, half a second for every app.
        routes=[*(route for router in ROUTERS for route in router.routes), *sso.late_routes()],
        separate_input_output_schemas=False,
    )
    responses.install(app)
    nowhere.install(app)
    document.install(app, ROUTERS)
    idempotency.install(app)
    if settings.cors_origins:
        app.add_middleware(CORSMiddleware, **cors_options(settings.cors_origins))
    app.add_middleware(RateLimitHeaders)
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(RequestContext)
    return app


@cache
def _version() -> str:
    try:
        return version("heddle")
    except PackageNotFoundError:
        return "0"
