"""What the system lets Heddle record, as a page shows it. `desktop/platform/permissions.py` has the words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One permission. `page` is the address of the system's page about it, empty where there is none."""

    title: str
    why: str
    status: str
    hint: str
    page: str
    denied: bool
    fine: bool
