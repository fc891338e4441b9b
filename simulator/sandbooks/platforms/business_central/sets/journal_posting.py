"""Posting a journal batch: every line of it, or nothing.

Source: codeunits Gen. Jnl.-Check Line and Gen. Jnl.-Post Batch, github.com/microsoft/BCApps
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.business_central.names import BLANK_DATE, caption
from sandbooks.platforms.business_central.posting import entry_of
from sandbooks.platforms.business_central.rates import rate_on
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule, Unrelated
from sandbooks.platforms.business_central.sets import line_kinds, settlement
from sandbooks.platforms.business_central.sets.allocation import distribute_batch
from sandbooks.platforms.business_central.sets.assets import check_cost
from sandbooks.platforms.business_central.sets.booking import book
from sandbooks.platforms.business_central.sets.dimensions import check_rules, coded_dimensions
from sandbooks.platforms.business_central.sets.entity import Row, Scope, StoredSet
from sandbooks.platforms.business_central.sets.journals import (
    BANK,
    GL,
    LINES,
    ROLES,
    TABLE,
    account_of,
    check_usable,
    currency_of,
    default_tax,
    open_lines,
    template_of,
)
from sandbooks.platforms.business_central.sets.masters import record_of
from sandbooks.platforms.business_central.sets.periods import check_open
from sandbooks.platforms.business_central.sets.posting_setup import check_combinations
from sandbooks.platforms.business_central.sets.tax_facts import tax_facts


def post_batch(scope: Scope, row: Row) -> tuple[str, str]:
    """Post every line of a batch, or nothing."""
    batch = record_of(row)
    distribute_batch(scope, batch)
    lines = [*open_lines(scope, batch.id), *settlement.open_payments(scope, batch.id)]
    wanted = [line for line in lines if line.body["amount"]]
    if not wanted:
        raise Dialog("There is nothing to post.")
    documents: dict[tuple[str, str], list[Record]] = {}
    for line in wanted:
        _check_line(scope, batch, line)
        documents.setdefault((line.body["postingDate"], line.body["documentNumber"]), []).append(line)
    if not scope.company.settings.get("force_document_balance", True):
        _check_days(scope, wanted)
    for group in documents.values():
        if batch.body["_templateType"] == line_kinds.INTERCOMPANY:
            _check_transaction(scope, batch, [line for line in group if line.kind == "journalLine"])
    for (day_, number_), group in documents.items():
        _post_document(scope, batch, group, day=day_, number=number_)
    for line in lines:
        if not line.body["amount"]:
            LINES.remove(scope, line) if line.kind == "journalLine" else settlement.drop(scope, line)
    return "journals", batch.id


def _template(batch: Record) -> str:
    return batch.body.get("templateDisplayName") or "PAYMENT"


def _place(batch: Record, line: Record) -> str:
    return (
        f"Gen. Journal Line Journal Template Name='{template_of(batch)}',Journal Batch Name='{batch.body['code']}',"
        f"Line No.='{line.body['lineNumber']}'"
    )


def _lacking(field: str, batch: Record, line: Record) -> FieldRule:
    """What TestField says of an empty field. It writes the key of the record otherwise than FieldError (``_place``)."""
    # Source: learn.microsoft.com, Business Central error codes (Application_FieldValidationException).
    key = f"Journal Template Name={template_of(batch)}, Journal Batch Name={batch.body['code']}"
    place = f"Gen. Journal Line: {key}, Line No.={line.body['lineNumber']}"
    return FieldRule(f"{field} must have a value in {place}. It cannot be zero or empty.")


def _check_line(scope: Scope, batch: Record, line: Record) -> None:
    """What must hold of one line before anything is posted. Source: codeunit Gen. Jnl.-Check Line."""
    body = line.body
    if not body["documentNumber"]:
        raise _lacking("Document No.", batch, line)
    if body["postingDate"] == BLANK_DATE:
        raise _lacking("Posting Date", batch, line)
    check_open(scope, body["postingDate"], where=_place(batch, line))
    _check_sign(batch, line)
    if line.kind == "journalLine" and not body["accountNumber"] and not body["balancingAccountNumber"]:
        raise _lacking("Account No.", batch, line)
    if line.kind == "journalLine":
        _check_kinds(scope, batch, line)
    # Source: the same codeunit (Text011).
    told = f"The combination of dimensions used in Gen. Journal Line {_named(batch, line)} is blocked. {{problem}}"
    check_combinations(scope, body, told=told)


def _check_kinds(scope: Scope, batch: Record, line: Record) -> None:
    """Partners are for intercompany journals, and assets need what the API does not show.

    Source: codeunits Gen. Jnl.-Check Line (CheckAccountNo, CheckBalAccountNo), FA Jnl.-Check Line
    """
    names = "Account Type", "Bal. Account Type"
    for name, (kind, number) in zip(names, line_kinds.sides(line.body), strict=True):
        if kind == line_kinds.PARTNER and number and batch.body["_templateType"] != line_kinds.INTERCOMPANY:
            raise FieldRule(f"{name} must not be {kind} in {_place(batch, line)}.")
    field = line_kinds.lacking(scope, line.body)
    if field:
        raise _lacking(field, batch, line)


def _check_transaction(scope: Scope, batch: Record, group: list[Record]) -> None:
    """A document with a partner in an intercompany journal tells each of its accounts in the partner's own chart.

    Source: codeunit Gen. Jnl.-Post Batch (CheckICDocument, Text030)
    """
    if not any(kind == line_kinds.PARTNER and number for line in group for kind, number in line_kinds.sides(line.body)):
        return
    for line in group:
        ours = [kind in (GL, BANK) and bool(number) for kind, number in line_kinds.sides(line.body)]
        if all(ours):
            raise Dialog("You cannot enter G/L Account or Bank Account in both Account No. and Bal. Account No..")
        if any(ours) and not line_kinds.partner_account(scope, line.body):
            raise _lacking("IC Account No.", batch, line)


def _check_sign(batch: Record, line: Record) -> None:
    """A vendor is paid, a customer pays. Source: codeunit Gen. Jnl.-Check Line (CheckDocType, Text007, Text008)."""
    needed = {"vendorPayment": "positive", "customerPayment": "negative"}.get(line.kind)
    if needed is not None and (Decimal(line.body["amount"]) < 0) == (needed == "positive"):
        raise FieldRule(f"Amount must be {needed} in {_place(batch, line)}.")


def _named(batch: Record, line: Record) -> str:
    return f"{template_of(batch)}, {batch.body['code']}, {line.body['lineNumber']}"


def _post_document(scope: Scope, batch: Record, group: list[Record], *, day: str, number: str) -> None:
    lines = []
    for line in group:
        fact = _facts_of(scope, batch, line, day)
        settlement.mark_settled(scope, fact["settled"])
        lines.append(fact)
    _check_balance(scope, lines, number=number)
    first, *others = group
    kind = "Payment" if first.kind in settlement.SETS_BY_KIND else ""
    facts = {
        "date": day,
        "document_number": number,
        "document_type": kind,
        "lines": lines,
        "local": scope.company.currency,
    }
    kept = _mark_posted(scope, first, facts)
    entry = entry_of(kept.kind, kept.id, kept.version, document=kept.body, facts=facts)
    check_cost(scope, entry)
    book(scope.company, kept, entry)
    for line in others:
        _mark_posted(scope, line, {})


def _mark_posted(scope: Scope, line: Record, facts: dict[str, Any]) -> Record:
    body = {**line.copy(), "_posted": True}
    target: StoredSet = settlement.SETS_BY_KIND.get(line.kind, LINES)
    return target.save(scope, line.id, body, facts=facts, action="post")


def _check_balance(scope: Scope, lines: list[dict[str, Any]], *, number: str) -> None:
    """Debits equal credits in every document. Source: codeunit 13 Gen. Jnl.-Post Batch (Text012, Text013: the template
    forces the balance of a document); a number in a message is written as AL writes it, without idle zeros."""
    local = scope.company.currency
    out = Money.zero(local)
    for line in lines:
        if not line["balancing"]:
            rate = Rate(Decimal(line["rate"]), line["currency"], local)
            known = Money.of(line["base"], local) if "base" in line else None
            out = out + (known or rate.to_base(Money.of(line["amount"], line["currency"])))
    if out and not scope.company.settings.get("force_document_balance", True):
        raise NotSimulated("documents of a journal that balance only with each other", instead="one document number")
    if out:
        raise Dialog(
            f"Document No. {number} is out of balance by {out.amount.normalize():,f}. Please check that Posting Date, "
            "Document Type, Document No. and Amount are correct for each line."
        )


def _check_days(scope: Scope, lines: list[Record]) -> None:
    """Debits equal credits on every day, where the template does not force it of documents. Source: the same codeunit
    (Text014, Text015)."""
    local = scope.company.currency
    sums: dict[str, Money] = {}
    for line in lines:
        body = settlement.as_journal_line(scope, line) if line.kind in settlement.SETS_BY_KIND else line.body
        if not body["balancingAccountNumber"] or not body["accountNumber"]:
            currency, day = currency_of(scope, body), body["postingDate"]
            amount = Money.of(Decimal(body["amount"]), currency)
            base = rate_on(scope.company, currency, day).to_base(amount if body["accountNumber"] else -amount)
            sums[day] = sums.get(day, Money.zero(local)) + base
    for day, out in sums.items():
        if out:
            raise Dialog(
                f"The lines in {date.fromisoformat(day):%m/%d/%y} are out of balance by "
                f"{out.amount.normalize():,f}. Check that Posting Date and Amount are correct for each line."
            )


def _facts_of(scope: Scope, batch: Record, line: Record, day: str) -> dict[str, Any]:
    """What the posting of one line rests on."""
    body = settlement.as_journal_line(scope, line) if line.kind in settlement.SETS_BY_KIND else line.body
    currency = currency_of(scope, body)
    rate = rate_on(scope.company, currency, day)
    amount = Decimal(body["amount"])
    account = _side(scope, batch, line, caption(body["accountType"]), body["accountNumber"], body["taxCode"], amount)
    untaxed = "" if body.get("_untaxed") == "balancing" else None
    kind, number_ = caption(body["balanceAccountType"]), body["balancingAccountNumber"]
    balancing = _side(scope, batch, line, kind, number_, untaxed, -amount)
    if not account["id"]:
        # Only the balancing account is filled in: it is the one that the amount, turned round, is posted to.
        account, balancing = balancing, account
        body = {**body, "amount": -amount}
    fact: dict[str, Any] = {
        "line": line.id,
        "amount": str(body["amount"]),
        "currency": currency,
        "rate": str(rate.value),
        "local": scope.company.currency,
        "account": account["id"],
        "account_tax": account["tax"],
        "account_party": account["party"],
        "account_local": account["local"] and currency != scope.company.currency,
        "balancing": balancing["id"],
        "balancing_tax": balancing["tax"],
        "balancing_party": balancing["party"],
        "balancing_local": balancing["local"] and currency != scope.company.currency,
        "dimensions": coded_dimensions(scope, body),
        "memo": body["description"],
        "exchange_gain": scope.posting["exchange_gain"],
        "exchange_loss": scope.posting["exchange_loss"],
        "rounding": scope.posting["rounding"],
        "payment_discount": scope.posting.get("payment_discount", scope.posting["rounding"]),
        "payment_tolerance": scope.posting.get("payment_tolerance", ""),
    }
    if "_base" in body:
        fact["base"] = body["_base"] if body["amount"] == amount else str(-Decimal(body["_base"]))
    fact["settled"] = settlement.settle(scope, line, fact, day=day)
    return fact


def _side(
    scope: Scope, batch: Record, line: Record, kind: str, number_: str, tax_code: str | None, amount: Decimal
) -> dict[str, Any]:
    """One account of a line as ledger account, party and tax; ``amount`` is what is debited to it.

    A balancing account without a ``tax_code`` has its own.
    """
    if not number_:
        return {"id": "", "tax": None, "party": "", "local": False}
    record = account_of(scope, kind, number_)
    if record is None:
        raise Unrelated("Account No.", TABLE, number_, kind)
    check_usable(kind, record, verb="post", payment=line.kind in settlement.SETS_BY_KIND)
    # Source: codeunit 11 Gen. Jnl.-Check Line (a dimension used in a line has caused an error).
    told = f"A dimension used in Gen. Journal Line {_named(batch, line)} has caused an error. {{problem}}"
    check_rules(scope, line.body, (record.id, f"{kind} {number_}"), told=told)
    if kind in ROLES:
        return {"id": scope.posting[ROLES[kind]], "tax": None, "party": record.id, "local": False}
    if kind in (line_kinds.FIXED_ASSET, line_kinds.PARTNER):
        id, asset = line_kinds.journal_account(kind, record, amount=amount)
        behind = scope.get("account", id) if asset else None
        tax = _tax(scope, batch, line, behind, tax_code or "") if behind else None
        return {"id": id, "tax": tax, "party": asset, "local": False}
    if kind == BANK:
        local = record.body["currencyCode"] == scope.company.currency
        return {"id": record.id, "tax": None, "party": "", "local": local}
    return {"id": record.id, "tax": _tax(scope, batch, line, record, tax_code), "party": "", "local": False}


def _tax(scope: Scope, batch: Record, line: Record, account: Record, tax_code: str | None) -> dict[str, Any] | None:
    allocated = line.body.get("_untaxed") == "account" and tax_code is not None
    side = "" if allocated else str(account.body.get("_postingType", ""))
    wanted = default_tax(account) if tax_code is None else tax_code
    facts = tax_facts(scope, wanted, side=side or "Purchase", table=TABLE)
    if facts is not None and not side:
        # Unconfirmed: whether a code at zero percent is refused as well; here it has no effect.
        raise _lacking("Gen. Posting Type", batch, line)
    return facts
