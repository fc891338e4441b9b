"""The harness: how many examples a campaign plays in a minute, how long a sweep takes, what an audit adds to a run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from sandbooks.sandbox import PlatformCompany

DRIVER = "tests.harness.gallery.client.driver:Driver"
PLATFORM = "quickbooks_online"
SPENT = 120
DETAIL = "AccountBasedExpenseLineDetail"
SWEPT = """
scenario: Five payments, one after the other
platforms: [quickbooks_online]
seed: 7
clock: "2026-03-16T09:30:00 Europe/London"
companies:
  acme:
    country: GB
    currency: GBP
    accounts:
      visa_card: {type: credit_card, name: Visa Card}
      travel: {type: expense, name: Travel}
    suppliers: {airline: {name: Contoso Air}}
steps:
  - connect: acme
  - configure: {bank_account: visa_card, supplier: airline}
"""
PAYMENT = """
  - push: {payment: r-0%d, date: "2026-03-16", amount: %d.37 GBP, account: travel}
  - sync: until idle
"""

T = TypeVar("T")


def harness() -> None:
    """Print every figure with its goal beside it."""
    print(f"\n{'harness, in process':<52} {'':>10}   goal")
    _campaign()
    _sweep()
    _audit()


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    result = run()
    return result, time.perf_counter() - begun


def _campaign() -> None:
    from sandbooks.harness.campaign import Campaign, Options
    from sandbooks.harness.subject import subject_of

    campaign = Campaign(subject_of(DRIVER), PLATFORM, Options(examples=SPENT))
    done, seconds = _timed(campaign.run)
    print(f"{'examples of a campaign in a minute':<52} {done.played / seconds * 60:8.0f}      hundreds")


def _sweep() -> None:
    from sandbooks.harness.subject import subject_of
    from sandbooks.harness.sweep import Sweep
    from sandbooks.replay.script import parse_scenario

    (scenario,) = parse_scenario(SWEPT + "".join(PAYMENT % (n, 10 + n) for n in range(1, 6))).runs()
    for processes in dict.fromkeys((1, min(4, os.cpu_count() or 1))):
        swept, seconds = _timed(partial(Sweep(subject_of(DRIVER), processes=processes).run, scenario))
        exchanges = len([entry for entry in swept.first.entries if entry.number > swept.first.set_up])
        said = f"sweep of {exchanges} exchanges, {swept.runs} runs, processes: {processes}"
        print(f"{said:<52} {seconds:8.1f} s    seconds; 1 s")


def _audit() -> None:
    """A client's whole run over requests, and the audit after it."""
    from sandbooks import Sandbox

    with Sandbox(clock="2026-03-16T09:30:00") as sandbox:
        accounts = {"card": {"type": "credit_card", "name": "Card"}, "travel": {"type": "expense", "name": "Travel"}}
        company = sandbox.company(PLATFORM, currency="USD", country="US", accounts=accounts)
        with sandbox.intercept():
            _, run = _timed(lambda: _spend(company))
        _, audit = _timed(company.audit)
    print(f"{f'audit beside the run of a client of {SPENT} payments':<52} {audit / run:8.2f} x    0.2 x")


def _spend(company: PlatformCompany) -> None:
    """Every payment is looked up by its number and created when it is not there, as careful clients do."""
    import requests

    card, travel = company.native_id("card"), company.native_id("travel")
    session = requests.Session()
    session.headers.update(
        {"Authorization": f"Bearer {company.credentials['access_token']}", "Accept": "application/json"}
    )
    base = f"https://quickbooks.api.intuit.com/v3/company/{company.id}"
    for number in range(1, SPENT + 1):
        name = f"r-{number:04}"
        query = {"query": f"select Id from Purchase where DocNumber = '{name}'"}
        known = session.get(f"{base}/query", params=query, timeout=30).json()["QueryResponse"]
        detail = {"AccountRef": {"value": travel}}
        line = {"Amount": number, "DetailType": DETAIL, DETAIL: detail}
        body = {"AccountRef": {"value": card}, "PaymentType": "CreditCard", "DocNumber": name, "Line": [line]}
        if not known:
            session.post(f"{base}/purchase", params={"requestid": name}, json=body, timeout=30).raise_for_status()
