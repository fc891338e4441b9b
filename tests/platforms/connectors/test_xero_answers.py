"""The connector of Xero, fed with answers written by hand: what it sends, and what it makes of what comes back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.documents import NOW
from tests.platforms.connectors.answers.played import Played, page, reply, sent
from tests.platforms.connectors.answers.xero import (
    ADJUSTMENT,
    CARD,
    COMPANY,
    CONSENT,
    CONTACT,
    PAYMENT,
    TAGS,
    TRANSFER,
    TRAVEL,
    asked,
    body_of,
    chart,
    error,
    stands,
    written,
)

from sandbooks.connector import (
    CompanyUnavailable,
    Contact,
    Line,
    Native,
    NeedsConsent,
    Refused,
    Reimbursable,
    TrackingRef,
    Unavailable,
    Unknown,
    Wait,
)
from sandbooks.platforms.xero.connector import CONNECTOR
from sandbooks.platforms.xero.connector.documents import arrival_differences
from sandbooks.wire import Cut, Response

# What is sent


def test_a_payment_is_money_spent_with_its_amounts_as_submitted() -> None:
    assert body_of() == {
        "Type": "SPEND",
        "Contact": {"ContactID": CONTACT},
        "BankAccount": {"AccountID": CARD},
        "Date": "2026-03-28",
        "Reference": "R-77 [t-01]",
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "LineItems": [
            {
                "Description": "Contoso - Fair",
                "Quantity": 1,
                "UnitAmount": Decimal("40.10"),
                "LineAmount": Decimal("40.10"),
                "AccountCode": "493",
                "TaxType": "INPUT2",
                "TaxAmount": Decimal("8.02"),
            },
            {
                "Description": "Contoso - Fair",
                "Quantity": 1,
                "UnitAmount": Decimal("3.50"),
                "LineAmount": Decimal("3.50"),
                "AccountCode": "420",
                "TaxType": "NONE",
            },
        ],
    }


def test_a_write_is_a_put_with_the_key_and_carries_the_id_of_the_transaction() -> None:
    request = asked()
    assert (request.method, request.path) == ("PUT", "/api.xro/2.0/BankTransactions")
    assert dict(request.headers)["Idempotency-Key"] == "key-1"
    assert (request.mutates, request.reference) == (True, "t-01")


def test_a_key_that_is_too_long_becomes_another_that_is_always_the_same() -> None:
    long = replace(PAYMENT, key="k" * 200)
    keys = {dict(asked(long).headers)["Idempotency-Key"] for _ in range(2)}
    assert [len(key) for key in keys] == [64]


def test_resent_with_the_same_key_the_bytes_are_the_same() -> None:
    assert asked() == asked()


def test_the_signature_names_the_pinned_organisation() -> None:
    signed = CONNECTOR.signed(asked(), CONSENT, now=NOW, nonce="n")
    assert dict(signed.headers)["Xero-tenant-id"] == "tenant-1"
    assert dict(signed.headers)["Authorization"] == "Bearer access"


@pytest.mark.parametrize(
    ("rate", "net", "currency_rate"),
    [
        ("0.7741", "412.37", "1.291823"),
        ("1.25", "99.99", "0.800000"),
        ("150.25", "1200.00", "0.0066555740"),  # six decimals would be 55 yen off
    ],
)
def test_the_rate_is_foreign_units_for_one_base_unit(rate: str, net: str, currency_rate: str) -> None:
    line = Line(net=Decimal(net), tax=Decimal(0), account=TRAVEL, tax_rate="NONE")
    account = replace(PAYMENT.account, currency="USD")
    one = replace(PAYMENT, currency="USD", rate=Decimal(rate), account=account, lines=(line,))
    assert body_of(one)["CurrencyRate"] == Decimal(currency_rate)
    wanted = (Decimal(net) * Decimal(rate)).quantize(Decimal("0.01"))
    assert (Decimal(net) / Decimal(currency_rate)).quantize(Decimal("0.01")) == wanted


def test_a_home_card_has_no_rate_whatever_was_spent() -> None:
    assert "CurrencyRate" not in body_of(replace(PAYMENT, currency="USD", rate=Decimal("0.7741")))


def test_the_id_is_never_cut_off_a_long_reference() -> None:
    reference = body_of(replace(PAYMENT, reference="x" * 300))["Reference"]
    assert len(reference) == 255
    assert reference.endswith("x [t-01]")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"contact": None}, "contact"),
        ({"account": replace(PAYMENT.account, currency="USD")}, "rate"),
        ({"lines": (replace(PAYMENT.lines[0], account="gone"),)}, "gone"),
        ({"lines": (replace(PAYMENT.lines[0], net=Decimal("1.234")),)}, "two decimals"),
        ({"lines": (replace(PAYMENT.lines[0], invoice_to="c"),)}, "customer"),
    ],
)
def test_what_xero_cannot_state_is_refused_before_any_write(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        Played(CONNECTOR.push(replace(PAYMENT, **changes), CONSENT, COMPANY), chart(replace(PAYMENT, **changes)))


@pytest.mark.parametrize(
    ("tracking", "message"),
    [
        ((TrackingRef(id="opt-s"),), "South"),
        ((TrackingRef(id="cat-1"),), "cat-1"),
        ((TrackingRef(id="opt-n", kind="customer"),), "opt-n"),
        ((TrackingRef(id="opt-n"), TrackingRef(id="opt-n")), "two categories"),
    ],
)
def test_tracking_that_xero_would_leave_out_is_refused_before_any_write(
    tracking: tuple[TrackingRef, ...], message: str
) -> None:
    one = replace(PAYMENT, lines=(replace(PAYMENT.lines[0], tracking=tracking),))
    with pytest.raises(Refused, match=message):
        Played(CONNECTOR.push(one, CONSENT, COMPANY), [*chart(one), reply(TAGS)])


def test_tracking_is_sent_by_ids() -> None:
    one = replace(PAYMENT, lines=(replace(PAYMENT.lines[0], tracking=(TrackingRef(id="opt-n"),)),))
    body = sent(Played(CONNECTOR.push(one, CONSENT, COMPANY), [*chart(one), reply(TAGS)]).last)["BankTransactions"][0]
    assert body["LineItems"][0]["Tracking"] == [{"TrackingCategoryID": "cat-1", "TrackingOptionID": "opt-n"}]


def test_a_journal_is_posted_without_tax_and_its_narration_carries_the_id() -> None:
    body = sent(Played(CONNECTOR.push(ADJUSTMENT, CONSENT, COMPANY), chart(ADJUSTMENT)).last)["ManualJournals"][0]
    assert (body["Narration"], body["Status"], body["LineAmountTypes"]) == ("[t-03]", "POSTED", "NoTax")
    assert [(line["AccountCode"], line["LineAmount"]) for line in body["JournalLines"]] == [
        ("493", Decimal("17.85")),
        ("420", Decimal("-17.85")),
    ]


def test_a_transfer_of_two_amounts_or_two_foreign_currencies_is_refused_before_any_request() -> None:
    unequal = replace(TRANSFER, target=replace(TRANSFER.target, amount=Decimal("300.00")))
    source, target = (
        replace(side, currency=code) for side, code in ((TRANSFER.source, "USD"), (TRANSFER.target, "EUR"))
    )
    for one, why in (
        (unequal, "arrives as the amount that leaves"),
        (replace(TRANSFER, source=source, target=target), "USD.*EUR"),
    ):
        with pytest.raises(Refused, match=why):
            Played(CONNECTOR.push(one, CONSENT, COMPANY), [])


@pytest.mark.parametrize(("arrives", "told"), [("0.13", []), ("0.12", ["0.13 USD arrives instead of 0.12"])])
def test_what_arrives_of_a_transfer_abroad_is_rounded_half_up(arrives: str, told: list[str]) -> None:
    source = replace(TRANSFER.source, currency="GBP", amount=Decimal("0.10"))
    target = replace(TRANSFER.target, currency="USD", amount=Decimal(arrives))
    one = replace(TRANSFER, source=source, target=target)
    assert list(arrival_differences(one, {"CurrencyRate": Decimal("1.25")}, COMPANY)) == told
    yen = replace(one, target=replace(target, currency="JPY", amount=Decimal(19)))
    assert list(arrival_differences(yen, {"CurrencyRate": Decimal("187.123")}, COMPANY)) == []


def test_a_journal_in_another_currency_is_refused_before_any_write() -> None:
    with pytest.raises(Refused, match="GBP"):
        Played(CONNECTOR.push(replace(ADJUSTMENT, currency="USD"), CONSENT, COMPANY), chart(ADJUSTMENT))


def test_a_reimbursable_is_not_offered() -> None:
    one = Reimbursable(
        id="t",
        key="k",
        version=1,
        date=date(2026, 3, 28),
        due=date(2026, 4, 28),
        currency="GBP",
        contact=Contact(kind="supplier", name=""),
        lines=(),
    )
    with pytest.raises(Refused, match="not offered"):
        Played(CONNECTOR.push(one, CONSENT, COMPANY), [])


# What comes back


def test_a_success_names_the_record_and_what_kind_of_record_it_is_to_the_hub() -> None:
    done = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [*chart(PAYMENT), written(stands(body_of()))]).result
    assert done.native == Native(kind="BankTransaction", id="bt-1", data_type="directCosts")
    refund = replace(PAYMENT, kind="Refund")
    done = Played(CONNECTOR.push(refund, CONSENT, COMPANY), [*chart(refund), written(stands(body_of(refund)))]).result
    assert done.native.data_type == "directIncomes"


@pytest.mark.parametrize(
    "answer",
    [
        Cut("timeout"),
        Cut("truncated"),
        Response(503),
        page(502),
        page(200),
        Response(200, (), b'{"BankTransactions": [{"BankTra'),
        reply({"Status": "OK"}),
        reply({"BankTransactions": [{"BankTransactionID": "00000000-0000-0000-0000-000000000000"}]}),
        reply({"BankTransactions": [{"Type": "SPEND"}]}),
        page(404),
        page(400),
    ],
)
def test_an_answer_that_says_nothing_is_unknown(answer: Response | Cut) -> None:
    with pytest.raises(Unknown) as failure:
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [*chart(PAYMENT), answer])
    assert "<" not in failure.value.message


def test_a_refusal_carries_the_native_messages_each_once() -> None:
    answer = reply(error("Account code '493' is not valid.", "Tax is wrong.", "Tax is wrong."), 400)
    with pytest.raises(Refused) as failure:
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [*chart(PAYMENT), answer])
    assert failure.value.message == "Account code '493' is not valid. Tax is wrong. (Xero error 10)"
    assert (failure.value.native_code, failure.value.status) == ("10", 400)


def test_a_refusal_in_a_nested_record_is_found() -> None:
    nested = {"Contact": {"ValidationErrors": [{"Message": "The contact is archived."}]}, "ValidationErrors": []}
    with pytest.raises(Refused, match="The contact is archived"):
        Played(
            CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [*chart(PAYMENT), reply({**error(), "Elements": [nested]}, 400)]
        )


def test_an_element_that_failed_inside_a_200_is_a_refusal() -> None:
    row = stands(body_of(), StatusAttributeString="ERROR", ValidationErrors=[{"Message": "No."}])
    with pytest.raises(Refused, match="No"):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [*chart(PAYMENT), written(row)])


@pytest.mark.parametrize(
    ("status", "failure"),
    [(401, NeedsConsent), (403, NeedsConsent), (412, CompanyUnavailable), (413, Refused), (405, Refused)],
)
def test_statuses_of_their_own_meaning(status: int, failure: type[Exception]) -> None:
    answer = reply(
        {"Type": None, "Title": "Forbidden", "Status": status, "Detail": "AuthenticationUnsuccessful"}, status
    )
    with pytest.raises(failure):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [*chart(PAYMENT), answer])


def test_a_throttle_is_waited_out_as_xero_says_and_the_same_bytes_go_again() -> None:
    limited = Response(429, (("Retry-After", "37"), ("X-Rate-Limit-Problem", "minute")))
    played = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [*chart(PAYMENT), limited, written(stands(body_of()))])
    assert [step.seconds for step in played.steps if isinstance(step, Wait)] == [37]
    assert played.requests[-1] == played.requests[-2]
    assert played.ended


def test_a_read_is_asked_again_and_then_given_up() -> None:
    played = Played(
        CONNECTOR.company(CONSENT), [page(502), reply({"Organisations": [{"Name": "H", "BaseCurrency": "GBP"}]})]
    )
    assert played.result.currency == "GBP"
    with pytest.raises(Unavailable):
        Played(CONNECTOR.company(CONSENT), [Cut("timeout")] * 4)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Type": "RECEIVE"}, "Type"),
        ({"BankAccount": {"AccountID": "another"}}, "BankAccount"),
        ({"Contact": {"ContactID": "another"}}, "Contact"),
        ({"Date": "/Date(1774742400000+0000)/"}, "Date"),
        ({"LineItems": []}, "0 lines instead of 2"),
    ],
)
def test_a_record_that_is_not_as_it_was_sent_is_taken_back(changes: dict[str, Any], said: str) -> None:
    answers = [*chart(PAYMENT), written(stands(body_of(), **changes))]
    void = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), answers).last
    assert (void.method, void.path) == ("POST", "/api.xro/2.0/BankTransactions/bt-1")
    assert sent(void)["BankTransactions"] == [{"BankTransactionID": "bt-1", "Status": "DELETED"}]
    assert dict(void.headers)["Idempotency-Key"] == "key-1-void-bt-1"
    with pytest.raises(Refused, match=said):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [*answers, written({"BankTransactionID": "bt-1"})])


def test_a_tax_that_was_left_to_xero_is_taken_as_it_comes() -> None:
    one = replace(PAYMENT, lines=(replace(PAYMENT.lines[0], tax=None),))
    answer = written(stands(body_of(one), Total=Decimal("48.12"), TotalTax=Decimal("8.02")))
    assert "TaxAmount" not in body_of(one)["LineItems"][0]
    assert Played(CONNECTOR.push(one, CONSENT, COMPANY), [*chart(one), answer]).ended


@pytest.mark.parametrize(
    ("name", "value"),
    [("AccountCode", "429"), ("TaxType", "NONE"), ("LineAmount", Decimal("48.12")), ("TaxAmount", Decimal("8.03"))],
)
def test_a_line_that_is_not_as_it_was_sent_is_noticed(name: str, value: Any) -> None:
    body = stands(body_of())
    body["LineItems"] = [{**body["LineItems"][0], name: value}, body["LineItems"][1]]
    with pytest.raises(Refused, match=f"{name} of line 1"):
        Played(
            CONNECTOR.push(PAYMENT, CONSENT, COMPANY),
            [*chart(PAYMENT), written(body), written({"BankTransactionID": "bt-1"})],
        )


def test_a_total_that_is_not_what_was_spent_is_noticed() -> None:
    one = replace(PAYMENT, lines=PAYMENT.lines[:1])
    answers = [
        *chart(one),
        written(stands(body_of(one), Total=Decimal("48.13"))),
        written({"BankTransactionID": "bt-1"}),
    ]
    with pytest.raises(Refused, match=r"Total is 48.13 instead of 48.12"):
        Played(CONNECTOR.push(one, CONSENT, COMPANY), answers)


def test_a_record_that_cannot_be_taken_back_says_so() -> None:
    answers = [*chart(PAYMENT), written(stands(body_of(), Type="RECEIVE")), reply(error("Locked."), 400)]
    with pytest.raises(Refused, match=r"could not be taken back \(Locked"):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), answers)
