"""ms-dynamics-business-central-sdk and MSAL, unmodified, against a running simulator: one printed line per step.

Usage: business_central_client.py BASE_URL CREDENTIALS_JSON, where BASE_URL ends before ``/v2.0/{environment}``: the
vendor's own address, or that of a server that carries both hosts under one prefix.
Needs ms-dynamics-business-central-sdk==1.7.0, msal==1.39.0 and requests.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import msal
import requests
from dynamics.core.client import Dynamics
from dynamics.exceptions.dynamics_exceptions import InvalidTokenError, NotFoundItemError, WrongParamsError
from requests.adapters import HTTPAdapter
from steps import Recorder

SDK = Recorder("ms-dynamics-business-central-sdk").step
PLAIN = Recorder("msal").step
VENDOR = "https://api.businesscentral.dynamics.com"
LOGIN = "https://login.microsoftonline.com"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


class Elsewhere(HTTPAdapter):
    """Carries what is meant for the sign-in host to another address and names that host in the answers.

    MSAL insists on https for its authority and for every endpoint that discovery names.
    """

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        request.url = str(request.url).replace(LOGIN, self.base, 1)
        answer = super().send(request, **options)
        answer._content = answer.content.replace(self.base.encode(), LOGIN.encode())
        return answer


def msal_token(base: str, credentials: dict[str, str]) -> str:
    """A token by client credentials, fetched by MSAL with its usual discovery."""
    session = requests.Session()
    if base != VENDOR:
        session.mount(f"{LOGIN}/", Elsewhere(base))
    application = msal.ConfidentialClientApplication(
        credentials["client_id"],
        authority=f"{LOGIN}/{credentials['tenant_id']}",
        client_credential=credentials["client_secret"],
        http_client=session,
    )
    wanted = [f"{VENDOR}/.default"]
    answer = application.acquire_token_for_client(scopes=wanted)
    assert answer["token_type"] == "Bearer", answer
    again = application.acquire_token_for_client(scopes=wanted)
    assert again["token_source"] == "cache", again
    if "private_key" in credentials:
        names = {
            "private_key": "private_key",
            "thumbprint": "certificate_thumbprint",
            "public_certificate": "certificate",
        }
        by_certificate = msal.ConfidentialClientApplication(
            credentials["client_id"],
            authority=f"{LOGIN}/{credentials['tenant_id']}",
            client_credential={name: credentials[own] for name, own in names.items()},
            http_client=session,
        )
        assert "access_token" in by_certificate.acquire_token_for_client(scopes=wanted)
    wrong = msal.ConfidentialClientApplication(
        credentials["client_id"],
        authority=f"{LOGIN}/{credentials['tenant_id']}",
        client_credential="wrong",
        http_client=session,
    ).acquire_token_for_client(scopes=wanted)
    assert wrong["error"] == "invalid_client", wrong
    assert wrong["error_codes"] == [7000215], wrong
    if base != VENDOR:
        by_device_code(session, credentials)
    return str(answer["access_token"])


def by_device_code(session: requests.Session, credentials: dict[str, str]) -> None:
    """A person's tokens by device code, and their renewal without a secret."""
    application = msal.PublicClientApplication(
        credentials["client_id"], authority=f"{LOGIN}/{credentials['tenant_id']}", http_client=session
    )
    wanted = [f"{VENDOR}/Financials.ReadWrite.All"]
    flow = application.initiate_device_flow(scopes=wanted)
    entered = {"user_code": flow["user_code"], "sandbox_decision": "approve"}
    assert session.post(flow["verification_uri"], data=entered).status_code == 200
    assert "access_token" in application.acquire_token_by_device_flow(flow)
    (account,) = application.get_accounts()
    renewed = application.acquire_token_silent(wanted, account=account, force_refresh=True)
    assert renewed["token_source"] == "identity_provider", renewed


def signed_in(base: str, credentials: dict[str, str], *, company: str | None = None) -> Dynamics:
    login = LOGIN if base == VENDOR else base
    Dynamics.TOKEN_URL = f"{login}/organizations/oauth2/v2.0/token?resource={VENDOR}"
    Dynamics.BASE_URL = f"{base}/v2.0/{{environment}}/api/v2.0"
    Dynamics.API_URL = base
    return Dynamics(
        credentials["client_id"],
        credentials["client_secret"],
        credentials["refresh_token"],
        environment=credentials["environment"],
        company_id=company,
    )


