"""What the published contract promises: every operation, refusal and switch, each with its evidence."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from tests.platforms.quickbooks_online import contract
from tests.platforms.quickbooks_online.builders import Client, purchase

from sandbooks import exact_json
from sandbooks.platforms.quickbooks_online.api.operations import OPERATIONS
from sandbooks.platforms.quickbooks_online.faults import FAULTS
from sandbooks.platforms.quickbooks_online.switches import SWITCHES
from sandbooks.settings import read_contract
from sandbooks.wire import Response


def evidence(kind: str) -> dict[str, dict[str, Any]]:
    """The evidence of one kind by name."""
    listed = read_contract("platforms", "quickbooks_online", "evidence.yaml")["evidence"]
    return {each["name"]: each for each in listed if each["kind"] == kind}


def test_every_operation_is_described_and_has_evidence() -> None:
    names = {operation.name for operation in OPERATIONS}
    assert names == set(contract.operations())
    assert names == set(evidence("operation"))


def test_every_error_code_has_evidence() -> None:
    assert {native.code for native in FAULTS.values()} <= set(evidence("error"))


def test_every_switch_is_told_with_its_default() -> None:
    told = evidence("switch")
    assert set(told) == set(SWITCHES)
    assert {name: each["default"] for name, each in told.items()} == {n: s.default for n, s in SWITCHES.items()}


def test_all_evidence_has_a_status_and_a_public_source() -> None:
    for each in read_contract("platforms", "quickbooks_online", "evidence.yaml")["evidence"]:
        assert each["status"] in ("client", "specification", "assumed"), each
        assert each["source"].startswith("https://"), each


def test_the_check_refuses_a_member_that_is_not_described(us: Client) -> None:
    answer = us.send("POST", "purchase", purchase(us))
    told = exact_json.loads(answer.body)
    told["Purchase"]["Surprise"] = "x"
    with pytest.raises(jsonschema_rs.ValidationError):
        contract.check("create_purchase", Response(200, answer.headers, exact_json.dumps(told)))
