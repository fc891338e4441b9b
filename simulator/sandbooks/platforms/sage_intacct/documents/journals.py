"""Journal entries: transactions of the general ledger itself, as entered.

Source: developer.intacct.com/api/general-ledger/journal-entries
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import Unbalanced
from sandbooks.money import Money, Rate, total
from sandbooks.platforms.sage_intacct.documents.allocations import as_part, spread
from sandbooks.platforms.sage_intacct.documents.headers import check_open, extras, keep, tax_solution
from sandbooks.platforms.sage_intacct.documents.lines import account_of, dimensions, entity_of
from sandbooks.platforms.sage_intacct.documents.reading import Given, exchange_rate
from sandbooks.platforms.sage_intacct.documents.taxes import PURCHASE, SALE, entries, shown_taxes, taxed
from sandbooks.platforms.sage_intacct.objects.keeping import facts_of, remove
from sandbooks.platforms.sage_intacct.refusals import FieldMalformed, FieldMissing, LineUnusable, NotAllowed
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date, parse_date
from sandbooks.platforms.sage_intacct.wire.xml import Fields

STATES = ("Draft", "Submitted", "Posted")


def create(company: Company, given: Fields) -> Record:
    """A new journal entry, and its mirror where a reversal date is given."""
    return _with_mirror(company, _write(company, Given(company, "GLBATCH", given), None))


def update(company: Company, record: Record, given: Fields) -> Record:
    """Change a journal entry; a posted one needs all its lines again."""
    if record.body.get("REVERSEDKEY"):
        raise NotAllowed("GLBATCH", "A reversal follows the entry that it reverses.", "Change that one.")
    _drop_mirror(company, record)
    return _with_mirror(company, _write(company, Given(company, "GLBATCH", given, record.copy()), record))


def _with_mirror(company: Company, record: Record) -> Record:
    reversed_on = parse_date(str(record.body["REVERSEDATE"]))
    if reversed_on is not None:
        _mirror(company, record, reversed_on)
    return record


def _drop_mirror(company: Company, record: Record) -> None:
    """An entry and its reversal go together; refused when the reversal's period is closed."""
    for mirror in company.records.find("GLBATCH", "REVERSEDKEY", record.id):
        check_open(company, _day(mirror))
        remove(company, mirror)


def _day(record: Record) -> date:
    found = parse_date(str(record.body["BATCH_DATE"]))
    if found is None:
        raise AssertionError(f"journal entry {record.id} carries no date")
    return found


def _write(company: Company, said: Given, record: Record | None) -> Record:
    on = said.need_date("BATCH_DATE")
    journal = said.reference("JOURNAL", "GLJOURNAL", required=True)
    title = said.need("BATCH_TITLE", limit=500)
    if journal is None:
        raise FieldMissing("GLBATCH", "JOURNAL")
    lines, facts = _lines(said, record, on)
    _balance(company, facts)
    if company.settings.get("entities") and any(line.get("taxes") for line in facts["lines"]):
        raise NotSimulated("taxes of journal entries between entities", instead="a line for the tax account")
    home = said.reference("BASELOCATION_NO", "LOCATION")
    if home is None:
        _balance_by_entity(company, lines)
    else:
        _between_entities(company, lines, facts, entity_of(company, home.id))
    state = said.choice("STATE", STATES, "Posted")
    check_open(company, on)
    document: Fields = {
        **(record.copy() if record else {}),
        "JOURNAL": journal.id,
        "BATCH_DATE": native_date(on),
        "BATCH_TITLE": title,
        "BATCHNO": record.body["BATCHNO"] if record else str(company.records.next_number(f"batch/{journal.id}")),
        "REFERENCENO": said.text("REFERENCENO", limit=100),
        "HISTORY_COMMENT": said.text("HISTORY_COMMENT"),
        "REVERSEDATE": native_date(found) if (found := said.date("REVERSEDATE")) else "",
        "BASELOCATION_NO": home.id if home else "",
        "MODULE": "2.GL",
        "MODULEKEY": "2.GL",
        "BALANCE": "0",
        "TAXIMPLICATIONS": said.text("TAXIMPLICATIONS"),
        "TAXSOLUTIONID": tax_solution(said),
        **{name: said.text(name) for name in ("VATVENDORID", "VATCUSTOMERID", "VATCONTACTID")},
        "STATE": state,
        **extras(said),
        "LINES": lines,
    }
    kept: dict[str, Any] = {
        "posts": state == "Posted",
        "date": on.isoformat(),
        "base": company.currency,
        **facts,
    }
    return keep(company, "GLBATCH", document, kept, record=record)


