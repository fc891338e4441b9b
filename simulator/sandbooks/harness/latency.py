"""How long an exchange takes in a driven run: another time for each, most of them well below a second.

Two changes can so fall into one second, as they do in life; where each took a whole second, no timestamp of that
grain could ever stand for two moments. The same seed draws the same times.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from sandbooks.world import World

LEAST_MS = 40
MOST_MS = 700


def drawn_latency(world: World) -> Callable[[], timedelta]:
    """Draws the length of one exchange after the other from the world's seed."""
    numbers = count(1)

    def draw() -> timedelta:
        digest = world.ids.digest(f"latency/{next(numbers)}")
        return timedelta(milliseconds=LEAST_MS + int.from_bytes(digest[:4]) % (MOST_MS - LEAST_MS))

    return draw
