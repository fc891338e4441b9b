"""The unmodified xero-python and pyxero against a running simulator: one printed line per step, an assertion for each.

Usage: xero_client.py BASE_URL CREDENTIALS_JSON, where BASE_URL ends before ``/api.xro``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
import xero.auth
import xero.exceptions
from steps import Recorder
from xero import Xero
from xero_python.accounting import (
    Account,
    AccountingApi,
    BankTransaction,
    BankTransactions,
    BankTransfer,
    BankTransfers,
    Contact,
    Contacts,
    CreditNote,
    CreditNotes,
    Invoice,
    Invoices,
    LineAmountTypes,
    LineItem,
    Payment,
    PaymentDelete,
    PurchaseOrder,
    PurchaseOrders,
    Quote,
    Quotes,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.exceptions import AccountingBadRequestException, NotFoundException
from xero_python.file import Association, FileObject, FilesApi, Folder, ObjectGroup
from xero_python.identity import IdentityApi

OFFICIAL = Recorder("xero-python").step
PYXERO = Recorder("pyxero").step
SCOPES = [
    "openid",
    "offline_access",
    "accounting.contacts",
    "accounting.transactions",
    "accounting.settings",
    "accounting.attachments",
]


def say(text: str) -> None:
    print(f"ok  {text}", flush=True)


def refusal(kind: type[Exception], call: Callable[[], object]) -> Any:
    """The exception that a call must raise."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was expected")


class Official:
    """xero-python, signed in."""

    def __init__(self, base: str, credentials: dict[str, str]) -> None:
        self.base, self.credentials = base, credentials
        TokenApi.refresh_token_url = TokenApi.client_credentials_token_url = f"{base}/connect/token"
        TokenApi.revoke_token_url = f"{base}/connect/revocation"
        token = OAuth2Token(client_id=credentials["client_id"], client_secret=credentials["client_secret"])
        self.client = ApiClient(Configuration(oauth2_token=token), pool_threads=1)
        self.kept = {
            "access_token": credentials["access_token"],
            "refresh_token": credentials["refresh_token"],
            "scope": ["offline_access", "accounting.transactions"],
            "expires_in": 1800,
            "token_type": "Bearer",
        }
        self.client.oauth2_token_getter(lambda: self.kept)
        self.client.oauth2_token_saver(self.save)
        self.api = AccountingApi(self.client, base_url=f"{base}/api.xro/2.0")
        self.files = FilesApi(self.client, base_url=f"{base}/files.xro/1.0")
        self.identity = IdentityApi(self.client, base_url=base)
        self.tenant = credentials["tenant_id"]

    def save(self, token: dict[str, object]) -> None:
        self.kept = token


def refresh(official: Official) -> None:
    before = official.kept["refresh_token"]
    official.client.set_oauth2_token(official.kept)
    official.client.refresh_oauth2_token()
    assert official.kept["refresh_token"] != before
    assert "accounting.transactions" in str(official.kept["scope"])
    say("refresh rotates the refresh token")


def lists(official: Official) -> dict[str, str]:
    connections = official.identity.get_connections()
    assert [c.tenant_id for c in connections if c.tenant_id == official.tenant]
    organisation = official.api.get_organisations(official.tenant).organisations[0]
    assert organisation.organisation_id == official.tenant
    banks = official.api.get_accounts(official.tenant, where='Type=="BANK" AND Status=="ACTIVE"').accounts
    base = organisation.base_currency.value
    bank = next(a for a in banks if a.currency_code.value == base)
    expense = next(a for a in official.api.get_accounts(official.tenant).accounts if a.code == "400")
    assert official.api.get_tax_rates(official.tenant).tax_rates
    assert official.api.get_currencies(official.tenant).currencies
    official.api.get_tracking_categories(official.tenant)
    official.api.get_users(official.tenant)
    say("connections, organisation, accounts, tax rates, currencies, tracking and users are read")
    return {
        "bank": bank.account_id,
        "other": next(a.account_id for a in banks if a is not bank),
        "expense": expense.code,
    }


def spend(kind: str, reference: str, amount: str, places: dict[str, str]) -> BankTransaction:
    line = LineItem(
        description="Taxi",
        quantity=Decimal(1),
        unit_amount=Decimal(amount),
        account_code=places["expense"],
        tax_type="NONE",
    )
    return BankTransaction(
        type=kind,
        contact=Contact(name="Contoso Cabs"),
        bank_account=Account(account_id=places["bank"]),
        line_items=[line],
        line_amount_types=LineAmountTypes("Exclusive"),
        date=date(2026, 3, 2),
        reference=reference,
        status="AUTHORISED",
    )


