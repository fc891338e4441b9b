"""Allocation accounts: before a document or a batch is posted, each line on one gives way to lines on its destinations.

Every destination gets its percentage of the line's amount, rounded to the currency; the last takes what rounding
leaves. Percentages are fixed, or follow from balances (``variable_allocation``). The dimensions of a share go before
those of the line. A share without any makes a line of a document with those of the document and the destination alone.
Source: codeunits Allocation Account Mgt., Purchase Alloc. Acc. Mgt. and Gen. Journal Alloc. Acc. Mgt. of the base
application, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.business_central.fields import plain
from sandbooks.platforms.business_central.names import caption, encoded
from sandbooks.platforms.business_central.rates import rate_on
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets.dimensions import default_dimensions
from sandbooks.platforms.business_central.sets.entity import Scope
from sandbooks.platforms.business_central.sets.journals import GL, LINES, currency_of, open_lines, template_of
from sandbooks.platforms.business_central.sets.line_kinds import ALLOCATION, check_sides
from sandbooks.platforms.business_central.sets.trade_lines import amounts_of, lines_of
from sandbooks.platforms.business_central.sets.variable_allocation import parts_of

if TYPE_CHECKING:
    from sandbooks.platforms.business_central.sets.trade import TradeDocuments

STEP = 10000
_QUANTITY = Decimal("0.00001")


def distribute(scope: Scope, documents: TradeDocuments, record: Record, *, word: str) -> Record:
    """A document with its allocations carried out; ``word`` is its document type."""
    lines = lines_of(scope, documents.lines, record.id)
    wanted = [line for line in lines if caption(line.body["lineType"]) == ALLOCATION]
    for line in wanted:
        _replace(scope, documents, record, line, word=word)
    return documents.recount(scope, record.id) if wanted else record


def _replace(scope: Scope, documents: TradeDocuments, record: Record, line: Record, *, word: str) -> None:
    body, currency = line.body, record.body["currencyCode"]
    account = scope.by("allocationAccount", "number", body["lineObjectNumber"].lower())
    if account is None:
        raise Dialog(f"Cannot get allocation account from Purchase line {body['sequence']}.")
    parts = shares_of(scope, account, amounts_of(body, currency), day=record.body["postingDate"])
    if not any(amount for _, amount in parts):
        key = f"Purchase Line: {word},{record.body['number']},{body['sequence']}"
        raise Dialog(f"No allocation account lines were generated for Purchase line {key}.")
    by_quantity = caption(account.body["documentLinesSplit"]) == "Split Quantity"
    quantities = _quantities(parts, Decimal(body["quantity"]))
    taken = [int(each.body["sequence"]) for each in lines_of(scope, documents.lines, record.id)]
    made = [place for place, (_, amount) in enumerate(parts) if amount]
    documents.lines.remove(scope, line)
    for number, place in zip(_numbers(int(body["sequence"]), taken, len(made)), made, strict=True):
        share, amount = parts[place]
        price = documents.lines.price
        counted = _counted(body, quantities[place], price, currency)
        split = counted if by_quantity else _given(body, amount, price)
        more = {"sequence": number, **_on(scope, record, body, account, share), **split}
        documents.lines.save(scope, scope.records.next_uuid(documents.lines.type), {**line.copy(), **more})


def _given(body: Mapping[str, Any], amount: Money, price: str) -> dict[str, Any]:
    """A part of the amount, for the whole quantity. Source: MoveAmounts"""
    each = Money.of(amount.amount / Decimal(body["quantity"]), amount.currency).rounded()
    kept = {"discountAmount": 0, "discountPercent": 0, "_lineAmount": str(amount.amount)}
    return {price: plain(each.amount), **kept}


def _counted(body: Mapping[str, Any], quantity: Decimal, price: str, currency: str) -> dict[str, Any]:
    """A part of the quantity, at the line's own price and discount."""
    gross = (Money.of(Decimal(body[price]), currency) * quantity).rounded()
    cut = gross.portion(Fraction(Decimal(body["discountPercent"])) / 100)
    return {"quantity": plain(quantity), "discountAmount": plain(cut.amount)}


def _on(
    scope: Scope, document: Record, body: Mapping[str, Any], account: Record, share: Sequence[Any]
) -> dict[str, Any]:
    """What a line on an allocation account becomes on one destination. It keeps a tax code and words of its own."""
    to = _account(scope, share)
    usual = _combined(document.body.get("_dimensions", []), default_dimensions(scope, to.id))
    told = body["description"] if body["description"] != account.body["displayName"] else to.body["displayName"]
    return {
        "lineType": "Account",
        "accountId": to.id,
        "lineObjectNumber": to.body["number"],
        "description": told,
        "taxCode": body["taxCode"] or to.body.get("_taxCode", ""),
        "_dimensions": _combined(usual, body.get("_dimensions", []), share[2]) if share[2] else usual,
    }


