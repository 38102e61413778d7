"""The job worker: runs what follows from facts, and takes up again what a killed worker left lying."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from procrastinate import App
    from procrastinate.contrib.django.django_connector import DjangoConnector

logger = logging.getLogger("huying.worker")

HEARTBEAT_SECONDS = 5.0
# A worker silent for this long is dead: its jobs are taken up by another. They are safe to run twice.
SILENT_SECONDS = 15.0
STOP_SECONDS = 20.0
NICENESS = 10
# What takes minutes, or waits for another server: letters and clocks never stand behind it.
SLOW_QUEUES = frozenset({"learning", "opinions"})


def stand_back() -> None:
    """Let this process, which does nothing but jobs, give way to those who file and look."""
    os.nice(NICENESS)


def work(*, until_empty: bool = False) -> None:
    """Run jobs until SIGTERM or SIGINT, or, with `until_empty`, until none waits. Django must be set up."""
    from procrastinate.contrib.django import app

    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        asyncio.run(_work(worker_app, until_empty=until_empty))


async def _work(app: App, *, until_empty: bool) -> None:
    async with app.open_async():
        await retry_abandoned(app)
        rescue = asyncio.create_task(_keep_retrying(app))
        quick = {task.queue for task in app.tasks.values()} - SLOW_QUEUES
        lanes = [
            asyncio.create_task(_lane(app, quick, at_once=1, until_empty=until_empty)),
            asyncio.create_task(_lane(app, SLOW_QUEUES, at_once=len(SLOW_QUEUES), until_empty=until_empty)),
        ]
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, _end, lanes)
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*lanes)
        finally:
            # Where one lane broke, the other ends what it does and ends too.
            _end([*lanes, rescue])
            await asyncio.gather(*lanes, rescue, return_exceptions=True)


async def _lane(app: App, queues: Iterable[str], *, at_once: int, until_empty: bool) -> None:
    """Run the jobs of some queues, so many at once; cancelled, finish what was begun first."""
    await app.run_worker_async(
        queues=sorted(queues),
        concurrency=at_once,
        wait=not until_empty,
        delete_jobs="successful",
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=SILENT_SECONDS,
        shutdown_graceful_timeout=STOP_SECONDS,
        install_signal_handlers=False,
    )


def _end(running: Iterable[asyncio.Task[None]]) -> None:
    for task in running:
        task.cancel()


async def retry_abandoned(app: App) -> int:
    """Give the jobs of dead workers back to the queue and return how many there were."""
    abandoned = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS))
    for job in abandoned:
        await app.job_manager.retry_job(job)
    if abandoned:
        logger.warning("jobs of a dead worker are taken up again", extra={"count": len(abandoned)})
    return len(abandoned)


async def _keep_retrying(app: App) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        await retry_abandoned(app)
