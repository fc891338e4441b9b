"""Companies that take no document number twice: what is refused for its number is not done."""

from __future__ import annotations

from typing import Any

import pytest
from tests.harness.small_clients import Careful

from sandbooks.harness.campaign import unsent_second
from sandbooks.harness.examples import Data, Menu, scenario_of
from sandbooks.harness.judging import Judge
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic import Example, contents


class Numbered(Careful):
    """Uses the customer's reference as the document's number."""

    def _purchase(self, given: Any) -> Any:
        return {**super()._purchase(given), "DocNumber": given["reference"]}


class Believing(Numbered):
    """Takes any refusal of a number for word of an earlier success."""

    def _post(self, row: Any) -> None:
        super()._post(row)
        if "uplicate" in str(row.get("message")):
            row.update(status="completed", native_id="1", message=None)


@pytest.fixture(scope="module")
def taken() -> Data:
    menu = Menu("quickbooks_online", frozenset({"restart"}))
    return next(each.data for each in contents(menu) if each.about == "a number that another one has")


def test_a_number_that_is_taken_is_refused_and_nothing_is_wrong_with_that(taken: Data) -> None:
    verdict = Judge(subject_of_class(Numbered)).judge(scenario_of(taken))
    assert (verdict.told, verdict.findings) == ({"r-01": "Completed", "r-02": "PushError"}, [])


def test_a_refusal_that_is_taken_for_success_is_found(taken: Data) -> None:
    (finding,) = Judge(subject_of_class(Believing)).judge(scenario_of(taken)).findings
    assert finding.invariants == ("INV-04",)
    assert "is not in the books" in finding.title


def test_where_the_company_does_not_care_the_number_is_taken_twice(taken: Data) -> None:
    company = {name: value for name, value in taken["companies"]["acme"].items() if name != "unique_numbers"}
    verdict = Judge(subject_of_class(Numbered)).judge(scenario_of({**taken, "companies": {"acme": company}}))
    assert (verdict.told, verdict.findings) == ({"r-01": "Completed", "r-02": "Completed"}, [])


def test_of_changes_and_files_the_second_accident_is_a_request_that_was_lost() -> None:
    def lost(phase: str) -> Example:
        return Example(phase, {"steps": [{"fault": {"drop_response": {"phase": phase}}}, {"sync": "until idle"}]})

    told = [each.about for each in unsent_second(map(lost, ("commit", "render", "validate", "send")))]
    assert told == ["commit", "validate", "render", "send"]
    assert [each.about for each in unsent_second(iter(()))] == []
