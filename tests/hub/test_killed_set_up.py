"""The first start of a server killed by SIGKILL at every step: the next one serves the whole demo world, never half.

Over PostgreSQL that is every third step; ``KILLS=every`` takes each.
"""

from __future__ import annotations

import base64
import itertools
import os
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.databases import Databases
from tests.hub.processes import House, Nursery

PLATFORMS = ("freeagent", "xero")
EVERY = os.environ.get("KILLS") == "every"
WORLDS = """worlds:
  - name: second
    seed: 5
    companies: [{platform: freeagent, name: Acme, country: GB}, {platform: xero, name: Initech, country: GB}]
"""


def whole(told: dict[str, Any]) -> None:
    """Everything that was asked for is there and ready."""
    control = f"{told['url']}/_control/worlds"
    assert sorted(c["platform"] for c in told["companies"]) == ["codat", "codat", *PLATFORMS]
    for hub in (company for company in told["companies"] if company["platform"] == "codat"):
        key = base64.b64encode(hub["credentials"]["api_key"].encode()).decode()
        url = f"{hub['base_url']}/companies/{hub['company_id']}"
        headers = {"Authorization": f"Basic {key}"}
        found = requests.get(f"{url}/connections?page=1", headers=headers, timeout=10).json()["results"]
        assert {connection["status"] for connection in found} == {"Linked"}, found
        card = requests.get(f"{url}/sync/expenses/config", headers=headers, timeout=10).json()["bankAccount"]
        assert card["id"]
    second = requests.get(f"{control}/second/companies", timeout=10).json()
    assert sorted(c["name"] for c in second) == ["Acme", "Initech"], second


def put_back(told: dict[str, Any]) -> None:
    """The worlds can go back to their beginning, and are whole there too."""
    for world in ("default", "second"):
        answer = requests.post(f"{told['url']}/_control/worlds/{world}/reset", timeout=10)
        assert answer.status_code < 300, answer.text
    whole(told)


@pytest.mark.parametrize("kind", ["file", "postgresql"])
def test_a_set_up_that_was_killed_at_any_step_is_made_whole_by_the_next_start(
    kind: str, tmp_path: Path, databases: Databases
) -> None:
    (tmp_path / "worlds.yaml").write_text(WORLDS)
    nursery = Nursery(tmp_path, *PLATFORMS, kinds="lasting")
    try:
        for step in itertools.count(1, 3 if kind == "postgresql" and not EVERY else 1):
            url = databases.new() if kind == "postgresql" else str(tmp_path / f"{step}.db")
            nursery.aim(step)
            house = House(nursery, url, *PLATFORMS, config=str(tmp_path / "worlds.yaml"))
            house.revive()
            died, taken = nursery.spare(), nursery.steps()
            house.revive()
            whole(house.told)
            if kind == "postgresql":
                put_back(house.told)
            house.end()
            if not died:
                break
    finally:
        nursery.end()
    assert "after restore" in taken
