"""Analysis by a language model: a short transcript in one request, a long one in parts, merged at last."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from server.ai.analysis.analyst import LanguageModelFailed, Material
from server.ai.analysis.findings import Findings
from server.ai.analysis.llm import prompts
from server.ai.analysis.llm.answers import Answer, Source, believed, parse
from server.ai.analysis.llm.breaker import Breaker
from server.ai.analysis.llm.chat import Chat, Endpoint, tokens_of
from server.ai.analysis.llm.usage import Usage
from server.ai.analysis.sentences import Sentence, sentences_of
from server.ai.analysis.words import base_language

# Of a recording; a longer one is analysed by rules alone.
MOST_PARTS = 40
_TOKENS_AROUND = 12  # of each sentence, for its number and time


@dataclass(frozen=True, slots=True)
class _Part:
    """Sentences from number `first` on."""

    first: int
    sentences: tuple[Sentence, ...]


class ChatModel:
    """The LanguageModel over HTTP. `part_tokens`: how much of a transcript one request may carry."""

    def __init__(self, endpoint: Endpoint, usage: Usage, *, part_tokens: int) -> None:
        self._endpoint = endpoint
        self._usage = usage
        self._part_tokens = part_tokens
        self._breaker = Breaker()

    @property
    def name(self) -> str:
        return self._endpoint.model

    async def analyse(self, material: Material) -> Findings:
        """Raises LanguageModelFailed."""
        sentences = await asyncio.to_thread(sentences_of, material.transcript)
        if not sentences:
            raise LanguageModelFailed("There is nothing to ask it about.")
        language = base_language(material.transcript.language)
        chat = Chat(
            self._endpoint,
            may_ask=self._usage.may_ask,
            record=self._usage.recorder(material.recording_id),
            breaker=self._breaker,
        )
        answer = await self._answer(chat, material, sentences, language)
        source = Source(sentences, max(material.duration_s, sentences[-1].end), language)
        return await asyncio.to_thread(believed, answer, source)

    async def _answer(
        self, chat: Chat, material: Material, sentences: Sequence[Sentence], language: str
    ) -> Answer:
        parts = _parts(sentences, self._part_tokens)
        if len(parts) > MOST_PARTS:
            raise LanguageModelFailed("The recording is too long for it (HEDDLE_LLM_CONTEXT_TOKENS).")
        answers = []
        for number, part in enumerate(parts, 1):
            messages = prompts.of_part(
                part.sentences,
                part.first,
                language=language,
                recorded_on=material.recorded_on,
                number=number,
                count=len(parts),
            )
            answers.append(parse(await chat.ask(messages, prompts.SCHEMA)))
        if len(answers) == 1:
            return answers[0]
        return _merged(parse(await chat.ask(prompts.of_merge(answers), prompts.SCHEMA)), answers)


def _parts(sentences: Sequence[Sentence], most_tokens: int) -> list[_Part]:
    """Runs of sentences that one request can carry each."""
    parts: list[_Part] = []
    held: list[Sentence] = []
    first = tokens = 0
    for number, sentence in enumerate(sentences):
        size = tokens_of(sentence.text) + _TOKENS_AROUND
        if held and tokens + size > most_tokens:
            parts.append(_Part(first, tuple(held)))
            held, first, tokens = [], number, 0
        held.append(sentence)
        tokens += size
    parts.append(_Part(first, tuple(held)))
    return parts


def _merged(whole: Answer, parts: Sequence[Answer]) -> Answer:
    """Title, summary, topics and chapters of the whole; names and promises of all parts."""
    return whole.model_copy(
        update={
            "entities": [entity for part in parts for entity in part.entities],
            "action_items": [item for part in parts for item in part.action_items],
        }
    )