def lists(client: Dynamics) -> tuple[str, str, str]:
    """What an integration imports first; an expense account, a vendor and a bank account by number."""
    accounts = client.accounts.get_all(**{"$filter": "accountType eq 'Posting' and directPosting eq true"})
    assert all(each["accountType"] == "Posting" for each in accounts)
    assert client.accounts.count() > len(accounts)
    expense = next(each for each in accounts if each["category"] == "Expense")
    vendors = client.vendors.get_all()
    assert vendors[0]["blocked"] == "_x0020_", vendors[0]
    assert client.vendors.count() == len(vendors)
    banks = client.bank_accounts.get_all()
    assert client.bank_accounts.count() == len(banks)
    dimensions = client.dimensions.get_all_dimensions()
    assert client.dimensions.count_dimension_values(dimensions[0]["id"]) == len(
        client.dimensions.get_all_dimension_values(dimensions[0]["id"])
    )
    assert client.employees.count() == len(client.employees.get_all())
    assert client.locations.count() == len(client.locations.get_all())
    return str(expense["number"]), str(vendors[0]["number"]), str(banks[0]["number"])


def bill(client: Dynamics, company: str, expense: str, vendor: str) -> str:
    """A purchase invoice with two lines in one batch, a dimension and a receipt."""
    made = client.purchase_invoices.post(
        {
            "vendorNumber": vendor,
            "vendorInvoiceNumber": "SDK-1",
            "invoiceDate": "2026-03-02",
            "currencyCode": "",
        }
    )
    assert made["status"] == "Draft", made
    lines = [
        {
            "lineType": "Account",
            "lineObjectNumber": expense,
            "unitCost": cost,
            "quantity": 1,
            "description": "Licences",
            "description2": f"join-{n}",
        }
        for n, cost in enumerate((10.5, 20.25))
    ]
    answer = client.purchase_invoice_line_items.bulk_post(made["id"], lines, company)
    bodies = [each["body"] for each in answer["responses"]]
    assert [body["description2"] for body in bodies] == ["join-0", "join-1"], bodies
    dimension = client.dimensions.get_all_dimensions()[0]
    value = client.dimensions.get_all_dimension_values(dimension["id"])[0]
    chosen = {"id": dimension["id"], "parentId": bodies[0]["id"], "valueId": value["id"]}
    made_dimension = client.purchase_invoice_line_items.post_purchase_invoice_dimensions(bodies[0]["id"], chosen)
    assert made_dimension["valueCode"] == value["code"], made_dimension
    (found,) = client.purchase_invoices.get_all(**{"$filter": "vendorInvoiceNumber eq 'SDK-1'"})
    assert found["totalAmountExcludingTax"] == 30.75, found
    return str(made["id"])


def attach(client: Dynamics, parent: str, kind: str) -> None:
    entity = client.attachments.post({"parentId": parent, "fileName": "receipt.png", "parentType": kind})
    assert entity["byteSize"] == 0, entity
    client.attachments.upload(entity["id"], "image/png", PNG)
    (shown,) = client.attachments.get_all(parent)
    assert shown["byteSize"] == len(PNG), shown


def journal(client: Dynamics, company: str, expense: str, bank: str) -> tuple[str, list[dict[str, Any]]]:
    """Spend and its refund as journal lines, the second with the opposite sign."""
    batch = client.journals.post({"code": "sdk", "displayName": "From the SDK"})
    assert batch["code"] == "SDK", batch
    lines = [
        {
            "accountType": "G/L Account",
            "accountNumber": expense,
            "balanceAccountType": "Bank Account",
            "balancingAccountNumber": bank,
            "postingDate": "2026-03-02",
            "externalDocumentNumber": reference,
            "amount": amount,
        }
        for reference, amount in (("sdk-spend", 64.2), ("sdk-refund", -12.3))
    ]
    answer = client.journal_line_items.bulk_post(batch["id"], lines, company)
    made = [each["body"] for each in answer["responses"]]
    assert made[0]["accountType"] == "G_x002F_L_x0020_Account", made
    attach(client, made[0]["id"], "Journal")
    assert [line["amount"] for line in client.journal_line_items.get_all(batch["id"])] == [64.2, -12.3]
    return str(batch["id"]), made


