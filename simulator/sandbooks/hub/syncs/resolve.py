"""From an accepted request to the neutral document that a connector writes, or to the reason why it cannot be written.

Everything that can be known without asking the platform is checked here: the capability tables, the currency tables,
each platform's limits, and every account, tax, tag and contact against what was last read. Pure but for those copies.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from msgspec.structs import replace

from sandbooks.capabilities import PlatformCapabilities
from sandbooks.connector import (
    Account,
    Adjustment,
    AdjustmentLine,
    Company,
    Contact,
    Document,
    Expense,
    Line,
    PaymentAccount,
    Reimbursable,
    TaxRate,
    TrackingRef,
    Transfer,
    TransferSide,
)
from sandbooks.hub import caps, config, data, profiles
from sandbooks.hub.expenses_v1 import moves
from sandbooks.hub.syncs.dates import calendar_date
from sandbooks.hub.syncs.rows import Transaction
from sandbooks.money import Money, allocate, digits, known_currency
from sandbooks.platform import Platform
from sandbooks.world import World

RATE_STEP = Decimal("0.000000001")  # Source: github.com/codatio/oas, currencyRate (9 decimals)
TRACKING_KINDS = {"trackingCategories": "tracking", "customers": "customer", "suppliers": "supplier"}


class NotResolvable(Exception):
    """The transaction cannot be written as it is. ``configuration``: the company's configuration lacks something."""

    def __init__(self, message: str, *, configuration: bool = False) -> None:
        super().__init__(message)
        self.configuration = configuration


def resolve(world: World, row: Transaction, platform: Platform) -> Document:
    """The document of a transaction. Raises ``NotResolvable`` with a sentence for the customer."""
    resolver = _Resolver(world, row, caps.table(world, platform.name, generation=row.generation))
    match row.endpoint:
        case "expense":
            return resolver.expense()
        case "reimbursable":
            return resolver.reimbursable()
        case "transfer":
            return resolver.transfer()
        case "adjustment":
            return resolver.adjustment()


