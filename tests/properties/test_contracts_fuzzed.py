"""No request drawn from its own contract breaks a surface, or is answered with what that contract does not describe.

The suite draws a few requests for each operation. ``make fuzz`` draws many, and other ones with ``FUZZ_SEED``.
"""

from __future__ import annotations

import os

import pytest
from tests.properties.fuzzing import CONTROL, fuzzed

from sandbooks.platform import platforms

SURFACES = (*platforms(), "codat", CONTROL)
DRAWN = int(os.environ.get("FUZZ_DRAWN", "1"))
COVERED = int(os.environ.get("FUZZ_COVERED", "3"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))


@pytest.mark.parametrize("surface", SURFACES)
def test_a_surface_keeps_its_contract_whatever_is_asked_of_it(surface: str) -> None:
    fuzzing = fuzzed(surface, drawn=DRAWN, covered=COVERED, seed=SEED)
    assert fuzzing.wrong == {}
    assert fuzzing.reached() >= 0.2, "requests that are all refused show nothing"
