"""The letters of accounts. Links carry their key behind a `#`, which browsers send to no server."""

from server.mail.letters import Words

REGISTER_HOURS = 24
VERIFY_HOURS = 72
RESET_MINUTES = 60
CHANGE_HOURS = 24
INVITED_DAYS = 7
LINK_HOURS = 24


def finish_registration(base: str, key: str) -> Words:
    return Words(
        subject="Finish your registration at Heddle",
        paragraphs=(
            f"Somebody, probably you, registered this address at the Heddle server {base}.",
            f"Open the link within {REGISTER_HOURS} hours and enter the password you chose. "
            "If it was not you, leave this mail alone: nothing is made without that password.",
        ),
        action=("Finish", f"{base}/account/verify#{key}"),
    )


def known_already(base: str) -> Words:
    return Words(
        subject="You have an account at Heddle already",
        paragraphs=(
            f"Somebody, probably you, tried to register this address at the Heddle server {base}. "
            "There is an account for it already: sign in with it.",
            "If you have forgotten the password, have a new one sent.",
        ),
        action=("Choose a new password", f"{base}/account/forgotten"),
    )


def verify(base: str, key: str) -> Words:
    return Words(
        subject="Confirm your e-mail address",
        paragraphs=(
            f"The Heddle server {base} would like to know that this address is yours.",
            f"The link is good for {VERIFY_HOURS} hours.",
        ),
        action=("It is mine", f"{base}/account/verify#{key}"),
    )


def reset(base: str, key: str) -> Words:
    return Words(
        subject="Choose a new password",
        paragraphs=(
            f"Somebody, probably you, asked for a new password at the Heddle server {base}.",
            f"The link is good for {RESET_MINUTES} minutes, once. If it was not you, leave this mail alone: "
            "your password stays as it is.",
        ),
        action=("Choose a new password", f"{base}/account/reset#{key}"),
    )


def invited(base: str, key: str) -> Words:
    return Words(
        subject="You have an account at Heddle",
        paragraphs=(
            f"Whoever runs the Heddle server {base} made an account for this address: record your screen, "
            "share the link.",
            f"Choose a password for it. The link is good for {INVITED_DAYS} days, once; after that, have a "
            "new one sent.",
        ),
        action=("Choose a password", f"{base}/account/reset#{key}"),
    )


def link_sent(base: str, key: str) -> Words:
    return Words(
        subject="Choose a new password",
        paragraphs=(
            f"Whoever runs the Heddle server {base} had a link sent to you, to choose a new password by.",
            f"It is good for {LINK_HOURS} hours, once. Until you use it, your password stays as it is.",
        ),
        action=("Choose a new password", f"{base}/account/reset#{key}"),
    )


def password_changed(base: str) -> Words:
    return Words(
        subject="Your password was changed",
        paragraphs=(
            f"The password of your account at the Heddle server {base} was changed, and every device was "
            "signed out.",
            "If it was not you, choose a new one at once and tell whoever runs the server.",
        ),
        action=("It was not me", f"{base}/account/forgotten"),
    )


def way_added(base: str, way: str) -> Words:
    return Words(
        subject="A new way to sign in",
        paragraphs=(
            f"{way} can be used from now on to sign in to your account at the Heddle server {base}.",
            "If it was not you who added it, sign in, remove it, sign all devices out and choose a new "
            "password.",
        ),
    )


def passkey_copied(base: str, name: str) -> Words:
    return Words(
        subject="Somebody may have a copy of your passkey",
        paragraphs=(
            f"The passkey “{name}” was to sign in to your account at the Heddle server {base}, with a count "
            "that shows that it or a copy of it has been used elsewhere. That sign-in was refused.",
            "Sign in another way, remove the passkey and make a new one.",
        ),
    )


def confirm_new(base: str, key: str, username: str) -> Words:
    return Words(
        subject="Confirm your new e-mail address",
        paragraphs=(
            f"The account “{username}” at the Heddle server {base} wants to use this address from now on.",
            f"The link is good for {CHANGE_HOURS} hours. If this is not your account, leave this mail alone.",
        ),
        action=("Use this address", f"{base}/account/email#{key}"),
    )


def confirm_old(base: str, key: str, email: str) -> Words:
    return Words(
        subject="Your e-mail address is to change",
        paragraphs=(
            f"Your account at the Heddle server {base} is to use {email} instead of this address.",
            f"Open the link within {CHANGE_HOURS} hours if that is what you want. If it is not, somebody "
            "knows your password: choose a new one.",
        ),
        action=("I want that", f"{base}/account/email#{key}"),
    )


def about_to_change(base: str, email: str) -> Words:
    return Words(
        subject="Your e-mail address is to change",
        paragraphs=(
            f"Your account at the Heddle server {base} is to use {email} instead of this address, as soon as "
            "that one is confirmed.",
            "If that is not what you want, somebody knows your password: choose a new one.",
        ),
        action=("Choose a new password", f"{base}/account/forgotten"),
    )


def taken(base: str) -> Words:
    return Words(
        subject="Another account asked for your address",
        paragraphs=(
            f"Somebody wanted to use this address for another account at the Heddle server {base}. "
            "It belongs to yours, and stays with it.",
        ),
    )


def email_changed(base: str, email: str) -> Words:
    return Words(
        subject="Your e-mail address was changed",
        paragraphs=(f"Your account at the Heddle server {base} uses {email} now.",),
    )
