"""What the hub was given for a company, and what it told of each transaction: the inputs of an audit, from its records.

The one place of the audit that reads the hub; it knows nothing of how the hub works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from sandbooks import exact_json
from sandbooks.audit.submitted import Kind, Status, Submitted, SubmittedLine
from sandbooks.hub import config, profiles, records
from sandbooks.hub.connections import KIND as CONNECTION
from sandbooks.hub.integrations import integration_of
from sandbooks.hub.records import HUB
from sandbooks.hub.syncs.dates import calendar_date
from sandbooks.hub.syncs.rows import SYNC, TRANSACTION
from sandbooks.kit import outbox
from sandbooks.kit.company import Company
from sandbooks.kit.records import Records
from sandbooks.money import Money, Rate
from sandbooks.wire import Request
from sandbooks.world import TapeEntry

CONNECTIONS = "codat/connections"
SIGNS_IN = ("link-callback", "link-start-choice", "update-connection-authorization")
STATUSES: Mapping[str, Status] = {"Completed": "completed", "PushError": "failed", "ValidationError": "refused"}
_RATE_MIN = Decimal("0.000000001")
KINDS: Mapping[str, Kind] = {
    "Payment": "payment",
    "Refund": "refund",
    "Reward": "reward",
    "Chargeback": "chargeback",
    "Reimbursable": "reimbursable",
    "Transfer": "transfer",
    "Adjustment": "adjustment",
    # Types of the first version: money that came to the bank account, or left it.
    "TransferIn": "refund",
    "TransferOut": "payment",
    "AdjustmentIn": "refund",
    "AdjustmentOut": "payment",
}


def hub_companies(company: Company) -> list[str]:
    """The hub companies that are, or were, connected to a platform company."""
    found: dict[str, None] = {}
    known = (company.id, *company.settings.get("known_as", ()))
    for connection_id, hub_company in company.world.kept(CONNECTIONS).items():
        connection = records.get(company.world, CONNECTION, connection_id, company=hub_company)
        consent = (connection or {}).get("consent") or {}
        integration = integration_of(connection["platformKey"]) if connection else None
        platform = integration.platform if integration else None
        if platform and platform.name == company.platform and consent.get("company") in known:
            found[str(hub_company)] = None
    return list(found)


def submitted_through_hub(company: Company) -> list[Submitted] | None:
    """Every transaction that the hub has accepted or refused for a platform company.

    None when no hub is connected or nothing was ever sent to it: then whoever writes to the company answers for itself.
    """
    connected = hub_companies(company)
    if not connected:
        return None
    found: dict[str, Submitted] = {}
    for hub_company in connected:
        for row in records.every(company.world, TRANSACTION, company=hub_company):
            given = _accepted(company, hub_company, row)
            if given is not None:
                found[given.id] = given
    for id_, kind, when in _turned_away(company, connected):
        lines: tuple[SubmittedLine, ...] = ()
        currency = company.currency
        given = Submitted(
            id=id_, kind=kind, date=when, currency=currency, lines=lines, status="refused", through_hub=True
        )
        found.setdefault(id_, given)
    return list(found.values()) or None


def _accepted(company: Company, hub_company: str, row: Mapping[str, Any]) -> Submitted | None:
    request, endpoint = row["request"], row["endpoint"]
    stands = row.get("native") is not None
    amended = stands and row["status"] != "Completed"
    status = STATUSES.get(row["status"], "pending")
    if status == "refused" and row.get("submission", 1) > 1:
        status = "failed"  # an earlier submission of it may have been sent
    currency = _currency(company, request, endpoint)
    native = row.get("native") or {}
    return Submitted(
        id=str(row["id"]),
        kind=KINDS[row["kind"]],
        date=calendar_date(str(request.get("issueDate") or request.get("date"))),
        currency=currency,
        lines=tuple(_lines(company, request, endpoint, currency)),
        bank_account=_bank_account(company, hub_company, row) if endpoint == "expense" else "",
        contact=str((request.get("contactRef") or {}).get("id") or ""),
        names_contact=bool(request.get("contactRef")),
        reference=str(request.get("reference") or ""),
        rate=_rate(company, request, currency),
        status="completed" if amended else status,
        native_id=str(native.get("id") or ""),
        message=str(row.get("message") or ""),
        through_hub=True,
        amended=amended,
        submissions=int(row.get("submission", 1)),
        updated=bool(row.get("update")),
        told=tuple((STATUSES.get(s, "pending"), "") for s in told_by_the_hub(company, hub_company, str(row["id"]))),
    )


def _rate(company: Company, request: Mapping[str, Any], currency: str) -> Rate | None:
    """The rate of a foreign transaction; none where what was given, and refused, is no rate."""
    given = request.get("currencyRate")
    if not given or currency == company.currency:
        return None
    value = _read(company, Decimal(str(given)))
    return Rate(value, currency, company.currency) if value >= _RATE_MIN else None


def _read(company: Company, rate: Decimal) -> Decimal:
    """Base units for one foreign unit, whichever way the world reads the rate."""
    return 1 / rate if rate and profiles.on(company.world, "rate_foreign_per_base") else rate


def _currency(company: Company, request: Mapping[str, Any], endpoint: str) -> str:
    if endpoint != "transfer":
        return str(request["currency"])
    return _currency_of_account(company, str(request["to"]["accountRef"]["id"]))


def _currency_of_account(company: Company, account: str) -> str:
    found = {known.id: known.currency for known in company.book.accounts()}
    return found.get(account) or company.currency


def _bank_account(company: Company, hub_company: str, row: Mapping[str, Any]) -> str:
    """The account that it was sent to, or will be when nothing was sent yet."""
    named = row.get("account") or (row["request"].get("bankAccountRef") or {}).get("id")
    return str(named or (config.configured(company.world, hub_company) or {}).get("bankAccount") or "")


def _lines(company: Company, request: Mapping[str, Any], endpoint: str, currency: str) -> Iterator[SubmittedLine]:
    if endpoint == "transfer":
        for side, sign in (("to", 1), ("from", -1)):
            account = str(request[side]["accountRef"]["id"])
            held = _currency_of_account(company, account)
            net = Money.of(Decimal(str(request[side]["amount"])), held) * sign
            yield SubmittedLine(account=account, net=net, tax=Money.zero(held))
        return
    for line in request.get("lines") or ():
        amount = line["amount"] if endpoint == "adjustment" else line["netAmount"]
        yield SubmittedLine(
            account=str((line.get("accountRef") or {}).get("id") or ""),
            net=Money.of(Decimal(str(amount)), currency),
            tax=Money.of(Decimal(str(line.get("taxAmount") or 0)), currency),
            tax_code=str((line.get("taxRateRef") or {}).get("id") or ""),
            tracking=tuple(str(ref["id"]) for ref in line.get("trackingRefs") or () if ref.get("id")),
            description=str(line.get("description") or ""),
        )


def _turned_away(company: Company, connected: list[str]) -> Iterator[tuple[str, Kind, date]]:
    """The ids in requests that the hub answered with a refusal of the whole."""
    for entry in company.world.tape.entries():
        if entry.surface == HUB and entry.company in connected and _is_refusal(entry):
            for item in _items(entry):
                kind = KINDS.get(str(item.get("type")))
                if kind and isinstance(item.get("id"), str):
                    yield item["id"].lower(), kind, company.world.clock.today(company.time_zone)


def _is_refusal(entry: TapeEntry) -> bool:
    return entry.writes and not entry.cut and entry.status in (400, 422)


def _items(entry: TapeEntry) -> list[dict[str, Any]]:
    request = Request(entry.method, entry.url, entry.request_headers, entry.request_body)
    if not re.search(r"expense-transactions$", request.path):
        return []
    try:
        body = exact_json.loads(request.body)
    except exact_json.MalformedJson:
        return []
    return [item for item in body if isinstance(item, dict)] if isinstance(body, list) else []


@dataclass(frozen=True)
class EndedSync:
    """A sync of the hub that has ended: its code, whether it says that it wrote, each transaction's status by then."""

    id: str
    code: int
    pushed: bool
    outcomes: Mapping[str, str]


