"""What a driver was given and what it told: inputs of an audit from the shapes of ``contracts/driver.yaml``.

``Work`` is filled call by call while a driver runs; ``of_driver`` takes the same shapes at once. Knows no platform.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from sandbooks.audit.submitted import Status, Submitted, SubmittedFile, SubmittedLine
from sandbooks.money import Money, Rate

Given: TypeAlias = Mapping[str, Any]
Outcomes: TypeAlias = Mapping[str, Given]


@dataclass(kw_only=True)
class Work:
    """Everything that passed between the harness and one driver, for one company.

    ``platform`` and ``company_id`` are those of the environment that the driver was connected with (``codat`` for a
    client of the hub); ``defaults`` its default ``bank_account`` and ``supplier``. Each method notes one call of the
    driver, in order; ``receipts`` are what the driver answered.
    """

    platform: str
    company_id: str
    defaults: Mapping[str, str] = field(default_factory=dict)
    calls: list[tuple[str, list[Given]]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    told: list[Outcomes] = field(default_factory=list)

    def submitted(self, transactions: Iterable[Given], receipts: Iterable[Given] = ()) -> None:
        """``submit``: one dataset."""
        self._note("submit", transactions, receipts)

    def updated(self, transaction: Given, receipt: Given | None = None) -> None:
        """``update``: the whole transaction in its new state."""
        turned_away = receipt is not None and not receipt.get("accepted", True)
        self.calls.append(("turned_away" if turned_away else "update", [transaction]))

    def attached(self, attachment: Given, *, taken_at: int = 0) -> None:
        """``attach``, where the driver took the file; ``taken_at`` is the last exchange before it said so."""
        self.calls.append(("attach", [{**attachment, "taken_at": taken_at}]))

    def billed(
        self, bills: Iterable[Given] = (), payments: Iterable[Given] = (), receipts: Iterable[Given] = ()
    ) -> None:
        """``submit_bills``."""
        known = list(receipts)
        self._note("bill", bills, known)
        self._note("pay", payments, known)

    def reported(self, outcomes: Outcomes) -> None:
        """``outcomes``: what the customer would be told by now. Call it as often as the driver is asked."""
        self.told.append(dict(outcomes))

    def _note(self, verb: str, given: Iterable[Given], receipts: Iterable[Given]) -> None:
        self.calls.append((verb, list(given)))
        for receipt in receipts:
            if not receipt.get("accepted", True):
                self.refused[str(receipt["id"])] = str(receipt.get("message") or "")

    def inputs(self, *, base_currency: str, outcomes: Outcomes | None = None) -> list[Submitted]:
        """The transactions with everything that is known of them. ``outcomes`` are what was told last."""
        told = [*self.told, outcomes] if outcomes is not None else self.told
        return list(_inputs(self, base_currency, told))


def of_driver(
    transactions: Iterable[Given],
    outcomes: Outcomes,
    *,
    base_currency: str,
    refused: Iterable[str] = (),
    defaults: Mapping[str, str] | None = None,
    updates: Iterable[Given] = (),
    bills: Iterable[Given] = (),
    payments: Iterable[Given] = (),
    attachments: Iterable[Given] = (),
) -> list[Submitted]:
    """Submitted transactions from the driver contract's own shapes, all at once.

    ``outcomes`` are what the driver says of each id, ``refused`` the ids that it did not take, ``defaults`` its default
    ``bank_account`` and ``supplier``. The last version of an id counts.
    """
    work = Work(platform="", company_id="", defaults=defaults or {})
    work.submitted(transactions, [{"id": id_, "accepted": False} for id_ in refused])
    for transaction in updates:
        work.updated(transaction)
    work.billed(bills, payments)
    for attachment in attachments:
        work.attached(attachment)
    return work.inputs(base_currency=base_currency, outcomes=outcomes)


@dataclass
class _Known:
    """One id while the calls are read."""

    bodies: list[Submitted] = field(default_factory=list)
    submissions: int = 0
    dataset: int = 0
    updated: bool = False
    kept: Submitted | None = None


def _inputs(work: Work, base_currency: str, told: list[Outcomes]) -> Iterator[Submitted]:
    known: defaultdict[str, _Known] = defaultdict(_Known)
    files: defaultdict[str, list[SubmittedFile]] = defaultdict(list)
    for number, (verb, given) in enumerate(work.calls, 1):
        for one in given:
            if verb == "attach":
                files[str(one["transaction"])].append(_file(one))
            elif verb != "turned_away":
                _take(known[str(one["id"])], verb, number, _submitted(verb, one, base_currency, work.defaults))
    for id_, found in known.items():
        yield _told(found, id_, work, told, tuple(files.get(id_, ())))


def _take(known: _Known, verb: str, number: int, given: Submitted) -> None:
    known.submissions += verb != "update"
    known.dataset = known.dataset or number
    known.updated = known.updated or verb == "update"
    known.bodies.append(given)


def _told(known: _Known, id_: str, work: Work, told: list[Outcomes], files: tuple[SubmittedFile, ...]) -> Submitted:
    history = [_status(outcomes[id_]) for outcomes in told if id_ in outcomes]
    last = next((outcomes[id_] for outcomes in reversed(told) if id_ in outcomes), {})
    refused = id_ in work.refused and not (last and last.get("status") == "completed")
    latest = known.bodies[-1]
    earlier = tuple(dict.fromkeys(body for body in known.bodies[:-1] if body != latest))
    return replace(
        latest,
        status="refused" if refused else last.get("status", "pending"),
        native_id=str(last.get("native_id") or ""),
        message=str(last.get("message") or work.refused.get(id_, "")),
        submissions=max(1, known.submissions),
        dataset=known.dataset,
        earlier=earlier,
        updated=known.updated,
        told=tuple(history),
        files=files,
        through_hub=work.platform == "codat",
    )


def _status(outcome: Given) -> tuple[Status, str]:
    return outcome.get("status", "pending"), str(outcome.get("message") or "")


def _submitted(verb: str, given: Given, base_currency: str, defaults: Mapping[str, str]) -> Submitted:
    kind = str(given.get("kind") or {"bill": "bill", "pay": "bill_payment"}[verb])
    currency = str(given["to"]["currency"] if kind == "transfer" else given["currency"])
    rate = given.get("rate")
    foreign = currency != base_currency
    due = given.get("due_date")
    return Submitted(
        id=str(given["id"]),
        kind=kind,  # type: ignore[arg-type]  # the driver contract names the same kinds
        date=date.fromisoformat(given["date"]),
        due_date=date.fromisoformat(due) if due else None,
        currency=currency,
        lines=tuple(_lines(kind, given, currency)),
        bank_account=str(given.get("bank_account") or defaults.get("bank_account", "")),
        contact=str(given.get("contact") or defaults.get("supplier", "")),
        names_contact=bool(given.get("contact")),
        reference=str(given.get("reference") or ""),
        merchant=str(given.get("merchant") or ""),
        notes=str(given.get("notes") or ""),
        rate=Rate(Decimal(rate), currency, base_currency) if rate and foreign else None,
        pays=tuple((str(b["id"]), Money.of(b["amount"], currency)) for b in given.get("bills", ())),
    )


def _lines(kind: str, given: Given, currency: str) -> Iterator[SubmittedLine]:
    if kind == "transfer":
        for side, sign in ((given["to"], 1), (given["from"], -1)):
            net = Money.of(side["amount"], side["currency"]) * sign
            yield SubmittedLine(account=str(side["account"]), net=net, tax=Money.zero(side["currency"]))
        return
    for line in given.get("lines", ()):
        yield SubmittedLine(
            account=str(line["account"]),
            net=Money.of(line["amount"] if "amount" in line else line["net"], currency),
            tax=Money.of(line.get("tax", "0"), currency),
            tax_code=str(line.get("tax_code") or ""),
            tracking=tuple(map(str, line.get("tracking") or ())),
            description=str(line.get("description") or ""),
        )


def _file(given: Given) -> SubmittedFile:
    content = base64.b64decode(given["content"])
    name, type = str(given["name"]), str(given["type"])
    return SubmittedFile(name=name, content_type=type, content=content, taken_at=given["taken_at"])
