"""What anybody with the link may know of a recording."""

from datetime import datetime

from pydantic import BaseModel, Field

from server.streaming.schemas import StreamOut


class OwnerOut(BaseModel):
    username: str


class ShareOut(StreamOut):
    slug: str
    description: str
    share_url: str
    created_at: datetime
    owner: OwnerOut | None
    allow_comments: bool = Field(description="Whether viewers may comment and react.")
    may_edit: bool = Field(description="Whether the one who asks may change it.")


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
