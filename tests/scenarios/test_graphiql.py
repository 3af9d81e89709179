"""GraphiQL at /graphql: from this server alone, as whoever is signed in, with subscriptions."""

import json
from collections.abc import Iterator

import pytest

from tests.support.browsers import Browser, open_browser
from tests.support.pages import at, press, shows, type_into
from tests.support.servers import OWNER, Server

EDITOR = "document.querySelector('.graphiql-query-editor .CodeMirror')?.CodeMirror"
RESULT = "document.querySelector('.result-window .CodeMirror')?.CodeMirror"
HEADERS = "document.querySelectorAll('.graphiql-editor .CodeMirror')"


@pytest.fixture
def page() -> Iterator[Browser]:
    with open_browser("chromium") as browser:
        yield browser
        assert browser.foreign_requests() == []
        # Chromium tells of the 401 of a browser in which nobody is signed in.
        assert [error for error in browser.errors if "/auth/" not in error] == []


def ask(page: Browser, query: str) -> None:
    """Presses the button when the editor has understood what stands in it."""
    page.wait_for(f"!!{EDITOR}")
    page.evaluate(f"void {EDITOR}.setValue({json.dumps(query)})")
    understood = f"{EDITOR}.documentAST?.loc?.source.body === {json.dumps(query)}"
    page.wait_for(understood)
    press(page, ".graphiql-execute-button")


def answered(page: Browser, words: str) -> None:
    page.wait_for(f"({RESULT}?.getValue() ?? '').includes({json.dumps(words)})")


def test_a_browser_asks_as_whoever_is_signed_in_and_hears_of_changes(
    page: Browser, shared_server: Server
) -> None:
    page.goto(f"{shared_server.url}/signin?next=/graphql")
    type_into(page, "[name=email]", OWNER)
    type_into(page, "[name=password]", shared_server.password)
    press(page, "form button")
    at(page, "/graphql")
    ask(page, "{ me { email } }")
    answered(page, OWNER)
    made = shared_server.create_recording("Before")
    ask(page, f'subscription {{ recordingUpdated(sessionId: "{made["id"]}") {{ title }} }}')
    answered(page, "Before")
    shared_server.api.put(f"/api/v1/recordings/{made['id']}", json={"title": "After"})
    answered(page, "After")


def test_a_token_in_the_headers_signs_in_too(page: Browser, shared_server: Server) -> None:
    page.goto(f"{shared_server.url}/graphql")
    ask(page, "{ me { email } }")
    answered(page, '"me": null')
    press(page, "button", "Headers")
    page.wait_for(f"{HEADERS}.length > 1")
    headers = json.dumps({"Authorization": f"Bearer {shared_server.login()}"})
    page.evaluate(f"void [...{HEADERS}].at(-1).CodeMirror.setValue({json.dumps(headers)})")
    ask(page, "{ me { email } }")
    answered(page, OWNER)
    shows(page, "Headers")
