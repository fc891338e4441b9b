"""qbosdk, unmodified, against a served company: what an expense product writes, one line for each step.

Usage: ``qbosdk_client.py BASE_URL CREDENTIALS.json`` where BASE_URL stands in place of the vendor's hosts. The client has
no argument for its base: its class constants and one private attribute take it.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from qbosdk import QuickbooksOnlineSDK
from qbosdk.exceptions import InvalidTokenError, WrongParamsError
from qbosdk.qbosdk import revoke_refresh_token
from steps import Recorder

STEP = Recorder("qbosdk").step
REDIRECT = "https://app.example/callback"


class Steps:
    """The steps in order; each is announced when it has held."""

    def __init__(self, base: str, credentials: dict[str, str]) -> None:
        self.base = base.rstrip("/")
        self.keys = (credentials["client_id"], credentials["client_secret"])
        self.realm = credentials["realm_id"]
        QuickbooksOnlineSDK.TOKEN_URL = f"{self.base}/oauth2/v1/tokens/bearer"
        QuickbooksOnlineSDK.TOKEN_REVOKE_URL = f"{self.base}/v2/oauth2/tokens/revoke"

    def client(self, refresh_token: str) -> QuickbooksOnlineSDK:
        made = QuickbooksOnlineSDK(*self.keys, refresh_token, self.realm, "sandbox")
        made._QuickbooksOnlineSDK__base_url = f"{self.base}/v3/company/{self.realm}"
        made.update_server_url()
        return made

    def sign_in(self) -> None:
        """Consent by hand; the client itself only refreshes."""
        asked = {"client_id": self.keys[0], "response_type": "code", "redirect_uri": REDIRECT, "state": "s"}
        asked |= {"scope": "com.intuit.quickbooks.accounting", "decision": "approve", "realmId": self.realm}
        page = requests.get(f"{self.base}/connect/oauth2", params=asked, allow_redirects=False, timeout=9)
        code = parse_qs(urlsplit(page.headers["Location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
        told = requests.post(QuickbooksOnlineSDK.TOKEN_URL, data=form, auth=self.keys, timeout=9).json()
        self.api = self.client(told["refresh_token"])
        assert self.api.access_token_expires_in == 3600

    def wrong_refresh_token(self) -> None:
        """A refresh token that nobody issued."""
        assert "invalid_grant" in refused(InvalidTokenError, lambda: self.client("nobody"))

    def lists(self) -> None:
        """Every list whole, by generator and by count; inactive ones since a time."""
        names = ("accounts", "departments", "customers", "classes", "vendors", "employees", "tax_codes", "items")
        for name in names:
            api = getattr(self.api, name)
            rows = api.get()
            assert len(rows) == api.count() == sum(len(page) for page in api.get_all_generator()), name
            assert list(api.get_inactive("2020-01-01T00:00:00-08:00")) == [], name
        for name in ("bills", "purchases", "journal_entries", "bill_payments", "tax_rates", "attachments"):
            assert len(getattr(self.api, name).get()) >= 0
        assert self.api.preferences.get()["CurrencyPrefs"]
        assert self.api.company_info.get()["CompanyName"]
        rows = self.api.accounts.get()
        self.of = {kind: next(a["Id"] for a in rows if a["AccountType"] == kind) for kind in KINDS}
        codes = self.api.tax_codes.get()
        self.code = next(c["Id"] for c in codes if c["Name"] == "NON" or "no vat" in c["Name"].lower())
        self.home = self.api.preferences.get()["CurrencyPrefs"]["HomeCurrency"]["value"]

    def vendor(self) -> None:
        """Create, find by name, and again under the same name."""
        body = {"DisplayName": "Søn and Sons 2", "CurrencyRef": {"value": self.home}}
        self.vendor_id = self.api.vendors.post(body)["Vendor"]["Id"]
        assert self.api.vendors.search_vendor_by_display_name("Søn and Sons 2")["Id"] == self.vendor_id
        assert '"6240"' in refused(WrongParamsError, lambda: self.api.vendors.post(body))

    def line(self, amount: float) -> dict[str, Any]:
        absent = {name: {"value": None} for name in ("CustomerRef", "ClassRef")}
        detail = {"AccountRef": {"value": self.of["Expense"]}, "TaxCodeRef": {"value": self.code}, **absent}
        detail["BillableStatus"] = "NotBillable"
        kind = "AccountBasedExpenseLineDetail"
        return {"Description": "taxi", "DetailType": kind, "Amount": amount, kind: detail}

    def document(self, amount: float, **more: Any) -> dict[str, Any]:
        head = {
            "DocNumber": None,
            "DepartmentRef": {"value": None},
            "TxnDate": "2026-03-04",
            "PrivateNote": "an expense",
        }
        return {**head, "CurrencyRef": {"value": self.home}, "Line": [self.line(amount)], **more}

    def bill_and_payment(self) -> None:
        """A bill and its payment; this client deletes with the same token always."""
        payable = {"value": self.of["Accounts Payable"]}
        bill = self.api.bills.post(
            self.document(
                61.3, VendorRef={"value": self.vendor_id}, APAccountRef=payable, GlobalTaxCalculation="TaxExcluded"
            )
        )["Bill"]
        link = {"Amount": 61.3, "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}
        paid = self.api.bill_payments.post(
            {
                "VendorRef": {"value": self.vendor_id},
                "APAccountRef": payable,
                "PayType": "Check",
                "TotalAmt": 61.3,
                "CheckPayment": {"BankAccountRef": {"value": self.of["Bank"]}},
                "Line": [link],
            }
        )["BillPayment"]
        assert self.api.bills.get_by_id(bill["Id"])["Balance"] == 0
        self.attach("Bill", bill["Id"])
        assert self.api.bill_payments.delete(paid["Id"])["BillPayment"]["status"] == "Deleted"
        assert self.api.bills.get_by_id(bill["Id"])["Balance"] == 61.3
        other = self.api.bills.post(self.document(8.2, VendorRef={"value": self.vendor_id}))["Bill"]
        assert self.api.bills.delete(other["Id"])["Bill"]["status"] == "Deleted"

    def charge_and_refund(self) -> None:
        """Card purchases with a reference that has no type; the answer has one."""
        card = {"AccountRef": {"value": self.of["Credit Card"]}, "PaymentType": "CreditCard"}
        entity = {"EntityRef": {"value": self.vendor_id}}
        with STEP("create"):
            made = self.api.purchases.post(self.document(10.07, **card, **entity, Credit=False))["Purchase"]
            assert (made["TotalAmt"], made["EntityRef"]["type"], made["Credit"]) == (10.07, "Vendor", False)
        with STEP("credit"):
            before = self.owed()
            back = self.api.purchases.post(self.document(3.01, **card, **entity, Credit=True))["Purchase"]
            assert back["Credit"] is True
            assert round(before - self.owed(), 2) == 3.01
        with STEP("attach"):
            self.attach("Purchase", made["Id"])
        with STEP("read_back"):
            (read,) = self.api.purchases.get_by_id(made["Id"])["Purchase"]
            assert read["TotalAmt"] == 10.07, read
        with STEP("stale_write"):
            self.stale_write(read)
        assert self.api.purchases.delete(made["Id"])["Purchase"]["status"] == "Deleted"

    def owed(self) -> float:
        """The balance of the credit card."""
        (card,) = [row for row in self.api.accounts.get() if row["Id"] == self.of["Credit Card"]]
        return float(card["CurrentBalance"])

    def stale_write(self, read: dict[str, Any]) -> None:
        """The token of a reading that another change has overtaken."""
        first = self.api.purchases.post({**read, "PrivateNote": "of another user"})["Purchase"]
        assert int(first["SyncToken"]) == int(read["SyncToken"]) + 1
        late = {**read, "PrivateNote": "too late"}
        assert '"5010"' in refused(WrongParamsError, lambda: self.api.purchases.post(late))

    def attach(self, kind: str, id: str) -> None:
        content = base64.b64encode(b"a receipt").decode()
        made = self.api.attachments.post(id, kind, content, "receipt é.pdf")["Attachable"]
        assert made["AttachableRef"][0]["EntityRef"] == {"value": id, "type": kind}, made
        assert made["FileName"] == "receipt é.pdf"

    def journal(self) -> None:
        """A journal entry with its credit line first and a vendor on payables."""
        entity = {"EntityRef": {"value": self.vendor_id}, "Type": "Vendor"}
        sides = (("Credit", self.of["Accounts Payable"]), ("Debit", self.of["Expense"]))
        lines = [
            {
                "DetailType": "JournalEntryLineDetail",
                "Description": "",
                "Amount": 5.5,
                "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}, "Entity": entity},
            }
            for side, account in sides
        ]
        head = {"TxnDate": "2026-03-04", "PrivateNote": "an expense", "CurrencyRef": {"value": self.home}}
        made = self.api.journal_entries.post({**head, "Line": lines})["JournalEntry"]
        assert [line["JournalEntryLineDetail"]["PostingType"] for line in made["Line"]] == ["Credit", "Debit"]
        assert self.api.journal_entries.delete(made["Id"])["JournalEntry"]["status"] == "Deleted"

    def refusals(self) -> None:
        """A reference that is the text None, no lines, an unknown id."""
        bad = {"PaymentType": "Cash", "AccountRef": {"value": "None"}, "Line": [self.line(1)]}
        assert '"2500"' in refused(WrongParamsError, lambda: self.api.purchases.post(bad))
        empty = self.document(1, VendorRef={"value": self.vendor_id}) | {"Line": []}
        assert '"2020"' in refused(WrongParamsError, lambda: self.api.bills.post(empty))
        assert '"610"' in refused(WrongParamsError, lambda: self.api.bills.get_by_id("424242"))

    def revoke(self) -> None:
        """After revocation nothing works."""
        revoke_refresh_token(self.api.refresh_token, *self.keys)
        refused(InvalidTokenError, self.api.accounts.get)

    def run(self) -> None:
        names = ("sign_in", "wrong_refresh_token", "lists", "vendor", "bill_and_payment", "charge_and_refund")
        steps = {"sign_in": "sign_in", "lists": "lists", "refusals": "validation_error"}
        for name in (*names, "journal", "refusals", "revoke"):
            act = getattr(self, name)
            with STEP(steps[name]) if name in steps else nullcontext():
                act()
            print(f"ok {name}: {act.__doc__}", flush=True)


KINDS = ("Bank", "Credit Card", "Expense", "Accounts Payable")


def refused(kind: type[Exception], act: Callable[[], object]) -> str:
    """The body of the answer that an act is refused with."""
    try:
        act()
    except kind as error:
        return str(error.response)
    raise AssertionError("nothing was refused")


if __name__ == "__main__":
    Steps(sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))).run()
