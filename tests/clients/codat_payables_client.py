"""The official codat-sync-for-payables client, unmodified, against a hub: lists, bills, payments, files, refusals.

    python codat_payables_client.py http://127.0.0.1:8787/codat credentials.json

The JSON file (or the variable CODAT_CREDENTIALS with its text) holds ``api_key``, ``company_id``, ``connection_id``.
Prints a line for each step and ends with 0 when all of them hold.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from codat_sync_for_payables import CodatSyncPayables
from codat_sync_for_payables.models import errors, shared
from codat_sync_for_payables.utils import BackoffStrategy, RetryConfig
from steps import Recorder

STEP = Recorder("codat-sync-for-payables").step
DAY, LATER = "2026-03-20", "2026-04-19"


def say(text: str) -> None:
    print(f"ok  {text}", flush=True)


def client(base_url: str, key: str) -> Any:
    header = "Basic " + base64.b64encode(key.encode()).decode()
    never = RetryConfig("none", BackoffStrategy(1, 1, 1, 1), False)
    return CodatSyncPayables(security=shared.Security(auth_header=header), server_url=base_url, retry_config=never)


def refused(status: int, call: Callable[[], Any]) -> str:
    """What is said by a call that is answered with this status."""
    try:
        call()
    except errors.ErrorMessage as error:
        if error.data.status_code == status:
            items = (error.data.validation.errors or []) if error.data.validation else []
            return "; ".join([str(error.data.error), *(str(item.message) for item in items)])
        raise
    raise AssertionError(f"nothing was refused with {status}")


class Run:
    """The steps of one run, in their order."""

    def __init__(self, base_url: str, given: dict[str, Any]) -> None:
        self.base_url = base_url
        self.codat = client(base_url, given["api_key"])
        self.company = {"company_id": given["company_id"]}
        self.connection = {**self.company, "connection_id": given["connection_id"]}

    def all(self) -> None:
        with STEP("sign_in"):
            self.sign_in()
        with STEP("lists"):
            self.options()
        self.suppliers()
        with STEP("create"):
            bill = self.create()
        self.update(bill)
        with STEP("attach"):
            self.attach(bill)
        with STEP("read_back"):
            self.pay(bill)
        with STEP("stale_write"):
            self.late(bill)
        with STEP("validation_error"):
            self.refusals()
        self.bank_account()

    def sign_in(self) -> None:
        stranger = client(self.base_url, "nobody")
        refused(401, lambda: stranger.companies.list(request={}))
        found = self.codat.connections.list(request=self.company)
        assert self.connection["connection_id"] in [row.id for row in found.results]
        info = self.codat.company_information.get(request=self.connection)
        self.currency = info.base_currency
        say(f"sign in: {info.company_name}, {self.currency}; a wrong key is refused")

    def options(self) -> None:
        options = self.codat.bills.get_bill_options(request=self.connection)
        self.costs = [account for account in options.accounts if account.type == "Expense"]
        self.untaxed = next(rate.id for rate in options.tax_rates if rate.effective_tax_rate == 0)
        found = self.codat.bill_payments.get_payment_options(request=self.connection)
        self.banks = [a for a in found.bank_accounts if a.account_type.value == "Debit" and a.currency == self.currency]
        archived = {**self.connection, "status_query": "status=Archived"}
        assert self.banks[0].id not in [
            a.id for a in self.codat.bill_payments.get_payment_options(request=archived).bank_accounts
        ]
        say(f"mapping options: {len(options.accounts)} accounts, {len(self.banks)} banks in {self.currency}")

    def suppliers(self) -> None:
        name = f"Fabrikam {uuid.uuid4().hex[:8]}"
        body = {"supplier_name": name, "status": "Active", "email_address": "books@fabrikam.example"}
        made = self.codat.suppliers.create(request={**self.connection, "supplier_prototype": body})
        changed = {**body, "supplier_name": f"{name} Ltd"}
        request = {**self.connection, "supplier_id": made.id, "supplier_prototype": changed}
        assert self.codat.suppliers.update(request=request).supplier_name == f"{name} Ltd"
        found = self.codat.suppliers.list(request={**self.connection, "query": f"supplierName={name} Ltd"})
        assert [one.id for one in found.results] == [made.id]
        self.supplier = made.id
        say("supplier created, changed and found by a query")

    def bill(self, *amounts: float) -> dict[str, Any]:
        lines = [
            {"description": "Cloud", "unit_amount": amount, "quantity": 1, "tax_amount": 0}
            | {"account_ref": {"id": self.costs[place].id}, "tax_rate_ref": {"id": self.untaxed}}
            for place, amount in enumerate(amounts)
        ]
        return {
            "reference": "INV-2026-03",
            "supplier_ref": {"id": self.supplier},
            "issue_date": DAY,
            "due_date": LATER,
            "currency": self.currency,
            "status": "Open",
            "line_items": lines,
        }

    def create(self) -> str:
        request = {**self.connection, "idempotency_key": str(uuid.uuid4()), "bill_prototype": self.bill(412.5)}
        made = self.codat.bills.create(request=request)
        assert self.codat.bills.create(request=request).id == made.id
        assert (made.status.value, float(made.amount_due)) == ("Open", 412.5)
        found = self.codat.bills.list(request={**self.connection, "query": "status=Open"})
        assert [one.id for one in found.results].count(made.id) == 1
        say("bill created once under its key, and listed")
        return str(made.id)

    def update(self, bill: str) -> None:
        request = {**self.connection, "bill_id": bill, "bill_prototype": self.bill(300.25, 99.75)}
        made = self.codat.bills.update(request=request)
        assert (made.id, float(made.total_amount), len(made.line_items)) == (bill, 400.0, 2)
        say("bill changed: its lines were replaced")

    def attach(self, bill: str) -> None:
        file = {"file_name": "bill.pdf", "content": b"%PDF-1.7 a bill", "content_type": "application/pdf"}
        where = {**self.connection, "bill_id": bill}
        made = self.codat.bills.upload_attachment(request={**where, "attachment_upload": {"file": file}})
        (found,) = self.codat.bills.list_attachments(request=where)
        assert found.id == made.id
        answer = self.codat.bills.download_attachment(request={**where, "attachment_id": made.id})
        content = answer if isinstance(answer, bytes) else answer.read()
        assert content == b"%PDF-1.7 a bill"
        say("file attached, listed and downloaded")

    def payment(self, bill: str, amount: float) -> Any:
        body = {"amount": amount, "date": DAY, "account_ref": {"id": self.banks[0].id}, "reference": "FPS"}
        request = {**self.connection, "bill_id": bill, "bill_payment_prototype": body}
        return self.codat.bill_payments.create(request={**request, "idempotency_key": str(uuid.uuid4())})

    def pay(self, bill: str) -> None:
        assert float(self.payment(bill, 150.5).amount) == 150.5
        assert self.status(bill) == ("PartiallyPaid", 249.5)
        self.payment(bill, 249.5)
        assert self.status(bill) == ("Paid", 0.0)
        say("bill paid in two parts")

    def status(self, bill: str) -> tuple[str, float]:
        request = {**self.connection, "query": "status=PartiallyPaid||status=Paid"}
        (found,) = [one for one in self.codat.bills.list(request=request).results if one.id == bill]
        return found.status.value, float(found.amount_due)

    def late(self, bill: str) -> None:
        """No write names a version, but whoever pays from an old reading is told what the bill has become."""
        assert "Paid" in refused(400, lambda: self.payment(bill, 249.5))
        assert self.status(bill) == ("Paid", 0.0)

    def refusals(self) -> None:
        refused(404, lambda: self.payment("999999", 1))
        refused(400, lambda: self.codat.bills.list(request={**self.connection, "query": "nonsense"}))
        wrong = {**self.bill(5), "status": "Draft"}
        text = refused(400, lambda: self.codat.bills.create(request={**self.connection, "bill_prototype": wrong}))
        assert "Status must be equal to Open." in text, text
        say("refused: an unknown bill, a bad query, a draft")

    def bank_account(self) -> None:
        body = {
            "name": f"Payments {uuid.uuid4().hex[:8]}",
            "account_type": "Debit",
            "account_number": "12345678",
            "currency": self.currency,
        }
        made = self.codat.bank_accounts.create(request={**self.connection, "bank_account_prototype": body})
        assert (made.name, made.status.value) == (body["name"], "Active")
        say("bank account created")


def credentials(arguments: list[str]) -> dict[str, Any]:
    text = Path(arguments[1]).read_text() if len(arguments) > 1 else os.environ["CODAT_CREDENTIALS"]
    given: dict[str, Any] = json.loads(text)
    return given


if __name__ == "__main__":
    base = sys.argv[1] if len(sys.argv) > 1 else os.environ["CODAT_BASE_URL"]
    Run(base, credentials(sys.argv[1:])).all()
    print("all steps hold")
