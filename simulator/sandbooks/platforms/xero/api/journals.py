"""Manual journals, and the journals that every transaction leaves in the general ledger.

# Source: https://developer.xero.com/documentation/api/accounting/manualjournals and .../journals
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby, takewhile
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Line
from sandbooks.platforms.xero import documents, lines, lookup, query, writes
from sandbooks.platforms.xero.api.registry import ROOT, TRANSACTIONS, Resource
from sandbooks.platforms.xero.refusals import NotFound, invalid
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.wire import writing
from sandbooks.platforms.xero.wire.dates import modified_since, stored_date, stored_instant
from sandbooks.platforms.xero.wire.reading import guid
from sandbooks.wire import Response

Body = dict[str, Any]
MANUAL_SCOPES = f"{TRANSACTIONS} accounting.manualjournals"
JOURNAL_SCOPES = "accounting.journals"
JOURNALS_MOST = 100
_NEXT = {"DRAFT": ("DRAFT", "POSTED", "DELETED"), "POSTED": ("POSTED", "VOIDED")}


def write_manual_journal(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create, change, post, void or delete a manual journal. Raises Invalid."""
    company = call.company
    before: Body = prior.copy() if prior else {}
    status = given.get("Status", before.get("Status", "DRAFT"))
    if status not in _NEXT.get(before.get("Status", "DRAFT"), ()) or (not prior and status == "DELETED"):
        raise invalid("The manual journal is not of valid status for modification")
    if before.get("Status") == "POSTED":
        lookup.check_open(company, before["Date"])
    if status in ("VOIDED", "DELETED"):
        return save(company, "ManualJournal", {**before, "Status": status})
    documents.check_url(given)
    body: Body = before or {"ManualJournalID": company.records.next_uuid("manual_journal"), "HasAttachments": False}
    own = ("Narration", "Date", "LineAmountTypes", "Url", "ShowOnCashBasisReports")
    body = {"Date": documents.today(call), "LineAmountTypes": "NoTax", "ShowOnCashBasisReports": True, **body}
    body |= {name: given[name] for name in own if given.get(name) not in (None, "")}
    if not body.get("Narration"):
        raise invalid("Narration must be specified.")
    if "JournalLines" in given or "LineAmountTypes" in given or not prior:
        asked = given.get("JournalLines", before.get("JournalLines", []))
        known = _known(call, [line for line in asked if not line.get("IsBlank")], draft=status == "DRAFT")
        body["JournalLines"] = _lines(company, known, body)
    body |= {"Status": status, "UpdatedDateUTC": ""}
    if status == "POSTED":
        lookup.check_open(company, body["Date"])
    return save(company, "ManualJournal", body, facts=documents.facts(company, body, control=""))


def _known(call: Call, given: list[Mapping[str, Any]], *, draft: bool) -> list[Mapping[str, Any]]:
    """The lines; a draft loses account codes that do not exist, with a warning.

    # Source: example of createManualJournals in XeroAPI/Xero-OpenAPI xero_accounting.yaml
    """
    found: list[Mapping[str, Any]] = []
    for line in given:
        code = line.get("AccountCode")
        if draft and code and lookup.account_by_code(call.company, code) is None:
            warning = f"Account code '{code}' has been removed as it does not match a recognised account."
            writes.warn(call, warning)
            line = {name: value for name, value in line.items() if name != "AccountCode"} | {"_Removed": True}
        found.append(line)
    return found


def _lines(company: Company, given: list[Mapping[str, Any]], body: Body) -> list[Body]:
    """At least two lines that sum to zero, taxes included. Raises Invalid."""
    if len(given) < 2:
        raise invalid("A manual journal must contain at least two journal lines.")
    mode = body["LineAmountTypes"]
    complete = not any(line.get("_Removed") for line in given)
    rules = lines.LineRules(currency=company.currency, mode=mode, complete=complete, purchase=True)
    made = lines.prepared(company, given, rules)
    for line in made:
        for name in ("LineItemID", "UnitAmount", "Quantity"):
            line.pop(name, None)
    sums = [line["LineAmount"] + (Decimal(0) if mode == "Inclusive" else line["TaxAmount"]) for line in made]
    debits = sum((amount for amount in sums if amount > 0), Decimal("0.00"))
    credits_ = sum((amount for amount in sums if amount < 0), Decimal("0.00"))
    if debits + credits_:
        raise invalid(f"The total debits ({debits:.2f}) must equal total credits ({credits_:.2f})")
    return made


# The general ledger


def _source_type(company: Company, line: Line) -> str:
    """The SourceType of a journal."""
    kind, id = line.source.kind, line.source.id
    if kind == "ManualJournal":
        return "MANJOURNAL"
    if kind == "BankTransfer":
        return "TRANSFER"
    if kind in ("ExpenseClaim", "ClaimPayment"):
        return "EXPCLAIM" if kind == "ExpenseClaim" else "EXPPAYMENT"
    record = company.records.get(kind, id)
    type = str(record.body.get("PaymentType") or record.body.get("Type", "")) if record else ""
    if kind == "Allocation" or not type:
        return "MANJOURNAL"
    spend = {"SPEND": "CASHPAID", "RECEIVE": "CASHREC"}
    if kind == "BankTransaction":
        head, _, tail = type.partition("-")
        return spend[head] if not tail else f"{'AP' if head == 'SPEND' else 'AR'}{tail}"
    return type


