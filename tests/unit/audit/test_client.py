"""A production-like client against a whole platform, intercepted: the careful one is silent, the careless one found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests import toy
from tests.toy_client import ToyClient

from sandbooks.audit import audit_company
from sandbooks.audit.oracles import assert_exactly_once
from sandbooks.sandbox import Sandbox

FAULTS = [
    ("drop_response", "commit"),
    ("drop_response", "validate"),
    ("server_error", "commit"),
    ("truncate", "render"),
]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with toy.registered(), Sandbox(seed=7, clock="2026-03-28T17:40:00Z") as sandbox:
        yield sandbox


def exported(sandbox: Sandbox, kind: str, phase: str, *, careful: bool) -> set[str]:
    acme = sandbox.company("toy", name="Acme")
    with sandbox.intercept(), sandbox.client_time(), ToyClient(acme.credentials, careful=careful) as client:
        client.export("r-01", "7.81")
        with sandbox.fault(kind, phase=phase, at=acme.write("r-02")):
            client.export("r-02", "41.10")
        client.export("r-03", "41.10")
    return {rule for finding in audit_company(acme._company, strict=True) for rule in finding.invariants}


@pytest.mark.parametrize(("kind", "phase"), FAULTS)
def test_a_client_that_looks_up_before_it_resends_is_never_accused(sandbox: Sandbox, kind: str, phase: str) -> None:
    assert exported(sandbox, kind, phase, careful=True) == set()
    assert_exactly_once(sandbox.companies()[0]._company, "r-01", "r-02", "r-03")


@pytest.mark.parametrize(("kind", "phase"), FAULTS)
def test_a_client_that_resends_blindly_is_found_in_both_phases(sandbox: Sandbox, kind: str, phase: str) -> None:
    harm = set() if phase == "validate" else {"INV-01"}
    assert exported(sandbox, kind, phase, careful=False) == {"INV-09"} | harm
