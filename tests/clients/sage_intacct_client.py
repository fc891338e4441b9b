"""The PyPI packages ``sageintacctsdk`` (XML gateway) and ``sageintacctrestsdk`` (REST), unmodified, against a simulator.

Usage: sage_intacct_client.py BASE_URL CREDENTIALS_JSON   (BASE_URL as the server tells it; neither under `sandbooks exec`)
Needs sageintacctsdk==1.28.1 and sageintacctrestsdk==1.4.3; prints one line for each step. Both packages hold their
addresses as constants, so requests below the vendor's address are sent to the simulator; the address that a session
answers with is followed as it is.
"""

import base64
import json
import os
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import requests
from intacctsdk import IntacctRESTSDK
from intacctsdk.exceptions import BadRequestError
from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.exceptions import InvalidTokenError, WrongParamsError
from steps import Recorder

XML = Recorder("sageintacctsdk").step
REST = Recorder("sageintacctrestsdk").step
VENDOR_URL = "https://api.intacct.com"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


def redirect(base: str) -> None:
    """Send what is meant for the vendor to the simulator."""
    whole = requests.Session.request

    def request(self: requests.Session, method: str, url: str, **kwargs: object) -> requests.Response:
        aimed = base.rstrip("/") + url.removeprefix(VENDOR_URL) if url.startswith(VENDOR_URL + "/") else url
        return whole(self, method, aimed, **kwargs)

    requests.Session.request = request


def signed_in(credentials: dict[str, str], **changes: str) -> SageIntacctSDK:
    names = ("sender_id", "sender_password", "user_id", "company_id", "user_password")
    return SageIntacctSDK(**{name: credentials[name] for name in names} | changes)


def refused(action: Callable[[], object], kind: type[Exception] = WrongParamsError) -> str:
    """The first cause that the client reports."""
    try:
        action()
    except kind as error:
        return str(error.response["error"][0]["description2"]) if kind is WrongParamsError else str(error.response)
    raise AssertionError("nothing was refused")


def lists(client: SageIntacctSDK) -> tuple[str, str, str]:
    """Every list that the client reads; gives a credit card, an account and a vendor."""
    accounts = client.accounts.get_all()
    assert {row["ACCOUNTTYPE"] for row in accounts} == {"balancesheet", "incomestatement"}
    assert client.accounts.count() == len(accounts)
    for name in (
        "vendors",
        "customers",
        "employees",
        "departments",
        "locations",
        "location_entities",
        "projects",
        "classes",
        "items",
        "checking_accounts",
        "expense_types",
        "expense_payment_types",
        "tax_details",
        "contacts",
        "tasks",
        "cost_types",
        "bills",
        "charge_card_transactions",
        "expense_reports",
    ):
        assert isinstance(getattr(client, name).get_all(), list), name
    pages = list(
        client.vendors.get_all_generator(field="STATUS", value="active", order_by_field="NAME", order="ascending")
    )
    names = [row["NAME"] for page in pages for row in page]
    assert names == sorted(names), names
    cards = client.charge_card_accounts.get_all()
    card = next(row["CARDID"] for row in cards if row["LIABILITYTYPE"] == "Credit")
    account = next(row["ACCOUNTNO"] for row in accounts if row["TITLE"] == "Travel")
    vendor = client.vendors.get("NAME", names[0])["VENDOR"][0]["VENDORID"]
    dimensions = [row["objectName"] for row in client.dimensions.get_all()]
    assert {"DEPARTMENT", "LOCATION", "PROJECT", "CLASS"} <= set(dimensions), dimensions
    return card, account, vendor


def charge(client: SageIntacctSDK, card: str, account: str, amount: str, reference: str) -> str:
    made = client.charge_card_transactions.post(
        {
            "chargecardid": card,
            "paymentdate": {"year": "2026", "month": "3", "day": "2"},
            "referenceno": reference,
            "payee": "Skyline Rail",
            "description": f"Card spend {reference}",
            "currency": None,
            "exchratetype": None,
            "ccpayitems": {"ccpayitem": [{"glaccountno": account, "description": "Train", "paymentamount": amount}]},
        }
    )
    return str(made["key"])


def spent(client: SageIntacctSDK, account: str) -> Decimal:
    """What the general ledger holds of an account, debits less credits."""
    rows = client.gl_detail.get_by_query(and_filter=[("equalto", "ACCOUNTNO", account)])
    return sum((Decimal(row["DEBITAMOUNT"] or 0) - Decimal(row["CREDITAMOUNT"] or 0) for row in rows), Decimal(0))


