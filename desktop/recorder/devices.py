"""What can be recorded here, as the engine lists it."""

import subprocess
from typing import Any

from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.models.told import listed
from media import self_command
from media.jsonlines import read_object

_PATIENCE_S = 60.0  # an encoder that hangs is given eight seconds, once on a machine


def ask() -> dict[str, list[dict[str, Any]]]:
    """The engine's list. In a process of its own: a driver that crashes must not take the answer with it."""
    command = self_command.command("capture", "--devices")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        answer = read_object((done.stdout.splitlines() or [""])[-1])  # libraries print before it
    except subprocess.TimeoutExpired as error:
        raise HeddleError(
            tr("The devices could not be listed"), tr("A driver does not answer."), str(error)
        ) from error
    except ValueError as error:
        last = done.stderr.strip().splitlines()
        raise HeddleError(tr("The devices could not be listed"), last[-1] if last else str(error)) from error
    return {name: [one for one in listed(answer, name) if isinstance(one, dict)] for name in answer}
