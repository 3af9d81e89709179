"""What the library says of a recording, in the words of a card."""

from collections.abc import Callable
from datetime import datetime

from desktop.i18n import tr
from desktop.models.library.items import Item, Moment, Standing, waits_for_plan
from desktop.models.library.playing import Range
from desktop.models.words import duration, size


def standing_words(item: Item) -> str:
    """`Uploading 42 %`; empty for what is simply ready."""
    if item.trashed_at is not None:
        return tr("In the trash")
    if item.problem and waits_for_plan(item):
        return tr("On this computer: {why}", why=item.problem.title)
    if item.percent is not None and item.standing in _WITH_PERCENT:
        return _WITH_PERCENT[item.standing](item.percent)
    if item.standing is Standing.WAITING and item.upload_id is None:
        return tr("Nothing has arrived yet")  # of what another computer announced
    text = _WORDS[item.standing]()
    if item.problem:
        return f"{text}: {item.problem.title}" if text else item.problem.title
    return text


def state_line(item: Item, speech: str = "") -> str:
    """How writing down what is said in it stands, which is news, and how it does; but a failure first."""
    parts = (standing_words(item), speech)
    return " · ".join(part for part in (parts if item.standing is Standing.FAILED else parts[::-1]) if part)


# Functions, for they are asked for each card that is painted, and one of them is wanted.
_WITH_PERCENT: dict[Standing, Callable[[int], str]] = {
    Standing.UPLOADING: lambda percent: tr("Uploading {percent} %", percent=percent),
    Standing.PROCESSING: lambda percent: tr("Processing {percent} %", percent=percent),
    Standing.WAITING: lambda percent: tr("Waiting for the server at {percent} %", percent=percent),
    Standing.HELD: lambda percent: tr("Upload paused at {percent} %", percent=percent),
}
_WORDS: dict[Standing, Callable[[], str]] = {
    Standing.RECORDING: lambda: tr("Recording"),
    Standing.UPLOADING: lambda: tr("Uploading"),
    Standing.WAITING: lambda: tr("Waiting for the server"),
    Standing.HELD: lambda: tr("Upload paused"),
    Standing.PROCESSING: lambda: tr("Processing"),
    Standing.READY: lambda: "",
    Standing.LOCAL: lambda: tr("On this computer only"),
    Standing.FAILED: lambda: tr("Failed"),
}


def step_words(name: str) -> str:
    """What a step of the server's processing makes; its name for one of a newer server."""
    words = _STEPS.get(name)
    return words() if words else name.replace("-", " ").replace("_", " ")


_STEPS: dict[str, Callable[[], str]] = {
    "probe": lambda: tr("file check"),
    "normalise": lambda: tr("copy that every player understands"),
    "poster": lambda: tr("poster"),
    "first-poster": lambda: tr("poster"),
    "rendition": lambda: tr("smaller versions"),
    "av1": lambda: tr("versions in AV1"),
    "storyboard": lambda: tr("pictures for seeking"),
    "preview": lambda: tr("moving preview"),
    "waveform": lambda: tr("waveform"),
    "download": lambda: tr("file to download"),
    "audio": lambda: tr("sound alone"),
    "scenes": lambda: tr("places where the picture changes"),
    "transcript": lambda: tr("transcript"),
    "live-transcript": lambda: tr("transcript"),
}


def mark_words(item: Item) -> str:
    """What became of a change that the server does not have; empty where there is none."""
    if item.conflict:
        return tr("Change refused") if item.refused else tr("Changed elsewhere too")
    return tr("Not sent yet") if item.unsent else ""


def facts(item: Item, now: datetime, *, short: bool = False) -> str:
    """When, how long, how large, how often seen; `short` leaves out what a card shows elsewhere or not."""
    parts = [when(item.created_at, now, short=short)]
    if item.duration_s and not short:
        parts.append(duration(item.duration_s))
    if item.size and not short:
        parts.append(size(item.size))
    if item.views:
        parts.append(tr("{count} views", count=item.views) if item.views > 1 else tr("1 view"))
    return " · ".join(parts)


def when(at: float, now: datetime, *, short: bool = False) -> str:
    """`Today 14:03`, `Yesterday 09:10`, `20 Nov 09:10`, in other years `20 Nov 2025`; `short` leaves out the
    time of older ones."""
    moment = datetime.fromtimestamp(at, now.tzinfo)
    days, time = (now.date() - moment.date()).days, f"{moment:%H:%M}"
    if days == 0:
        return tr("Today {time}", time=time)
    if days == 1:
        return tr("Yesterday {time}", time=time)
    if moment.year != now.year:
        return tr("{day} {month} {year}", day=moment.day, month=_month(moment.month), year=moment.year)
    date = tr("{day} {month}", day=moment.day, month=_month(moment.month))
    return date if short else f"{date} {time}"


def _month(number: int) -> str:
    """Of three letters, as it stands in a date."""
    return (
        tr("Jan"), tr("Feb"), tr("Mar"), tr("Apr"), tr("May"), tr("Jun"),
        tr("Jul"), tr("Aug"), tr("Sep"), tr("Oct"), tr("Nov"), tr("Dec"),
    )[number - 1]  # fmt: skip


def spoken(item: Item, now: datetime, speech: str = "") -> str:
    """All of a card in one line, for screen readers."""
    marks = [tr("changes wait to be sent")] if item.unsent and not item.conflict else []
    if item.conflict:
        marks = [tr("the server refused a change") if item.refused else tr("changed here and elsewhere")]
    parts = (item.title, standing_words(item), speech, facts(item, now), *marks)
    return ", ".join(part for part in parts if part)


def moment_words(moment: Moment) -> str:
    """Where in a recording a word was said, and what was said there."""
    return f"{duration(moment.at_s)}  {moment.text}"


def piece_words(chosen: Range) -> str:
    """Which piece of a recording it is; empty for all of it."""
    if chosen.whole:
        return ""
    begin = duration(chosen.begin or 0.0)
    if chosen.end is None:
        return tr("From {begin} to the end.", begin=begin)
    return tr("From {begin} to {end}.", begin=begin, end=duration(chosen.end))


def embed_code(share_url: str) -> str:
    """What is pasted into a page. The address of the player is that of the link, with another word in it."""
    server, _, slug = share_url.rpartition("/s/")
    address = f"{server}/embed/{slug}"
    return (
        f'<iframe src="{address}" width="640" height="360" frameborder="0"'
        ' allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>'
    )


def link_at(share_url: str, at_s: float) -> str:
    """A link that begins at a moment."""
    return f"{share_url}?t={int(at_s)}" if at_s >= 1 else share_url
