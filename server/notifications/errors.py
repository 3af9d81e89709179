"""What notifications refuse."""

from server.errors import Conflict, InvalidRequest, NotFound

MOST_CHANNELS = 10  # of a person, and of a workspace


def no_notification() -> NotFound:
    return NotFound("There is no such notification.", code="notification_not_found")


def no_channel() -> NotFound:
    return NotFound("There is no such Slack channel.", code="channel_not_found")


def too_many_channels() -> Conflict:
    return Conflict(
        f"There are {MOST_CHANNELS} Slack channels already, which is the most: delete one first.",
        code="too_many_channels",
    )


def not_encrypted() -> InvalidRequest:
    return InvalidRequest(
        "The address of the channel (url) must begin with https://: whoever reads it can write there.",
        code="webhook_url_refused",
    )


def no_link() -> NotFound:
    return NotFound("This link is not one of this server, or it is cut off.", code="link_over")
