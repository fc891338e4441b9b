"""What a bookkeeper's edit means in each platform's own members: a new memo, date, account, amount or supplier.

A person corrects a document on the screen; the scenario says so in neutral words, and this table turns them into the
members of the native document, which the platform then checks as it checks any change. Reads the native document,
changes nothing itself. Members: the platforms' entities as ``platforms/<name>`` cites them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Native = Mapping[str, Any]
Members = dict[str, Any]


class NotEditable(Exception):
    """The platform has no such member on this document, or it is not known here. The message says which."""


def edit_members(platform: str, native: Native, wanted: Mapping[str, Any]) -> Members:
    """The native members of an edit. ``wanted``: ``notes`` ``date`` (ISO) ``account`` ``contact`` (native ids)
    ``amount`` (Decimal, above zero), each only where it changes. Raises ``NotEditable``."""
    editor = _EDITORS.get(platform)
    if editor is None:
        raise NotEditable(f"a posted document of {platform} is not changed on its screens; it is reversed")
    try:
        return editor(native, dict(wanted))
    except KeyError as error:  # a kind of document whose lines are others, such as a deposit
        raise NotEditable(f"the document has no {error.args[0]} to change") from error


def _line(lines: Any, wanted: Mapping[str, Any]) -> Members:
    """The only line, copied, where the edit is about it."""
    given = [dict(line) for line in lines or []]
    if len(given) != 1 and ({"account", "amount"} & set(wanted)):
        raise NotEditable("a document of several lines has no one account or amount")
    return given[0] if given else {}


def _renamed(wanted: Mapping[str, Any], **names: str) -> Members:
    return {names[name]: value for name, value in wanted.items() if name in names}


def _quickbooks(native: Native, wanted: Members) -> Members:
    changes = _renamed(wanted, notes="PrivateNote", date="TxnDate")
    if "contact" in wanted:
        changes["VendorRef" if "VendorRef" in native else "EntityRef"] = {"value": wanted["contact"]}
    if {"account", "amount"} & set(wanted):
        line = _line(native.get("Line"), wanted)
        detail = dict(line["AccountBasedExpenseLineDetail"])
        if "account" in wanted:
            detail["AccountRef"] = {"value": wanted["account"]}
        changes["Line"] = [{**line, "Amount": wanted.get("amount", line["Amount"])}]
        changes["Line"][0]["AccountBasedExpenseLineDetail"] = detail
    return changes


def _xero(native: Native, wanted: Members) -> Members:
    changes = _renamed(wanted, notes="Reference", date="Date")
    if "contact" in wanted:
        changes["Contact"] = {"ContactID": wanted["contact"]}
    if {"account", "amount"} & set(wanted):
        kept = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountID", "TaxType")
        line = {name: value for name, value in _line(native.get("LineItems"), wanted).items() if name in kept}
        line |= _renamed(wanted, account="AccountID", amount="UnitAmount")
        changes["LineItems"] = [line]
    return changes


def _freeagent(native: Native, wanted: Members) -> Members:
    if "bill_items" in native:
        return _renamed(wanted, notes="comments", date="dated_on")
    changes = _renamed(wanted, notes="description", date="dated_on")
    if "account" in wanted:
        changes["category"] = f"/v2/categories/{wanted['account']}"
    if "amount" in wanted:
        sign = -1 if Decimal(str(native["gross_value"])) < 0 else 1
        changes["gross_value"] = str(wanted["amount"] * sign)
    return changes


_NETSUITE_COMPUTED = ("line", "tax1Amt", "grossAmt", "taxRate1")


def _netsuite(native: Native, wanted: Members) -> Members:
    changes = _renamed(wanted, notes="memo", date="tranDate")
    if "contact" in wanted:
        changes["entity"] = {"id": wanted["contact"]}
    if {"account", "amount"} & set(wanted):
        line = _line(native["expense"]["items"], wanted)
        kept = {name: value for name, value in line.items() if name not in _NETSUITE_COMPUTED}
        if "account" in wanted:
            kept["account"] = {"id": wanted["account"]}
        changes["expense"] = {"items": [{**kept, **_renamed(wanted, amount="amount")}]}
    return changes


def _zoho(native: Native, wanted: Members) -> Members:
    if native.get("line_items") and {"account", "amount"} & set(wanted):
        line = {name: _line(native["line_items"], wanted).get(name) for name in ("account_id", "rate", "description")}
        line |= _renamed(wanted, account="account_id", amount="rate")
        return {**_renamed(wanted, notes="notes", date="date", contact="vendor_id"), "line_items": [line]}
    memo = "notes" if "bill_id" in native else "description"
    return _renamed(wanted, notes=memo, date="date", account="account_id", amount="amount", contact="vendor_id")


def _intacct(_native: Native, wanted: Members) -> Members:
    if set(wanted) - {"notes"}:
        raise NotEditable("of a posted document of Sage Intacct only the memo is changed here")
    return _renamed(wanted, notes="DESCRIPTION")


def _desktop(native: Native, wanted: Members) -> Members:
    changes = _renamed(wanted, notes="Memo", date="TxnDate")
    if "contact" in wanted:
        changes["VendorRef" if "VendorRef" in native else "PayeeEntityRef"] = {"ListID": wanted["contact"]}
    if {"account", "amount"} & set(wanted):
        line = _line(native.get("ExpenseLineRet"), wanted)
        changed = dict(line)
        if "account" in wanted:
            changed["AccountRef"] = {"ListID": wanted["account"]}
        if "amount" in wanted:
            changed["Amount"] = str(wanted["amount"])
        changes["ExpenseLineRet"] = [changed]
    return changes


_EDITORS: dict[str, Callable[[Native, Members], Members]] = {
    "quickbooks_online": _quickbooks,
    "xero": _xero,
    "freeagent": _freeagent,
    "netsuite": _netsuite,
    "zoho_books": _zoho,
    "sage_intacct": _intacct,
    "quickbooks_desktop": _desktop,
}
