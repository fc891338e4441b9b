"""The connector of Business Central, fed with answers written by hand: what it sends, what it makes of the answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.answers.business_central import (
    BANK,
    COMPANY,
    COMPANY_ID,
    CONSENT,
    DONE,
    DRAFT,
    EXISTS,
    HERE,
    MISSING,
    NONE,
    NORTH,
    PAYMENT,
    REGION,
    TRAVEL,
    VAT20,
    ZERO,
    entries,
    group,
    journal,
    line,
    no,
    number_of,
    played,
    stands,
)
from tests.platforms.connectors.answers.documents import adjustment, bill, transfer
from tests.platforms.connectors.answers.played import Played, page, reply

from sandbooks.connector import (
    AdjustmentLine,
    Contact,
    Document,
    Line,
    Native,
    NeedsConsent,
    PaymentAccount,
    Refused,
    TrackingRef,
    Unknown,
    Wait,
)
from sandbooks.payables import NewBill
from sandbooks.platforms.business_central.connector import CONNECTOR
from sandbooks.wire import Cut, Response

MEALS = "a0000000-0000-4000-8000-000000000002"
ADJUSTMENT = adjustment(
    AdjustmentLine(amount=Decimal("17.85"), account=TRAVEL, tracking=(TrackingRef(id=f"{REGION}_{NORTH}"),)),
    AdjustmentLine(amount=Decimal("-17.85"), account=MEALS, description="Moved"),
)
BILL = bill(
    Line(net=Decimal("5.00"), account=TRAVEL), contact=Contact(kind="supplier", name="", id="7"), id="t-04", key="key-4"
)
MADE = reply({"id": "x"}, 201)
GONE = Response(204)
CLOSED = no("Application_DialogException", "Posting Date is not within your range of allowed posting dates.")


def test_the_tax_group_is_read_by_its_id_and_one_that_is_not_there_is_refused() -> None:
    first = Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), []).last
    assert (first.method, first.path, first.mutates) == ("GET", f"{HERE}/taxGroups({VAT20})", False)
    with pytest.raises(Refused, match="no tax group"):
        Played(CONNECTOR.push(PAYMENT, CONSENT, COMPANY), [no("Internal_RecordNotFound", "Gone.", 404)])


# What is sent


def test_a_payment_is_a_journal_of_its_own_with_the_gross_against_the_bank_account() -> None:
    body = journal(PAYMENT)
    (row,) = body["journalLines"]
    assert row == {
        "id": row["id"],
        "lineNumber": 10000,
        "accountType": "G/L Account",
        "accountId": TRAVEL,
        "postingDate": "2026-03-28",
        "documentNumber": row["documentNumber"],
        "externalDocumentNumber": "R-77",
        "amount": Decimal("48.12"),
        "description": "Contoso - Stand [t-01]",
        "taxCode": "STANDARD",
        "balanceAccountType": "Bank Account",
        "balancingAccountId": BANK,
    }
    assert len(row["documentNumber"]) == 20
    assert body["code"] == row["documentNumber"][:10]
    assert len({body["id"], row["id"]}) == 2
    assert {str(UUID(id)) for id in (body["id"], row["id"])} == {body["id"], row["id"]}


def test_a_document_is_made_posted_and_its_empty_journal_removed() -> None:
    one = played(PAYMENT, MADE, DONE, GONE)
    made, post, tidy = one.requests
    id = journal(PAYMENT)["id"]
    assert (made.method, made.path) == ("POST", f"{HERE}/journals")
    assert (post.method, post.path, post.body) == ("POST", f"{HERE}/journals({id})/Microsoft.NAV.post", b"")
    assert (tidy.method, tidy.path) == ("DELETE", f"{HERE}/journals({id})")
    assert all(request.mutates for request in one.requests)
    assert {made.reference, post.reference} == {"t-01"}
    assert one.result.native == Native(kind="journal", id=number_of(PAYMENT), data_type="directCosts")
    assert one.result.found is False


def test_a_draft_is_left_in_its_journal() -> None:
    one = played(DRAFT, MADE)
    assert [request.path for request in one.requests] == [f"{HERE}/journals"]
    assert one.result.native.id == number_of(PAYMENT)


def test_all_ids_follow_from_the_documents_id_alone() -> None:
    other = replace(PAYMENT, version=2, key="key-2", merchant="Elsewhere", date=date(2026, 4, 1))
    assert journal(PAYMENT) == journal(PAYMENT)
    assert number_of(other) == number_of(PAYMENT)
    assert (journal(other)["id"], line(other)["id"]) == (journal(PAYMENT)["id"], line(PAYMENT)["id"])
    assert number_of(replace(PAYMENT, id="t-02")) != number_of(PAYMENT)


@pytest.mark.parametrize(
    ("kind", "amount", "data_type"),
    [
        ("Payment", "48.12", "directCosts"),
        ("Refund", "-48.12", "directIncomes"),
        ("Reward", "-48.12", "directIncomes"),
        ("Chargeback", "-48.12", "directIncomes"),
    ],
)
def test_money_that_comes_back_is_negative(kind: Any, amount: str, data_type: str) -> None:
    one = replace(PAYMENT, kind=kind)
    assert line(one)["amount"] == Decimal(amount)
    assert played(one, MADE, DONE, GONE).result.native.data_type == data_type


def test_a_card_that_is_a_ledger_account_is_balanced_against_as_one() -> None:
    account = PaymentAccount(id=MEALS, pays="card", currency="GBP", category="Liability.Liabilities")
    row = line(replace(PAYMENT, account=account))
    assert (row["balanceAccountType"], row["balancingAccountId"]) == ("G/L Account", MEALS)


@pytest.mark.parametrize(
    ("tax", "tax_rate", "amount", "code"),
    [
        (None, VAT20, "40.10", "STANDARD"),
        (None, "", "40.10", None),
        ("0", "", "40.10", ""),
        ("8.02", "", "48.12", ""),
        ("0", ZERO, "40.10", "ZERO"),
    ],
)
def test_tax_without_a_code_is_cost_and_without_an_amount_is_left_to_the_ledger(
    tax: str | None, tax_rate: str, amount: str, code: str | None
) -> None:
    given = Line(net=Decimal("40.10"), tax=None if tax is None else Decimal(tax), account=TRAVEL, tax_rate=tax_rate)
    row = line(replace(PAYMENT, lines=(given,)))
    assert (row["amount"], row.get("taxCode")) == (Decimal(amount), code)


def test_an_adjustment_has_two_lines_without_tax_and_the_dimensions_of_each() -> None:
    first, second = journal(ADJUSTMENT)["journalLines"]
    assert (first["lineNumber"], second["lineNumber"]) == (10000, 20000)
    assert (first["amount"], second["amount"]) == (Decimal("17.85"), Decimal("-17.85"))
    assert first["dimensionSetLines"] == [{"id": REGION, "valueId": NORTH}]
    assert (second["description"], first["description"]) == ("Moved [t-03]", "[t-03]")
    assert {first["taxCode"], second["taxCode"]} == {""}
    assert "balancingAccountId" not in first
    assert first["documentNumber"] == second["documentNumber"]
    assert played(ADJUSTMENT, MADE, DONE, GONE).result.native.data_type == "journalEntries"


def test_long_texts_are_cut_and_the_id_is_kept() -> None:
    id = "9f0c0f1e-7b2d-4c8e-9a55-1c2b3d4e5f60"
    row = line(replace(PAYMENT, id=id, merchant="m" * 200, reference="r" * 60))
    assert len(row["description"]) == 100
    assert row["description"].endswith(f" [{id}]")
    assert row["externalDocumentNumber"] == "r" * 35
    assert "externalDocumentNumber" not in line(replace(PAYMENT, reference=""))


@pytest.mark.parametrize("document", [transfer(BANK, TRAVEL), BILL])
def test_what_is_not_offered_is_refused_before_anything_is_sent(document: Document) -> None:
    for steps in (CONNECTOR.push(document, CONSENT, COMPANY), CONNECTOR.look_up(document, CONSENT, COMPANY)):
        with pytest.raises(Refused, match="not offered"):
            Played(steps, [])


TWO = (PAYMENT.lines[0], PAYMENT.lines[0])


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (replace(PAYMENT, lines=TWO), "one line"),
        (replace(PAYMENT, currency="USD"), "bank account's currency"),
        (replace(PAYMENT, lines=(Line(net=Decimal(1)),)), "an account"),
        (replace(PAYMENT, lines=(Line(net=Decimal(1), account=TRAVEL, item="3"),)), "no item"),
        (replace(PAYMENT, lines=(Line(net=Decimal(1), account=TRAVEL, invoice_to="3"),)), "bill a line on"),
        (replace(PAYMENT, lines=(Line(net=Decimal(-1), account=TRAVEL),)), "nothing or less"),
        (replace(ADJUSTMENT, lines=ADJUSTMENT.lines[:1]), "2 lines"),
        (replace(ADJUSTMENT, currency="USD"), "GBP alone"),
        (replace(ADJUSTMENT, lines=(replace(ADJUSTMENT.lines[0], invoice_to="3"), ADJUSTMENT.lines[1])), "bill it on"),
    ],
)
def test_what_business_central_cannot_state_is_refused_before_anything_is_sent(document: Document, said: str) -> None:
    with pytest.raises(Refused, match=said):
        played(document)


@pytest.mark.parametrize(
    "tags",
    [
        (TrackingRef(id=REGION),),
        (TrackingRef(id="7", kind="supplier"),),
        (TrackingRef(id=f"{REGION}_{NORTH}"), TrackingRef(id=f"{REGION}_{BANK}")),
    ],
)
def test_tags_that_are_no_values_of_different_dimensions_are_refused(tags: tuple[TrackingRef, ...]) -> None:
    lines = (replace(ADJUSTMENT.lines[0], tracking=tags), ADJUSTMENT.lines[1])
    with pytest.raises(Refused, match="dimension"):
        played(replace(ADJUSTMENT, lines=lines))


def test_a_consent_without_a_place_is_for_the_production_environment_of_the_credential() -> None:
    one = Played(CONNECTOR.push(PAYMENT, replace(CONSENT, facts={}), COMPANY), group(PAYMENT))
    assert one.last.path == f"/v2.0/Production/api/v2.0/companies({COMPANY_ID})/journals"


# What comes back


def test_a_refused_journal_is_refused_in_native_words_without_the_correlation() -> None:
    with pytest.raises(Refused) as failed:
        played(PAYMENT, no("Internal_InvalidTableRelation", 'The "accountId" does not match to an Account.'))
    said = 'The "accountId" does not match to an Account. (Business Central error Internal_InvalidTableRelation)'
    assert failed.value.message == said
    assert (failed.value.native_code, failed.value.status) == ("Internal_InvalidTableRelation", 400)


def refused(document: Document, *answers: Any) -> tuple[list[tuple[str, str]], Refused]:
    """What a push that ends with a refusal sent, and the refusal."""
    asked = []
    steps = CONNECTOR.push(document, CONSENT, COMPANY)
    step = next(steps)
    for answer in (*group(document), *answers):
        assert not isinstance(step, Wait)
        asked.append((step.method, step.path.removeprefix(HERE)))
        try:
            step = steps.send(answer)
        except Refused as failure:
            return asked, failure
    raise AssertionError("not refused")


def test_a_posting_that_is_refused_leaves_neither_line_nor_journal() -> None:
    asked, failure = refused(PAYMENT, MADE, CLOSED, stands(PAYMENT), GONE, GONE)
    assert "allowed posting dates" in failure.message
    id, own = journal(PAYMENT)["id"], line(PAYMENT)["id"]
    assert asked[3:] == [
        ("GET", f"/journals({id})/journalLines({own})"),
        ("DELETE", f"/journals({id})/journalLines({own})"),
        ("DELETE", f"/journals({id})"),
    ]


def test_what_cannot_be_taken_back_is_said() -> None:
    with pytest.raises(Refused, match=r"allowed posting dates.*still in journal SB.*read-only"):
        played(PAYMENT, MADE, CLOSED, stands(PAYMENT), no("BadRequest_InvalidOperation", "read-only"))
    with pytest.raises(Refused, match="allowed posting dates"):
        played(PAYMENT, MADE, CLOSED, stands(PAYMENT), MISSING, MISSING)


def test_a_posting_refused_because_the_lines_are_gone_is_unknown() -> None:
    nothing = no("Application_DialogException", "There is nothing to post.")
    with pytest.raises(Unknown):
        played(PAYMENT, MADE, nothing, MISSING)


@pytest.mark.parametrize(
    "answer",
    [Cut("timeout"), Cut("reset"), page(504), page(200), page(413), reply([]), no("Request_Timeout", "x", 408)],
)
def test_an_answer_that_cannot_be_read_is_unknown_at_the_journal_and_at_its_posting(answer: Any) -> None:
    with pytest.raises(Unknown):
        played(PAYMENT, answer)
    with pytest.raises(Unknown):
        played(PAYMENT, MADE, answer)


@pytest.mark.parametrize("answer", [Cut("timeout"), page(502), MISSING, no("x", status=429), no("x", status=401)])
def test_whatever_comes_of_the_empty_journal_the_document_stands(answer: Any) -> None:
    one = played(PAYMENT, MADE, DONE, answer)
    assert one.result.native.id == number_of(PAYMENT)
    assert len(one.requests) == 3


def test_too_many_requests_make_it_wait_and_then_send_the_same() -> None:
    limited = reply({"error": {"code": "Application_TooManyRequests", "message": "x"}}, 429, Retry_After="17")
    one = played(PAYMENT, limited, MADE, DONE, GONE)
    assert one.steps[2] == Wait(17, "throttled")
    assert one.requests[0] == one.requests[1]


def test_a_credential_that_is_not_accepted_needs_consent() -> None:
    with pytest.raises(NeedsConsent):
        played(PAYMENT, no("Authentication_InvalidCredentials", "Rejected.", 401))


def test_a_permission_that_the_user_lacks_is_a_refusal() -> None:
    with pytest.raises(Refused, match="Rejected"):
        played(PAYMENT, no("Authorization_RequestDenied", "Rejected.", 403))


# What an earlier attempt left


def test_a_journal_that_was_posted_already_is_found_and_not_posted_again() -> None:
    one = played(PAYMENT, EXISTS, entries(PAYMENT, "e-1"))
    assert (one.result.found, one.result.native.id) == (True, number_of(PAYMENT))
    query = unquote(urlsplit(one.last.path).query)
    assert query == f"$filter=documentNumber eq '{number_of(PAYMENT)}'"


def test_a_journal_with_its_line_is_posted() -> None:
    one = played(PAYMENT, EXISTS, NONE, stands(PAYMENT), DONE, GONE)
    assert [request.method for request in one.requests] == ["POST", "GET", "GET", "POST", "DELETE"]
    assert one.requests[3].path.endswith("Microsoft.NAV.post")


def test_a_draft_that_stands_is_left_as_it_is() -> None:
    assert len(played(DRAFT, EXISTS, NONE, stands(DRAFT)).requests) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal("99.00")},
        {"postingDate": "2026-03-01"},
        {"accountId": MEALS},
        {"description": "Something else [t-01]"},
    ],
)
def test_a_line_of_an_earlier_version_is_replaced_before_it_is_posted(change: dict[str, Any]) -> None:
    one = played(PAYMENT, EXISTS, NONE, stands(PAYMENT, **change), GONE, GONE, MADE, DONE, GONE)
    assert [request.method for request in one.requests[3:]] == ["DELETE", "DELETE", "POST", "POST", "DELETE"]
    assert one.requests[5].body == one.requests[0].body


def test_a_journal_without_lines_was_posted_though_the_ledger_does_not_show_it_yet() -> None:
    with pytest.raises(Unknown, match="posted"):
        played(PAYMENT, EXISTS, NONE, MISSING, reply({"id": journal(PAYMENT)["id"]}))


def test_a_code_that_somebody_elses_journal_has_is_refused() -> None:
    with pytest.raises(Refused, match="is taken"):
        played(PAYMENT, EXISTS, NONE, MISSING, MISSING)


def test_both_lines_of_an_adjustment_are_compared() -> None:
    first, second = journal(ADJUSTMENT)["journalLines"]
    one = played(ADJUSTMENT, EXISTS, NONE, reply(first), reply({**second, "amount": Decimal("-1")}), GONE, GONE, GONE)
    assert [request.method for request in one.requests[4:]] == ["DELETE", "DELETE", "DELETE", "POST"]


# Purchase invoices in review

OWED = NewBill(
    id="0c5d0000-0000-4000-8000-000000000005",
    key="key-5",
    date=date(2026, 3, 20),
    due=date(2026, 4, 19),
    currency="GBP",
    supplier=Contact(kind="supplier", name="", id="7"),
    lines=(Line(net=Decimal("5.00"), account=TRAVEL),),
)


@pytest.mark.parametrize(
    ("status", "draft", "found"),
    [
        ("Open", False, True),
        ("Draft", False, False),
        ("In_x0020_Review", False, False),
        ("In_x0020_Review", True, True),
    ],
)
def test_an_invoice_in_review_is_not_taken_for_a_posted_one(status: str, draft: bool, found: bool) -> None:
    asked = CONNECTOR.payables.look_up(replace(OWED, draft=draft), CONSENT, COMPANY)
    one = Played(asked, [reply({"id": OWED.id, "number": "1001", "status": status})])
    assert one.ended
    assert (one.result is not None) == found


def test_a_change_of_an_invoice_in_review_says_what_it_waits_for() -> None:
    stands = {"id": OWED.id, "number": "1001", "status": "In_x0020_Review"}
    with pytest.raises(Refused, match="in review"):
        Played(CONNECTOR.payables.change(OWED, OWED.id, CONSENT, COMPANY), [reply(stands)])