def shares_of(scope: Scope, account: Record, amount: Money, *, day: str) -> list[tuple[Sequence[Any], Money]]:
    """The destinations of an allocation account, each with its part of an amount that is posted on a day."""
    shares = account.body["_shares"]
    if account.body["accountType"] == "Variable":
        return list(zip(shares, parts_of(scope, shares, amount, date.fromisoformat(day)), strict=True))
    parts = [amount.portion(Fraction(Decimal(share[1])) / 100) for share in shares]
    rest = amount
    for part in parts:
        rest = rest - part
    return list(zip(shares, [*parts[:-1], parts[-1] + rest], strict=True))


def _quantities(parts: Sequence[tuple[Sequence[Any], Money]], quantity: Decimal) -> list[Decimal]:
    whole = sum((part.amount for _, part in parts), Decimal(0))
    shares = [Decimal(share[1] or part.amount * 100 / whole).quantize(_QUANTITY) for share, part in parts]
    found = [(quantity * share / 100).quantize(_QUANTITY, ROUND_HALF_UP) for share in shares]
    return [*found[:-1], quantity - sum(found[:-1], Decimal(0))]


def _numbers(line: int, taken: list[int], count: int) -> list[int]:
    """Line numbers for the lines that take a line's place: between it and the next where there is room, else at the
    end. Source: GetLineIncrement"""
    following = min((each for each in taken if each > line), default=line + STEP)
    room = round((following - line) / Fraction(count))
    step = next((each for each in (1000, 100, 10) if room >= each and each * count < following - line), 0)
    if step:
        return [line + step * place for place in range(1, count + 1)]
    last = max(taken)
    return [last + STEP * place for place in range(1, count + 1)]


def _combined(*sets: Sequence[Sequence[str]]) -> list[list[str]]:
    """Dimension sets put together; later ones go before earlier ones."""
    held: dict[str, str] = {}
    for each in sets:
        held.update((dimension, value) for dimension, value in each)
    return [[dimension, value] for dimension, value in held.items()]


def _account(scope: Scope, share: Sequence[Any]) -> Record:
    found = scope.get("account", share[0])
    if found is None:
        raise AssertionError("an allocation account distributes to accounts of the chart")
    return found


def distribute_batch(scope: Scope, batch: Record) -> None:
    """Carry out the allocations of a journal batch, untaxed. The first part keeps the line's id, and so its files."""
    for line in open_lines(scope, batch.id):
        kinds = caption(line.body["accountType"]), caption(line.body["balanceAccountType"])
        check_sides(kinds)
        if ALLOCATION in kinds:
            _replace_in_journal(scope, batch, line, balancing=kinds[1] == ALLOCATION)


def _replace_in_journal(scope: Scope, batch: Record, line: Record, *, balancing: bool) -> None:
    body = line.body
    side = "balancingAccount" if balancing else "account"
    account = scope.by("allocationAccount", "number", body[f"{side}Number"].lower())
    if account is None:
        raise Dialog(f"Cannot get allocation account from journal line {body['lineNumber']}.")
    amount = Money.of(Decimal(body["amount"]), currency_of(scope, body))
    rate = rate_on(scope.company, amount.currency, body["postingDate"])
    left = rate.to_base(amount)
    shares = shares_of(scope, account, amount, day=body["postingDate"])
    parts = [(share, part) for share, part in shares if part]
    if not parts:
        key = f"Gen. Journal Line: {template_of(batch)},{batch.body['code']},{body['lineNumber']}"
        raise Dialog(f"No allocation account lines were generated for journal line {key}.")
    taken = [int(each.body["lineNumber"]) for each in open_lines(scope, batch.id)]
    numbers = _numbers(int(body["lineNumber"]), taken, len(parts))
    for place, (share, part) in enumerate(parts, start=1):
        base = left if place == len(parts) else rate.to_base(part)
        left = left - base
        to = _account(scope, share)
        more = {
            "lineNumber": numbers[place - 1],
            "balanceAccountType" if balancing else "accountType": encoded(GL),
            f"{side}Id": to.id,
            f"{side}Number": to.body["number"],
            "amount": plain(part.amount),
            "_base": str(base.amount),
            "_untaxed": "balancing" if balancing else "account",
            "_dimensions": _combined(body.get("_dimensions", []), share[2]),
        }
        id = line.id if place == 1 else scope.records.next_uuid(LINES.type)
        LINES.save(scope, id, {**line.copy(), **more})
