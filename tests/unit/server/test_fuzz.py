"""Whatever comes from outside is understood, or refused as its caller expects; nothing else is raised.

Which parser of the whole program is held by which test: docs/architecture.md, "What comes from outside".
"""

import base64
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.requests import Request

from server.agents import OTHER, browser_of, system_of
from server.analytics.clients import client_of, is_bot
from server.analytics.schemas import EventsIn
from server.analytics.service import _host
from server.comments.drawing import MOST_POINTS, Drawing
from server.comments.text import MOST_MENTIONS, cleaned, mentioned
from server.errors import InvalidRequest
from server.identity.addresses import checked
from server.identity.native.requests import is_loopback
from server.links import netloc_of
from server.preconditions import Changed, expectation, is_known
from server.realtime.conversation import read
from server.sharing.service import _LINK
from server.streaming.ranges import parse_range
from server.streaming.tickets import Tickets
from server.uploads import protocol
from server.uploads.errors import BadHeader, WrongContentType
from server.webhooks.addresses import Allowed, checked_url
from tests.support.fuzzing import JSON, fuzzed, nearly, objects

RECORDING, PERSON = "3f0c7f2f-7b1c-4e6f-9a35-000000000001", "3f0c7f2f-7b1c-4e6f-9a35-000000000002"
TICKETS = Tickets("11" * 32, hours=1)


def asked(headers: dict[str, str]) -> Request:
    raw = [(name.encode(), value.encode("utf-8", "replace")) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw})


TUS = st.fixed_dictionaries(
    {},
    optional={
        "upload-length": nearly("0", "9", "-", "1" * 18),
        "upload-offset": nearly("0", "9", "+", "1" * 18),
        "upload-defer-length": nearly("1", "0"),
        "content-length": nearly("0", "5"),
        "content-type": st.just(protocol.CONTENT_TYPE) | nearly(protocol.CONTENT_TYPE, ";", "text/plain"),
        "upload-checksum": nearly(
            "sha256", "sha1", "md5", " ", "AAAA", "=", base64.b64encode(b"x" * 20).decode()
        ),
        "upload-metadata": nearly("name", "filename", " ", ",", "aGk=", "=", "/w=="),
    },
)


@fuzzed
@given(TUS)
def test_tus_headers_are_understood_or_refused(headers: dict[str, str]) -> None:
    for parse in (protocol.creation, protocol.append, protocol.checksum, protocol.body_size):
        try:
            found = parse(headers)
        except (BadHeader, WrongContentType):
            continue
        if isinstance(found, protocol.Append | protocol.Creation):
            assert (found.length or 0) >= 0


@fuzzed
@given(st.dictionaries(st.from_regex(r"[!-+\--~]{1,20}", fullmatch=True), st.text(max_size=40), max_size=5))
def test_metadata_comes_back_as_it_was_sent(pairs: dict[str, str]) -> None:
    assert protocol.metadata(protocol.encode_metadata(pairs)) == pairs


@fuzzed
@given(nearly("bytes=", "bytes", "-", ",", "0", "9", "1" * 18), st.integers(0, 2**63))
def test_a_range_lies_in_the_file(value: str, size: int) -> None:
    try:
        span = parse_range(value, size)
    except ValueError:
        return
    assert span is None or 0 <= span.start < span.end <= size


@fuzzed
@given(nearly('"a"', "W/", "*", ",", " "), nearly('"a"', "*", ","))
def test_preconditions_hold_or_do_not(match: str, none_match: str) -> None:
    request = asked({"if-match": match, "if-none-match": none_match})
    assert is_known(request, '"a"') in (True, False)
    for etag in ('"a"', None):
        try:
            expectation(request)(etag)
        except Changed:
            continue