def ended_syncs(company: Company) -> list[EndedSync]:
    """The syncs into a platform company that have ended."""
    found = []
    for hub_company in hub_companies(company):
        for row in records.every(company.world, SYNC, company=hub_company):
            if row.get("ended"):
                outcomes = {id_: str(status) for id_, (status, _) in (row.get("outcomes") or {}).items()}
                found.append(EndedSync(row["id"], int(row["code"]), bool(row["pushed"]), outcomes))
    return found


def told_by_the_hub(company: Company, hub_company: str, id_: str) -> list[str]:
    """Every status that a transaction has had, oldest first, each once in a row."""
    versions = Records(company.world, HUB, hub_company).versions(TRANSACTION, id_)
    statuses = [str(version.body["status"]) for version in versions]
    return [status for status, _ in groupby(statuses)]


def announced_statuses(company: Company) -> Iterator[tuple[str, str, list[str]]]:
    """Every status of a transaction that was announced by webhook, with all that it has had.

    The webhook's own word for a validation error is ``Failed``.
    """
    connected = hub_companies(company)
    for delivery in outbox.deliveries(company.world) if connected else ():
        if delivery["platform"] != HUB:
            continue
        for item in _announced(exact_json.loads(delivery["body"].encode())):
            for hub_company in connected:
                had = told_by_the_hub(company, hub_company, str(item["id"]).lower())
                if had:
                    words = {"Failed": "ValidationError"}
                    yield str(item["id"]), words.get(str(item["status"]), str(item["status"])), had


def _announced(value: Any) -> Iterator[Mapping[str, Any]]:
    """The transactions in an event: objects with an id and a status, in a list of transactions."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            if name == "transactions" and isinstance(member, list):
                yield from (item for item in member if isinstance(item, Mapping) and {"id", "status"} <= item.keys())
            else:
                yield from _announced(member)


def consent_gaps(company: Company, tape: Iterable[TapeEntry]) -> list[tuple[int, int, str]]:
    """The stretches of the tape in which the hub had no consent: from the exchange that ended it to the one that gave
    it again (0: none), and the word for it."""
    connected = set(hub_companies(company))
    if not connected:
        return []
    found: list[tuple[int, int, str]] = []
    for entry in tape:
        if entry.surface != HUB:
            continue
        if entry.operation in SIGNS_IN and found and not found[-1][1]:
            found[-1] = (found[-1][0], entry.number, found[-1][2])  # somebody signs in anew, whatever comes of it
        if entry.company not in connected or entry.cut or entry.status >= 300:
            continue
        status = _connection_status(entry)
        if status == "Unlinked" and not (found and not found[-1][1]):
            found.append((entry.number, 0, "unlinked"))
        elif status == "Linked" and found and not found[-1][1]:
            found[-1] = (found[-1][0], entry.number, found[-1][2])
    return found


def _connection_status(entry: TapeEntry) -> str:
    """The status that a request gave to a connection."""
    if not re.search(r"/connections/[^/?]+/?(\?|$)", entry.url) or not entry.writes:
        return ""
    if entry.method == "DELETE":
        return "Unlinked"
    try:
        body = exact_json.loads(entry.request_body or b"{}")
    except exact_json.MalformedJson:
        return ""
    return str(body.get("status") or "") if isinstance(body, dict) else ""
