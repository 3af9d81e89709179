"""The question before corrections of a person are replaced."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.i18n import tr
from desktop.views.question import confirm


def confirm_anew(titles: Sequence[str], parent: QWidget | None) -> bool:
    """Whether what a person corrected in these may be replaced by what is heard now."""
    one = tr("Write down anew what is said in “{title}”?", title=titles[0])
    many = tr("Write down anew what is said in {count} recordings?", count=len(titles))
    return confirm(
        tr("Write down anew"),
        many if len(titles) > 1 else one,
        tr("You have corrected the transcript. What is heard now replaces it."),
        tr("&Write down anew"),
        parent,
        grave=False,
    )
