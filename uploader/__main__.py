"""`python -m uploader`: the upload worker, a process of its own. Ends by itself when the queue is drained."""

import argparse
import asyncio
import logging
import signal
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from uploader import manager, paths
from uploader.allowance import Allowance
from uploader.errors import UploadError
from uploader.journal import Journal
from uploader.model import Wish
from uploader.worker import Worker

LOG_BYTES, LOG_FILES = 1024 * 1024, 3


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 also when another worker serves this journal already."""
    options = _parser().parse_args(arguments)
    journal_path: Path = options.journal or paths.default_journal()
    journal_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _log_to(paths.worker_log(journal_path), verbose=options.verbose)
    try:
        allowance = Allowance()
        with Journal(journal_path) as journal:
            return _serve(journal, options, allowance)
    except UploadError as error:
        logging.getLogger("uploader").exception("the worker ends")
        sys.stderr.write(f"{error}\n")
        return 1


def _serve(journal: Journal, options: argparse.Namespace, allowance: Allowance) -> int:
    """Holds the lock while working. Whoever added a row in the instant before the lock went saw a worker
    running: so the queue is looked at once more after that.
    """
    while True:
        lock = manager.take_lock(journal.path)
        if lock is None:
            return 0
        try:
            stopped = asyncio.run(_work(journal, options, allowance))
        finally:
            lock.release()
        if stopped or not any(upload.wish is not Wish.HOLD for upload in journal.pending()):
            return 0


async def _work(journal: Journal, options: argparse.Namespace, allowance: Allowance) -> bool:
    """Whether the worker was told to end."""
    worker = Worker(
        journal,
        linger_s=options.linger,
        patience_s=options.patience,
        stay=options.stay,
        allowed=allowance.look,
    )
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True
        worker.stop()

    loop = asyncio.get_running_loop()
    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
    await worker.run(warm=options.server)
    return stopped


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m uploader", description=__doc__)
    parser.add_argument("--journal", type=Path, help="default: journal.db in HEDDLE_HOME")
    parser.add_argument("--server", help="a server to connect to before the first upload comes")
    parser.add_argument("--stay", action="store_true", help="do not end when the queue is empty")
    parser.add_argument("--linger", type=float, default=1.0, help="seconds to watch an empty queue")
    parser.add_argument(
        "--patience", type=float, default=10.0, help="the same before the first upload was seen"
    )
    parser.add_argument("--verbose", action="store_true", help="log to stderr as well")
    return parser


def _log_to(path: Path, *, verbose: bool) -> None:
    """Addresses in httpx's and websockets' own messages may hold tokens: they stay out."""
    handlers: list[logging.Handler] = [
        RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True)
    ]
    if verbose:
        handlers.append(logging.StreamHandler())
    logging.basicConfig(
        level=logging.INFO,
        handlers=handlers,
        format="%(asctime)s %(process)d %(levelname)s %(name)s %(message)s",
    )
    for noisy in ("httpx", "httpcore", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
