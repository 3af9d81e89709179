"""What a letter looks like: the same words as text and as HTML, from one template each."""

from dataclasses import dataclass, field
from html import escape
from string import Template

_TEXT = Template("""$heading

$paragraphs
$action
--
$footer
""")
_ACTION_TEXT = Template("""
$label:
$link
""")
# Styles stand in the elements: mail programs drop style sheets. Nothing is fetched from anywhere.
_HTML = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>$heading</title></head>
<body style="margin:0;padding:24px;background:#f4f4f2;color:#1d1d1f;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:34em;margin:0 auto;padding:24px 28px;background:#ffffff;border-radius:12px">
<h1 style="margin:0 0 16px;font-size:20px">$heading</h1>
$paragraphs
$action
<p style="margin:24px 0 0;color:#6b6b70;font-size:13px">$footer</p>
</div></body></html>
""")
_PARAGRAPH = Template('<p style="margin:0 0 12px">$words</p>')
_ACTION_HTML = Template(
    '<p style="margin:20px 0"><a href="$link" style="display:inline-block;padding:10px 18px;'
    'border-radius:8px;background:#2c5f4f;color:#ffffff;text-decoration:none">$label</a></p>\n'
    '<p style="margin:0;font-size:13px;word-break:break-all">$link</p>'
)
FOOTER = "You get this because somebody used your address at this Heddle server."


@dataclass(frozen=True, slots=True)
class Words:
    """A letter before it is laid out. Nothing in here is markup: what people wrote may stand anywhere.

    `action` is the words of a button, and where it leads. `headers` see `ports.mail.Letter`.
    """

    subject: str
    paragraphs: tuple[str, ...]
    action: tuple[str, str] | None = None
    footer: str = FOOTER
    headers: dict[str, str] = field(default_factory=dict)


def subject_of(words: Words) -> str:
    """In one line, whatever a name in it tried."""
    return " ".join("".join(char if char.isprintable() else " " for char in words.subject).split())[:200]


def as_text(words: Words) -> str:
    action = ""
    if words.action is not None:
        action = _ACTION_TEXT.substitute(label=words.action[0], link=words.action[1])
    return _TEXT.substitute(
        heading=subject_of(words),
        paragraphs="\n\n".join(words.paragraphs),
        action=action,
        footer=words.footer,
    )


def as_html(words: Words) -> str:
    action = ""
    if words.action is not None:
        action = _ACTION_HTML.substitute(label=escape(words.action[0]), link=escape(words.action[1]))
    return _HTML.substitute(
        heading=escape(subject_of(words)),
        paragraphs="\n".join(_PARAGRAPH.substitute(words=escape(one)) for one in words.paragraphs),
        action=action,
        footer=escape(words.footer),
    )
