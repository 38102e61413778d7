"""`python -m huying.triage.nightly`: the learning of one night, in a process of its own."""

from __future__ import annotations

import logging

import django
from django.utils import timezone

logger = logging.getLogger("huying.triage")


def main() -> None:
    """Learn a model, compare it with what was said, and put it in force where it is no worse."""
    django.setup()
    from huying.triage.learning import learn

    edition = learn(at=timezone.now())
    if edition is not None:
        logger.info("learnt a model", extra={"number": edition.number, "finding": edition.finding})


if __name__ == "__main__":
    main()
