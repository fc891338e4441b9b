"""From a neutral plan of a company to Sage Intacct's own lists, and the native ids behind the plan's labels.

The id of a bank account or card that a plan names is also the number of its general ledger account, as many companies
arrange it, so that one label means one account wherever it is looked at.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.exports import each_answer
from sandbooks.ledger import Account
from sandbooks.money import parse_money
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.sage_intacct.documents import journals
from sandbooks.platforms.sage_intacct.objects import lists
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import find, new_number, save
from sandbooks.platforms.sage_intacct.objects.relations import has
from sandbooks.platforms.sage_intacct.rates import DAILY
from sandbooks.platforms.sage_intacct.refusals import ObjectUnknown
from sandbooks.platforms.sage_intacct.seed import chart, exports
from sandbooks.platforms.sage_intacct.usual import usual_accounts
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date

# Account types of a plan: type and balance of the account, its category, and where its number is sought.
_KINDS = {
    "bank": ("balancesheet", "debit", "Cash", 1010),
    "credit_card": ("balancesheet", "credit", "Credit Cards", 2100),
    "expense": ("incomestatement", "debit", "Operating Expenses", 6911),
    "other_expense": ("incomestatement", "debit", "Other Expenses", 8100),
    "cost_of_sales": ("incomestatement", "debit", "Cost of Revenue", 5200),
    "income": ("incomestatement", "credit", "Revenue", 4200),
    "other_income": ("incomestatement", "credit", "Other Income", 4910),
    "current_asset": ("balancesheet", "debit", "Other Current Assets", 1210),
    "fixed_asset": ("balancesheet", "debit", "Fixed Assets", 1520),
    "current_liability": ("balancesheet", "credit", "Other Current Liabilities", 2160),
    "long_term_liability": ("balancesheet", "credit", "Long Term Liabilities", 2510),
    "equity": ("balancesheet", "credit", "Equity", 3110),
}
_PARTIES = {"suppliers": ("VENDOR", "VENDORID", "V"), "customers": ("CUSTOMER", "CUSTOMERID", "C")}
_DIMENSIONS = ("DEPARTMENT", "LOCATION", "CLASS", "PROJECT", "ITEM")


def add(company: Company, kind: str, **fields: str) -> str:
    """A new list entry; its key."""
    return lists.create(company, object_named(kind), fields).id


def keep(company: Company, kind: str, key: str, **fields: str) -> None:
    """A list entry of the setup, which the API does not create."""
    object_type = object_named(kind)
    document = {**object_type.defaults, object_type.key: key, **fields, "RECORDNO": new_number(company, object_type)}
    save(company, object_type, key, document=document)


def open_lists(company: Company) -> None:
    """What every company has: chart, journals, terms, currencies, taxes, and its entities if it has several."""
    for row in chart.chart_of(company.country):
        _open_account(company, row.number, row.title, (row.type, row.balance, row.category))
    for symbol, title in (
        ("GJ", "General Journal"),
        ("APJ", "Accounts Payable Journal"),
        ("CDJ", "Cash Disbursement Journal"),
    ):
        add(company, "GLJOURNAL", SYMBOL=symbol, TITLE=title)
    for name, days in (("Due on Receipt", "0"), ("Net 15", "15"), ("Net 30", "30"), ("Net 60", "60")):
        add(company, "APTERM", NAME=name, DUEDATE=days)
    _open_periods(company)
    for code, symbol, name in chart.currencies():
        keep(company, "TRXCURRENCIES", code, SYMBOL=symbol, NAME=name)
    if find(company, "TRXCURRENCIES", company.currency) is None:
        keep(company, "TRXCURRENCIES", company.currency, NAME=company.currency)
    # Unconfirmed: the id of the daily rate.
    keep(company, "EXCHANGERATETYPES", DAILY, ID="-1", ISDEFAULT="true", DESCRIPTION="Daily rates of the vendor")
    keep(company, "USERINFO", "xml_gateway", DESCRIPTION="Web services user", USERTYPE="business user", ADMIN="Full")
    _open_taxes(company)
    _open_entities(company)


def _open_periods(company: Company) -> None:
    """The months of the company's present year as reporting periods."""
    year = company.world.clock.today(company.time_zone).year
    for month in range(1, 13):
        last = date(year, month, monthrange(year, month)[1])
        name = f"{last:%B %Y}"
        keep(
            company,
            "REPORTINGPERIOD",
            f"Month Ended {name}",
            HEADER1="Month Ended",
            HEADER2=name,
            START_DATE=native_date(last.replace(day=1)),
            END_DATE=native_date(last),
            BUDGETING="true",
        )


def _open_account(company: Company, number: str, title: str, kind: tuple[str, str, str]) -> None:
    type, balance, category = kind
    add(company, "GLACCOUNT", ACCOUNTNO=number, TITLE=title, ACCOUNTTYPE=type, NORMALBALANCE=balance, CATEGORY=category)


