"""A drawing on a frame: strokes as vectors, so that it fits every size the picture is shown in.

Places are parts of the picture's width and height, from (0, 0) at the top left to (1, 1); a stroke's width is
a part of the picture's height.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

MOST_STROKES = 100
MOST_POINTS = 4000  # of all strokes together


class Tool(StrEnum):
    PEN = "pen"
    HIGHLIGHTER = "highlighter"
    LINE = "line"
    ARROW = "arrow"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"


_FREE = frozenset({Tool.PEN, Tool.HIGHLIGHTER})


def _rounded(value: float) -> float:
    """A fifth of a pixel in 4K: more digits are only more bytes."""
    return round(value, 5)


Part = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), AfterValidator(_rounded)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Stroke(_Wire):
    tool: Tool = Tool.PEN
    color: str = Field(pattern=r"^#[0-9a-fA-F]{6}$", examples=["#ff3b30"])
    width: Annotated[float, Field(ge=0.001, le=0.1, allow_inf_nan=False), AfterValidator(_rounded)] = 0.005
    points: list[tuple[Part, Part]] = Field(
        min_length=1,
        max_length=MOST_POINTS,
        description="The way of a pen; the two ends, or two opposite corners, of any other tool.",
        examples=[[[0.1, 0.2], [0.3, 0.4]]],
    )

    @model_validator(mode="after")
    def _two_corners(self) -> Self:
        if self.tool not in _FREE and len(self.points) != 2:
            raise ValueError(f"a stroke of the tool {self.tool} has exactly two points")
        return self


class Drawing(_Wire):
    strokes: list[Stroke] = Field(min_length=1, max_length=MOST_STROKES)

    @model_validator(mode="after")
    def _of_moderate_size(self) -> Self:
        if sum(len(stroke.points) for stroke in self.strokes) > MOST_POINTS:
            raise ValueError(f"a drawing has at most {MOST_POINTS} points")
        return self
