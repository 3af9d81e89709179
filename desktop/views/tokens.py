"""What Heddle looks like, as data: its colours by what they are for, light and dark. `theme.py` makes the
palette of them, `resources/style/heddle.qss` the shapes; lengths stand there, in heights of a line of text.

Text has a contrast of 4.5 or more on every ground it may stand on, the edge of a field one of 3 (WCAG 2.2,
1.4.3 and 1.4.11); a test counts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour each, as #rrggbb."""

    ground: str  # of a window
    side: str  # of what stands beside: places, pages
    surface: str  # of fields, lists, menus, cards
    text: str
    muted: str  # of small print
    disabled: str
    line: str  # between things
    edge: str  # of what can be typed into or ticked
    button: str
    button_hover: str
    button_down: str
    hover: str  # of a row or card under the pointer
    selected: str  # of a row or card that is chosen
    on_selected: str
    track: str  # of sliders and progress
    accent: str  # of what leads on, and of what has the keyboard
    accent_hover: str
    accent_down: str
    on_accent: str
    live: str  # of what records, and of what cannot be undone
    live_hover: str
    live_down: str
    on_live: str


LIGHT = Tokens(
    ground="#f8f7f4", side="#f0efea", surface="#ffffff", text="#1f2028", muted="#5d5e68", disabled="#85868d",
    line="#e0ded8", edge="#89877f",
    button="#e9e7e1", button_hover="#dfddd6", button_down="#d3d1c9",
    hover="#ecebe5", selected="#dfe1f8", on_selected="#1f2028", track="#e0ded8",
    accent="#4049b8", accent_hover="#3840a4", accent_down="#2e358c", on_accent="#ffffff",
    live="#b83219", live_hover="#a12b15", live_down="#8a2411", on_live="#ffffff",
)  # fmt: skip
DARK = Tokens(
    ground="#17181d", side="#1c1d23", surface="#212229", text="#ecebe6", muted="#a9aab4", disabled="#777883",
    line="#34353f", edge="#777885",
    button="#30313b", button_hover="#3a3b47", button_down="#272830",
    hover="#282932", selected="#31335a", on_selected="#ecebe6", track="#3a3b46",
    accent="#959dff", accent_hover="#aab0ff", accent_down="#7f88f2", on_accent="#15161b",
    live="#ff7f63", live_hover="#ff9a83", live_down="#ee6a4d", on_live="#15161b",
)  # fmt: skip
# Of what floats over the work of others, whatever that looks like: the bar, the bubble, the countdown.
FLOATING = DARK
