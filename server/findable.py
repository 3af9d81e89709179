"""What is found of a recording beside its title, its description and what was said: the one list.

The server and `heddle-server reindex` use it alike. A module of a higher tier than search adds its own here.
"""

from collections.abc import Sequence

from server.comments.findable import comments_of
from server.db import Database
from server.search.service import Source


def sources(db: Database) -> Sequence[Source]:
    return (comments_of(db),)
