"""Every method of xero-python's Accounting API, called by introspection: what is simulated must come back as models.

Run by the tests in an environment of its own: base URL and credentials as JSON in the arguments. Prints each group of
methods, and at the end how many answered, how many were refused lawfully and how many are not simulated.
"""

import inspect
import json
import sys
import uuid
from datetime import UTC, datetime

import requests
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.exceptions import ApiException

from sandbooks.kit.errors import NotSimulated

BASE, CREDENTIALS = sys.argv[1], json.loads(sys.argv[2])
# Features that the emulation states as not simulated: these methods answer so, loudly.
NOT_SIMULATED = {
    "create_branding_theme_payment_services", "create_payment_service", "create_repeating_invoice_attachment_by_file_name",
    "create_repeating_invoice_history", "create_repeating_invoices", "get_branding_theme_payment_services",
    "get_contact_cis_settings", "get_invoice_reminders", "get_organisation_cis_settings", "get_payment_services",
    "get_reports_list", "post_setup", "update_or_create_repeating_invoices",
    "update_repeating_invoice", "update_repeating_invoice_attachment_by_file_name",
}  # fmt: skip
# None of these can exist here: a read by id finds nothing.
NEVER_FOUND = {"get_budget", "get_report_from_id", "get_repeating_invoice", "get_repeating_invoice_attachment_by_file_name",
               "get_repeating_invoice_attachment_by_id", "get_repeating_invoice_attachments",
               "get_repeating_invoice_history"}  # fmt: skip


