"""Long random histories of a company's documents: the same ones in every run."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeAlias

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

Judged: TypeAlias = Callable[[Random], None]


def histories(many: int) -> Callable[[Judged], Judged]:
    """A test of so many histories, each drawn from a ``random`` of its own. They are too long to be made small."""

    def over(judged: Judged) -> Judged:
        drawn = given(random=st.randoms(use_true_random=True))(judged)
        kept = {"deadline": None, "derandomize": True, "phases": [Phase.generate]}
        return settings(max_examples=many, suppress_health_check=list(HealthCheck), **kept)(drawn)

    return over
