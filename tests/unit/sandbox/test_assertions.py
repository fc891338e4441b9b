"""Claims about books and exchanges hold for careful clients and fail, with a finding, for careless ones."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests
from tests.toy import registered
from tests.toy_client import ToyClient

from sandbooks import Sandbox
from sandbooks.audit import BooksWrong
from sandbooks.faults.address import remember_reference
from sandbooks.money import Money
from sandbooks.sandbox import PlatformCompany
from sandbooks.sandbox.assertions import money_of

START = "2026-03-28T17:40:00 Europe/London"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with registered(), Sandbox(seed=7, clock=START) as made, made.client_time(), made.intercept():
        yield made


@pytest.fixture
def acme(sandbox: Sandbox) -> PlatformCompany:
    return sandbox.company("toy", name="Acme")


def export(sandbox: Sandbox, company: PlatformCompany, *, careful: bool, phase: str = "commit") -> None:
    """Two receipts, the answer to the second lost."""
    with ToyClient(company.credentials, careful=careful) as client:
        client.export("r-01", "12.30")
        with sandbox.fault("drop_response", phase=phase, at=company.write("r-02")):
            client.export("r-02", "4.10", account="meals")


def test_a_careful_client_passes_every_claim(sandbox: Sandbox, acme: PlatformCompany) -> None:
    export(sandbox, acme, careful=True)
    acme.assert_exactly_once("r-01", "r-02")
    acme.assert_no_blind_retry()
    acme.assert_no_blind_retry("r-02")
    acme.assert_respects_limits()
    acme.assert_trial_balance({"travel": "Dr 12.30 GBP", "meals": "Dr 4.10 GBP", "card": "Cr 16.40 GBP"}, only=True)
    acme.assert_card_balance("card", "Cr 16.40 GBP")
    acme.assert_nothing_posted("r-03")
    acme.audit()
    sandbox.audit()


def test_a_write_posted_twice_is_a_finding_of_the_audit_and_of_the_claim(
    sandbox: Sandbox, acme: PlatformCompany
) -> None:
    export(sandbox, acme, careful=False)
    with pytest.raises(BooksWrong, match="stands in the books twice: Spend 2") as caught:
        acme.assert_exactly_once("r-01", "r-02")
    (finding,) = caught.value.findings
    assert "INV-01" in finding.invariants
    rows = {row.account: (str(row.expected), str(row.actual)) for row in finding.table}
    assert rows == {"Meals": ("4.10 GBP", "8.20 GBP"), "Company Card": ("-4.10 GBP", "-8.20 GBP")}
    with pytest.raises(BooksWrong, match="Spend 2"):
        sandbox.audit()


def test_a_blind_retry_that_did_no_harm_is_found_when_it_is_asked_for(sandbox: Sandbox, acme: PlatformCompany) -> None:
    export(sandbox, acme, careful=False, phase="validate")
    acme.assert_exactly_once("r-01", "r-02")
    for claim in ((), ("r-02",)):
        with pytest.raises(BooksWrong, match="sent again without asking"):
            acme.assert_no_blind_retry(*claim)
    acme.assert_no_blind_retry("r-01")
    acme.audit()


def test_a_reference_that_never_arrived_is_not_posted_once(acme: PlatformCompany) -> None:
    with pytest.raises(BooksWrong, match="r-09 stands in the books not at all"):
        acme.assert_exactly_once("r-09")


def test_a_transaction_is_known_by_what_else_stands_for_it(sandbox: Sandbox, acme: PlatformCompany) -> None:
    remember_reference(sandbox.world, "trip", ["r-01"])
    with ToyClient(acme.credentials) as client:
        client.export("r-01", "12.30")
    acme.assert_exactly_once("trip")
    acme.assert_exactly_once()


def test_a_reference_is_a_word_of_its_own(acme: PlatformCompany) -> None:
    with ToyClient(acme.credentials) as client:
        client.export("r-12", "12.30")
    acme.assert_nothing_posted("r-1")
    with pytest.raises(BooksWrong, match="Spend 1 stands in the books for r-12"):
        acme.assert_nothing_posted("r-12")
    with pytest.raises(BooksWrong, match="Spend 1 stands in the books"):
        acme.assert_nothing_posted()


def test_what_the_bookkeeper_deletes_is_not_held_against_the_client(acme: PlatformCompany) -> None:
    with ToyClient(acme.credentials) as client:
        acme.bookkeeper.delete("Spend", client.export("r-01", "12.30"))
    acme.assert_exactly_once("r-01")
    acme.assert_trial_balance({"travel": "Dr 0.00 GBP"}, only=True)


def test_a_wrong_balance_is_shown_as_expected_and_actual(acme: PlatformCompany) -> None:
    with ToyClient(acme.credentials) as client:
        client.export("r-01", "12.30")
    with pytest.raises(BooksWrong, match=r"Travel holds Dr 12\.30 GBP instead of Dr 12\.31 GBP"):
        acme.assert_balance("travel", "Dr 12.31 GBP")
    with pytest.raises(BooksWrong, match=r"Company Card holds Cr 12\.30 GBP instead of 0\.00 GBP"):
        acme.assert_trial_balance({"travel": "Dr 12.30 GBP"}, only=True)


def test_a_request_before_the_announced_time_is_a_finding(sandbox: Sandbox, acme: PlatformCompany) -> None:
    fault = sandbox.fault("throttle", at=acme.write("r-01"), retry_after=45, until_over=False)
    with ToyClient(acme.credentials) as client, fault:
        client._send("POST", f"/companies/{acme.id}/spend", json={"ref": "r-01"})
        client.find("r-01")
    with pytest.raises(BooksWrong, match=r"#2 was sent 44 s before the wait was over"):
        acme.assert_respects_limits()


def test_another_companys_credentials_are_a_finding(sandbox: Sandbox, acme: PlatformCompany) -> None:
    bolt = sandbox.company("toy", name="Bolt")
    with ToyClient(acme.credentials) as client:
        client.export(bolt.credentials["access_token"], "12.30")
    with pytest.raises(BooksWrong, match="carried what belongs to Bolt"):
        sandbox.assert_isolated(acme, bolt)


@pytest.mark.parametrize("phase", ["validate", "commit"])
def test_a_careful_client_is_transparent_to_a_lost_answer(sandbox: Sandbox, acme: PlatformCompany, phase: str) -> None:
    def run(fork: Sandbox) -> None:
        with fork.client_time(), ToyClient(acme.credentials) as client:
            client.export("r-01", "12.30")

    sandbox.assert_fault_transparent(run, "drop_response", at=acme.write("r-01"), phase=phase)
    assert sandbox.tape() == []


@pytest.mark.parametrize("quiet", [False, True])
def test_a_client_that_gives_up_is_transparent_only_if_it_says_so(
    sandbox: Sandbox, acme: PlatformCompany, quiet: bool
) -> None:
    def run(fork: Sandbox) -> None:
        with ToyClient(acme.credentials) as client, suppress(requests.Timeout if quiet else KeyError):
            body = {"ref": "r-01", "account": "travel", "amount": "12.30", "date": "2026-03-28"}
            client._send("POST", f"/companies/{acme.id}/spend", json=body)

    def check() -> None:
        sandbox.assert_fault_transparent(run, "drop_response", at=acme.write("r-01"), phase="validate")

    if quiet:
        with pytest.raises(BooksWrong, match="the books end otherwise than without: no Spend 1"):
            check()
    else:
        check()


@pytest.mark.parametrize(
    ("text", "amount"),
    [("Dr 12.30 GBP", "12.30"), ("Cr 1,250.00 gbp", "-1250.00"), ("-4 GBP", "-4.00"), ("cr 0.07 GBP", "-0.07")],
)
def test_amounts_are_written_as_accountants_do(text: str, amount: str) -> None:
    assert money_of(text) == Money.of(amount, "GBP")


@pytest.mark.parametrize("text", ["12.30", "Dr GBP", "Dr 1.2.3 GBP", "", "12.30 GBPX"])
def test_what_is_no_amount_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"Dr 12\.30 GBP"):
        money_of(text)
