"""Journals: debits and credits as given, with tax and tags. Drafts post nothing.

Source: https://www.zoho.com/books/api/v3/journals/
"""

from __future__ import annotations

from decimal import Decimal

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.zoho_books import chart
from sandbooks.platforms.zoho_books.fields import NOTE_MAX, Fields
from sandbooks.platforms.zoho_books.records import accounts, contacts, custom_fields, files, heading, lines, tags
from sandbooks.platforms.zoho_books.records.storing import check_active, check_open, facts_of, new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import Required, broken
from sandbooks.platforms.zoho_books.taxation import code_of, taxed
from sandbooks.platforms.zoho_books.wire import Body, amount

KIND = "journal"
DESCRIPTION_MAX = 500


def create(company: Company, given: Body) -> Record:
    """A new journal: published unless it is sent as a draft."""
    return write(company, given, None)


def update(company: Company, record: Record, given: Body) -> Record:
    """Change a journal."""
    check_open(company, record.body["journal_date"])
    return write(company, given, record)


def write(company: Company, given: Body, record: Record | None) -> Record:
    """A new version of a journal. Debits and credits, taxes included, must be equal."""
    standing = record.body if record else {}
    fields = Fields(given, standing)
    head = heading.read(company, fields, currency=company.currency, name="journal_date", required=True)
    status = fields.choice("status", ("draft", "published"), default="published")
    if record is not None and record.body["status"] == "published":
        status = "published"
    shown, postings = _lines(company, fields, head.rate)
    id = record.id if record else new_id(company)
    document: Body = {
        "journal_id": id,
        "entry_number": record.body["entry_number"] if record else str(company.records.next_number("journal_number")),
        "journal_date": head.iso,
        "reference_number": fields.text("reference_number"),
        "notes": fields.text("notes", limit=NOTE_MAX),
        "journal_type": fields.choice("journal_type", ("cash", "both"), default="both"),
        **head.members("currency_symbol", "price_precision"),
        **heading.location(company, fields),
        "line_items": shown,
        **_totals(shown, postings, head.rate),
        "status": status,
        "custom_fields": custom_fields.read(company, KIND, fields),
        **files.standing(standing, "attachment_name", "documents"),
    }
    facts = {
        "posts": status == "published",
        **head.facts(company),
        "memo": document["notes"] or document["reference_number"],
        "lines": postings,
    }
    return save(company, KIND, id, document=document, facts=facts)


def _lines(company: Company, fields: Fields, rate: Rate) -> tuple[list[Body], list[Body]]:
    """The lines as shown, and what they post. Raises the rule ``journal_unbalanced``."""
    held = {line["line_id"]: line for line in fields.standing.get("line_items", ())}
    rows = [Fields(row, held.get(str(row.get("line_id", "")))) for row in fields.rows("line_items")]
    if len(rows) < 2:
        raise broken("no_line_items")
    read = [_line(company, row, rate) for row in rows]
    postings = [posting for _, found in read for posting in found]
    if sum((Decimal(posting["amount"]) for posting in postings), Decimal(0)):
        raise broken("journal_unbalanced")
    return [document for document, _ in read], postings


def _totals(shown: list[Body], postings: list[Body], rate: Rate) -> Body:
    """The debits of the lines, and those of the whole entry with its taxes."""
    given = sum((Decimal(str(d["amount"])) for d in shown if d["debit_or_credit"] == "debit"), Decimal(0))
    debits = sum((Decimal(p["amount"]) for p in postings if Decimal(p["amount"]) > 0), Decimal(0))
    return {
        "line_item_total": amount(given, rate.foreign),
        "total": amount(debits, rate.foreign),
        "bcy_total": rate.to_base(Money.of(debits, rate.foreign)).amount,
    }


def _line(company: Company, fields: Fields, rate: Rate) -> tuple[Body, list[Body]]:
    """One line as shown, and what it posts: its account, and the tax on it."""
    account = fields.record("account_id", company, accounts.KIND, required=True)
    if account is None:
        raise Required("account_id")
    if fields.standing.get("account_id") != account.id:
        check_active(account)
    side = fields.choice("debit_or_credit", ("debit", "credit"))
    if not side:
        raise Required("debit_or_credit")
    money = fields.positive("amount", rate.foreign)
    party = contacts.customer(company, fields)
    if account.body["account_type"] in chart.CONTROL_TYPES and party is None:
        raise broken("journal_contact", str(account.body["account_name"]))
    kept = heading.kept_in(account)
    if kept not in ("", rate.foreign, rate.base):
        raise broken("journal_currency", str(account.body["account_name"]))
    tax = fields.record("tax_id", company, "tax")
    chosen = tags.read(company, fields)
    if not fields.standing:
        tags.check_mandatory(company, chosen)
    sign = 1 if side == "debit" else -1
    done = taxed([(money, code_of(company, tax))], inclusive=False)
    document: Body = {
        "line_id": fields.standing.get("line_id") or new_id(company),
        **accounts.members(account),
        **contacts.members(party, "customer"),
        "description": fields.text("description", limit=DESCRIPTION_MAX),
        "debit_or_credit": side,
        "amount": amount(money.amount, rate.foreign),
        "bcy_amount": rate.to_base(money).amount,
        **lines.tax_members(tax),
        "tags": chosen,
        **heading.project(company, fields),
    }
    posting: Body = {
        "account": account.id,
        "amount": str(done.lines[0].cost.amount * sign),
        "currency": kept,
        "party": party.id if party else "",
        "memo": str(document["description"])[:200],
        "dimensions": tags.dimensions(chosen),
    }
    charged = [{"account": c.account, "amount": str(c.amount.amount * sign)} for c in done.charges]
    return document, [posting, *charged]


def publish(company: Company, record: Record) -> Record:
    """Publish a draft."""
    if record.body["status"] == "published":
        raise broken("journal_published")
    check_open(company, record.body["journal_date"])
    facts = {**facts_of(company, record), "posts": True}
    return save(company, KIND, record.id, document={**record.copy(), "status": "published"}, facts=facts)


def delete(company: Company, record: Record) -> None:
    """Delete a journal."""
    check_open(company, record.body["journal_date"])
    files.drop_all(company, record)
    remove(company, record)
