"""What is owed and to whom. INV-29, INV-30 and INV-72."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.unit.audit.box import DAY, Bench, bought, gbp, rules

from sandbooks import exact_json
from sandbooks.audit import Submitted
from sandbooks.money import Money
from sandbooks.wire import Response


def owed(id: str, contact: str, kind: str = "reimbursable", net: str = "12.30", **facts: Any) -> Submitted:
    return bought(id, net, kind=kind, bank_account="", contact=contact, **facts)


def paid(id: str, amount: str, *, bill: str = "b-01", currency: str = "GBP") -> Submitted:
    pays = ((bill, Money.of(amount, currency)),)
    return Submitted(
        id=id,
        kind="bill_payment",
        date=DAY,
        currency=currency,
        lines=(),
        bank_account="bank",
        pays=pays,
        status="completed",
    )


def test_a_reimbursable_is_owed_to_the_one_it_names(bench: Bench) -> None:
    ada, misc = bench.contact("Ada Lovelace"), bench.contact("Miscellaneous")
    bench.post("e-01", ("travel", "12.30"), ("payables", "-12.30", {"party": ada}))
    assert bench.audit(owed("e-01", ada)) == []
    bench.post("e-02", ("travel", "12.30"), ("payables", "-12.30", {"party": misc}))
    (finding,) = bench.audit(owed("e-01", ada), owed("e-02", ada))
    assert (finding.invariants, finding.failure_modes) == (("INV-29",), ("FM-96",))
    assert "is owed to Miscellaneous instead of Ada Lovelace" in finding.title


def test_a_reimbursable_moves_no_bank_before_it_is_paid(bench: Bench) -> None:
    ada = bench.contact("Ada Lovelace")
    bench.post("r-00", ("travel", "5.00"), ("bank", "-5.00"))
    bench.post("e-01", ("travel", "12.30"), ("bank", "-12.30"))
    card = bought("r-00", "5.00", bank_account="bank")
    assert rules(bench.audit(card, owed("e-01", ada))) == {"INV-29"}


def test_a_payment_of_what_is_open_is_right_in_parts_and_whole(bench: Bench) -> None:
    ada = bench.contact("Ada Lovelace")
    bench.post("b-01", ("travel", "100.00"), ("payables", "-100.00", {"party": ada}))
    for number, amount in enumerate(("33.33", "33.33", "33.34"), 1):
        bench.post(f"p-0{number}", ("payables", amount, {"party": ada}), ("bank", f"-{amount}"))
    bill = owed("b-01", ada, "bill", "100.00")
    parts = [paid(f"p-0{n}", amount) for n, amount in enumerate(("33.33", "33.33", "33.34"), 1)]
    assert bench.audit(bill, *parts) == []


def test_a_payment_that_names_its_bill_alone_is_the_one_that_was_reported(bench: Bench) -> None:
    ada = bench.contact("Ada Lovelace")
    bench.post("b-01", ("travel", "100.00"), ("payables", "-100.00", {"party": ada}))
    answer = bench.post("about b-01", ("payables", "100.00", {"party": ada}), ("bank", "-100.00"))
    assert isinstance(answer, Response)
    payment = replace(paid("p-01", "100.00"), native_id=exact_json.loads(answer.body)["id"].removeprefix("Spend-"))
    assert not rules(bench.audit(owed("b-01", ada, "bill", "100.00"), payment)) & {"INV-01", "INV-04", "INV-13"}


def test_a_payment_of_what_somebody_has_paid_meanwhile_is_found(bench: Bench) -> None:
    ada = bench.contact("Ada Lovelace")
    bench.post("b-01", ("travel", "100.00"), ("payables", "-100.00", {"party": ada}))
    bench.post("by hand", ("payables", "60.00", {"party": ada}), ("bank", "-60.00"))
    bench.post("p-01", ("payables", "100.00", {"party": ada}), ("bank", "-100.00"))
    found = bench.audit(owed("b-01", ada, "bill", "100.00"), paid("p-01", "100.00"), paid("by hand", "60.00"))
    assert [(f.invariants, f.transaction) for f in found] == [(("INV-30",), "p-01")]
    assert "only 40.00 GBP was open" in found[0].title


def test_a_journal_to_payables_without_a_supplier_is_found(bench: Bench) -> None:
    ada = bench.contact("Ada Lovelace")
    bench.post("b-01", ("travel", "100.00"), ("payables", "-100.00", {"party": ada}))
    assert bench.audit(owed("b-01", ada, "bill", "100.00")) == []
    bench.post("j-01", ("travel", "7.00"), ("payables", "-7.00"))
    found = bench.audit(owed("b-01", ada, "bill", "100.00"), owed("j-01", ada, "bill", "7.00"))
    assert "INV-30" in rules(found)


def test_what_the_rates_left_over_is_found_once_nothing_is_owed(bench: Bench) -> None:
    ada = bench.contact("Ada Lovelace")
    usd = {"currency": "USD"}
    bench.post("b-01", ("travel", "50.00 USD", "39.00"), ("payables", "-50.00 USD", "-39.00", {"party": ada}))
    bill = owed("b-01", ada, "bill", "50.00", **usd)
    assert bench.audit(bill) == []
    bench.post("p-01", ("payables", "50.00 USD", "41.00", {"party": ada}), ("bank", "-50.00 USD", "-41.00"))
    (finding,) = bench.audit(bill, paid("p-01", "50.00", **usd))
    assert finding.invariants == ("INV-72",)
    assert finding.table[0].actual == gbp("2.00")


def test_an_exchange_difference_that_was_realised_leaves_nothing(bench: Bench) -> None:
    ada = bench.contact("Ada Lovelace")
    bench.post("b-01", ("travel", "50.00 USD", "39.00"), ("payables", "-50.00 USD", "-39.00", {"party": ada}))
    bench.post(
        "p-01",
        ("payables", "50.00 USD", "39.00", {"party": ada}),
        ("bank", "-50.00 USD", "-41.00"),
        ("differences", "0.00 USD", "2.00"),
    )
    bill = owed("b-01", ada, "bill", "50.00", currency="USD")
    assert bench.audit(bill, paid("p-01", "50.00", currency="USD")) == []


def test_a_payment_of_another_amount_than_was_submitted_is_found(bench: Bench) -> None:
    ada = bench.contact("Ada Lovelace")
    bench.post("b-01", ("travel", "100.00"), ("payables", "-100.00", {"party": ada}))
    bench.post("p-01", ("payables", "100.00", {"party": ada}), ("bank", "-100.00"))
    found = bench.audit(owed("b-01", ada, "bill", "100.00"), paid("p-01", "40.05"))
    (finding,) = [one for one in found if one.transaction == "p-01"]
    assert finding.invariants == ("INV-30", "INV-13")
    assert "takes 100.00 GBP from Current Account; 40.05 GBP was to be paid from there" in finding.title


def test_a_payment_from_another_account_than_was_submitted_is_found(bench: Bench) -> None:
    ada = bench.contact("Ada Lovelace")
    bench.post("b-01", ("travel", "100.00"), ("payables", "-100.00", {"party": ada}))
    bench.post("p-01", ("payables", "40.05", {"party": ada}), ("card", "-40.05"))
    (finding,) = bench.audit(owed("b-01", ada, "bill", "100.00"), paid("p-01", "40.05"))
    assert "takes nothing from Current Account but from Company Card" in finding.title
    assert finding.failure_modes == ("FM-87",)


def test_a_bill_falls_due_on_the_day_that_was_submitted(bench: Bench) -> None:
    ada = bench.contact("Ada Lovelace")
    lines: tuple[Any, ...] = (("travel", "12.30"), ("payables", "-12.30", {"party": ada}))
    bench.post("b-01", *lines, due_on="2026-04-15")
    bench.post("b-02", *lines, due_on=DAY.isoformat())
    bench.post("b-03", *lines)
    due = date(2026, 4, 15)
    found = bench.audit(*(owed(f"b-0{n}", ada, "bill", due_date=due) for n in (1, 2, 3)))
    assert [(one.transaction, one.invariants) for one in found] == [("b-02", ("INV-31",))]
    assert "falls due on 28 March 2026 in the books; 15 April 2026 was submitted" in found[0].title


@pytest.mark.parametrize("written", ["04/15/2026", "15/04/2026", "03/28/2026", "28/03/2026", "99/99/2026"])
def test_due_dates_are_read_whichever_way_round_they_are_written(bench: Bench, written: str) -> None:
    ada = bench.contact("Ada Lovelace")
    bench.post("b-01", ("travel", "12.30"), ("payables", "-12.30", {"party": ada}), WHENDUE=written)
    found = bench.audit(owed("b-01", ada, "bill", due_date=date(2026, 4, 15)))
    wrong = ["The bill b-01 of 12.30 GBP falls due on 28 March 2026 in the books; 15 April 2026 was submitted."]
    assert [one.title for one in found] == (wrong if "28" in written else [])


def test_a_payment_of_another_suppliers_bill_is_found(bench: Bench) -> None:
    ada, grace = bench.contact("Ada Lovelace"), bench.contact("Grace Hopper")
    for number, party in (("b-01", ada), ("b-02", grace)):
        bench.post(number, ("travel", "40.05"), ("payables", "-40.05", {"party": party}))
    bench.post("p-01", ("payables", "40.05", {"party": grace}), ("bank", "-40.05"))
    bills = owed("b-01", ada, "bill", "40.05"), owed("b-02", grace, "bill", "40.05")
    (finding,) = bench.audit(*bills, paid("p-01", "40.05"))
    assert (finding.transaction, finding.invariants) == ("p-01", ("INV-30",))
    assert "pays Grace Hopper; what it was to pay is owed to Ada Lovelace" in finding.title
    assert bench.audit(*bills, paid("p-01", "40.05", bill="b-02")) == []


def test_a_payment_that_names_its_bill_alone_is_no_second_bill(bench: Bench) -> None:
    airline = bench.contact("Contoso Air")
    bench.post("b-01", ("travel", "12.30"), ("payables", "-12.30", {"party": airline}))
    bench.post("b-02", ("travel", "12.30"), ("payables", "-12.30", {"party": airline}))
    bills = [owed(id, airline, kind="bill") for id in ("b-01", "b-02")]
    refused = replace(paid("p-00", "12.30"), status="refused", message="It is not taken.")
    settled = ("payables", "12.30", {"party": airline}), ("bank", "-12.30")
    bench.send("POST", "/acme/spend", {"settles": "b-01", "date": DAY.isoformat(), "lines": settled})
    assert bench.audit(*bills, refused, paid("p-01", "12.30")) == []
    bench.send("POST", "/acme/spend", {"settles": "b-01", "no": "PAY-7", "date": DAY.isoformat(), "lines": settled})
    for_another = replace(paid("p-02", "12.30", bill="b-02"), native_id="PAY-7")
    assert not {"INV-01", "INV-04"} & rules(bench.audit(*bills, refused, paid("p-01", "12.30"), for_another))
