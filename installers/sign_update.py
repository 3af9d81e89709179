"""Writes the signed news of a version that apps look for: see docs/how-to/app-updates.md.

`python installers/sign_update.py --new-key FILE` makes a key and prints what goes into `updates_key`;
`python installers/sign_update.py FILE VERSION PAGE [NOTES]` prints the document to publish.
"""

import argparse
import base64
import json
import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--new-key", action="store_true", help="make FILE, which must not be there yet")
    parser.add_argument("file", type=Path, help="the private key: keep it off every server")
    parser.add_argument("version", nargs="?")
    parser.add_argument("page", nargs="?")
    parser.add_argument("notes", nargs="?", default="")
    options = parser.parse_args()
    if options.new_key:
        sys.stdout.write(new_key(options.file) + "\n")
    elif options.version and options.page:
        secret = base64.b64decode(options.file.read_text())
        sys.stdout.write(document(secret, options.version, options.page, options.notes) + "\n")
    else:
        parser.error("VERSION and PAGE are missing")
    return 0


def new_key(path: Path) -> str:
    """Writes a private key that only this person may read; the public one, in base64."""
    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(base64.b64encode(key.private_bytes_raw()).decode() + "\n")
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def document(secret: bytes, version: str, page: str, notes: str) -> str:
    """What is published."""
    payload = json.dumps({"version": version, "page": page, "notes": notes}).encode()
    signature = Ed25519PrivateKey.from_private_bytes(secret).sign(payload)
    return json.dumps(
        {"payload": base64.b64encode(payload).decode(), "signature": base64.b64encode(signature).decode()}
    )


if __name__ == "__main__":
    sys.exit(main())
