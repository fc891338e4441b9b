"""Transactions and outcomes in the driver contract's shapes become inputs of an audit."""

from __future__ import annotations

from datetime import date

from tests.unit.audit.box import Bench, gbp

from sandbooks.audit import audit_company, of_driver
from sandbooks.money import Money

TAXI = {
    "id": "4d5e8f60-7a1b-4c2d-9e3f-000000000001",
    "kind": "payment",
    "date": "2026-03-28",
    "currency": "GBP",
    "lines": [{"net": "10.25", "tax": "2.05", "account": "travel", "tax_code": "20"}],
    "reference": "r-01",
}
DINNER = {
    "id": "4d5e8f60-7a1b-4c2d-9e3f-000000000002",
    "kind": "refund",
    "date": "2026-03-29",
    "currency": "USD",
    "rate": "0.781",
    "lines": [{"net": "20.00", "account": "meals"}],
    "bank_account": "usd_card",
}
TRANSFER = {
    "id": "4d5e8f60-7a1b-4c2d-9e3f-000000000003",
    "kind": "transfer",
    "date": "2026-03-30",
    "from": {"account": "bank", "amount": "16.00", "currency": "GBP"},
    "to": {"account": "usd_card", "amount": "20.00", "currency": "USD"},
}
MOVED = {
    "id": "4d5e8f60-7a1b-4c2d-9e3f-000000000004",
    "kind": "adjustment",
    "date": "2026-03-30",
    "currency": "GBP",
    "lines": [{"amount": "7.70", "account": "meals"}, {"amount": "-7.70", "account": "travel"}],
}


def test_each_shape_is_read() -> None:
    outcomes = {
        str(TAXI["id"]): {"status": "completed", "native_id": "1"},
        str(DINNER["id"]): {"status": "failed", "message": "no"},
    }
    taxi, dinner, transfer, moved = of_driver(
        [TAXI, DINNER, TRANSFER, MOVED],
        outcomes,
        base_currency="GBP",
        refused=[str(MOVED["id"])],
        defaults={"bank_account": "card", "supplier": "airline"},
    )
    assert (taxi.gross, taxi.bank_account, taxi.contact, taxi.native_id) == (gbp("12.30"), "card", "airline", "1")
    assert taxi.limbs() == [("travel", gbp("10.25")), ("card", gbp("-12.30"))]
    assert (dinner.status, dinner.message, str(dinner.rate)) == ("failed", "no", "1 USD = 0.781 GBP")
    assert dinner.limbs() == [("meals", Money.of("-20", "USD")), ("usd_card", Money.of("20", "USD"))]
    assert (transfer.status, transfer.gross) == ("pending", Money.of("20", "USD"))
    assert transfer.limbs() == [("usd_card", Money.of("20", "USD")), ("bank", gbp("-16"))]
    assert (moved.status, moved.date) == ("refused", date(2026, 3, 30))
    assert str(taxi) == "payment r-01 of 12.30 GBP"


def test_the_last_version_of_an_id_counts() -> None:
    (given,) = of_driver([TAXI, {**TAXI, "date": "2026-03-31"}], {}, base_currency="GBP")
    assert given.date == date(2026, 3, 31)


def test_a_driver_is_judged_by_what_it_was_given(bench: Bench) -> None:
    given = of_driver(
        [TAXI],
        {str(TAXI["id"]): {"status": "completed", "native_id": "1"}},
        base_currency="GBP",
        defaults={"bank_account": "card"},
    )
    bench.post(str(TAXI["id"]), ("travel", "10.25"), ("vat", "2.05"), ("card", "-12.30"))
    assert audit_company(bench.company(), given) == []
    bench.post(str(TAXI["id"]), ("travel", "10.25"), ("vat", "2.05"), ("card", "-12.30"))
    (finding,) = audit_company(bench.company(), given)
    assert [(row.account, str(row.difference)) for row in finding.table] == [
        ("Travel", "10.25 GBP"),
        ("Company Card", "-12.30 GBP"),
        ("Input VAT", "2.05 GBP"),
    ]
