import pytest
from tests.unit.faults.toy import Bench, new_bench


@pytest.fixture
def bench() -> Bench:
    return new_bench()