def _open_taxes(company: Company) -> None:
    solution, rows = chart.taxes_of(company.country)
    if not rows:
        return
    accounts = company.settings["accounts"]
    keep(
        company,
        "TAXSOLUTION",
        solution,
        TAXMETHOD="VAT",
        GLACCOUNTPURCHASE=accounts["input_tax"],
        GLACCOUNTSALE=accounts["output_tax"],
    )
    company.change_settings(tax_solution=solution)
    for row in rows:
        _tax_detail(company, row)


def _tax_detail(company: Company, row: chart.TaxRow) -> str:
    accounts = company.settings["accounts"]
    return add(
        company,
        "TAXDETAIL",
        DETAILID=row.id,
        DESCRIPTION=row.id,
        VALUE=row.rate,
        TAXTYPE=row.type,
        TAXSOLUTIONID=str(company.settings.get("tax_solution", "")),
        GLACCOUNT=accounts["output_tax"] if row.type == "Sale" else accounts["input_tax"],
        REVERSECHARGE="true" if row.reverse else "false",
    )


def _open_entities(company: Company) -> None:
    for id, name in dict(company.settings.get("entities") or {}).items():
        keep(company, "LOCATIONENTITY", str(id), NAME=str(name), CURRENCY=company.currency)
        add(company, "LOCATION", LOCATIONID=str(id), NAME=str(name), CURRENCY=company.currency)


def labels(company: Company, plan: CompanyPlan) -> dict[str, dict[str, str]]:
    """Make what the plan names; the native ids by part and label."""
    taxes = {label: _tax(company, facts) for label, facts in plan.taxes.items()}
    accounts = {label: _account(company, facts, label) for label, facts in plan.accounts.items()}
    usual = {name: number for name, number in usual_accounts(company).items() if name not in accounts}
    return {
        "accounts": {**accounts, **usual},
        **{
            part: {label: _party(company, part, facts, label) for label, facts in named.items()}
            for part, named in (("suppliers", plan.suppliers), ("customers", plan.customers))
        },
        "taxes": taxes,
        "tracking": dict(_tracking(company, plan.tracking)),
    }


def _account(company: Company, facts: Mapping[str, Any], label: str) -> str:
    type = str(facts.get("type", "expense"))
    name = str(facts.get("name") or label)
    kind = _KINDS[type]
    currency = str(facts.get("currency") or company.currency)
    number = _standing(company, facts, name, kind) or _number(company, str(facts.get("code", "")), kind[3])
    if find(company, "GLACCOUNT", number) is None:
        _open_account(company, number, name[:80], kind[:3])
    if currency != company.currency:
        held = company.book.account(number)
        company.book.change_account(Account(held.id, held.name, held.kind, currency, active=held.active))
    if type == "bank":
        open_bank(company, number, name, currency=currency)
    elif type == "credit_card":
        open_card(company, number, name, currency=currency)
    if facts.get("opening"):
        _open_balance(company, number, str(facts["opening"]))
    return number


def _standing(company: Company, facts: Mapping[str, Any], name: str, kind: tuple[str, str, str, int]) -> str:
    """An account of the chart with that name and nature, where the plan gives no number."""
    if facts.get("code") or kind[2] in ("Cash", "Credit Cards"):
        return ""
    for record in company.records.scan("GLACCOUNT"):
        body = record.body
        if body["TITLE"].lower() == name.lower() and (body["ACCOUNTTYPE"], body["NORMALBALANCE"]) == kind[:2]:
            return record.id
    return ""


def _number(company: Company, wanted: str, start: int) -> str:
    if wanted and find(company, "GLACCOUNT", wanted) is None:
        return wanted
    number = start
    while find(company, "GLACCOUNT", str(number)) is not None:
        number += 1
    return str(number)


def open_bank(company: Company, number: str, name: str, *, currency: str) -> str:
    """A checking account over its general ledger account, with a debit card that spends from it."""
    add(
        company,
        "CHECKINGACCOUNT",
        BANKACCOUNTID=number,
        BANKNAME=name,
        BANKACCOUNTNO=f"00{number}4417",
        GLACCOUNTNO=number,
        CURRENCY=currency,
    )
    return add(
        company,
        "CREDITCARD",
        CARDID=f"{number}-DC",
        DESCRIPTION=f"{name} debit card"[:80],
        CARDTYPE="Visa",
        LIABILITYTYPE="Debit",
        BANKACCOUNTID=number,
        CURRENCY=currency,
        EXP_MONTH="December",
        EXP_YEAR="2031",
    )


def open_card(company: Company, number: str, name: str, *, currency: str) -> str:
    """A credit card with its own liability account and the vendor that is paid off."""
    issuer = f"{number}-CARD"
    add(company, "VENDOR", VENDORID=issuer, NAME=f"{name} issuer"[:100])
    return add(
        company,
        "CREDITCARD",
        CARDID=number,
        DESCRIPTION=name[:80],
        CARDTYPE="Visa",
        LIABILITYTYPE="Credit",
        OFFSETGLACCOUNTNO=number,
        VENDORID=issuer,
        CURRENCY=currency,
        EXP_MONTH="December",
        EXP_YEAR="2031",
    )


