"""Posting documents of trade: the draft becomes a posted document under the same id and another number.

Source: codeunits Purch.-Post and Sales-Post, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.ledger import Entry
from sandbooks.money import Money
from sandbooks.platforms.business_central.date_formulas import reckoned
from sandbooks.platforms.business_central.fields import plain
from sandbooks.platforms.business_central.names import BLANK_DATE, BLANK_ID, caption
from sandbooks.platforms.business_central.posting import entry_of
from sandbooks.platforms.business_central.rates import rate_on
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule
from sandbooks.platforms.business_central.sets import approvals, line_kinds, settlement, unrealised
from sandbooks.platforms.business_central.sets.allocation import distribute
from sandbooks.platforms.business_central.sets.assets import check_cost
from sandbooks.platforms.business_central.sets.booking import book
from sandbooks.platforms.business_central.sets.dimensions import check_rules, coded_dimensions
from sandbooks.platforms.business_central.sets.entity import Scope
from sandbooks.platforms.business_central.sets.headers import HEADERS
from sandbooks.platforms.business_central.sets.periods import check_open
from sandbooks.platforms.business_central.sets.posting_setup import check_combinations, grace, rounding, tolerance
from sandbooks.platforms.business_central.sets.purchases import INVOICES, PurchaseDocuments
from sandbooks.platforms.business_central.sets.trade import TradeDocuments
from sandbooks.platforms.business_central.sets.trade_lines import STEP, check_line_object, lines_of
from sandbooks.platforms.business_central.sets.trade_totals import counted


def copy_lines(scope: Scope, source: Record, source_set: TradeDocuments, target: str, to: TradeDocuments) -> None:
    """Give one document the lines of another."""
    for line in lines_of(scope, source_set.lines, source.id):
        body = {f.name: line.body.get(f.name, f.blank) for f in to.lines.fields}
        body.update(documentId=target, _dimensions=line.body.get("_dimensions", []))
        body[to.lines.price] = line.body[source_set.lines.price]
        if "_lineAmount" in line.body:
            body["_lineAmount"] = line.body["_lineAmount"]
        to.lines.save(scope, scope.records.next_uuid(to.lines.type), body)


def mirror(scope: Scope, record: Record, *, into: TradeDocuments) -> Record:
    """A corrective document of the other kind, posted today, that takes a posted one back.

    Posted entries are never changed: both documents stay, one as canceled, one as corrective.
    """
    source = HEADERS[record.kind]
    today = scope.today.isoformat()
    body = {f.name: record.body.get(f.name, f.blank) for f in into.fields}
    body.update(
        {
            "postingDate": today,
            into.date_member: today,
            "dueDate": today,
            "status": "Draft",
            **({into.reference: record.body[source.reference]} if into.reference else {}),
            "_dimensions": record.body.get("_dimensions", []),
        }
    )
    made = into.save(scope, scope.records.next_uuid(into.type), body)
    copy_lines(scope, record, source, made.id, into)
    rate = scope.records.versions(record.kind, record.id)[-1].facts["rate"]
    posted = post(scope, into, into.recount(scope, made.id), status="Corrective", rate=rate)
    closed = {"_remaining": "0", "_remainingBase": "0", unrealised.MEMBER: []}
    into.save(scope, posted.id, {**posted.copy(), **closed})
    cancelled = {**record.copy(), **closed, "status": "Canceled"}
    source.save(scope, record.id, cancelled)
    return posted


def _word(record: Record) -> str:
    return "Invoice" if record.kind.endswith("Invoice") else "Credit Memo"


def post(scope: Scope, documents: TradeDocuments, record: Record, *, status: str, rate: str = "") -> Record:
    """Post a document and what it settles; without a ``rate`` at the one of its day."""
    record = distribute(scope, documents, record, word=_word(record))
    body = record.body
    if body["postingDate"] == BLANK_DATE:
        key = f"Document Type={_word(record)}, No.={body['number']}"
        raise FieldRule(f"Posting Date must have a value in {documents.table}: {key}. It cannot be zero or empty.")
    where = f"{documents.table} Document Type='{_word(record)}',No.='{body['number']}'"
    check_open(scope, body["postingDate"], where=where)
    party = scope.get(documents.party, body[documents.payer_id])
    if party is None:
        raise Dialog(f"The {documents.party} cannot be found.")
    documents.check_party(party, verb="post")
    record = _rounded(scope, documents, record)
    body = record.body
    number = str(scope.records.next_number(f"series/posted/{record.kind}", start=documents.posted_series))
    facts = _facts(scope, documents, record, party, number=number, rate=rate)
    total = Decimal(str(body["totalAmountIncludingTax"]))
    if total < 0:
        raise Dialog("The total amount for the document must be zero or greater.")
    settled = facts.get("settled", [])
    left = total - sum((abs(Decimal(each["amount"])) for each in settled), Decimal(0))
    posted = {
        **body,
        "number": number,
        "_posted": True,
        "_approval": "",
        "status": status if left else "Paid",
        "_draftNumber": body["number"],
    }
    waits = _unrealised(scope, record, posted, facts)
    if waits and settled:
        # What a credit memo settles realises its own tax too.
        own_rate = Fraction(Decimal(facts["rate"]))
        all_of_it, done = Fraction(total) * own_rate, Fraction(total - left) * own_rate
        facts["realised"] = unrealised.moved(scope, waits, total=all_of_it, open_before=all_of_it, taken=done)
        waits = unrealised.after(waits, facts["realised"])
    if waits:
        posted[unrealised.MEMBER] = waits
    entry = entry_of(record.kind, record.id, record.version + 1, document=posted, facts=facts)
    check_cost(scope, entry)
    owed = _owed(scope, facts, entry)
    posted.update(_discount_offered(scope, documents, posted, party))
    may_miss = tolerance(scope, Money.of(str(total), body["currencyCode"]))
    if documents is INVOICES and may_miss:
        posted["_tolerance"] = str(may_miss.amount)
    relieved = sum((abs(Decimal(each["base"])) for each in settled), Decimal(0))
    posted.update(_remaining=str(left), _remainingBase=str(owed - relieved if left else Decimal(0)))
    kept = documents.save(scope, record.id, posted, facts=facts, action="post")
    book(scope.company, kept, entry)
    approvals.moved(scope, record.id, posted=kept)
    settlement.mark_settled(scope, settled)
    return kept


def _unrealised(scope: Scope, record: Record, posted: dict[str, Any], facts: dict[str, Any]) -> list[dict[str, Any]]:
    """What the document leaves unrealised of its tax, whatever it settles."""
    by_itself = {**facts, "settled": []}
    entry = entry_of(record.kind, record.id, record.version + 1, document=posted, facts=by_itself)
    return unrealised.posted_by(scope, entry)


def _rounded(scope: Scope, documents: TradeDocuments, record: Record) -> Record:
    """The document with a line that rounds its total, where the company has purchases rounded.

    Source: codeunit Purch.-Post
    """
    body = record.body
    if not isinstance(documents, PurchaseDocuments):
        return record
    added = rounding(scope, Money.of(str(body["totalAmountIncludingTax"]), body["currencyCode"]))
    if not added or not lines_of(scope, documents.lines, record.id):
        return record
    account = scope.get("account", scope.posting["invoice_rounding"])
    if account is None:
        raise AssertionError("a company that rounds has the account for it")
    last = max(int(line.body["sequence"]) for line in lines_of(scope, documents.lines, record.id))
    line = {f.name: f.blank for f in documents.lines.fields} | {
        "documentId": record.id,
        "sequence": last + STEP,
        "lineType": "Account",
        "accountId": account.id,
        "lineObjectNumber": account.body["number"],
        "description": account.body["displayName"],
        "quantity": 1,
        documents.lines.price: plain(added.amount),
        "_dimensions": [],
    }
    documents.lines.save(scope, scope.records.next_uuid(documents.lines.type), line)
    return documents.recount(scope, record.id)


def _discount_offered(scope: Scope, documents: TradeDocuments, body: dict[str, Any], party: Record) -> dict[str, str]:
    """What the vendor lets go where an invoice is paid by a day, or within the company's grace after it.

    Source: table Purchase Header (Payment Terms Code), codeunit Payment Tolerance Management (CheckPmtDiscTolVend)
    """
    terms = scope.get("paymentTerm", party.body["paymentTermsId"])
    if documents is not INVOICES or terms is None or not terms.body["discountPercent"]:
        return {}
    total = Money.of(str(body["totalAmountIncludingTax"]), body["currencyCode"])
    share = Fraction(Decimal(terms.body["discountPercent"])) / 100
    start = date.fromisoformat(body[documents.date_member])
    until = grace(scope, reckoned(str(terms.body["discountDateCalculation"]), start))
    return {"_discount": str(total.portion(share).amount), "_discountDate": until.isoformat()}


def _owed(scope: Scope, facts: dict[str, Any], entry: Entry | None) -> Decimal:
    """What the document put on the party's control account, in local currency, without sign."""
    if entry is None:
        return Decimal(0)
    moved = sum((p.base.amount for p in entry.postings if p.account == facts["payables"]), Decimal(0))
    return abs(moved)


