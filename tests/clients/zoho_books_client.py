"""The PyPI package ``zohopy``, unmodified but for its base URLs, against a running simulator.

Usage: zoho_books_client.py BASE_URL CREDENTIALS_JSON   (BASE_URL has no trailing slash)
Needs zohopy==0.2.0; prints one line for each step.
"""

import json
import sys

from zohopy import SyncZohoClient, ZohoConfig
from zohopy.config import DataCenter
from zohopy.exceptions import ZohoNotFoundError, ZohoTokenRefreshError, ZohoValidationError
from zohopy.products.books.accounting import ChartOfAccounts, Journals
from zohopy.products.books.bank_transactions import BankTransactions
from zohopy.products.books.banking import BankAccounts
from zohopy.products.books.bills import Bills
from zohopy.products.books.contacts import Contacts
from zohopy.products.books.expenses import Expenses
from zohopy.products.books.payments import VendorPayments
from zohopy.products.books.settings import Currencies, Taxes
from zohopy.products.books.vendor_credits import VendorCredits

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
    made = expenses.create({**given, "tax_id": tax, "is_inclusive_tax": True, "reference_number": "zohopy-1"})
    assert made["code"] == 0, made
    expense = made["expense"]
    assert (expense["total"], expense["tax_amount"]) == (54.6, 9.1), expense
    id = expense["expense_id"]
    said = expenses.add_receipt(id, {"receipt": ("taxi.png", PNG, "image/png")})
    assert said["code"] == 0, said
    assert expenses.get(id)["expense"]["expense_receipt_name"] == "taxi.png"
    changed = expenses.update(id, {"description": "Taxi to site"})["expense"]
    assert (changed["description"], changed["total"]) == ("Taxi to site", 54.6), changed
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
    credits = VendorCredits(client)
    back = {"account_id": account, "rate": 60.4, "quantity": 1}
    credit = credits.create({"vendor_id": vendor, "date": "2026-03-02", "line_items": [back]})["vendor_credit"]
    credits._action_post(
        credit["vendor_credit_id"], "bills", {"bills": [{"bill_id": bill["bill_id"], "amount_applied": 60.4}]}
    )
    settled = bills.get(bill["bill_id"])["bill"]
    assert (settled["status"], settled["balance"]) == ("paid", 0), settled
    assert len(bills.list_payments(bill["bill_id"])["payments"]) == 1
    return bill["bill_id"]


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


def refusals(client: SyncZohoClient, vendor: str, account: str, bill: str) -> None:
    """What the client makes of errors: a missing body, a duplicate, a settled bill, an unknown id."""
    try:
        Expenses(client).create({"amount": 3})
        raise SystemExit("an expense without its accounts was taken")
    except ZohoValidationError as error:
        assert error.details["code"] != 0, error.details
    line = {"account_id": account, "rate": 1, "quantity": 1}
    try:
        Bills(client).create({"vendor_id": vendor, "bill_number": "ZP-1", "line_items": [line]})
        raise SystemExit("a second bill of one number was taken")
    except ZohoValidationError as error:
        assert "already" in str(error), error
    try:
        Bills(client).void(bill)
        raise SystemExit("a paid bill was voided")
    except ZohoValidationError as error:
        assert error.details["message"], error.details
    try:
        Bills(client).get("460000000000001")
        raise SystemExit("an unknown bill was found")
    except ZohoNotFoundError as error:
        assert "does not exist" in str(error), error


def main(base: str, credentials: dict[str, str]) -> None:
    with SyncZohoClient(config_for(base, credentials)) as client:
        first = client._auth.get_headers()["Authorization"]
        assert first.startswith("Zoho-oauthtoken 1000."), first
        print("signed in with a refresh token")

        banks = BankAccounts(client).list()["bankaccounts"]
        bank = by_name(banks, "Business Current Account")["account_id"]
        card = by_name(banks, "Business Card")["account_id"]
        print("bank accounts:", len(banks))

        chart = [row for page in ChartOfAccounts(client).list_all(per_page=10) for row in page["chartofaccounts"]]
        travel = by_name(chart, "Travel Expense")["account_id"]
        office = by_name(chart, "Office Supplies")["account_id"]
        assert len({row["account_id"] for row in chart}) == len(chart) > 30
        print("accounts over several pages:", len(chart))

        tax = next(row for row in Taxes(client).list()["taxes"] if row["tax_percentage"] == 20)["tax_id"]
        codes = {row["currency_code"] for row in Currencies(client).list()["currencies"]}
        assert {"GBP", "USD"} <= codes, codes
        print("taxes and currencies:", len(codes))

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

        refusals(client, vendor["contact_id"], office, bill)
        print("refused natively")

        Expenses(client).delete(expense)
        try:
            Expenses(client).update(expense, {"description": "Too late"})
            raise SystemExit("a deleted expense was changed")
        except ZohoNotFoundError:
            print("a stale write was refused")

        client._auth._state.access_token = "1000.gone.gone"
        assert BankAccounts(client).get(card)["bankaccount"]["account_name"] == "Business Card"
        assert client._auth.get_headers()["Authorization"] not in (first, "Zoho-oauthtoken 1000.gone.gone")
        print("a token that is not good was refreshed after 401")

    with SyncZohoClient(config_for(base, credentials, refresh_token="1000.nobody.nobody")) as stranger:
        try:
            BankAccounts(stranger).list()
            raise SystemExit("a stranger was let in")
        except ZohoTokenRefreshError as error:
            assert "invalid_code" in str(error), error
    print("an unknown refresh token was refused")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), json.loads(sys.argv[2]))
