"""How amounts are written, whether every digit arrives, and what a document comes to. INV-21 to INV-24, INV-15."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.audit.box import HOST, Bench, bought, gbp, rules

from sandbooks.audit import Submitted, SubmittedLine
from sandbooks.kit.plans import note_taxes
from sandbooks.money import Money
from sandbooks.wire import Request


def post_raw(bench: Bench, amount: str, ref: str = "r-01") -> None:
    body = f'{{"ref":"{ref}","date":"2026-03-28","total":{amount},"lines":[["travel","12.30"],["card","-12.30"]]}}'
    headers = (("Content-Type", "application/json"),)
    bench.app.edge.dispatch(Request("POST", f"{HOST}/acme/spend", headers, body.encode()), world=bench.world)


@pytest.mark.parametrize(
    "amount",
    [
        "124.85000000000001",
        "0.30000000000000004",
        "12.299999999999999",
        "1.23E+1",
        '"1.23e+1"',
        "-0.00",
        "-0",
        "12.3001",
    ],
)
def test_an_amount_that_is_no_plain_decimal_is_found(bench: Bench, amount: str) -> None:
    if amount == "12.3001":
        amount = "12.300001"
    post_raw(bench, amount)
    (finding,) = bench.audit(bought("r-01"))
    assert finding.invariants == ("INV-21",)
    assert amount.strip('"') in finding.title


@pytest.mark.parametrize(
    "value",
    [
        "12.30",
        "12.3",
        "12.3000",
        "1234",
        "0.781250000",
        '"r-0"',
        '"12e45678-7a1b-4c2d"',
        "1.28040973111",
        '"2026-03-28"',
    ],
)
def test_plain_decimals_rates_and_ids_are_in_order(bench: Bench, value: str) -> None:
    post_raw(bench, value)
    assert bench.audit(bought("r-01")) == []


def test_a_currency_without_decimals_keeps_its_digits(bench: Bench) -> None:
    yen = {"currency": "JPY", "bank_account": "bank"}
    bench.post("r-01", ("travel", "1234 JPY", "6.54"), ("bank", "-1234 JPY", "-6.54"))
    assert bench.audit(bought("r-01", "1234", **yen)) == []
    bench.post("r-02", ("travel", "12 JPY", "0.07"), ("bank", "-12 JPY", "-0.07"))
    found = bench.audit(bought("r-01", "1234", **yen), bought("r-02", "1234", **yen))
    assert rules(found) == {"INV-13", "INV-14", "INV-22"}
    assert "JPY has no decimals" in found[0].title


def test_a_currency_of_three_decimals_keeps_its_digits(bench: Bench) -> None:
    bench.post("r-01", ("travel", "1.230 KWD", "3.20"), ("bank", "-1.230 KWD", "-3.20"))
    given = bought("r-01", "1.234", currency="KWD", bank_account="bank")
    assert "INV-22" in rules(bench.audit(given))


def test_the_gross_of_a_bill_is_what_is_owed(bench: Bench) -> None:
    owed = {"party": "airline"}
    given = bought("b-01", "10.00", tax="2.00", kind="bill", bank_account="", contact="airline")
    bench.post("b-01", ("travel", "10.00"), ("vat", "2.00"), ("payables", "-12.00", owed))
    assert bench.audit(given) == []
    bench.send("DELETE", "/acme/spend/1")
    bench.post("b-01", ("travel", "12.00"), ("vat", "2.40"), ("payables", "-14.40", owed))
    found = bench.audit(given)
    assert {"INV-15", "INV-23"} <= rules(found)
    assert "b-01 of 12.00 GBP stands in the books with 14.40 GBP in all" in " ".join([found[0].title, *found[0].also])


def test_tax_that_is_dropped_is_found_and_tax_that_is_not_recovered_is_none(bench: Bench) -> None:
    given = bought("r-01", "10.25", tax="2.05")
    bench.post("r-01", ("travel", "12.30"), ("card", "-12.30"))
    assert bench.audit(given) == []
    bench.send("DELETE", "/acme/spend/1")
    bench.post("r-01", ("travel", "10.25"), ("card", "-10.25"))
    assert rules(bench.audit(given)) == {"INV-13", "INV-15", "INV-23"}


def test_the_tax_of_a_refund_goes_back(bench: Bench) -> None:
    given = bought("r-01", "10.25", tax="2.05", kind="refund")
    bench.post("r-01", ("travel", "-10.25"), ("vat", "-2.05"), ("card", "12.30"))
    assert bench.audit(given) == []
    bench.send("DELETE", "/acme/spend/1")
    bench.post("r-01", ("travel", "-10.25"), ("vat", "2.05"), ("card", "8.20"))
    found = bench.audit(given)
    assert "INV-15" in rules(found)
    assert "FM-66" in found[0].failure_modes


def test_tax_that_is_computed_again_from_the_sum_is_found_and_half_a_unit_for_each_line_is_not(bench: Bench) -> None:
    nets = [("25.06", "3.75"), ("25.61", "3.85"), ("25.63", "3.84")]
    lines = tuple(SubmittedLine(account="travel", net=gbp(net), tax=gbp(tax)) for net, tax in nets)
    given = bought("r-01", lines=lines)
    bench.post("r-01", ("travel", "76.30"), ("vat", "11.45"), ("card", "-87.75"))
    assert "INV-24" not in rules(bench.audit(given))
    bench.send("DELETE", "/acme/spend/1")
    bench.post("r-01", ("travel", "76.30"), ("vat", "11.49"), ("card", "-87.79"))
    assert "INV-24" in rules(bench.audit(given))


def coded(id: str, code: str, account: str = "travel") -> Submitted:
    line = SubmittedLine(account=account, net=gbp("10.25"), tax=gbp("2.05"), tax_code=code)
    return bought(id, lines=(line,))


def planned(bench: Bench, **facts: Any) -> None:
    """The company's plan has a tax of code V20."""
    with bench.world.unit():
        note_taxes(bench.company(), {"standard": {"rate": "20%", **facts}}, {"standard": "V20"})


