"""Every fact of a contract has its public source, or says that it has none."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sandbooks.recording.conformance import contract_of, operations_of
from sandbooks.settings import known_platforms, read_contract

# What counts as a public source: an address, a package of a registry, or a work that can be looked up by its name.
PUBLIC = re.compile(
    r"https?://|github\.com/|PyPI |npm |RFC \d|Rails|"
    r"\b(?:help|documentation|documented|repository|tests|test suites|logs|practice|re-implementations|Desktop|SDK)\b"
)
OURS = ("no public source", "an operation of our own", "ours", "our own")


def rows(platform: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = read_contract("platforms", platform, "evidence.yaml")["evidence"]
    return listed


@pytest.mark.parametrize("platform", known_platforms())
def test_every_operation_has_a_row_with_a_source(platform: str) -> None:
    known = {row["name"] for row in rows(platform) if row["kind"] == "operation"}
    wanted = {operation["operationId"] for operation in operations_of(platform).values()}
    wanted -= {"xml_gateway"}  # one address for many functions, each with a row of its own
    assert {name for name in wanted if name not in known and name.partition(".")[0] not in known} == set()


@pytest.mark.parametrize("platform", known_platforms())
def test_every_operation_rule_and_error_names_where_it_is_known_from(platform: str) -> None:
    listed = rows(platform)
    assert {"operation", "rule", "error"} <= {row["kind"] for row in listed}
    for row in listed:
        assert row["status"] in ("client", "specification", "assumed"), row
        public = PUBLIC.search(row["source"]) is not None
        assert public or (row["status"] == "assumed" and row["source"]) or row["source"].startswith(OURS), row


@pytest.mark.parametrize("platform", known_platforms())
def test_a_fact_is_listed_once_and_only_assumptions_are_ours(platform: str) -> None:
    listed = rows(platform)
    assert len({(row["kind"], row["name"]) for row in listed}) == len(listed)
    for row in listed:
        if row["status"] == "specification":
            assert not row["source"].startswith(OURS), row


@pytest.mark.parametrize("platform", known_platforms())
def test_every_edition_and_profile_of_the_capabilities_has_sources(platform: str) -> None:
    table = read_contract("platforms", platform, "capabilities.yaml")
    for part in (*table["editions"].values(), *table["profiles"].values()):
        assert part["sources"]
        assert all(PUBLIC.search(source) for source in part["sources"]), part["sources"]


def test_the_hub_says_where_it_is_known_from() -> None:
    assert all(PUBLIC.search(source) for source in contract_of("codat")["x-sources"])
