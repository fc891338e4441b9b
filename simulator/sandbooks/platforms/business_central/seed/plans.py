"""From a neutral plan of a company to Business Central's own records, and the native ids behind the plan's labels."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.exports import each_answer
from sandbooks.money import parse_money
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.business_central.fields import plain
from sandbooks.platforms.business_central.names import caption
from sandbooks.platforms.business_central.posting import entry_of
from sandbooks.platforms.business_central.rates import rate_on
from sandbooks.platforms.business_central.seed import charts
from sandbooks.platforms.business_central.seed.opening import (
    RATES_FROM,
    add_account,
    add_currency,
    add_tax,
    put,
    stored,
)
from sandbooks.platforms.business_central.sets.accounts import BANKS
from sandbooks.platforms.business_central.sets.booking import book
from sandbooks.platforms.business_central.sets.entity import Given, Scope
from sandbooks.platforms.business_central.usual import usual_accounts

_TAKEN = ("accounts", "vendors", "customers", "bankAccounts", "taxGroups", "dimensions")  # from answers of the API

# Account types of a plan: the category, and the general posting type that an account of that kind has.
_CATEGORIES = {
    "expense": (charts.EXPENSE, "Purchase"),
    "other_expense": (charts.EXPENSE, "Purchase"),
    "cost_of_sales": (charts.COST, "Purchase"),
    "income": (charts.INCOME, "Sale"),
    "other_income": (charts.INCOME, "Sale"),
    "current_asset": (charts.ASSETS, ""),
    "fixed_asset": (charts.ASSETS, ""),
    "receivable": (charts.ASSETS, ""),
    "current_liability": (charts.LIABILITIES, ""),
    "long_term_liability": (charts.LIABILITIES, ""),
    "payable": (charts.LIABILITIES, ""),
    "equity": (charts.EQUITY, ""),
}


def labels(company: Company, plan: CompanyPlan) -> dict[str, dict[str, str]]:
    """Make what the plan names; the native ids by part and label."""
    scope = Scope(company)
    taxes = {label: _tax(scope, facts, label) for label, facts in plan.taxes.items()}
    accounts = {}
    types = {}
    for label, facts in plan.accounts.items():
        accounts[label] = _account(scope, facts, label, taxes=taxes)
        types[accounts[label]] = str(facts.get("type", "expense"))
    _note_types(company, types)
    usual = {name: id for name, id in usual_accounts(company).items() if name not in accounts}
    return {
        "accounts": {**accounts, **usual},
        "suppliers": {label: _partner(scope, "vendors", facts, label) for label, facts in plan.suppliers.items()},
        "customers": {label: _partner(scope, "customers", facts, label) for label, facts in plan.customers.items()},
        "taxes": {**_untaxed(scope), **taxes},
        "tracking": dict(_tracking(scope, plan.tracking)),
    }


def _note_types(company: Company, types: Mapping[str, str]) -> None:
    """The neutral types of accounts whose class alone would not tell them."""
    key = f"{company.platform}/{company.id}"
    kept = company.world.get("account/type", key) or {}
    company.world.put("account/type", key, {**kept, **types})


def _account(scope: Scope, facts: Mapping[str, Any], label: str, *, taxes: Mapping[str, str]) -> str:
    type = str(facts.get("type", "expense"))
    name = str(facts.get("name") or label)
    if type in ("bank", "credit_card"):
        id = bank(
            scope,
            name,
            card=type == "credit_card",
            currency=str(facts.get("currency") or ""),
            number=str(facts.get("code") or ""),
        )
    else:
        category, posting = _CATEGORIES[type]
        posting = str(facts.get("posting_type", posting))
        number = _free_number(scope, category, str(facts.get("code") or ""))
        line = charts.Line(number, name[:100], category, posting=posting)
        id = add_account(scope, line, tax_code=_tax_code(scope, facts, taxes))
    _open(scope, id, facts)
    return id


def _tax_code(scope: Scope, facts: Mapping[str, Any], taxes: Mapping[str, str]) -> str:
    """The tax code of an account. An account whose plan names no tax has none of its own."""
    named = str(facts.get("tax", ""))
    if named in ("", "none"):
        return ""
    group = scope.get("taxGroup", taxes.get(named, "")) or scope.by("taxGroup", "code", named.lower())
    return str(group.body["code"]) if group else ""


def _free_number(scope: Scope, category: str, wanted: str) -> str:
    taken = {record.body["number"] for record in scope.records.scan("account")}
    if wanted and wanted[:20].upper() not in taken:
        return wanted[:20].upper()
    number = charts.FREE_FROM[category]
    while str(number) in taken:
        number += 10
    return str(number)


def bank(scope: Scope, name: str, *, card: bool, currency: str = "", number: str = "") -> str:
    """A bank account, or a card: a bank account behind a liability."""
    local = scope.company.currency
    code = currency or local
    if code != local and scope.by("currency", "code", code.lower()) is None:
        add_currency(scope, code, scope.company.settings.get("exchange_rates", {}).get(code))
    found = scope.by("currency", "code", code.lower()) if code != local else None
    taken = scope.by("bankAccount", "number", number.lower()) if number else None
    body = {f.name: f.blank for f in BANKS.fields}
    body.update(
        number=number[:20].upper() if number and taken is None else BANKS.next_key(scope),
        displayName=name[:100],
        currencyCode=code,
        currencyId=found.id if found else body["currencyId"],
        _glAccount=scope.posting["cards" if card else "bank"],
        _class="liability" if card else "asset",
    )
    record = BANKS.save(scope, scope.records.next_uuid("bankAccount"), body)
    BANKS.made(scope, record)
    _note_types(scope.company, {record.id: "credit_card" if card else "bank"})
    return record.id


def _open(scope: Scope, account: str, facts: Mapping[str, Any]) -> None:
    """An opening balance, written ``Dr 316.23 GBP``, posted as a journal against the opening balance account."""
    side, _, amount = str(facts.get("opening") or "").partition(" ")
    if not amount:
        return
    value = parse_money(amount)
    day = f"{scope.today.year - 1}-12-31"
    rate = rate_on(scope.company, value.currency, day if day >= RATES_FROM else RATES_FROM)
    batch = next(iter(scope.records.scan("journal")))
    lines = stored("journalLines")
    signed = value.amount if side == "Dr" else -value.amount
    body = {f.name: f.blank for f in lines.fields} | {
        "journalId": batch.id,
        "journalDisplayName": batch.body["code"],
        "lineNumber": 10000,
        "postingDate": day,
        "documentNumber": "OPENING",
        "amount": plain(signed),
        "description": "Opening balance",
        "_posted": True,
    }
    line: dict[str, Any] = {
        "line": "",
        "amount": str(signed),
        "currency": value.currency,
        "rate": str(rate.value),
        "local": scope.company.currency,
        "account": account,
        "balancing": scope.posting["opening"],
        "dimensions": [],
        "memo": "Opening balance",
        **{
            f"{s}_{n}": v for s in ("account", "balancing") for n, v in (("tax", None), ("party", ""), ("local", False))
        },
    }
    posted: dict[str, Any] = {"date": day, "document_number": "OPENING", "document_type": "", "lines": [line]}
    record = lines.save(scope, scope.records.next_uuid("journalLine"), body, facts=posted)
    entry = entry_of(record.kind, record.id, record.version, document=record.body, facts=posted)
    book(scope.company, record, entry)


def _partner(scope: Scope, set_name: str, facts: Mapping[str, Any], label: str) -> str:
    entity_set = stored(set_name)
    code = str(facts.get("currency") or "")
    if code and code != scope.company.currency and scope.by("currency", "code", code.lower()) is None:
        add_currency(scope, code)
    terms = scope.by("paymentTerm", "code", "30 days")
    values: dict[str, Any] = {
        "displayName": str(facts.get("name") or label)[:100],
        "email": str(facts.get("email") or ""),
    }
    if terms is not None:
        values["paymentTermsId"] = terms.id
    if code:
        values["currencyCode"] = code
    return entity_set.create(scope, Given(values), None).id


def _untaxed(scope: Scope) -> dict[str, str]:
    """The company's own tax group that charges nothing."""
    found = scope.by("taxGroup", "code", "no vat") or scope.by("taxGroup", "code", "nontaxable")
    return {"none": found.id} if found is not None else {}