def test_tax_that_could_be_reclaimed_and_is_booked_as_cost_is_found(bench: Bench) -> None:
    planned(bench)
    bench.post("r-01", ("travel", "12.30"), ("card", "-12.30"))
    (finding,) = bench.audit(coded("r-01", "V20"))
    assert (finding.invariants, finding.failure_modes) == (("INV-15",), ("FM-64",))
    assert finding.title == (
        "The tax of the payment r-01 of 12.30 GBP, 2.05 GBP, is booked as cost: none of it will be reclaimed."
    )
    assert bench.audit(coded("r-01", "V05")) == []


def test_where_a_platform_reclaims_no_tax_it_may_be_cost(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(bench)
    bench.post("r-01", ("travel", "12.30"), ("card", "-12.30"))
    monkeypatch.setattr("tests.unit.audit.box.usual_accounts", lambda _: {"payables": "payables"})
    assert bench.audit(coded("r-01", "V20")) == []


def test_a_tax_code_on_a_line_that_was_submitted_without_tax_is_found(bench: Bench) -> None:
    planned(bench)
    bench.post("r-01", ("travel", "12.30", {"code": "V20"}), ("card", "-12.30"))
    (finding,) = bench.audit(bought("r-01"))
    assert (finding.invariants, finding.failure_modes) == (("INV-15",), ("FM-88",))
    assert "has no tax on Travel" in finding.title
    assert "V20, which is 20%" in finding.title


@pytest.mark.parametrize(("code", "facts"), [("V00", {}), ("V20", {"rate": "0%"}), ("V20", {"reverse_charge": True})])
def test_a_code_that_charges_nothing_may_stand_on_it(bench: Bench, code: str, facts: dict[str, Any]) -> None:
    planned(bench, **facts)
    bench.post("r-01", ("travel", "12.30", {"code": code}), ("card", "-12.30"))
    assert bench.audit(bought("r-01")) == []


@pytest.mark.parametrize("facts", [{"recoverable": "0%"}, {"reverse_charge": True}])
def test_tax_that_cannot_be_reclaimed_is_cost(bench: Bench, facts: dict[str, Any]) -> None:
    planned(bench, **facts)
    bench.post("r-01", ("travel", "12.30"), ("card", "-12.30"))
    assert bench.audit(coded("r-01", "V20")) == []


def test_a_tax_code_that_is_dropped_or_replaced_is_found(bench: Bench) -> None:
    for number, code in (("r-01", "V20"), ("r-02", ""), ("r-03", "V05")):
        bench.post(number, ("travel", "10.25", {"code": code}), ("vat", "2.05"), ("card", "-12.30"))
    given = [coded(number, "V20") for number in ("r-01", "r-02", "r-03")]
    found = bench.audit(*given)
    assert [(f.transaction, f.invariants, f.failure_modes) for f in found] == [
        ("r-02", ("INV-15",), ("FM-89",)),
        ("r-03", ("INV-15",), ("FM-88",)),
    ]


def test_where_the_books_name_codes_otherwise_nothing_is_said_of_them(bench: Bench) -> None:
    bench.post("r-01", ("travel", "10.25", {"code": "internal-7"}), ("vat", "2.05"), ("card", "-12.30"))
    assert bench.audit(coded("r-01", "V20")) == []


def test_a_residual_cent_may_lie_on_any_line(bench: Bench) -> None:
    lines = tuple(
        SubmittedLine(account=account, net=gbp(net), tax=gbp(tax))
        for account, net, tax in (("travel", "3.33", "0.67"), ("meals", "3.33", "0.67"))
    )
    bench.post("r-01", ("travel", "3.34"), ("meals", "3.33"), ("vat", "1.33"), ("card", "-8.00"))
    assert bench.audit(bought("r-01", lines=lines)) == []
    assert Money.of(Decimal("8.00"), "GBP") == bought("r-01", lines=lines).gross
