"""The native read and write of each platform that the benchmark sends."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bench.load import shot
from bench.subjects import Subject


def shots_of(company: dict[str, Any]) -> list[Subject]:
    """A read and a write on a demo company, as the vendor's API takes them."""
    return MAKERS[company["platform"]](company)


def _auth(company: dict[str, Any]) -> dict[str, str]:
    token = company["credentials"]["access_token"]
    return {"Authorization": f"Bearer {token}", "Accept": "application/json", "Content-Type": "application/json"}


def quickbooks_online(company: dict[str, Any]) -> list[Subject]:
    import requests

    headers = _auth(company)
    base = f"{company['base_url']}/v3/company/{company['company_id']}"

    def first(query: str, kind: str) -> str:
        got = requests.get(f"{base}/query", params={"query": query}, headers=headers, timeout=10).json()
        return str(got["QueryResponse"][kind][0]["Id"])

    card = first("select * from Account where AccountType = 'Credit Card'", "Account")
    expense = first("select * from Account where AccountType = 'Expense'", "Account")
    detail = {"AccountRef": {"value": expense}}
    line = {"Amount": 12.35, "DetailType": "AccountBasedExpenseLineDetail", "AccountBasedExpenseLineDetail": detail}
    note = "x" * 600
    body = {"PaymentType": "CreditCard", "AccountRef": {"value": card}, "PrivateNote": note, "Line": [line]}
    body["GlobalTaxCalculation"] = "NotApplicable"
    return [
        Subject("QuickBooks Online read", shot("GET", f"{base}/account/{card}", headers)),
        Subject("QuickBooks Online write", shot("POST", f"{base}/purchase", headers, _json(body))),
    ]


def xero(company: dict[str, Any]) -> list[Subject]:
    import requests

    headers = {**_auth(company), "Xero-tenant-id": company["company_id"]}
    base = f"{company['base_url']}/api.xro/2.0"
    accounts = requests.get(f"{base}/Accounts", headers=headers, timeout=10).json()["Accounts"]
    bank = next(a for a in accounts if a["Type"] == "BANK")["AccountID"]
    code = next(a for a in accounts if a["Type"] in ("EXPENSE", "OVERHEADS"))["Code"]
    line = {"Description": "x" * 600, "Quantity": 1, "UnitAmount": 12.35, "AccountCode": code, "TaxType": "NONE"}
    body = {"Type": "SPEND", "Contact": {"Name": "Bench"}, "BankAccount": {"AccountID": bank}, "LineItems": [line]}
    return [
        Subject("Xero read", shot("GET", f"{base}/Accounts/{bank}", headers)),
        Subject("Xero write", shot("PUT", f"{base}/BankTransactions", headers, _json(body))),
    ]


def freeagent(company: dict[str, Any]) -> list[Subject]:
    import requests

    headers = _auth(company)
    base = f"{company['base_url']}/v2"
    bank = requests.get(f"{base}/bank_accounts", headers=headers, timeout=10).json()["bank_accounts"][0]["url"]
    known = requests.get(f"{base}/categories", headers=headers, timeout=10).json()["admin_expenses_categories"]
    given = {"bank_account": bank, "dated_on": TODAY, "gross_value": "-12.35", "description": "x" * 600}
    body = {"bank_transaction_explanation": {**given, "category": known[0]["url"]}}
    return [
        Subject("FreeAgent read", shot("GET", bank, headers)),
        Subject("FreeAgent write", shot("POST", f"{base}/bank_transaction_explanations", headers, _json(body))),
    ]


def zoho_books(company: dict[str, Any]) -> list[Subject]:
    import requests

    token = company["credentials"]["access_token"]
    headers = {"Authorization": f"Zoho-oauthtoken {token}", "Content-Type": "application/json"}
    base, query = f"{company['base_url']}/books/v3", f"organization_id={company['company_id']}"
    known = requests.get(f"{base}/chartofaccounts?{query}", headers=headers, timeout=10).json()["chartofaccounts"]
    expense = next(a["account_id"] for a in known if a["account_type"] == "expense")
    card = next(a["account_id"] for a in known if a["account_type"] == "credit_card")
    body = {"account_id": expense, "paid_through_account_id": card, "date": TODAY, "amount": 12.35}
    body["description"] = "x" * 400
    return [
        Subject("Zoho Books read", shot("GET", f"{base}/chartofaccounts/{expense}?{query}", headers)),
        Subject("Zoho Books write", shot("POST", f"{base}/expenses?{query}", headers, _json(body))),
    ]


def netsuite(company: dict[str, Any]) -> list[Subject]:
    import requests

    headers = _auth(company)
    base = f"{company['base_url']}/services/rest"
    asked = {"q": "select id, accttype from account where accttype in ('CredCard', 'Expense')"}
    preferred = {**headers, "Prefer": "transient"}
    rows = requests.post(f"{base}/query/v1/suiteql", headers=preferred, json=asked, timeout=10).json()["items"]
    first = {row["accttype"]: row["id"] for row in rows}
    vendor = requests.get(f"{base}/record/v1/vendor", headers=headers, timeout=10).json()["items"][0]["id"]
    line = {"account": {"id": first["Expense"]}, "amount": 12.35, "memo": "x" * 600}
    body = {"entity": {"id": vendor}, "account": {"id": first["CredCard"]}, "expense": {"items": [line]}}
    return [
        Subject("NetSuite read", shot("GET", f"{base}/record/v1/account/{first['Expense']}", headers)),
        Subject("NetSuite write", shot("POST", f"{base}/record/v1/creditCardCharge", headers, _json(body))),
    ]