def bill_of(client: SageIntacctSDK, vendor: str, account: str) -> str:
    """A bill, found by its number."""
    line = {"ACCOUNTNO": account, "TRX_AMOUNT": "73.90", "ENTRYDESCRIPTION": "Hotel"}
    head = {"WHENCREATED": "03/02/2026", "VENDORID": vendor, "RECORDID": "SDK-BILL-1", "WHENDUE": "04/01/2026"}
    made = client.bills.post({**head, "CURRENCY": None, "APBILLITEMS": {"APBILLITEM": [line]}})
    bill = made["data"]["apbill"]["RECORDNO"]
    wanted = [("equalto", "RECORDID", "SDK-BILL-1"), ("in", "STATE", ["Posted", "Selected"])]
    found = client.bills.get_by_query(and_filter=wanted)
    assert [row["RECORDNO"] for row in found] == [bill], found
    return str(bill)


def attached(client: SageIntacctSDK, bill: str, charge: str) -> None:
    """Two files in one attachment, read back byte for byte, of a bill and of a charge."""
    file = {"attachmentname": "receipt", "attachmenttype": "png", "attachmentdata": base64.b64encode(PNG).decode()}
    client.attachments.create_attachments_folder({"supdocfoldername": "SDK"})
    made = client.attachments.post(
        {"supdocid": "SDK-1", "supdocfoldername": "SDK", "attachments": {"attachment": [file]}}
    )
    assert (made["status"], made["key"]) == ("success", "SDK-1"), made
    client.attachments.update(
        {"supdocid": "SDK-1", "attachments": {"attachment": {**file, "attachmentname": "second"}}}
    )
    held = client.attachments.get_attachment("supdocid", "SDK-1")["data"]["supdoc"]["attachments"]["attachment"]
    assert [base64.b64decode(each["attachmentdata"]) for each in held] == [PNG, PNG], held
    client.bills.update_attachment(bill, "SDK-1")
    client.charge_card_transactions.update_attachment(charge, "SDK-1")
    assert client.bills.get("RECORDNO", bill)["apbill"]["SUPDOCID"] == "SDK-1"


def stale_write(client: SageIntacctSDK, vendor: str, bill: str, currency: str) -> None:
    """The gateway knows no version of a record: the last change stands, and who pays late is told what the bill is."""
    for text in ("Of another user", "Too late"):
        client.bills.update({"RECORDNO": bill, "DESCRIPTION": text})
    assert client.bills.get("RECORDNO", bill)["apbill"]["DESCRIPTION"] == "Too late"
    bank = client.checking_accounts.get_all()[0]["BANKACCOUNTID"]
    head = {"PAYMENTMETHOD": "EFT", "FINANCIALENTITY": bank, "VENDORID": vendor, "PAYMENTDATE": "03/02/2026"}
    whole = {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "73.90"}
    client.ap_payments.post({**head, "CURRENCY": currency, "APPYMTDETAILS": {"APPYMTDETAIL": [whole]}})
    assert client.bills.get("RECORDNO", bill)["apbill"]["STATE"] == "Paid"
    more = {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "0.01"}
    said = refused(lambda: client.ap_payments.post({**head, "APPYMTDETAILS": {"APPYMTDETAIL": [more]}}))
    assert "exceeds total amount due (0)" in said, said


