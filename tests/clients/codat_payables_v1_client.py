"""The official codat-sync-for-payables-version-1 client, unmodified, against a hub: push operations and read copies.

    python codat_payables_v1_client.py http://127.0.0.1:8787/codat credentials.json

The JSON file (or the variable CODAT_CREDENTIALS with its text) holds ``api_key``, ``company_id``, ``connection_id``, and ``books`` (see ``books.py``).
Every read operation of the client is called, a bill is written, changed, paid in part with another, credited, unpaid and
deleted. What the connected platform does not offer is refused there, and said so. Ends with 0 when all steps hold.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from books import Books
from codat_sync_for_payables_version_1 import CodatSyncPayables
from codat_sync_for_payables_version_1.models import errors, shared
from codat_sync_for_payables_version_1.utils import BackoffStrategy, RetryConfig
from steps import Recorder

STEP = Recorder("codat-sync-for-payables-version-1").step
DAY, LATER = "2026-03-20T00:00:00", "2026-04-19T00:00:00"
PATIENCE_SECONDS = 90


def say(text: str) -> None:
    print(f"ok  {text}", flush=True)


def refused(statuses: tuple[int, ...], call: Callable[[], Any]) -> str:
    """What is said by a call that is answered with one of these statuses."""
    try:
        call()
    except errors.ErrorMessage as error:
        if error.data.status_code in statuses:
            items = (error.data.validation.errors or []) if error.data.validation else []
            return "; ".join([str(error.data.error), *(str(item.message) for item in items)])
        raise
    raise AssertionError(f"nothing was refused with {statuses}")


class Run:
    """The steps of one run, in their order."""

    def __init__(self, base_url: str, given: dict[str, Any]) -> None:
        header = "Basic " + base64.b64encode(given["api_key"].encode()).decode()
        never = RetryConfig("none", BackoffStrategy(1, 1, 1, 1), False)
        security = shared.Security(auth_header=header)
        self.codat = CodatSyncPayables(security=security, server_url=base_url, retry_config=never, timeout_ms=60_000)
        self.books = Books(given["books"], httpx.get)
        self.company = {"company_id": given["company_id"]}
        self.connection = {**self.company, "connection_id": given["connection_id"]}

    def all(self) -> None:
        with STEP("sign_in"):
            self.profile()
        self.refresh()
        with STEP("lists"):
            self.lists()
        self.models()
        self.supplier_and_accounts()
        with STEP("create"):
            bills = [self.bill(412.5), self.bill(187.25)]
        self.change(bills[1])
        with STEP("stale_write"):
            self.stale_write(bills[1])
        with STEP("attach"):
            self.file(bills[0])
        payment = self.pay(bills)
        with STEP("read_back"):
            self.seen_paid(bills, payment)
        self.unpay(payment)
        before = self.books.of("Accounts Payable")
        with STEP("credit"):
            self.credit()
            assert self.books.of("Accounts Payable") - before == Decimal("44.75"), before
        self.journal_entry()
        with STEP("validation_error"):
            self.refusals()

    # What a push operation came to

    def ended(self, pushed: Any) -> Any:
        """A push operation once it is no longer pending."""
        request = {**self.company, "push_operation_key": pushed.push_operation_key}
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = self.codat.push_operations.get(request=request)
            if found.status.value != "Pending":
                return found
            assert time.monotonic() < until, found
            time.sleep(0.2)

    def made(self, pushed: Any) -> str:
        found = self.ended(pushed)
        assert found.status.value == "Success", found.error_message
        return str(found.changes[0].record_ref.id)

    def offered(self, what: str, call: Callable[[], Any]) -> Any:
        """What a call answers; None, said aloud, where the platform or its hub does not offer it."""
        try:
            return call()
        except errors.ErrorMessage as error:
            if error.data.status_code not in (400, 404):
                raise
            say(f"not offered here: {what} ({error.data.error})")
            return None

    def read(self, data_type: str) -> None:
        self.codat.manage_data.refresh_data_type(request={**self.company, "data_type": data_type})
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            history = self.codat.manage_data.list_pull_operations(
                request={**self.company, "query": f"dataType={data_type}", "page_size": 1}
            )
            if history.results[0].is_completed:
                assert history.results[0].status.value == "Complete", history.results[0]
                return
            assert time.monotonic() < until, history.results[0]
            time.sleep(0.2)

    # Steps

    def profile(self) -> None:
        info = self.codat.company_info.get_accounting_profile(request=self.company)
        self.currency = info.base_currency
        assert self.codat.connections.get(request=self.connection).status.value == "Linked"
        say(f"profile: {info.company_name}, {self.currency}")

    def refresh(self) -> None:
        self.codat.manage_data.refresh_all_data_types(request=self.company)
        for data_type in ("bills", "billPayments", "suppliers", "chartOfAccounts", "taxRates"):
            self.read(data_type)
        status = self.codat.manage_data.get(request=self.company)
        assert status.bills.current_status.value == "Complete", status.bills
        pulled = self.codat.manage_data.list_pull_operations(request=self.company).results[0]
        one = self.codat.manage_data.get_pull_operation(request={**self.company, "dataset_id": pulled.id})
        assert one.id == pulled.id
        say("everything read anew")

    def lists(self) -> None:
        accounts = self.codat.accounts.list(request={**self.company, "page_size": 5000}).results
        self.costs = [one for one in accounts if one.type.value == "Expense" and not one.is_bank_account]
        banks = [one for one in accounts if one.is_bank_account and one.currency == self.currency]
        self.bank = next(one for one in banks if one.type.value == "Asset")
        got = self.codat.accounts.get(request={**self.company, "account_id": self.bank.id})
        assert got.id == self.bank.id
        rates = self.codat.tax_rates.list(request=self.company).results
        if rates:
            rate = self.codat.tax_rates.get(request={**self.company, "tax_rate_id": rates[0].id})
            assert rate.id == rates[0].id
        # Some platforms tell no percentages: there the name does.
        untaxed = sorted((one for one in rates if not one.total_tax_rate), key=lambda one: "No " not in one.name)
        self.tax = {"tax_rate_ref": {"id": untaxed[0].id}} if untaxed else {}
        methods = self.offered("payment methods", lambda: self.codat.payment_methods.list(request=self.company))
        if methods is not None and methods.results:
            request = {**self.company, "payment_method_id": methods.results[0].id}
            assert self.codat.payment_methods.get(request=request).id == methods.results[0].id
        tracked = self.codat.tracking_categories.list(request=self.company).results
        if tracked:
            request = {**self.company, "tracking_category_id": tracked[0].id}
            assert self.codat.tracking_categories.get(request=request).id == tracked[0].id
        self.offered("journals", lambda: self.codat.journals.list(request=self.company))
        say(f"lists: {len(accounts)} accounts, {len(rates)} tax rates, {len(tracked)} categories")

    def models(self) -> None:
        asked = {
            "bills": self.codat.bills.get_create_update_model,
            "bill payments": self.codat.bill_payments.get_create_model,
            "suppliers": self.codat.suppliers.get_create_update_model,
            "bill credit notes": self.codat.bill_credit_notes.get_create_update_model,
            "accounts": self.codat.accounts.get_create_model,
            "bank accounts": self.codat.bank_accounts.get_create_model,
            "journal entries": self.codat.journal_entries.get_create_model,
            "journals": self.codat.journals.get_create_model,
        }
        for what, ask in asked.items():
            model = self.offered(f"the model of {what}", lambda ask=ask: ask(request=self.connection))
            assert model is None or model.properties, what
        say("models of what can be written")

    def supplier_and_accounts(self) -> None:
        name = f"Fabrikam {uuid.uuid4().hex[:8]}"
        body = {"supplier_name": name, "status": "Active", "contact_name": "Grace Hopper"}
        self.supplier = self.made(self.codat.suppliers.create(request={**self.connection, "supplier": body}))
        self.read("suppliers")
        found = self.codat.suppliers.get(request={**self.company, "supplier_id": self.supplier})
        assert found.supplier_name == name, found
        changed = {**body, "id": self.supplier, "supplier_name": f"{name} Ltd"}
        request = {**self.connection, "supplier_id": self.supplier, "supplier": changed}
        self.made(self.codat.suppliers.update(request=request))
        self.read("suppliers")
        query = {**self.company, "query": f"supplierName={name} Ltd"}
        assert [one.id for one in self.codat.suppliers.list(request=query).results] == [self.supplier]
        say("supplier written, read, changed and found by a query")

    def lines(self, *amounts: float) -> list[dict[str, Any]]:
        """Lines of a bill, each on an account of its own, all taxed alike: not at all."""
        return [
            {"description": "Cloud", "unit_amount": amount, "quantity": 1, "tax_amount": 0, **self.tax}
            | {"account_ref": {"id": self.costs[place].id}}
            for place, amount in enumerate(amounts)
        ]

    def document(self, *amounts: float) -> dict[str, Any]:
        return {
            "supplier_ref": {"id": self.supplier},
            "issue_date": DAY,
            "currency": self.currency,
            "line_items": self.lines(*amounts),
            "sub_total": sum(amounts),
            "total_amount": sum(amounts),
        }

    def whole_bill(self, *amounts: float) -> dict[str, Any]:
        own = {"reference": f"INV-{uuid.uuid4().hex[:6]}", "due_date": LATER, "status": "Open", "tax_amount": 0}
        return {**self.document(*amounts), **own}

    def bill(self, amount: float) -> str:
        request = {**self.connection, "bill": self.whole_bill(amount)}
        pushed = self.codat.bills.create(request=request)
        assert pushed.data.total_amount == amount
        id = self.made(pushed)
        self.read("bills")
        found = self.codat.bills.get(request={**self.company, "bill_id": id})
        assert (found.status.value, float(found.amount_due)) == ("Open", amount), found
        say(f"bill of {amount} written and read")
        return id

    def change(self, bill: str) -> None:
        request = {**self.connection, "bill_id": bill, "bill": self.whole_bill(150.25, 37)}
        pushed = self.offered("a change of a bill", lambda: self.codat.bills.update(request=request))
        found = self.ended(pushed) if pushed is not None else None
        if found is None or found.status.value == "Failed":
            say(f"bill not changed: {found.error_message if found else 'not offered'}")
            return
        self.read("bills")
        assert len(self.codat.bills.get(request={**self.company, "bill_id": bill}).line_items) == 2
        say("bill changed: its lines were replaced")

    def stale_write(self, bill: str) -> None:
        """The date of a reading that another change has overtaken."""
        old = self.codat.bills.get(request={**self.company, "bill_id": bill}).source_modified_date
        request = {**self.connection, "bill_id": bill}
        while self.codat.bills.get(request={**self.company, "bill_id": bill}).source_modified_date == old:
            first = self.codat.bills.update(request={**request, "bill": self.whole_bill(150.25, 37)})
            assert self.ended(first).status.value == "Success"
            self.read("bills")
        late = {**self.whole_bill(187.25), "source_modified_date": old}
        told = self.ended(self.codat.bills.update(request={**request, "bill": late}))
        assert told.status.value == "Failed", told
        assert "forceUpdate=true" in told.error_message, told
        say(f"refused: {told.error_message}")

    def file(self, bill: str) -> None:
        where = {**self.connection, "bill_id": bill}
        file = {"file_name": "bill.pdf", "content": b"%PDF-1.7 a bill", "content_type": "application/pdf"}
        put = {**where, "attachment_upload": {"file": file}}
        self.offered("a file", lambda: self.codat.bills.upload_attachment(request=put))
        listed = self.offered("files", lambda: self.codat.bills.list_attachments(request=where))
        if listed is None:
            return
        (found,) = listed.attachments
        one = {**where, "attachment_id": found.id}
        assert self.codat.bills.get_attachment(request=one).id == found.id
        answer = self.codat.bills.download_attachment(request=one)
        assert (answer if isinstance(answer, bytes) else answer.read()) == b"%PDF-1.7 a bill"
        pushed = self.offered("taking a file off", lambda: self.codat.bills.delete_attachment(request=one))
        if pushed is not None:
            assert self.ended(pushed).status.value == "Success"
        say("file put on a bill, listed and downloaded")

    def pay(self, bills: list[str]) -> str:
        parts = [(bills[0], 412.5), (bills[1], 87.25)]
        lines = [{"amount": amount, "links": [{"type": "Bill", "id": id, "amount": -amount}]} for id, amount in parts]
        body = {
            "supplier_ref": {"id": self.supplier},
            "account_ref": {"id": self.bank.id},
            "date": DAY,
            "currency": self.currency,
            "total_amount": 499.75,
            "lines": lines,
            "reference": "",
        }
        several = self.offered(
            "several bills in lines of their own",
            lambda: self.ended(self.codat.bill_payments.create(request={**self.connection, "bill_payment": body})),
        )
        self.both = several is not None and several.status.value == "Success"
        if self.both:
            say("two bills paid at once, one of them in part")
            return str(several.changes[0].record_ref.id)
        alone = {**body, "total_amount": 412.5, "lines": lines[:1]}
        id = self.made(self.codat.bill_payments.create(request={**self.connection, "bill_payment": alone}))
        say("one bill paid")
        return id

    def seen_paid(self, bills: list[str], payment: str) -> None:
        for data_type in ("billPayments", "bills"):
            self.read(data_type)
        first, second = (self.codat.bills.get(request={**self.company, "bill_id": id}) for id in bills)
        assert (first.status.value, float(first.amount_due)) == ("Paid", 0), first
        assert second.status.value == ("PartiallyPaid" if self.both else "Open"), second
        found = self.codat.bill_payments.get(request={**self.company, "bill_payment_id": payment})
        assert float(found.total_amount) == (499.75 if self.both else 412.5), found
        unpaid = self.codat.bills.list(request={**self.company, "query": "amountDue>0&&status!=Draft"}).results
        assert bills[0] not in [one.id for one in unpaid]
        newest = self.codat.bill_payments.list(request={**self.company, "order_by": "-totalAmount"}).results
        amounts = [float(one.total_amount) for one in newest]
        assert amounts == sorted(amounts, reverse=True)
        say("bills seen paid and the payment read")

    def unpay(self, payment: str) -> None:
        request = {**self.connection, "bill_payment_id": payment}
        pushed = self.offered("deleting a payment", lambda: self.codat.bill_payments.delete(request=request))
        if pushed is None:
            return
        assert self.ended(pushed).status.value == "Success"
        bill = self.bill(61.5)
        gone = self.offered(
            "deleting a bill", lambda: self.codat.bills.delete(request={**self.connection, "bill_id": bill})
        )
        assert gone is None or self.ended(gone).status.value == "Success"
        say("payment and bill deleted")

    def credit(self) -> None:
        body = {
            **self.document(44.75),
            "bill_credit_note_number": "C-1",
            "status": "Submitted",
            "total_discount": 0,
            "total_tax_amount": 0,
            "discount_percentage": 0,
        }
        request = {**self.connection, "bill_credit_note": body}
        pushed = self.offered("credit notes", lambda: self.codat.bill_credit_notes.create(request=request))
        if pushed is None:
            return
        id = self.made(pushed)
        self.read("billCreditNotes")
        found = self.codat.bill_credit_notes.get(request={**self.company, "bill_credit_note_id": id})
        assert float(found.remaining_credit) == 44.75, found
        assert id in [one.id for one in self.codat.bill_credit_notes.list(request=self.company).results]
        say("credit note written and read")

    def journal_entry(self) -> None:
        rows = [
            {"account_ref": {"id": self.costs[place].id}, "net_amount": amount, "currency": self.currency}
            for place, amount in enumerate((12.5, -12.5))
        ]
        body: dict[str, Any] = {"posted_on": DAY, "description": "Moved", "journal_lines": rows}
        journals = self.offered("journals", lambda: self.codat.journals.list(request=self.company))
        if journals is not None and journals.results:
            body["journal_ref"] = {"id": journals.results[0].id}
        request = {**self.connection, "journal_entry": body}
        pushed = self.offered("journal entries", lambda: self.codat.journal_entries.create(request=request))
        if pushed is not None:
            found = self.ended(pushed)
            assert found.status.value == "Success", found.error_message
            say("journal entry written")

    def refusals(self) -> None:
        refused((404,), lambda: self.codat.bills.get(request={**self.company, "bill_id": "no-such-bill"}))
        refused((400,), lambda: self.codat.bills.list(request={**self.company, "query": "colour=red"}))
        wrong = {**self.whole_bill(5), "currency": "POUND"}
        text = refused((400,), lambda: self.codat.bills.create(request={**self.connection, "bill": wrong}))
        assert "Currency" in text, text
        pushes = self.codat.push_operations.list(request={**self.company, "query": "dataType=bills"}).results
        assert all(one.status.value != "Pending" for one in pushes)
        say("refused: an unknown bill, a member that bills do not have, a wrong currency")


def credentials(arguments: list[str]) -> dict[str, Any]:
    text = Path(arguments[1]).read_text() if len(arguments) > 1 else os.environ["CODAT_CREDENTIALS"]
    given: dict[str, Any] = json.loads(text)
    return given


if __name__ == "__main__":
    base = sys.argv[1] if len(sys.argv) > 1 else os.environ["CODAT_BASE_URL"]
    Run(base, credentials(sys.argv[1:])).all()
    print("all steps hold")
