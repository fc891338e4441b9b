"""The benchmark measures a read and a write of every platform."""

from bench.platforms import MAKERS

from sandbooks.platform import platforms


def test_every_platform_has_its_rows_in_the_benchmark() -> None:
    assert set(MAKERS) == set(platforms())
