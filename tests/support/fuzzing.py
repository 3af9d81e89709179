"""What hypothesis may spend on a parser of outside bytes: little and always the same, or much and new.

`make chaos` says with HEDDLE_CHAOS_EXAMPLES how many examples each gets; those are other ones every time.
"""

import os
import string

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("HEDDLE_CHAOS_EXAMPLES", "0"))

fuzzed = settings(
    max_examples=EXAMPLES or 30,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def nearly(*pieces: str, most: int = 12) -> st.SearchStrategy[str]:
    """Texts made of what a parser looks for, and of what it does not: far deeper than random characters."""
    others = st.text(max_size=6) | st.text(string.printable, max_size=4)
    return st.lists(st.sampled_from(pieces) | others, max_size=most).map("".join)


def objects(*names: str) -> st.SearchStrategy[dict[str, object]]:
    """Objects with the right names and any values."""
    return st.dictionaries(st.sampled_from(names) | st.text(max_size=4), JSON, max_size=len(names))
