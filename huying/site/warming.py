"""Reads what every request needs before the first one comes, so that nobody waits for it."""

from __future__ import annotations

import logging
import time

from django.db import connection
from django.urls import get_resolver

from huying.admission.queries import gate
from huying.catalogue.queries import published, town_clock
from huying.dispatch.duties import duty_book
from huying.people.queries import find_api_key, unit_book
from huying.places.queries import Told, locate_all, town_map
from huying.triage.queries import judge

logger = logging.getLogger("huying.site")
# The word cutter and the look-up of sounds wake with their first text.
SOME_WORDS = "路口的灯不亮了"


def warm_up() -> bool:
    """Load pages, map, catalogue, text model and books of units into memory; return whether all went well.

    Without a database, or with an empty one, there is nothing to warm: the site starts all the same and says
    what is wrong when it is asked.
    """
    started = time.perf_counter()
    try:
        _ = get_resolver().url_patterns
        published()
        town_clock()
        unit_book()
        duty_book()
        gate()
        find_api_key("")
        judging = judge()
        if judging.model is not None:
            judging.model.predict(SOME_WORDS)
        if judging.rules is not None:
            judging.rules.check(SOME_WORDS)
        locate_all([Told(0.0, 0.0, SOME_WORDS, SOME_WORDS)])
        town_map().gazetteer.search(SOME_WORDS)
    except Exception:
        # Warming saves time and must never be the reason that a town is not served.
        logger.warning("not warmed up; the first requests will be slower", exc_info=True)
        return False
    finally:
        connection.close()
    seconds = time.perf_counter() - started
    logger.info("warmed up", extra={"milliseconds": round(seconds * 1000)})
    return True
