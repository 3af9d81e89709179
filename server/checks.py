"""What settings name beside themselves: files, addresses, other servers. Looked at before anything listens,
and by the doctor, who tells of all that is wrong at once."""

from collections.abc import Callable

from server.analytics.countries import Countries
from server.config import Settings
from server.errors import SetupError
from server.identity.oidc import providers
from server.identity.saml import providers as saml_providers
from server.limits.rules import rules_of
from server.limits.storage import check_url
from server.mail.opening import open_mailer
from server.plans.table import table_of
from server.webhooks.addresses import Allowed


def check(settings: Settings) -> None:
    """Blocking. Raises SetupError for the first thing that cannot be used."""
    for look in _LOOKS:
        look(settings)


def problems(settings: Settings) -> list[SetupError]:
    """All that `check` would raise. Blocking."""
    found = []
    for look in _LOOKS:
        try:
            look(settings)
        except SetupError as problem:
            found.append(problem)
    return found


def _providers(settings: Settings) -> None:
    known = saml_providers.load(settings.saml, settings.public_url)
    providers.by_id(providers.load(settings.oidc), known)


_LOOKS: tuple[Callable[[Settings], object], ...] = (
    lambda settings: rules_of(settings.rate_limits),
    lambda settings: check_url(settings.rate_limits_url),
    lambda settings: Allowed.parse(settings.webhook_allow),
    open_mailer,
    lambda settings: table_of(settings.billing),
    lambda settings: Countries(settings.geoip).close(),
    _providers,
)
