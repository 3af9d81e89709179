"""A message as Slack's incoming webhooks take it, and what speaks like them: `text`, and the same as blocks.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: `text` is what a phone shows of it.
In both `&`, `<` and `>` are escaped, so that nothing people wrote becomes a link or calls a whole channel.
"""

import json
from collections.abc import Mapping
from typing import Any

from server.notifications import wording
from server.notifications.kinds import Kind

# A block of text has 3,000 characters at most.
_LONGEST = 2800


def message(
    kind: Kind, data: Mapping[str, Any], *, title: str | None = None, url: str | None = None
) -> dict[str, Any]:
    said = escaped(wording.sentence(kind, data, title=title))
    advice, quote = escaped(wording.advice(kind, data)), escaped(wording.quote(data))
    lines = [said, *filter(None, [advice]), *(f">{line}" for line in quote.splitlines())]
    if url is not None:
        lines.append(f"<{escaped(url)}|Open it in Heddle>")
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines)[:_LONGEST]}}
    return {"text": said[:_LONGEST], "blocks": [section], "unfurl_links": False}


def trial() -> dict[str, Any]:
    """What the test button sends."""
    said = "Heddle can write here."
    return {"text": said, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": said}}]}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def encoded(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