def _facts(
    scope: Scope, documents: TradeDocuments, record: Record, party: Record, *, number: str, rate: str
) -> dict[str, Any]:
    """What the posting of a document rests on; ``payables`` is the control account, of customers too."""
    body = record.body
    lines = lines_of(scope, documents.lines, record.id)
    wanted = [line for line in lines if caption(line.body["lineType"]) != "Comment" and line.body["quantity"]]
    if not wanted:
        raise Dialog("There is nothing to post.")
    totals = counted(scope, documents.lines, body, lines)
    amounts = {line.id: found for line, found in zip(lines, totals.lines, strict=True)}
    check_combinations(scope, body, told=_blocked_dimensions(record))
    owner = f"{documents.party.capitalize()} {party.body['number']}"
    check_rules(scope, body, (party.id, owner), told=_invalid_dimensions(record))
    currency = body["currencyCode"]
    found_rate = rate or str(rate_on(scope.company, currency, body["postingDate"]).value)
    word = _word(record)
    facts: dict[str, Any] = {
        "date": body["postingDate"],
        "document_type": word,
        "document_number": number,
        "currency": currency,
        "rate": found_rate,
        "local": scope.company.currency,
        "payables": scope.posting[documents.role],
        "party": party.id,
        "memo": f"{word} {number}",
        "exchange_gain": scope.posting["exchange_gain"],
        "exchange_loss": scope.posting["exchange_loss"],
        "rounding": scope.posting["rounding"],
        "lines": [_line_facts(scope, documents, record, line, amounts[line.id]) for line in wanted],
    }
    if body.get("invoiceId", BLANK_ID) != BLANK_ID:
        facts["settled"] = _settled(scope, record, facts)
    return facts


