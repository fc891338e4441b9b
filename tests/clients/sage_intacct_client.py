"""The PyPI packages ``sageintacctsdk`` (XML gateway) and ``sageintacctrestsdk`` (REST), unmodified, against a simulator.

Usage: sage_intacct_client.py BASE_URL CREDENTIALS_JSON   (BASE_URL as the server tells it)
Needs sageintacctsdk==1.28.1 and sageintacctrestsdk==1.4.3; prints one line for each step. Both packages hold their
addresses as constants, so requests below the vendor's address are sent to the simulator; the address that a session
answers with is followed as it is.
"""

import base64
import json
import sys

import requests
from intacctsdk import IntacctRESTSDK
from intacctsdk.exceptions import BadRequestError
from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.exceptions import InvalidTokenError, WrongParamsError

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


def refused(action: object, kind: type[Exception] = WrongParamsError) -> str:
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


def over_rest(credentials: dict[str, str], card: str, account: str, vendor: str) -> None:
    """The same company by REST: lists, documents, an attachment, a refusal."""
    names = ("username", "client_id", "client_secret")
    client = IntacctRESTSDK(**{name: credentials[name] for name in names})
    accounts = [row for page in client.accounts.get_all_generator(fields=["id", "name", "status"]) for row in page]
    assert client.accounts.count() == len(accounts) > 10
    recent = [{"$gte": {"audit.modifiedDateTime": "2020-01-01T00:00:00Z"}}, {"$eq": {"status": "active"}}]
    pages = client.vendors.get_all_generator(fields=["id", "name"], filters=recent, order_by=[{"name": "asc"}])
    found = [row["id"] for page in pages for row in page]
    assert vendor in found, found
    print("rest lists read:", len(accounts), "accounts")

    line = {"glAccount": {"id": account}, "txnAmount": "12.30", "dimensions": {"project": {"id": None}}}
    head = {"billNumber": "REST-1", "vendor": {"id": vendor}, "createdDate": "2026-03-02", "dueDate": "2026-04-01"}
    bill = client.bills.post({**head, "isTaxInclusive": False, "lines": [{**line, "memo": "Meal"}]})["ia::result"][
        "key"
    ]
    charge = {"txnDate": "2026-03-02", "creditCardAccount": {"id": card}, "referenceNumber": "rest-2", "lines": [line]}
    made = client.charge_card_transactions.post(charge)["ia::result"]["key"]
    read = client.bills.get_by_key(bill)["ia::result"]
    assert (read["billNumber"], read["lines"][0]["txnAmount"], read["state"]) == ("REST-1", "12.30", "posted"), read
    print("rest documents posted:", bill, made)

    file = {"name": "receipt.png", "data": base64.b64encode(PNG).decode()}
    client.attachments.post({"id": "REST-1", "name": "Receipt", "files": [file]})
    client.bills.update_attachment(bill, "REST-1")
    assert client.bills.get_by_key(bill)["ia::result"]["attachment"]["id"] == "REST-1"
    print("rest file attached")

    try:
        client.bills.post({**head, "lines": [line]})
    except BadRequestError as error:
        print("rest refusal:", json.loads(error.response)["ia::result"]["ia::error"]["details"][0]["code"])
    else:
        raise AssertionError("a bill number was taken twice")


def main(base: str, credentials: dict[str, str]) -> None:
    redirect(base)
    client = signed_in(credentials)
    print("signed in")

    card, account, vendor = lists(client)
    print("lists read: card", card, "account", account, "vendor", vendor)

    new = client.vendors.post(
        {"VENDORID": "CLIENT-1", "NAME": "Client Vendor", "DISPLAYCONTACT": {"PRINTAS": "Client"}}
    )
    assert new["data"]["vendor"]["VENDORID"] == "CLIENT-1", new
    again = refused(lambda: client.vendors.post({"VENDORID": "CLIENT-1", "NAME": "Twice"}))
    assert "already exists" in again, again
    print("vendor created once:", again)

    key = charge(client, card, account, "48.20", "sdk-1")
    refund = charge(client, card, account, "-11.35", "sdk-2")
    read = client.charge_card_transactions.get("RECORDNO", key)["cctransaction"]
    assert (read["RECORDID"], read["TOTALENTERED"], read["STATE"]) == ("sdk-1", "48.2", "Posted"), read
    assert client.charge_card_transactions.get("RECORDNO", refund)["cctransaction"]["TOTALENTERED"] == "-11.35"
    print("charge and refund recorded:", key, refund)

    bill = client.bills.post(
        {
            "WHENCREATED": "03/02/2026",
            "VENDORID": vendor,
            "RECORDID": "SDK-BILL-1",
            "WHENDUE": "04/01/2026",
            "CURRENCY": None,
            "APBILLITEMS": {"APBILLITEM": [{"ACCOUNTNO": account, "TRX_AMOUNT": "73.90", "ENTRYDESCRIPTION": "Hotel"}]},
        }
    )["data"]["apbill"]["RECORDNO"]
    found = client.bills.get_by_query(
        and_filter=[("equalto", "RECORDID", "SDK-BILL-1"), ("in", "STATE", ["Posted", "Selected"])]
    )
    assert [row["RECORDNO"] for row in found] == [bill], found
    print("bill posted:", bill)

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
    client.charge_card_transactions.update_attachment(key, "SDK-1")
    print("files attached:", len(held))

    bank = client.checking_accounts.get_all()[0]["BANKACCOUNTID"]
    client.ap_payments.post(
        {
            "PAYMENTMETHOD": "EFT",
            "FINANCIALENTITY": bank,
            "VENDORID": vendor,
            "PAYMENTDATE": "03/02/2026",
            "CURRENCY": read["CURRENCY"],
            "APPYMTDETAILS": {"APPYMTDETAIL": [{"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "73.90"}]},
        }
    )
    assert client.bills.get("RECORDNO", bill)["apbill"]["STATE"] == "Paid"
    # A stale write: the platform knows no version of a record, but who pays late is told what the bill has become.
    more = {"RECORDKEY": bill, "TRX_PAYMENTAMOUNT": "0.01"}
    over = {"PAYMENTMETHOD": "EFT", "FINANCIALENTITY": bank, "VENDORID": vendor, "PAYMENTDATE": "03/02/2026"}
    said = refused(lambda: client.ap_payments.post({**over, "APPYMTDETAILS": {"APPYMTDETAIL": [more]}}))
    assert "exceeds total amount due (0)" in said, said
    print("bill paid; a late second payment refused:", said)

    said = refused(lambda: charge(client, card, "999999", "5.10", "sdk-3"))
    assert "999999" in said, said
    print("refused natively:", said)

    said = refused(lambda: signed_in(credentials, user_password="wrong"), InvalidTokenError)
    assert "Sign-in information is incorrect" in said, said
    print("wrong password refused")

    over_rest(credentials, card, account, vendor)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
