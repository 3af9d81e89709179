"""The models that can be fetched by name (`models.toml`), read once."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from media.errors import SpeechError


@dataclass(frozen=True, slots=True)
class Model:
    """Sizes in megabytes, about. `english`: it knows no other language."""

    name: str
    repository: str
    size_mb: int
    memory_mb: int
    english: bool = False
    translates: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`default` is the name to take where none was chosen."""

    default: str
    models: tuple[Model, ...]

    def find(self, name: str) -> Model | None:
        return next((model for model in self.models if model.name == name), None)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    data = tomllib.loads((files("media.transcribe") / "models.toml").read_text("utf-8"))
    default = data.pop("default")
    return Catalogue(default, tuple(Model(name, **row) for name, row in data.items()))


def check_translation(name: str) -> None:
    """SpeechError for a model that is known to be unable to translate: it would only write what was said."""
    model = catalogue().find(name)
    if model and not model.translates:
        able = ", ".join(model.name for model in catalogue().models if model.translates)
        raise SpeechError(
            f"The speech model {name} does not translate",
            "It was trained to write down what is said.",
            f"Choose one of {able}.",
        )
