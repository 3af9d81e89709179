"""People of a server under test: quick passwords."""


class QuickHasher:
    """A password's hash takes a tenth of a second on purpose; these tests are about other things."""

    def hash(self, password: str) -> str:
        return f"quick:{password}"

    def verify(self, password: str, hashed: str) -> bool:
        return hashed == f"quick:{password}"
