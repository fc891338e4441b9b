"""Transfers between accounts and deposits into one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop import drafts, values
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import BALANCE_SHEET, CompanyFile
from sandbooks.platforms.quickbooks_desktop.money import decimal, foreign_fields, money, rate_of
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import ElementMissing, InvalidAmount
from sandbooks.platforms.quickbooks_desktop.rules import undeposited
from sandbooks.platforms.quickbooks_desktop.rules.purchases import check_type
from sandbooks.platforms.quickbooks_desktop.rules.ready import Ready, applied_in, facts, id_of, keys_of, total_of

_MOVED = tuple(type for type in BALANCE_SHEET if type not in ("AccountsPayable", "AccountsReceivable"))
_DEPOSIT_PARTS = ("DepositLineAdd", "DepositLineMod", "CashBackInfoAdd", "CashBackInfoMod")


def transfer_draft(file: CompanyFile, kind: str, node: Node, standing: Record | None) -> Draft:
    """The draft that an Add says, or that a Mod makes of what stands."""
    return drafts.merged(standing.body if standing else {}, drafts.fields(file, node, kind))


def transfer(file: CompanyFile, kind: str, draft: Draft, *, id: str, standing: Record | None) -> Ready:
    """The transfer with its facts. Raises what the rules refuse."""
    draft.setdefault("TxnDate", file.today().isoformat())
    ends = []
    for name in ("TransferFromAccountRef", "TransferToAccountRef"):
        if not draft.get(name):
            raise ElementMissing(name)
        account = file.lookup(("Account",), id_of(draft, name))
        check_type(account, name, *_MOVED)
        ends.append(account)
    if ends[0].id == ends[1].id:
        raise InvalidAmount("TransferToAccountRef", str(ends[1].body["FullName"]), "The accounts must differ.")
    currency = file.currency_of(ends[0])
    if currency != file.currency_of(ends[1]):
        raise InvalidAmount("TransferToAccountRef", str(ends[1].body["FullName"]), "The currencies must be the same.")
    if decimal(draft, "Amount") <= 0:
        raise InvalidAmount("Amount", values.amount(decimal(draft, "Amount")), "The amount must be greater than zero.")
    money(decimal(draft, "Amount"), currency)
    rate = file.list_rate(currency)
    return Ready(draft, facts(file, rate, [end.id for end in ends]), keys_of(draft))


def deposit_draft(file: CompanyFile, kind: str, node: Node, standing: Record | None) -> Draft:
    """The draft that an Add says, or that a Mod makes of what stands."""
    before: Mapping[str, Any] = standing.body if standing else {}
    draft = drafts.merged(before, drafts.fields(file, node, kind, skip=_DEPOSIT_PARTS))
    given = [child for child in node.children if child.name in _DEPOSIT_PARTS[:2]]
    if given:
        draft["DepositLineRet"] = drafts.lines(file, given, kind, standing=before.get("DepositLineRet", ()))
    for child in node.children:
        if child.name in _DEPOSIT_PARTS[2:]:
            old = before.get("CashBackInfoRet", {"TxnLineID": file.next_txn_id()})
            draft["CashBackInfoRet"] = drafts.merged(old, drafts.fields(file, child, f"{kind} line"))
            if not id_of(draft["CashBackInfoRet"], "AccountRef"):
                raise ElementMissing("AccountRef")
    return draft


def deposit(file: CompanyFile, kind: str, draft: Draft, *, id: str, standing: Record | None) -> Ready:
    """The deposit with its total and facts. Raises what the rules refuse."""
    draft.setdefault("TxnDate", file.today().isoformat())
    into = file.lookup(("Account",), id_of(draft, "DepositToAccountRef"))
    check_type(into, "DepositToAccountRef", "Bank", "OtherCurrentAsset")
    currency = file.currency_of(into)
    rate = rate_of(file, draft, currency)
    lines, back = draft.get("DepositLineRet", []), draft.get("CashBackInfoRet") or {}
    for line in lines:
        undeposited.fill(file, line, lines, currency=currency, id=id)
        if not id_of(line, "AccountRef"):
            raise InvalidAmount("AccountRef", "", "An account is needed on every deposit line.")
        _check_name(file, line)
        line.setdefault("Amount", "0.00")
    total: Decimal = total_of(lines) - decimal(back, "Amount")
    if total < 0:
        raise InvalidAmount("Amount", values.amount(total), "The total of a deposit cannot be negative.")
    body = {**draft, "DepositTotal": values.amount(total)}
    body |= foreign_fields(file, money(total, currency), rate, "DepositTotalInHomeCurrency")
    accounts = [into.id, *(id_of(line, "AccountRef") for line in lines), *([id_of(back, "AccountRef")] if back else [])]
    linked = [str(line["TxnID"]) for line in lines if line.get("TxnID")]
    known = facts(file, rate, accounts, **({"linked": list(dict.fromkeys(linked))} if linked else {}))
    return Ready(body, known, keys_of(body, applied=applied_in(known)))


def _check_name(file: CompanyFile, line: Mapping[str, Any]) -> None:
    """A line on Accounts Payable or Receivable is somebody's."""
    type = file.account_type(id_of(line, "AccountRef"))
    kind = {"AccountsPayable": "Vendor", "AccountsReceivable": "Customer"}.get(type)
    if kind is not None and file.find((kind,), id_of(line, "EntityRef")) is None:
        raise InvalidAmount("EntityRef", id_of(line, "EntityRef"), f"The account needs a {kind.lower()}.")
