"""python-quickbooks and intuit-oauth, unmodified, against a served company: one line for each step.

Usage: ``quickbooks_online_client.py BASE_URL CREDENTIALS.json`` where BASE_URL stands in place of the vendor's hosts and
the file holds the company's credentials. Runs in an environment of its own (python-quickbooks 0.9.12 pins
intuit-oauth 1.2.6).
"""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from quickbooks import QuickBooks
from quickbooks.batch import batch_create
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import (
    AuthorizationException,
    ObjectNotFoundException,
    QuickbooksException,
    ValidationException,
)
from quickbooks.objects import (
    Account,
    Attachable,
    AttachableRef,
    Bill,
    BillPayment,
    BillPaymentLine,
    CheckPayment,
    Class,
    CompanyInfo,
    Customer,
    Department,
    Deposit,
    DepositLine,
    DepositLineDetail,
    Employee,
    Item,
    JournalEntry,
    JournalEntryLine,
    JournalEntryLineDetail,
    PaymentMethod,
    Preferences,
    Purchase,
    Ref,
    Term,
    Transfer,
    Vendor,
)
from quickbooks.objects.companycurrency import CompanyCurrency
from quickbooks.objects.detailline import AccountBasedExpenseLine, AccountBasedExpenseLineDetail
from quickbooks.objects.exchangerate import ExchangeRate
from quickbooks.objects.taxagency import TaxAgency
from quickbooks.objects.taxcode import TaxCode
from steps import Recorder

STEP = Recorder("python-quickbooks").step
REDIRECT = "https://app.example/callback"