def refused(act: Any, kind: type[Exception]) -> str:
    said = ""
    try:
        act()
    except kind as error:
        said = str(error.response or error.message)
    assert said, f"no {kind.__name__}"
    return said


class Plain:
    """One company through requests alone, with the token that MSAL fetched."""

    def __init__(self, here: str, headers: dict[str, str]) -> None:
        self.here, self.headers = here, headers

    def send(self, method: str, path: str, status: int, *, headers: dict[str, str] | None = None, **more: Any) -> Any:
        sent = {**self.headers, **(headers or {})}
        answer = requests.request(method, f"{self.here}/{path}", headers=sent, timeout=30, **more)
        assert answer.status_code == status, answer.text
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.content

    def first(self, path: str, **options: str) -> Any:
        asked = {f"${name}": value for name, value in options.items()}
        return self.send("GET", path, 200, params=asked)["value"][0]

    def code(self, method: str, path: str, status: int, **more: Any) -> str:
        return str(self.send(method, path, status, **more)["error"]["code"])

    def run(self) -> None:
        """Lists, a bill, its credit, reading back, a receipt, an error of the content, a stale write."""
        with PLAIN("lists"):
            vendor = self.first("vendors", orderby="number", top="1")
            account = self.first("accounts", filter="category eq 'Expense' and directPosting eq true", top="1")
            assert self.send("GET", "vendors/$count", 200).decode("utf-8-sig").isdigit()
        line = {"lineType": "Account", "accountId": account["id"], "unitCost": 71.6, "quantity": 1, "taxCode": ""}
        with PLAIN("create"):
            head = {"vendorId": vendor["id"], "vendorInvoiceNumber": "MSAL-1", "purchaseInvoiceLines": [line]}
            bill = self.send("POST", "purchaseInvoices", 201, json=head)
        path = f"purchaseInvoices({bill['id']})"

        with PLAIN("attach"):
            file = {"fileName": "receipt.png", "parentId": bill["id"], "parentType": "Purchase Invoice"}
            made = self.send("POST", "attachments", 201, json=file)
            content = f"attachments({made['id']})/attachmentContent"
            self.send("PATCH", content, 204, data=PNG, headers={"Content-Type": "image/png", "If-Match": "*"})
            assert self.send("GET", content, 200) == PNG

        with PLAIN("stale_write"):
            stale = {"If-Match": bill["@odata.etag"]}
            self.send("PATCH", path, 200, json={"purchaser": ""}, headers={"If-Match": "*"})
            told = self.code("PATCH", path, 409, json={"vendorInvoiceNumber": "LATE"}, headers=stale)
            assert told == "Request_EntityChanged", told

        with PLAIN("validation_error"):
            wrong = {"lineType": "Account", "lineObjectNumber": "NOPE"}
            told = self.code("POST", f"{path}/purchaseInvoiceLines", 400, json=wrong)
            assert told == "Internal_InvalidTableRelation", told

        with PLAIN("read_back"):
            self.send("POST", f"{path}/Microsoft.NAV.post", 204)
            posted = self.send("GET", path, 200)
            assert (posted["status"], posted["totalAmountExcludingTax"]) == ("Open", 71.6), posted
            assert self.entry(posted, account)["debitAmount"] == 71.6

        with PLAIN("credit"):
            head = {"vendorId": vendor["id"], "vendorCreditMemoNumber": "MSAL-2", "invoiceId": bill["id"]}
            lines = [{**line, "unitCost": 21.6}]
            memo = self.send("POST", "purchaseCreditMemos", 201, json={**head, "purchaseCreditMemoLines": lines})
            self.send("POST", f"purchaseCreditMemos({memo['id']})/Microsoft.NAV.post", 204)
            credit = self.send("GET", f"purchaseCreditMemos({memo['id']})", 200)
            assert credit["status"] == "Paid", credit
            assert self.entry(credit, account)["creditAmount"] == 21.6

    def entry(self, document: dict[str, Any], account: dict[str, Any]) -> Any:
        """What a posted document has put on an account."""
        wanted = f"documentNumber eq '{document['number']}' and accountNumber eq '{account['number']}'"
        return self.first("generalLedgerEntries", filter=wanted)


