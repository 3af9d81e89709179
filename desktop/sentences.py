"""What engine, uploader and server say, in the user's language.

They speak English wherever programs listen or something is kept: on their wires, in the journal, in manifests
and logs. A face says it anew at the moment it shows it. `resources/messages/<language>.engine.json` has a
template for each sentence (`desktop/gathering.py` finds them in the source), with named places as in
`{left} MB are left`. What a place holds is put into the translation as it is; where that says `{why!t}`,
it is a sentence or a word itself, and said anew, too; `{reasons!l}` holds several. A text that nobody knows
stays as it is.
"""

import json
import re
import string
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from pathlib import Path

from desktop.i18n import language

_MESSAGES = Path(__file__).parent / "resources" / "messages"
_LONGEST = 4000  # characters; what is longer is no sentence
# Where a text may be a title with its detail, several sentences, or a list of reasons.
_JOINTS = re.compile(r"[.:;] |(?<=[.!?]) |;? *\n *")
# What a place holds is first taken strictly, or any template took in what belongs to others: no second
# sentence and no reason, except where it is marked and the template has enough words of its own.
_PLAIN, _SENTENCES, _ANY = r"((?:(?!\. [A-Z]|[:;] ).)*?)", r"((?:(?!; ).)*?)", "(.*?)"
_STRONG = 20  # characters
# A template with very few words takes single words, quoted ones and lists of them.
_WORD, _WEAK = r"""((?:'[^']*'|"[^"]*"|, |[^ ])*?)""", 10


def say(text: str) -> str:
    """`text` in the user's language, as far as it is known."""
    return _said(text, language())


@lru_cache(maxsize=1000)  # cards and rows are painted again and again
def _said(text: str, wanted: str) -> str:
    speech = _speech(wanted)
    return speech.say(text) if speech and len(text) <= _LONGEST else text


@cache
def _speech(wanted: str) -> "_Speech | None":
    path = _MESSAGES / f"{wanted}.engine.json"
    return _Speech(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


class _Template:
    """A sentence with places, and how it is said."""

    def __init__(self, english: str, said: str) -> None:
        self._marks = {name: how for _, name, _, how in string.Formatter().parse(said) if name}
        self._parts = [(text, name) for text, name, _, _ in string.Formatter().parse(said)]
        self._english = [(text, name) for text, name, _, _ in string.Formatter().parse(english)]
        words = [text for text, _ in self._english]
        self.weight = sum(map(len, words))
        self._longest = max(words, key=len)

    @cached_property
    def _strict(self) -> re.Pattern[str]:
        if self.weight <= _WEAK:
            return self._pattern(dict.fromkeys((None, "t", "l"), _WORD))
        marked = _SENTENCES if self.weight >= _STRONG else _PLAIN
        return self._pattern({None: _PLAIN, "t": marked, "l": _ANY})

    @cached_property
    def _loose(self) -> re.Pattern[str]:
        return self._strict if self.weight <= _WEAK else self._pattern({None: _ANY, "t": _ANY, "l": _ANY})

    def _pattern(self, places: Mapping[str | None, str]) -> re.Pattern[str]:
        parts = (
            re.escape(words) + (places[self._marks[name]] if name else "") for words, name in self._english
        )
        return re.compile("".join(parts), re.DOTALL)

    def said(self, text: str, speech: "_Speech", *, strict: bool) -> str | None:
        """None where `text` is another sentence."""
        if self._longest not in text:
            return None
        found = (self._strict if strict else self._loose).fullmatch(text)
        if found is None:
            return None
        names = [name for _, name in self._english if name]
        held = dict(zip(names, found.groups(), strict=True))
        for name, mark in self._marks.items():
            held[name] = speech.say_place(held[name]) if mark else held[name]
        return "".join(words + (held[name] if name else "") for words, name in self._parts)


class _Speech:
    """All sentences of one language."""

    def __init__(self, catalogue: dict[str, str]) -> None:
        templates = {text: said for text, said in catalogue.items() if "{" in text}
        self._whole = {text: said for text, said in catalogue.items() if text not in templates}
        # The one with the most words of its own is the one that was meant.
        self._templates = sorted(
            (_Template(*both) for both in templates.items()), key=lambda one: one.weight, reverse=True
        )

    def say(self, text: str) -> str:
        """One sentence, or as many of several as are known."""
        known = self._known(text)
        if known is None and (parts := self._say_parts(text)) != text:
            known = parts
        if known is None:
            known = self._known(text, strict=False)
        return text if known is None else known

    def _say_parts(self, text: str) -> str:
        heads = list(_heads(text))
        for head, joint, rest in reversed(heads):  # the longest that is known
            if " " in head and (known := self._known(head)) is not None:
                return known + joint + self._say_more(rest)
        head, joint, rest = heads[0] if heads else (text, "", "")
        return head + joint + self._say_more(rest)

    def _say_more(self, rest: str) -> str:
        return self.say(rest) if " " in rest else rest  # a single word may be anybody's

    def say_place(self, text: str) -> str:
        """What stands in a marked place: a sentence, a word, or a list of words."""
        if ", " in text and all(word in self._whole for word in text.split(", ")):
            return ", ".join(self._whole[word] for word in text.split(", "))
        return self.say(text)

    def _known(self, text: str, *, strict: bool = True) -> str | None:
        if text in self._whole:
            return self._whole[text]
        said = (one.said(text, self, strict=strict) for one in self._templates)
        return next((one for one in said if one is not None), None)


def _heads(text: str) -> Iterator[tuple[str, str, str]]:
    """Each way to take a first part off: with its full stop, and where that joins two texts, without."""
    for joint in _JOINTS.finditer(text):
        yield text[: joint.start()], joint[0], text[joint.end() :]
        if joint[0] == ". ":
            yield text[: joint.start() + 1], " ", text[joint.end() :]