def _lines(said: Given, record: Record | None, on: date) -> tuple[list[Fields], dict[str, Any]]:
    holder = said.given.get("ENTRIES")
    if holder in (None, "") and record is not None:
        rows = [Given(said.company, said.kind, as_part(line)) for line in record.body["LINES"]]
    else:
        rows = Given(said.company, said.kind, holder if isinstance(holder, dict) else {}).group("GLENTRY")
    implied = _implications(said, rows)
    rows = spread(rows, said.company.currency, type=implied or PURCHASE)
    if len(rows) < 2:
        raise LineUnusable("GLBATCH", len(rows) + 1)
    title = said.need("BATCH_TITLE", limit=500)
    read = [_line(row, place, on, title, implied) for place, row in enumerate(rows, 1)]
    return [line for line, _ in read], {"lines": [facts for _, facts in read]}


def _line(row: Given, place: int, on: date, title: str, implied: str) -> tuple[Fields, dict[str, Any]]:
    account = account_of(row, place, "APACCOUNTLABEL")
    side = row.choice("TR_TYPE", ("1", "-1", "debit", "credit"), row.need("TR_TYPE"))
    rate = exchange_rate(row, row.date("EXCH_RATE_DATE") or on)
    amount = row.money("TRX_AMOUNT", rate.foreign) or row.money("AMOUNT", rate.foreign)
    if amount is None:
        raise LineUnusable("GLBATCH", place)
    if amount.amount < 0:
        raise FieldMalformed("GLBATCH", "TRX_AMOUNT", decimal_text(amount.amount), "amount of zero or more")
    is_debit = side in ("1", "debit")
    signed = amount if is_debit else -amount
    where = dimensions(row, account)
    shown: Fields = {
        "LINE_NO": str(place),
        "ACCOUNTNO": account.id,
        "TR_TYPE": "1" if is_debit else "-1",
        "TRX_AMOUNT": decimal_text(amount.amount),
        "AMOUNT": decimal_text(rate.to_base(amount).amount),
        "CURRENCY": rate.foreign,
        "BASECURR": rate.base,
        "EXCHANGE_RATE": decimal_text(rate.value),
        # Source: developer.intacct.com/api/general-ledger/journal-entries (a line without one has the entry's)
        "DESCRIPTION": row.text("DESCRIPTION", limit=1000) or title,
        "DOCUMENT": row.text("DOCUMENT", limit=100),
        "ENTRY_DATE": native_date(on),
        **({"BILLABLE": "true" if row.flag("BILLABLE") else "false"} if row.sent("BILLABLE") else {}),
        **({"ALLOCATION": row.text("ALLOCATED")} if row.sent("ALLOCATED") else {}),
        **row.custom(),
        **where,
    }
    for name, short in (("LOCATIONID", "LOCATION"), ("DEPARTMENTID", "DEPARTMENT")):
        if name in shown:
            shown[short] = shown[name]
    facts: dict[str, Any] = {
        "account": account.id,
        "amount": decimal_text(signed.amount),
        "currency": rate.foreign,
        "rate": decimal_text(rate.value),
    }
    if row.sent("TAXENTRIES"):
        facts["taxes"] = _taxes(row, place, amount, is_debit=is_debit, implied=implied)
        shown["TAXENTRIES"] = shown_taxes([{**tax, "amount": tax["shown"]} for tax in facts["taxes"]])
    return shown, facts


def _implications(said: Given, rows: list[Given]) -> str:
    """Whether taxes are those of purchases or of sales; empty for an entry without taxes. Raises ``NotAllowed``."""
    # Source: developer.intacct.com/api/general-ledger/journal-entries (TAXIMPLICATIONS, VATVENDORID, VATCUSTOMERID).
    # Unconfirmed: an entry with taxes that says nothing of their implications; here that of its first detail.
    implied = said.choice("TAXIMPLICATIONS", ("None", "Inbound", "Outbound"), "None")
    for name, target in (("VATVENDORID", "VENDOR"), ("VATCUSTOMERID", "CUSTOMER"), ("VATCONTACTID", "CONTACT")):
        said.reference(name, target)
    details = [detail for row in rows for detail in entries(row)]
    if implied == "None" and details:
        if said.sent("TAXIMPLICATIONS"):
            raise NotAllowed("GLBATCH", "An entry without tax implications has no tax entries.", "Remove them.")
        first = details[0].reference("DETAILID", "TAXDETAIL", required=True)
        return SALE if first is not None and first.body.get("TAXTYPE") == SALE else PURCHASE
    return {"Inbound": PURCHASE, "Outbound": SALE}.get(implied, "")


