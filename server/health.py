"""Can this process serve? `live` says it runs, `ready` that its parts do."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

router = APIRouter(prefix="/health", tags=["Health"])


@router.get("/live", operation_id="live", summary="The process runs")
async def live() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/ready", operation_id="ready", summary="The server can do its work")
async def ready(request: Request) -> JSONResponse:
    checks = await request.app.state.services.admin.health.checks()
    ok = all(one.ok for one in checks.values())
    body = {
        "status": "ok" if ok else "unavailable",
        "checks": {name: {"ok": one.ok, "detail": one.detail} for name, one in checks.items()},
    }
    return JSONResponse(body, 200 if ok else 503)
