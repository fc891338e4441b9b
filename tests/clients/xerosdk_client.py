"""xerosdk, unmodified, against a served organisation: lower-case paths and bare bodies, one line for each step.

Usage: ``xerosdk_client.py BASE_URL CREDENTIALS.json``, where BASE_URL ends before ``/api.xro``. The client keeps the
address of the connections as a literal; a transport adapter sends that one to BASE_URL.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from steps import Recorder
from xerosdk import XeroSDK
from xerosdk.exceptions import InvalidGrant, UnsuccessfulAuthentication, WrongParamsError, XeroSDKError

STEP = Recorder("xerosdk").step
CALLBACK = "https://app.example/callback"
LITERAL = "https://api.xero.com"
SCOPES = (
    "offline_access accounting.transactions accounting.contacts accounting.settings accounting.attachments "
    "accounting.reports.read"
)


class Redirected(requests.Session):
    """A session that takes the vendor's literal host to another base."""

    base = LITERAL

    def request(self, method: str, url: str, **given: Any) -> requests.Response:
        return super().request(method, url.replace(LITERAL, self.base), **given)


class Steps:
    """The steps in order; each is announced when it has held."""

    def __init__(self, base: str, credentials: dict[str, str]) -> None:
        self.base = Redirected.base = base.rstrip("/")
        self.keys = (credentials["client_id"], credentials["client_secret"])
        self.tenant = credentials["tenant_id"]
        XeroSDK.TOKEN_URL = f"{self.base}/connect/token"
        requests.sessions.Session = Redirected  # what requests.get() opens

    def client(self, refresh_token: str) -> XeroSDK:
        return XeroSDK(self.base, *self.keys, refresh_token)

    def sign_in(self) -> None:
        """Consent by hand; the client itself only refreshes, and finds its tenants."""
        asked = {"client_id": self.keys[0], "response_type": "code", "redirect_uri": CALLBACK, "state": "s"}
        asked |= {"scope": SCOPES, "sandbox_decision": "approve", "tenant_id": self.tenant}
        page = requests.get(f"{self.base}/identity/connect/authorize", params=asked, allow_redirects=False, timeout=9)
        code = parse_qs(urlsplit(page.headers["Location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        told = requests.post(XeroSDK.TOKEN_URL, data=form, auth=self.keys, timeout=9).json()
        self.api = self.client(told["refresh_token"])
        assert self.tenant in [row["tenantId"] for row in self.api.tenants.get_all()]
        self.api.set_tenant_id(self.tenant)

    def wrong_refresh_token(self) -> None:
        """A refresh token that nobody issued."""
        refused(InvalidGrant, lambda: self.client("nobody"))

    def lists(self) -> None:
        """Whole lists and pages; a page of one list leaks into the next and is tolerated."""
        for name in ("bank_transactions", "invoices", "payments"):
            pages = list(getattr(self.api, name).list_all_generator())
            assert not any(value for key, value in pages[-1].items() if isinstance(value, list)), name
        for name in ("contacts", "currencies", "items", "tax_rates", "tracking_categories", "invoices"):
            assert getattr(self.api, name).get_all()["Status"] == "OK", name
        assert self.api.organisations.get_all()[0]["OrganisationID"] == self.tenant
        rows = self.api.accounts._get_request("/api.xro/2.0/accounts", query_params={"where": 'Status="ACTIVE"'})[
            "Accounts"
        ]
        self.bank = next(row["AccountID"] for row in rows if row["Type"] == "BANK")
        self.cost = next(row["Code"] for row in rows if row["Type"] in ("EXPENSE", "OVERHEADS"))

    def contact(self) -> None:
        """Create, and find by name with a single equals sign."""
        self.contact_id = self.api.contacts.post({"Name": "Søn O'Co"})["Contacts"][0]["ContactID"]
        assert self.api.contacts.search_contact_by_contact_name("Søn O'Co")["ContactID"] == self.contact_id

    def line(self, amount: float) -> dict[str, Any]:
        absent = dict.fromkeys(("ItemCode", "Tracking", "TaxAmount"))
        return {
            "Description": "taxi",
            "Quantity": "1",
            "UnitAmount": amount,
            "AccountCode": self.cost,
            "TaxType": "NONE",
            **absent,
        }

    def spent(self, kind: str, amount: float) -> dict[str, Any]:
        head = {"Type": kind, "Contact": {"ContactID": self.contact_id}, "BankAccount": {"AccountID": self.bank}}
        rest = {
            "Reference": "E/1",
            "Date": "2026-03-04",
            "Status": "AUTHORISED",
            "LineAmountTypes": "Exclusive",
            "Url": None,
        }
        return {**head, **rest, "LineItems": [self.line(amount)]}

    def spend_and_refund(self) -> None:
        """A bare body; the refund with the other type; read back by id; changed and deleted under somebody's hands."""
        post = self.api.bank_transactions.post
        with STEP("create"):
            made = post(self.spent("SPEND", 11.52))["BankTransactions"][0]
            assert made["Total"] == 11.52, made
        with STEP("credit"):
            before = self.on_cost()
            back = post(self.spent("RECEIVE", 4.07))["BankTransactions"][0]
            assert (back["Type"], back["Total"]) == ("RECEIVE", 4.07)
            assert before - self.on_cost() == Decimal("4.07"), before
        with STEP("read_back"):
            read = self.api.bank_transactions.get_by_id(made["BankTransactionID"])["BankTransactions"][0]
            assert (read["Reference"], read["LineItems"][0]["UnitAmount"]) == ("E/1", 11.52), read
        with STEP("attach"):
            self.attach("banktransactions", made["BankTransactionID"])
        with STEP("stale_write"):  # no version that a change could name: the last one stands
            whole = {"BankTransactionID": made["BankTransactionID"], **self.spent("SPEND", 11.52)}
            for reference in ("of another user", "too late"):
                post({**whole, "Reference": reference})
            read = self.api.bank_transactions.get_by_id(made["BankTransactionID"])["BankTransactions"][0]
            assert read["Reference"] == "too late", read
            gone = {"BankTransactionID": made["BankTransactionID"], "Status": "DELETED"}
            assert post(gone)["BankTransactions"][0]["Status"] == "DELETED"
            said = refused(WrongParamsError, lambda: post(whole))
            assert "deleted" in said, said

    def on_cost(self) -> Decimal:
        """What the trial balance has on the cost account, debits less credits."""
        told = self.api.accounts._get_request("/api.xro/2.0/Reports/TrialBalance", query_params={"date": "2026-03-31"})
        rows = [row["Cells"] for section in told["Reports"][0]["Rows"] for row in section.get("Rows", [])]
        (cells,) = [cells for cells in rows if cells[0]["Value"].endswith(f"({self.cost})")]
        return Decimal(cells[3]["Value"] or 0) - Decimal(cells[4]["Value"] or 0)

    def attach(self, endpoint: str, id: str) -> None:
        self.api.attachments.post_attachment(endpoint, id, "a b é [1].pdf", b"a receipt")
        listed = self.api.attachments._get_request(f"/api.xro/2.0/{endpoint}/{id}/attachments")["Attachments"]
        assert [(row["FileName"], row["ContentLength"]) for row in listed] == [("a b é [1].pdf", 9)]

    def bill_and_payment(self) -> None:
        """A bill, paid; paying it again is refused."""
        head = {
            "Type": "ACCPAY",
            "Contact": {"ContactID": self.contact_id},
            "LineAmountTypes": "NoTax",
            "InvoiceNumber": "E/2",
        }
        dates = {"Date": "2026-03-04", "DueDate": "2026-03-18", "Status": "AUTHORISED"}
        bill = self.api.invoices.post({**head, **dates, "LineItems": [self.line(20.5)]})["Invoices"][0]
        assert (bill["Total"], bill["AmountDue"]) == (20.5, 20.5)
        paying = {"Invoice": {"InvoiceID": bill["InvoiceID"]}, "Account": {"AccountID": self.bank}, "Amount": 20.5}
        paying["Date"] = "2026-03-05"
        assert self.api.payments.post(paying)["Payments"][0]["Status"] == "AUTHORISED"
        assert self.api.invoices.get_by_id(bill["InvoiceID"])["Invoices"][0]["Status"] == "PAID"
        self.attach("invoices", bill["InvoiceID"])
        refused(WrongParamsError, lambda: self.api.payments.post(paying))

    def refusals(self) -> None:
        """An unknown account, an unknown id, a tenant that is none."""
        wrong = self.spent("SPEND", 1.01)
        wrong["LineItems"][0]["AccountCode"] = "nope"
        said = refused(WrongParamsError, lambda: self.api.bank_transactions.post(wrong))
        assert "is not a valid code for this document" in said, said
        refused(XeroSDKError, lambda: self.api.invoices.get_by_id("11111111-2222-4333-8444-555555555555"))
        self.api.set_tenant_id("nobody")
        refused(UnsuccessfulAuthentication, self.api.currencies.get_all)

    def run(self) -> None:
        names = ("sign_in", "wrong_refresh_token", "lists", "contact", "spend_and_refund", "bill_and_payment")
        steps = {"sign_in": "sign_in", "lists": "lists", "refusals": "validation_error"}
        for name in (*names, "refusals"):
            act = getattr(self, name)
            with STEP(steps[name]) if name in steps else nullcontext():
                act()
            print(f"ok {name}: {act.__doc__}", flush=True)
        print("ok")


def refused(kind: type[Exception], act: Callable[[], object]) -> str:
    """What the platform says of an act that ends with an error of this kind."""
    try:
        act()
    except kind as error:
        return str(error)
    raise AssertionError("nothing was refused")


if __name__ == "__main__":
    Steps(sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))).run()
