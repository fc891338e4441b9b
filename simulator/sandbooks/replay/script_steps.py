"""What a scenario is made of, as values: the transactions that are handed over, the steps, what is expected.

Amounts are Money, always positive where the kind carries the direction; names of accounts, suppliers and taxes are the
scenario's own keys; ids are labels. A value that says where it stands (``path``) does so for messages alone. Knows
neither files nor how a step is played.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from sandbooks.money import Money, Rate
from sandbooks.platform import CompanyPlan
from sandbooks.settings import NodePath

EXPENSE_KINDS = ("payment", "refund", "reward", "chargeback")
KINDS = (*EXPENSE_KINDS, "reimbursable", "transfer", "adjustment")
# Accounts that every company has, under names that a scenario may use without declaring them.
RESERVED_ACCOUNTS = ("payables", "receivables", "input_tax", "output_tax", "exchange_differences", "rounding")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: ``net`` without tax, ``tax_amount`` on top. ``tax`` None is the platform's neutral code."""

    net: Money
    tax_amount: Money
    account: str
    tax: str | None = None
    tracking: Mapping[str, str] = field(default_factory=dict)
    description: str | None = None

    @property
    def gross(self) -> Money:
        return self.net + self.tax_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense:
    """A payment, refund, reward or chargeback on a card or bank account (None: the company's default)."""

    label: str
    kind: str
    date: dt.date
    lines: tuple[Line, ...]
    rate: Rate | None = None
    of: str | None = None
    bank_account: str | None = None
    contact: str | None = None
    merchant: str | None = None
    reference: str | None = None
    notes: str | None = None
    path: NodePath = field(default=(), compare=False)

    @property
    def currency(self) -> str:
        return self.lines[0].net.currency

    @property
    def operation(self) -> str:
        """The cell of the capability tables."""
        return f"expense.{self.kind.capitalize()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reimbursable:
    """Spend that the company owes to an employee, who is one of its suppliers."""

    label: str
    date: dt.date
    due_date: dt.date
    contact: str
    lines: tuple[Line, ...]
    rate: Rate | None = None
    reference: str | None = None
    notes: str | None = None
    kind: str = "reimbursable"
    operation: str = "reimbursable"
    path: NodePath = field(default=(), compare=False)

    @property
    def currency(self) -> str:
        return self.lines[0].net.currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Money from one account to another; each amount is in its account's own currency."""

    label: str
    date: dt.date
    from_account: str
    from_amount: Money
    to_account: str
    to_amount: Money
    notes: str | None = None
    kind: str = "transfer"
    operation: str = "transfer"
    path: NodePath = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentLine:
    """A debit (amount above zero) or a credit (below)."""

    amount: Money
    account: str
    tracking: Mapping[str, str] = field(default_factory=dict)
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A journal entry."""

    label: str
    date: dt.date
    lines: tuple[AdjustmentLine, ...]
    rate: Rate | None = None
    reference: str | None = None
    kind: str = "adjustment"
    operation: str = "adjustment"
    path: NodePath = field(default=(), compare=False)

    @property
    def currency(self) -> str:
        return self.lines[0].amount.currency


Transaction: TypeAlias = Expense | Reimbursable | Transfer | Adjustment


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A supplier's bill, written through the hub's bill pay."""

    label: str
    supplier: str
    date: dt.date
    due_date: dt.date
    lines: tuple[Line, ...]
    rate: Rate | None = None
    reference: str | None = None
    notes: str | None = None
    path: NodePath = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """Link a company; ``consent`` is what the customer clicks."""

    company: str
    consent: Literal["approve", "cancel"] = "approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configure:
    """The company's defaults; None leaves one unset."""

    bank_account: str | None = None
    supplier: str | None = None
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class Push:
    """Hand transactions over: one request for each kind of operation, in this order."""

    transactions: tuple[Transaction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Let the work run: until idle (``limit`` None), or only this long; ``restart`` kills the program first.

    ``workers``: how many workers of the program work at once, taking turns at their exchanges.
    """

    limit: dt.timedelta | None = None
    restart: bool = False
    workers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach:
    """A file of ``size`` bytes that follow from seed and label."""

    file: str
    transaction: str
    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Update:
    """A transaction in its whole new state; ``changed`` names the fields that the scenario changed."""

    transaction: Transaction
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unlink:
    """Disconnect a company in the hub."""

    company: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Let time pass: by a length, or to a moment."""

    by: dt.timedelta | None = None
    to: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFault:
    """Plan one fault. ``at`` is the address as faults.yaml has it; ``phase`` None is the kind's default."""

    kind: str
    at: Mapping[str, Any] = field(default_factory=dict)
    phase: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    may_rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Kill the program that syncs at one exchange: before anything is sent, or when the answer has arrived.

    ``stays_down``: killed while it settles, it starts again at the next step that is not the bookkeeper's.
    """

    at: Mapping[str, Any] = field(default_factory=dict)
    phase: Literal["connect", "deliver"] = "deliver"
    stays_down: bool = False
    may_rest: bool = False


@dataclass(frozen=True, slots=True)
class ClearFaults:
    """End every planned fault."""


@dataclass(frozen=True, slots=True)
class Bookkeeper:
    """One action in the platform's own screens: its name, and the value as the schema has it."""

    action: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """One raw request. ``to``: a platform, ``platform`` (the one of the run), ``hub`` or ``control``."""

    method: str
    path: str
    to: str = "platform"
    authorized: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    has_json: bool = False
    text: str | None = None
    form: Mapping[str, str] | None = None
    expect_status: int | None = None
    expect_json: Mapping[str, Any] = field(default_factory=dict)
    expect_text: str | None = None
    expect_no_answer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """One payment of one or more bills."""

    label: str
    date: dt.date
    account: str
    bills: Mapping[str, Money]
    rate: Rate | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Remember:
    """Names, each with its source: ``books``, ``native id of r-01``, ``native record of r-01``, ``answer.<path>``."""

    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """The hub's word on a transaction."""

    status: str
    message_contains: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal by the hub, at the door or as ValidationError."""

    status: int | None = None
    message_contains: str | None = None


@dataclass(frozen=True, slots=True)
class Native:
    """Exactly one live native record of ``kind`` (or, ``count`` 0, none), with these fields by dotted path."""

    kind: str
    count: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Booked:
    """One posted line: ``amount`` in the document's currency and ``base``, debit above zero."""

    account: str
    amount: Money
    base: Money


@dataclass(frozen=True, slots=True)
class Count:
    """How many: at least, and at most (None: any number)."""

    at_least: int
    at_most: int | None

    def holds(self, number: int) -> bool:
        return self.at_least <= number and (self.at_most is None or number <= self.at_most)

    def __str__(self) -> str:
        if self.at_most == self.at_least:
            return str(self.at_least)
        return f"at least {self.at_least}" if self.at_most is None else f"{self.at_least} to {self.at_most}"


@dataclass(frozen=True, slots=True)
class OnTape:
    """How many exchanges with the platform match an address (as in faults.yaml)."""

    at: Mapping[str, Any]
    count: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What must hold now. None (or empty): nothing is said about it. ``findings`` are the ones allowed.

    ``books`` holds, per account, how far it moved since the start: signed, debit above zero.
    """

    transactions: Mapping[str, Told] = field(default_factory=dict)
    refused: Mapping[str, Refused] = field(default_factory=dict)
    native: Mapping[str, Native] = field(default_factory=dict)
    books: Mapping[str, tuple[Money, ...]] = field(default_factory=dict)
    as_of: dt.date | None = None
    nothing_else: bool = False
    unchanged: tuple[str, ...] = ()
    lines: Mapping[str, tuple[Booked, ...]] = field(default_factory=dict)
    connection: str | None = None
    sync: int | None = None
    webhooks: Mapping[str, Count] = field(default_factory=dict)
    deliveries: Mapping[str, Count] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    attachments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tape: tuple[OnTape, ...] = ()


Action: TypeAlias = (
    Connect
    | Configure
    | Push
    | Sync
    | Attach
    | Update
    | Unlink
    | Advance
    | AddFault
    | ClearFaults
    | Kill
    | Bookkeeper
    | Http
    | Bill
    | Pay
    | Remember
    | Expect
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a run. ``company`` is the key of the company that it is about."""

    number: int
    verb: str
    action: Action
    company: str
    note: str | None = None
    line: int = field(default=0, compare=False)
    path: NodePath = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One concrete run: one platform, one combination of the matrix. Steps for other platforms are gone."""

    file: str
    title: str
    platform: str
    edition: str
    values: Mapping[str, Any]
    seed: int
    clock: dt.datetime
    companies: Mapping[str, CompanyPlan]
    steps: tuple[Step, ...]
    about: str | None = None
    covers: tuple[str, ...] = ()
    relation: str = ""

    @property
    def name(self) -> str:
        """``file stem [xero phase=commit]``: unique among the runs of a file."""
        stem = self.file.replace("\\", "/").rpartition("/")[2].removesuffix(".yaml")
        return f"{stem} [{' '.join([self.platform, *(f'{key}={value}' for key, value in self.values.items())])}]"