def bank_transactions(official: Official, places: dict[str, str]) -> str:
    api, tenant = official.api, official.tenant
    with OFFICIAL("create"):
        made = api.create_bank_transactions(
            tenant, BankTransactions(bank_transactions=[spend("SPEND", "x-1", "18.40", places)])
        )
        payment = made.bank_transactions[0]
        assert payment.total == Decimal("18.4"), payment.total
        assert payment.date == date(2026, 3, 2), payment.date
    with OFFICIAL("credit"):
        before = spent(official, places)
        refund = api.create_bank_transactions(
            tenant, BankTransactions(bank_transactions=[spend("RECEIVE", "x-2", "7.15", places)])
        )
        assert refund.bank_transactions[0].type == "RECEIVE"
        assert before - spent(official, places) == Decimal("7.15")
    with OFFICIAL("read_back"):
        found = api.get_bank_transactions(tenant, where='Reference=="x-1"', page=1).bank_transactions
        assert [t.bank_transaction_id for t in found] == [payment.bank_transaction_id]
        assert not api.get_bank_transactions(tenant, page=99).bank_transactions
        again = api.get_bank_transaction(tenant, payment.bank_transaction_id).bank_transactions[0]
        assert again.line_items[0].unit_amount == Decimal("18.4")
    return str(payment.bank_transaction_id)


def spent(official: Official, places: dict[str, str]) -> Decimal:
    """What the trial balance has on the expense account, debits less credits."""
    told = official.api.get_report_trial_balance(official.tenant, date="2026-03-31").reports[0]
    rows = [row.cells for section in told.rows for row in section.rows or []]
    (cells,) = [cells for cells in rows if cells[0].value.endswith(f"({places['expense']})")]
    return Decimal(cells[3].value or 0) - Decimal(cells[4].value or 0)


def idempotency(official: Official, places: dict[str, str]) -> None:
    body = BankTransactions(bank_transactions=[spend("SPEND", "x-3", "3.33", places)])
    first = official.api.create_bank_transactions(official.tenant, body, idempotency_key="key-1")
    again = official.api.create_bank_transactions(official.tenant, body, idempotency_key="key-1")
    ids = {r.bank_transactions[0].bank_transaction_id for r in (first, again)}
    assert len(ids) == 1
    other = BankTransactions(bank_transactions=[spend("SPEND", "x-3", "4.44", places)])
    error = refusal(
        AccountingBadRequestException,
        lambda: official.api.create_bank_transactions(official.tenant, other, idempotency_key="key-1"),
    )
    assert "used with a different request" in str(error.error_data)
    say("an idempotency key repeats its answer and refuses another request")


def attachments(official: Official, transaction: str) -> None:
    content = b"%PDF-1.4\x00\xff receipt"
    made = official.api.create_bank_transaction_attachment_by_file_name(
        official.tenant, transaction, "receipt 1.pdf", content
    )
    assert made.attachments[0].content_length == len(content)
    path = official.api.get_bank_transaction_attachment_by_file_name(
        official.tenant, transaction, "receipt 1.pdf", "application/pdf"
    )
    with open(path, "rb") as file:
        assert file.read() == content
    say("an attachment comes back byte for byte")


