"""What a list of recordings can be asked for over HTTP."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from server.recordings.listing import Listing, RecordingSort
from server.recordings.schemas import printable
from server.recordings.states import Status

_FIELDS = "Only these fields of a recording, separated by commas; `id` is always there."


def _in_utc(moment: datetime) -> datetime:
    """Without a time zone it is in UTC, wherever the server stands."""
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError as problem:
        raise ValueError("is out of reach") from problem


When = Annotated[datetime, AfterValidator(_in_utc)]
Words = Annotated[str, AfterValidator(printable)]
Fields = Annotated[str | None, Query(max_length=500, description=_FIELDS)]


class ListQuery(BaseModel):
    """The parameters of `GET /api/v1/recordings`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    page: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    size: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: str | None = Field(
        default=None,
        max_length=1024,
        description="Instead of `page`: empty to begin, then the `nextCursor` of the page before.",
    )
    workspace_id: str | None = Field(default=None, max_length=36)
    folder: str | None = Field(default=None, max_length=36, description="Its id; `none`: in no folder.")
    tag: Words | None = Field(default=None, max_length=50, description="Its name.")
    status: Status | None = None
    q: Words | None = Field(default=None, max_length=200, description="In the title or the description.")
    since: When | None = Field(default=None, alias="from", description="Made then or later.")
    until: When | None = Field(default=None, alias="to", description="Made then or earlier.")
    sort: RecordingSort = RecordingSort.NEWEST
    fields: str | None = Field(default=None, max_length=500, description=_FIELDS)

    def listing(self) -> Listing:
        return Listing(
            status=self.status,
            text=self.q,
            since=self.since,
            until=self.until,
            folder=self.folder,
            tag=self.tag,
            sort=self.sort,
        )
