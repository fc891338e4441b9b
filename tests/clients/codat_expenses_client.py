"""The official codat-sync-for-expenses client, unmodified, against a hub: sign-in, lists, expenses, receipts, refusals.

    python codat_expenses_client.py http://127.0.0.1:8787/codat credentials.json

The JSON file (or the variable CODAT_CREDENTIALS with its text) holds ``api_key``, ``company_id``, ``connection_id``, and ``books`` (see ``books.py``).
Prints a line for each step and ends with 0 when all of them hold.
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
from codat_sync_for_expenses import CodatSyncExpenses
from codat_sync_for_expenses.models import errors, shared
from codat_sync_for_expenses.utils import BackoffStrategy, RetryConfig
from steps import Recorder

STEP = Recorder("codat-sync-for-expenses").step
DAY = "2026-03-20"


def say(text: str) -> None:
    print(f"ok  {text}", flush=True)


def client(base_url: str, key: str) -> Any:
    header = "Basic " + base64.b64encode(key.encode()).decode()
    never = RetryConfig("none", BackoffStrategy(1, 1, 1, 1), False)
    return CodatSyncExpenses(security=shared.Security(auth_header=header), server_url=base_url, retry_config=never)


def refused(status: int, call: Callable[[], Any]) -> str:
    """The error text of a call that is answered with this status."""
    try:
        call()
    except errors.ErrorMessage as error:
        if error.data.status_code == status:
            return str(error.data.error)
        raise
    raise AssertionError(f"nothing was refused with {status}")


def until(look: Callable[[], Any]) -> Any:
    for _ in range(200):
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("waited too long")


class NotWritten(Exception):
    """A sync ended without writing its transaction."""


class Run:
    """The steps of one run, in their order."""

    def __init__(self, base_url: str, given: dict[str, Any]) -> None:
        self.base_url = base_url
        self.codat = client(base_url, given["api_key"])
        self.books = Books(given["books"], httpx.get)
        self.company = {"company_id": given["company_id"]}
        self.connection = {**self.company, "connection_id": given["connection_id"]}

    def all(self) -> None:
        with STEP("sign_in"):
            self.sign_in()
        with STEP("lists"):
            self.lists()
            self.options()
        before = self.books.paid()
        with STEP("create"):
            payment = self.expense("Payment", 41.37)
        with STEP("read_back"):
            self.read_back(*payment)
            assert self.books.paid() - before == Decimal("41.37")
        with STEP("attach"):
            self.attach(*payment)
        with STEP("stale_write"):
            self.stale_write(payment[1])
            assert self.books.paid() - before == Decimal("40.11")
        with STEP("credit"):
            self.where_offered("expense-transactions.Refund", lambda: self.expense("Refund", 12.05))
            assert self.books.paid() - before == Decimal("28.06")
        self.where_offered("transfer-transactions", self.transfer)
        self.where_offered("adjustment-transactions", self.adjustment)
        self.where_offered("reimbursable-expense-transactions", self.reimbursable)
        with STEP("validation_error"):
            self.refusals()
        self.writes()

    def id(self, name: object) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.company['company_id']}/{name}"))

    def sign_in(self) -> None:
        stranger = client(self.base_url, "nobody")
        refused(401, lambda: stranger.companies.list(request={}))
        found = self.codat.companies.list(request={"page": 1, "page_size": 50})
        assert self.company["company_id"] in [company.id for company in found.results]
        say("sign in with the key; a wrong one is refused")

    def lists(self) -> None:
        found = self.codat.connections.list(request=self.company)
        statuses = {row.id: row.status.value for row in found.results}
        assert statuses[self.connection["connection_id"]] == "Linked"
        partner = self.codat.connections.create_partner_expense_connection(request=self.company)
        assert (partner.status.value, partner.source_type.value) == ("Linked", "Expense")
        self.codat.manage_data.refresh_all_data_types(request=self.company)
        until(self.read)
        self.suppliers = self.codat.suppliers.list(request={**self.company, "query": "status=Active"}).results
        self.customers = self.codat.customers.list(request=self.company).results
        info = self.codat.company_info.get(request=self.company)
        say(f"lists of {info.company_name}: {len(self.suppliers)} suppliers, {len(self.customers)} customers")

    def read(self) -> bool:
        status = self.codat.manage_data.get(request=self.company)
        found = [status.suppliers, status.customers, status.chart_of_accounts, status.tax_rates]
        return all(row is not None and row.current_status.value == "Complete" for row in found)

    def options(self) -> None:
        options = self.codat.mapping_options.get_mapping_options(request=self.company)
        accounts = options.accounts
        self.uses = {use.value for account in accounts for use in account.valid_for}
        self.cards = [a for a in accounts if a.is_bank_account and a.account_type.value == "Liability"]
        home = self.cards[0].currency
        self.banks = [
            a for a in accounts if a.is_bank_account and a.account_type.value == "Asset" and a.currency == home
        ]
        self.costs = [a for a in accounts if a.account_type.value == "Expense" and a.valid_transaction_types]
        config = {
            "bank_account": {"id": self.cards[0].id},
            "supplier": {"id": self.suppliers[0].id},
            "customer": {"id": self.customers[0].id if self.customers else ""},
        }
        self.codat.configuration.set(request={**self.company, "company_configuration": config})
        assert self.codat.configuration.get(request=self.company).bank_account.id == self.cards[0].id
        say(f"mapping options ({len(accounts)} accounts) and configuration ({self.cards[0].name})")

    def where_offered(self, use: str, write: Callable[[], Any]) -> None:
        """A kind of transaction that the mapping options offer is written; another one is refused."""
        if use in self.uses:
            write()
            return
        try:
            write()
        except (errors.ErrorMessage, NotWritten):
            say(f"{use}: not offered, and refused")
        else:
            raise AssertionError(f"{use} is not offered but was written")

    def line(self, net: float, account: int = 0) -> dict[str, Any]:
        return {"net_amount": net, "tax_amount": 0, "account_ref": {"id": self.costs[account].id}}

    def expense(self, kind: str, net: float) -> tuple[str, str]:
        item = {
            "id": self.id(f"{kind}/{net}"),
            "type": kind,
            "issue_date": DAY,
            "currency": self.cards[0].currency,
            "merchant_name": "Contoso Air",
            "notes": f"A {kind.lower()} through the official client",
            "lines": [self.line(net)],
        }
        answer = self.codat.expenses.create(request={**self.company, "request_body": [item]})
        self.completed(answer.sync_id)
        say(f"{kind} of {net}")
        return answer.sync_id, item["id"]

    def completed(self, sync: str) -> None:
        status = until(lambda: self.ended(sync))
        if (status.sync_status_code, status.data_pushed) != (2000, True):
            raise NotWritten(status)
        rows = self.codat.transaction_status.list(request={**self.company, "sync_id": sync}).results
        assert {row.status.value for row in rows} == {"Completed"}, rows

    def ended(self, sync: str) -> Any:
        status = self.codat.sync.get(request={**self.company, "sync_id": sync})
        return status if status.sync_status_code != 1000 else None

    def read_back(self, sync: str, id: str) -> None:
        one = self.codat.transaction_status.get(request={**self.company, "sync_id": sync, "transaction_id": id})
        assert [(row.transaction_id, row.integration_type.value) for row in one] == [(id, "expenses")]
        assert sync in [row.sync_id for row in self.codat.sync.list(request=self.company)]
        assert self.codat.sync.get_latest_sync(request=self.company).sync_status_code == 2000
        assert self.codat.sync.get_last_successful_sync(request=self.company).sync_status_code == 2000
        say("read back: the transaction, the syncs")

    def attach(self, sync: str, id: str) -> None:
        file = {"file_name": "receipt.png", "content": b"\x89PNG\r\n a receipt", "content_type": "image/png"}
        where = {**self.company, "sync_id": sync, "transaction_id": id}
        made = self.codat.attachments.upload(request={**where, "attachment_upload": {"file": file}})
        assert made.transaction_id == id
        say("receipt attached")

    def stale_write(self, id: str) -> None:
        """An update names no version: the last one stands. Who writes the transaction anew is told that it is there."""
        for net in (39.02, 40.11):
            self.update(id, net)
        text = refused(400, lambda: self.expense("Payment", 41.37))
        assert id in text, text

    def update(self, id: str, net: float) -> None:
        body = {
            "type": "Payment",
            "issue_date": DAY,
            "currency": self.cards[0].currency,
            "notes": "Corrected through the official client",
            "lines": [self.line(net, account=1)],
        }
        request = {**self.company, "transaction_id": id, "update_expense_request": body}
        self.completed(self.codat.expenses.update(request=request).sync_id)
        say(f"payment updated to {net}")

    def transfer(self) -> None:
        """Between two accounts in the company's currency: banks first, then a bank and a card."""
        source, target = [*self.banks, *self.cards][:2]
        body = {
            "date_": DAY,
            "from_": {"account_ref": {"id": source.id}, "amount": 5.5},
            "to": {"account_ref": {"id": target.id}, "amount": 5.5},
        }
        request = {**self.company, "transaction_id": self.id("transfer"), "transfer_transaction_request": body}
        self.completed(self.codat.transfers.create(request=request).sync_id)
        say("transfer")

    def adjustment(self) -> None:
        lines = [
            {"amount": amount, "account_ref": {"id": account.id}}
            for amount, account in zip((7.25, -7.25), self.costs, strict=False)
        ]
        item = {"id": self.id("adjustment"), "date_": DAY, "currency": self.cards[0].currency, "lines": lines}
        answer = self.codat.adjustments.create(request={**self.company, "request_body": [item]})
        self.completed(answer.sync_id)
        say("adjustment")

    def reimbursable(self) -> None:
        item = {
            "id": self.id("reimbursable"),
            "contact_ref": {"id": self.suppliers[0].id},
            "issue_date": DAY,
            "due_date": DAY,
            "currency": self.cards[0].currency,
            "lines": [self.line(18.6)],
        }
        answer = self.codat.reimbursements.create(request={**self.company, "request_body": [item]})
        self.completed(answer.sync_id)
        say("reimbursable")

    def refusals(self) -> None:
        refused(404, lambda: self.codat.companies.get(request={"company_id": str(uuid.UUID(int=7))}))
        refused(400, lambda: self.codat.companies.list(request={"query": "nonsense"}))
        item = {
            "id": self.id("bad"),
            "type": "Payment",
            "issue_date": DAY,
            "currency": "POUND",
            "lines": [self.line(1)],
        }
        text = refused(400, lambda: self.codat.expenses.create(request={**self.company, "request_body": [item]}))
        assert "not valid" in text, text
        say("refused: an unknown company, a bad query, a currency that is none")

    def writes(self) -> None:
        supplier = {"supplier_name": f"Fabrikam {uuid.uuid4().hex[:8]}", "status": "Active"}
        made = self.codat.suppliers.create(request={**self.connection, "supplier": supplier})
        request = {**self.company, "push_operation_key": made.push_operation_key}
        done = until(lambda: self.pushed(request))
        assert done.status.value == "Success", done
        model = self.codat.accounts.get_create_model(request=self.connection)
        assert model.properties
        say("supplier created through a push operation; the model of an account")

    def pushed(self, request: dict[str, str]) -> Any:
        found = self.codat.push_operations.get(request=request)
        return found if found.status.value != "Pending" else None


def credentials(arguments: list[str]) -> dict[str, Any]:
    text = Path(arguments[1]).read_text() if len(arguments) > 1 else os.environ["CODAT_CREDENTIALS"]
    given: dict[str, Any] = json.loads(text)
    return given


if __name__ == "__main__":
    base = sys.argv[1] if len(sys.argv) > 1 else os.environ["CODAT_BASE_URL"]
    Run(base, credentials(sys.argv[1:])).all()
    print("all steps hold")
