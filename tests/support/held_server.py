"""`heddle-server`, that stands still for ever at one moment of one step: there it can be killed.

`HEDDLE_TEST_HOLD` says where: the step, the moment, and a file that is made when it is reached. Moments:
`begun`, before the codec does anything; `made`, its files are there and nobody knows; `written`, its result
is committed. Five seconds are a long video here.
"""

import asyncio
import os
from pathlib import Path
from typing import Any

from media import cuts
from server.cli import main
from server.processing.runner import Runner
from server.processing.schemas import Job

STEP, MOMENT, REACHED = os.environ["HEDDLE_TEST_HOLD"].split(maxsplit=2)
_work, _succeeded = Runner._work, Runner._succeeded


async def _hold(job: Job, moment: str) -> None:
    if (job.step, moment) == (STEP, MOMENT):
        await asyncio.to_thread(Path(REACHED).touch)
        await asyncio.Event().wait()


async def work(self: Runner, job: Job, *more: Any) -> dict[str, Any]:
    await _hold(job, "begun")
    result = await _work(self, job, *more)
    await _hold(job, "made")
    return result


async def succeeded(self: Runner, job: Job, *more: Any) -> None:
    await _succeeded(self, job, *more)
    await _hold(job, "written")


if __name__ == "__main__":
    cuts.PIECE_S = 2.0
    Runner._work, Runner._succeeded = work, succeeded  # type: ignore[method-assign] # that is the trick
    main()
