"""Names and figures by rules: what has a form can be found without a model, and each find explained."""

import re
from collections.abc import Iterator, Sequence

from server.ai.analysis.findings import Counted, Entity, EntityType, mention_of
from server.ai.analysis.sentences import Sentence
from server.ai.analysis.words import Vocabulary

MOST_ENTITIES = 60
_MONTH = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|"
    r"aug(?:ust)?|sep(?:t(?:ember)?)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
_DAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|"
    r"sonntag|tomorrow|yesterday|morgen|gestern|demain|hier|mañana|ayer"
)
_UNIT = (
    r"(?:percent|%|prozent|seconds?|minutes?|hours?|days?|weeks?|months?|years?|users?|customers?|people|"
    r"pixels?|gigabytes?|megabytes?|kilobytes?|terabytes?|[kmgt]i?b|[km]m|kg|fps|ms|times)"
)
_CURRENCY = r"(?:dollars?|euros?|pounds?|francs?|cents?|yen|rupees?|usd|eur|gbp|chf)"
_AMOUNT = r"\d+(?:[.,]\d+)*(?:\s?(?:k|m|bn|thousand|million|billion|millionen|tausend))?"

# In this order: what an earlier one took is not looked at by a later one.
_FORMS: tuple[tuple[EntityType, re.Pattern[str]], ...] = (
    (EntityType.URL, re.compile(r"\b(?:https?://|www\.)[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]", re.IGNORECASE)),
    (EntityType.EMAIL, re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b")),
    (
        EntityType.URL,
        re.compile(
            r"\b(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|io|dev|app|ai|de|fr|es|it|nl|eu|"
            r"co\.uk)\b(?:/[^\s.,;]+)*",
            re.IGNORECASE,
        ),
    ),
    (
        EntityType.MONEY,
        re.compile(rf"[$€£¥]\s?{_AMOUNT}|\b{_AMOUNT}\s?(?:[$€£¥]|{_CURRENCY}\b)", re.IGNORECASE),
    ),
    (
        EntityType.VERSION,
        re.compile(r"\b(?:version|release|v)\s?\.?\s?\d+(?:\.\d+){0,3}(?:-[a-z]+\.?\d*)?\b", re.IGNORECASE),
    ),
    (
        EntityType.DATE,
        re.compile(
            rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b|\b\d{{1,2}}(?:st|nd|rd|"
            rf"th|\.)?\s(?:of\s)?{_MONTH}\b(?:,?\s\d{{4}})?|(?<=\bin\s){_MONTH}\b(?:\s\d{{4}})?|"
            rf"\b{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}})?|\b(?:next\s|last\s|this\s|"
            rf"nächsten\s|letzten\s)?(?:{_DAY})\b|\b(?:next|last)\s(?:week|month|quarter|year)\b|"
            rf"\b(?:q[1-4])\s?\d{{4}}\b",
            re.IGNORECASE,
        ),
    ),
    (
        EntityType.TIME,
        re.compile(
            r"\b\d{1,2}:\d{2}(?::\d{2})?\s?(?:[ap]\.?m\b\.?)?|\b\d{1,2}\s?[ap]\.?m\b\.?", re.IGNORECASE
        ),
    ),
    (
        EntityType.TICKET,
        re.compile(
            r"\b[A-Z][A-Z0-9]{1,9}-\d{1,7}\b|(?<!\w)#\d{1,7}\b|\b(?:ticket|issue|pull request|PR|"
            r"bug)\s#?\d{1,7}\b"
        ),
    ),
    (
        EntityType.PERCENT,
        re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:%|percent\b|per cent\b|prozent\b)", re.IGNORECASE),
    ),
    (
        EntityType.NUMBER,
        re.compile(
            rf"\b\d+(?:[.,]\d+)*\s?{_UNIT}\b|\b\d{{1,3}}(?:[,.]\d{{3}})+\b|\b\d{{3,}}\b|\b\d+[.,]\d+\b",
            re.IGNORECASE,
        ),
    ),
)
_CAPITAL = r"[A-ZÄÖÜÀ-ÖØ-Þ][\w&'-]*"
_NAMES = re.compile(rf"{_CAPITAL}(?:\s(?:(?:of|de|van|von|la|du)\s)?{_CAPITAL})*")
_ORGANISATION = re.compile(
    r"\b(?:Inc|Ltd|LLC|GmbH|AG|SE|Corp|Corporation|Company|Co|University|Universität|Université|Institute|"
    r"Bank|Foundation|Association|Agency|Ministry|Group|Labs?|Studios?|Team|Department|Committee)$"
)
_PERSON = re.compile(
    r"(?:\b(?:my name is|my name's|i am|i'm|this is|thanks|thank you|hi|hello|hey|ask|with|from|mr|mrs|ms|"
    r"dr|prof|ich bin|mein name ist|je suis|je m'appelle|soy|me llamo)\.?,?\s)$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\b(?:my name is|my name's|mr|mrs|ms|dr|prof|mein name ist|je m'appelle|me llamo)\.?\s$", re.IGNORECASE
)
# In German every noun has a capital: there one alone is no name.
_NOUNS_HAVE_CAPITALS = {"de"}


def entities_of(sentences: Sequence[Sentence], words: Vocabulary) -> tuple[Entity, ...]:
    """At most sixty, the most often named first."""
    found: dict[tuple[EntityType, str], Counted] = {}
    lower = _written_small(sentences)
    capitals = _has_capitals(sentences)
    for sentence in sentences:
        taken = sentence.text
        for kind, pattern in _FORMS:
            for match in pattern.finditer(taken):
                _note(found, kind, match.group().strip(), sentence)
            taken = pattern.sub(lambda match: "\0" * len(match.group()), taken)
        if capitals:
            for kind, name in _names(taken, words, lower):
                _note(found, kind, name, sentence)
    order = sorted(found, key=lambda key: (-found[key].count, key[0], key[1]))[:MOST_ENTITIES]
    return tuple(
        Entity(key[0], found[key].text, found[key].count, tuple(found[key].mentions)) for key in order
    )


def _note(
    found: dict[tuple[EntityType, str], Counted], kind: EntityType, text: str, sentence: Sentence
) -> None:
    text = text.strip(" .,;:")[:200]
    found.setdefault((kind, text.casefold()), Counted(text)).add(mention_of(sentence))


def _names(text: str, words: Vocabulary, lower: frozenset[str]) -> Iterator[tuple[EntityType, str]]:
    for match in _NAMES.finditer(text):
        parts, start = match.group().split(), match.start()
        # A sentence's first word has its capital from its place; it is a name if it never comes without.
        while parts and (words.is_stop(parts[0]) or (start == 0 and parts[0].casefold() in lower)):
            start += len(parts[0]) + 1
            parts = parts[1:]
        while parts and words.is_stop(parts[-1]):
            parts = parts[:-1]
        name = " ".join(parts).removesuffix("'s")
        if len(name) < 2 or (len(parts) == 1 and start == 0 and not _telling(name)):
            continue
        kind = _kind(name, text[:start])
        if len(parts) == 1 and words.code in _NOUNS_HAVE_CAPITALS and kind is EntityType.NAME:
            continue
        yield kind, name


def _telling(name: str) -> bool:
    """A capital inside, or a digit: GitHub, HTML5, API."""
    return any(char.isupper() or char.isdigit() for char in name[1:])


def _kind(name: str, before: str) -> EntityType:
    if _ORGANISATION.search(name) and " " in name:
        return EntityType.ORGANISATION
    if _GREETING.search(before) or (_PERSON.search(before) and not _telling(name.replace(" ", ""))):
        return EntityType.PERSON
    return EntityType.NAME


def _written_small(sentences: Sequence[Sentence]) -> frozenset[str]:
    return frozenset(word.strip(".,;:!?") for one in sentences for word in one.text.split() if word.islower())


def _has_capitals(sentences: Sequence[Sentence]) -> bool:
    """Whether capitals mean anything here: there are some, and most words have none."""
    words = [word for one in sentences for word in one.text.split()]
    capitals = sum(word[:1].isupper() for word in words)
    return 0 < capitals < 0.6 * len(words)