def bills(official: Official, places: dict[str, str]) -> None:
    api, tenant = official.api, official.tenant
    contact = api.create_contacts(
        tenant, Contacts(contacts=[Contact(name="Fabrikam Freight", email_address="ap@example.com")])
    ).contacts[0]
    line = LineItem(
        description="Freight",
        quantity=Decimal(2),
        unit_amount=Decimal("60.55"),
        account_code=places["expense"],
        tax_type="NONE",
    )
    bill = Invoice(
        type="ACCPAY",
        contact=Contact(contact_id=contact.contact_id),
        date=date(2026, 3, 1),
        due_date=date(2026, 3, 15),
        line_items=[line],
        status="AUTHORISED",
        invoice_number="F-77",
        line_amount_types=LineAmountTypes("NoTax"),
    )
    made = api.create_invoices(tenant, Invoices(invoices=[bill])).invoices[0]
    assert (made.total, made.amount_due) == (Decimal("121.1"), Decimal("121.1"))
    paid = api.create_payment(
        tenant,
        Payment(
            invoice=Invoice(invoice_id=made.invoice_id),
            account=Account(account_id=places["bank"]),
            date=date(2026, 3, 2),
            amount=Decimal("121.10"),
        ),
    ).payments[0]
    assert api.get_invoice(tenant, made.invoice_id).invoices[0].status == "PAID"
    api.delete_payment(tenant, paid.payment_id, PaymentDelete(status="DELETED"))
    assert api.get_invoice(tenant, made.invoice_id).invoices[0].status == "AUTHORISED"
    credit = CreditNote(
        type="ACCPAYCREDIT",
        contact=Contact(contact_id=contact.contact_id),
        date=date(2026, 3, 2),
        line_items=[line],
        status="AUTHORISED",
    )
    note = api.create_credit_notes(tenant, CreditNotes(credit_notes=[credit])).credit_notes[0]
    assert note.remaining_credit == Decimal("121.1"), note.remaining_credit
    say("a bill is made, paid, unpaid; a credit note stands against the supplier")


def transfers(official: Official, places: dict[str, str]) -> None:
    accounts = official.api.get_accounts(official.tenant, where='Type=="BANK"').accounts
    home = next(a for a in accounts if a.account_id == places["bank"]).currency_code
    other = next((a for a in accounts if a.currency_code == home and a.account_id != places["bank"]), None)
    if other is None:
        return
    transfer = BankTransfer(
        from_bank_account=Account(account_id=places["bank"]),
        to_bank_account=Account(account_id=other.account_id),
        amount=Decimal("25.00"),
    )
    made = official.api.create_bank_transfer(official.tenant, BankTransfers(bank_transfers=[transfer])).bank_transfers[
        0
    ]
    assert made.from_bank_transaction_id
    say("a transfer moves money between two accounts")


def refusals(official: Official, places: dict[str, str], transaction: str) -> None:
    wrong = spend("SPEND", "x-9", "1.00", {**places, "expense": "nope"})
    single = BankTransactions(bank_transactions=[wrong])
    with OFFICIAL("validation_error"):
        error = refusal(
            AccountingBadRequestException, lambda: official.api.create_bank_transactions(official.tenant, single)
        )
        assert "is not a valid code for this document" in error.reason, error.reason
        mixed = BankTransactions(bank_transactions=[wrong, spend("SPEND", "x-10", "2.22", places)])
        apart = official.api.create_bank_transactions(official.tenant, mixed, summarize_errors=False).bank_transactions
        assert [t.status_attribute_string for t in apart] == ["ERROR", "OK"]
    with OFFICIAL("stale_write"):
        stale_write(official, places, transaction)
    unknown = "11111111-1111-4111-8111-111111111111"
    refusal(NotFoundException, lambda: official.api.get_invoice(official.tenant, unknown))
    say("an unknown id is not found")


def stale_write(official: Official, places: dict[str, str], transaction: str) -> None:
    """Xero has no version that a change could name: the last one stands, until what it changes is deleted."""

    def changed(reference: str, **more: Any) -> BankTransaction:
        account = Account(account_id=places["bank"])
        own = BankTransaction(
            bank_transaction_id=transaction, type="SPEND", bank_account=account, reference=reference, **more
        )
        wanted = BankTransactions(bank_transactions=[own])
        return official.api.update_bank_transaction(official.tenant, transaction, wanted).bank_transactions[0]

    lines = {"line_items": spend("SPEND", "", "18.40", places).line_items}
    changed("of another user", **lines)
    assert changed("too late", **lines).reference == "too late"
    assert changed("gone", line_items=[], status="DELETED").status == "DELETED"
    error = refusal(AccountingBadRequestException, lambda: changed("later still", **lines))
    assert "deleted" in error.reason, error.reason


def reports(official: Official) -> None:
    rows = official.api.get_report_trial_balance(official.tenant).reports[0].rows
    assert rows[0].cells[0].value == "Account"
    official.api.get_report_bank_summary(official.tenant)
    official.api.get_journals(official.tenant)
    say("trial balance, bank summary and journals are read")