def _tax(scope: Scope, facts: Mapping[str, Any], label: str) -> str:
    """A tax of the plan: the company's own group of that rate where nothing else is said, else a new one."""
    rate = Decimal(str(facts.get("rate", "0")).removesuffix("%"))
    reverse = bool(facts.get("reverse_charge"))
    recoverable = Decimal(str(facts.get("recoverable", "100")).removesuffix("%")) / 100
    kind = "Reverse Charge VAT" if reverse else "Normal VAT" if scope.uses_vat else "Sales Tax"
    native = facts.get("native")
    wanted = native.get("business_central") if isinstance(native, Mapping) else native
    if wanted:
        found = scope.by("taxGroup", "code", str(wanted).lower())
        if found is not None:
            return found.id
    for group in scope.records.scan("taxGroup"):
        same = Decimal(group.body["_rate"]) == rate and group.body["_calculation"] == kind
        if same and Decimal(group.body["_recoverable"]) == recoverable and not facts.get("name"):
            return group.id
    code = label.upper()[:20]
    if scope.by("taxGroup", "code", code.lower()) is not None:
        code = f"{label.upper()[:12]} {rate:f}"[:20]
    name = str(facts.get("name") or f"{label.capitalize()} {rate:f}%")[:100]
    return add_tax(scope, code, name, rate=f"{rate:f}", calculation=kind, recoverable=f"{recoverable:f}")


