"""What is said of a recording: its state, times, sizes and problems, in the words of every face."""

from collections.abc import Mapping
from typing import Any

from desktop.i18n import tr
from desktop.models.session import PLAN_FULL, Phase, Problem, Session, UploadView
from desktop.models.told import listed, number

LAG_SHOWN_S = 2.0  # a fragment and its way are no lag
_KIB = 1024


def duration(seconds: float) -> str:
    """`3:07`, or `1:02:03` from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size(amount: float) -> str:
    """Bytes as `812 B`, `4.2 MiB`."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < _KIB or unit == "GiB":
            break
        amount /= _KIB
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"


def progress_line(session: Session) -> str:
    """Time, size, frames a second, the three lags (capture, encode, upload) and the upload, in one line."""
    if session.phase is Phase.COUNTING:
        return tr("Recording in {seconds}", seconds=session.seconds_left or "…")
    if session.phase is Phase.TESTING:
        return tr("Testing these devices for two seconds, this once")
    parts = [_phase(session.phase), duration(session.time_s), size(session.size)]
    if session.phase in {Phase.RECORDING, Phase.PAUSED}:
        parts.append(tr("{fps} fps", fps=f"{session.fps:.0f}"))
    if session.late:
        parts.append(tr("{count} late", count=session.late))
    parts.append(tr("{count} dropped", count=session.dropped))
    if session.phase in {Phase.RECORDING, Phase.PAUSED} and (session.upload_lag_s or 0) >= LAG_SHOWN_S:
        parts.append(tr("server {seconds} s behind", seconds=f"{session.upload_lag_s:.0f}"))
    if session.upload:
        parts.append(_upload(session.upload))
    return "  ".join(parts)


def receipt_text(session: Session) -> str:
    """What is in a finished recording: a line of facts, and one for each marker and each sound file."""
    told = session.receipt
    if not told:
        return tr("{time}, {size}.", time=duration(session.time_s), size=size(session.size))
    facts = [duration(session.time_s), size(session.size), str(told.get("encoder")), _heard(told)]
    if (offset := number(told, "avOffsetMs", None)) is not None:
        facts.append(tr("sound {offset} ms from the picture", offset=f"{offset:+.0f}"))
    facts.append(tr("{late} late, {dropped} dropped", late=told.get("late"), dropped=told.get("dropped")))
    lines = [", ".join(facts) + "."]
    markers = [one for one in listed(told, "markers") if isinstance(one, Mapping)]
    lines += [f"{duration(number(one, 'timeS', 0.0)):>8}  {one.get('title', '')}" for one in markers]
    lines += [str(path) for path in listed(told, "soundFiles")]
    lines.append(f"SHA-256 {told.get('sha256')}")
    return "\n".join(lines)


def _heard(told: Mapping[str, Any]) -> str:
    peak = number(told, "peakDb", None)
    if peak is None:
        return tr("without sound")
    if not told.get("audioPresent"):
        return tr("NO SOUND but silence")
    return tr("sound up to {level} dB", level=f"{peak:.0f}")


def problem_text(problem: Problem) -> str:
    """What happened, why, and what to do, each on a line of its own."""
    return "\n  ".join(part for part in (problem.title, problem.detail, problem.hint) if part)


def _phase(phase: Phase) -> str:
    words = {
        Phase.STARTING: tr("Starting"),
        Phase.READY: tr("Ready"),
        Phase.TESTING: tr("Testing"),
        Phase.COUNTING: tr("Counting down"),
        Phase.PREPARING: tr("Preparing"),
        Phase.RECORDING: tr("Recording"),
        Phase.PAUSED: tr("Paused"),
        Phase.STOPPING: tr("Finishing"),
        Phase.FINISHED: tr("Recorded"),
        Phase.CANCELLED: tr("Cancelled"),
        Phase.FAILED: tr("Failed"),
    }
    return words[phase]


def _upload(upload: UploadView) -> str:
    if upload.state == "done":
        return tr("uploaded")
    if upload.state in {"failed", "cancelled"}:
        return tr("upload stopped")
    if upload.problem and upload.problem.code == PLAN_FULL:
        return tr("stays on this computer: the plan is used up")
    sent = size(upload.offset)
    if upload.problem or upload.state == "waiting":
        return tr("upload waits at {sent}", sent=sent)
    if upload.size:
        return tr("uploading {percent} %", percent=100 * upload.offset // upload.size)
    return tr("{sent} uploaded", sent=sent)
