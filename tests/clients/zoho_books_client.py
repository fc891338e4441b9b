"""The PyPI package ``zohopy``, unmodified but for its base URLs, against a running simulator.

Usage: zoho_books_client.py BASE_URL CREDENTIALS_JSON   (BASE_URL has no trailing slash)
Needs zohopy==0.2.0; prints one line for each step.
"""

import json
import sys
from collections.abc import Callable

from steps import Recorder
from zohopy import SyncZohoClient, ZohoConfig
from zohopy.config import DataCenter
from zohopy.exceptions import ZohoError, ZohoNotFoundError, ZohoTokenRefreshError, ZohoValidationError
from zohopy.products.books.accounting import ChartOfAccounts, Journals
from zohopy.products.books.bank_transactions import BankTransactions
from zohopy.products.books.banking import BankAccounts
from zohopy.products.books.bills import Bills
from zohopy.products.books.contacts import Contacts
from zohopy.products.books.expenses import Expenses
from zohopy.products.books.payments import VendorPayments
from zohopy.products.books.settings import Currencies, Taxes
from zohopy.products.books.vendor_credits import VendorCredits

STEP = Recorder("zohopy").step
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
VENDOR_HOSTS = "zohoapis."


def config_for(base: str, credentials: dict[str, str], **changes: str) -> ZohoConfig:
    """A configuration whose two addresses lead to the simulator, or to the vendor's own hosts."""

    class Local(ZohoConfig):
        @property
        def accounts_url(self) -> str:
            return super().accounts_url if VENDOR_HOSTS in base else base

        @property
        def base_api_url(self) -> str:
            return super().base_api_url if VENDOR_HOSTS in base else base

    given = {name: credentials[name] for name in ("client_id", "client_secret", "refresh_token")}
    given["organization_id"] = credentials["organization_id"]
    given |= changes
    return Local(_env_file=None, data_center=DataCenter(credentials["data_center"]), max_retries=1, **given)


def by_name(rows: list[dict[str, str]], name: str) -> dict[str, str]:
    """The row of an account."""
    return next(row for row in rows if row["account_name"] == name)


def spend(client: SyncZohoClient, card: str, travel: str, tax: str) -> str:
    """An expense with tax inside, its receipt, a change of it; gives its id."""
    expenses = Expenses(client)
    given = {"account_id": travel, "paid_through_account_id": card, "date": "2026-03-02", "amount": 54.6}
    with STEP("create"):
        made = expenses.create({**given, "tax_id": tax, "is_inclusive_tax": True, "reference_number": "zohopy-1"})
        assert made["code"] == 0, made
        id = made["expense"]["expense_id"]
    with STEP("attach"):
        said = expenses.add_receipt(id, {"receipt": ("taxi.png", PNG, "image/png")})
        assert said["code"] == 0, said
        assert expenses.get(id)["expense"]["expense_receipt_name"] == "taxi.png"
    changed = expenses.update(id, {"description": "Taxi to site"})["expense"]
    assert (changed["description"], changed["total"]) == ("Taxi to site", 54.6), changed
    with STEP("read_back"):
        read = expenses.get(id)["expense"]
        assert (read["total"], read["tax_amount"], read["description"]) == (54.6, 9.1, "Taxi to site"), read
        found = expenses.list(reference_number="zohopy-1")["expenses"]
        assert [row["expense_id"] for row in found] == [id], found
    return id


def owe(client: SyncZohoClient, vendor: str, account: str, bank: str) -> str:
    """A bill, a part of it paid, the rest settled by a vendor credit; gives its id."""
    bills = Bills(client)
    line = {"account_id": account, "rate": 310.4, "quantity": 1}
    due = {"date": "2026-03-02", "due_date": "2099-12-31"}
    bill = bills.create({"vendor_id": vendor, "bill_number": "ZP-1", **due, "line_items": [line]})["bill"]
    assert (bill["status"], bill["balance"]) == ("open", 310.4), bill
    given = {"vendor_id": vendor, "amount": 250, "date": "2026-03-02", "paid_through_account_id": bank}
    applied = [{"bill_id": bill["bill_id"], "amount_applied": 250}]
    paid = VendorPayments(client).create({**given, "payment_mode": "Bank Transfer", "bills": applied})["vendorpayment"]
    assert paid["balance"] == 0, paid
    with STEP("credit"):
        credit_rest(client, vendor, account, bill["bill_id"])
    assert len(bills.list_payments(bill["bill_id"])["payments"]) == 1
    return bill["bill_id"]


def credit_rest(client: SyncZohoClient, vendor: str, account: str, bill: str) -> None:
    """A vendor credit lessens the expense, and what is left of it settles what is left of the bill."""
    bills, credits = Bills(client), VendorCredits(client)
    line = {"account_id": account, "rate": 75.15, "quantity": 1}
    made = credits.create({"vendor_id": vendor, "date": "2026-03-02", "line_items": [line]})["vendor_credit"]
    id = made["vendor_credit_id"]
    posted = client.get("/books/v3/chartofaccounts/transactions", params={"account_id": account})["transactions"]
    assert 75.15 in [row["credit_amount"] for row in posted], posted
    assert credits.get(id)["vendor_credit"]["balance"] == 75.15
    credits.apply_to_bill(id, {"bills": [{"bill_id": bill, "amount_applied": 60.4}]})
    settled, left = bills.get(bill)["bill"], credits.get(id)["vendor_credit"]
    assert (settled["status"], settled["balance"], left["balance"]) == ("paid", 0, 14.75), (settled, left)


