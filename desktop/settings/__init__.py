"""The client's settings: one table that feeds store, page, command line and documentation."""

from desktop.settings.store import address, change, load, overridden, saved
from desktop.settings.table import TABLE, Settings, models_folder, recordings_folder

__all__ = [
    "TABLE",
    "Settings",
    "address",
    "change",
    "load",
    "models_folder",
    "overridden",
    "recordings_folder",
    "saved",
]
