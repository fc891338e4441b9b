"""Line items: amounts, taxes and totals as Xero computes them.

Tax is rounded half up per line and then summed; UnitAmount keeps two decimals, four with `unitdp=4`.

# Source: https://developer.xero.com/documentation/guides/how-to-guides/rounding-in-xero/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger.taxes import TaxCode
from sandbooks.money import Money, digits
from sandbooks.platforms.xero import lookup
from sandbooks.platforms.xero.posting.money import CONTEXT, rounded
from sandbooks.platforms.xero.posting.rules import tax_code
from sandbooks.platforms.xero.refusals import Invalid, invalid

Line = dict[str, Any]
CONTROL = ("DEBTORS", "CREDITORS")
_APPLIES = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}


class LineRules(Struct, frozen=True, kw_only=True):
    """What the document asks of its lines.

    ``mode`` is LineAmountTypes; ``complete`` whether accounts are required (not on drafts); ``control`` whether lines
    go to a control account (overpayments); ``purchase`` picks the item's price.
    """

    currency: str
    mode: str
    complete: bool
    purchase: bool
    unit_places: int = 2
    control: bool = False


def prepared(
    company: Company, given: Sequence[Mapping[str, Any]], rules: LineRules, *, prior: Sequence[Line] = ()
) -> list[Line]:
    """The lines as stored: accounts found, amounts and taxes computed. Raises Invalid with every line's problems."""
    known = {line["LineItemID"]: line for line in prior if "LineItemID" in line}
    problems: list[str] = []
    lines: list[Line] = []
    for line in given:
        try:
            lines.append(_line(company, _continued(line, known), rules, known=known))
        except Invalid as refusal:
            problems += refusal.errors
    if problems:
        raise Invalid(tuple(dict.fromkeys(problems)))
    return lines


def _continued(given: Mapping[str, Any], known: Mapping[Any, Line]) -> Mapping[str, Any]:
    """A line that names a known LineItemID goes on from that line; what its new members decide is computed anew."""
    kept = known.get(given.get("LineItemID"))
    if kept is None:
        return given
    base = dict(kept)
    if not _WORDS.issuperset(given):
        base = dict(unpriced([kept])[0])
        if given.get("AccountCode") or given.get("AccountID") or given.get("ItemCode"):
            base = {name: value for name, value in base.items() if name not in ("AccountCode", "AccountID")}
    return {**base, **given}


_WORDS = frozenset({"LineItemID", "Description", "Tracking"})


def unpriced(lines: Sequence[Line]) -> list[Line]:
    """Lines without what is computed from their price."""
    return [
        {n: value for n, value in line.items() if n != "TaxAmount" and (n != "LineAmount" or "UnitAmount" not in line)}
        for line in lines
    ]


def check_accounts(company: Company, lines: Sequence[Line], rules: LineRules) -> None:
    """That every line has an account which may still be used. Raises Invalid."""
    problems: list[str] = []
    for line in lines:
        try:
            line_account(company, line, rules)
        except Invalid as refusal:
            problems += refusal.errors
    if problems:
        raise Invalid(tuple(dict.fromkeys(problems)))


def _line(company: Company, given: Mapping[str, Any], rules: LineRules, *, known: Mapping[Any, Line]) -> Line:
    wanted = _with_item(company, given, rules)
    account = line_account(company, wanted, rules)
    line: Line = {}
    if "Description" in wanted:
        line["Description"] = wanted["Description"]
    _amounts(line, wanted, rules)
    if account is not None:
        line["AccountCode"] = account.body.get("Code")
        line["AccountID"] = account.id
    line["TaxType"] = _tax_type(company, wanted, account, rules)
    line["TaxAmount"] = _tax_amount(company, line, wanted, rules)
    if wanted.get("ItemCode"):
        line["ItemCode"] = wanted["ItemCode"]
    line["Tracking"] = lookup.tracking_of(company, wanted.get("Tracking", []))
    id = wanted.get("LineItemID")
    line["LineItemID"] = id if id in known else company.records.next_uuid("line")
    return line


def _with_item(company: Company, given: Mapping[str, Any], rules: LineRules) -> Mapping[str, Any]:
    """The line with the blanks that its item fills. Raises Invalid for an unknown item."""
    code = given.get("ItemCode")
    if not code:
        return given
    found = company.records.find("Item", "Code", code.lower())
    if not found:
        raise invalid(f"Item code '{code}' is not valid")
    item = found[0].body
    prices = item.get("PurchaseDetails" if rules.purchase else "SalesDetails", {})
    description = item.get("PurchaseDescription" if rules.purchase else "Description")
    defaults = {
        "Description": description,
        "UnitAmount": prices.get("UnitPrice"),
        "AccountCode": prices.get("COGSAccountCode") or prices.get("AccountCode"),
        "TaxType": prices.get("TaxType"),
    }
    filled = {name: value for name, value in defaults.items() if value is not None}
    if given.get("AccountID"):
        filled.pop("AccountCode", None)
    return {**filled, **{name: value for name, value in given.items() if value != ""}}


def line_account(company: Company, given: Mapping[str, Any], rules: LineRules) -> Record | None:
    """The account of a line. Raises Invalid; None when a draft names none."""
    code, id = given.get("AccountCode"), given.get("AccountID")
    if not code and not id:
        if rules.complete:
            raise invalid("Account code must be specified")
        return None
    record = lookup.account_by_code(company, code) if code else lookup.account_by_id(company, str(id))
    if record is None or record.deleted:
        raise invalid(f"Account code '{code or id}' is not a valid code for this document.")
    if not record.active:
        raise invalid(lookup.archived_account(record))
    system = record.body.get("SystemAccount")
    if record.body["Type"] == "BANK" or (system in CONTROL) != rules.control:
        raise invalid(f"Account code '{code or record.body.get('Code', id)}' is not a valid code for this document.")
    return record