def _journal(company: Company, number: int, found: list[Line]) -> Body:
    first = found[0]
    record = company.records.get(first.source.kind, first.source.id)
    return {
        "JournalID": company.world.ids.fixed_uuid(f"xero/{company.id}/journal/{number}"),
        "JournalDate": stored_date(first.date),
        "JournalNumber": number,
        "CreatedDateUTC": stored_instant(record.updated if record else company.world.clock.now()),
        "Reference": first.entry_memo,
        "SourceID": first.source.id,
        "SourceType": _source_type(company, first),
        "JournalLines": [_posted_line(company, line, tax) for line, tax in _with_taxes(company, found)],
    }


def _with_taxes(company: Company, found: list[Line]) -> Iterator[tuple[Line, Decimal]]:
    """Each line with the tax that was posted for it: the lines behind it that carry its tax type on a tax account."""
    taxes = {r.id for r in company.records.scan("Account") if r.body.get("SystemAccount") in ("GST", "GSTONIMPORTS")}
    for place, line in enumerate(found):
        tax = Decimal("0.00")
        if line.posting.tax_code and line.account not in taxes:
            tax = _tax_behind(found[place + 1 :], line.posting.tax_code, taxes)
        yield line, tax


def _tax_behind(lines: list[Line], code: str, taxes: set[str]) -> Decimal:
    """The sum of the lines at the front that are taxes of a type."""
    own = takewhile(lambda line: line.account in taxes and line.posting.tax_code == code, lines)
    return sum((line.base.amount for line in own), Decimal("0.00"))


def _posted_line(company: Company, line: Line, tax: Decimal) -> Body:
    """One posting; NetAmount above zero is a debit. Its tax stands in it as TaxAmount and in a line of its own.

    # Source: example of https://developer.xero.com/documentation/api/accounting/journals
    """
    account = company.records.get("Account", line.account)
    body = account.body if account else {}
    amount = line.base.amount
    shown: Body = {
        "JournalLineID": company.world.ids.fixed_uuid(f"xero/{company.id}/journal/{line.number}/{line.index}"),
        "AccountID": line.account,
        "AccountCode": body.get("Code"),
        "AccountType": body.get("Type"),
        "AccountName": body.get("Name"),
        "Description": line.posting.memo,
        "NetAmount": amount,
        "GrossAmount": amount + tax,
        "TaxAmount": tax,
        "TrackingCategories": [_tracking(company, pair) for pair in line.posting.dimensions],
    }
    if line.posting.tax_code:
        rate = company.records.get("TaxRate", line.posting.tax_code)
        shown |= {"TaxType": line.posting.tax_code, "TaxName": rate.body["Name"] if rate else ""}
    return shown


def _tracking(company: Company, pair: tuple[str, str]) -> Body:
    category = company.records.get("TrackingCategory", pair[0])
    options = category.body["Options"] if category else []
    name = next((option["Name"] for option in options if option["TrackingOptionID"] == pair[1]), "")
    return {
        "Name": category.body["Name"] if category else "",
        "Option": name,
        "TrackingCategoryID": pair[0],
        "TrackingOptionID": pair[1],
    }


def _journals(company: Company, *, after: int, most: int) -> list[Body]:
    found: list[Body] = []
    for number, group in groupby(company.book.lines(), key=lambda line: line.number):
        if number > after and len(found) < most:
            found.append(_journal(company, number, list(group)))
    return found


def list_journals(call: Call) -> Response:
    """JournalNumber above `offset`, 100 per call."""
    if query.is_true(call, "paymentsOnly"):
        raise NotSimulated("Journals on a cash basis (paymentsOnly=true)")
    offset = query.whole_number(call, "offset", 0)
    since = modified_since(call.header("If-Modified-Since")) if call.header("If-Modified-Since") else None
    found = _journals(call.company, after=offset, most=JOURNALS_MOST if since is None else 10**9)
    if since is not None:
        found = [journal for journal in found if journal["CreatedDateUTC"] >= stored_instant(since)][:JOURNALS_MOST]
    return writing.answer(call, "Journal", found)


def read_journal(call: Call) -> Response:
    name = call.args["id"]
    if name.isascii() and name.isdigit() and len(name) < 10:
        found = [j for j in _journals(call.company, after=int(name) - 1, most=1) if j["JournalNumber"] == int(name)]
    else:
        found = [j for j in _journals(call.company, after=0, most=10**9) if j["JournalID"] == guid(name)]
    if not found:
        raise NotFound
    return writing.answer(call, "Journal", found)


_MANUAL = Resource(kind="ManualJournal", scopes=MANUAL_SCOPES, writer=write_manual_journal, pages=True, brief=True)
OPERATIONS = (
    *_MANUAL.operations(),
    Operation("list_Journals", "GET", f"{ROOT}/Journals", list_journals, scope=JOURNAL_SCOPES),
    Operation("read_Journals", "GET", f"{ROOT}/Journals/<id>", read_journal, scope=JOURNAL_SCOPES),
)