@fuzzed
@given(
    st.text(max_size=80) | st.binary(max_size=64).map(lambda raw: base64.urlsafe_b64encode(raw).decode()),
    st.integers(0, 600),
)
def test_a_ticket_that_was_not_given_is_none(text: str, flip: int) -> None:
    assert TICKETS.verify(RECORDING, text) is None
    given_out, ticket = TICKETS.issue(RECORDING, PERSON)
    assert TICKETS.verify(RECORDING, given_out) == ticket
    raw = bytearray(base64.urlsafe_b64decode(given_out + "=" * (-len(given_out) % 4)))
    raw[flip // 8 % len(raw)] ^= 1 << flip % 8
    assert TICKETS.verify(RECORDING, base64.urlsafe_b64encode(raw).decode().rstrip("=")) is None


URLS = nearly(
    "http://", "https://", "[", "]", "::1", "@", ":", "/", "#", "?", "a.example", "127.1", "%", "/s/", "9"
)


@fuzzed
@given(URLS)
def test_addresses_lead_somewhere_or_nowhere(text: str) -> None:
    netloc_of(text)
    _LINK.fullmatch(text)
    is_loopback(text)
    assert (_host(text, "heddle.test") or "x").isascii()
    try:
        good = checked_url(text, Allowed.parse(""))
    except InvalidRequest:
        return
    parts = urlsplit(good)  # as others read it
    assert parts.scheme in ("http", "https")
    assert parts.hostname


@fuzzed
@given(nearly("ann", "@", "example", ".org", "localhost", '"', " ", "\u212a"))
def test_an_email_address_has_one_spelling(text: str) -> None:
    try:
        found = checked(text)
    except InvalidRequest:
        return
    assert checked(found) == found


@fuzzed
@given(nearly("@", "ann", "ann@example.org", ".", "\u202e", "\r\n", "\n", "\0", "e\u0301"))
def test_what_people_write_is_kept_or_refused(text: str) -> None:
    assert len(mentioned(text)) <= MOST_MENTIONS
    try:
        kept = cleaned(text)
    except ValueError:
        return
    assert cleaned(kept) == kept


@fuzzed
@given(nearly("Mozilla/5.0 ", "Chrome/", "Safari/", "Edg/", "iPhone", "Android", "X11", "bot", "Mobile"))
def test_a_user_agent_is_of_a_closed_list(agent: str) -> None:
    assert is_bot(agent) in (True, False)
    for word in (browser_of(agent), system_of(agent), client_of(agent).device):
        assert word == OTHER or len(word) < 20


STROKE = st.fixed_dictionaries(
    {"points": st.lists(st.tuples(st.floats(), st.floats(0, 1)) | JSON, max_size=4)},
    optional={"tool": st.sampled_from(["pen", "line"]) | JSON, "color": JSON, "width": st.floats() | JSON},
)


@fuzzed
@given(st.fixed_dictionaries({"strokes": st.lists(STROKE | JSON, max_size=3)}) | JSON)
def test_a_drawing_lies_in_the_picture(given_: object) -> None:
    try:
        drawing = Drawing.model_validate(given_)
    except ValidationError:
        return
    points = [point for stroke in drawing.strokes for point in stroke.points]
    assert 0 < len(points) <= MOST_POINTS
    assert all(0 <= part <= 1 for point in points for part in point)


NAMES = (
    "id",
    "type",
    "recordingId",
    "slug",
    "sessionId",
    "at",
    "position",
    "watched",
    "rebuffers",
    "referrer",
)


@fuzzed
@given(st.fixed_dictionaries({"events": st.lists(objects(*NAMES), max_size=3)}) | JSON)
def test_a_beacon_is_taken_or_refused(body: object) -> None:
    try:
        EventsIn.model_validate(body)
    except ValidationError:
        return


@fuzzed
@given(nearly("{", "}", '"type"', ":", '"ping"', '"data"', "[", "]", ",", "9" * 5000, "null", "\\ud800"))
def test_a_message_of_a_websocket_is_an_object_or_refused(text: str) -> None:
    try:
        said = read(text)
    except InvalidRequest:
        return
    assert isinstance(said["type"], str)
    assert isinstance(said.get("data") or {}, dict)
