"""Where recordings live: on this computer, or on a server with an address."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.place import Place, Stage, Where, found_words, kept_words, warning, words
from desktop.models.words import problem_text
from desktop.views import theme
from desktop.views.words import heading, paragraph, say
from uploader.addresses import full_address


class PlacePage(QWidget):
    """Shows a Place and passes on what the person decides."""

    here_wanted = Signal()
    address_entered = Signal(str)  # as it was typed; nobody signs in yet
    browser_wanted = Signal(str)  # the address as it was typed
    code_wanted = Signal(str)
    page_clicked = Signal(str)
    cancel_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.here = QRadioButton(tr("On &this computer"))
        self.elsewhere = QRadioButton(tr("On a &server"))
        self._group = QButtonGroup(self)
        self._group.addButton(self.here)
        self._group.addButton(self.elsewhere)
        self.start = QPushButton(tr("Start my &private server"))
        self.address = QLineEdit(placeholderText="https://heddle.example")
        self.browser = QPushButton(tr("Sign &in in the browser"))
        self.code = QPushButton(tr("Use a &code instead"))
        self.found, self.status = paragraph(), paragraph()
        self.user_code = heading(scale=2.0)
        self.bar = QProgressBar(textVisible=False, minimum=0, maximum=0)
        self.open_page = QPushButton()
        self.cancel = QPushButton(tr("C&ancel"))
        self.message = paragraph()
        self._page, self._place = "", Place()
        self._held: QWidget | None = None  # had the keyboard when the waiting began
        self._texts()
        self._arrange()
        self._connect()
        self.show_place(Place())

    def show_place(self, place: Place) -> None:
        """Everything the page says comes from here, but for what is being typed."""
        waited, held = self._place.busy, self.window().focusWidget()
        self._page, self._place = place.page, place
        (self.here if place.where is Where.HERE else self.elsewhere).setChecked(True)
        for one in (self.here, self.elsewhere, self.start, self.address, self.browser, self.code):
            one.setEnabled(not place.busy)
        say(self.status, "\n".join(filter(None, (words(place), kept_words(place)))))
        say(self.user_code, place.code if place.stage is Stage.CODE else "")
        self.bar.setVisible(place.busy)
        again = place.stage is Stage.BROWSER
        self.open_page.setText(tr("&Open the page again") if again else tr("&Open the page"))
        self.open_page.setVisible(place.stage in (Stage.BROWSER, Stage.CODE) and bool(place.page))
        self.cancel.setVisible(place.busy)
        say(self.message, problem_text(place.problem) if place.problem else "")
        self._follow()
        self._keep_focus(held, waited=waited)

    def _keep_focus(self, held: QWidget | None, *, waited: bool) -> None:
        """What was clicked is locked while somebody is waited for: afterwards it has the keyboard again."""
        busy = self._place.busy
        if busy and not waited and held is not None and self.isAncestorOf(held):
            self._held = held
            self.cancel.setFocus()
        elif waited and not busy and held in (self.cancel, self.open_page) and self._held:
            self._held.setFocus()

    def _follow(self) -> None:
        """What belongs to the other choice is not to be clicked."""
        here, free = self.here.isChecked(), self.here.isEnabled()
        self.start.setEnabled(here and free)
        settled = self._place.stage is Stage.READY
        theme.primary(self.start, "primary" if here and not settled else "")
        theme.primary(self.browser, "" if here or settled else "primary")
        for one in (self.address, self.browser, self.code):
            one.setEnabled(not here and free)
        server = "" if here else full_address(self.address.text())
        say(self._warning, warning(server))
        say(self.found, found_words(self._place, server))

    def _texts(self) -> None:
        self._here_text = paragraph(
            tr(
                "Heddle runs a private server of its own on this computer. Nothing leaves it, and links open"
                " in your browser while Heddle runs. You can move to a server with an address at any time."
            )
        )
        self._server_text = paragraph(
            tr("For links that others can open. Your team's server, or one that you run yourself.")
        )
        self._warning = paragraph()
        self._label = QLabel(tr("A&ddress"))
        self._label.setBuddy(self.address)
        self.address.setAccessibleName(tr("Address of the server"))
        self.found.setAccessibleName(tr("Server at this address"))
        self.status.setAccessibleName(tr("What is happening"))
        self.user_code.setAccessibleName(tr("Code to type in"))
        self.user_code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar.setAccessibleName(tr("Please wait"))
        self.message.setAccessibleName(tr("Message"))

    def _arrange(self) -> None:
        indent = self.fontMetrics().lineSpacing() + self.fontMetrics().averageCharWidth()
        here = QVBoxLayout()
        here.setContentsMargins(indent, 0, 0, indent)
        here.addWidget(self._here_text)
        here.addWidget(self.start, 0, Qt.AlignmentFlag.AlignLeft)
        server = QGridLayout()
        server.setContentsMargins(indent, 0, 0, 0)
        server.addWidget(self._server_text, 0, 0, 1, 2)
        server.addWidget(self._label, 1, 0)
        server.addWidget(self.address, 1, 1)
        server.addWidget(self.found, 2, 1)
        server.addWidget(self._warning, 3, 1)
        ways = QHBoxLayout()
        ways.addWidget(self.browser)
        ways.addWidget(self.code)
        ways.addStretch()
        server.addLayout(ways, 4, 1)
        waiting = QHBoxLayout()
        waiting.addWidget(self.bar, 1)
        waiting.addWidget(self.open_page)
        waiting.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.here, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(here)
        layout.addWidget(self.elsewhere, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(server)
        layout.addSpacing(indent)
        for one in (self.status, self.user_code):
            layout.addWidget(one)
        layout.addLayout(waiting)
        layout.addWidget(self.message)
        layout.addStretch()

    def _connect(self) -> None:
        self.here.toggled.connect(self._follow)
        self.address.textChanged.connect(self._follow)
        self.address.editingFinished.connect(self._entered)
        self.address.returnPressed.connect(self.browser.click)
        self.start.clicked.connect(self.here_wanted)
        self.browser.clicked.connect(lambda: self.browser_wanted.emit(self.address.text()))
        self.code.clicked.connect(lambda: self.code_wanted.emit(self.address.text()))
        self.open_page.clicked.connect(lambda: self.page_clicked.emit(self._page))
        self.cancel.clicked.connect(self.cancel_clicked)

    def _entered(self) -> None:
        if self.elsewhere.isChecked():
            self.address_entered.emit(self.address.text())
