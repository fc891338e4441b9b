"""Bills in a currency of three decimals: kept to the thousandth, or refused where the platform keeps two."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.hub.bill_pay.desk import balance, payer, usual
from tests.hub.bill_pay.test_first_version import COVERED, bill, made, outcome, payment, push, read

# What each platform's books keep of a dinar's thousand fils.
TWO_DECIMALS = ("xero", "freeagent", "quickbooks_desktop")
FILS = Decimal("0.001")


@pytest.mark.parametrize("platform", COVERED)
def test_a_thousandth_of_a_dinar_is_paid_or_the_bill_is_refused(platform: str) -> None:
    desk = payer(platform, country="KW", currency="KWD")
    body = bill(desk, 1, currency="KWD")
    body["lineItems"][0]["unitAmount"] = Decimal("1.234")
    answer = push(desk, "POST", "bills", body)
    if platform in TWO_DECIMALS:
        assert outcome(desk, answer)["status"] == "Failed"
        assert usual(desk, "payables") == 0
        return
    id = made(desk, answer)
    made(desk, push(desk, "POST", "billPayments", payment(desk, (id, FILS), currency="KWD")))
    (found,) = read(desk, "bills")
    assert (str(found["totalAmount"]), str(found["amountDue"]), found["status"]) == ("1.234", "1.233", "PartiallyPaid")
    assert (usual(desk, "payables"), balance(desk, "bank")) == (Decimal("-1.233"), -FILS)


# FreeAgent's suppliers have no currency; Business Central takes rates from its own table, which has none of dinars.
FOREIGN = [name for name in COVERED if name not in ("freeagent", "business_central")]


@pytest.mark.parametrize("platform", FOREIGN)
def test_a_foreign_bill_of_three_decimals_is_settled_to_nothing(platform: str) -> None:
    plan = {"accounts": {"dinars": {"type": "bank", "name": "Dinars", "currency": "KWD"}}}
    desk = payer(platform, suppliers={"airline": {"name": "Contoso Air", "currency": "KWD"}}, **plan)
    body = bill(desk, 1, currency="KWD", currencyRate=Decimal("2.5"))
    body["lineItems"][0]["unitAmount"] = Decimal("10.004")
    answer = push(desk, "POST", "bills", body)
    if platform in TWO_DECIMALS:
        assert outcome(desk, answer)["status"] == "Failed"
        assert usual(desk, "payables") == 0
        return
    id = made(desk, answer)
    paid = payment(desk, (id, Decimal("10.004")), currency="KWD", currencyRate=Decimal("2.5"))
    made(desk, push(desk, "POST", "billPayments", {**paid, "accountRef": {"id": desk.account("dinars")}}))
    (found,) = read(desk, "bills")
    assert (found["amountDue"], found["status"]) == (0, "Paid")
    assert usual(desk, "payables") == 0