class Steps:
    """The steps in order; each is announced when it has held."""

    def __init__(self, base_url: str, credentials: dict[str, str]) -> None:
        self.base_url = base_url.rstrip("/")
        self.credentials = credentials
        self.environment = f"{self.base_url}/.well-known/openid_configuration/"
        QuickBooks.api_url_v3 = f"{self.base_url}/v3"

    def auth(self, **given: str) -> AuthClient:
        keys = (self.credentials["client_id"], self.credentials["client_secret"])
        return AuthClient(*keys, REDIRECT, self.environment, **given)

    def sign_in(self) -> None:
        """Consent, code, tokens, user info, refresh."""
        auth = self.auth()
        url = auth.get_authorization_url([Scopes.ACCOUNTING, Scopes.OPENID, Scopes.EMAIL], state_token="s-7")
        approved = f"{url}&decision=approve&realmId={self.credentials['realm_id']}"
        page = requests.get(approved, allow_redirects=False, timeout=9)
        told = parse_qs(urlsplit(page.headers["Location"]).query)
        assert told["state"] == ["s-7"], told
        assert told["realmId"] == [self.credentials["realm_id"]], told
        auth.get_bearer_token(told["code"][0], realm_id=told["realmId"][0])
        assert auth.expires_in == 3600
        assert auth.get_user_info().json()["email"]
        auth.refresh()
        self.client = QuickBooks(
            auth_client=auth, refresh_token=auth.refresh_token, company_id=auth.realm_id, minorversion=75
        )
        self.auth_client = auth

    def wrong_code(self) -> None:
        """A code that nobody issued is refused."""
        try:
            self.auth().get_bearer_token("nobody", realm_id="1")
        except AuthClientError as error:
            assert error.status_code == 400, error.status_code
            assert "invalid_grant" in str(error.content)
        else:
            raise AssertionError("a wrong code was accepted")

    def company(self) -> None:
        """CompanyInfo and Preferences."""
        info = CompanyInfo.get(1, qb=self.client)
        assert info.CompanyName
        self.home = Preferences.get(qb=self.client).CurrencyPrefs.HomeCurrency.value

    def lists(self) -> None:
        """Accounts, tax codes, counting, paging."""
        accounts = Account.all(qb=self.client)
        assert len(accounts) == Account.count(qb=self.client) > 10
        first, second = (Account.all(qb=self.client, start_position=n, max_results=5) for n in (1, 6))
        assert not {a.Id for a in first} & {a.Id for a in second}
        assert Account.filter(qb=self.client, AccountType="No such type") == []
        self.bank = Account.filter(qb=self.client, AccountType="Bank", Active=True)[0]
        self.card = Account.filter(qb=self.client, AccountType="Credit Card")[0]
        self.expense = Account.where("AccountType = 'Expense'", qb=self.client, order_by="Id DESC")[0]
        self.code = next(code.Id for code in TaxCode.all(qb=self.client) if not code.Taxable)

    def vendor(self) -> None:
        """Create, read by name, duplicate, update, inactive."""
        vendor = Vendor()
        vendor.DisplayName = "O'Hara & Søn"
        vendor.save(qb=self.client)
        found = Vendor.filter(qb=self.client, DisplayName="O'Hara & Søn")
        assert [v.Id for v in found] == [vendor.Id]
        twin = Vendor()
        twin.DisplayName = "o'hara & søn"
        assert refusal(lambda: twin.save(qb=self.client)).error_code == 6240
        vendor.CompanyName = "O'Hara Ltd"
        vendor.save(qb=self.client)
        self.vendor_record = Vendor.get(vendor.Id, qb=self.client)
        assert (self.vendor_record.CompanyName, self.vendor_record.SyncToken) == ("O'Hara Ltd", "1")
        customer = Customer()
        customer.DisplayName = "A customer"
        assert customer.save(qb=self.client).FullyQualifiedName == "A customer"

    def line(self, amount: float, *, account: str = "") -> AccountBasedExpenseLine:
        line = AccountBasedExpenseLine()
        line.Amount = amount
        detail = AccountBasedExpenseLineDetail()
        detail.AccountRef = Ref()
        detail.AccountRef.value = account or self.expense.Id
        detail.TaxCodeRef = Ref()
        detail.TaxCodeRef.value = self.code
        line.AccountBasedExpenseLineDetail = detail
        return line

    def purchase(self, amount: float, *, credit: bool = False, number: str = "") -> Purchase:
        made = Purchase()
        made.AccountRef = self.card.to_ref()
        made.PaymentType = "CreditCard"
        made.Credit = credit
        made.EntityRef = self.vendor_record.to_ref()
        made.DocNumber = number
        made.PrivateNote = f"note {number}"
        made.Line = [self.line(amount)]
        return made

    def charge_and_refund(self) -> None:
        """A card charge and its refund, read back and found by number."""
        with STEP("create"):
            made = self.purchase(41.17, number="r-01").save(qb=self.client)
            assert (made.TotalAmt, made.Credit) == (41.17, False)
        with STEP("credit"):
            refund = self.purchase(12.63, credit=True, number="r-02").save(qb=self.client)
            assert refund.Credit is True
            card = Account.get(self.card.Id, qb=self.client)
            assert round(card.CurrentBalance - self.card.CurrentBalance, 2) == 28.54
        with STEP("read_back"):
            assert [p.Id for p in Purchase.filter(qb=self.client, DocNumber="r-02")] == [refund.Id]
            self.made = Purchase.get(made.Id, qb=self.client)
            assert (self.made.PrivateNote, self.made.TotalAmt) == ("note r-01", 41.17)

    def idempotent(self) -> None:
        """The same request id gives the same record."""
        first, again = (self.purchase(5.55, number="r-03") for _ in range(2))
        ids = {p.save(qb=self.client, request_id="4d2c7a44-0003").Id for p in (first, again)}
        assert len(ids) == 1, ids

    def stale_and_invalid(self) -> None:
        """A stale write, an unknown account, a missing line, an unknown id."""
        with STEP("stale_write"):
            stale = Purchase.get(self.made.Id, qb=self.client)
            self.made.PrivateNote = "changed"
            self.made.save(qb=self.client)
            stale.PrivateNote = "too late"
            assert refusal(lambda: stale.save(qb=self.client)).error_code == 5010
        with STEP("validation_error"):
            self.invalid()

    def invalid(self) -> None:
        wrong = self.purchase(1.01)
        wrong.Line = [self.line(1.01, account="99999")]
        error = refusal(lambda: wrong.save(qb=self.client))
        assert isinstance(error, ValidationException), error
        assert (error.error_code, "Accounts element id 99999" in error.detail) == (2500, True)
        empty = self.purchase(1.01)
        empty.Line = []
        assert refusal(lambda: empty.save(qb=self.client)).error_code == 2020
        long = self.purchase(1.01, number="x" * 22)
        assert refusal(lambda: long.save(qb=self.client)).error_code == 2050
        assert isinstance(refusal(lambda: Purchase.get("424242", qb=self.client)), ObjectNotFoundException)

    def bill_and_payment(self) -> None:
        """A bill is paid, the payment voided, both deleted."""
        bill = Bill()
        bill.VendorRef = self.vendor_record.to_ref()
        bill.Line = [self.line(30.0)]
        bill.save(qb=self.client)
        payment = BillPayment()
        payment.VendorRef = self.vendor_record.to_ref()
        payment.PayType = "Check"
        payment.CheckPayment = CheckPayment()
        payment.CheckPayment.BankAccountRef = self.bank.to_ref()
        payment.TotalAmt = 30.0
        line = BillPaymentLine()
        line.Amount = 30.0
        line.LinkedTxn.append(bill.to_linked_txn())
        payment.Line = [line]
        payment.save(qb=self.client)
        paid = Bill.get(bill.Id, qb=self.client)
        assert (paid.Balance, paid.LinkedTxn[0].TxnType) == (0, "BillPaymentCheck")
        payment.void(qb=self.client)
        assert Bill.get(bill.Id, qb=self.client).Balance == 30
        Bill.get(bill.Id, qb=self.client).delete(qb=self.client)
        assert isinstance(refusal(lambda: Bill.get(bill.Id, qb=self.client)), ObjectNotFoundException)

    def movements(self) -> None:
        """A deposit, a transfer and a journal entry."""
        deposit = Deposit()
        deposit.DepositToAccountRef = self.bank.to_ref()
        line = DepositLine()
        line.Amount = 9.99
        line.DepositLineDetail = DepositLineDetail()
        line.DepositLineDetail.AccountRef = self.expense.to_ref()
        deposit.Line = [line]
        assert deposit.save(qb=self.client).TotalAmt == 9.99
        transfer = Transfer()
        transfer.FromAccountRef, transfer.ToAccountRef = self.bank.to_ref(), self.card.to_ref()
        transfer.Amount = 3.21
        assert transfer.save(qb=self.client).Id
        journal = JournalEntry()
        for way, account in (("Credit", self.bank), ("Debit", self.expense)):
            entry = JournalEntryLine()
            entry.Amount = 7.89
            entry.JournalEntryLineDetail = JournalEntryLineDetail()
            entry.JournalEntryLineDetail.PostingType = way
            entry.JournalEntryLineDetail.AccountRef = account.to_ref()
            journal.Line.append(entry)
        assert journal.save(qb=self.client).Line[0].Id == "0"
        department = Department()
        department.Name = "North"
        assert department.save(qb=self.client).FullyQualifiedName == "North"

    def attach(self) -> None:
        """A file is attached to a purchase, found again and downloaded byte for byte."""
        content = b"%PDF-1.4 receipt \x00\xff"
        attachable = Attachable()
        reference = AttachableRef()
        reference.EntityRef = Ref()
        reference.EntityRef.type, reference.EntityRef.value = "Purchase", self.made.Id
        attachable.AttachableRef.append(reference)
        attachable.FileName, attachable.ContentType = "receipt.pdf", "application/pdf"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "receipt.pdf"
            path.write_bytes(content)
            attachable._FilePath = str(path)
            attachable.save(qb=self.client)
        stored = Attachable.get(attachable.Id, qb=self.client)
        assert (stored.FileName, stored.Size) == ("receipt.pdf", len(content)), stored.Size
        where = f"AttachableRef.EntityRef.Type = 'Purchase' AND AttachableRef.EntityRef.value = '{self.made.Id}'"
        assert [a.Id for a in Attachable.where(where, qb=self.client)] == [attachable.Id]
        assert requests.get(stored.TempDownloadUri, timeout=9).content == content

    def batch_and_changes(self) -> None:
        """A batch with one good and one bad item; what changed since."""
        good, bad = self.purchase(2.22, number="b-1"), self.purchase(2.23, number="b" * 30)
        told = batch_create([good, bad], qb=self.client)
        assert (len(told.successes), len(told.faults)) == (1, 1)
        assert told.faults[0].Error[0].code == "2050"
        moment = Purchase.get(self.made.Id, qb=self.client).MetaData["CreateTime"]
        changed = change_data_capture([Purchase, Vendor, Bill], moment, qb=self.client)
        assert told.successes[0].Id in [p.Id for p in changed.Purchase._object_list]
        assert any(getattr(b, "status", "") == "Deleted" for b in changed.Bill._object_list)

    def every_list(self) -> None:
        """Records of each list class: made, read back, listed and counted."""
        income = Account.filter(AccountType="Income", qb=self.client)[0].to_ref()
        priced = {"Type": "Service", "IncomeAccountRef": income, "ExpenseAccountRef": self.expense.to_ref()}
        made: tuple[tuple[Any, dict[str, Any]], ...] = (
            (Account, {"Name": "Fuel", "AccountType": "Expense", "AccountSubType": "Travel"}),
            (Class, {"Name": "Field work"}),
            (CompanyCurrency, {"Code": "SEK", "Name": "Swedish krona"}),
            (Customer, {"DisplayName": "Adatum"}),
            (Employee, {"GivenName": "Kim", "FamilyName": "Driver"}),
            (Item, {"Name": "Mileage", **priced}),
            (PaymentMethod, {"Name": "Fuel card"}),
            (TaxAgency, {"DisplayName": "County"}),
            (Term, {"Name": "Net 12", "DueDays": 12}),
        )
        for kind, members in made:
            record = kind()
            vars(record).update(members)
            record.save(qb=self.client)
            assert kind.get(record.Id, qb=self.client).Id == record.Id, kind
            assert record.Id in {each.Id for each in kind.all(max_results=1000, qb=self.client)}, kind
            assert kind.count(qb=self.client) > 0, kind

    def report(self) -> None:
        """The trial balance agrees; other reports have rows and columns."""
        told = self.client.get_report("TrialBalance")
        total = told["Rows"]["Row"][-1]["Summary"]["ColData"]
        assert total[1]["value"] == total[2]["value"] != ""
        asked = {"start_date": "2020-01-01", "end_date": "2030-12-31", "summarize_column_by": "Year"}
        assert len(self.client.get_report("ProfitAndLoss", asked)["Columns"]["Column"]) == 13
        for name in ("TransactionList", "JournalReport", "AgedPayables", "GeneralLedger"):
            assert self.client.get_report(name)["Columns"]["Column"], name

    def rates(self) -> None:
        """An exchange rate as of a day."""
        other = "EUR" if self.home != "EUR" else "USD"
        rows = ExchangeRate.where(f"SourceCurrencyCode = '{other}' AND AsOfDate = '2026-01-15'", qb=self.client)
        assert rows[0].TargetCurrencyCode == self.home

    def revoke(self) -> None:
        """After revocation nothing works."""
        assert self.auth_client.revoke(token=self.auth_client.refresh_token)
        try:
            Account.count(qb=self.client)
        except AuthorizationException:
            return
        raise AssertionError("a revoked token was accepted")

    def run(self) -> None:
        names = (
            *("sign_in", "wrong_code", "company", "lists", "vendor", "charge_and_refund", "idempotent"),
            *("stale_and_invalid", "bill_and_payment", "movements", "attach", "batch_and_changes", "every_list"),
            *("report", "rates", "revoke"),
        )
        for name in names:
            act = getattr(self, name)
            with STEP(name) if name in ("sign_in", "lists", "attach") else nullcontext():
                act()
            print(f"ok {name}: {act.__doc__}", flush=True)


def refusal(act: Callable[[], object]) -> QuickbooksException:
    """The error that an act ends with."""
    try:
        act()
    except QuickbooksException as error:
        return error
    raise AssertionError("nothing was refused")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    Steps(sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))).run()
