"""Stored records as the elements of an answer: fixed order, references with their names of today, balances of today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.quickbooks_desktop import extensions, values
from sandbooks.platforms.quickbooks_desktop.file import KEPT_TYPES, REFERENCES, CompanyFile
from sandbooks.platforms.quickbooks_desktop.rules import balances, checks, open_items, payments, purchase_orders
from sandbooks.platforms.quickbooks_desktop.rules.ready import id_of
from sandbooks.platforms.quickbooks_desktop.schema.messages import LISTS, ret
from sandbooks.platforms.quickbooks_desktop.schema.notation import Choice, Element, Part, Sequence

_LINES = (
    "ExpenseLineRet",
    "ItemLineRet",
    "PurchaseOrderLineRet",
    "DepositLineRet",
    "CashBackInfoRet",
    "_lines",
    "AppliedToTxnRet",
)


class Shown:
    """What of a record an answer shows: its lines, its links, only some elements."""

    def __init__(
        self,
        *,
        lines: bool = True,
        links: bool = False,
        only: Iterable[str] = (),
        hidden: frozenset[str] = frozenset(),
        owners: Iterable[str] = (),
    ) -> None:
        self.lines = lines
        self.links = links
        self.only = frozenset(only)
        self.hidden = hidden
        self.owners = tuple(owners)


_ADDRESSES = ("Address", "VendorAddress", "BillAddress", "ShipAddress", "OtherNameAddress")
WHOLE = Shown(links=True)


def record(file: CompanyFile, found: Record, shown: Shown = WHOLE) -> etree._Element:
    """A record as its Ret element."""
    element = etree.Element(f"{found.kind}Ret")
    body = view(file, found, shown)
    if shown.owners:
        body = extensions.with_extensions(file, body, found.id, shown.owners)
    if shown.only:
        body = {name: value for name, value in body.items() if name in shown.only}
    if shown.hidden:
        body = {name: value for name, value in body.items() if name not in shown.hidden}
    fill(file, element, body, ret(found.kind))
    return element


def view(file: CompanyFile, found: Record, shown: Shown = WHOLE) -> dict[str, Any]:
    """The document of a record with what is known only now: times, balances, links."""
    head = "ListID" if found.kind in LISTS else "TxnID"
    times = {
        head: found.id,
        "TimeCreated": values.local(found.created, file.zone),
        "TimeModified": values.local(found.updated, file.zone),
    }
    body = {**found.body, **times}
    more = _COMPUTED.get(found.kind)
    if more is not None:
        body |= more(file, found, shown)
    if _keeps_currency(found) and "CurrencyRef" not in body and file.switch("multicurrency"):
        body["CurrencyRef"] = file.currency_ref(file.home)
    body |= {f"{name}Block": address_block(body[name]) for name in _ADDRESSES if body.get(name)}
    if not shown.lines:
        body = {name: value for name, value in body.items() if name not in _LINES}
    return body


def address_block(address: Mapping[str, Any]) -> dict[str, str]:
    """An address as it is printed, line by line."""
    # Source: Onscreen Reference (BillAddressBlock, read only). Unconfirmed: how a town's line is put together.
    town = " ".join(str(address[name]) for name in ("State", "PostalCode") if address.get(name))
    lines = [str(address[f"Addr{place}"]) for place in range(1, 6) if address.get(f"Addr{place}")]
    lines.append(", ".join(each for each in (str(address.get("City") or ""), town) if each))
    lines.append(str(address.get("Country") or ""))
    return {f"Addr{place}": line[:41] for place, line in enumerate([line for line in lines if line][:5], 1)}


def _keeps_currency(found: Record) -> bool:
    """Names and control accounts have a currency each, be it home. Source: Onscreen Reference (CurrencyRef)."""
    return found.kind in ("Vendor", "Customer") or found.body.get("AccountType") in KEPT_TYPES


def fill(file: CompanyFile, element: etree._Element, body: Mapping[str, Any], content: Sequence) -> None:
    """Write the members of a document in the order of its content."""
    for part in content.parts:
        _write(file, element, body, part)


def _write(file: CompanyFile, parent: etree._Element, body: Mapping[str, Any], part: Part) -> None:
    if isinstance(part, Element):
        _put(file, parent, body.get(part.name), part)
    elif part.most is None:
        _mixed(file, parent, body, part)
    else:
        for branch in part.branches:
            fill(file, parent, body, branch)


def _mixed(file: CompanyFile, parent: etree._Element, body: Mapping[str, Any], choice: Choice) -> None:
    """Lines of several kinds in the order in which they stand."""
    kinds = {name: each for branch in choice.branches for name, each in branch.elements.items()}
    for line in body.get("_lines", ()):
        _put(file, parent, line, kinds[line["_name"]])


def _put(file: CompanyFile, parent: etree._Element, value: Any, element: Element) -> None:
    if value is None or value == "":
        return
    if element.foreign and file.us:
        return
    for each in value if isinstance(value, list) else [value]:
        made = etree.SubElement(parent, element.name)
        if element.is_reference:
            _reference(file, made, element.name, str(each["ListID"]))
        elif element.content is not None:
            fill(file, made, each, element.content)
        else:
            made.text = str(each)


def _reference(file: CompanyFile, made: etree._Element, name: str, id: str) -> None:
    etree.SubElement(made, "ListID").text = id
    full = name_of(file, name, id, parent_kind=str(getattr(made.getparent(), "tag", "")).removesuffix("Ret"))
    if full:
        etree.SubElement(made, "FullName").text = full


def name_of(file: CompanyFile, reference: str, id: str, *, parent_kind: str = "") -> str:
    """The full name of today of the list element behind a reference."""
    kinds = (parent_kind,) if reference == "ParentRef" else REFERENCES.get(reference, ("", ()))[1]
    for kind in kinds:
        record = file.records.get(kind, id)
        if record is not None:
            return str(record.body["FullName"])
    return ""


# What is known only when it is asked


def _account(file: CompanyFile, found: Record, _shown: Shown) -> dict[str, Any]:
    own = account_balance(file, found.id)
    children = [*_descendants(file, found)]
    total = sum((account_balance(file, child.id) for child in children), own)
    flow = CASH_FLOWS.get(str(found.body["AccountType"]), "NotApplicable")
    told = {"Balance": values.amount(own), "TotalBalance": values.amount(total), "CashFlowClassification": flow}
    line = found.body.get("TaxLineID")  # its name is in tax tables that are not here
    return {**told, "TaxLineInfoRet": {"TaxLineID": line}} if line else told


# Where an account of a type stands in the statement of cash flows; a user may move it in the preferences.
# Source: Onscreen Reference (AccountRet, CashFlowClassification). Unconfirmed: the place of each type but
# OtherCurrentAsset and NonPosting, which answers of live files show.
CASH_FLOWS: Mapping[str, str] = {
    **dict.fromkeys(("AccountsPayable", "AccountsReceivable", "CreditCard"), "Operating"),
    **dict.fromkeys(("OtherCurrentAsset", "OtherCurrentLiability"), "Operating"),
    **dict.fromkeys(("FixedAsset", "OtherAsset"), "Investing"),
    **dict.fromkeys(("Equity", "LongTermLiability"), "Financing"),
}


def _descendants(file: CompanyFile, parent: Record) -> Iterable[Record]:
    for child in file.records.find(parent.kind, "parent", parent.id):
        yield child
        yield from _descendants(file, child)


def account_balance(file: CompanyFile, id: str) -> Decimal:
    """The balance of an account in its own currency and in its natural sign: what is owed is positive."""
    account = file.company.book.account(id)
    balance = file.company.book.balance(id)
    currency = account.currency or file.home
    held = balance.base if currency == file.home else balance.by_currency.get(currency, Money.zero(currency))
    return held.amount if account.kind.debit_normal else -held.amount


def _vendor(file: CompanyFile, found: Record, _shown: Shown) -> dict[str, Any]:
    return {"Balance": values.amount(balances.owed(file, found))}


def _customer(file: CompanyFile, found: Record, _shown: Shown) -> dict[str, Any]:
    own, total = balances.owed(file, found), balances.total_owed(file, found)
    # Source: answer quoted in github.com/consolibyte/quickbooks-php issue 92 (both are told where nothing was said)
    usual = {name: found.body.get(name) or "None" for name in ("JobStatus", "PreferredDeliveryMethod")}
    return {"Balance": values.amount(own), "TotalBalance": values.amount(total), **usual}


def _open_item(file: CompanyFile, found: Record, shown: Shown) -> dict[str, Any]:
    left = open_items.open_amount(file, found)
    more: dict[str, Any] = {"OpenAmount": values.amount(left)}
    if found.kind == "Bill":
        more["IsPaid"] = values.write(left == 0)
    if shown.links:
        settled = [_link(payment, item) for payment, item in open_items.settlements(file, found.id)]
        more["LinkedTxn"] = [*settled, *purchase_orders.links_of(file, found)]
    return more


def _link(payment: Record, item: Mapping[str, Any]) -> dict[str, Any]:
    """A payment as the bill shows it. Source: samples of github.com/flowlink (amounts of payments are negative)."""
    return {
        "TxnID": payment.id,
        "TxnType": payment.kind,
        "TxnDate": payment.body["TxnDate"],
        "RefNumber": payment.body.get("RefNumber"),
        "LinkType": "AMTTYPE",
        "Amount": values.amount(-Decimal(item["amount"])),
    }


def _payment(file: CompanyFile, found: Record, _shown: Shown) -> dict[str, Any]:
    return {"AppliedToTxnRet": payments.shown(file, found.body.get("_applied", ()))}


def _check(file: CompanyFile, found: Record, shown: Shown) -> dict[str, Any]:
    return {"LinkedTxn": checks.links_of(file, found)} if shown.links else {}


def _order(file: CompanyFile, found: Record, shown: Shown) -> dict[str, Any]:
    return purchase_orders.shown(file, found, links=shown.links)


def _transfer(file: CompanyFile, found: Record, _shown: Shown) -> dict[str, Any]:
    return {
        "FromAccountBalance": values.amount(account_balance(file, id_of(found.body, "TransferFromAccountRef"))),
        "ToAccountBalance": values.amount(account_balance(file, id_of(found.body, "TransferToAccountRef"))),
    }


_COMPUTED: Mapping[str, Callable[[CompanyFile, Record, Shown], dict[str, Any]]] = {
    "Account": _account,
    "Vendor": _vendor,
    "Customer": _customer,
    "Check": _check,
    "PurchaseOrder": _order,
    "Bill": _open_item,
    "VendorCredit": _open_item,
    "BillPaymentCheck": _payment,
    "BillPaymentCreditCard": _payment,
    "Transfer": _transfer,
}
