"""What the system lets Heddle record, for people: status, why it is asked for, where to change it."""

from collections.abc import Sequence

from capture.permissions import Access, Permission, Status
from desktop.i18n import tr
from desktop.models.permissions import Row


def rows(found: Sequence[Permission]) -> tuple[Row, ...]:
    """In the order in which the system was asked."""
    return tuple(
        Row(
            title=access_words(one.access),
            why=_why(one.access),
            status=status_words(one.status),
            hint=_hint(one),
            page=one.page if one.status not in (Status.GRANTED, Status.NOT_NEEDED) else "",
            denied=one.stands_in_the_way,
            fine=one.status in (Status.GRANTED, Status.NOT_NEEDED, Status.PORTAL),
        )
        for one in found
    )


def status_words(status: Status) -> str:
    """As it is said in the report of `heddle doctor` too."""
    return {
        Status.GRANTED: tr("granted"),
        Status.DENIED: tr("denied"),
        Status.WILL_BE_ASKED: tr("the system will ask"),
        Status.PORTAL: tr("asked by the portal"),
        Status.NOT_NEEDED: tr("not needed"),
        Status.UNKNOWN: tr("the system does not tell"),
    }[status]


def access_words(access: Access) -> str:
    """What it is a permission for."""
    return {
        Access.SCREEN: tr("Screen"),
        Access.CAMERA: tr("Camera"),
        Access.MICROPHONE: tr("Microphone"),
        Access.INPUT: tr("Keys and clicks"),
    }[access]


def _why(access: Access) -> str:
    return {
        Access.SCREEN: tr("To record what you show."),
        Access.CAMERA: tr("To show you in a corner of the picture, where you want that."),
        Access.MICROPHONE: tr("To record what you say."),
        Access.INPUT: tr("To show clicks and keys in the recording, where you want that."),
    }[access]


def _hint(one: Permission) -> str:
    match one.status:
        case Status.DENIED if one.page:
            return tr("Allow it in the system's settings; Heddle notices when you come back.")
        case Status.DENIED:
            return tr("Allow it in the system's settings and start Heddle again.")
        case Status.WILL_BE_ASKED:
            return tr("The system asks at the first recording. Say yes there, or allow it now.")
        case Status.PORTAL:
            return tr("Your desktop asks which screen to share when a recording starts.")
        case Status.UNKNOWN:
            return tr("The test recording of the next step shows whether it works.")
        case _:
            return ""
