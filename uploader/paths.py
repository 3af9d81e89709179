"""Where the client keeps what must survive a restart."""

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """HEDDLE_HOME, else the user's data folder for Heddle. Not created here."""
    named = os.environ.get("HEDDLE_HOME")
    return Path(named) if named else Path(platformdirs.user_data_dir("heddle"))


def config_path() -> Path:
    """The client's settings file, which may not exist: HEDDLE_CONFIG, HEDDLE_HOME/config.toml, or in the
    platform's configuration folder."""
    if named := os.environ.get("HEDDLE_CONFIG"):
        return Path(named)
    if named := os.environ.get("HEDDLE_HOME"):
        return Path(named) / "config.toml"
    return Path(platformdirs.user_config_dir("heddle")) / "config.toml"


def default_journal() -> Path:
    """The journal that recorder, command line and worker share."""
    return home() / "journal.db"


def worker_lock(journal: Path) -> Path:
    """Held by the one worker of a journal."""
    return journal.with_name(journal.name + ".worker")


def writer_lock(journal: Path, upload_id: str) -> Path:
    """Held by the process that records into a growing upload's file."""
    return journal.with_name(journal.name + ".writers") / upload_id


def refresh_lock() -> Path:
    """Held by the process that gets a new token: a refresh token is good for one of them only."""
    return home() / "credentials.lock"


def worker_log(journal: Path) -> Path:
    return journal.with_name("uploader.log")
