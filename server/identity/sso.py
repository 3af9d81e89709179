"""Whether what the extra `sso` brings is here: SAML and SCIM are offered with it, and absent without."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from fastapi import APIRouter
from starlette.routing import BaseRoute

from server.late import LateRoutes

# Together in one process, in this order.
_PARTS = ("lxml.etree", "xmlsec", "onelogin.saml2.response")
_MODELS = "scim2_models"  # a second of processor time to load
HINT = "Install Heddle with its sso extra: heddle[server,sso]"


@cache
def trouble() -> str:
    """Why neither is offered, to be put after "and"; empty where both are.

    The libraries for XML are tried: two that were built against different versions of libxml2 refuse to be
    in one process.
    """
    try:
        for name in _PARTS:
            import_module(name)
        if find_spec(_MODELS) is None:
            return f"{_MODELS} is not installed"
    except ImportError as missing:
        return f"{missing.name or 'a part'} is not installed"
    except Exception as problem:  # noqa: BLE001 (xmlsec has errors of its own, which are not there to be named)
        return f"its libraries do not work together: {problem}"
    return ""


def routers() -> tuple[APIRouter, ...]:
    """None without the extra."""
    return () if trouble() else (import_module("server.identity.saml.api").router,)


def late_routes() -> tuple[BaseRoute, ...]:
    """None without the extra."""
    return () if trouble() else (LateRoutes("/scim/v2", "server.identity.scim.api"),)