def over_rest(credentials: dict[str, str], books: SageIntacctSDK, card: str, account: str, vendor: str) -> None:
    """The same company by REST; its books are read through the gateway."""
    names = ("username", "client_id", "client_secret")
    with REST("sign_in"):
        client = IntacctRESTSDK(**{name: credentials[name] for name in names})
    with REST("lists"):
        accounts = [row for page in client.accounts.get_all_generator(fields=["id", "name", "status"]) for row in page]
        assert client.accounts.count() == len(accounts) > 10
        recent = [{"$gte": {"audit.modifiedDateTime": "2020-01-01T00:00:00Z"}}, {"$eq": {"status": "active"}}]
        pages = client.vendors.get_all_generator(fields=["id", "name"], filters=recent, order_by=[{"name": "asc"}])
        found = [row["id"] for page in pages for row in page]
        assert vendor in found, found

    line = {"glAccount": {"id": account}, "txnAmount": "12.30", "dimensions": {"project": {"id": None}}}
    head = {"billNumber": "REST-1", "vendor": {"id": vendor}, "createdDate": "2026-03-02", "dueDate": "2026-04-01"}
    before = spent(books, account)
    with REST("create"):
        made = client.bills.post({**head, "isTaxInclusive": False, "lines": [{**line, "memo": "Meal"}]})
        bill = made["ia::result"]["key"]
    with REST("read_back"):
        read = client.bills.get_by_key(bill)["ia::result"]
        assert (read["billNumber"], read["lines"][0]["txnAmount"], read["state"]) == ("REST-1", "12.30", "posted"), read
    with REST("credit"):
        spend = {"txnDate": "2026-03-02", "creditCardAccount": {"id": card}, "referenceNumber": "rest-2"}
        client.charge_card_transactions.post({**spend, "lines": [line]})
        back = {**spend, "referenceNumber": "rest-3", "lines": [{**line, "txnAmount": "-4.05"}]}
        refund = client.charge_card_transactions.post(back)["ia::result"]["key"]
        assert client.charge_card_transactions.get_by_key(refund)["ia::result"]["lines"][0]["txnAmount"] == "-4.05"
        assert spent(books, account) - before == Decimal("20.55"), (before, spent(books, account))
    with REST("attach"):
        file = {"name": "receipt.png", "data": base64.b64encode(PNG).decode()}
        client.attachments.post({"id": "REST-1", "name": "Receipt", "files": [file]})
        client.bills.update_attachment(bill, "REST-1")
        assert client.bills.get_by_key(bill)["ia::result"]["attachment"]["id"] == "REST-1"
    with REST("validation_error"):
        twice = rest_refusal(lambda: client.bills.post({**head, "lines": [line]}))
        assert "already exists" in twice["details"][0]["message"], twice
    with REST("stale_write"):  # REST knows no version either: the last change stands, until what it changes is gone
        for text in ("Of another user", "Too late"):
            client.bills.update(bill, {"description": text})
        assert client.bills.get_by_key(bill)["ia::result"]["description"] == "Too late"
        client.bills.delete(bill)
        gone = rest_refusal(lambda: client.bills.update(bill, {"description": "Later still"}))
        assert gone["code"] == "invalidKey", gone


def rest_refusal(action: Callable[[], object]) -> dict[str, Any]:
    """The error that the REST client reports."""
    try:
        action()
    except BadRequestError as error:
        return dict(json.loads(error.response)["ia::result"]["ia::error"])
    raise AssertionError("nothing was refused")


def main(base: str, credentials: dict[str, str]) -> None:
    redirect(base)
    with XML("sign_in"):
        client = signed_in(credentials)
        said = refused(lambda: signed_in(credentials, user_password="wrong"), InvalidTokenError)
        assert "Sign-in information is incorrect" in said, said

    with XML("lists"):
        card, account, vendor = lists(client)

    new = client.vendors.post(
        {"VENDORID": "CLIENT-1", "NAME": "Client Vendor", "DISPLAYCONTACT": {"PRINTAS": "Client"}}
    )
    assert new["data"]["vendor"]["VENDORID"] == "CLIENT-1", new
    again = refused(lambda: client.vendors.post({"VENDORID": "CLIENT-1", "NAME": "Twice"}))
    assert "already exists" in again, again
    print("vendor created once:", again)

    before = spent(client, account)
    with XML("create"):
        key = charge(client, card, account, "48.20", "sdk-1")
    with XML("credit"):
        refund = charge(client, card, account, "-11.35", "sdk-2")
        assert client.charge_card_transactions.get("RECORDNO", refund)["cctransaction"]["TOTALENTERED"] == "-11.35"
        assert spent(client, account) - before == Decimal("36.85"), (before, spent(client, account))
    with XML("read_back"):
        read = client.charge_card_transactions.get("RECORDNO", key)["cctransaction"]
        assert (read["RECORDID"], read["TOTALENTERED"], read["STATE"]) == ("sdk-1", "48.2", "Posted"), read

    bill = bill_of(client, vendor, account)
    with XML("attach"):
        attached(client, bill, key)
    with XML("validation_error"):
        said = refused(lambda: charge(client, card, "999999", "5.10", "sdk-3"))
        assert "999999" in said, said
    with XML("stale_write"):
        stale_write(client, vendor, bill, read["CURRENCY"])

    over_rest(credentials, client, card, account, vendor)


if __name__ == "__main__":
    if sys.argv[1:]:
        main(sys.argv[1], json.loads(sys.argv[2]))
    else:  # under `sandbooks exec`: nothing is redirected, and the environment holds the credentials
        given = {name.removeprefix("INTACCT_").lower(): value for name, value in os.environ.items()}
        main(VENDOR_URL, given)
