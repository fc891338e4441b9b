"""A finding as people read it."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from tests.unit.audit.box import Bench, bought

from sandbooks.audit import BooksWrong, finding_data, print_finding, raise_findings
from sandbooks.settings import read_contract

COMMAND = "sandbooks replay scenarios/taxi.yaml --seed 7"

WHOLE = """\
── Finding 1 of 1 ─────────────────────────────────────────────────── Acme Ltd · Box Books · r-01 ──

The payment r-01 of 12.30 GBP stands in the books twice: Spend 1 and Spend 2.

Told        #1 was posted, but the client saw no answer in time and sent the same again. It knows of
            Spend 2; nobody knows of Spend 1.
            The customer was told: it is done, as 2.

Happened        UTC       sent              reached  the client saw
            #1  17:40:00  POST /acme/spend  commit   no answer in time
                          └ wrote Spend 1
                          └ fault: f1 drop_response after commit: timeout
            #2  17:40:01  POST /acme/spend  deliver  201
                          └ wrote Spend 2

Repeat      body: the same
            header Idempotency-Key: try-1 -> try-2
            looked up in between: no

Books                         expected        actual    difference
            Travel        Dr 12.30 GBP  Dr 24.60 GBP  Dr 12.30 GBP
            Company Card  Cr 12.30 GBP  Cr 24.60 GBP  Cr 12.30 GBP

Rules       INV-01 what is completed is posted exactly once
            INV-09 no write is repeated blindly after an answer that did not come
            INV-13 the card moves by what was charged
            INV-14 each account moves by its lines
            FM-01 posted, then the answer was lost

Control     With the answer to #1 delivered whole, the same client posts it once.

Cure        Send every try of one transaction with the same key (header Idempotency-Key), or look it
            up by its reference before it is sent again, and adopt what is found.

Rests on    #1 and #2 mean one transaction: same company and address, bodies equal, and the first
            was never answered. A second purchase would carry a reference of its own.

See again   sandbooks replay scenarios/taxi.yaml --seed 7
"""


def twice(bench: Bench) -> Any:
    bench.lose("r-01", key="try-1")
    bench.post("r-01", key="try-2")
    (finding,) = bench.audit(bought("r-01", native_id="2"), command=COMMAND)
    return finding


def test_a_finding_tells_the_whole_story(bench: Bench) -> None:
    assert print_finding(twice(bench)) == WHOLE


def test_the_message_of_the_error_prints_every_finding(bench: Bench) -> None:
    finding = twice(bench)
    with pytest.raises(BooksWrong) as caught:
        raise_findings([finding, finding])
    assert WHOLE.splitlines()[2] in str(caught.value)
    assert "── Finding 2 of 2 ──" in str(caught.value)
    assert caught.value.findings == (finding, finding)
    raise_findings([])


def test_no_line_is_wider_than_a_page(bench: Bench) -> None:
    assert max(map(len, print_finding(twice(bench)).splitlines())) <= 100


def test_a_finding_is_listed_as_the_control_contract_says(bench: Bench) -> None:
    contract = read_contract("control.yaml")
    schema = {"$ref": "#/components/schemas/Finding", "components": contract["components"]}
    listed = twice(bench).as_json(3)
    jsonschema.Draft202012Validator(schema).validate(listed)
    assert (listed["id"], listed["transaction"], listed["exchanges"]) == ("3", "r-01", [1, 2])
    assert listed["table"][1]["difference"] == {"amount": "-12.30", "currency": "GBP"}


def test_the_same_parts_come_as_data_for_pages(bench: Bench) -> None:
    data = finding_data(twice(bench))
    assert data["steps"][0]["reached"] == "commit"
    assert data["steps"][1]["wrote"] == ["Spend 2"]
    assert data["rules"]["FM-01"] == "FM-01 posted, then the answer was lost"
    assert data["command"] == COMMAND


def test_within_a_test_the_test_is_what_shows_it_again(bench: Bench) -> None:
    bench.lose("r-01")
    bench.post("r-01")
    (finding,) = bench.alone()
    assert finding.command.endswith("test_printing.py::test_within_a_test_the_test_is_what_shows_it_again")
    assert finding.command.startswith("pytest ")


def test_outside_of_tests_the_tape_shows_it_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    bench.lose("r-01")
    bench.post("r-01")
    assert bench.alone()[0].command == "sandbooks tape --world default"
