"""What is said when a take is over: that its link can be used, or what is safe and where."""

from dataclasses import dataclass

from desktop.i18n import tr
from desktop.models.session import PLAN_FULL, Phase, Problem, Session
from desktop.models.words import duration


@dataclass(frozen=True, slots=True)
class Ending:
    """Words for a notification; `link` is what it opens, `path` what it shows."""

    problem: Problem
    link: str = ""
    path: str = ""


def ending(session: Session) -> Ending | None:
    """None where there is nothing to tell: no take was begun."""
    if session.phase is Phase.FINISHED:
        return _finished(session)
    if session.phase is Phase.CANCELLED:
        if not session.size:
            return None
        return Ending(
            Problem(
                tr("This take was put aside"),
                tr("It is kept for a week: `heddle recover --cancelled` brings it back."),
                severity="info",
            )
        )
    if session.phase is Phase.FAILED:
        return Ending(session.error or Problem(tr("The recording failed")), path=session.path or "")
    return None


def _finished(session: Session) -> Ending:
    long = duration(session.time_s)
    if session.error:  # it broke off; what there was until then is an ordinary file
        safe = tr("What was recorded until then, {time}, is safe in {path}.", time=long, path=session.path)
        detail = " ".join(part for part in (session.error.detail, safe) if part)
        return Ending(
            Problem(session.error.title, detail, session.error.hint, "warning", session.error.code),
            session.share_url or "",
            session.path or "",
        )
    if session.share_url:
        return Ending(
            Problem(
                tr("Recorded, and the link is on the clipboard"),
                tr("{time}. Click to open it in the browser.", time=long),
                severity="info",
            ),
            session.share_url,
            session.path or "",
        )
    where = tr("{time}, in {path}.", time=long, path=session.path)
    waits = session.upload.problem if session.upload else None
    if waits and waits.code == PLAN_FULL:
        detail = f"{where} {waits.detail}"
        title = tr("Recorded; it stays on this computer until there is room in the plan")
        return Ending(Problem(title, detail, waits.hint, "warning", waits.code), path=session.path or "")
    title = tr("Recorded; the link comes when the server answers") if session.upload else tr("Recorded")
    return Ending(Problem(title, where, severity="info"), path=session.path or "")


def late_link(link: str, *, copied: bool) -> Ending:
    """For a server that answered after the end of the take was told; long after, the clipboard may hold
    something else.
    """
    title = tr("The link is on the clipboard") if copied else tr("The link of your recording is there")
    return Ending(Problem(title, tr("Click to open it."), severity="info"), link)
