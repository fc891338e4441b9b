"""The usual lists of a new company: chart, tax groups, currencies and rates, terms, dimensions, journal batches."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.ledger import Account, AccountClass
from sandbooks.platforms.business_central.fields import plain
from sandbooks.platforms.business_central.names import BLANK_ID, encoded
from sandbooks.platforms.business_central.seed import charts
from sandbooks.platforms.business_central.sets import SETS
from sandbooks.platforms.business_central.sets.entity import Given, Scope, StoredSet

CLASSES = {
    charts.ASSETS: AccountClass.ASSET,
    charts.LIABILITIES: AccountClass.LIABILITY,
    charts.EQUITY: AccountClass.EQUITY,
    charts.INCOME: AccountClass.INCOME,
    charts.COST: AccountClass.EXPENSE,
    charts.EXPENSE: AccountClass.EXPENSE,
}
DIMENSIONS = {
    "DEPARTMENT": ("Department", {"ADM": "Administration", "PROD": "Production", "SALES": "Sales"}),
    "AREA": ("Area", {"NORTH": "North", "SOUTH": "South"}),
}
RATES_FROM = "2020-01-01"


def stored(name: str) -> StoredSet:
    """A set whose records the company keeps."""
    found = SETS[name]
    if not isinstance(found, StoredSet):
        raise AssertionError(f"{name} keeps no records")
    return found


def put(scope: Scope, set_name: str, **values: Any) -> str:
    """Store a record as the company's own setup has it, past the rules of the API; its id."""
    entity_set = stored(set_name)
    body = {f.name: f.blank for f in entity_set.fields} | values
    return entity_set.save(scope, scope.records.next_uuid(entity_set.type), body).id


def make(scope: Scope, set_name: str, **values: Any) -> str:
    """Make a record as a client would; its id."""
    entity_set = stored(set_name)
    given = Given({name: entity_set.by_name[name].read(value) for name, value in values.items()})
    return entity_set.create(scope, given, None).id


def add_account(scope: Scope, line: charts.Line, *, tax_code: str = "") -> str:
    """A G/L account, and its account in the book when it takes postings."""
    id = put(
        scope,
        "accounts",
        number=line.number,
        displayName=line.name,
        category=encoded(line.category),
        accountType=encoded(line.kind),
        directPosting=line.direct and line.kind == "Posting",
        _postingType=line.posting,
        _taxCode=tax_code,
    )
    if line.kind == "Posting":
        kind = CLASSES[line.category]
        scope.company.book.open_account(Account(id, line.name, kind))
    return id


def fill(company: Company, *, country: str) -> None:
    """Everything that a company has before anybody adds to it."""
    scope = Scope(company)
    _tax_groups(scope, country)
    known = {record.body["code"] for record in scope.records.scan("taxGroup")}
    roles = {}
    on_demand = [charts.ON_DEMAND[name] for name in charts.ON_DEMAND if company.settings.get(name)]
    for line in chain(charts.CHART, *on_demand):
        id = add_account(scope, line, tax_code=line.tax if line.tax in known else "")
        if line.role:
            roles[line.role] = id
    # Each currency card names an account for gains and one for losses: the same one here.
    company.change_settings(posting={**roles, "exchange_gain": roles["exchange_loss"]})
    neutral = {"payables": "payable", "receivables": "receivable"}
    types = {roles[role]: told for role, told in neutral.items()}
    company.world.put("account/type", f"{company.platform}/{company.id}", types)
    _currencies(scope)
    _lists(scope)
    _dimensions(scope)
    _journals(scope)
    today = scope.today
    put(
        scope,
        "companyInformation",
        displayName=company.name,
        country=company.country,
        currencyCode=company.currency,
        currentFiscalYearStartDate=date(today.year, 1, 1).isoformat(),
        taxRegistrationNumber="GB123456789" if company.country == "GB" else "",
        email="books@example.com",
    )


def _tax_groups(scope: Scope, country: str) -> None:
    vat = scope.uses_vat
    groups = charts.VAT_GROUPS.get(country, charts.VAT_GROUPS[""]) if vat else charts.SALES_TAX_GROUPS
    for code, name, rate, calculation in groups:
        add_tax(scope, code, name, rate=rate, calculation=calculation)
    if not vat:
        put(scope, "taxAreas", code="LOCAL", displayName="Local tax area", taxType=encoded("Sales Tax"))


def add_tax(scope: Scope, code: str, name: str, *, rate: str, calculation: str, recoverable: str = "1") -> str:
    """A tax group and what the posting setup says of it."""
    return put(
        scope,
        "taxGroups",
        code=code,
        displayName=name,
        taxType=encoded(str(scope.company.settings["tax_type"])),
        _rate=rate,
        _calculation=calculation,
        _recoverable=recoverable,
    )


