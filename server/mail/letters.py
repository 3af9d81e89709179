"""What a letter looks like: the same words as text and as HTML, from one template each."""

from dataclasses import dataclass, field
from html import escape
from string import Template

_TEXT = Template("""$heading

$paragraphs
$action
--
$footer$links
""")
_ACTION_TEXT = Template("""
$label:
$link
""")
# Styles stand in the elements: many mail programs drop style sheets, and with them the colours of the night,
# which nothing but a style sheet can have. Nothing is fetched from anywhere.
_HTML = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>$heading</title>
<style>@media (prefers-color-scheme: dark) {
.page { background: #161618 !important; color: #ececee !important }
.card { background: #232326 !important }
.faint, .faint a { color: #a3a3a8 !important }
.quote { border-color: #55555b !important; color: #c9c9ce !important }
.item a { color: #8fd0b9 !important }
}</style></head>
<body class="page" style="margin:0;padding:24px;background:#f4f4f2;color:#1d1d1f;$font">
<div class="card" style="max-width:34em;margin:0 auto;padding:24px 28px;background:#fff;border-radius:12px">
<h1 style="margin:0 0 16px;font-size:20px">$heading</h1>
$paragraphs
$action
<p class="faint" style="margin:24px 0 0;color:#6b6b70;font-size:13px">$footer$links</p>
</div></body></html>
""")
_FONT = "font:16px/1.5 system-ui,sans-serif"
_PARAGRAPH = Template('<p style="margin:0 0 12px">$words</p>')
_QUOTE = Template(
    '<blockquote class="quote" style="margin:0 0 16px;padding:2px 0 2px 14px;border-left:3px solid #c9c9c4;'
    'color:#4a4a4f;white-space:pre-line">$words</blockquote>'
)
_LINK = Template('<a href="$link" style="color:#2c5f4f">$words</a>')
_ITEM = Template('<div class="item" style="margin:0 0 14px">$words</div>')
_ACTION_HTML = Template(
    '<p style="margin:20px 0"><a href="$link" style="display:inline-block;padding:10px 18px;'
    'border-radius:8px;background:#2c5f4f;color:#ffffff;text-decoration:none">$label</a></p>\n'
    '<p style="margin:0;font-size:13px;word-break:break-all">$link</p>'
)
FOOTER = "You get this because somebody used your address at this Heddle server."


@dataclass(frozen=True, slots=True)
class Item:
    """One of several things that a letter tells: a sentence, where it leads, and what somebody wrote."""

    words: str
    link: str | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A letter before it is laid out. Nothing in here is markup: what people wrote may stand anywhere.

    `heading` is what stands above the letter where that is not its subject. `items` come behind the
    paragraphs. `action` is the words of a button, and where it leads; `links` are such pairs for the last
    line. `headers` see `ports.mail.Letter`.
    """

    subject: str
    paragraphs: tuple[str, ...]
    action: tuple[str, str] | None = None
    footer: str = FOOTER
    headers: dict[str, str] = field(default_factory=dict)
    heading: str = ""
    items: tuple[Item, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def subject_of(words: Words) -> str:
    """In one line, whatever a name in it tried."""
    return _one_line(words.subject)


def as_text(words: Words) -> str:
    action = ""
    if words.action is not None:
        action = _ACTION_TEXT.substitute(label=words.action[0], link=words.action[1])
    parts = [*words.paragraphs, *(_item_text(one) for one in words.items)]
    return _TEXT.substitute(
        heading=_heading(words),
        paragraphs="\n\n".join(parts),
        action=action,
        footer=words.footer,
        links="".join(f"\n{label}: {link}" for label, link in words.links),
    )


def as_html(words: Words) -> str:
    action = ""
    if words.action is not None:
        action = _ACTION_HTML.substitute(label=escape(words.action[0]), link=escape(words.action[1]))
    parts = [_PARAGRAPH.substitute(words=escape(one)) for one in words.paragraphs]
    return _HTML.substitute(
        font=_FONT,
        heading=escape(_heading(words)),
        paragraphs="\n".join([*parts, *(_item_html(one) for one in words.items)]),
        action=action,
        footer=escape(words.footer),
        links="".join(f"<br>{_link(label, link)}" for label, link in words.links),
    )


def _item_text(item: Item) -> str:
    quoted = [f"> {line}" for line in item.quote.splitlines()]
    return "\n".join([item.words, *quoted, *([item.link] if item.link else [])])


def _item_html(item: Item) -> str:
    said = _link(item.words, item.link) if item.link else escape(item.words)
    quoted = _QUOTE.substitute(words=escape(item.quote)) if item.quote else ""
    return _ITEM.substitute(words=said + quoted)


def _link(words: str, link: str) -> str:
    return _LINK.substitute(words=escape(words), link=escape(link))


def _heading(words: Words) -> str:
    return _one_line(words.heading) or subject_of(words)


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:200]
