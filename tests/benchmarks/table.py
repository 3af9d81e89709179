"""A benchmark's figures, each beside what it is measured against."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity.

    `target` is a ceiling unless `at_least`; it applies to the ratio against `peer` when there is a peer, else
    to the value. A figure without a target only informs.
    """

    name: str
    value: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    target: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's."""
        return self.value / self.peer if self.peer else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        judged = self.value if self.ratio is None else self.ratio
        return judged >= self.target if self.at_least else judged <= self.target


HEAD = ("figure", "ours", "peer", "ratio", "target", "met", "note")


def render(figures: Iterable[Figure]) -> str:
    """A plain text table."""
    rows = [HEAD, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def as_json(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [asdict(figure) | {"ratio": figure.ratio, "met": figure.met} for figure in figures]


def _row(figure: Figure) -> tuple[str, ...]:
    peer = f"{_number(figure.peer)} {figure.unit} ({figure.peer_name})" if figure.peer is not None else ""
    sign = ">=" if figure.at_least else "<="
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        peer,
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        "" if figure.target is None else f"{sign} {figure.target:g}{'x' if figure.peer else ''}",
        {None: "", True: "yes", False: "NO"}[figure.met],
        figure.note,
    )


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