def _settled(scope: Scope, record: Record, facts: dict[str, Any]) -> list[dict[str, str]]:
    invoice = scope.get(record.kind.replace("CreditMemo", "Invoice"), record.body["invoiceId"])
    if invoice is None:
        raise Dialog('The "invoiceId" does not match to an Invoice.')
    most = Money.of(str(record.body["totalAmountIncludingTax"]), facts["currency"])
    taken = settlement.settled_of(scope, invoice, most, rate=facts["rate"], day=facts["date"], by=facts["memo"])
    return [] if taken is None else [taken]


def _invalid_dimensions(record: Record, line: Record | None = None) -> str:
    """Source: codeunit Check Dimensions (InvalidDimensionsErr, LineInvalidDimensionsErr).

    Unconfirmed: newer versions log the error of the dimension apart from this sentence.
    """
    return f"The dimensions used in {_which(record, line)} are invalid (Error: {{problem}})."


def _blocked_dimensions(record: Record, line: Record | None = None) -> str:
    """Source: the same codeunit (DimensionIsBlockedErr, LineDimensionBlockedErr)."""
    return f"The combination of dimensions used in {_which(record, line)} is blocked (Error: {{problem}})."


def _which(record: Record, line: Record | None) -> str:
    which = f"{_word(record)} {record.body['number']}"
    return which if line is None else f"{which}, line no. {line.body['sequence']}"


def _line_facts(
    scope: Scope, documents: TradeDocuments, record: Record, line: Record, amounts: dict[str, Any]
) -> dict[str, Any]:
    body = line.body
    kind = caption(body["lineType"])
    key = f"Document Type={_word(record)}, Document No.={record.body['number']}, Line No.={body['sequence']}"
    named = _named(scope, documents, kind, body)
    if named is None:
        raise FieldRule(f"No. must have a value in {documents.lines.table}: {key}. It cannot be zero or empty.")
    account, asset = _account(scope, documents, kind, named, Decimal(str(amounts["amountExcludingTax"])), key)
    owner = f"{_TABLES.get(kind, kind)} {named.body['number']}"
    check_combinations(scope, body, told=_blocked_dimensions(record, line))
    check_rules(scope, body, (named.id, owner), told=_invalid_dimensions(record, line))
    return {
        "account": account,
        "asset": asset,
        "net": str(amounts["netAmount"]),
        "tax_amount": str(amounts["netTaxAmount"]),
        "tax": documents.posted_tax(scope, record.body, body),
        "dimensions": coded_dimensions(scope, body),
        "memo": body["description"],
    }


_TABLES = {"Account": "G/L Account"}


def _named(scope: Scope, documents: TradeDocuments, kind: str, body: Mapping[str, Any]) -> Record | None:
    """What a line is about, as it stands now; None where it names nothing."""
    if kind in line_kinds.KINDS:
        number = body["lineObjectNumber"]
        return line_kinds.named(scope, kind, number, table=documents.lines.table) if number else None
    found = scope.get("item", body["itemId"]) if kind == "Item" else scope.get("account", body["accountId"])
    if found is not None:
        check_line_object(kind, found)
    return found


def _account(
    scope: Scope, documents: TradeDocuments, kind: str, named: Record, amount: Decimal, key: str
) -> tuple[str, str]:
    """The ledger account of a line, and the asset that it is for. Raises ``FieldRule`` or ``Dialog``."""
    if kind == "Account":
        return named.id, ""
    if kind == "Item":
        return scope.posting[documents.item_role], ""
    line_kinds.check_document_line(kind, named, amount=amount, line=f"{documents.lines.table}: {key}")
    return line_kinds.posted_on(scope, kind, named, role=documents.item_role)
