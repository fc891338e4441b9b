"""The tables as values: what one edition says about each platform, and the questions one may ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

Offer: TypeAlias = Literal["any", "card", "none"]
AccountClass: TypeAlias = Literal["card", "bank"]
CurrencyRule: TypeAlias = Literal["allowed", "refused", "as_account", "undocumented"]

OPERATIONS = ("expense", "reimbursable", "transfer", "adjustment")
TYPES = ("Payment", "Refund", "Reward", "Chargeback")
LEGACY_TYPES = ("TransferIn", "TransferOut", "AdjustmentIn", "AdjustmentOut")
UPDATES = ("expense", "reimbursable", "transfer")

_WORDS = {"any": "yes", "card": "credit card accounts only", "none": "no"}


class Attachments(Struct, frozen=True):
    """Files that may be attached. ``bytes_max`` None: no limit is published; ``extensions`` None: every type."""

    bytes_max: int | None
    extensions: frozenset[str] | None
    transactions: frozenset[str]

    def takes(self, transaction: str) -> bool:
        """Whether a transaction type (or ``Reimbursable``) may carry files at all."""
        return transaction in self.transactions

    def takes_name(self, file_name: str) -> bool:
        """Whether the type of a file, told by its extension, is on the list."""
        return self.extensions is None or file_name.rpartition(".")[2].upper() in self.extensions

    def takes_size(self, size: int) -> bool:
        """Whether a file of this many bytes is small enough."""
        return self.bytes_max is None or size <= self.bytes_max


class OperationLimits(Struct, frozen=True):
    """Limits of one operation's document. Lengths count characters; None: no limit is published."""

    lines_min: int | None = None
    lines_max: int | None = None
    reference_max: int | None = None
    line_description_max: int | None = None
    notes_max: int | None = None
    notes_required: bool = False
    tracking_max: int | None = None


