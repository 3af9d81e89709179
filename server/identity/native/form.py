"""Forms as OAuth 2.0 and SAML send them."""

from urllib.parse import parse_qsl

from fastapi import Request

from server.errors import InvalidRequest

_MOST_FIELDS = 20


async def form_of(request: Request) -> dict[str, str]:
    """Its fields. Raises InvalidRequest for what is none."""
    if (
        request.headers.get("content-type", "").partition(";")[0].strip()
        != "application/x-www-form-urlencoded"
    ):
        raise InvalidRequest("Send the fields as application/x-www-form-urlencoded.")
    try:
        text = (await request.body()).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise InvalidRequest("The form cannot be read.") from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or any("\0" in value for value in fields.values()):
        raise InvalidRequest("A field of the form comes twice, or holds what no text holds.")
    return fields
