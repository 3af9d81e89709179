"""First start, sign-in, and who may see what."""

import re
import secrets
import stat
from pathlib import Path

import httpx
import pytest

from tests.support import media
from tests.support.browsers import NAMES, open_browser
from tests.support.servers import Server
from tests.support.stories import uploaded

# What anybody may ask for. A share page and its media answer 404 to whoever does not know a link or ticket.
PUBLIC = {
    ("post", "/auth/login"),
    ("post", "/auth/login/mfa"),
    ("get", "/auth/ways"),
    ("post", "/auth/login/passkey/options"),
    ("post", "/auth/login/passkey"),
    ("post", "/auth/refresh"),
    ("get", "/oauth/authorize"),
    ("post", "/oauth/token"),
    ("post", "/oauth/device/code"),
    ("get", "/device"),
    ("post", "/auth/register"),
    ("post", "/auth/verify-email"),
    ("post", "/auth/password/forgotten"),
    ("post", "/auth/password/reset"),
    ("post", "/auth/email/confirm"),
    # Their key is in the body, or is the id.
    ("post", "/api/v1/invitations/look"),
    ("post", "/api/v1/invitations/decline"),
    ("get", "/api/v1/erasures/{erasure_id}"),
    # Of a program nothing is counted; what is asked for is in the body.
    ("post", "/api/v1/analytics/events"),
    ("post", "/graphql"),
    ("get", "/health/live"),
    ("get", "/health/ready"),
    ("get", "/"),
    ("get", "/docs"),
    ("get", "/oembed"),
    ("options", "/api/v1/uploads"),
    ("options", "/api/v1/uploads/{upload_id}"),
    ("post", "/api/v1/billing/stripe/webhook"),  # signed by Stripe
    ("post", "/api/v1/shares/{slug}/unlock"),  # no password at all is refused first
}
UNGUESSABLE = ("/s/", "/api/v1/shares/", "/assets/", "/docs/")
NOBODY = "00000000-0000-4000-8000-000000000000"


def test_the_first_start_makes_a_private_folder_and_an_owner_and_the_second_keeps_them(
    no_leaks: None, tmp_path: Path
) -> None:
    (tmp_path / "server").mkdir()
    with Server(tmp_path / "server" / "data", first=True) as server:
        for secret in ("secrets.json", "owner-password"):
            assert stat.S_IMODE((server.data / secret).stat().st_mode) == 0o600
        assert len(server.password) >= 16
        assert server.get("/api/v1/me")["email"] == "owner@localhost"
        said = server.program.stdout + server.program.stderr
        assert "owner@localhost" in said
        assert server.password not in said

        password, recording = server.password, server.create_recording("Kept")
        server.kill()
        server.restart()
        assert server.password == password
        assert server.recording(recording["id"])["title"] == "Kept"


def test_a_user_added_while_it_serves_can_sign_in_and_sees_only_their_own(shared_server: Server) -> None:
    mine = shared_server.create_recording("Mine")
    email = f"ada{secrets.token_hex(4)}@example.org"  # a second run must not meet the one of the first
    shared_server.add_user(email, "correct horse battery")
    token = shared_server.login(email, "correct horse battery")
    with httpx.Client(
        base_url=shared_server.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False
    ) as ada:
        assert ada.get("/api/v1/recordings").json()["data"] == []
        assert ada.get(f"/api/v1/recordings/{mine['id']}").status_code == 404
        assert ada.delete(f"/api/v1/recordings/{mine['id']}").status_code == 404
        assert ada.get(f"/api/v1/streams/{mine['id']}").status_code == 404


def test_a_wrong_password_tells_nothing_and_guessing_is_slowed_down(server: Server) -> None:
    answers = [
        httpx.post(f"{server.url}/auth/login", json={"email": email, "password": "wrong"}, trust_env=False)
        for email in ("owner@localhost", "nobody@localhost")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json()["error"] == answers[1].json()["error"]
    body = {"email": "owner@localhost", "password": "wrong"}
    for _ in range(40):
        answer = httpx.post(f"{server.url}/auth/login", json=body, trust_env=False)
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_nothing_answers_without_a_token_but_what_is_public(shared_server: Server) -> None:
    paths = shared_server.get("/openapi.json")["paths"]
    assert len(paths) > 10
    open_doors = []
    with httpx.Client(base_url=shared_server.url, trust_env=False) as anonymous:
        for path, methods in paths.items():
            for method in methods:
                if (method, path) in PUBLIC or method not in (
                    "get",
                    "post",
                    "put",
                    "patch",
                    "delete",
                    "head",
                ):
                    continue
                known = path.replace("{form}", "vtt")  # another form is refused before anybody looks who asks
                answer = anonymous.request(method, re.sub(r"{[^}]*}", NOBODY, known))
                hidden = path.startswith(UNGUESSABLE) or "{ticket}" in path
                if answer.status_code not in ({404} if hidden else {401}):
                    open_doors.append(f"{method} {path}: {answer.status_code}")
    assert open_doors == []


def test_a_link_dies_when_sharing_ends_or_the_recording_goes(shared_server: Server, sample: Path) -> None:
    recording = uploaded(shared_server, sample)
    shared_server.wait_status(recording["id"], "completed")
    slug = recording["shareUrl"].rsplit("/", 1)[1]
    with httpx.Client(trust_env=False, follow_redirects=True) as anyone:
        assert anyone.get(recording["shareUrl"]).status_code == 200
        playlist = anyone.get(f"{shared_server.url}/api/v1/shares/{slug}").json()["playlistUrl"]
        assert anyone.get(playlist).status_code == 200
        path = f"/api/v1/recordings/{recording['id']}"
        assert shared_server.api.put(path, json={"shared": False}).status_code == 200
        assert anyone.get(recording["shareUrl"]).status_code == 404
        assert anyone.get(playlist).status_code == 404
        assert shared_server.api.put(path, json={"shared": True}).status_code == 200
        assert anyone.get(recording["shareUrl"]).status_code == 200
        assert shared_server.api.delete(path).status_code in (200, 204)
        assert anyone.get(recording["shareUrl"]).status_code == 404
        assert anyone.get(playlist).status_code == 404


def test_a_ranged_read_of_the_source_gives_the_bytes_that_were_uploaded(
    shared_server: Server, sample: Path
) -> None:
    recording = uploaded(shared_server, sample)
    assert shared_server.recording(recording["id"])["sha256"] == media.sha256(sample)
    url = shared_server.get(f"/api/v1/streams/{recording['id']}")["downloadUrl"]
    with httpx.Client(trust_env=False) as anyone:
        part = anyone.get(url, headers={"Range": "bytes=100-1099"})
        assert (part.status_code, part.content) == (206, sample.read_bytes()[100:1100])
        assert anyone.get(url).content == sample.read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_documentation_of_the_api_loads_without_any_third_party(name: str, shared_server: Server) -> None:
    with open_browser(name) as browser:
        browser.goto(f"{shared_server.url}/docs")
        # Only what is in sight is drawn: the first routes.
        browser.wait_for("document.body.innerText.includes('Sign in with the second factor')", timeout_s=30)
        assert browser.foreign_requests() == []
        assert browser.errors == []
