"""What a setting that takes any name most likely wants: what is found on this computer. No Qt."""

from collections.abc import Mapping, Sequence
from typing import Any

from desktop.i18n import tr
from desktop.models.devices import DEFAULT, Choice, devices
from media.transcribe.catalogue import catalogue

Suggested = Mapping[str, Sequence[Choice]]  # by the setting's name


def known() -> Suggested:
    """What needs no looking for."""
    models = tuple(Choice(model.name, model.name) for model in catalogue().models)
    return {"speech_model": models, "background": (Choice("blur", tr("blurred")),)}


def found(listed: Mapping[str, Sequence[Mapping[str, Any]]]) -> Suggested:
    """Cameras and microphones, from `python -m capture --devices`."""
    here = devices(listed)
    return {
        "microphone": here.microphones[1:],
        "camera": (Choice(DEFAULT, tr("the first one found")), *here.cameras[1:]),
    }
