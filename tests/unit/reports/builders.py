"""Results of runs that were never played: a scenario from text, and what came of it made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbooks import exact_json
from sandbooks.replay.names import Names
from sandbooks.replay.result import Played, Result
from sandbooks.replay.script import parse_scenario
from sandbooks.replay.script_steps import Scenario
from sandbooks.world.ids import key_uuid

TEXT = """
scenario: A hotel bill & its <lost> answer
about: The answer never comes.
platforms: [xero, quickbooks_online]
seed: 53
clock: "2026-03-28T17:40:00 Europe/London"
companies:
  acme:
    country: GB
    currency: GBP
    accounts:
      travel: {type: expense, name: Travel}
      visa: {type: credit_card, name: Visa Dollars, currency: USD}
    suppliers: {hotel: {name: Northwind Hotels}}
steps:
  - connect: acme
  - configure: {bank_account: visa, supplier: hotel}
  - fault: {drop_response: {at: {write: r-01, nth: 1}, phase: commit}}
  - push: {payment: r-01, date: "2026-03-28", amount: 412.37 USD, rate: 1 USD = 0.7741 GBP, account: travel}
  - sync: until idle
  - expect:
      transactions: {r-01: Completed}
      books: {travel: [Dr 319.22 GBP], visa: [Cr 412.37 USD, Cr 319.22 GBP]}
      nothing_else: true
"""
HOTEL = key_uuid(53, "transaction/r-01")


def scenario(platform: str = "xero", *, file: str = "/srv/acme/scenarios/travel_and_hotels/hotel.yaml") -> Scenario:
    """The scenario above on a platform."""
    (run,) = parse_scenario(TEXT, file).runs([platform])
    return run


def account(id: str, name: str, kind: str, base: str, **balances: str) -> dict[str, Any]:
    """One account of a trial balance: amounts in pounds, and by currency."""
    kept = [{"amount": amount, "currency": currency} for currency, amount in balances.items()]
    own = next((currency for currency in balances if currency != "GBP"), "GBP")
    money = {"amount": base, "currency": "GBP"}
    return {"account": id, "name": name, "type": kind, "currency": own, "active": True, "base": money, "balances": kept}


def books(*accounts: dict[str, Any]) -> dict[str, Any]:
    """A trial balance in pounds."""
    return {"company_id": "c-9", "base_currency": "GBP", "as_of": None, "accounts": list(accounts), "totals": {}}


def exchange(number: int, **changes: Any) -> dict[str, Any]:
    """An exchange as the control API shows it: the hub reads accounts in Xero."""
    plain = {
        "number": number,
        "platform": "xero",
        "company": "c-9",
        "operation": "get_accounts",
        "at": f"2026-03-28T17:40:{number:02}Z",
        "client": "hub",
        "transactions": [],
        "request": message(method="GET", url="http://127.0.0.1:8787/w/hotel-xero/xero/api.xro/2.0/Accounts?page=1"),
        "response": message(status=200, body='{"Accounts":[{"Name":"Travel","Rate":1.10}]}'),
        "cut": None,
        "phases": ["connect", "send", "admit", "render", "deliver"],
        "writes": False,
        "faults": [],
        "written": [],
        "findings": [],
    }
    return {**plain, **changes}


def message(**members: Any) -> dict[str, Any]:
    """A request or a response."""
    headers = [["Content-Type", "application/json"]]
    return {"headers": headers, "body": "", "body_base64": False, **members}


def lost_write(number: int) -> dict[str, Any]:
    """The hub's write whose answer was lost after the books had changed."""
    url = "http://127.0.0.1:8787/w/hotel-xero/xero/api.xro/2.0/BankTransactions"
    return exchange(
        number,
        operation="put_bank_transactions",
        transactions=["r-01"],
        request=message(method="PUT", url=url, body=f'{{"Reference":"{HOTEL}","Total":412.37}}'),
        response=None,
        cut="timeout",
        phases=["connect", "send", "admit", "validate", "commit"],
        writes=True,
        faults=["fault-1"],
        written=[{"kind": "BankTransaction", "native_id": "b-77", "version": 1, "action": "create"}],
    )


def tape(exchanges: list[dict[str, Any]]) -> bytes:
    """Canonical lines beside the exchanges: phases with milliseconds, faults in full."""
    lines = [
        {
            "number": each["number"],
            "surface": each["platform"],
            "client": each["client"],
            "phases": [[name, 250 * index] for index, name in enumerate(each["phases"])],
            "faults": [f"{id} drop_response after commit: timeout" for id in each["faults"]],
        }
        for each in exchanges
    ]
    return b"".join(exact_json.canonical(line) + b"\n" for line in lines)


def line(account: str, name: str, amount: str, base: str) -> dict[str, Any]:
    """One posted line of the hotel, in dollars and pounds."""
    money = {"amount": amount, "currency": "USD"}
    document = "BankTransaction b-77"
    rest = {"date": "2026-03-28", "reverses": None, "document": document, "base": {"amount": base, "currency": "GBP"}}
    return {"entry": "1", "account": account, "account_name": name, "amount": money, **rest}


def document() -> dict[str, Any]:
    """The native record that came of the hotel."""
    native = {"BankTransactionID": "b-77", "Reference": HOTEL, "Contact": {"Name": "<b>Northwind</b>"}}
    money = {"amount": "412.37", "currency": "USD"}
    facts = {"version": "1", "status": "live", "date": "2026-03-28", "transaction": None, "total": money}
    return {"kind": "BankTransaction", "native_id": "b-77", **facts, "exchanges": [3], "native": native}


def played(*, platform: str = "xero", posted: str = "319.22") -> Result:
    """A run that was played to its end; the books moved by ``posted`` pounds (319.22 is right)."""
    run = scenario(platform)
    exchanges = [exchange(1), exchange(2), lost_write(3)]
    steps = {4: (0, 2), 5: (2, 3)}
    result = Result(
        run,
        played=[Played(step, [], steps.get(number, (0, 0))) for number, step in enumerate(run.steps, start=1)],
        tape=tape(exchanges),
        exchanges=exchanges,
        har={"log": {"version": "1.2", "entries": []}},
    )
    result.books_before["acme"] = books(account("1", "Bank", "bank", "1000.00", GBP="1000.00"))
    result.books_after["acme"] = books(
        account("1", "Bank", "bank", "1000.00", GBP="1000.00"),
        account("70", "Travel", "expense", posted, USD="412.37") | {"currency": "GBP"},
        account("90", "Visa Dollars", "credit_card", f"-{posted}", USD="-412.37"),
    )
    result.documents["acme"] = [document()]
    result.lines["acme"] = [line("70", "Travel", "412.37", posted), line("90", "Visa Dollars", "-412.37", f"-{posted}")]
    result.names["acme"] = Names(run.companies["acme"], {"accounts": {"travel": "70", "visa": "90"}}, "")
    return result


def failed() -> Result:
    """The same run, but the books moved by 638.44 instead of 319.22."""
    result = played(posted="638.44")
    result.played[-1].failures.append("travel moved by Dr 638.44 GBP, Dr 319.22 GBP was expected")
    return result


def unplayable() -> Result:
    """A run that could not begin."""
    return Result(replace(scenario(), steps=()), error="http://127.0.0.1:9 does not answer")
