"""The native read and write of each platform that the benchmark sends."""

from __future__ import annotations

import json
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
        Subject("QuickBooks Online write", shot("POST", f"{base}/purchase", headers, json.dumps(body).encode())),
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
        Subject("Xero write", shot("PUT", f"{base}/BankTransactions", headers, json.dumps(body).encode())),
    ]


MAKERS = {"quickbooks_online": quickbooks_online, "xero": xero}
