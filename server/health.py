"""Can this process serve? `live` says it runs, `ready` that its parts do."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

router = APIRouter(prefix="/health", tags=["Health"])


class LiveOut(BaseModel):
    status: Literal["ok"]
    server: str = Field(description="Which server answers: `Heddle`.", examples=["Heddle"])
    version: str = Field(description="Its version, also told in `/openapi.json`.", examples=["0.1.0"])


@router.get("/live", operation_id="live", summary="The process runs, and which server it is")
async def live(request: Request) -> LiveOut:
    return LiveOut(status="ok", server=request.app.title, version=request.app.version)


class ReadyPartOut(BaseModel):
    ok: bool
    detail: str


class ReadyOut(BaseModel):
    status: Literal["ok", "unavailable"]
    checks: dict[str, ReadyPartOut]


@router.get(
    "/ready",
    operation_id="ready",
    summary="The server can do its work",
    responses={503: {"model": ReadyOut, "description": "A part of it cannot."}},
)
async def ready(request: Request, response: Response) -> ReadyOut:
    checks = await request.app.state.services.admin.health.checks()
    ok = all(one.ok for one in checks.values())
    response.status_code = 200 if ok else 503
    return ReadyOut(
        status="ok" if ok else "unavailable",
        checks={name: ReadyPartOut(ok=one.ok, detail=one.detail) for name, one in checks.items()},
    )