def every_list(official: Official) -> None:
    """Every list of the classes that are simulated parses; documents read by id do so too."""
    names = (
        *("bank_transactions", "bank_transfers", "batch_payments", "branding_themes", "contact_groups", "contacts"),
        *("credit_notes", "currencies", "expense_claims", "invoices", "items", "linked_transactions"),
        *("manual_journals", "overpayments", "payments", "prepayments", "purchase_orders", "quotes"),
        *("receipts", "tax_rates", "users"),
    )
    ordered = {"contact": Contact(name="Northwind"), "date": date(2026, 3, 1)}
    lines = [LineItem(description="Chairs", quantity=2, unit_amount=31.5)]
    order = PurchaseOrders(purchase_orders=[PurchaseOrder(**ordered, line_items=lines)])
    assert official.api.create_purchase_orders(official.tenant, order).purchase_orders[0].total == 63
    quote = Quotes(quotes=[Quote(**ordered, line_items=lines, title="Chairs")])
    assert official.api.create_quotes(official.tenant, quote).quotes[0].total == 63
    for name in names:
        assert isinstance(getattr(getattr(official.api, f"get_{name}")(official.tenant), name), list), name
    for name, id in (("invoice", "invoice_id"), ("credit_note", "credit_note_id"), ("payment", "payment_id")):
        listed = getattr(getattr(official.api, f"get_{name}s")(official.tenant), f"{name}s")
        wanted = getattr(listed[0], id)
        read = getattr(official.api, f"get_{name}")(official.tenant, wanted)
        assert getattr(getattr(read, f"{name}s")[0], id) == wanted, name
    summary = official.api.get_report_executive_summary(official.tenant).reports[0]
    assert [row.title for row in summary.rows[1:3]] == ["Cash", "Profitability"]
    profit = official.api.get_report_profit_and_loss(official.tenant, periods=2, timeframe="MONTH").reports[0]
    assert len(profit.rows[0].cells) == 4
    say("every list parses, by id too; reports compare periods")


def library(official: Official, transaction: str) -> None:
    """The Files API: a folder, an upload, an association that hangs the file on a document."""
    folder = official.files.create_folder(official.tenant, Folder(name="Receipts"))
    made = official.files.upload_file(
        official.tenant, body=b"\x89PNG\xff", name="r.png", filename="r.png", mime_type="image/png"
    )
    assert made.size == 5, made
    moved = official.files.update_file(official.tenant, made.id, FileObject(folder_id=folder.id))
    assert moved.folder_id == folder.id
    association = Association(object_id=transaction, object_group=ObjectGroup.BANKTRANSACTION)
    official.files.create_file_association(official.tenant, made.id, association)
    hung = official.api.get_bank_transaction_attachments(official.tenant, transaction)
    assert "r.png" in [each.file_name for each in hung.attachments]
    official.files.delete_file_association(official.tenant, made.id, transaction)
    official.files.delete_file(official.tenant, made.id)
    assert official.files.get_files(official.tenant).total_count == 0
    official.files.delete_folder(official.tenant, folder.id)
    say("a file is uploaded, moved, hung on a document, and deleted")


