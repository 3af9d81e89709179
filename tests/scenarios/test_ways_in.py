"""The ways into a server besides a password, in a real browser: a passkey, and an account at a provider."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import saml
from tests.support.browsers import Browser, open_browser
from tests.support.nginx import free_port
from tests.support.nodes import oidc_provider
from tests.support.servers import OWNER, Server

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
# A browser in which nobody is signed in asks once, and is told so; the provider's pages want a font.
EXPECTED = ("/auth/refresh", "family=Roboto:400,100")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server at `localhost`, where browsers have passkeys, and a provider at 127.0.0.1: another site."""
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    here = f"http://localhost:{port}"
    file = folder / "oidc.toml"
    back = f"{here}/auth/oidc/company/callback"
    with oidc_provider(folder, "heddle", "a secret", back) as (_, issuer), saml.running() as sso_url:
        file.write_text(
            f'[company]\nname = "Company"\nissuer = "{issuer}"\nclient_id = "heddle"\n'
            'client_secret = "a secret"\naccounts = "create"\n'
        )
        (folder / "staff.xml").write_text(saml.metadata(sso_url))
        (folder / "saml.toml").write_text(
            '[staff]\nname = "Staff"\nmetadata = "staff.xml"\naccounts = "create"\n'
            'email_domains = ["example.org"]\n'
        )
        env = {
            "HEDDLE_OIDC": str(file),
            "HEDDLE_SAML": str(folder / "saml.toml"),
            "HEDDLE_PUBLIC_URL": here,
        }
        with Server(folder / "data", env=env, port=port) as server:
            yield server, here


@pytest.fixture
def browser() -> Iterator[Browser]:
    with open_browser("chromium") as browser:
        yield browser
        assert [one for one in browser.errors if not one.endswith(EXPECTED)] == []


def write(browser: Browser, name: str, text: str) -> None:
    """As somebody types it."""
    found = f"document.querySelector('input[name={name}]')"
    browser.wait_for(found + " !== null")
    browser.evaluate(f"{found}.focus() || {found}.select()")
    browser.command("Input.insertText", text=text)


def press(browser: Browser, name: str) -> None:
    """A button or a link by its words."""
    found = f"[...document.querySelectorAll('button, a')].find(one => one.textContent.trim() === '{name}')"
    browser.wait_for(f"({found}) !== undefined")
    browser.evaluate(f"({found}).click()")


def at(browser: Browser, path: str) -> None:
    browser.wait_for(f"location.pathname === '{path}'")


def sign_in(browser: Browser, server: Server, here: str) -> None:
    browser.goto(f"{here}/signin?next=/security")
    write(browser, "email", OWNER)
    write(browser, "password", server.password)
    press(browser, "Sign in")
    at(browser, "/security")


def test_a_passkey_is_made_on_the_page_and_signs_in_alone(
    browser: Browser, site: tuple[Server, str], tmp_path: Path
) -> None:
    server, here = site
    browser.command("WebAuthn.enable")
    browser.command("WebAuthn.addVirtualAuthenticator", options=AUTHENTICATOR)
    sign_in(browser, server, here)
    write(browser, "name", "My laptop")
    press(browser, "Add a passkey")
    browser.wait_for("document.querySelector('.ways-list strong')?.textContent === 'My laptop'")
    # The same authenticator says so itself.
    press(browser, "Add a passkey")
    browser.wait_for("document.querySelector('[role=alert]').textContent.includes('already')")
    press(browser, "Sign out")
    at(browser, "/signin")

    press(browser, "Sign in with a passkey")
    at(browser, "/security")
    browser.wait_for("document.querySelector('.ways-when')?.textContent.includes('last used')")
    press(browser, "Remove")
    browser.wait_for("document.querySelectorAll('.ways-list li').length === 0")
    assert browser.foreign_requests() == []


def test_an_account_at_a_provider_is_connected_and_signs_in(
    browser: Browser, site: tuple[Server, str]
) -> None:
    server, here = site
    sign_in(browser, server, here)
    press(browser, "Connect Company")
    approve(browser, "grace")
    at(browser, "/security")
    browser.wait_for("document.querySelector('.ways-when')?.textContent === 'grace@example.org'")
    press(browser, "Sign out")
    at(browser, "/signin")
    # The provider remembers who is there, so nothing is asked.
    press(browser, "Sign in with Company")
    at(browser, "/security")
    browser.wait_for("document.querySelector('.account-name[title]')?.textContent === 'owner'")


def test_the_form_of_a_provider_of_saml_comes_back_to_the_browser_that_asked(
    browser: Browser, site: tuple[Server, str]
) -> None:
    """It is another site's page that sends it: our cookie is not with it, and is with the page after it."""
    _, here = site
    browser.goto(f"{here}/signin?next=/search")
    press(browser, "Sign in with Staff")
    at(browser, "/search")
    browser.wait_for("document.querySelector('.account-name[title]')?.textContent === 'Ada'")


def approve(browser: Browser, name: str) -> None:
    """On the provider's own pages."""
    write(browser, "login", name)
    write(browser, "password", "any")
    press(browser, "Sign-in")
    press(browser, "Continue")
