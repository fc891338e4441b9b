"""Bills in a foreign currency through bill pay: drawn, played on every platform, and judged at the rates submitted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import find
from hypothesis.errors import NoSuchExample

from sandbooks.harness.drawing import examples
from sandbooks.harness.examples import Data, Menu, scenario_of
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic.payables import bills
from sandbooks.settings import PLATFORMS

Json = dict[str, Any]
SUBJECT = subject_of_class(Hub)


class TurnsRates(Hub):
    """Payments with their rate the other way round."""

    def submit_bills(self, given: Json) -> list[Json]:
        payments = [self.turned(payment) for payment in given["payments"]]
        return super().submit_bills({**given, "payments": payments})

    def turned(self, payment: Json) -> Json:
        rate = payment.get("rate")
        return {**payment, "rate": f"{1 / Decimal(rate):.6f}"} if rate else payment


class CutsRates(TurnsRates):
    """Payments with four digits of their rate."""

    def turned(self, payment: Json) -> Json:
        return {**payment, "rate": f"{Decimal(payment['rate']):.4f}"} if payment.get("rate") else payment


class LeavesRatesOut(Hub):
    """Bills and payments without their rates."""

    def submit_bills(self, given: Json) -> list[Json]:
        bills = [{name: value for name, value in bill.items() if name != "rate"} for bill in given["bills"]]
        payments = [{name: value for name, value in pay.items() if name != "rate"} for pay in given["payments"]]
        return super().submit_bills({**given, "bills": bills, "payments": payments})


class PaysWhatItCostsAtHome(Hub):
    """Payments of a foreign bill with the amount in the company's own currency, called foreign."""

    def submit_bills(self, given: Json) -> list[Json]:
        return super().submit_bills({**given, "payments": [self.at_home(payment) for payment in given["payments"]]})

    def at_home(self, payment: Json) -> Json:
        rate = Decimal(payment.get("rate") or 1)
        paid = [{**part, "amount": f"{Decimal(part['amount']) * rate:.2f}"} for part in payment["bills"]]
        return {**payment, "bills": paid}


def foreign(platform: str) -> dict[str, Data]:
    menu = Menu(platform, SUBJECT.verbs, SUBJECT.through_hub)
    return {each.about: each.data for each in bills(menu) if "foreign" in each.about}


def judged(platform: str, about: str, driver: type[Hub] = Hub) -> Verdict:
    return Judge(subject_of_class(driver)).judge(scenario_of(foreign(platform)[about], platform))


@pytest.mark.parametrize("about", foreign("xero"))
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_foreign_bill_is_owed_and_paid_at_its_own_rates(platform: str, about: str) -> None:
    verdict = judged(platform, about)
    assert (verdict.findings, verdict.trouble, verdict.crashes) == ([], "", [])
    assert set(verdict.told.values()) == {"Completed"}


@pytest.mark.parametrize(
    "about", ["a foreign bill paid at another rate", "a foreign bill paid from an account at home, beside one of home"]
)
@pytest.mark.parametrize("platform", ["xero", "quickbooks_online", "netsuite"])
def test_a_payment_at_a_rate_turned_round_is_found(platform: str, about: str) -> None:
    found = judged(platform, about, TurnsRates).findings
    assert [(each.invariants, each.failure_modes, each.transaction) for each in found] == [
        (("INV-25",), ("FM-77",), "p-01")
    ]


@pytest.mark.parametrize("platform", ["xero", "sage_intacct"])
def test_a_payment_at_a_rate_of_four_digits_is_found(platform: str) -> None:
    found = judged(platform, "a foreign bill paid at another rate", CutsRates).findings
    assert [(each.invariants, each.transaction) for each in found] == [(("INV-25",), "p-01")]


@pytest.mark.parametrize("platform", ["xero", "quickbooks_online"])
def test_rates_that_are_left_out_are_found_where_the_platform_takes_its_own(platform: str) -> None:
    found = judged(platform, "a foreign bill paid at another rate", LeavesRatesOut).findings
    assert [(each.invariants, each.transaction) for each in found] == [(("INV-25",), "b-01"), (("INV-25",), "p-01")]


@pytest.mark.parametrize("platform", ["netsuite", "sage_intacct", "zoho_books", "freeagent", "quickbooks_desktop"])
def test_a_bill_without_its_rate_is_refused_where_the_hub_asks_for_one(platform: str) -> None:
    verdict = judged(platform, "a foreign bill paid at another rate", LeavesRatesOut)
    assert (verdict.findings, verdict.told) == ([], {"b-01": "PushError", "p-01": "ValidationError"})


@pytest.mark.parametrize("platform", ["xero", "freeagent", "zoho_books"])
def test_too_little_paid_of_a_foreign_bill_is_found(platform: str) -> None:
    assert judged(platform, "a foreign bill paid at another rate", PaysWhatItCostsAtHome).findings
    left = judged(
        platform, "a foreign bill paid from an account at home, beside one of home", PaysWhatItCostsAtHome
    ).findings
    assert [each.invariants for each in left] == [("INV-30",)]


def test_campaigns_draw_bills_in_a_foreign_currency() -> None:
    menu = Menu("xero", SUBJECT.verbs, SUBJECT.through_hub)
    drawn = examples(menu, faults=frozenset(), restarts=False)
    try:
        data = find(drawn, lambda data: any("rate" in step.get("pay", {}) for step in data["steps"]))
    except NoSuchExample:
        pytest.fail("no example has one")
    assert scenario_of(data, "xero").platform == "xero"
