"""The connector of NetSuite, fed with answers written by hand: what it sends, and what it makes of what comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import adjustment, bill, transfer
from tests.platforms.connectors.answers.netsuite import COMPANY, CONSENT, PAYMENT, RECORD, missing, no, written
from tests.platforms.connectors.answers.played import Played, page, reply, sent

from sandbooks.connector import (
    AdjustmentLine,
    Company,
    Contact,
    Document,
    Line,
    Native,
    NeedsConsent,
    PaymentAccount,
    Refused,
    Request,
    TrackingRef,
    Unavailable,
    Unknown,
    Wait,
)
from sandbooks.platforms.netsuite.connector import CONNECTOR
from sandbooks.wire import Cut, Response

US = replace(COMPANY, currency="USD", country="US")
REFUND = replace(PAYMENT, kind="Refund", account=PaymentAccount(id="42", pays="bank", currency="GBP"))
BILL = bill(
    Line(net=Decimal("22.10"), tax=Decimal("4.42"), account="58", tax_rate="11"),
    contact=Contact(kind="supplier", name="Ines Duarte", id="18"),
    notes="Trip to Leeds",
)
ADJUSTMENT = adjustment(
    AdjustmentLine(amount=Decimal("1.85"), account="58"),
    AdjustmentLine(amount=Decimal("-1.85"), account="59"),
    id="t-04",
    key="key-4",
)
TAX_CODE = reply({"id": "11", "itemId": "S-GB", "rate": 20, "purchaseAccount": {"id": "90", "refName": "VAT"}})


def played(document: Document, *answers: Any, company: Company = COMPANY) -> Played:
    return Played(CONNECTOR.push(document, CONSENT, company), answers)


def asked(document: Document, *answers: Any, company: Company = COMPANY) -> Request:
    """The write that a push comes to."""
    return played(document, *answers, company=company).last


def body_of(document: Document, *answers: Any, company: Company = COMPANY) -> dict[str, Any]:
    body: dict[str, Any] = sent(asked(document, *answers, company=company))
    return body


def items(document: Document, *answers: Any, company: Company = COMPANY, of: str = "expense") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body_of(document, *answers, company=company)[of]["items"]
    return found


# What is sent


def test_a_payment_by_card_is_a_charge_with_net_and_tax_apart() -> None:
    assert body_of(PAYMENT) == {
        "externalId": "t-01",
        "tranDate": "2026-03-28",
        "tranId": "R-77",
        "subsidiary": {"id": "2"},
        "currency": {"id": "1"},
        "account": {"id": "41"},
        "entity": {"id": "17"},
        "memo": "Contoso - Fair [t-01]",
        "expense": {
            "items": [
                {
                    "account": {"id": "58"},
                    "amount": Decimal("40.10"),
                    "taxCode": {"id": "11"},
                    "tax1Amt": Decimal("8.02"),
                    "memo": "Stand",
                },
                {"account": {"id": "59"}, "amount": Decimal("3.50"), "taxCode": {"id": "6"}, "memo": "Fair"},
            ]
        },
    }


def test_a_create_is_an_upsert_under_the_id_of_the_transaction_that_replaces_whole_sublists() -> None:
    request = asked(PAYMENT)
    assert (request.method, request.path) == ("PUT", f"{RECORD}/creditCardCharge/eid:t-01?replace=expense,item")
    assert (request.mutates, request.reference) == (True, "t-01")


def test_what_netsuite_does_not_know_is_to_be_an_error_and_not_a_warning() -> None:
    headers = dict(asked(PAYMENT).headers)
    assert headers["X-NetSuite-PropertyNameValidation"] == "Error"
    assert headers["X-NetSuite-PropertyValueValidation"] == "Error"


def test_resent_the_bytes_are_the_same() -> None:
    assert asked(PAYMENT) == asked(PAYMENT)


@pytest.mark.parametrize(
    ("kind", "pays", "record", "data_type"),
    [
        ("Payment", "card", "creditCardCharge", "directCosts"),
        ("Payment", "bank", "check", "directCosts"),
        ("Refund", "card", "creditCardRefund", "directIncomes"),
        ("Reward", "card", "creditCardRefund", "directIncomes"),
        ("Chargeback", "card", "creditCardRefund", "directIncomes"),
        ("Refund", "bank", "deposit", "directIncomes"),
        ("Reward", "bank", "deposit", "directIncomes"),
        ("Chargeback", "bank", "deposit", "directIncomes"),
    ],
)
def test_every_kind_on_every_account_has_its_record(kind: Any, pays: Any, record: str, data_type: str) -> None:
    one = replace(PAYMENT, kind=kind, account=replace(PAYMENT.account, pays=pays), lines=(PAYMENT.lines[1],))
    done = played(one, written(record)).result
    assert done.native == Native(kind=record, id="901", data_type=data_type)
    sublist = "other" if record == "deposit" else "expense,item"
    assert asked(one).path == f"{RECORD}/{record}/eid:t-01?replace={sublist}"


def test_money_that_comes_back_has_positive_lines() -> None:
    one = replace(REFUND, account=replace(REFUND.account, pays="card"))
    assert [line["amount"] for line in items(one)] == [Decimal("40.10"), Decimal("3.50")]


def test_what_an_employee_laid_out_is_a_bill_of_that_employee() -> None:
    body = body_of(replace(BILL, payables_account="70"))
    assert body["entity"] == {"id": "18"}
    assert (body["account"], body["dueDate"], body["memo"]) == ({"id": "70"}, "2026-04-28", "Trip to Leeds [t-03]")
    assert "account" not in body_of(BILL)
    assert asked(BILL).path == f"{RECORD}/vendorBill/eid:t-03?replace=expense,item"


@pytest.mark.parametrize("document", [transfer(), ADJUSTMENT])
def test_what_is_not_offered_is_refused_before_anything_is_sent(document: Document) -> None:
    for steps in (CONNECTOR.push(document, CONSENT, COMPANY), CONNECTOR.look_up(document, CONSENT, COMPANY)):
        with pytest.raises(Refused, match="not offered"):
            Played(steps, [])


def test_a_deposit_lists_its_lines_and_the_tax_given_back_on_the_account_of_its_code() -> None:
    request = asked(REFUND, TAX_CODE)
    assert sent(request)["other"]["items"] == [
        {"entity": {"id": "17"}, "account": {"id": "58"}, "amount": Decimal("40.10"), "memo": "Stand"},
        {"entity": {"id": "17"}, "account": {"id": "59"}, "amount": Decimal("3.50"), "memo": "Fair"},
        {"entity": {"id": "17"}, "account": {"id": "90"}, "amount": Decimal("8.02"), "memo": "Tax: Fair"},
    ]
    assert "entity" not in sent(request)
    assert played(REFUND, TAX_CODE).requests[0].path == f"{RECORD}/salesTaxItem/11"


def test_a_deposit_without_a_tax_amount_works_it_out_and_with_none_has_no_tax_line() -> None:
    line = Line(net=Decimal("12.34"), account="58", tax_rate="11")
    amounts = [row["amount"] for row in items(replace(REFUND, lines=(line,)), TAX_CODE, of="other")]
    assert amounts == [Decimal("12.34"), Decimal("2.47")]
    free = replace(line, tax=Decimal(0))
    assert len(items(replace(REFUND, lines=(free,)), TAX_CODE, of="other")) == 1


def test_what_cannot_be_reclaimed_comes_back_to_the_cost_and_a_reverse_charge_not_at_all() -> None:
    line = Line(net=Decimal("41.23"), tax=Decimal("8.25"), account="58", tax_rate="11")
    half = reply({"id": "11", "rate": 20, "purchaseAccount": {"id": "90"}, "nonDeductibleRate": 50})
    amounts = [row["amount"] for row in items(replace(REFUND, lines=(line,)), half, of="other")]
    assert amounts == [Decimal("45.35"), Decimal("4.13")]
    reverse = reply({"id": "11", "rate": 20, "purchaseAccount": {"id": "90"}, "reverseCharge": True})
    rows = items(replace(REFUND, lines=(replace(line, tax=None),)), reverse, of="other")
    assert [row["amount"] for row in rows] == [Decimal("41.23")]


def test_a_deposit_whose_tax_code_has_no_account_is_refused_before_the_write() -> None:
    with pytest.raises(Refused, match="tax code 11"):
        played(REFUND, reply({"id": "11", "rate": 20}))


@pytest.mark.parametrize(
    "line",
    [
        Line(net=Decimal(5), item="3"),
        Line(net=Decimal(5), account="58", invoice_to="9"),
        Line(net=Decimal(5), account="58", tracking=(TrackingRef(id="9", kind="customer"),)),
    ],
)
def test_what_a_line_of_a_deposit_has_no_place_for_is_refused(line: Line) -> None:
    with pytest.raises(Refused, match="deposit"):
        played(replace(REFUND, lines=(line,)))


def test_a_line_without_a_tax_amount_leaves_it_to_netsuite() -> None:
    coded = Line(net=Decimal("12.00"), account="58", tax_rate="11")
    bare = Line(net=Decimal("7.00"), account="58")
    assert items(replace(PAYMENT, notes="", merchant="", lines=(coded, bare))) == [
        {"account": {"id": "58"}, "amount": Decimal("12.00"), "taxCode": {"id": "11"}},
        {"account": {"id": "58"}, "amount": Decimal("7.00")},
    ]


@pytest.mark.parametrize("tax_rate", ["", "UNDEF-GB", "-7"])
def test_tax_without_a_code_of_its_own_is_part_of_the_cost(tax_rate: str) -> None:
    line = Line(net=Decimal("10.00"), tax=Decimal("1.25"), account="58", tax_rate=tax_rate)
    (row,) = items(replace(PAYMENT, lines=(line,)))
    assert (row["amount"], row["taxCode"], "tax1Amt" in row) == (Decimal("11.25"), {"id": "6"}, False)


def test_in_the_us_sales_tax_is_part_of_the_cost_and_lines_have_no_tax_code() -> None:
    one = replace(PAYMENT, currency="USD", lines=(replace(PAYMENT.lines[0], tax_rate="-7"), PAYMENT.lines[1]))
    rows = items(one, company=US)
    assert [row["amount"] for row in rows] == [Decimal("48.12"), Decimal("3.50")]
    assert all("taxCode" not in row for row in rows)


def test_the_neutral_code_of_canada_is_no_code() -> None:
    canada = replace(COMPANY, country="CA")
    line = Line(net=Decimal("10.00"), tax=Decimal(0), account="58", tax_rate="114")
    assert items(replace(PAYMENT, lines=(line,)), company=canada)[0]["taxCode"] == {"id": "6"}
    assert items(replace(PAYMENT, lines=(line,)))[0]["taxCode"] == {"id": "114"}


def test_a_foreign_document_has_its_currency_and_base_units_for_one_of_it() -> None:
    body = body_of(replace(PAYMENT, currency="USD", rate=Decimal("0.781")))
    assert (body["currency"], body["exchangeRate"]) == ({"id": "5"}, Decimal("0.781"))
    assert "exchangeRate" not in body_of(replace(PAYMENT, rate=Decimal("0.781")))


def test_a_foreign_document_needs_a_rate_and_a_known_currency() -> None:
    with pytest.raises(Refused, match="rate"):
        played(replace(PAYMENT, currency="USD"))
    with pytest.raises(Refused, match="no currency EUR"):
        played(replace(PAYMENT, currency="EUR", rate=Decimal("0.9")))


def test_an_account_without_subsidiaries_and_currencies_names_neither() -> None:
    body = body_of(PAYMENT, company=replace(COMPANY, facts={}))
    assert {"subsidiary", "currency"} & set(body) == set()


def test_tags_become_department_class_and_location_and_a_customer_is_billed_when_asked() -> None:
    tags = (
        TrackingRef(id="department-4"),
        TrackingRef(id="class-5"),
        TrackingRef(id="location-6"),
        TrackingRef(id="77", kind="customer"),
    )
    (row,) = items(replace(PAYMENT, lines=(replace(PAYMENT.lines[1], tracking=tags),)))
    assert (row["department"], row["class"], row["location"]) == ({"id": "4"}, {"id": "5"}, {"id": "6"})
    assert (row["customer"], "isBillable" in row) == ({"id": "77"}, False)
    (row,) = items(replace(PAYMENT, lines=(replace(PAYMENT.lines[1], invoice_to="78"),)))
    assert (row["customer"], row["isBillable"]) == ({"id": "78"}, True)


@pytest.mark.parametrize(
    "tags",
    [
        (TrackingRef(id="class-1"), TrackingRef(id="class-2")),
        (TrackingRef(id="colour-1"),),
        (TrackingRef(id="5"),),
        (TrackingRef(id="5", kind="supplier"),),
        (TrackingRef(id="5", kind="customer"), TrackingRef(id="6", kind="customer")),
    ],
)
def test_tags_that_netsuite_has_no_place_for_are_refused(tags: tuple[TrackingRef, ...]) -> None:
    with pytest.raises(Refused, match="NetSuite"):
        played(replace(PAYMENT, lines=(replace(PAYMENT.lines[1], tracking=tags),)))


def test_an_item_stands_on_a_sublist_of_its_own() -> None:
    one = replace(PAYMENT, lines=(PAYMENT.lines[1], Line(net=Decimal("6.25"), tax=Decimal(0), item="301")))
    body = body_of(one)
    assert [row["account"] for row in body["expense"]["items"]] == [{"id": "59"}]
    assert body["item"]["items"] == [
        {
            "item": {"id": "301"},
            "quantity": 1,
            "rate": Decimal("6.25"),
            "amount": Decimal("6.25"),
            "taxCode": {"id": "6"},
            "description": "Fair",
        }
    ]


@pytest.mark.parametrize("line", [Line(net=Decimal(5)), Line(net=Decimal(5), account="58", item="3")])
def test_a_line_has_either_an_account_or_an_item(line: Line) -> None:
    with pytest.raises(Refused, match="item"):
        played(replace(PAYMENT, lines=(line,)))


@pytest.mark.parametrize("net", ["0.00", "-4.10"])
def test_a_document_of_nothing_or_less_is_refused(net: str) -> None:
    with pytest.raises(Refused, match="nothing or less"):
        played(replace(PAYMENT, lines=(Line(net=Decimal(net), account="58"),)))


def test_long_texts_are_cut_and_the_id_is_kept() -> None:
    body = body_of(replace(PAYMENT, notes="n" * 2000, reference="r" * 80))
    assert len(body["memo"]) == 999
    assert body["memo"].endswith("[t-01]")
    assert body["tranId"] == "r" * 45


def test_an_id_that_an_address_cannot_carry_becomes_another_that_is_always_the_same() -> None:
    strange = replace(PAYMENT, id="a/b c")
    eids = {urlsplit(asked(strange).path).path.rpartition("eid:")[2] for _ in range(2)}
    assert [len(eid) for eid in eids] == [64]


# What comes back


def test_the_location_names_the_record() -> None:
    assert played(PAYMENT, written(id="412")).result.native.id == "412"


@pytest.mark.parametrize("headers", [(), (("Location", f"{RECORD}/check/eid:t-01"),)])
def test_a_location_that_names_no_internal_id_is_made_good_by_a_read(headers: Any) -> None:
    one = played(PAYMENT, Response(204, headers), reply({"id": "413", "externalId": "t-01"}))
    assert one.result.native.id == "413"
    assert one.last.path == f"{RECORD}/creditCardCharge/eid:t-01"


@pytest.mark.parametrize("answer", [missing(), reply({})])
def test_a_record_that_cannot_be_read_again_is_unknown(answer: Response) -> None:
    with pytest.raises((Unknown, Unavailable)):
        played(PAYMENT, Response(204), answer)


@pytest.mark.parametrize(
    "answer",
    [
        Cut("timeout"),
        Cut("reset"),
        page(502),
        page(200),
        page(413),
        Response(200, (), b""),
        reply({"id": "7"}),
        reply({"error": "x"}, 400),
        Response(500, (), b"{}"),
    ],
)
def test_an_answer_that_cannot_be_read_is_unknown(answer: Any) -> None:
    with pytest.raises(Unknown):
        played(PAYMENT, answer)


def test_a_refusal_has_the_native_words_and_code() -> None:
    sentence = "The transaction date you specified is not within the date range of your accounting period."
    with pytest.raises(Refused) as refused:
        played(PAYMENT, no("USER_ERROR", sentence, **{"o:errorPath": "tranDate"}))
    assert refused.value.message == f"{sentence} (NetSuite error USER_ERROR)"
    assert (refused.value.native_code, refused.value.status, refused.value.element) == ("USER_ERROR", 400, "tranDate")


def test_a_missing_permission_is_refused_and_the_consent_stands() -> None:
    with pytest.raises(Refused, match="INSUFFICIENT_PERMISSION"):
        played(PAYMENT, no("INSUFFICIENT_PERMISSION", "Permission Violation.", 403))


def test_a_refused_credential_needs_consent() -> None:
    with pytest.raises(NeedsConsent):
        played(PAYMENT, no("INVALID_LOGIN", "Invalid login attempt.", 401))


def test_the_concurrency_limit_makes_it_wait_and_then_send_the_same() -> None:
    one = played(PAYMENT, no("CONCURRENCY_LIMIT_EXCEEDED", "Blocked.", 429), written())
    assert one.steps[1] == Wait(10, "throttled")
    assert one.requests[0] == one.requests[1]
    assert one.result.native.id == "901"


def test_a_record_that_somebody_is_saving_is_asked_for_again_but_not_for_ever() -> None:
    changed = no("RCRD_HAS_BEEN_CHANGED", "Record has been changed", 409)
    assert played(PAYMENT, changed, written()).result.native.id == "901"
    with pytest.raises(Refused, match="RCRD_HAS_BEEN_CHANGED"):
        played(PAYMENT, changed, changed, changed)