def move(client: SyncZohoClient, bank: str, card: str, travel: str) -> None:
    """The card paid down, and a refund on it."""
    transactions = BankTransactions(client)
    given = {"from_account_id": bank, "to_account_id": card, "amount": 40, "date": "2026-03-02"}
    paid = transactions.create({**given, "transaction_type": "card_payment"})["banktransaction"]
    assert paid["status"] == "manually_added", paid
    back = {"from_account_id": travel, "to_account_id": card, "amount": 12.25, "date": "2026-03-02"}
    transactions.create({**back, "transaction_type": "expense_refund"})
    shown = transactions.list(account_id=card)["banktransactions"]
    assert sorted(row["amount"] for row in shown) == [12.25, 40, 54.6], shown


def refused(kind: type[ZohoError], act: Callable[[], object]) -> ZohoError:
    """The client's own exception for what the platform does not take."""
    try:
        act()
    except kind as error:
        return error
    raise SystemExit("nothing was refused")


def refusals(client: SyncZohoClient, vendor: str, account: str, bill: str) -> None:
    """What the client makes of errors: a missing body, a duplicate, a settled bill, an unknown id."""
    lacking = refused(ZohoValidationError, lambda: Expenses(client).create({"amount": 3}))
    assert lacking.details == {"code": 1001, "message": "Invalid value passed for date"}, lacking.details
    line = {"account_id": account, "rate": 1, "quantity": 1}
    again = {"vendor_id": vendor, "bill_number": "ZP-1", "line_items": [line]}
    assert "already" in str(refused(ZohoValidationError, lambda: Bills(client).create(again)))
    assert refused(ZohoValidationError, lambda: Bills(client).void(bill)).details["message"]
    unknown = refused(ZohoNotFoundError, lambda: Bills(client).get("460000000000001"))
    assert "does not exist" in str(unknown), unknown


def stale_write(client: SyncZohoClient, expense: str) -> None:
    """Zoho Books knows no version that a change could name: the last one stands, until what it changes is gone."""
    expenses = Expenses(client)
    expenses.update(expense, {"description": "Of another user"})
    expenses.update(expense, {"description": "Too late"})
    assert expenses.get(expense)["expense"]["description"] == "Too late"
    expenses.delete(expense)
    refused(ZohoNotFoundError, lambda: expenses.update(expense, {"description": "Later still"}))


def main(base: str, credentials: dict[str, str]) -> None:
    with SyncZohoClient(config_for(base, credentials)) as client:
        with STEP("sign_in"):
            first = client._auth.get_headers()["Authorization"]
            assert first.startswith("Zoho-oauthtoken 1000."), first

        with STEP("lists"):
            banks = BankAccounts(client).list()["bankaccounts"]
            bank = by_name(banks, "Business Current Account")["account_id"]
            card = by_name(banks, "Business Card")["account_id"]
            chart = [row for page in ChartOfAccounts(client).list_all(per_page=10) for row in page["chartofaccounts"]]
            travel = by_name(chart, "Travel Expense")["account_id"]
            office = by_name(chart, "Office Supplies")["account_id"]
            assert len({row["account_id"] for row in chart}) == len(chart) > 30
            tax = next(row for row in Taxes(client).list()["taxes"] if row["tax_percentage"] == 20)["tax_id"]
            codes = {row["currency_code"] for row in Currencies(client).list()["currencies"]}
            assert {"GBP", "USD"} <= codes, codes

        vendor = Contacts(client).create({"contact_name": "Zohopy Supplies", "contact_type": "vendor"})["contact"]
        found = Contacts(client).list(contact_name="Zohopy Supplies")["contacts"]
        assert [row["contact_id"] for row in found] == [vendor["contact_id"]], found
        print("vendor:", vendor["contact_id"])

        expense = spend(client, card, travel, tax)
        print("expense with a receipt, changed and found:", expense)

        bill = owe(client, vendor["contact_id"], office, bank)
        print("bill, payment and vendor credit:", bill)

        move(client, bank, card, travel)
        print("card payment and refund")

        lines = [
            {"account_id": travel, "amount": 7.5, "debit_or_credit": "debit"},
            {"account_id": office, "amount": 7.5, "debit_or_credit": "credit"},
        ]
        journal = Journals(client).create({"journal_date": "2026-03-02", "line_items": lines})["journal"]
        assert (journal["status"], journal["total"]) == ("published", 7.5), journal
        print("journal:", journal["journal_id"])

        with STEP("validation_error"):
            refusals(client, vendor["contact_id"], office, bill)
        with STEP("stale_write"):
            stale_write(client, expense)

        client._auth._state.access_token = "1000.gone.gone"
        assert BankAccounts(client).get(card)["bankaccount"]["account_name"] == "Business Card"
        assert client._auth.get_headers()["Authorization"] not in (first, "Zoho-oauthtoken 1000.gone.gone")
        print("a token that is not good was refreshed after 401")

    with SyncZohoClient(config_for(base, credentials, refresh_token="1000.nobody.nobody")) as stranger:
        error = refused(ZohoTokenRefreshError, lambda: BankAccounts(stranger).list())
        assert "invalid_code" in str(error), error
    print("an unknown refresh token was refused")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), json.loads(sys.argv[2]))