def _tracking(scope: Scope, tracking: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Each tracking category is a dimension, each option a value of it."""
    made = []
    for label, facts in tracking.items():
        name = str(facts.get("name") or label)
        code = name.upper().replace(" ", "")[:20]
        found = scope.by("dimension", "code", code.lower())
        dimension = found.id if found else put(scope, "dimensions", code=code, displayName=name[:100])
        made.append((label, dimension))
        for option in facts.get("options", ()):
            value = str(option)
            id = put(
                scope,
                "dimensionValues",
                code=value.upper().replace(" ", "")[:20],
                dimensionId=dimension,
                displayName=value[:100],
            )
            made.append((f"{label}/{value}", id))
    return made


def take_over(company: Company, export: Any) -> None:
    """Take lists from answers of the API: accounts, vendors, customers, tax groups, bank accounts, dimensions."""
    scope = Scope(company)
    each_answer(export, lambda answer: _take_answer(scope, answer), lists=_TAKEN)


def _take_answer(scope: Scope, answer: Any) -> bool:
    """Whether the answer held a list."""
    if not isinstance(answer, Mapping) or not isinstance(answer.get("value"), list):
        return False
    name = str(answer.get("@odata.context", "")).rpartition("/")[2].partition("(")[0]
    for item in answer["value"]:
        if isinstance(item, Mapping):
            _take(scope, name, item)
    return name in _TAKEN


def _take(scope: Scope, name: str, item: Mapping[str, Any]) -> None:
    number = str(item.get("number") or item.get("code") or "")
    told = str(item.get("displayName") or number)
    if name == "accounts" and scope.by("account", "number", number.lower()) is None:
        category = caption(str(item.get("category", ""))) or charts.EXPENSE
        kind = caption(str(item.get("accountType", "Posting")))
        posting = {charts.EXPENSE: "Purchase", charts.COST: "Purchase", charts.INCOME: "Sale"}.get(category, "")
        direct = bool(item.get("directPosting", True))
        add_account(scope, charts.Line(number, told, category, kind, posting=posting, direct=direct))
    elif name in ("vendors", "customers"):
        _partner(scope, name, {"name": told, "email": item.get("email", "")}, number)
    elif name == "bankAccounts":
        bank(scope, told, card=False, currency=str(item.get("currencyCode") or ""), number=number)
    elif name == "taxGroups" and scope.by("taxGroup", "code", number.lower()) is None:
        add_tax(scope, number.upper(), told, rate="0", calculation="Normal VAT")
    elif name == "dimensions" and scope.by("dimension", "code", number.lower()) is None:
        put(scope, "dimensions", code=number.upper(), displayName=told)
