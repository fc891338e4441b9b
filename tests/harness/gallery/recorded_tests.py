"""The tests that a team usually writes against recorded answers, as functions that any client can be put through.

For each kind the happy path; then a timeout, a rate limit and a token that has expired, each followed by the recorded
answer; a refusal; a receipt; a bill with its payment. They look at what the customer is told and at the main members of
what was sent, as such tests do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import requests
from tests.harness.gallery.recording import Exchange, Network, Recording, answering, recorded, said
from tests.harness.gallery.work import Work

KINDS = ("payment", "refund", "reward", "chargeback", "taxed payment", "payment abroad", "reimbursable", "transfer")
KINDS += ("adjustment", "several")
# What such tests compare of a request: money, accounts, direction, date, currency. Not keys, references and notes.
COMPARED = frozenset(
    {
        "Amount", "UnitAmount", "LineAmount", "TaxAmount", "TotalTax", "TotalAmt", "Credit", "Type", "PostingType",
        "PaymentType", "TxnDate", "Date", "AccountCode", "AccountID", "AccountRef", "CurrencyCode", "CurrencyRate",
        "ExchangeRate", "LineAmountTypes", "TaxType", "FromAccountRef", "ToAccountRef", "VendorRef", "EntityRef",
    }
)  # fmt: skip


def failures(driver: type[Any]) -> list[str]:
    """The tests that a client does not pass, by name."""
    if "codat" in driver.platforms:
        return []
    return [name for name, test in tests_for(driver) if not _passes(test)]


def _passes(test: Callable[[], bool]) -> bool:
    try:
        return test()
    except Exception:  # noqa: BLE001 - a client that raises has failed the test
        return False


def tests_for(driver: type[Any]) -> Iterator[tuple[str, Callable[[], bool]]]:
    """Every test by its name, on every platform of a client."""
    for platform in driver.platforms:
        for kind in KINDS:
            yield f"{kind} on {platform}", lambda p=platform, k=kind: happy(driver, p, k)
        for name, test in (
            ("timeout", timeout),
            ("rate limit", rate_limit),
            ("expired token", expired_token),
            ("refusal", refusal),
            ("receipt", receipt),
            ("bill", bill),
        ):
            yield f"{name} on {platform}", lambda p=platform, t=test: t(driver, p)


def run(driver: type[Any], recording: Recording, kind: str, *before: Any) -> tuple[Any, Network]:
    """One client at the usual work of a kind, over recorded answers."""
    with answering(Network(recording, list(before))) as network:
        client = driver()
        client.connect(recording.environment)
        Work(recording.environment).hand_over(client, kind)
        client.settle()
    return client, network


def happy(driver: type[Any], platform: str, kind: str) -> bool:
    recording = recorded(platform, "GB", kind)
    client, network = run(driver, recording, kind)
    return _completed(client) and _says_the_same(network.writes(), recording.writes())


def _completed(client: Any) -> bool:
    return all(told["status"] == "completed" and told["native_id"] for told in client.outcomes().values())


def _says_the_same(sent: list[Exchange], expected: list[Exchange]) -> bool:
    same = [e.place for e in sent] == [e.place for e in expected]
    pairs = zip(sent, expected, strict=False)
    return same and all(list(_compared(said(one))) == list(_compared(said(other))) for one, other in pairs)


def _compared(body: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """The compared members of a body, in order; numbers as numbers."""
    if isinstance(body, dict):
        for key in sorted(body):
            yield from _compared(body[key], key if key in COMPARED or name == "" else f"{name}.{key}")
    elif isinstance(body, list):
        for item in body:
            yield from _compared(item, name)
    elif name.partition(".")[0] in COMPARED:
        yield name, Decimal(body) if isinstance(body, Decimal | int | float) else body


def timeout(driver: type[Any], platform: str) -> bool:
    """The first attempt times out, the second is answered: completed, and not given up."""
    client, network = run(driver, recorded(platform, "GB", "payment"), "payment", requests.ReadTimeout())
    return _completed(client) and len(network.writes()) <= 3


def rate_limit(driver: type[Any], platform: str) -> bool:
    limited = {"status": 429, "headers": (("Retry-After", "37"),), "body": b""}
    client, network = run(driver, recorded(platform, "GB", "payment"), "payment", limited)
    return _completed(client) and len(network.slept) > 0


def expired_token(driver: type[Any], platform: str) -> bool:
    """401 first; the token is renewed, and the same is sent again."""
    recording = recorded(platform, "GB", "payment")
    environment = recording.environment["environment"]
    url = environment["QBO_TOKEN_URL" if platform == "quickbooks_online" else "XERO_TOKEN_URL"]
    pair = b'{"access_token": "second", "refresh_token": "next", "expires_in": 1800, "token_type": "bearer"}'
    renewed = Exchange("POST", url, b"", 200, (("Content-Type", "application/json"),), pair)
    with_token = Recording(recording.environment, (*recording.exchanges, renewed))
    client, network = run(driver, with_token, "payment", {"status": 401, "headers": (), "body": b"{}"})
    return _completed(client) and any(e.url == url for e in network.sent)


REFUSALS = {
    "quickbooks_online": b'{"Fault": {"Error": [{"Message": "Invalid Reference Id", "Detail": "Accounts element id 7 '
    b'not found", "code": "2500", "element": ""}], "type": "ValidationFault"}, "time": "2026-03-28T10:40:00-07:00"}',
    "xero": b'{"ErrorNumber": 10, "Type": "ValidationException", "Message": "A validation exception occurred", '
    b'"Elements": [{"ValidationErrors": [{"Message": "Account code \'429\' is not a valid code."}]}]}',
}


def refusal(driver: type[Any], platform: str) -> bool:
    told = {"status": 400, "headers": (), "body": REFUSALS[platform]}
    client, _ = run(driver, recorded(platform, "GB", "payment"), "payment", told)
    (outcome,) = client.outcomes().values()
    return outcome["status"] == "failed" and bool(outcome["message"])


def receipt(driver: type[Any], platform: str) -> bool:
    """The file goes out once, and the transaction is completed."""
    recording = recorded(platform, "GB", "receipt")
    client, network = run(driver, recording, "receipt")
    uploads = [e.place for e in network.writes()] == [e.place for e in recording.writes()]
    return _completed(client) and uploads and client.store.rows("files")[0]["status"] == "stored"


def bill(driver: type[Any], platform: str) -> bool:
    recording = recorded(platform, "GB", "bill")
    client, network = run(driver, recording, "bill")
    return _completed(client) and _says_the_same(network.writes(), recording.writes())
