"""What somebody said they would do, or asked somebody to do.

Recordings of a screen are full of "click here" and "let's look at that": such narration is no action item, so
a verb that moves through a programme counts only where a date or a person is named with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from server.ai.analysis.findings import ActionItem, mention_of, shortened, tidy
from server.ai.analysis.sentences import Sentence

MOST_ITEMS = 30
_MOST_CHARACTERS = 300

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_DE = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WHEN = (
    r"(?:(?:next|this|nächsten|diesen)\s)?(?:" + "|".join((*_DAYS, *_DAYS_DE)) + r")"
    r"|today|tonight|tomorrow(?:\s(?:morning|evening))?|heute|morgen|demain|mañana|"
    r"(?:the\s)?end\sof\s(?:the\s)?(?:day|week|month|quarter|year)|next\s(?:week|month|quarter|sprint)|"
    r"nächste\swoche|\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)\sof\s\w+|(?:"
    + "|".join(_MONTHS)
    + r")\s\d{1,2}(?:st|nd|rd|th)?|\d{1,2}(?::\d{2})?\s?[ap]m|noon|eod"
)
_DUE = re.compile(
    rf"\b(?:(?:by|until|before|on|till|due|bis|avant|antes\sde)\s(?:{_WHEN})|(?:{_WHEN}))\b", re.IGNORECASE
)

# What hands do on a screen, and what speakers say they will do next.
_GESTURES = _set(
    """click press scroll type select choose drag hover zoom look see show talk go open start wait do say be
    have klicken schauen sehen gehen cliquer voir regarder ver mirar"""
)
_NOTHING: frozenset[str] = frozenset()
_NARRATION = _GESTURES | _set(
    """walk explain demonstrate begin jump move switch share tell give cover get come take continue stop just
    quickly now try use run keep focus think call pause play skip dive zeigen erklären anfangen montrer
    mostrar hacer"""
)
_WORK = (
    "add|answer|approve|arrange|ask|assign|book|buy|cancel|check|clarify|clean|collect|compare|complete|"
    "confirm|contact|coordinate|create|decide|delete|deliver|deploy|describe|design|discuss|document|"
    "draft|email|estimate|evaluate|file|find|finish|fix|follow up|implement|improve|inform|install|"
    "investigate|invite|mail|measure|merge|message|migrate|notify|order|organi[sz]e|pay|plan|prepare|"
    "propose|publish|push|refactor|release|remind|remove|rename|replace|reply|report|request|resolve|"
    "respond|review|revert|rewrite|schedule|send|set up|ship|sign|solve|submit|sync|test|track|translate|"
    "update|upgrade|upload|verify|write"
)
# After an imperative; a noun ("file size is") has other company.
_OBJECT = "the|a|an|this|that|these|those|all|every|each|our|my|your|their|it|them|him|her|us|me|with|up"
_NAME = r"(?P<name>[A-ZÄÖÜ][\w-]+(?:\s[A-ZÄÖÜ][\w-]+)?)"
_NO_NAMES = _set(
    """i we you it this that there he she they what who which then so and but if when now here everyone
    someone nobody one the these those a an my our your his her their all how where why maybe also or"""
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """`who`: the assignee, None where nobody is named, `name` where the words name one."""

    pattern: re.Pattern[str]
    confidence: float
    who: str | None = None
    narrated: frozenset[str] = _NARRATION  # verbs that make it narration, if no date is named


def _rule(
    pattern: str,
    confidence: float,
    who: str | None = None,
    *,
    narrated: frozenset[str] = _NARRATION,
    flags: re.RegexFlag = re.IGNORECASE,
) -> _Rule:
    return _Rule(re.compile(pattern, flags), confidence, who, narrated)


_BARE_VERB = r"(?:also\s+|then\s+|still\s+|probably\s+|definitely\s+|just\s+)*(?P<verb>[\w'-]+)"
_VERB = rf"\s+{_BARE_VERB}"
_RULES: tuple[_Rule, ...] = (
    _rule(r"\b(?:todos?|to-dos?|action\s(?:item|point)s?)\b", 0.95, narrated=_NOTHING),
    _rule(r"\bnext\ssteps?\s(?:is|are|for|will)\b", 0.8, narrated=_NOTHING),
    _rule(
        rf"^{_NAME}\s(?:will|needs\sto|has\sto|should|is\sgoing\sto|wird|muss|soll){_VERB}",
        0.85,
        "name",
        flags=re.NOFLAG,
    ),
    _rule(
        rf"^{_NAME},\s(?:please\s|can\syou\s|could\syou\s){_BARE_VERB}",
        0.9,
        "name",
        narrated=_NOTHING,
        flags=re.NOFLAG,
    ),
    _rule(rf"\bI(?:'ll|\swill|'m\sgoing\sto|\sam\sgoing\sto){_VERB}", 0.8, "I"),
    _rule(rf"\bI\s(?:have\sto|need\sto|must|should){_VERB}", 0.75, "I", narrated=_GESTURES),
    _rule(rf"\bwe(?:'ll|\swill|'re\sgoing\sto|\sare\sgoing\sto){_VERB}", 0.65, "we"),
    _rule(
        rf"\bwe\s(?:really\s|still\s|also\s)*(?:need\sto|have\sto|must|should|ought\sto){_VERB}",
        0.75,
        "we",
        narrated=_GESTURES,
    ),
    _rule(r"\b(?:can|could|would)\syou\s(?:please\s)?(?P<verb>[\w'-]+)", 0.75, "you"),
    _rule(rf"\byou\s(?:need\sto|have\sto|must|should){_VERB}", 0.5, "you"),
    _rule(r"\b(?:don't\sforget|remember|make\ssure|be\ssure)\sto\s(?P<verb>[\w'-]+)", 0.7),
    _rule(r"\bplease\s(?:also\s)?(?P<verb>[\w'-]+)", 0.65),
    _rule(
        r"\b(?:ich\s(?:werde|muss|will)|wir\s(?:müssen|sollten|werden))\b.*?\b(?P<verb>\w{1,40})[.!]?$", 0.7
    ),
    _rule(r"\b(?:je\svais|je\sdois|nous\sdevons|il\sfaut|on\sdoit)\s(?P<verb>\w+)", 0.65),
    _rule(r"\b(?:voy\sa|tengo\sque|tenemos\sque|hay\sque|debemos|vamos\sa)\s(?P<verb>\w+)", 0.65),
    _rule(rf"^(?:and\s|then\s|so\s|also\s)*(?P<verb>{_WORK})\s(?:{_OBJECT})\b", 0.5, narrated=_NOTHING),
)
_WORK_VERB = re.compile(rf"^(?:{_WORK})$", re.IGNORECASE)


def action_items_of(
    sentences: Sequence[Sentence], *, recorded_on: date | None = None
) -> tuple[ActionItem, ...]:
    """In the order they were said, at most thirty: the surest where there are more."""
    items: list[ActionItem] = []
    seen: set[str] = set()
    for sentence in sentences:
        item = _item(sentence, recorded_on)
        if item is not None and item.text.casefold() not in seen:
            seen.add(item.text.casefold())
            items.append(item)
    if len(items) > MOST_ITEMS:
        surest = sorted(items, key=lambda item: -item.confidence)[:MOST_ITEMS]
        items = [item for item in items if item in surest]
    return tuple(items)


def _item(sentence: Sentence, recorded_on: date | None) -> ActionItem | None:
    text = sentence.text.strip()
    if text.endswith(("?", "\uff1f")) and not re.search(r"\b(?:can|could|would)\syou\b", text, re.IGNORECASE):
        return None
    found = _DUE.search(text)
    due = found.group() if found else None
    for rule in _RULES:
        item = _by(rule, sentence, text, due)
        if item is not None:
            when = due_date(due, recorded_on) if due and recorded_on else None
            return replace(item, due_date=when.isoformat() if when else None)
    return None


def _by(rule: _Rule, sentence: Sentence, text: str, due: str | None) -> ActionItem | None:
    match = rule.pattern.search(text)
    if match is None:
        return None
    groups = match.groupdict()
    verb, name = (groups.get("verb") or "").lower(), groups.get("name")
    if name and name.split()[0].lower() in _NO_NAMES:
        return None
    if verb in {"not", "never", "be", "have", "see"} and not due:
        return None
    if verb in rule.narrated and due is None:
        return None
    sure = rule.confidence + (0.1 if due else 0.0) + (0.1 if _WORK_VERB.match(verb) else 0.0)
    if rule.who in {"we", "you"} and not due and not _WORK_VERB.match(verb):
        sure -= 0.15
    return ActionItem(
        text=shortened(tidy(text), _MOST_CHARACTERS),
        mention=mention_of(sentence),
        assignee=name if rule.who == "name" else rule.who,
        due=due,
        confidence=round(min(0.99, sure), 2),
    )


def due_date(due: str, recorded_on: date) -> date | None:
    """The day that words such as "by Friday" mean, said on `recorded_on`; None where they leave it open."""
    low = due.lower()
    named = _calendar_day(low, recorded_on)
    if named is not None:
        return named
    if re.search(r"\b(?:tomorrow|morgen|demain|mañana)\b", low):
        return recorded_on + timedelta(days=1)
    if re.search(r"\b(?:today|tonight|heute|eod|end of (?:the )?day)\b", low):
        return recorded_on
    if "end of" in low and "week" in low:
        return recorded_on + timedelta(days=(4 - recorded_on.weekday()) % 7)
    for number, names in enumerate(zip(_DAYS, _DAYS_DE, strict=True)):
        if any(name in low for name in names):
            ahead = (number - recorded_on.weekday()) % 7 or 7
            return recorded_on + timedelta(days=ahead)
    return None


def _calendar_day(low: str, recorded_on: date) -> date | None:
    """2026-11-30, or November 30th: the next one."""
    iso = re.search(r"\d{4}-\d{2}-\d{2}", low)
    named = re.search(rf"({'|'.join(_MONTHS)})\s(\d{{1,2}})", low) or re.search(
        rf"(\d{{1,2}})(?:st|nd|rd|th)\sof\s({'|'.join(_MONTHS)})", low
    )
    try:
        if iso:
            return date.fromisoformat(iso.group())
        if named:
            day, month = sorted(named.groups(), key=str.isalpha)
            found = date(recorded_on.year, _MONTHS.index(month) + 1, int(day))
            return found if found >= recorded_on else found.replace(year=found.year + 1)
    except ValueError:  # there is no such day
        return None
    return None
