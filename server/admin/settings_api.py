"""Settings over HTTP: read only. What may change while the server runs is a flag."""

from fastapi import APIRouter, Request
from pydantic import Field

from server.admin.access import PREFIX, Administrator, Wire, admin_of
from server.admin.settings import Source, effective

router = APIRouter(prefix=PREFIX, tags=["Admin"])


class SettingOut(Wire):
    name: str = Field(examples=["HEDDLE_REGISTRATION"])
    value: str | None = Field(description="A secret is only said to be there.")
    source: Source
    secret: bool


class SettingList(Wire):
    data: list[SettingOut]


@router.get("/settings", operation_id="adminListSettings", summary="The settings in force, and who said so")
async def list_settings(request: Request, _user: Administrator) -> SettingList:
    """They are read at the start; to change one, set its variable and start the server again."""
    found = effective(admin_of(request).settings)
    data = [SettingOut(name=one.name, value=one.value, source=one.source, secret=one.secret) for one in found]
    return SettingList(data=data)
