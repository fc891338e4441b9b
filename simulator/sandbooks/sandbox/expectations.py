"""What a test expects in the books: transactions in the words of a test, as inputs of the audit.

Accounts, contacts, tax codes and tracking options are labels of the test or native ids; amounts are text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypedDict, Unpack

from sandbooks.audit.submitted import Kind, Status, Submitted, SubmittedFile, SubmittedLine
from sandbooks.control.companies import labels_of
from sandbooks.kit.company import Company
from sandbooks.money import Money, parse_money, parse_rate


class Facts(TypedDict, total=False):
    """What may be said of a transaction."""

    net: str
    tax: str
    account: str
    tax_code: str
    tracking: Sequence[str]
    lines: Sequence[Mapping[str, Any]]
    kind: Kind
    date: str | date
    paid_from: str
    contact: str
    rate: str
    status: Status
    native_id: str
    message: str
    files: Sequence[tuple[str, str, bytes]]


def expected(company: Company, reference: str, **facts: Unpack[Facts]) -> Submitted:
    """One transaction. Raises ``ValueError`` for amounts or dates that are none.

    ``lines`` are mappings with ``net``, ``account`` and, as wanted, ``tax``, ``tax_code``, ``tracking``; without them
    the arguments of those names make the only line. In a transfer the lines are the two sides, debit positive.
    """
    taken = tuple(_line(company, line) for line in (facts.get("lines") or [facts]))
    currency = taken[0].net.currency
    rate, status = facts.get("rate", ""), facts.get("status", "completed")
    return Submitted(
        id=reference,
        kind=facts.get("kind", "payment"),
        date=_day(company, facts.get("date", "")),
        currency=currency,
        lines=taken,
        bank_account=_native(company, "accounts", facts.get("paid_from", "")),
        contact=_native(company, "suppliers", facts.get("contact", "")),
        rate=parse_rate(rate, base=company.currency) if rate else None,
        status=status,
        native_id=facts.get("native_id", ""),
        message=facts.get("message") or ("It was not taken." if status in ("failed", "refused") else ""),
        files=tuple(SubmittedFile(name=n, content_type=t, content=content) for n, t, content in facts.get("files", ())),
    )


def told(given: Sequence[Submitted], statuses: Sequence[Mapping[str, Status]]) -> list[Submitted]:
    """The same with what the code under test told its customers, oldest first."""
    histories = {one.id: tuple((said[one.id], "") for said in statuses if one.id in said) for one in given}
    return [
        replace(one, told=histories[one.id], status=histories[one.id][-1][0]) if histories[one.id] else one
        for one in given
    ]


def _line(company: Company, line: Mapping[str, Any]) -> SubmittedLine:
    net = parse_money(str(line["net"]))
    tax = parse_money(str(line["tax"])) if line.get("tax") else Money.zero(net.currency)
    return SubmittedLine(
        account=_native(company, "accounts", str(line.get("account") or "")),
        net=net,
        tax=tax,
        tax_code=_native(company, "taxes", str(line.get("tax_code") or "")),
        tracking=tuple(_native(company, "tracking", str(option)) for option in line.get("tracking") or ()),
    )


def _native(company: Company, part: str, name: str) -> str:
    """The native id behind a label, or the name itself: it may be one."""
    return str(labels_of(company).get(part, {}).get(name, name))


def _day(company: Company, value: str | date) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value) if value else company.world.clock.today(company.time_zone)
    return value
