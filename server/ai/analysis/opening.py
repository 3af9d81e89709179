"""How a server analyses: with its own rules, and with a language model where it was given one."""

from server.ai.analysis.analyst import Analyst
from server.ai.analysis.llm.chat import Endpoint
from server.ai.analysis.llm.model import ChatModel
from server.ai.analysis.llm.usage import Prices, Usage
from server.config import Settings
from server.db import Database
from server.flags import FlagName, Flags
from server.recordings.service import Recordings


def open_analyst(settings: Settings, db: Database, flags: Flags, recordings: Recordings) -> Analyst:
    async def may_send(recording_id: str) -> bool:
        found = await recordings.find(recording_id)
        if found is None:
            return False
        return await flags.on(FlagName.LANGUAGE_MODEL, user_id=found.user_id, workspace_id=found.workspace_id)

    return Analyst(_language_model(settings, db), may_send=may_send)


def _language_model(settings: Settings, db: Database) -> ChatModel | None:
    """Without an address nothing of a recording leaves this machine."""
    if not settings.llm_url:
        return None
    endpoint = Endpoint(
        url=settings.llm_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key.get_secret_value(),
        timeout_s=settings.llm_timeout_s,
        max_tokens=settings.llm_max_tokens,
    )
    prices = Prices(settings.llm_prompt_price, settings.llm_completion_price)
    usage = Usage(db, model=endpoint.model, prices=prices, monthly_tokens=settings.llm_monthly_tokens)
    return ChatModel(endpoint, usage, part_tokens=settings.llm_context_tokens)