def _open_balance(company: Company, number: str, opening: str) -> None:
    """An opening balance, written ``Dr 316.23 GBP``, against opening balance equity."""
    side, _, text = opening.partition(" ")
    money = parse_money(text)
    amount = abs(money.amount)
    line = {"TRX_AMOUNT": decimal_text(amount), "CURRENCY": money.currency}
    is_debit = (side == "Dr") == (money.amount >= 0)
    start = company.world.clock.today(company.time_zone).replace(month=1, day=1)
    given = {
        "JOURNAL": "GJ",
        "BATCH_DATE": native_date(start),
        "BATCH_TITLE": "Opening balance",
        "ENTRIES": {
            "GLENTRY": [
                {**line, "ACCOUNTNO": number, "TR_TYPE": "1" if is_debit else "-1"},
                {**line, "ACCOUNTNO": company.settings["accounts"]["opening"], "TR_TYPE": "-1" if is_debit else "1"},
            ]
        },
    }
    journals.create(company, given)


def _party(company: Company, part: str, facts: Mapping[str, Any], label: str) -> str:
    kind, key, letter = _PARTIES[part]
    number = company.records.next_number(f"seed/{kind}", start=10001)
    fields: dict[str, Any] = {key: f"{letter}-{number}", "NAME": str(facts.get("name") or label)[:100]}
    if facts.get("currency"):
        fields["CURRENCY"] = str(facts["currency"])
    if facts.get("email"):
        fields["DISPLAYCONTACT"] = {"PRINTAS": fields["NAME"], "EMAIL1": str(facts["email"])}
    return lists.create(company, object_named(kind), fields).id


def _tax(company: Company, facts: Mapping[str, Any]) -> str:
    """The tax detail of that rate, or a new one."""
    named = dict(facts.get("native") or {}).get("sage_intacct", "")
    if named and find(company, "TAXDETAIL", str(named)) is not None:
        return str(named)
    rate = Decimal(str(facts.get("rate", "0")).removesuffix("%"))
    reverse = bool(facts.get("reverse_charge"))
    for record in company.records.scan("TAXDETAIL"):
        body = record.body
        fits = Decimal(body["VALUE"]) == rate and (body["REVERSECHARGE"] == "true") == reverse
        if fits and body["TAXTYPE"] == "Purchase" and not facts.get("name"):
            return record.id
    if "input_tax" not in company.settings["accounts"]:
        _open_account(company, "2210", "Tax Inputs", ("balancesheet", "debit", "Tax Receivable"))
        company.change_settings(accounts={**company.settings["accounts"], "input_tax": "2210", "output_tax": "2200"})
    name = str(facts.get("name") or f"Input {decimal_text(rate)}%")
    if find(company, "TAXDETAIL", name) is not None:
        return name
    return _tax_detail(company, chart.TaxRow(name, decimal_text(rate), reverse=reverse))


def _tracking(company: Company, tracking: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """A dimension each: the one that the plan names, else class; its options are the values."""
    for label, facts in tracking.items():
        kind = str(facts.get("dimension") or label).upper()
        kind = kind if kind in _DIMENSIONS else "CLASS"
        options = [str(option) for option in facts.get("options", ())]
        for option in options or [str(facts.get("name") or label)]:
            yield (f"{label}/{option}" if options else label), open_dimension(company, kind, option)


def open_dimension(company: Company, kind: str, name: str) -> str:
    """A dimension value under a number of its own."""
    object_type = object_named(kind)
    key = f"{kind[0]}{company.records.next_number(f'seed/{kind}', start=100)}"
    title = "TITLE" if kind == "DEPARTMENT" else "NAME"
    return lists.create(company, object_type, {object_type.key: key, title: name[:80]}).id


def take_over(company: Company, export: Any) -> None:
    """Take the lists from rows of the API: ``{"GLACCOUNT": [{...}], "VENDOR": [...]}``, or from answers of the gateway
    as text. What stands already is kept."""
    each_answer(export, lambda answer: _take_answer(company, answer), lists=("GLACCOUNT", "VENDOR", "CUSTOMER", "..."))


def _take_answer(company: Company, answer: Any) -> bool:
    """Whether the answer held a list."""
    known = False
    group = exports.rows_of(answer) if isinstance(answer, str) else answer
    for name, rows in group.items() if isinstance(group, Mapping) else ():
        try:
            kind = object_named(str(name))
        except ObjectUnknown:
            continue
        if kind.is_document or kind.read_only or not isinstance(rows, list):
            continue
        known = True
        for row in rows:
            _take(company, kind.name, {str(k).upper(): _plain(v) for k, v in row.items()})
    return known


def _take(company: Company, name: str, row: dict[str, Any]) -> None:
    kind = object_named(name)
    known = {field: value for field, value in row.items() if has(kind, field) and value not in (None, "")}
    if known.get(kind.key) and find(company, name, str(known[kind.key])) is None:
        lists.create(company, kind, known)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