def batched(client: Dynamics, company: str, method: str, url: str, **more: Any) -> dict[str, Any]:
    """One request of any kind in a batch, the client's only way to post a document or to name an entity tag."""
    request = {"method": method, "url": url, "headers": {"Content-Type": "application/json", **more.pop("headers", {})}}
    answer = client.journals._bulk_post_request({"requests": [{**request, **more}]}, "snapshot", company)
    return dict(answer["responses"][0])


def stale_write(client: Dynamics, company: str, line: dict[str, Any]) -> None:
    """An entity tag that is no longer the line's."""
    where = f"journalLines({line['id']})"
    stale = {"headers": {"If-Match": line["@odata.etag"]}}
    first = batched(client, company, "PATCH", where, body={"description": "Of another user"}, **stale)
    assert first["status"] == 200, first
    late = {"body": {"description": "Too late"}, **stale}
    said = refused(lambda: batched(client, company, "PATCH", where, **late), WrongParamsError)
    assert "Another user has already changed the record" in said, said
    said = refused(lambda: batched(client, company, "PATCH", where, body=late["body"]), WrongParamsError)
    assert "Could not validate the client concurrency token" in said, said


def main(base: str, credentials: dict[str, str]) -> None:
    with PLAIN("sign_in"):
        token = msal_token(base, credentials)
        headers = {"Authorization": f"Bearer {token}"}
        root = f"{base}/v2.0/{credentials['tenant_id']}/{credentials['environment']}/api/v2.0"
        reached = requests.get(f"{root}/companies", headers=headers).json()["value"]
        company = credentials["company_id"]
        assert company in [each["id"] for each in reached]
    Plain(f"{root}/companies({company})", headers).run()

    with SDK("sign_in"):
        above = signed_in(base, credentials)
        assert above.environments.get_all()["value"][0]["applicationFamily"] == "BusinessCentral"
        assert company in [each["id"] for each in above.companies.get_all()]
        client = signed_in(base, credentials, company=company)
        refused(lambda: signed_in(base, {**credentials, "refresh_token": "nope"}), InvalidTokenError)
    with SDK("lists"):
        expense, vendor, bank = lists(client)

    with SDK("create"):
        invoice = bill(client, company, expense, vendor)
    with SDK("attach"):
        attach(client, invoice, "Purchase Invoice")
    with SDK("read_back"):
        posted = batched(client, company, "POST", f"purchaseInvoices({invoice})/Microsoft.NAV.post")
        assert posted["status"] == 204, posted
        (shown,) = client.purchase_invoices.get_all(**{"$filter": f"id eq {invoice}"})
        assert (shown["status"], shown["totalAmountExcludingTax"]) == ("Open", 30.75), shown

    batch, lines = journal(client, company, expense, bank)
    with SDK("stale_write"):
        stale_write(client, company, lines[0])
    with SDK("credit"):
        posted = batched(client, company, "POST", f"journals({batch})/Microsoft.NAV.post")
        assert posted["status"] == 204, posted
        assert client.journal_line_items.get_all(batch) == []
        numbers = " or ".join(
            f"documentNumber eq '{number}'" for number in sorted({x["documentNumber"] for x in lines})
        )
        asked = {"$filter": f"({numbers}) and accountNumber eq '{expense}'", "$orderby": "entryNumber"}
        entries = client.accounts._get_request(asked, "/generalLedgerEntries")["value"]
        assert [(each["debitAmount"], each["creditAmount"]) for each in entries] == [(64.2, 0), (0, 12.3)], entries

    with SDK("validation_error"):
        missing = {"lineType": "Account", "lineObjectNumber": "NOPE", "unitCost": 1, "quantity": 1}
        draft = client.purchase_invoices.post({"vendorNumber": vendor})
        said = refused(
            lambda: client.purchase_invoice_line_items.bulk_post(draft["id"], [missing], company), WrongParamsError
        )
        assert "contains a value (NOPE) that cannot be found" in said, said
        gone = client.purchase_invoices.get_all(**{"$filter": f"id eq {draft['id']}"})
        assert gone == [], gone
        refused(lambda: client.purchase_invoices.delete(draft["id"]), NotFoundItemError)
        refused(lambda: client.journals.post({"displayName": "No code"}), WrongParamsError)

    client.journals.delete(batch)
    print("deleted")


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
