"""What the library says of a recording, in the words of a card."""

from datetime import datetime

from desktop.i18n import tr
from desktop.models.library.items import Item, Standing
from desktop.models.words import duration, size


def standing_words(item: Item) -> str:
    """`Uploading 42 %`; empty for what is simply ready."""
    if item.trashed_at is not None:
        return tr("In the trash")
    with_percent = {
        Standing.UPLOADING: tr("Uploading {percent} %", percent=item.percent),
        Standing.PROCESSING: tr("Processing {percent} %", percent=item.percent),
        Standing.WAITING: tr("Waiting for the server at {percent} %", percent=item.percent),
        Standing.HELD: tr("Upload paused at {percent} %", percent=item.percent),
    }
    if item.percent is not None and item.standing in with_percent:
        return with_percent[item.standing]
    words = {
        Standing.RECORDING: tr("Recording"),
        Standing.UPLOADING: tr("Uploading"),
        Standing.WAITING: tr("Waiting for the server"),
        Standing.HELD: tr("Upload paused"),
        Standing.PROCESSING: tr("Processing"),
        Standing.READY: "",
        Standing.LOCAL: tr("On this computer only"),
        Standing.FAILED: tr("Failed"),
    }
    text = words[item.standing]
    if item.problem:
        return f"{text}: {item.problem.title}" if text else item.problem.title
    return text


def facts(item: Item, now: datetime, *, short: bool = False) -> str:
    """When, how long, how large, how often seen; `short` leaves out what a card shows elsewhere or not."""
    parts = [when(item.created_at, now)]
    if item.duration_s and not short:
        parts.append(duration(item.duration_s))
    if item.size and not short:
        parts.append(size(item.size))
    if item.views:
        parts.append(tr("{count} views", count=item.views) if item.views > 1 else tr("1 view"))
    return " · ".join(parts)


def when(at: float, now: datetime) -> str:
    """`Today 14:03`, `Yesterday 09:10`, else the date."""
    moment = datetime.fromtimestamp(at, now.tzinfo)
    days = (now.date() - moment.date()).days
    if days == 0:
        return tr("Today {time}", time=f"{moment:%H:%M}")
    if days == 1:
        return tr("Yesterday {time}", time=f"{moment:%H:%M}")
    return f"{moment:%Y-%m-%d %H:%M}"


def spoken(item: Item, now: datetime) -> str:
    """All of a card in one line, for screen readers."""
    marks = [tr("changes wait to be sent")] if item.unsent and not item.conflict else []
    marks += [tr("changed here and elsewhere")] if item.conflict else []
    return ", ".join(part for part in (item.title, standing_words(item), facts(item, now), *marks) if part)


def embed_code(share_url: str) -> str:
    """What is pasted into a page. The address of the player is that of the link, with another word in it."""
    address = share_url.replace("/s/", "/embed/", 1)
    return (
        f'<iframe src="{address}" width="640" height="360" frameborder="0"'
        ' allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>'
    )


def link_at(share_url: str, at_s: float) -> str:
    """A link that begins at a moment."""
    return f"{share_url}?t={int(at_s)}" if at_s >= 1 else share_url