def consent(base: str, credentials: dict[str, str]) -> str:
    """The authorization code of an approved consent."""
    asked = {
        "response_type": "code",
        "client_id": credentials["client_id"],
        "redirect_uri": "http://localhost:9/callback",
        "scope": " ".join(SCOPES),
        "state": "s-1",
        "sandbox_decision": "approve",
    }
    answer = requests.get(f"{base}/identity/connect/authorize?{urlencode(asked)}", allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def independent(base: str, credentials: dict[str, str], places: dict[str, str]) -> None:
    """pyxero: XML bodies, its own OAuth 2 flow."""
    with PYXERO("sign_in"):
        client = consented(base, credentials)
        assert client.organisations.all()[0]["OrganisationID"] == credentials["tenant_id"]
    with PYXERO("lists"):
        banks = client.accounts.filter(Type="BANK")
        assert places["bank"] in [row["AccountID"] for row in banks], banks
        assert len(client.accounts.all()) > len(banks)
        assert client.taxrates.all()
    contact = client.contacts.put({"Name": "Pyxero & Söhne <Ltd>", "EmailAddress": "p@example.com"})[0]
    assert client.contacts.filter(Name="Pyxero & Söhne <Ltd>")[0]["ContactID"] == contact["ContactID"]
    assert client.contacts.filter(Name__contains="yxero")
    client.contacts.put_history(contact["ContactID"], "Seen")

    line = {"Description": "Pens", "AccountCode": places["expense"], "TaxType": "NONE"}
    head = {"Contact": {"ContactID": contact["ContactID"]}, "Date": date(2026, 3, 2)}
    bank = {"BankAccount": {"AccountID": places["bank"]}}
    with PYXERO("create"):
        spending = {"Type": "SPEND", **head, **bank, "Reference": "py-1"}
        lines = [{**line, "UnitAmount": Decimal("9.85")}]
        made = client.banktransactions.put({**spending, "LineItems": lines})[0]
    id = made["BankTransactionID"]
    with PYXERO("read_back"):
        read = client.banktransactions.get(id)[0]
        assert (read["Total"], read["Reference"], read["Date"].day) == (9.85, "py-1", 2), read
    with PYXERO("attach"):
        client.banktransactions.put_attachment_data(id, "pens.txt", b"pens", "text/plain")
        assert client.banktransactions.get_attachment_data(id, "pens.txt") == b"pens"
    with PYXERO("credit"):
        credit(client, head, line)
    with PYXERO("validation_error"):
        error = refusal(xero.exceptions.XeroBadRequest, lambda: client.contacts.put({"Name": "Pyxero & Söhne <Ltd>"}))
        assert "already assigned to another contact" in str(error), error
    with PYXERO("stale_write"):  # no version that a change could name: the last one stands
        for reference in ("of another user", "too late"):
            client.banktransactions.save({"BankTransactionID": id, "Reference": reference})
        assert client.banktransactions.get(id)[0]["Reference"] == "too late"
        client.banktransactions.save({"BankTransactionID": id, "Status": "DELETED"})
        late = {"BankTransactionID": id, "Reference": "later still"}
        error = refusal(xero.exceptions.XeroBadRequest, lambda: client.banktransactions.save(late))
        assert "deleted" in str(error), error


def credit(client: Xero, head: dict[str, object], line: dict[str, object]) -> None:
    """A supplier's credit note against a bill: what is left of either."""
    bill = {"Type": "ACCPAY", **head, "DueDate": date(2026, 3, 31), "Status": "AUTHORISED", "InvoiceNumber": "py-2"}
    owed = client.invoices.put({**bill, "LineItems": [{**line, "UnitAmount": Decimal("30.00")}]})[0]["InvoiceID"]
    note = {"Type": "ACCPAYCREDIT", **head, "Status": "AUTHORISED"}
    made = client.creditnotes.put({**note, "LineItems": [{**line, "UnitAmount": Decimal("12.40")}]})[0]
    assert made["RemainingCredit"] == 12.4, made
    client.creditnotes.put_allocation(made["CreditNoteID"], {"Invoice": {"InvoiceID": owed}, "Amount": "7.25"})
    left = client.creditnotes.get(made["CreditNoteID"])[0]["RemainingCredit"]
    assert (client.invoices.get(owed)[0]["AmountDue"], left) == (22.75, 5.15), left


def consented(base: str, credentials: dict[str, str]) -> Xero:
    """pyxero with the tokens of a consent, refreshed once."""
    xero.auth.XERO_OAUTH2_TOKEN_URL = f"{base}/connect/token"
    xero.auth.XERO_OAUTH2_CONNECTIONS_URL = "/connections"
    location = consent(base, credentials)
    assert parse_qs(urlsplit(location).query)["state"] == ["s-1"]
    signed = xero.auth.OAuth2Credentials(
        credentials["client_id"],
        credentials["client_secret"],
        callback_uri="http://localhost:9/callback",
        auth_state="s-1",
        scope=SCOPES,
        relax_token_scope=True,
    )
    signed.base_url = base
    signed.verify(location.replace("http://", "https://"))
    signed.tenant_id = credentials["tenant_id"]
    signed.refresh()
    return Xero(signed)


def main() -> None:
    base, credentials = sys.argv[1].rstrip("/"), json.loads(sys.argv[2])
    official = Official(base, credentials)
    with OFFICIAL("sign_in"):
        refresh(official)
    with OFFICIAL("lists"):
        places = lists(official)
    transaction = bank_transactions(official, places)
    idempotency(official, places)
    with OFFICIAL("attach"):
        attachments(official, transaction)
    bills(official, places)
    transfers(official, places)
    every_list(official)
    library(official, transaction)
    refusals(official, places, transaction)
    reports(official)
    independent(base, credentials, places)
    print("done")


if __name__ == "__main__":
    main()
