"""E-mail addresses as accounts have them: one spelling each."""

from email_validator import EmailNotValidError, validate_email

from server.errors import InvalidRequest

# Accounts of this machine alone: nothing can be sent there.
LOCAL = "localhost"


def folded(email: str) -> str:
    return email.strip().lower()


def checked(email: str) -> str:
    """Accounts of this machine may end in @localhost; all others are real addresses.

    Raises InvalidRequest.
    """
    email = folded(email)
    name, _, domain = email.partition("@")
    if domain == LOCAL and name.isascii() and name.replace(".", "").isalnum():
        return email
    try:
        return folded(validate_email(email, check_deliverability=False, test_environment=True).normalized)
    except EmailNotValidError as problem:
        raise InvalidRequest(f"{email or 'This'} is not an e-mail address: {problem}") from problem


def reachable(email: str) -> bool:
    """Whether mail can be sent there at all."""
    return not email.endswith(f"@{LOCAL}")