def _currencies(scope: Scope) -> None:
    local = scope.company.currency
    given = scope.company.settings.get("exchange_rates", {})
    for code in dict.fromkeys([*charts.IN_GBP, *given]):
        if code == local:
            continue
        add_currency(scope, code, given.get(code))


def add_currency(scope: Scope, code: str, rates: Any = None) -> None:
    """A currency with its rates: one value, values by first day of validity, or the usual one."""
    name, symbol = charts.NAMES.get(code, (code, code))
    put(scope, "currencies", code=code, displayName=name, symbol=symbol, amountDecimalPlaces="2:2")
    by_day = rates if isinstance(rates, dict) else {RATES_FROM: rates or _usual_rate(code, scope.company.currency)}
    for day, rate in by_day.items():
        if rate is not None:
            put(
                scope,
                "currencyExchangeRates",
                currencyCode=code,
                startingDate=str(day),
                exchangeRateAmount=1,
                relationalExchangeRateAmount=plain(Decimal(str(rate))),
            )


def _usual_rate(code: str, local: str) -> Decimal | None:
    if code not in charts.IN_GBP or local not in charts.IN_GBP:
        return None
    value = Fraction(charts.IN_GBP[code]) / Fraction(charts.IN_GBP[local])
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.00000001"))


def _lists(scope: Scope) -> None:
    for code, name, formula in (
        ("30 DAYS", "Net 30 days", "30D"),
        ("COD", "Cash on delivery", "0D"),
        ("CM", "Current month", "CM"),
    ):
        put(scope, "paymentTerms", code=code, displayName=name, dueDateCalculation=formula)
    for code, name in (("BNKCONVDOM", "Bank transfer"), ("CARD", "Card payment"), ("CASH", "Cash")):
        put(scope, "paymentMethods", code=code, displayName=name)
    put(scope, "shipmentMethods", code="EXW", displayName="Ex works")
    put(scope, "unitsOfMeasure", code="PCS", displayName="Piece", internationalStandardCode="EA")
    put(scope, "unitsOfMeasure", code="HOUR", displayName="Hour", internationalStandardCode="HUR")
    for code, name in (("GB", "Great Britain"), ("US", "USA"), ("DE", "Germany"), ("FR", "France"), ("IE", "Ireland")):
        put(scope, "countriesRegions", code=code, displayName=name)
    put(scope, "locations", code="MAIN", displayName="Main office", country=scope.company.country)


def _dimensions(scope: Scope) -> None:
    for code, (name, values) in DIMENSIONS.items():
        dimension = put(scope, "dimensions", code=code, displayName=name)
        for value, told in values.items():
            put(scope, "dimensionValues", code=value, dimensionId=dimension, displayName=told)
    scope.company.change_settings(shortcut_dimensions=list(DIMENSIONS))


def set_account_dimensions(company: Company) -> None:
    """Default dimensions of G/L and bank accounts, which no page of the API sets: by the account's number, then by the
    dimension's code, a value's code and what is demanded. Raises ``ValueError``."""
    scope = Scope(company)
    for number, dimensions in (company.settings.get("account_dimensions") or {}).items():
        account = scope.by("account", "number", str(number).lower()) or scope.by(
            "bankAccount", "number", str(number).lower()
        )
        if account is None:
            raise ValueError(f"account_dimensions names account {number}, which is not there")
        for code, wanted in dimensions.items():
            _default_dimension(scope, account.id, str(code), **wanted)


def _default_dimension(scope: Scope, account: str, code: str, *, value: str = "", rule: str = "") -> None:
    dimension = scope.by("dimension", "code", code.lower())
    known = scope.records.find("dimensionValue", "parent", dimension.id) if dimension else []
    found = next((each for each in known if each.body["code"] == value), None)
    if dimension is None or (value and found is None):
        raise ValueError(f"account_dimensions names {code} {value}, which is not there")
    put(
        scope,
        "defaultDimensions",
        parentId=account,
        dimensionId=dimension.id,
        dimensionCode=code,
        dimensionValueId=found.id if found else BLANK_ID,
        dimensionValueCode=value,
        postingValidation=stored("defaultDimensions").by_name["postingValidation"].read(rule),
    )


def _journals(scope: Scope) -> None:
    blank = {"balancingAccountId": BLANK_ID, "balancingAccountNumber": ""}
    for code, name in (("DEFAULT", "Default Journal Batch"), ("DAILY", "Daily entries")):
        put(
            scope,
            "journals",
            code=code,
            displayName=name,
            templateDisplayName="GENERAL",
            _templateType="General",
            **blank,
        )
    put(
        scope,
        "vendorPaymentJournals",
        code="GENERAL",
        displayName="General payments",
        templateDisplayName="PAYMENT",
        _templateType="Payments",
        **blank,
    )