class PlatformCapabilities(Struct, frozen=True):
    """What one edition offers on one platform.

    ``documents`` are the kinds of native record that expenses become, by type on a ``card`` and on a ``bank`` account,
    and that the ``other`` operations become. ``rules`` are further conditions by a stable name, with their wording.
    ``profiles`` are the names of the profiles that are in force here; ``profiles_known`` all that exist, with their
    titles.
    """

    platform: str
    title: str
    edition: str
    endpoints: Mapping[str, Offer]
    types: Mapping[str, Offer]
    legacy_types: Mapping[str, Offer]
    updates: Mapping[str, Offer]
    expense_currencies: Mapping[AccountClass, Mapping[str, CurrencyRule]]
    transfer_currencies: Mapping[str, CurrencyRule]
    attachments: Attachments
    contacts: Mapping[str, str]
    documents: Mapping[str, Mapping[str, str]]
    limits: Mapping[str, OperationLimits]
    rules: Mapping[str, str]
    neutral_taxes: Mapping[str, str | None]
    profiles: tuple[str, ...]
    profiles_known: Mapping[str, str]
    sources: tuple[str, ...]

    def cell(self, operation: str) -> Offer:
        """The cell of an operation, written as in a scenario's ``requires``.

        ``expense`` ``expense.Refund`` ``transfer`` ``reimbursable`` ``adjustment`` ``attachment``
        ``attachment.Refund`` ``update.expense``. Raises KeyError for anything else.
        """
        head, _, tail = operation.partition(".")
        if head == "update":
            return self.updates[tail]
        if head == "attachment":
            kinds = (tail,) if tail else tuple(self.attachments.transactions)
            return "any" if any(self._takes_file(kind) for kind in kinds) else "none"
        if head == "expense" and tail:
            return _narrower(self.endpoints["expense"], ({**self.types, **self.legacy_types})[tail])
        return self.endpoints[operation]

    def allows(self, operation: str, account_class: AccountClass | None = None) -> bool:
        """Whether an operation is offered, on an account of this class or (None) on any at all."""
        name, _, last = operation.rpartition(".")
        if last in ("card", "bank"):
            return self.allows(name, "card" if last == "card" else "bank")
        offer = self.cell(operation)
        return offer == "any" or (offer == "card" and account_class != "bank")

    def refusal(self, operation: str, account_class: AccountClass | None = None) -> str | None:
        """Why an operation is not offered, as a sentence with what would be; None when it is."""
        if self.allows(operation, account_class):
            return None
        head, _, what = operation.partition(".")
        if self.cell(operation) == "card":
            return f"{self.title} takes {what or head} on credit card accounts only; use a credit card account."
        if head == "expense" and what:
            offered = [name for name in TYPES if self.allows(f"expense.{name}", account_class)]
            return f"{self.title} does not take {what}; it takes {', '.join(offered) or 'no expense transactions'}."
        if head == "update":
            return f"{self.title} cannot change {what} transactions; correct it in {self.title}, or send a new one."
        if head == "attachment":
            return f"{self.title} does not take files{' for ' + what if what else ''}; attach it in {self.title}."
        offered = [name for name in OPERATIONS if self.allows(name, account_class)]
        return f"{self.title} does not take {head} transactions; it takes {', '.join(offered) or 'none'}."

    def _takes_file(self, kind: str) -> bool:
        operation = "reimbursable" if kind == "Reimbursable" else f"expense.{kind}"
        return self.attachments.takes(kind) and self.cell(operation) != "none"

    def expense_currency(
        self, account_class: AccountClass, *, base: str, account: str, transaction: str
    ) -> CurrencyRule:
        """What holds for an expense in ``transaction`` currency on an account in ``account`` currency."""
        return self.expense_currencies[account_class][expense_option(base, account=account, transaction=transaction)]

    def transfer_currency(self, *, base: str, source: str, target: str) -> CurrencyRule:
        """What holds for a transfer between accounts in these currencies."""
        return self.transfer_currencies[transfer_option(base, source=source, target=target)]

    def contact_of(self, transaction: str, account_class: AccountClass) -> str:
        """Whose name an expense of this type carries: ``supplier``, ``customer`` or ``none``."""
        side = self.contacts.get(transaction, "supplier")
        if side == "supplier_on_bank":
            return "supplier" if account_class == "bank" else "customer"
        return side

    def document_of(self, operation: str, account_class: AccountClass) -> str:
        """The kind of native record that an operation becomes, as the platform's own API calls it."""
        head, _, kind = operation.partition(".")
        return self.documents[account_class][kind] if kind else self.documents["other"][head]

    def limits_of(self, operation: str) -> OperationLimits:
        """The limits of an operation's document."""
        return self.limits.get(operation, OperationLimits())

    def neutral_tax(self, country: str) -> str | None:
        """The tax code that means "no tax" in companies of a country; None where none is needed."""
        code = self.neutral_taxes.get(country, self.neutral_taxes.get("default"))
        return code.replace("{country}", country) if code else None


class Capabilities(Struct, frozen=True):
    """One edition over all platforms."""

    edition: str
    platforms: Mapping[str, PlatformCapabilities]

    def __getitem__(self, platform: str) -> PlatformCapabilities:
        return self.platforms[platform]

    def cell(self, platform: str, operation: str) -> Offer:
        """See PlatformCapabilities.cell."""
        return self.platforms[platform].cell(operation)

    def allows(self, platform: str, operation: str, account_class: AccountClass | None = None) -> bool:
        """See PlatformCapabilities.allows."""
        return self.platforms[platform].allows(operation, account_class)

    def offering(self, operations: tuple[str, ...]) -> tuple[str, ...]:
        """The platforms that offer all of these operations."""
        return tuple(name for name, table in self.platforms.items() if all(map(table.allows, operations)))


def expense_option(base: str, *, account: str, transaction: str) -> str:
    """The row of the currency table: base currency of the company, currency of the account and of the transaction."""
    if account == transaction:
        return "home_account_home_spend" if account == base else "foreign_account_same_spend"
    if transaction == base:
        return "foreign_account_home_spend"
    return "home_account_foreign_spend" if account == base else "two_foreign"


def transfer_option(base: str, *, source: str, target: str) -> str:
    """The row of the currency table for a transfer."""
    if source == target:
        return "home_to_home" if source == base else "foreign_to_foreign"
    if target == base:
        return "foreign_to_home"
    return "home_to_foreign" if source == base else "two_foreign"


def offer_in_words(offer: Offer) -> str:
    """``yes``, ``credit card accounts only``, ``no``."""
    return _WORDS[offer]


def _narrower(first: Offer, second: Offer) -> Offer:
    order: tuple[Offer, ...] = ("none", "card", "any")
    return min(first, second, key=order.index)
