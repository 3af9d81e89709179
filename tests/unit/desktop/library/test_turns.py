"""Who is next where little goes on at once."""

import asyncio

from desktop.library.turns import Turns


async def test_the_last_who_asked_is_next_and_who_gave_up_is_passed_over() -> None:
    turns, had = Turns(1), []

    async def work(name: str) -> None:
        async with turns:
            had.append(name)
            await asyncio.sleep(0)

    tasks = {name: asyncio.create_task(work(name)) for name in "abcde"}
    await asyncio.sleep(0)  # a works, the others wait
    tasks["d"].cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    assert had == ["a", "e", "c", "b"]
    async with asyncio.timeout(5), turns:  # all turns were given back
        had.append("f")


async def test_all_who_are_cancelled_at_once_leave_every_turn_free() -> None:
    turns = Turns(2)

    async def work() -> None:
        async with turns:
            await asyncio.Event().wait()

    tasks = [asyncio.create_task(work()) for _ in range(5)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends
    async with asyncio.timeout(5), turns, turns:
        pass


async def test_a_turn_that_is_given_to_somebody_who_gives_up_goes_on_to_the_next() -> None:
    turns, had = Turns(1), []

    async def work(name: str) -> None:
        async with turns:
            had.append(name)

    async with turns:
        first, second = (asyncio.create_task(work(name)) for name in "ab")
        await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert had == ["a"]
