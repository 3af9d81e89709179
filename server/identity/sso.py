"""Whether what the extra `sso` brings is here: SAML and SCIM are offered with it, and absent without."""

from functools import cache
from importlib import import_module

from fastapi import APIRouter

# Together in one process, in this order.
_PARTS = ("lxml.etree", "xmlsec", "onelogin.saml2.response", "scim2_models")
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
    except ImportError as missing:
        return f"{missing.name or 'a part'} is not installed"
    except Exception as problem:  # noqa: BLE001 (xmlsec has errors of its own, which are not there to be named)
        return f"its libraries do not work together: {problem}"
    return ""


def routers() -> tuple[APIRouter, ...]:
    """None without the extra."""
    if trouble():
        return ()
    return tuple(import_module(f"server.identity.{kind}.api").router for kind in ("saml", "scim"))
