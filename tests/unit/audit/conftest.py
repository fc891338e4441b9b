from collections.abc import Iterator

import pytest
from tests.unit.audit.box import Bench, registered


@pytest.fixture
def bench() -> Iterator[Bench]:
    with registered():
        yield Bench()
