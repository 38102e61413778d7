"""One small word for chance."""

import random


def happens(rng: random.Random, share: float) -> bool:
    """Tell whether something happens that happens in this share of cases."""
    return rng.random() < share