def business_central(company: dict[str, Any]) -> list[Subject]:
    import requests

    headers = _auth(company)
    credentials = company["credentials"]
    root = f"{company['base_url']}/v2.0/{credentials['tenant_id']}/{credentials['environment']}/api/v2.0"
    base = f"{root}/companies({company['company_id']})"
    known = requests.get(f"{base}/accounts?$top=1", headers=headers, timeout=10).json()["value"][0]["id"]
    body = {"displayName": "x" * 100}
    return [
        Subject("Business Central read", shot("GET", f"{base}/accounts({known})", headers)),
        Subject("Business Central write (vendor)", shot("POST", f"{base}/vendors", headers, _json(body))),
    ]


def quickbooks_desktop(company: dict[str, Any]) -> list[Subject]:
    import re

    import requests

    token = company["credentials"]["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/xml"}
    base = f"{company['base_url']}/qbxml"

    def document(requests_: str) -> bytes:
        head = '<?xml version="1.0"?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRq onError="stopOnError">'
        return f"{head}{requests_}</QBXMLMsgsRq></QBXML>".encode()

    def first(type: str) -> str:
        query = f"<AccountQueryRq><MaxReturned>1</MaxReturned><AccountType>{type}</AccountType></AccountQueryRq>"
        found = re.search(
            r"<ListID>([^<]+)", requests.post(base, headers=headers, data=document(query), timeout=10).text
        )
        assert found is not None
        return found[1]

    card, expense = first("CreditCard"), first("Expense")
    line = f"<ExpenseLineAdd><AccountRef><ListID>{expense}</ListID></AccountRef><Amount>12.35</Amount></ExpenseLineAdd>"
    account = f"<AccountRef><ListID>{card}</ListID></AccountRef>"
    charge = f"<CreditCardChargeAdd>{account}<Memo>{'x' * 600}</Memo>{line}</CreditCardChargeAdd>"
    read = document(f"<AccountQueryRq><ListID>{card}</ListID></AccountQueryRq>")
    write = document(f"<CreditCardChargeAddRq>{charge}</CreditCardChargeAddRq>")
    return [
        Subject("QuickBooks Desktop read (qbXML document)", shot("POST", f"{base}/query", headers, read)),
        Subject("QuickBooks Desktop write (qbXML document)", shot("POST", f"{base}/change", headers, write)),
    ]


def sage_intacct(company: dict[str, Any]) -> list[Subject]:
    import re

    import requests

    known = company["credentials"]
    url, headers = f"{company['base_url']}/ia/xml/xmlgw.phtml", {"Content-Type": "application/xml"}
    login = (
        f"<login><userid>{known['user_id']}</userid><companyid>{company['company_id']}</companyid>"
        f"<password>{known['user_password']}</password></login>"
    )
    control = (
        f"<control><senderid>{known['sender_id']}</senderid><password>{known['sender_password']}</password>"
        "<controlid>bench</controlid><uniqueid>false</uniqueid><dtdversion>3.0</dtdversion></control>"
    )

    def request(function: str) -> bytes:
        content = f'<content><function controlid="bench">{function}</function></content>'
        signed_in = f"<operation><authentication>{login}</authentication>{content}</operation>"
        return f"<request>{control}{signed_in}</request>".encode()

    def query(kind: str, field: str, more: str = "") -> str:
        return f"<query><object>{kind}</object><select><field>{field}</field></select>{more}</query>"

    def first(kind: str, field: str, more: str = "") -> str:
        answer = requests.post(url, headers=headers, data=request(query(kind, field, more)), timeout=10).text
        found = re.search(f"<{field}>([^<]+)", answer)
        assert found is not None, answer
        return found[1]

    expenses = "<filter><equalto><field>ACCOUNTTYPE</field><value>incomestatement</value></equalto></filter>"
    card, account = first("CREDITCARD", "CARDID"), first("GLACCOUNT", "ACCOUNTNO", expenses)
    day = "".join(f"<{n}>{v}</{n}>" for n, v in zip(("year", "month", "day"), TODAY.split("-"), strict=True))
    item = f"<ccpayitem><glaccountno>{account}</glaccountno><paymentamount>12.35</paymentamount></ccpayitem>"
    charge = (
        f"<record_cctransaction><chargecardid>{card}</chargecardid><paymentdate>{day}</paymentdate>"
        f"<description>{'x' * 600}</description><ccpayitems>{item}</ccpayitems></record_cctransaction>"
    )
    read = query(
        "GLACCOUNT", "ACCOUNTNO", expenses.replace("ACCOUNTTYPE", "ACCOUNTNO").replace("incomestatement", account)
    )
    return [
        Subject("Sage Intacct read (XML gateway)", shot("POST", url, headers, request(read))),
        Subject("Sage Intacct write (XML gateway)", shot("POST", url, headers, request(charge))),
    ]


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()


TODAY = datetime.now(UTC).date().isoformat()
MAKERS = {
    "quickbooks_online": quickbooks_online,
    "xero": xero,
    "freeagent": freeagent,
    "zoho_books": zoho_books,
    "netsuite": netsuite,
    "business_central": business_central,
    "quickbooks_desktop": quickbooks_desktop,
    "sage_intacct": sage_intacct,
}
