"""Every operation that a published description has is called, and its answer held against that description.

Those are no part of the project: ``pytest tests/hub/test_against_published_specs.py --codat-specs DIR`` names
a folder with the yaml files of github.com/codatio/oas. Without it, only the test of the option itself is collected.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.hub import published
from tests.hub.happenings import body_of
from tests.hub.published import Published
from tests.hub.specs import SPECS, needs_specs
from tests.hub.tour import BODIES, PATHS, Tour

# Where a description cannot be meant as it stands; everything else about these answers is held against it.
MISTAKES = {
    # It asks for datatype and describes dataType; earlier editions of it required the counts, and so do older clients.
    "list-integrations": r"\.(datatype|\w+ConnectionsCount): the description knows no such member",
    "get-integration": r"\.(datatype|\w+ConnectionsCount): the description knows no such member",
    # Its answer is described by the schema of the records, not of the configuration.
    "get-custom-data-type-configuration": r"^\$\.\w+: the description knows no such member",
    # Every value that is read would be an object, against its own examples, which pick numbers and texts.
    "list-custom-data-type-records": r"content\.\w+: .* is not of type 'object'",
}


def test_without_the_option_nothing_is_compared_and_the_run_says_so() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--collect-only", "-q", __file__]
    told = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout
    assert "--codat-specs was not given" in told
    assert [line for line in told.splitlines() if "::" in line] == [
        line for line in told.splitlines() if "test_without_the_option" in line
    ]


@needs_specs
def test_the_folder_has_every_description_of_the_table(specs: Path) -> None:
    assert [spec.file for spec in SPECS if spec.built and not (specs / spec.file).exists()] == []


@needs_specs
def test_every_operation_answers_as_published(specs: Path, operation: Published, first_version: bool) -> None:
    tour = Tour(first_version=first_version)
    sent, answer = tour.visit(operation.method.upper(), operation.path)
    lawful = published.request_schema(specs, operation)
    if lawful and sent is not None:
        assert published.problems(specs, operation.file, lawful, sent) == []
    # The description of the first version forgot the answer of this one; its predecessor has 202.
    successes = published.successes(specs, operation) or {202: None}
    assert answer.status in successes, answer.body
    place = successes[answer.status]
    if place is None or answer.status == 204:
        assert answer.body is None or 202 in successes
        return
    known = MISTAKES.get(operation.id, "$^")
    found = published.problems(specs, operation.file, place, answer.body)
    assert [problem for problem in found if not re.search(known, problem)] == []


@needs_specs
def test_every_operation_refuses_a_wrong_key_as_published(specs: Path, operation: Published) -> None:
    tour = Tour()
    path = tour.path_of(operation.path)
    answer = tour.desk.send(operation.method.upper(), path, {}, headers=(("Authorization", "Basic d3Jvbmc="),))
    assert answer.status == 401
    _check_refusal(specs, operation, answer.body)


@needs_specs
def test_every_operation_of_an_unknown_company_is_not_found(specs: Path, company_operation: Published) -> None:
    tour = Tour()
    tour.names["companyId"] = "11111111-2222-4333-8444-555555555555"
    body = BODIES[company_operation.key](tour) if company_operation.key in BODIES else None
    answer = tour.desk.send(company_operation.method.upper(), tour.path_of(company_operation.path), body)
    assert answer.status == 404, answer.body
    _check_refusal(specs, company_operation, answer.body)


@needs_specs
def test_every_list_refuses_a_damaged_query_as_published(specs: Path, list_operation: Published) -> None:
    tour = Tour()
    path = PATHS.get(list_operation.key, lambda tour: tour.path_of(list_operation.path))(tour)
    answer = tour.desk.send("GET", f"{path}?query=%7Bid%3D")
    assert (answer.status, answer.body["error"]) == (400, "Error parsing query - Malformed query.")
    _check_refusal(specs, list_operation, answer.body)


@needs_specs
def test_every_event_is_as_published(specs: Path, event: tuple[str, str]) -> None:
    file, name = event
    place = published.events(specs, file)[name]
    assert published.problems(specs, file, place, body_of(name)) == []


def _check_refusal(specs: Path, operation: Published, body: dict[str, Any]) -> None:
    place = "/components/schemas/ErrorMessage"
    assert published.problems(specs, operation.file, place, body) == []


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, *sys.argv[1:]]))
