"""Which files a model has on the server it comes from, how large they are, and what their hashes must be.

From the Hugging Face hub, or a mirror that speaks as it does: its tree of files, which has the SHA-256 of
large files and Git's hash of small ones. From any other web server: a file SHA256SUMS in the model's folder,
as `sha256sum` writes it. No hash is known beforehand: they come from the server that sends the files. They
find what broke on the way, and rest on HTTPS for everything else.
Sources: https://huggingface.co/docs/hub/api, https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from media.errors import SpeechError
from media.transcribe.catalogue import catalogue
from media.transcribe.store import REQUIRED, VOCABULARIES, is_address

HUB = "https://huggingface.co"
_WANTED = frozenset({*REQUIRED, *VOCABULARIES, "preprocessor_config.json"})
_MOST_LISTED = 1 << 20  # bytes
_HEX = {40: "git", 64: "sha256"}


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """`size` is 0 where the server does not tell; `hash` is SHA-256, or Git's hash of a blob (SHA-1)."""

    name: str
    url: str
    size: int
    hash: str

    def matches(self, path: Path) -> bool:
        """Whether the file is this one."""
        if self.size and path.stat().st_size != self.size:
            return False
        git = _HEX[len(self.hash)] == "git"
        digest = hashlib.sha1(usedforsecurity=False) if git else hashlib.sha256()
        if git:
            digest.update(b"blob %d\0" % path.stat().st_size)
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest() == self.hash


def list_files(http: httpx.Client, model: str, hub: str = HUB) -> list[RemoteFile]:
    """Smallest first, so that a wrong address is found out soon. Raises SpeechError and httpx's errors."""
    if is_address(model):
        files = _from_sums(_get(http, f"{model.rstrip('/')}/SHA256SUMS").text, model.rstrip("/"))
    else:
        known = catalogue().find(model)
        if known is None:
            raise SpeechError(f"There is no speech model {model!r} to download")
        files = _from_hub(http, hub.rstrip("/"), known.repository)
    names = {file.name for file in files}
    if not names.issuperset(REQUIRED) or names.isdisjoint(VOCABULARIES):
        raise _no_model(f"Its files are {', '.join(sorted(names)) or 'none'}.")
    return sorted(files, key=lambda file: (file.name == "model.bin", file.size, file.name))


def _from_hub(http: httpx.Client, hub: str, repository: str) -> list[RemoteFile]:
    # One commit, not a branch: it may move between the list and the files.
    commit = _json(http, f"{hub}/api/models/{repository}").get("sha")
    if not isinstance(commit, str) or not re.fullmatch(r"[0-9a-f]{40}", commit):
        raise _no_model("The server does not name a commit.")
    tree = _get(http, f"{hub}/api/models/{repository}/tree/{commit}").json()
    rows = [row for row in tree if isinstance(row, dict) and row.get("path") in _WANTED]
    return [_hub_file(row, f"{hub}/{repository}/resolve/{commit}") for row in rows]


def _hub_file(row: dict[str, Any], base: str) -> RemoteFile:
    large = row.get("lfs")
    hash_ = str((large or row).get("oid", "")).removeprefix("sha256:")
    size = row.get("size")
    if not isinstance(size, int) or size <= 0:
        raise _no_model(f"{row['path']} has no size.")
    return RemoteFile(row["path"], f"{base}/{row['path']}", size, _checked(hash_))


def _from_sums(text: str, base: str) -> list[RemoteFile]:
    rows = re.findall(r"^([0-9a-fA-F]{64}) [ *](\S+)$", text, re.MULTILINE)
    return [RemoteFile(name, f"{base}/{name}", 0, hash_.lower()) for hash_, name in rows if name in _WANTED]


def _checked(hash_: str) -> str:
    if not re.fullmatch(r"[0-9a-f]+", hash_) or len(hash_) not in _HEX:
        raise _no_model(f"{hash_!r} is no hash.")
    return hash_


def _json(http: httpx.Client, url: str) -> dict[str, Any]:
    data = _get(http, url).json()
    return data if isinstance(data, dict) else {}


def _get(http: httpx.Client, url: str) -> httpx.Response:
    response = http.get(url)
    if len(response.content) > _MOST_LISTED:
        raise _no_model("Its list of files is too long.")
    refuse(response)
    return response


def refuse(response: httpx.Response) -> None:
    """SpeechError for an answer that no repetition changes; httpx.HTTPStatusError for one that may."""
    if response.is_success:
        return
    if response.is_server_error or response.status_code in (408, 425, 429):
        response.raise_for_status()
    raise SpeechError(
        "The speech model cannot be downloaded",
        f"{response.url} answers {response.status_code} {response.reason_phrase}.".replace(" .", "."),
        "Check the address, or copy the model's folder by hand.",
    )


def _no_model(detail: str) -> SpeechError:
    return SpeechError("There is no speech model at this address", detail, "Check the address.")
