"""Who may keep the accounts of a server."""

import httpx
from scim2_models import Error

from server.identity.keys.schemas import CreateKeyRequest
from server.identity.scopes import Scope
from server.wiring import Services
from tests.support.people import change_user
from tests.support.scim import USERS, Directory


async def test_only_a_key_of_an_owner_with_the_scope_is_let_in(
    directory: Directory, ann: httpx.AsyncClient, services: Services, owner: str
) -> None:
    async def asked(**headers: str) -> httpx.Response:
        answer = await directory.client.get(USERS, headers={"Authorization": "", **headers})
        Error.model_validate(answer.json())
        return answer

    nobody = await asked()
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")
    assert nobody.headers["content-type"] == "application/scim+json"
    other = CreateKeyRequest(name="x", scopes={Scope.ADMIN}, expires_at=None)
    for whose in (owner, (await ann.get("/api/v1/me")).json()["id"]):
        scopes = other.model_copy(update={"scopes": set(Scope) - {Scope.SCIM}}) if whose == owner else other
        _, key = await services.identity.keys.create(whose, scopes)
        assert (await asked(Authorization=f"Bearer {key}")).status_code == 403
    assert (await ann.get(USERS)).status_code == 403
    # Whoever was an owner when the key was made and is none any more has none of it left.
    await change_user(services, owner, role="member")
    assert (await directory.client.get(USERS)).status_code == 403
