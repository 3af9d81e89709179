"""All routes of administration."""

from server.admin import (
    audit_api,
    dead_api,
    flags_api,
    groups_api,
    health_api,
    jobs_api,
    settings_api,
    storage_api,
    users_api,
    workspaces_api,
)

ROUTERS = (
    health_api.router,
    jobs_api.router,
    dead_api.router,
    users_api.router,
    workspaces_api.router,
    groups_api.router,
    storage_api.router,
    audit_api.router,
    settings_api.router,
    flags_api.router,
)