class _Resolver:
    """Looks up what one transaction refers to."""

    def __init__(self, world: World, row: Transaction, table: PlatformCapabilities) -> None:
        self._world = world
        self._row = row
        self._request = row.request
        self._table = table
        self._accounts: dict[str, Account] = self._copy("chartOfAccounts") | self._copy("bankAccounts")
        self._company: Company = next(iter(self._copy("company").values()))
        self._config = config.configured(world, row.company)
        self._supplier_is_optional = profiles.on(world, "default_supplier_not_needed")
        self._foreign_per_base = profiles.on(world, "rate_foreign_per_base")
        self._key = world.ids.fixed_uuid(f"codat/{row.company}/{row.id}/{row.submission}")

    def _copy(self, data_type: str) -> dict[str, Any]:
        found = data.copy_of(self._world, self._row.company, data_type)
        if found is None:
            raise NotResolvable(f"The platform's {data_type} were not read yet: refresh the company's data and retry.")
        return found

    # Documents

    def expense(self) -> Document:
        given = str(self._request["type"])
        kind = moves.POSTED_AS[given]
        account = self._payment_account()
        self._allow(f"expense.{given}", account.pays)
        if given in moves.TRANSFERS and (other := self._other_side(account)):
            return self._moved(account, other, moves.TRANSFERS[given])
        spent = self._currency(self._request["currency"])
        base, held = self._company.currency, account.currency or self._company.currency
        rule = self._table.expense_currency(
            "card" if account.pays == "card" else "bank", base=base, account=held, transaction=spent
        )
        if rule not in ("allowed", "as_account"):
            raise NotResolvable(
                f"{self._table.title} does not take {spent} on an account in {held} when the company's currency is "
                f"{base}: use an account in {spent}, or send the amount in {held}."
            )
        rate = self._rate(needed=spent != base or held != base)
        lines = self._lines(self._request.get("lines"), kind, spent)
        self._check_texts("expense", lines)
        document = Expense(
            kind=kind,
            id=self._row.id,
            key=self._key,
            version=self._row.submission,
            date=self._date("issueDate"),
            currency=spent,
            account=PaymentAccount(
                id=account.id, pays=account.pays or "bank", currency=held, category=account.category
            ),
            lines=lines,
            rate=rate,
            contact=self._expense_contact(given, account, held if rule == "as_account" else spent),
            reference=self._request.get("reference") or "",
            merchant=self._request.get("merchantName") or "",
            notes=self._request.get("notes") or "",
            draft=bool(self._request.get("postAsDraft")),
        )
        if rule == "as_account":
            return replace(document, currency=held, rate=rate if held != base else None)
        return _in_account_currency(document, base)

    def reimbursable(self) -> Document:
        self._allow("reimbursable", None)
        currency = self._currency(self._request["currency"])
        contact = self._contact("suppliers", str(self._request["contactRef"]["id"]))
        self._match_currency(contact, currency)
        lines = self._lines(self._request.get("lines"), "Reimbursable", currency)
        self._check_texts("reimbursable", lines)
        payables = (self._request.get("apAccountRef") or {}).get("id") or ""
        if payables:
            self._account(payables)
        return Reimbursable(
            id=self._row.id,
            key=self._key,
            version=self._row.submission,
            date=self._date("issueDate"),
            due=self._date("dueDate"),
            currency=currency,
            contact=contact,
            lines=lines,
            rate=self._rate(needed=currency != self._company.currency),
            reference=self._request.get("reference") or "",
            notes=self._request.get("notes") or "",
            payables_account=payables,
        )

    def transfer(self) -> Document:
        self._allow("transfer", None)
        source, target = self._side("from"), self._side("to")
        if source.account == target.account:
            raise NotResolvable("A transfer needs two different accounts.")
        base = self._company.currency
        rule = self._table.transfer_currency(base=base, source=source.currency, target=target.currency)
        if rule != "allowed":
            raise NotResolvable(
                f"{self._table.title} does not transfer from {source.currency} to {target.currency} when the company's "
                f"currency is {base}: use accounts in one currency."
            )
        same = source.currency == target.currency
        if (same or "transfer_equal_amounts" in self._table.rules) and source.amount != target.amount:
            raise NotResolvable("Both amounts of a transfer in one currency are equal.")
        if "transfer_bank_to_bank" in self._table.rules and not (source.pays and target.pays):
            raise NotResolvable(f"{self._table.title} transfers between bank accounts only.")
        return Transfer(
            id=self._row.id,
            key=self._key,
            version=self._row.submission,
            date=self._date("date"),
            source=source,
            target=target,
            description=self._request.get("description") or "",
        )

    def adjustment(self) -> Document:
        self._allow("adjustment", None)
        currency = self._currency(self._request["currency"])
        lines = tuple(self._adjustment_line(line, currency) for line in self._request["lines"])
        self._check_line_count("adjustment", len(lines))
        difference = sum((line.amount for line in lines), Decimal(0))
        if difference:
            raise NotResolvable(f"The lines of an adjustment sum to zero; these sum to {difference:f}.")
        if "adjustment_base_currency" in self._table.rules and currency != self._company.currency:
            raise NotResolvable(f"{self._table.title} takes adjustments in {self._company.currency} only.")
        if "adjustment_same_description" in self._table.rules and len({line.description for line in lines}) > 1:
            raise NotResolvable(f"{self._table.title} takes one description for all lines of an adjustment.")
        return Adjustment(
            id=self._row.id,
            key=self._key,
            version=self._row.submission,
            date=self._date("date"),
            currency=currency,
            lines=lines,
            rate=self._rate(needed=currency != self._company.currency),
            reference=self._request.get("reference") or "",
        )

    # Parts

    def _allow(self, operation: str, pays: str | None) -> None:
        refusal = self._table.refusal(operation, "card" if pays == "card" else "bank" if pays == "bank" else None)
        if refusal:
            raise NotResolvable(refusal)

    def _payment_account(self) -> Account:
        named = (self._request.get("bankAccountRef") or {}).get("id")
        wanted = named or (self._config or {}).get("bankAccount")
        if not wanted:
            raise NotResolvable(
                "The transaction names no bank account and the company's configuration has none.", configuration=True
            )
        account = self._account(str(wanted))
        if not account.pays:
            raise NotResolvable(f"Account {account.name} ({account.id}) is no bank or card account.")
        return account

    def _account(self, id: str) -> Account:
        account = self._accounts.get(id)
        if account is None:
            raise NotResolvable(f"There is no account {id}: refresh the company's data if it was created just now.")
        if not account.active:
            raise NotResolvable(f"Account {account.name} ({id}) is archived: choose an active one.")
        return account

    def _currency(self, code: str) -> str:
        if not known_currency(code):
            raise NotResolvable(f"{code[:20]!r} is not an ISO 4217 currency code.")
        return code

    def _rate(self, *, needed: bool) -> Decimal | None:
        rate = self._request.get("currencyRate")
        if not needed:
            return None
        if rate is None:
            raise NotResolvable(
                f"currencyRate is required when a currency differs from the company's {self._company.currency}."
            )
        value = Decimal(rate)
        if value <= 0 or -int(value.normalize().as_tuple().exponent) > 9:
            raise NotResolvable(f"currencyRate is more than zero and has at most 9 decimals, not {value:f}.")
        return (1 / value).quantize(RATE_STEP) if self._foreign_per_base else value

    def _date(self, member: str) -> date:
        return calendar_date(str(self._request[member]))

    def _other_side(self, account: Account) -> Account | None:
        """The account of the company's own on the only line of a transfer of the first version, if there is one."""
        lines: list[dict[str, Any]] = self._request.get("lines") or []
        other = self._account(str(lines[0]["accountRef"]["id"])) if len(lines) == 1 else None
        if other is None or not (other.pays and other.transfers and account.transfers):
            return None
        base = self._company.currency
        return other if (other.currency or base) == (account.currency or base) else None

    def _moved(self, account: Account, other: Account, direction: moves.Direction) -> Transfer:
        """Money that moved between two accounts of the company."""
        if account.id == other.id:
            raise NotResolvable("A transfer needs two different accounts.")
        currency = account.currency or self._company.currency
        amount = self._amount(self._request["lines"][0]["netAmount"], currency)
        if amount <= 0:
            raise NotResolvable("The amounts of a transfer are more than zero.")
        sides = [TransferSide(account=a.id, currency=currency, amount=amount, pays=a.pays) for a in (other, account)]
        source, target = sides if direction == "in" else sides[::-1]
        return Transfer(
            id=self._row.id,
            key=self._key,
            version=self._row.submission,
            date=self._date("issueDate"),
            source=source,
            target=target,
            description=self._request.get("notes") or self._request.get("merchantName") or "",
        )

    def _expense_contact(self, kind: str, account: Account, currency: str) -> Contact | None:
        side = self._table.contact_of(kind, "card" if account.pays == "card" else "bank")
        if side == "none":
            asked = "default_supplier_required" in self._table.rules
            if asked and not self._supplier_is_optional and not (self._config or {}).get("supplier"):
                raise NotResolvable("The company's configuration names no supplier.", configuration=True)
            return None
        named = (self._request.get("contactRef") or {}).get("id") if side == "supplier" else None
        wanted = named or (self._config or {}).get(side)
        if not wanted:
            raise NotResolvable(
                f"The transaction names no {side} and the company's configuration has none.", configuration=True
            )
        contact = self._contact(f"{side}s", str(wanted))
        self._match_currency(contact, currency)
        return contact

    def _contact(self, data_type: str, id: str) -> Contact:
        contact: Contact | None = self._copy(data_type).get(id)
        if contact is None:
            raise NotResolvable(f"There is no {data_type[:-1]} {id}: refresh the company's data if it is new.")
        if not contact.active:
            raise NotResolvable(f"The {data_type[:-1]} {contact.name} ({id}) is archived: choose an active one.")
        return contact

    def _match_currency(self, contact: Contact, currency: str) -> None:
        # Source: https://docs.codat.io/expenses/config-and-categorize (suppliers with a single currency)
        if contact.currency and contact.currency not in (currency, self._company.currency):
            raise NotResolvable(
                f"The {contact.kind} {contact.name} is kept in {contact.currency}, the transaction is in {currency}."
            )

    def _lines(self, given: Sequence[dict[str, Any]] | None, kind: str, currency: str) -> tuple[Line, ...]:
        if not given:
            raise NotResolvable("The transaction has no lines.")
        lines = tuple(self._line(line, kind, currency) for line in given)
        self._check_line_count("reimbursable" if kind == "Reimbursable" else "expense", len(lines))
        gross = sum((line.net + (line.tax or 0) for line in lines), Decimal(0))
        if gross <= 0:
            raise NotResolvable(f"The total is more than zero, not {gross:f}: the type carries the direction.")
        if "one_sign" in self._table.rules and any(line.net < 0 for line in lines):
            raise NotResolvable(f"{self._table.title} takes lines of one sign only.")
        if kind not in ("Payment", "Reimbursable") and any(line.net < 0 for line in lines):
            # Unconfirmed: negative lines of a Refund; refused until somebody has seen what becomes of them.
            raise NotResolvable(f"The lines of a {kind} are positive: the type carries the direction.")
        taxed = {line.tax is not None for line in lines}
        if "tax_on_all_lines_or_none" in self._table.rules and len(taxed) > 1:
            raise NotResolvable("Tax amounts stand on all lines or on none.")
        return lines

    def _line(self, given: dict[str, Any], kind: str, currency: str) -> Line:
        account_id = (given.get("accountRef") or {}).get("id") or ""
        item = (given.get("itemRef") or {}).get("id") or ""
        if bool(account_id) == bool(item):
            raise NotResolvable("Every line has an accountRef (or, where the platform has items, an itemRef instead).")
        if item and "item_or_account" not in self._table.rules:
            raise NotResolvable(f"{self._table.title} takes no itemRef: use accountRef.")
        if account_id:
            account = self._account(account_id)
            if kind not in account.lines:
                raise NotResolvable(f"Account {account.name} ({account.id}) cannot be used on a line of a {kind}.")
        tax = given.get("taxAmount")
        net, tax = self._amount(given["netAmount"], currency), None if tax is None else self._amount(tax, currency)
        if tax is not None and tax * net < 0:
            raise NotResolvable("taxAmount has the sign of netAmount.")
        return Line(
            net=net,
            tax=tax,
            account=account_id,
            item=item,
            tax_rate=self._tax(given, kind),
            description=given.get("description") or "",
            tracking=self._tracking(given),
            invoice_to=self._invoice_to(given),
        )

    def _amount(self, given: Any, currency: str) -> Decimal:
        amount = Decimal(given)
        if not Money(amount, currency).is_exact:
            raise NotResolvable(f"{amount:f} has more decimals than {currency} takes ({digits(currency)}).")
        return amount

    def _tax(self, given: dict[str, Any], kind: str) -> str:
        id = (given.get("taxRateRef") or {}).get("id") or ""
        neutral = self._table.neutral_tax(self._company.country)
        if not id or id == neutral:
            if not id and "tax_rate_required" in self._table.rules:
                raise NotResolvable(f"{self._table.title} requires a taxRateRef on every line.")
            return str(id)
        rate: TaxRate | None = self._copy("taxRates").get(id)
        if rate is None or not rate.active:
            raise NotResolvable(f"There is no active tax rate {id}: choose one of the mapping options.")
        if kind not in rate.kinds:
            raise NotResolvable(f"Tax rate {rate.name} ({id}) cannot be used for a {kind}.")
        return id

    def _tracking(self, given: dict[str, Any]) -> tuple[TrackingRef, ...]:
        refs = given.get("trackingRefs") or ()
        most = self._table.limits_of("adjustment" if self._row.endpoint == "adjustment" else "expense").tracking_max
        found = tuple(self._tag(ref) for ref in refs)
        if most is not None and sum(1 for ref in found if ref.kind == "tracking") > most:
            raise NotResolvable(f"{self._table.title} takes at most {most} tracking categories on a line.")
        return found

    def _tag(self, ref: dict[str, Any]) -> TrackingRef:
        kind = TRACKING_KINDS[ref.get("dataType") or "trackingCategories"]
        id = str(ref["id"])
        if kind != "tracking":
            self._contact(f"{kind}s", id)
        else:
            option = self._copy("trackingCategories").get(id)
            if option is None or not option.active:
                raise NotResolvable(f"There is no active tracking category {id}: choose one of the mapping options.")
            if option.has_children and "tracking_different_parents" in self._table.rules:
                raise NotResolvable(f"Tracking category {option.name} ({id}) is a group: choose one of its options.")
        return TrackingRef(id=id, kind=cast("Any", kind))

    def _invoice_to(self, given: dict[str, Any]) -> str:
        id = str((given.get("invoiceTo") or {}).get("id") or "")
        if id:
            self._contact("customers", id)
        return id

    def _side(self, member: str) -> TransferSide:
        given = self._request[member]
        account = self._account(str(given["accountRef"]["id"]))
        if not account.transfers:
            raise NotResolvable(f"Account {account.name} ({account.id}) cannot be part of a transfer.")
        currency = account.currency or self._company.currency
        amount = self._amount(given["amount"], currency)
        if amount <= 0:
            raise NotResolvable("The amounts of a transfer are more than zero.")
        return TransferSide(account=account.id, currency=currency, amount=amount, pays=account.pays)

    def _adjustment_line(self, given: dict[str, Any], currency: str) -> AdjustmentLine:
        account = self._account(str(given["accountRef"]["id"]))
        if "Adjustment" not in account.lines or ("adjustment_without_bank" in self._table.rules and account.pays):
            raise NotResolvable(f"Account {account.name} ({account.id}) cannot be used in an adjustment.")
        amount = self._amount(given["amount"], currency)
        if not amount:
            raise NotResolvable("The amount of an adjustment line is not zero.")
        description = given.get("description") or ""
        most = self._table.limits_of("adjustment").line_description_max
        if most is not None and len(description) > most:
            raise NotResolvable(f"A line's description has at most {most} characters on {self._table.title}.")
        return AdjustmentLine(
            amount=amount,
            account=account.id,
            description=description,
            tracking=self._tracking(given),
            invoice_to=self._invoice_to(given),
        )

    # Limits

    def _check_line_count(self, operation: str, count: int) -> None:
        limits = self._table.limits_of(operation)
        if limits.lines_max is not None and count > limits.lines_max:
            raise NotResolvable(f"{self._table.title} takes at most {limits.lines_max} line(s) here, not {count}.")
        if limits.lines_min is not None and count < limits.lines_min:
            raise NotResolvable(f"{self._table.title} takes at least {limits.lines_min} lines here, not {count}.")

    def _check_texts(self, operation: str, lines: Sequence[Line]) -> None:
        limits = self._table.limits_of(operation)
        reference = self._request.get("reference") or ""
        notes = self._request.get("notes") or ""
        if limits.reference_max is not None and len(reference) > limits.reference_max:
            raise NotResolvable(f"A reference has at most {limits.reference_max} characters on {self._table.title}.")
        if limits.notes_max is not None and len(notes) > limits.notes_max:
            raise NotResolvable(f"Notes have at most {limits.notes_max} characters on {self._table.title}.")
        if limits.notes_required and not notes.strip():
            raise NotResolvable(f"{self._table.title} requires notes.")
        most = limits.line_description_max
        longest = max((len(line.description or notes) for line in lines), default=0)
        if most is not None and longest > most:
            raise NotResolvable(f"A line's description has at most {most} characters on {self._table.title}.")


def _in_account_currency(document: Expense, base: str) -> Expense:
    """An expense in the currency of its account: foreign spend on a base-currency account is converted, gross first.

    The gross is what left the account; nets and taxes share it out, so that no cent appears or is lost.
    Source: https://docs.codat.io/expenses/fx-management (base amount = foreign amount times rate).
    """
    if document.currency == document.account.currency:
        return document
    if document.rate is None:
        raise AssertionError("a conversion has a rate")
    gross = sum((line.net + (line.tax or 0) for line in document.lines), Decimal(0))
    total = Money(gross * document.rate, base).rounded()
    weights = [part for line in document.lines for part in (line.net, line.tax or Decimal(0))]
    shares = iter([share.amount for share in allocate(total, weights)])
    lines = tuple(_converted(line, net=next(shares), tax=next(shares)) for line in document.lines)
    return replace(document, currency=base, rate=None, lines=lines)


def _converted(line: Line, *, net: Decimal, tax: Decimal) -> Line:
    return replace(line, net=net, tax=None if line.tax is None else tax)
