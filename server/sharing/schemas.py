"""What anybody with the link may know of a recording."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from server.recordings.link import Visibility
from server.recordings.query import When
from server.recordings.schemas import printable
from server.streaming.schemas import StreamOut


class OwnerOut(BaseModel):
    username: str


class ShareOut(StreamOut):
    slug: str
    description: str
    share_url: str
    created_at: datetime
    owner: OwnerOut | None
    guarded: bool = Field(description="Whether having the link is not enough to see this.")
    allow_download: bool = Field(description="Whether the one who asks may keep it as a file.")
    allow_comments: bool = Field(description="Whether viewers may comment and react.")
    may_edit: bool = Field(description="Whether the one who asks may change it.")


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class ShareSettingsOut(_Wire):
    """How a recording is shared."""

    share_url: str
    embed_url: str
    shared: bool = Field(description="Whether the link is on: `visibility` is not `private`.")
    visibility: Visibility
    has_password: bool = Field(description="Whether the link asks for a password.")
    expires_at: datetime | None = Field(description="When the link ends; null: never.")
    allow_download: bool
    allow_comments: bool


SharePassword = Annotated[str, StringConstraints(min_length=8, max_length=200), AfterValidator(printable)]


class ShareSettingsRequest(_Wire):
    """Fields left out stay as they are."""

    visibility: Visibility | None = Field(
        default=None,
        description="`public`: whoever has the link; `workspace`: members of its workspace; "
        "`private`: nobody.",
    )
    password: SharePassword | None = Field(
        default=None,
        description="8 characters or more, told to nobody again; null takes it away. Another one ends the "
        "entry of all who knew the one before.",
        examples=["tulips in november"],
    )
    expires_at: When | None = Field(
        default=None,
        description="From then on the link leads nowhere; null: never. Must lie ahead.",
        examples=["2027-06-30T18:00:00Z"],
    )
    allow_download: bool | None = Field(
        default=None, description="Whether viewers are offered files. Whoever can watch can record."
    )
    allow_comments: bool | None = Field(default=None, description="Whether viewers may comment and react.")


class UnlockRequest(_Wire):
    password: str = Field(min_length=1, max_length=200, examples=["tulips in november"])


class UnlockOut(_Wire):
    token: str = Field(
        description="For the header `X-Share-Token` of what is asked about this share, where no cookie "
        "reaches."
    )
    expires_at: datetime


class OEmbedOut(BaseModel):
    """oEmbed 1.0, a video that is shown in a frame."""

    version: str = "1.0"
    type: str = "video"
    title: str
    author_name: str | None = None
    provider_name: str = "Heddle"
    provider_url: str
    html: str
    width: int
    height: int
    thumbnail_url: str | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None
