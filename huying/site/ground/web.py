"""The web server: granian, a few processes with a few threads each, serving Django over WSGI."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import shutil
from typing import TYPE_CHECKING, Any

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from huying.site.ground.orphans import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable

    from huying.site.env import Environment

APPLICATION = "huying.site.wsgi:application"
STOP_SECONDS = 10
BACKLOG = 1024
# Connections one process holds before it lets the others have them. A browser keeps its own open between
# pages: with few of them, two hundred members of staff wait for one another (bench/desk.py).
BACKPRESSURE_PER_THREAD = 256
HEADER_SECONDS = 15

# One JSON line each, like those of the application; the server itself only tells what went wrong.
LOGGING: dict[str, Any] = {
    "formatters": {
        "generic": {"()": "huying.site.logs.JsonLines"},
        "access": {"()": "huying.site.logs.JsonLines"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "generic", "stream": "ext://sys.stderr"}
    },
    "loggers": {"_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}


def serve(settings: Environment) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first."""
    metrics = settings.data_dir.absolute() / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True, exist_ok=True)
    # Collected files may be put here; served straight from the packages there is no need, and no warning.
    (settings.data_dir.absolute() / "static").mkdir(exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.fspath(metrics)
    if settings.web_processes > 1 and multiprocessing.get_start_method() == "fork":
        load_shared()
    Granian(
        APPLICATION,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_processes,
        blocking_threads=settings.web_threads,
        backlog=BACKLOG,
        backpressure=settings.web_threads * BACKPRESSURE_PER_THREAD,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        process_name=None,
    ).serve(target_loader=load_application)


def load_shared() -> None:
    """Read code, pages, map, catalogue and text model into memory once, for the workers forked from here.

    It takes nothing a fork must not double: no connection stays open, no key is made, no number taken.
    """
    importlib.import_module(APPLICATION.partition(":")[0])
    gc.collect()
    # What is here stays; were it looked through for garbage, every worker would get a copy of its own.
    gc.freeze()


def load_application(target: str) -> Callable[..., Any]:
    """Return the WSGI application `module:name`, warmed up; called in each worker process."""
    end_with_parent()
    name, _, attribute = target.partition(":")
    module = importlib.import_module(name)
    module.warm_up()
    application: Callable[..., Any] = getattr(module, attribute)
    return application
