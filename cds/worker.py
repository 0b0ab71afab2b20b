"""The one thread beside the event loop: long work goes there, so that probes and other clients are still answered.

One, because the rules engine lets nobody else run while it runs: more threads would only take turns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

LONG = 64 * 1024
"""Bytes of a body over which even reading it takes more than a millisecond or two."""

P = ParamSpec("P")
Result = TypeVar("Result")


class Worker:
    """Runs one piece of long work at a time, in the order in which they came."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="evaluation")

    async def run(self, long: bool, work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """What `work` makes of its arguments; here and now unless it is `long`."""
        if not long:
            return work(*args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*args, **kwargs))
