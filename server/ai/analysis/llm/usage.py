"""What asking a language model costs: every request is written down, and a month has its budget."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import structlog
from sqlalchemy import func, select

from server.ai.analysis.analyst import LanguageModelFailed
from server.ai.analysis.llm.chat import Call
from server.ai.analysis.models import UsageRow
from server.db import Database, now

_log = structlog.get_logger(__name__)
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a million tokens, in whatever currency the bill is; 0 where nobody charges."""

    prompt: float = 0.0
    completion: float = 0.0

    def cost(self, call: Call) -> Decimal:
        total = call.prompt_tokens * self.prompt + call.completion_tokens * self.completion
        return Decimal(str(round(total / _MILLION, 6)))


class Usage:
    """`monthly_tokens` may be used from the first of a month (UTC) on; 0 sets no limit."""

    def __init__(self, db: Database, *, model: str, prices: Prices, monthly_tokens: int) -> None:
        self._db = db
        self._model = model
        self._prices = prices
        self._monthly = monthly_tokens

    async def may_ask(self, tokens: int) -> None:
        """Raises LanguageModelFailed when a request of so many tokens would go over the budget."""
        if self._monthly and await self.used_since(_month(now())) + tokens > self._monthly:
            raise LanguageModelFailed("This month's tokens are used up (HEDDLE_LLM_MONTHLY_TOKENS).")

    async def used_since(self, moment: datetime) -> int:
        total = func.sum(UsageRow.prompt_tokens + UsageRow.completion_tokens)
        async with self._db.read() as session:
            return int(await session.scalar(select(total).where(UsageRow.created_at >= moment)) or 0)

    def recorder(self, recording_id: str) -> Callable[[Call], Awaitable[None]]:
        """Writes down requests for one recording."""

        async def record(call: Call) -> None:
            cost = self._prices.cost(call)
            _log.info(
                "language_model_asked",
                model=self._model,
                outcome=call.outcome,
                prompt_tokens=call.prompt_tokens,
                completion_tokens=call.completion_tokens,
                cost=float(cost),
                ms=call.duration_ms,
            )
            async with self._db.write(recording_id) as session:
                session.add(
                    UsageRow(
                        session_id=recording_id,
                        model=self._model[:100],
                        prompt_tokens=call.prompt_tokens,
                        completion_tokens=call.completion_tokens,
                        cost=cost,
                        duration_ms=call.duration_ms,
                        outcome=call.outcome[:100],
                    )
                )

        return record


def _month(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
