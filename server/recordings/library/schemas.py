"""Folders and tags as other modules know them, and on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from server.identity.workspaces.schemas import Name, one_line

Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
TagName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), AfterValidator(one_line)
]
FolderId = Annotated[str, StringConstraints(max_length=36)]


@dataclass(frozen=True, slots=True)
class Folder:
    """`recordings` is how many lie in it itself; those in the trash do not count."""

    id: str
    workspace_id: str
    parent_id: str | None
    name: str
    recordings: int
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        return f'"{self.updated_at.timestamp():.6f}"'


@dataclass(frozen=True, slots=True)
class Tag:
    id: str
    workspace_id: str
    name: str
    color: str | None


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class FolderRequest(_Wire):
    name: Name = Field(examples=["Demos"])
    parent_id: FolderId | None = Field(default=None, description="The folder it lies in; null: at the top.")


class UpdateFolderRequest(_Wire):
    """Fields left out stay as they are; `parentId` null moves it to the top."""

    name: Name | None = None
    parent_id: FolderId | None = None


class FolderOut(_Wire):
    id: str
    workspace_id: str
    parent_id: str | None
    name: str
    recordings: int = Field(description="In it itself, not in the folders below.")
    created_at: datetime
    updated_at: datetime


class FolderList(_Wire):
    data: list[FolderOut] = Field(description="The whole tree, by name; `parentId` says where each one lies.")


class TagRequest(_Wire):
    name: TagName = Field(examples=["Release"])
    color: Color | None = Field(default=None, examples=["#0a84ff"])


class UpdateTagRequest(_Wire):
    """Fields left out stay as they are; `color` null takes it away."""

    name: TagName | None = None
    color: Color | None = None


class TagOut(_Wire):
    id: str
    workspace_id: str
    name: str
    color: str | None


class TagList(_Wire):
    data: list[TagOut]