def _taxes(row: Given, place: int, amount: Money, *, is_debit: bool, implied: str) -> list[dict[str, Any]]:
    """The taxes of a line, on its side; the amounts that are shown have no sign."""
    stated = Given(row.company, row.kind, {**row.given, "TRX_AMOUNT": decimal_text(amount.amount)})
    _, found = taxed(stated, place, currency=amount.currency, inclusive=False, type=implied)
    sign = 1 if is_debit else -1
    return [{**tax, "shown": tax["amount"], "amount": decimal_text(Decimal(tax["amount"]) * sign)} for tax in found]


def _balance(company: Company, facts: dict[str, Any]) -> None:
    """Debits equal credits; foreign lines may leave half a minor unit each, which goes to the rounding account."""
    base = Money.zero(company.currency)
    by_currency: dict[str, Money] = {}
    for line in facts["lines"]:
        rate = Rate(Decimal(line["rate"]), line["currency"], company.currency)
        amounts = [line["amount"], *(tax["amount"] for tax in line.get("taxes", ()) if "output" not in tax)]
        for each in amounts:
            amount = Money.of(each, rate.foreign)
            base = base + rate.to_base(amount)
            by_currency[rate.foreign] = by_currency.get(rate.foreign, Money.zero(rate.foreign)) + amount
    if len(by_currency) == 1:
        currency, difference = next(iter(by_currency.items()))
        if difference:
            raise Unbalanced(currency, difference)
    if not base:
        return
    foreign = next((code for code in by_currency if code != company.currency), "")
    if not foreign or abs(base.minor) * 2 > len(facts["lines"]):
        raise Unbalanced(company.currency, base)
    facts["rounding"] = {
        "account": company.settings["accounts"]["exchange"],
        "currency": foreign,
        "base": decimal_text(-base.amount),
    }


def _balance_by_entity(company: Company, lines: list[Fields]) -> None:
    """In a company of several entities each of them balances, unless the entry names the entity that it comes from."""
    # Source: developer.intacct.com/api/general-ledger/journal-entries (BASELOCATION_NO)
    if not company.settings.get("entities"):
        return
    sums: dict[str, list[Money]] = {}
    for line in lines:
        amount = Money.of(line["AMOUNT"], company.currency)
        entity = entity_of(company, str(line.get("LOCATIONID", "")))
        sums.setdefault(entity, []).append(amount if line["TR_TYPE"] == "1" else -amount)
    for amounts in sums.values():
        difference = total(amounts, company.currency)
        if abs(difference.minor) * 2 > len(amounts):
            raise Unbalanced(company.currency, difference)


def _between_entities(company: Company, lines: list[Fields], facts: dict[str, Any], home: str) -> None:
    """Mark the lines of other entities than the one that the entry comes from, so that each entity balances."""
    if not company.settings.get("entities"):
        return
    accounts = company.settings["accounts"]
    due = accounts["inter_entity_receivable"], accounts["inter_entity_payable"]
    for line, held in zip(lines, facts["lines"], strict=True):
        entity = entity_of(company, str(line.get("LOCATIONID", "")))
        if entity != home:
            held["due_from"], held["due_to"] = due if line["TR_TYPE"] == "1" else due[::-1]
            held |= {"home": home, "entity": entity}


def _mirror(company: Company, record: Record, on: date) -> None:
    posted = _day(record)
    # Source: developer.intacct.com/api/general-ledger/journal-entries (REVERSEDATE is greater than BATCH_DATE)
    if on <= posted:
        raise NotAllowed("GLBATCH", f"Date must be after {native_date(posted)}.", "Enter a later reversal date.")
    document = {
        **record.copy(),
        "BATCH_DATE": native_date(on),
        "BATCH_TITLE": f"Reversed - {record.body['BATCH_TITLE']}"[:500],
        "REVERSEDATE": "",
        "REVERSEDKEY": record.id,
        "BATCHNO": str(company.records.next_number(f"batch/{record.body['JOURNAL']}")),
    }
    for line in document["LINES"]:
        line["TR_TYPE"] = "-1" if line["TR_TYPE"] == "1" else "1"
    check_open(company, on)
    keep(company, "GLBATCH", document, {**facts_of(company, record), "date": on.isoformat(), "sign": -1})


def delete(company: Company, record: Record) -> None:
    """Delete a journal entry in an open period, and its reversal with it."""
    if record.body.get("REVERSEDKEY"):
        raise NotAllowed("GLBATCH", "A reversal goes with the entry that it reverses.", "Delete that one.")
    check_open(company, _day(record))
    _drop_mirror(company, record)
    remove(company, record)