def _amounts(line: Line, given: Mapping[str, Any], rules: LineRules) -> None:
    """Quantity, UnitAmount, discount and LineAmount. Raises Invalid when a given LineAmount does not agree."""
    if not any(name in given for name in ("UnitAmount", "LineAmount", "Quantity")):
        line["LineAmount"] = Decimal("0.00")
        return
    places = min(2, digits(rules.currency))
    quantity = rounded(given.get("Quantity", Decimal(1)), 4)
    expected = _expected(line, given, quantity, rules)
    stated = given.get("LineAmount")
    if expected is None:
        line["LineAmount"] = rounded(stated or Decimal(0), places)
        if quantity:
            line["UnitAmount"] = rounded(CONTEXT.divide(line["LineAmount"], quantity), rules.unit_places)
    else:
        line["LineAmount"] = rounded(expected, places)
        # Unconfirmed: the tolerance; none is applied.
        if stated is not None and rounded(stated, places) != line["LineAmount"]:
            raise invalid(f"The line total {stated:f} does not match the expected line total {line['LineAmount']:f}")
    line["Quantity"] = quantity
    if abs(line["LineAmount"]) >= Decimal(10) ** 12:
        raise invalid("LineAmount is out of range.")


def _expected(line: Line, given: Mapping[str, Any], quantity: Decimal, rules: LineRules) -> Decimal | None:
    if "UnitAmount" not in given:
        return None
    line["UnitAmount"] = rounded(given["UnitAmount"], rules.unit_places)
    gross: Decimal = CONTEXT.multiply(quantity, line["UnitAmount"])
    if given.get("DiscountRate"):
        line["DiscountRate"] = rounded(given["DiscountRate"], 2)
        if not 0 <= line["DiscountRate"] <= 100:
            raise invalid("DiscountRate must be between 0 and 100.")
        return CONTEXT.multiply(gross, 1 - line["DiscountRate"] / 100)
    if given.get("DiscountAmount"):
        line["DiscountAmount"] = rounded(given["DiscountAmount"], 2)
        discounted: Decimal = gross - line["DiscountAmount"]
        return discounted
    return gross


def _tax_type(company: Company, given: Mapping[str, Any], account: Record | None, rules: LineRules) -> str | None:
    """The line's TaxType: as given, else the account's. A tax rate that is no longer active yields to the account's."""
    if rules.mode == "NoTax" or rules.control:
        return "NONE"
    default = str(account.body.get("TaxType") or "NONE") if account else None
    wanted = given.get("TaxType")
    if not wanted:
        return default
    record = company.records.get("TaxRate", wanted.upper())
    if record is None:
        raise invalid(f"The TaxType code '{wanted}' does not exist or cannot be used for this type of transaction.")
    # Source: https://help.airwallex.com (article 6694335849615): an archived rate gives way to the account's default.
    if record.deleted or not record.active:
        return default
    applies = _APPLIES[account.body["Class"]] if account else ""
    if applies and record.body.get(applies) is False:
        code = account.body.get("Code") if account else ""
        raise invalid(f"The TaxType code '{record.id}' cannot be used with account code '{code}'.")
    return record.id


def _tax_amount(company: Company, line: Line, given: Mapping[str, Any], rules: LineRules) -> Decimal:
    """The line's tax: as given, else computed and rounded half up."""
    places = min(2, digits(rules.currency))
    if rules.mode == "NoTax" or rules.control or not line["TaxType"]:
        return Decimal("0.00")
    components = lookup.tax_components(company, line["TaxType"])
    if any(component["reverse_charge"] for component in components):
        return Decimal("0.00")
    stated = given.get("TaxAmount")
    if stated is not None:
        tax = rounded(stated, places)
        if abs(tax) > abs(line["LineAmount"]) and tax:
            raise invalid("The tax amount cannot be greater than the line amount.")
        return tax
    code = tax_code(line["TaxType"], {"taxes": {line["TaxType"]: components}})
    return computed_tax(line["LineAmount"], code, rules)


def computed_tax(amount: Decimal, code: TaxCode, rules: LineRules) -> Decimal:
    """Exclusive: amount x rate. Inclusive: amount - amount / (1 + rate). Half up to the currency's places."""
    share = code.factor / (1 + code.factor) if rules.mode == "Inclusive" else Fraction(code.factor)
    places = min(2, digits(rules.currency))
    tax = Money(amount, rules.currency).portion(share).amount
    return rounded(tax, places)


def totals(lines: Sequence[Line], mode: str) -> dict[str, Decimal]:
    """SubTotal (net), TotalTax and Total of a document. A total in the request is ignored, as Xero does."""
    amount = sum((line["LineAmount"] for line in lines), Decimal("0.00"))
    tax = sum((line["TaxAmount"] for line in lines), Decimal("0.00"))
    net = amount - tax if mode == "Inclusive" else amount
    return {"SubTotal": net, "TotalTax": tax, "Total": net + tax}


def tax_facts(company: Company, lines: Sequence[Line]) -> dict[str, Any]:
    """The components of every tax type that the lines use."""
    codes = dict.fromkeys(line["TaxType"] for line in lines if line.get("TaxType"))
    return {code: lookup.tax_components(company, code) for code in codes}