class Raw:
    """The same organisation over plain HTTP: makes what the methods need."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.headers.update({
            "Authorization": f"Bearer {CREDENTIALS['access_token']}", "Xero-Tenant-Id": CREDENTIALS["tenant_id"],
            "Accept": "application/json", "Content-Type": "application/json",
        })  # fmt: skip

    def send(self, method: str, path: str, body: object = None) -> object:
        data = body if isinstance(body, bytes) else json.dumps(body) if body is not None else None
        answer = self.session.request(method, f"{BASE}/api.xro/2.0/{path}", data=data, timeout=30)
        assert answer.status_code in (200, 204), (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def one(self, method: str, path: str, body: object = None) -> dict:
        found = self.send(method, path, body)
        return next(value for value in found.values() if isinstance(value, list))[0]


RAW = Raw()
TODAY = datetime.now(UTC).date().isoformat()
LINE = {"Description": "Line", "Quantity": "1", "UnitAmount": "100.00", "AccountCode": "429", "TaxType": "NONE"}


def name(text: str) -> str:
    return f"{text} {uuid.uuid4().hex[:8]}"


BANKS = []
CURRENCIES = ["DKK", "NOK", "SEK"]


def bank() -> dict:
    while len(BANKS) < 2:
        made = {
            "Name": name("Bank"),
            "Type": "BANK",
            "BankAccountNumber": str(uuid.uuid4().int)[:12],
            "Code": str(uuid.uuid4().int)[:6],
        }
        BANKS.append(RAW.one("PUT", "Accounts", made))
    return BANKS[0]


def contact() -> dict:
    return RAW.one("PUT", "Contacts", {"Name": name("Contact"), "ContactNumber": name("N"), "EmailAddress": "a@b.co"})


def invoice_body(**more: object) -> dict:
    body = {
        "Type": "ACCPAY",
        "Contact": {"Name": "Methods Ltd"},
        "Date": TODAY,
        "DueDate": TODAY,
        "Status": "AUTHORISED",
        "LineItems": [LINE],
    }
    return {**body, **more}


def credit_body(**more: object) -> dict:
    return {
        "Type": "ACCPAYCREDIT",
        "Contact": {"Name": "Methods Ltd"},
        "Date": TODAY,
        "Status": "AUTHORISED",
        "LineItems": [LINE],
        **more,
    }


def bank_body(kind: str = "SPEND", **more: object) -> dict:
    return {
        "Type": kind,
        "Contact": {"Name": "Methods Ltd"},
        "BankAccount": {"AccountID": bank()["AccountID"]},
        "Date": TODAY,
        "LineItems": [LINE],
        **more,
    }


def over() -> dict:
    line = {**LINE, "AccountCode": "800"}
    return RAW.one("PUT", "BankTransactions", bank_body("SPEND-OVERPAYMENT", LineItems=[line]))["OverpaymentID"]


def prepaid() -> str:
    return RAW.one("PUT", "BankTransactions", bank_body("SPEND-PREPAYMENT"))["PrepaymentID"]


def transfer_body() -> dict:
    first = bank()
    return {
        "FromBankAccount": {"AccountID": first["AccountID"]},
        "ToBankAccount": {"AccountID": BANKS[1]["AccountID"]},
        "Amount": "5.00",
        "Date": TODAY,
    }


def payment_body(**more: object) -> dict:
    owed = RAW.one("PUT", "Invoices", invoice_body())
    return {
        "Invoice": {"InvoiceID": owed["InvoiceID"]},
        "Account": {"AccountID": bank()["AccountID"]},
        "Date": TODAY,
        "Amount": "10.00",
        **more,
    }


def batch_body() -> dict:
    owed = RAW.one("PUT", "Invoices", invoice_body())
    return {
        "Account": {"AccountID": bank()["AccountID"]},
        "Date": TODAY,
        "Payments": [{"Invoice": {"InvoiceID": owed["InvoiceID"]}, "Amount": "10.00"}],
    }


def user() -> str:
    return RAW.send("GET", "Users")["Users"][0]["UserID"]


def receipt_body() -> dict:
    return {"Date": TODAY, "Contact": {"Name": "Methods Ltd"}, "User": {"UserID": user()}, "LineItems": [LINE]}


def claim_body() -> dict:
    receipt = RAW.one("PUT", "Receipts", receipt_body())
    return {"User": {"UserID": user()}, "Receipts": [{"ReceiptID": receipt["ReceiptID"]}]}


def link_body() -> dict:
    owed = RAW.one("PUT", "Invoices", invoice_body())
    return {"SourceTransactionID": owed["InvoiceID"], "SourceLineItemID": owed["LineItems"][0]["LineItemID"]}


def journal_body() -> dict:
    lines = [{"LineAmount": "7.00", "AccountCode": "429"}, {"LineAmount": "-7.00", "AccountCode": "400"}]
    return {"Narration": "n", "Status": "POSTED", "Date": TODAY, "JournalLines": lines}


def room() -> None:
    """Only two tracking categories may be active."""
    for standing in RAW.send("GET", "TrackingCategories")["TrackingCategories"]:
        RAW.send("POST", f"TrackingCategories/{standing['TrackingCategoryID']}", {"Status": "ARCHIVED"})


def category() -> dict:
    room()
    return RAW.one("PUT", "TrackingCategories", {"Name": name("Methods")})


def sale() -> dict:
    return RAW.one("PUT", "Invoices", invoice_body(Type="ACCREC", LineItems=[{**LINE, "AccountCode": "200"}]))


def tax_body() -> dict:
    return {"Name": name("Rate"), "ReportTaxType": "INPUT", "TaxComponents": [{"Name": "A", "Rate": "10.00"}]}


PAPER = {"Contact": {"Name": "Methods Ltd"}, "Date": TODAY, "LineItems": [LINE]}
# What a method's parameters are given: fresh things, as methods change and delete them.
MAKE = {
    "account_id": lambda: RAW.one("PUT", "Accounts", {"Code": str(uuid.uuid4().int)[:8], "Name": name("A"), "Type": "EXPENSE"})["AccountID"],
    "bank_transaction_id": lambda: RAW.one("PUT", "BankTransactions", bank_body())["BankTransactionID"],
    "bank_transfer_id": lambda: RAW.one("PUT", "BankTransfers", transfer_body())["BankTransferID"],
    "batch_payment_id": lambda: RAW.one("PUT", "BatchPayments", batch_body())["BatchPaymentID"],
    "branding_theme_id": lambda: RAW.send("GET", "BrandingThemes")["BrandingThemes"][0]["BrandingThemeID"],
    "budget_id": lambda: str(uuid.uuid4()),
    "contact_group_id": lambda: RAW.one("PUT", "ContactGroups", {"Name": name("G")})["ContactGroupID"],
    "contact_id": lambda: contact()["ContactID"],
    "contact_number": lambda: contact()["ContactNumber"],
    "credit_note_id": lambda: RAW.one("PUT", "CreditNotes", credit_body())["CreditNoteID"],
    "expense_claim_id": lambda: RAW.one("PUT", "ExpenseClaims", claim_body())["ExpenseClaimID"],
    "invoice_id": lambda: RAW.one("PUT", "Invoices", invoice_body())["InvoiceID"],
    "item_id": lambda: RAW.one("PUT", "Items", {"Code": uuid.uuid4().hex[:12]})["ItemID"],
    "journal_id": lambda: RAW.send("GET", "Journals")["Journals"][0]["JournalID"],
    "journal_number": lambda: RAW.send("GET", "Journals")["Journals"][0]["JournalNumber"],
    "linked_transaction_id": lambda: RAW.one("PUT", "LinkedTransactions", link_body())["LinkedTransactionID"],
    "manual_journal_id": lambda: RAW.one("PUT", "ManualJournals", journal_body())["ManualJournalID"],
    "organisation_id": lambda: RAW.send("GET", "Organisation")["Organisations"][0]["OrganisationID"],
    "overpayment_id": over,
    "payment_id": lambda: RAW.one("PUT", "Payments", payment_body())["PaymentID"],
    "prepayment_id": prepaid,
    "purchase_order_id": lambda: RAW.one("PUT", "PurchaseOrders", PAPER)["PurchaseOrderID"],
    "purchase_order_number": lambda: RAW.one("PUT", "PurchaseOrders", PAPER)["PurchaseOrderNumber"],
    "quote_id": lambda: RAW.one("PUT", "Quotes", PAPER)["QuoteID"],
    "receipt_id": lambda: RAW.one("PUT", "Receipts", receipt_body())["ReceiptID"],
    "repeating_invoice_id": lambda: str(uuid.uuid4()),
    "report_id": lambda: "1",
    "tax_type": lambda: RAW.one("PUT", "TaxRates", tax_body())["TaxType"],
    "tracking_category_id": lambda: category()["TrackingCategoryID"],
    "user_id": user,
    # bodies
    "account": lambda: {"Code": str(uuid.uuid4().int)[:8], "Name": name("A"), "Type": "EXPENSE"},
    "accounts": lambda: {"Accounts": [{"Description": "changed"}]},
    "bank_transactions": lambda: {"BankTransactions": [bank_body()]},
    "bank_transfers": lambda: {"BankTransfers": [transfer_body()]},
    "batch_payments": lambda: {"BatchPayments": [batch_body()]},
    "batch_payment_delete": lambda: {"BatchPaymentID": MAKE["batch_payment_id"](), "Status": "DELETED"},
    "batch_payment_delete_by_url_param": lambda: {"Status": "DELETED"},
    "contact_groups": lambda: {"ContactGroups": [{"Name": name("G")}]},
    "contacts": lambda: {"Contacts": [{"Name": name("C")}]},
    "credit_notes": lambda: {"CreditNotes": [credit_body()]},
    "currency": lambda: {"Code": CURRENCIES.pop(), "Description": "More"},
    "expense_claims": lambda: {"ExpenseClaims": [claim_body()]},
    "history_records": lambda: {"HistoryRecords": [{"Details": "note"}]},
    "invoices": lambda: {"Invoices": [invoice_body()]},
    "items": lambda: {"Items": [{"Code": uuid.uuid4().hex[:12], "Name": "I"}]},
    "linked_transaction": link_body,
    "linked_transactions": lambda: {"LinkedTransactions": [link_body()]},
    "manual_journals": lambda: {"ManualJournals": [journal_body()]},
    "payment": payment_body,
    "payments": lambda: {"Payments": [payment_body()]},
    "payment_delete": lambda: {"Status": "DELETED"},
    "purchase_orders": lambda: {"PurchaseOrders": [PAPER]},
    "quotes": lambda: {"Quotes": [PAPER]},
    "receipts": lambda: {"Receipts": [receipt_body()]},
    "tax_rates": lambda: {"TaxRates": [tax_body()]},
    "tracking_category": lambda: {"Name": name("Methods")},
    "tracking_option": lambda: {"Name": name("O")},
    "body": lambda: b"%PDF-1.4 bytes",
    "file_name": lambda: "paper.pdf",
    "content_type": lambda: "application/pdf",
    "request_empty": dict,
    "payment_services": lambda: {"PaymentServices": []},
    "repeating_invoices": lambda: {"RepeatingInvoices": []},
    "setup": dict,
}  # fmt: skip


def allocated(path: str, id: str) -> str:
    """An allocation of a credit to a new bill."""
    owed = RAW.one("PUT", "Invoices", invoice_body())
    return RAW.one(
        "PUT",
        f"{path}/{id}/Allocations",
        {"Amount": "3.00", "Invoice": {"InvoiceID": owed["InvoiceID"]}, "Date": TODAY},
    )["AllocationID"]


def arguments(method: str, parameters: list[str]) -> dict:
    """What to call a method with."""
    given = {each: MAKE[each]() for each in parameters if each in MAKE}
    if method == "update_account":
        given["accounts"] = {"Accounts": [{"Description": "changed"}]}
    for of, path in (
        ("credit_note_id", "CreditNotes"),
        ("overpayment_id", "Overpayments"),
        ("prepayment_id", "Prepayments"),
    ):
        if "allocation_id" in parameters and of in given:
            given["allocation_id"] = allocated(path, given[of])
        if "allocations" in parameters and of in given:
            owed = RAW.one("PUT", "Invoices", invoice_body())
            given["allocations"] = {
                "Allocations": [{"Amount": "3.00", "Invoice": {"InvoiceID": owed["InvoiceID"]}, "Date": TODAY}]
            }
    if method in ("email_invoice", "get_online_invoice"):
        given["invoice_id"] = sale()["InvoiceID"]
    if method == "create_contact_group_contacts":
        given["contacts"] = {"Contacts": [{"ContactID": contact()["ContactID"]}]}
    if method == "delete_contact_group_contact":
        RAW.send(
            "PUT",
            f"ContactGroups/{given['contact_group_id']}/Contacts",
            {"Contacts": [{"ContactID": given["contact_id"]}]},
        )
    if method == "create_tracking_category":
        room()
    if "tracking_option_id" in parameters:
        given["tracking_option_id"] = RAW.one(
            "PUT", f"TrackingCategories/{given['tracking_category_id']}/Options", {"Name": name("O")}
        )["TrackingOptionID"]
    if method == "delete_bank_transfers":
        given["bank_transfers_delete"] = {
            "BankTransfers": [{"BankTransferID": MAKE["bank_transfer_id"](), "Status": "DELETED"}]
        }
    if method == "delete_bank_transfer":
        given["bank_transfer_delete_by_url_param"] = {"Status": "DELETED"}
    if "attachment" in method and method.startswith("get_") and not method.startswith("get_repeating"):
        key = next(
            each for each in parameters if each.endswith("_id") and each not in ("attachment_id", "xero_tenant_id")
        )
        kind = "".join(word.capitalize() for word in key.removesuffix("_id").split("_")) + "s"
        stored = RAW.one("PUT", f"{kind}/{given[key]}/Attachments/paper.pdf", b"%PDF")
        if "attachment_id" in parameters:
            given["attachment_id"] = stored["AttachmentID"]
    elif "attachment_id" in parameters:
        given["attachment_id"] = str(uuid.uuid4())
    if method == "update_expense_claim":
        given["expense_claims"] = {"ExpenseClaims": [{"Status": "AUTHORISED"}]}
    if method == "update_tax_rate":
        given["tax_rates"] = {
            "TaxRates": [
                {"Name": name("R"), "TaxType": RAW.one("PUT", "TaxRates", tax_body())["TaxType"], "Status": "DELETED"}
            ]
        }
    return given


def required(function: object) -> list[str]:
    """Names of parameters without a default, and ids that a method looks things up by."""
    signature = inspect.signature(function).parameters.values()
    return [
        each.name
        for each in signature
        if each.default is inspect.Parameter.empty and each.name not in ("self", "kwargs", "xero_tenant_id")
    ]


def client() -> AccountingApi:
    token = OAuth2Token(client_id=CREDENTIALS["client_id"], client_secret=CREDENTIALS["client_secret"])
    made = ApiClient(Configuration(oauth2_token=token), pool_threads=1)
    kept = {
        "access_token": CREDENTIALS["access_token"],
        "refresh_token": CREDENTIALS["refresh_token"],
        "scope": ["offline_access"],
        "expires_in": 1800,
        "token_type": "Bearer",
    }
    made.oauth2_token_getter(lambda: kept)
    made.oauth2_token_saver(kept.update)
    return AccountingApi(made, base_url=f"{BASE}/api.xro/2.0")


def main() -> None:
    api, answered, absent, wrong = client(), [], [], []
    methods = [
        n
        for n, f in inspect.getmembers(AccountingApi, inspect.isfunction)
        if n[0] != "_" and n not in ("get_resource_url", "get_model_finder")
    ]
    RAW.one("PUT", "Invoices", invoice_body())
    for method in methods:
        function = getattr(api, method)
        try:
            given = arguments(method, required(function))
            function(CREDENTIALS["tenant_id"], **given)
            answered.append(method)
        except ApiException as error:
            expected = 404 if method in NEVER_FOUND else 501
            if method in NOT_SIMULATED | NEVER_FOUND and error.status == expected:
                absent.append(method)
            else:
                wrong.append(f"{method}: {error.status} {error.body or error.reason}"[:400])
        except NotSimulated as error:  # in one process with the simulator it is raised as it is
            (absent if method in NOT_SIMULATED else wrong).append(f"{method}: {error}")
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # an answer that the client cannot read
            wrong.append(f"{method}: {type(error).__name__} {error}"[:400])
    assert not wrong, "\n".join(wrong)
    print(
        f"ok  {len(answered)} methods answer with models, {len(absent)} say that they are not simulated or find nothing"
    )


main()
