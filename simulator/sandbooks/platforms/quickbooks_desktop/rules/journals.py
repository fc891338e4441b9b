"""Journal entries: debit and credit lines in their order, in one currency."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.ledger import Unbalanced
from sandbooks.money import Rate
from sandbooks.platforms.quickbooks_desktop import drafts
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.money import decimal, money, rate_of
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import CannotModify, ElementMissing, InvalidAmount
from sandbooks.platforms.quickbooks_desktop.rules.ready import Ready, facts, id_of, keys_of, total_of

DEBIT, CREDIT = "JournalDebitLine", "JournalCreditLine"


def draft_of(file: CompanyFile, kind: str, node: Node, standing: Record | None) -> Draft:
    """The draft that an Add says, or that a Mod makes of what stands; ``_lines`` keeps both sides in their order."""
    before: Mapping[str, Any] = standing.body if standing else {}
    draft = drafts.merged(before, drafts.fields(file, node, kind, skip=(DEBIT, CREDIT, "JournalLineMod")))
    given = [child for child in node.children if child.name in (DEBIT, CREDIT, "JournalLineMod")]
    if given:
        made = drafts.lines(file, given, kind, standing=before.get("_lines", ()))
        draft["_lines"] = [_sided(line, child) for line, child in zip(made, given, strict=True)]
    return draft


def _sided(line: Draft, node: Node) -> Draft:
    side = line.pop("JournalLineType", None)
    if node.name in (DEBIT, CREDIT):
        return {**line, "_name": node.name}
    if side is None and "_name" not in line:
        raise ElementMissing("JournalLineType")
    return {**line, "_name": {"Debit": DEBIT, "Credit": CREDIT}.get(str(side)) or line["_name"]}


def ready(file: CompanyFile, kind: str, draft: Draft, *, id: str, standing: Record | None) -> Ready:
    """The journal entry with its facts. Raises what the rules refuse."""
    draft.setdefault("TxnDate", file.today().isoformat())
    currency = file.currency_code(draft["CurrencyRef"]["ListID"]) if draft.get("CurrencyRef") else file.home
    rate = rate_of(file, draft, currency)
    adjusts = draft.get("IsHomeCurrencyAdjustment") == "true"
    entered = file.home if draft.get("IsAmountsEnteredInHomeCurrency") == "true" else currency
    accounts = [_account(file, line) for line in draft["_lines"]]
    for index, line in enumerate(draft["_lines"]):
        _check(file, line, rate, first=index == 0, adjusts=adjusts, entered=entered)
    _check_control(file, accounts)
    sides = [total_of(line for line in draft["_lines"] if line["_name"] == side) for side in (DEBIT, CREDIT)]
    if sides[0] != sides[1]:
        raise Unbalanced(entered, money(sides[0], entered) - money(sides[1], entered))
    _check_deposited(file, draft, standing)
    body = dict(draft)
    if file.switch("multicurrency"):
        body |= {"CurrencyRef": file.currency_ref(currency), "ExchangeRate": f"{rate.value.normalize():f}"}
    return Ready(body, facts(file, rate, accounts), keys_of(body))


def _check_deposited(file: CompanyFile, draft: Draft, standing: Record | None) -> None:
    """What a deposit took to the bank stays on the entry as it was. Raises ``CannotModify``."""
    # Unconfirmed: the code.
    deposits = file.records.find("Deposit", "applied", standing.id) if standing else []
    taken = {str(row.get("PaymentTxnLineID")) for each in deposits for row in each.body.get("DepositLineRet", ())}
    before = {line["TxnLineID"]: line for line in standing.body["_lines"]} if standing else {}
    now = {line["TxnLineID"]: line for line in draft["_lines"]}
    names = ("AccountRef", "Amount", "_name")
    for id in taken & before.keys():
        if any(now.get(id, {}).get(name) != before[id].get(name) for name in names):
            raise CannotModify("JournalEntry", "The account and amount of what has been deposited cannot change.")
    heads = ("CurrencyRef", "IsHomeCurrencyAdjustment", "IsAmountsEnteredInHomeCurrency")
    if taken and standing and any(draft.get(name) != standing.body.get(name) for name in heads):
        raise CannotModify("JournalEntry", "Its currency cannot change once it has been deposited.")


def _account(file: CompanyFile, line: Draft) -> str:
    id = id_of(line, "AccountRef")
    if not id:
        raise InvalidAmount("AccountRef", "", "An account is needed on every journal line.")
    return id


def _check(file: CompanyFile, line: Draft, rate: Rate, *, first: bool, adjusts: bool, entered: str) -> None:
    if decimal(line, "Amount") < 0:
        raise InvalidAmount("Amount", str(line["Amount"]), "The amount of a journal line cannot be negative.")
    money(decimal(line, "Amount"), entered)
    account = file.lookup(("Account",), id_of(line, "AccountRef"))
    type, kept = account.body["AccountType"], file.currency_of(account)
    if type == "NonPosting":
        raise InvalidAmount("AccountRef", str(account.body["FullName"]), "The account does not take postings.")
    if kept not in (file.home, rate.foreign) and not adjusts:
        raise InvalidAmount("AccountRef", str(account.body["FullName"]), f"The account is kept in {kept}.")
    if type in ("AccountsPayable", "AccountsReceivable"):
        kind = "Vendor" if type == "AccountsPayable" else "Customer"
        if not first:
            raise InvalidAmount("AccountRef", str(account.body["FullName"]), "It must be on the first line.")
        if file.find((kind,), id_of(line, "EntityRef")) is None:
            raise InvalidAmount("EntityRef", id_of(line, "EntityRef"), f"The account needs a {kind.lower()}.")
    if line.get("BillableStatus") == "Billable" and file.find(("Customer",), id_of(line, "EntityRef")) is None:
        raise InvalidAmount("BillableStatus", "Billable", "A billable line needs a customer.")


def _check_control(file: CompanyFile, accounts: list[str]) -> None:
    """At most one line on A/R or A/P. Source: QuickBooks Desktop help (general journal entries)."""
    control = [id for id in accounts if file.account_type(id) in ("AccountsPayable", "AccountsReceivable")]
    if len(control) > 1:
        reason = "A journal entry has one Accounts Receivable or Accounts Payable line at most."
        raise InvalidAmount("AccountRef", file.company.book.account(control[1]).name, reason)


def total(body: Mapping[str, Any]) -> Decimal:
    """The debits of a journal entry."""
    return total_of(line for line in body["_lines"] if line["_name"] == DEBIT)
