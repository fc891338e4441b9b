"""List records: names that are their own, parents of the same list, accounts that open in the books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import Account
from sandbooks.money import known_currency
from sandbooks.platforms.quickbooks_desktop import drafts, saving
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import (
    ACCOUNT_CLASSES,
    BALANCE_SHEET,
    ENTITIES,
    ITEMS,
    KEPT_TYPES,
    CompanyFile,
)
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import (
    CannotClear,
    CannotModify,
    ElementMissing,
    InvalidAmount,
    NameTaken,
    ParentNotFound,
    SaveFailed,
    TooLong,
    UnwritableText,
)
from sandbooks.platforms.quickbooks_desktop.rules import names
from sandbooks.platforms.quickbooks_desktop.rules.ready import Ready, references

# Source: Onscreen Reference (FullName lengths). Levels: QuickBooks Desktop help.
_FULL_NAME = {"Customer": 209}
_FULL_NAME_OTHERS = 159
_LEVELS = 5
_TREES = ("Account", "Customer", "Class", "VendorType", "CustomerType", *ITEMS)
_OPENINGS = ("OpenBalance", "OpenBalanceDate")


def namespace(kind: str) -> tuple[str, ...]:
    """The lists that share names with one. Source: Onscreen Reference, status 3100 (names are shared)."""
    if kind in ENTITIES:
        return ENTITIES
    return ITEMS if kind in ITEMS else (kind,)


def draft_of(file: CompanyFile, kind: str, node: Node, standing: Record | None) -> Draft:
    """The draft that an Add says, or that a Mod makes of what stands."""
    before: Mapping[str, Any] = standing.body if standing else {}
    given = drafts.fields(file, node, kind, skip=(*_OPENINGS, *names.PARTS, "ParentRef"))
    given |= names.with_parts(file, node, before)
    if node.get("OpenBalance") and (standing is not None or kind not in ("Account", "Vendor")):
        raise NotSimulated(f"opening balances of {kind} records", instead="a bill or a journal entry")
    parent = node.child("ParentRef")
    if parent is not None:
        given["ParentRef"] = _parent(file, kind, parent)
    return drafts.merged(before, given)


def _parent(file: CompanyFile, kind: str, node: Node) -> dict[str, str] | None:
    id, name = node.get("ListID"), node.get("FullName")
    if not id and not name:
        return None
    record = file.find((kind,), id) if id else file.named((kind,), name)
    if record is None:
        raise ParentNotFound(kind, id or name)
    return {"ListID": record.id}


def ready(file: CompanyFile, kind: str, draft: Draft, *, id: str, standing: Record | None) -> Ready:
    """The list record with its full name. Raises what the rules refuse."""
    if kind == "Employee":
        parts = (draft.get("FirstName"), draft.get("MiddleName"), draft.get("LastName"))
        draft["Name"] = str((not file.us and draft.get("Name")) or " ".join(part for part in parts if part))
    if kind == "SalesRep":
        draft["Name"] = str(draft.get("Initial", ""))
    name = str(draft.get("Name", ""))
    if not name.strip():
        lacking = {"Employee": "FirstName", "SalesRep": "Initial"}.get(kind, "Name")
        raise ElementMissing(lacking) if standing is None else CannotClear(lacking)
    if ":" in name or any(ord(character) < 32 for character in name):
        raise UnwritableText("Name", name)
    parents = _ancestors(file, kind, draft, id)
    full = ":".join([*(str(parent.body["Name"]) for parent in reversed(parents)), name])
    longest = _FULL_NAME.get(kind, _FULL_NAME_OTHERS)
    if len(full) > longest:
        raise TooLong("FullName", full, longest)
    for other in namespace(kind):
        if any(record.id != id for record in file.records.find(other, "full_name", full.lower())):
            raise NameTaken(name)
    body = {**draft, "Name": name, "FullName": full, "Sublevel": str(len(parents))}
    body["IsActive"] = body.get("IsActive", "true")
    _OWN_RULES.get(kind, _nothing_more)(file, body, id, standing)
    return Ready(body, {}, _keys(body))


def _keys(body: Mapping[str, Any]) -> dict[str, Iterable[str]]:
    keys: dict[str, Iterable[str]] = {"full_name": body["FullName"].lower()}
    for key, name in (("special", "SpecialAccountType"), ("code", "CurrencyCode"), ("number", "AccountNumber")):
        if body.get(name):
            keys[key] = str(body[name])
    if body.get("ParentRef"):
        keys["parent"] = str(body["ParentRef"]["ListID"])
    keys["refers"] = sorted(set(references({name: value for name, value in body.items() if name != "ParentRef"})))
    return keys


def _ancestors(file: CompanyFile, kind: str, draft: Mapping[str, Any], id: str) -> list[Record]:
    """Parents from the nearest up. Raises where a record would be its own ancestor, or too deep."""
    found: list[Record] = []
    next_ref = draft.get("ParentRef") if kind in _TREES else None
    while next_ref:
        parent = file.records.get(kind, next_ref["ListID"])
        if parent is None or parent.id == id or len(found) >= _LEVELS - 1:
            raise ParentNotFound(kind, str(next_ref["ListID"]))
        found.append(parent)
        next_ref = parent.body.get("ParentRef")
    return found


def _nothing_more(file: CompanyFile, body: Draft, id: str, standing: Record | None) -> None:
    """Most lists have no rule of their own."""


def _account(file: CompanyFile, body: Draft, id: str, standing: Record | None) -> None:
    number = body.get("AccountNumber")
    if number and any(other.id != id for other in file.records.find("Account", "number", number)):
        # Source: text quoted in github.com/flowlink/quickbooks_desktop_integration
        raise SaveFailed("Account", str(body["Name"]), "The account number is already in use.")
    if standing is not None and standing.body["AccountType"] != body["AccountType"]:
        control = ("AccountsPayable", "AccountsReceivable")
        if standing.body["AccountType"] in control or body["AccountType"] in control:
            raise CannotModify("Account", "The type of this account cannot be changed.")
    parent = file.records.get("Account", (body.get("ParentRef") or {}).get("ListID", ""))
    if parent is not None and parent.body["AccountType"] != body["AccountType"]:
        raise InvalidAmount("AccountType", str(body["AccountType"]), "A subaccount has the type of its parent.")
    currency = file.currency_in(body)
    if currency != file.home and body["AccountType"] not in BALANCE_SHEET:
        raise InvalidAmount("CurrencyRef", currency, "Only balance sheet accounts are kept in a foreign currency.")


def _party(file: CompanyFile, body: Draft, id: str, standing: Record | None) -> None:
    """A vendor or customer keeps its currency once it has transactions."""
    if standing is not None and standing.body.get("CurrencyRef") != body.get("CurrencyRef"):
        raise CannotModify(standing.kind, "The currency of a name cannot be changed.")


def _currency(file: CompanyFile, body: Draft, id: str, standing: Record | None) -> None:
    code = str(body.get("CurrencyCode", "")).upper()
    if not known_currency(code):
        raise InvalidAmount("CurrencyCode", code, "There is no such currency.")
    body["CurrencyCode"] = code
    if any(other.id != id for other in file.records.find("Currency", "code", body["CurrencyCode"])):
        raise NameTaken(str(body["Name"]))


def _billing_rate(file: CompanyFile, body: Draft, id: str, standing: Record | None) -> None:
    """One rate for everything, or one for each item."""
    items = body.pop("BillingRatePerItem", None)
    body["BillingRateType"] = "PerItem" if items else "FixedRate"
    if items:
        body["BillingRatePerItemRet"] = items


def _sales_rep(file: CompanyFile, body: Draft, id: str, standing: Record | None) -> None:
    _need(body, "SalesRepEntityRef", standing)


def _tax_group(file: CompanyFile, body: Draft, id: str, standing: Record | None) -> None:
    _need(body, "ItemSalesTaxRef", standing)


def _need(body: Draft, name: str, standing: Record | None) -> None:
    """Refuse a record without what makes it one: left empty, or cleared by a Mod."""
    if not body.get(name):
        raise ElementMissing(name) if standing is None else CannotClear(name)


_OWN_RULES = {
    "SalesRep": _sales_rep,
    "ItemSalesTaxGroup": _tax_group,
    "Account": _account,
    "Vendor": _party,
    "Customer": _party,
    "Currency": _currency,
    "BillingRate": _billing_rate,
}


def save(file: CompanyFile, kind: str, id: str, ready: Ready) -> Record:
    """Store a list record; an account opens or changes in the books too."""
    active = ready.body["IsActive"] != "false"
    record = saving.put(file, kind, id, ready, active=active)
    if kind == "Account":
        _keep_account(file, record)
    if kind in _TREES:
        _rename_children(file, record)
    return record


def _keep_account(file: CompanyFile, record: Record) -> None:
    body = record.body
    currency = file.currency_of(record)
    one = currency if body["AccountType"] in KEPT_TYPES or currency != file.home else None
    kept = Account(record.id, str(body["FullName"]), ACCOUNT_CLASSES[body["AccountType"]], one, active=record.active)
    if any(account.id == record.id for account in file.company.book.accounts()):
        file.company.book.change_account(kept)
    else:
        file.company.book.open_account(kept)


def _rename_children(file: CompanyFile, parent: Record) -> None:
    """Full names of children follow their parent's."""
    for child in file.records.find(parent.kind, "parent", parent.id):
        full = f"{parent.body['FullName']}:{child.body['Name']}"
        if child.body["FullName"] != full:
            body = {**child.body, "FullName": full, "Sublevel": str(full.count(":"))}
            save(file, child.kind, child.id, Ready(body, {}, _keys(body)))


def add(file: CompanyFile, kind: str, body: Mapping[str, Any]) -> Record:
    """A list record that the file itself needs (its seed, a payables account in a new currency)."""
    id = file.next_list_id()
    return save(file, kind, id, ready(file, kind, dict(body), id=id, standing=None))


def open_payables(file: CompanyFile, currency: str) -> Record:
    """The A/P account of a currency; QuickBooks opens one when it first needs it."""
    for record in file.records.scan("Account"):
        if record.body["AccountType"] == "AccountsPayable" and record.active and file.currency_of(record) == currency:
            return record
    body: dict[str, Any] = {"Name": "Accounts Payable", "AccountType": "AccountsPayable"}
    if currency != file.home:
        body |= {"Name": f"Accounts Payable - {currency}", "CurrencyRef": file.currency_ref(currency)}
    return add(file, "Account", body)
