"""The eight steps that every client does, and how its script records them: ``step CLIENT NAME`` on standard output.

This file stands beside the scripts and needs nothing, as each of them runs in an environment of its own.

- sign_in: the client's own credentials are taken, as the client carries them
- lists: what an integration imports first
- create: a document with money in it
- credit: a refund or credit, whose effect the script reads in the books through the platform
- read_back: what was created, as the platform holds it
- attach: a file on a document, and what the platform holds of it
- validation_error: refused in the platform's words, raised as the client's own exception
- stale_write: a change by somebody whose reading is old, and what the platform does with it
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

STEPS = ("sign_in", "lists", "create", "credit", "read_back", "attach", "validation_error", "stale_write")


class Recorder:
    """Records the steps of one client, named as its package is."""

    def __init__(self, client: str) -> None:
        self.client = client

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Announces a step once all that is in it has held."""
        if name not in STEPS:
            raise ValueError(f"{name} is none of the steps {', '.join(STEPS)}")
        yield
        print(f"step {self.client} {name}", flush=True)


def recorded(text: str) -> set[tuple[str, str]]:
    """Client and name of each step that a script announced."""
    told = [line.split() for line in text.splitlines() if line.startswith("step ")]
    return {(client, name) for _, client, name in told}
