"""The official codat-sync-for-expenses-version-1 client, unmodified, against a hub: datasets, syncs, receipts, refusals.

    python codat_expenses_v1_client.py http://127.0.0.1:8787/codat credentials.json

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

import requests
from books import Books
from codatsyncexpenses import CodatSyncExpenses
from codatsyncexpenses.models import errors, operations, shared
from codatsyncexpenses.utils import BackoffStrategy, RetryConfig
from steps import Recorder

STEP = Recorder("codat-sync-for-expenses-version-1").step
DAY = "2026-03-20T00:00:00+00:00"


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
        if error.status_code == status:
            return str(error.error)
        raise
    raise AssertionError(f"nothing was refused with {status}")


class Run:
    """The steps of one run, in their order."""

    def __init__(self, base_url: str, given: dict[str, Any]) -> None:
        self.base_url = base_url
        self.codat = client(base_url, given["api_key"])
        self.books = Books(given["books"], requests.get)
        self.company = given["company_id"]
        self.connection = given["connection_id"]

    def all(self) -> None:
        with STEP("sign_in"):
            self.sign_in()
        self.companies_and_connections()
        with STEP("lists"):
            self.options()
            self.configuration()
        before = self.books.paid()
        with STEP("create"):
            first = self.synced("Payment", 41.37)
        with STEP("read_back"):
            self.read_back(*first)
            assert self.books.paid() - before == Decimal("41.37")
        with STEP("credit"):
            self.synced("Refund", 12.05)
            assert self.books.paid() - before == Decimal("29.32")
        self.synced("AdjustmentOut", 3.55)
        with STEP("attach"):
            self.attach(*first)
        with STEP("stale_write"):
            self.written_twice(first[1])
        with STEP("validation_error"):
            self.update(first[1])
            self.refusals()

    def sign_in(self) -> None:
        wrong = client(self.base_url, "wrong")
        request = operations.GetCompanyRequest(company_id=self.company)
        assert refused(401, lambda: wrong.companies.get_company(request)) == "Unauthorized"
        assert self.codat.companies.get_company(request).company.id == self.company
        say("sign-in: a wrong key is refused, the right one reads the company")

    def companies_and_connections(self) -> None:
        made = self.codat.companies.create_company(shared.CompanyRequestBody(name="Globex")).company
        asked = operations.CreateConnectionRequestBody(platform_key="gbol")
        opened = self.codat.connections.create_connection(
            operations.CreateConnectionRequest(company_id=made.id, request_body=asked)
        ).connection
        assert opened.status.value == "PendingAuth"
        partner = self.codat.connections.create_partner_expense_connection(
            operations.CreatePartnerExpenseConnectionRequest(company_id=made.id)
        ).connection
        assert partner.status.value == "Linked"
        listed = self.codat.connections.list_connections(operations.ListConnectionsRequest(company_id=made.id))
        assert len(listed.connections.results) == 2
        self.codat.companies.delete_company(operations.DeleteCompanyRequest(company_id=made.id))
        say("a company and its two connections come and go")

    def options(self) -> None:
        request = operations.GetMappingOptionsRequest(company_id=self.company)
        options = self.codat.mapping_options.get_mapping_options(request).mapping_options
        self.account = next(
            each.id
            for each in options.accounts
            if each.account_type and each.account_type.value == "Expense" and each.valid_transaction_types
        )
        self.bank = next(each.id for each in options.accounts if each.account_type.value == "Liability")
        say("mapping options name accounts and taxes")

    def configuration(self) -> None:
        get = operations.GetCompanyConfigurationRequest(company_id=self.company)
        kept = self.codat.configuration.get_company_configuration(get).company_configuration
        saved = self.codat.configuration.save_company_configuration(
            operations.SaveCompanyConfigurationRequest(company_id=self.company, company_configuration=kept)
        ).company_configuration
        assert (saved.supplier.id, saved.bank_account.id) == (kept.supplier.id, kept.bank_account.id)
        say("the configuration is read and saved")

    def dataset(self, id: str, kind: str, amount: float, currency: str = "GBP") -> str:
        line = shared.ExpenseTransactionLine(
            net_amount=amount, tax_amount=0, account_ref=shared.RecordRef(id=self.account)
        )
        item = shared.ExpenseTransaction(
            id=id, type=shared.Type(kind), issue_date=DAY, currency=currency, lines=[line], merchant_name="Cab"
        )
        made = self.codat.expenses.create_expense_dataset(
            operations.CreateExpenseDatasetRequest(
                company_id=self.company, create_expense_request=shared.CreateExpenseRequest(items=[item])
            )
        )
        return str(made.create_expense_response.dataset_id)

    def initiated(self, dataset: str) -> str:
        """The id of a sync. The description of the operation lists no success, so the client raises on every one."""
        request = operations.InitiateSyncRequest(
            company_id=self.company, post_sync=shared.PostSync(dataset_ids=[dataset])
        )
        try:
            self.codat.sync.initiate_sync(request)
        except errors.SDKError as told:
            assert told.status_code == 202, told
            return str(json.loads(told.body)["syncId"])
        raise AssertionError("the client has learnt of an answer")

    def status(self, sync: str) -> Any:
        request = operations.GetSyncByIDRequest(company_id=self.company, sync_id=sync)
        return self.codat.sync_status.get_sync_by_id(request).company_sync_status

    def ended(self, sync: str) -> Any:
        for _ in range(200):
            found = self.status(sync)
            if found.sync_status_code >= 2000:
                return found
            time.sleep(0.05)
        raise AssertionError("the sync did not end")

    def synced(self, kind: str, amount: float) -> tuple[str, str]:
        id = str(uuid.uuid4())
        sync = self.initiated(self.dataset(id, kind, amount))
        told = self.ended(sync)
        assert told.sync_status_code == 2000, told
        say(f"a {kind} goes in a dataset, its sync is initiated and ends well")
        return sync, id

    def read_back(self, sync: str, id: str) -> None:
        listed = self.codat.transaction_status.list_sync_transactions(
            operations.ListSyncTransactionsRequest(company_id=self.company, sync_id=sync)
        ).transaction_metadata_list
        assert [(each.transaction_id, each.status.value) for each in listed.results] == [(id, "Completed")]
        one = self.codat.transaction_status.get_sync_transaction(
            operations.GetSyncTransactionRequest(company_id=self.company, sync_id=sync, transaction_id=id)
        )
        assert [each.status.value for each in one.classes] == ["Completed"]
        latest = operations.GetLatestSyncRequest(company_id=self.company)
        assert self.codat.sync_status.get_latest_sync(latest).company_sync_status.sync_id == sync

    def attach(self, sync: str, id: str) -> None:
        file = shared.CodatFile(content=b"\x89PNG", file_name="receipt.png")
        answer = self.codat.expenses.upload_attachment(
            operations.UploadAttachmentRequest(
                company_id=self.company,
                sync_id=sync,
                transaction_id=id,
                attachment_upload=shared.AttachmentUpload(file=file),
            )
        )
        assert answer.attachment.transaction_id == id
        say("a receipt goes with it")

    def written_twice(self, id: str) -> None:
        told = self.ended(self.initiated(self.dataset(id, "Payment", 41.37)))
        assert told.sync_status_code == 5080
        assert "previously been processed" in told.error_message
        say("the same id again ends its sync with 5080")

    def update(self, id: str) -> None:
        body = shared.UpdateExpenseRequest(type="Payment", issue_date=DAY)
        request = operations.UpdateExpenseDatasetRequest(
            company_id=self.company, transaction_id=id, update_expense_request=body
        )
        assert "other than Xero" in refused(422, lambda: self.codat.expenses.update_expense_dataset(request))
        say("an update is refused where the first version had none")

    def refusals(self) -> None:
        missing = operations.GetSyncByIDRequest(company_id=self.company, sync_id=str(uuid.uuid4()))
        assert refused(404, lambda: self.codat.sync_status.get_sync_by_id(missing))
        told = refused(400, lambda: self.dataset(str(uuid.uuid4()), "Payment", 1, currency="POUND"))
        assert "not valid" in told, told
        say("refusals come as the client's own error")


def main() -> None:
    base_url, file = sys.argv[1], (sys.argv[2] if len(sys.argv) > 2 else "")
    text = Path(file).read_text() if file else os.environ["CODAT_CREDENTIALS"]
    Run(base_url, json.loads(text)).all()


if __name__ == "__main__":
    main()
