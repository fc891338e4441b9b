"""The connector of Xero, fed with answers written by hand: what it sends, and what it makes of what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from tests.platforms.connectors.answers import Played, page, reply, sent

from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Application,
    Company,
    CompanyUnavailable,
    Consent,
    Contact,
    Expense,
    File,
    Line,
    Native,
    NeedsConsent,
    PaymentAccount,
    Refused,
    Reimbursable,
    Request,
    TrackingRef,
    Transfer,
    TransferSide,
    Unavailable,
    Unknown,
    Wait,
)
from sandbooks.platforms.xero.connector import CONNECTOR
from sandbooks.wire import Cut, Response

CARD, TRAVEL, MEALS = "a0000000-0000-4000-8000-00000000000c", "acc-travel", "acc-meals"
CONTACT = "c0000000-0000-4000-8000-000000000001"
CONSENT = Consent(company="tenant-1", access_token="access", refresh_token="refresh")
COMPANY = Company(id="tenant-1", name="Harbour Street Ltd", currency="GBP")
APPLICATION = Application(client_id="app", client_secret="secret", redirect_uri="https://hub.example/callback")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CODES = {TRAVEL: "493", MEALS: "420"}
TAGS = {
    "TrackingCategories": [
        {
            "TrackingCategoryID": "cat-1",
            "Name": "Region",
            "Status": "ACTIVE",
            "Options": [
                {"TrackingOptionID": "opt-n", "Name": "North", "Status": "ACTIVE"},
                {"TrackingOptionID": "opt-s", "Name": "South", "Status": "ARCHIVED"},
            ],
        }
    ]
}
PAYMENT = Expense(
    kind="Payment",
    id="t-01",
    key="key-1",
    version=1,
    date=date(2026, 3, 28),
    currency="GBP",
    account=PaymentAccount(id=CARD, pays="card", currency="GBP"),
    contact=Contact(kind="supplier", name="Contoso", id=CONTACT),
    lines=(
        Line(net=Decimal("40.10"), tax=Decimal("8.02"), account=TRAVEL, tax_rate="INPUT2"),
        Line(net=Decimal("3.50"), account=MEALS),
    ),
    merchant="Contoso",
    notes="Fair",
    reference="R-77",
)
TRANSFER = Transfer(
    id="t-02",
    key="key-2",
    version=1,
    date=date(2026, 3, 28),
    source=TransferSide(account="from", currency="GBP", amount=Decimal("310.40"), pays="bank"),
    target=TransferSide(account="to", currency="GBP", amount=Decimal("310.40"), pays="card"),
)
ADJUSTMENT = Adjustment(
    id="t-03",
    key="key-3",
    version=1,
    date=date(2026, 3, 28),
    currency="GBP",
    lines=(
        AdjustmentLine(amount=Decimal("17.85"), account=TRAVEL),
        AdjustmentLine(amount=Decimal("-17.85"), account=MEALS),
    ),
)


def chart(document: Expense | Adjustment) -> list[Response]:
    """The answers to the reads of the accounts that the lines name."""
    ids = dict.fromkeys(line.account for line in document.lines)
    known = [reply({"Accounts": [{"AccountID": id, "Code": CODES[id]}]}) for id in ids if id in CODES]
    return known + [Response(404)] * (len(ids) - len(known))


def stands(body: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """What Xero answers to a record: as sent, with an id, and the date in its own dress."""
    return {**body, "BankTransactionID": "bt-1", "Date": "/Date(1774656000000+0000)/", **changes}


def written(body: Mapping[str, Any]) -> Response:
    return reply({"Status": "OK", "BankTransactions": [body]})


def asked(document: Expense = PAYMENT) -> Request:
    """The write that a push comes to."""
    return Played(CONNECTOR.push(document, CONSENT, COMPANY), chart(document)).last


def body_of(document: Expense = PAYMENT) -> dict[str, Any]:
    body: dict[str, Any] = sent(asked(document))["BankTransactions"][0]
    return body


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


def test_a_transfer_of_two_amounts_or_currencies_is_refused_before_any_request() -> None:
    for changed in ({"amount": Decimal("300.00")}, {"currency": "USD"}):
        one = replace(TRANSFER, target=replace(TRANSFER.target, **changed))  # type: ignore[arg-type]
        with pytest.raises(Refused, match="one amount"):
            Played(CONNECTOR.push(one, CONSENT, COMPANY), [])


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


def error(*messages: str, number: int = 10) -> dict[str, Any]:
    elements = [{"ValidationErrors": [{"Message": message} for message in messages]}]
    return {"ErrorNumber": number, "Type": "ValidationException", "Message": "A validation exception occurred"} | (
        {"Elements": elements} if messages else {}
    )


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


# Look-up and update


def listing(*rows: Mapping[str, Any], pages: int = 1) -> Response:
    return reply({"pagination": {"page": 1, "pageSize": 1000, "pageCount": pages}, "BankTransactions": list(rows)})


def test_a_look_up_searches_by_date_and_compares_the_whole_mark() -> None:
    other = {"BankTransactionID": "bt-0", "Reference": "R [xt-01]", "Type": "SPEND"}
    gone = {"BankTransactionID": "bt-2", "Reference": "R [t-01]", "Type": "SPEND", "Status": "DELETED"}
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [listing(other, gone)])
    assert played.ended
    assert played.result is None
    path = unquote(played.last.path)
    assert "where=Date >= DateTime(2026, 02, 25) AND Date <= DateTime(2026, 04, 28)" in path
    assert (played.last.method, played.last.mutates, played.last.reference) == ("GET", False, "t-01")


def test_a_look_up_goes_on_to_the_last_page() -> None:
    found = stands(body_of(), BankTransactionID="bt-9")
    first = listing(*({"BankTransactionID": f"bt-0{n}"} for n in range(3)), pages=2)
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [first, listing(found, pages=2)])
    assert (played.result.native.id, played.result.found) == ("bt-9", True)
    assert ["&page=1&" in played.requests[0].path, "&page=2&" in played.requests[1].path] == [True, True]


def test_a_look_up_without_page_counts_ends_at_an_empty_page() -> None:
    full = reply({"BankTransactions": [{"BankTransactionID": "bt-0"}]})
    played = Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [full, reply({"BankTransactions": []})])
    assert played.ended
    assert played.result is None


def test_a_look_up_that_gets_no_answer_says_so() -> None:
    with pytest.raises(Unavailable):
        Played(CONNECTOR.look_up(PAYMENT, CONSENT, COMPANY), [Response(503)] * 4)


def test_transfers_and_journals_are_found_by_their_own_texts() -> None:
    row = {"BankTransferID": "tr-1", "Reference": "Top-up [t-02]"}
    done = Played(CONNECTOR.look_up(TRANSFER, CONSENT, COMPANY), [reply({"BankTransfers": [row]})]).result
    assert done.native == Native(kind="BankTransfer", id="tr-1", data_type="transfers")
    journal = {"ManualJournalID": "mj-1", "Narration": "[t-03]", "Status": "POSTED"}
    answer = reply({"pagination": {"pageCount": 1}, "ManualJournals": [journal]})
    done = Played(CONNECTOR.look_up(ADJUSTMENT, CONSENT, COMPANY), [answer]).result
    assert done.native == Native(kind="ManualJournal", id="mj-1", data_type="journalEntries")


NATIVE = Native(kind="BankTransaction", id="bt-1", data_type="directCosts")


def test_an_update_keeps_the_lines_that_stand_and_has_a_key_for_each_state() -> None:
    standing = stands(body_of(), UpdatedDateUTC="/Date(1774656000123+0000)/", Status="AUTHORISED")
    standing["LineItems"] = [{**line, "LineItemID": f"li-{n}"} for n, line in enumerate(standing["LineItems"])]
    two = replace(
        PAYMENT, key="key-2", version=2, reference="", lines=(replace(PAYMENT.lines[0], net=Decimal("41.00")),)
    )
    played = Played(CONNECTOR.update(two, NATIVE, CONSENT, COMPANY), [*chart(two), written(standing)])
    assert (played.last.method, played.last.path) == ("POST", "/api.xro/2.0/BankTransactions/bt-1")
    body = sent(played.last)["BankTransactions"][0]
    assert [(line["LineItemID"], line["UnitAmount"]) for line in body["LineItems"]] == [("li-0", Decimal("41.00"))]
    assert "Reference" not in body  # as the bookkeeper has it
    assert dict(played.last.headers)["Idempotency-Key"] == "key-2-20260328000000123000"


def test_many_accounts_are_read_in_one_list() -> None:
    ids = [f"acc-{number}" for number in range(4)]
    lines = tuple(replace(PAYMENT.lines[1], account=id) for id in ids)
    listed = reply({"Accounts": [{"AccountID": id, "Code": f"60{n}"} for n, id in enumerate(ids)]})
    played = Played(CONNECTOR.push(replace(PAYMENT, lines=lines), CONSENT, COMPANY), [listed])
    assert [line["AccountCode"] for line in sent(played.last)["BankTransactions"][0]["LineItems"]] == [
        "600",
        "601",
        "602",
        "603",
    ]


def test_an_account_without_a_code_cannot_be_named_on_a_line() -> None:
    bare = reply({"Accounts": [{"AccountID": TRAVEL}]})
    with pytest.raises(Refused, match="no code"):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [bare, *chart(PAYMENT)[1:]])


def test_an_update_of_what_is_gone_is_refused() -> None:
    with pytest.raises(Refused, match="not there"):
        Played(CONNECTOR.update(PAYMENT, NATIVE, CONSENT, COMPANY), [*chart(PAYMENT), Response(404)])


def test_an_update_that_xero_did_not_keep_is_refused() -> None:
    standing = stands(body_of(), Status="AUTHORISED", LineItems=[])
    changed = stands(body_of())
    changed["LineItems"] = [{**line, "TaxType": "EXEMPTINPUT"} for line in changed["LineItems"]]
    with pytest.raises(Refused, match="TaxType of line 1"):
        Played(
            CONNECTOR.update(PAYMENT, NATIVE, CONSENT, COMPANY), [*chart(PAYMENT), written(standing), written(changed)]
        )


def test_transfers_and_journals_are_not_changed_through_the_api() -> None:
    for document, kind in ((TRANSFER, "BankTransfer"), (ADJUSTMENT, "ManualJournal")):
        with pytest.raises(Refused, match=kind):
            Played(CONNECTOR.update(document, Native(kind=kind, id="x"), CONSENT, COMPANY), [])


# Attachments


FILE = File(name="till #4.png", content_type="image/png", content=b"\x89PNG\x00", key="f-1")


def test_a_file_goes_up_as_its_bytes_under_its_encoded_name() -> None:
    answers = [reply({"Attachments": []}), reply({"Attachments": [{"AttachmentID": "at-1"}]})]
    played = Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), answers)
    assert played.result.id == "at-1"
    assert played.last.path == "/api.xro/2.0/BankTransactions/bt-1/Attachments/till%20%234.png"
    assert (played.last.body, dict(played.last.headers)["Content-Type"]) == (FILE.content, "image/png")
    assert dict(played.last.headers)["Idempotency-Key"] == "f-1"


def test_an_earlier_upload_is_known_by_its_bytes() -> None:
    row = {"AttachmentID": "at-1", "FileName": FILE.name, "ContentLength": 5, "MimeType": "image/png"}
    same = Played(
        CONNECTOR.attach(FILE, NATIVE, CONSENT), [reply({"Attachments": [row]}), Response(200, (), FILE.content)]
    )
    assert same.result.id == "at-1"
    stranger = Played(
        CONNECTOR.attach(FILE, NATIVE, CONSENT), [reply({"Attachments": [row]}), Response(200, (), b"other")]
    )
    assert stranger.last.path.endswith("/till%20%234-f-1.png")


@pytest.mark.parametrize(
    ("answer", "failure"),
    [(reply(error("isn't a supported file type"), 400), Refused), (Cut("reset"), Unknown), (page(200), Unknown)],
)
def test_an_upload_can_fail(answer: Response | Cut, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [reply({"Attachments": []}), answer])


def test_whether_a_file_was_too_large_is_seen_in_the_list() -> None:
    empty, row = reply({"Attachments": []}), {"AttachmentID": "at-1", "FileName": FILE.name}
    with pytest.raises(Refused, match="413"):
        Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [empty, page(413), empty])
    kept = Played(CONNECTOR.attach(FILE, NATIVE, CONSENT), [empty, page(413), reply({"Attachments": [row]})])
    assert kept.result.id == "at-1"


# Sign-in


def test_the_consent_page_asks_for_granular_scopes() -> None:
    path = unquote(CONNECTOR.consent_path(APPLICATION, state="s"))
    assert path.startswith("/identity/connect/authorize?response_type=code&client_id=app&")
    assert "accounting.banktransactions" in path
    assert "accounting.transactions" not in path
    assert "offline_access" in path


TOKENS = {"access_token": "a-1", "refresh_token": "r-1", "expires_in": 1800, "token_type": "Bearer"}
TENANTS = [
    {"id": "c-0", "tenantId": "tenant-0", "tenantType": "PRACTICE"},
    {"id": "c-1", "tenantId": "tenant-1", "tenantType": "ORGANISATION"},
    {"id": "c-2", "tenantId": "tenant-2", "tenantType": "ORGANISATION"},
]


@pytest.mark.parametrize(("company", "tenant"), [("", "tenant-1"), ("tenant-2", "tenant-2")])
def test_a_consent_pins_one_organisation(company: str, tenant: str) -> None:
    steps = CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW, company=company)
    played = Played(steps, [reply(TOKENS), reply(TENANTS)])
    assert (played.result.company, played.result.access_token) == (tenant, "a-1")
    assert played.result.access_expires == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert [request.signed for request in played.requests] == [False, False]
    assert dict(played.last.headers)["Authorization"] == "Bearer a-1"


def test_a_consent_without_the_organisation_is_refused() -> None:
    steps = CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW, company="tenant-9")
    with pytest.raises(Refused, match="tenant-9"):
        Played(steps, [reply(TOKENS), reply(TENANTS)])


def test_the_event_of_the_consent_tells_new_organisations_from_old_ones() -> None:
    token = "e30.eyJhdXRoZW50aWNhdGlvbl9ldmVudF9pZCI6ImV2LTkifQ.x"
    steps = CONNECTOR.exchange_code(APPLICATION, {"code": "c"}, now=NOW)
    played = Played(steps, [reply({**TOKENS, "access_token": token}), reply(TENANTS[2:])])
    assert played.last.path == "/connections?authEventId=ev-9"
    assert played.result.company == "tenant-2"


def test_a_user_who_says_no_is_a_refusal() -> None:
    with pytest.raises(Refused, match="access_denied"):
        Played(CONNECTOR.exchange_code(APPLICATION, {"error": "access_denied"}, now=NOW), [])


def test_a_refresh_keeps_the_organisation_and_takes_both_new_tokens() -> None:
    fresh = Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply(TOKENS)]).result
    assert (fresh.company, fresh.access_token, fresh.refresh_token) == ("tenant-1", "a-1", "r-1")


def test_a_refresh_that_is_refused_needs_consent_and_one_without_an_answer_does_not() -> None:
    with pytest.raises(NeedsConsent, match="invalid_grant"):
        Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [reply({"error": "invalid_grant"}, 400)])
    for answer in (reply({}), page(404), Response(503)):
        with pytest.raises(Unavailable):
            Played(CONNECTOR.refresh(APPLICATION, CONSENT, now=NOW), [answer] * 4)
