"""Lists and entities: what each needs, what makes it unique, and the ledger account behind an account record."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Account, AccountClass
from sandbooks.money import digits, known_currency
from sandbooks.platforms.netsuite.custom import type_of
from sandbooks.platforms.netsuite.errors import DELETE_DEPENDENT, SUBSIDIARY_KEPT
from sandbooks.platforms.netsuite.posting import id_of, lines_of
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.refusals import BadContent, CannotDelete, PermissionMissing, UserError
from sandbooks.platforms.netsuite.schema import TRANSACTION_KINDS, TYPES, RecordType
from sandbooks.platforms.netsuite.schema.fields import Field

Body = dict[str, Any]

_CLASSES = {
    "Bank": AccountClass.ASSET,
    "AcctRec": AccountClass.ASSET,
    "OthCurrAsset": AccountClass.ASSET,
    "FixedAsset": AccountClass.ASSET,
    "OthAsset": AccountClass.ASSET,
    "DeferExpense": AccountClass.ASSET,
    "AcctPay": AccountClass.LIABILITY,
    "CredCard": AccountClass.LIABILITY,
    "OthCurrLiab": AccountClass.LIABILITY,
    "LongTermLiab": AccountClass.LIABILITY,
    "DeferRevenue": AccountClass.LIABILITY,
    "Equity": AccountClass.EQUITY,
    "Income": AccountClass.INCOME,
    "OthIncome": AccountClass.INCOME,
    "COGS": AccountClass.EXPENSE,
    "Expense": AccountClass.EXPENSE,
    "OthExpense": AccountClass.EXPENSE,
}
MONEY_TYPES = frozenset({"Bank", "CredCard"})
RELATIONSHIP = "vendorSubsidiaryRelationship"
ENTITY_KINDS = ("vendor", "employee", "customer", "job")


def missing(*labels: str) -> UserError:
    """NetSuite's own sentence for what is not there. Source: github.com/ehmad11/netsuite-rest issue 26 (an answer)"""
    return UserError(f"Please enter value(s) for: {', '.join(labels)}.")


def check_required(type: RecordType, body: Body) -> None:
    """Every required member of the header has a value."""
    labels = [f.title for f in type.fields if f.required and body.get(f.name) in (None, "", {"items": []})]
    if labels:
        raise missing(*labels)


def check_columns(type: RecordType, body: Body) -> None:
    """Every line has the custom columns that are mandatory."""
    for sublist in type.sublists:
        wanted = [field for field in sublist.fields if field.custom and field.required]
        for line in lines_of(body, sublist.name) if wanted else ():
            labels = [field.title for field in wanted if line.get(field.name) in (None, "")]
            if labels:
                raise missing(*labels)


def write(company: Company, type: RecordType, id: str, body: Body, before: Record | None) -> Record:
    """Check a list record as a whole and keep it."""
    if not type.writable:
        raise PermissionMissing(type.permission)
    rule = _RULES.get(type.name, _named)
    rule(company, body, before)
    check_required(type, body)
    _check_parent(company, type, id, body)
    if type.name == "account":
        _keep_ledger_account(company, id, body, before)
    extra: dict[str, list[str]] = {}
    if type.name == "account" and body.get("acctNumber"):
        extra["number"] = [str(body["acctNumber"]).lower()]
    if type.name == "currencyRate":
        pair = (store.symbol_of(company, id_of(body[n])) for n in ("transactionCurrency", "baseCurrency"))
        extra["symbol"] = ["/".join(pair)]
    saved = store.save(company, type, id, body=body, extra_keys=extra)
    if type.name == "vendor":
        _keep_primary(company, saved)
    return saved


def _check_parent(company: Company, type: RecordType, id: str, body: Body) -> None:
    """A record is not below itself, however far up."""
    seen, above = {id}, id_of(body.get("parent"))
    while above and type.name != "job":
        if above in seen:
            raise UserError("A record cannot be its own parent.", "parent")
        seen.add(above)
        record = store.get(company, type.name, above)
        above = id_of(record.body.get("parent")) if record else ""


def _unique(company: Company, kind: str, value: str, before: Record | None, detail: str) -> None:
    found = company.records.find(kind, "name", value.lower())
    if any(before is None or record.id != before.id for record in found):
        raise UserError(detail)


def _named(company: Company, body: Body, before: Record | None, *, kind: str = "", field: str = "name") -> None:
    name = str(body.get(field) or "").strip()
    if not name or not kind:
        return
    body[field] = name
    _unique(company, kind, name, before, f"A record with this name already exists: {name[:60]}")


def _by_name(kind: str, field: str = "name") -> Callable[[Company, Body, Record | None], None]:
    return lambda company, body, before: _named(company, body, before, kind=kind, field=field)


# Accounts


def _account(company: Company, body: Body, before: Record | None) -> None:
    if not body.get("acctType"):
        raise missing("Type")
    number, name = body.get("acctNumber"), body.get("acctName")
    if number and any(
        before is None or r.id != before.id for r in company.records.find("account", "number", str(number).lower())
    ):
        raise UserError(f"This account number is already in use: {number}", "acctNumber")
    if name and not number:
        _unique(company, "account", str(name), before, f"This account name is already in use: {name}")
    if body["acctType"]["id"] in MONEY_TYPES and not body.get("currency"):
        body["currency"] = {"id": store.currency_id(company, company.currency)}
    posted = before is not None and next(company.book.lines(account=before.id), None) is not None
    if before is not None and posted:
        for fixed in ("acctType", "currency"):
            if body.get(fixed) != before.body.get(fixed):
                raise UserError(f"You cannot change the {fixed} of an account that has transactions.", fixed)


def ledger_currency(company: Company, body: Body) -> str | None:
    """The only currency that an account takes: banks and cards keep theirs, other accounts take any."""
    if body["acctType"]["id"] in MONEY_TYPES or body.get("currency"):
        return store.symbol_of(company, id_of(body["currency"]))
    return None


def _keep_ledger_account(company: Company, id: str, body: Body, before: Record | None) -> None:
    if not body.get("acctName"):
        raise missing("Name")
    kind = _CLASSES[body["acctType"]["id"]]
    account = Account(
        id, body["acctName"], kind, ledger_currency(company, body), active=not body.get("isInactive", False)
    )
    if before is None:
        company.book.open_account(account)
    else:
        company.book.change_account(account)


# Entities


def _entity(kind: str) -> Callable[[Company, Body, Record | None], None]:
    def rule(company: Company, body: Body, before: Record | None) -> None:
        _name_entity(kind, body)
        _unique(company, kind, body["entityId"], before, "This entity already exists.")
        if kind != "job" and not body.get("subsidiary"):
            raise missing("Subsidiary")
        if kind == "job" and not body.get("subsidiary"):
            body["subsidiary"] = {"id": root_subsidiary(company)}
        _check_primary(company, body, before)
        base = base_of(company, id_of(body["subsidiary"]))
        body.setdefault("currency", {"id": store.currency_id(company, base)})
        if kind in ("vendor", "customer"):
            _list_currencies(body)

    return rule


def _check_primary(company: Company, body: Body, before: Record | None) -> None:
    """The primary subsidiary stays once there are transactions."""
    # Source: system.netsuite.com, SOAP schema browser 2023.1 (CustomerSubsidiaryRelationship, subsidiary)
    if before is None or body.get("subsidiary") == before.body.get("subsidiary"):
        return
    if any(company.records.has_found(kind, "entity", before.id) for kind in TRANSACTION_KINDS):
        raise UserError(SUBSIDIARY_KEPT, "subsidiary")


def _keep_primary(company: Company, vendor: Record) -> None:
    """A vendor has a relationship with each of its subsidiaries; that with the primary one comes with the vendor.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_161521108061.html (the record, and
    what of it can be updated)
    """
    type, wanted = TYPES[RELATIONSHIP], id_of(vendor.body["subsidiary"])
    standing = company.records.find(RELATIONSHIP, "entity", vendor.id)
    for relation in standing:
        primary = id_of(relation.body["subsidiary"]) == wanted
        if relation.body["isPrimarySub"] and not primary:
            store.remove(company, relation)
        elif primary and not relation.body["isPrimarySub"]:
            store.save(company, type, relation.id, body={**relation.copy(), "isPrimarySub": True})
    if not any(id_of(relation.body["subsidiary"]) == wanted for relation in standing):
        id = store.new_id(company, type.series)
        named = {"entity": {"id": vendor.id}, "subsidiary": {"id": wanted}, "isPrimarySub": True}
        store.save(company, type, id, body={"id": id, **named})


def _name_entity(kind: str, body: Body) -> None:
    person = body.get("isPerson") or kind == "employee"
    own = " ".join(str(body[n]) for n in ("firstName", "lastName") if body.get(n))
    company_name = "" if person else str(body.get("companyName") or "")
    name = str(body.get("entityId") or company_name or own).strip()
    if kind == "vendor" and not person and not company_name:
        # Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545141395.html (vendor)
        if not name:
            raise missing("Company Name")
        body["companyName"] = name
    if not name:
        raise missing("First Name", "Last Name") if person else missing("Company Name")
    body["entityId"] = name[:83]
    body["isPerson"] = bool(person) if kind != "job" else None
    if body["isPerson"] is None or kind == "employee":
        del body["isPerson"]


def _list_currencies(body: Body) -> None:
    """The primary currency is among the entity's currencies; lines are numbered."""
    given = [
        id_of(line["currency"]) for line in (body.get("currencyList") or {}).get("items", []) if line.get("currency")
    ]
    every = dict.fromkeys([id_of(body["currency"]), *given])
    body["currencyList"] = {"items": [{"line": n, "currency": {"id": id}} for n, id in enumerate(every, 1)]}


def _contact(company: Company, body: Body, before: Record | None) -> None:
    """A person, who has a name of his own among the contacts, and a subsidiary."""
    own = " ".join(str(body[n]) for n in ("firstName", "lastName") if body.get(n))
    name = str(body.get("entityId") or own).strip()
    if not name:
        raise missing("Name")
    body["entityId"] = name[:83]
    # Source: list of SuiteScript and SOAP error codes (CONTACT_ALREADY_EXISTS). Unconfirmed: the code over REST.
    taken = "A contact record with this name already exists. Every contact record must have a unique name."
    _unique(company, "contact", body["entityId"], before, taken)
    works_for = store.refer(company, ENTITY_KINDS, id=id_of(body.get("company"))) if body.get("company") else None
    if works_for is not None:
        body.setdefault("subsidiary", works_for.body["subsidiary"])
    if not body.get("subsidiary"):
        raise missing("Subsidiary")


# The rest


def root_subsidiary(company: Company) -> str:
    """The id of the top subsidiary."""
    return next(r.id for r in store.scan(company, "subsidiary") if not r.body.get("parent"))


def base_of(company: Company, subsidiary: str) -> str:
    """The ISO code of a subsidiary's base currency."""
    record = store.get(company, "subsidiary", subsidiary)
    if record is None:
        raise AssertionError(f"a stored reference to subsidiary {subsidiary} leads nowhere")
    return store.symbol_of(company, id_of(record.body["currency"]))


def _subsidiary(company: Company, body: Body, before: Record | None) -> None:
    _named(company, body, before, kind="subsidiary")
    body.setdefault("currency", {"id": store.currency_id(company, company.currency)})
    if before is not None and body["currency"] != before.body["currency"]:
        # Unconfirmed: the live service may take another base currency while nothing is posted.
        raise UserError("You cannot change the base currency of a subsidiary.", "currency")
    if before is None and store.refer(company, ("subsidiary",), id="1") is not None:
        body.setdefault("parent", {"id": root_subsidiary(company)})
    body.setdefault("country", company.country)
    if before is None and body.get("parent"):
        _neutral_tax(company, str(body["country"]))
    _mark_base(company, id_of(body["currency"]))


def _neutral_tax(company: Company, country: str) -> None:
    """A country that the account is new in has a tax code that leaves tax undefined."""
    codes = list(store.scan(company, "salesTaxItem"))
    if _is_country(country) and not any(code.body.get("country") == country for code in codes):
        body: Body = {"itemId": f"UNDEF-{country}", "country": country, "rate": Decimal(0)}
        write(company, TYPES["salesTaxItem"], store.new_id(company, TYPES["salesTaxItem"].series), body, None)


def _is_country(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isupper()


def taxes_fit(company: Company, code: Record, subsidiary: str) -> bool:
    """Whether a tax code is one of the country of a subsidiary. Countries that are not given as codes fit all."""
    record = store.get(company, "subsidiary", subsidiary)
    here, there = str(record.body.get("country") or "") if record else "", str(code.body.get("country") or "")
    return here == there or not (_is_country(here) and _is_country(there))


def _mark_base(company: Company, currency: str) -> None:
    """A currency in which some subsidiary keeps its books is a base currency."""
    record = store.get(company, "currency", currency)
    if record is not None and not record.body["isBaseCurrency"]:
        store.save(company, TYPES["currency"], record.id, body={**record.copy(), "isBaseCurrency": True})


def _currency(company: Company, body: Body, before: Record | None) -> None:
    symbol = str(body.get("symbol") or "").upper()
    if not known_currency(symbol):
        raise BadContent(f"Invalid value for the resource or sub-resource field 'symbol': {symbol[:10]}.", "symbol")
    body["symbol"] = symbol
    _named(company, body, before, kind="currency")
    same = company.records.find("currency", "symbol", symbol)
    if any(before is None or r.id != before.id for r in same):
        raise UserError(f"This currency already exists: {symbol}", "symbol")
    if before is not None and before.body["symbol"] != symbol:
        raise UserError("You cannot change the ISO code of a currency.", "symbol")
    body["currencyPrecision"] = digits(symbol)
    body["isBaseCurrency"] = symbol == company.currency or bool(before is not None and before.body["isBaseCurrency"])
    if not body.get("exchangeRate") or Decimal(body["exchangeRate"]) <= 0:
        body["exchangeRate"] = Decimal(1)


def _currency_rate(company: Company, body: Body, _before: Record | None) -> None:
    body.setdefault("effectiveDate", company.world.clock.today(company.time_zone).isoformat())
    rate = body.get("exchangeRate")
    if rate is None or round(Decimal(rate), 9) <= 0:
        raise missing("Exchange Rate")
    for name, label in (("baseCurrency", "Base Currency"), ("transactionCurrency", "Source Currency")):
        if not body.get(name):
            raise missing(label)
    base = id_of(body["baseCurrency"])
    if base == id_of(body["transactionCurrency"]):
        raise UserError("The base currency and the source currency must be different.", "transactionCurrency")
    if base not in (id_of(record.body["currency"]) for record in store.scan(company, "subsidiary")):
        raise UserError(f"Invalid basecurrency reference key {base}.", "baseCurrency")


def _expense_category(company: Company, body: Body, before: Record | None) -> None:
    _named(company, body, before, kind="expenseCategory")


def _tax_item(company: Company, body: Body, before: Record | None) -> None:
    _named(company, body, before, kind="salesTaxItem", field="itemId")
    rate = Decimal(body.get("rate") or 0)
    lost = Decimal(body.get("nonDeductibleRate") or 0)
    if not 0 <= rate < 1000 or not 0 <= lost <= 100:
        raise BadContent("Invalid value for the resource or sub-resource field 'rate'.", "rate")
    body["rate"] = rate
    body.setdefault("available", {"id": "BOTH"})
    usual = company.settings["usual"]
    body.setdefault("purchaseAccount", {"id": usual["input_tax"]})
    body.setdefault("saleAccount", {"id": usual["output_tax"]})


def _relationship(company: Company, body: Body, before: Record | None) -> None:
    pair = (id_of(body.get("entity")), id_of(body.get("subsidiary")))
    for record in company.records.find(RELATIONSHIP, "entity", pair[0]):
        if id_of(record.body["subsidiary"]) == pair[1] and (before is None or before.id != record.id):
            raise UserError("This record already exists.")
    if before is not None and any(body.get(name) != before.body.get(name) for name in ("entity", "subsidiary")):
        raise UserError("The vendor and the subsidiary of a relationship cannot be changed.", "subsidiary")
    vendor = store.get(company, "vendor", pair[0])
    body["isPrimarySub"] = vendor is not None and id_of(vendor.body["subsidiary"]) == pair[1]


_RULES: dict[str, Callable[[Company, Body, Record | None], None]] = {
    "account": _account,
    **{kind: _entity(kind) for kind in ENTITY_KINDS},
    "contact": _contact,
    "contactRole": _by_name("contactRole"),
    "subsidiary": _subsidiary,
    "currency": _currency,
    "currencyRate": _currency_rate,
    "expenseCategory": _expense_category,
    "salesTaxItem": _tax_item,
    "vendorSubsidiaryRelationship": _relationship,
    **{k: _by_name(k) for k in ("department", "classification", "location", "term", "taxType")},
    **{k: _by_name(k) for k in ("vendorCategory", "customerCategory")},
    **{k: _by_name(k, "itemId") for k in ("nonInventoryPurchaseItem", "servicePurchaseItem")},
}


# Deleting


def delete(company: Company, record: Record) -> None:
    """Delete a list record that nothing refers to. Raises ``CannotDelete``."""
    type = TYPES[record.kind]
    if not type.writable:
        raise PermissionMissing(type.permission)
    if record.kind == RELATIONSHIP:
        _check_relationship_free(company, record)
    used = record.kind == "account" and next(company.book.lines(account=record.id), None) is not None
    if used or _referred(company, record):
        raise CannotDelete(DELETE_DEPENDENT)
    store.remove(company, record)
    if record.kind == "vendor":
        for relation in company.records.find(RELATIONSHIP, "entity", record.id):
            store.remove(company, relation)
    if record.kind == "account":
        held = company.book.account(record.id)
        company.book.change_account(Account(held.id, held.name, held.kind, held.currency, active=False))


def _check_relationship_free(company: Company, relation: Record) -> None:
    """A vendor keeps its primary subsidiary, and those in which it has transactions."""
    if relation.body["isPrimarySub"]:
        raise CannotDelete("The primary subsidiary of a vendor cannot be removed.")
    vendor, subsidiary = id_of(relation.body["entity"]), relation.body["subsidiary"]
    found = (record for kind in TRANSACTION_KINDS for record in company.records.find(kind, "entity", vendor))
    if any(record.body.get("subsidiary") == subsidiary for record in found):
        raise CannotDelete(DELETE_DEPENDENT)


def _referred(company: Company, record: Record) -> bool:
    kinds = [*TRANSACTION_KINDS, *ENTITY_KINDS] if record.kind in ENTITY_KINDS else list(TYPES)
    for type in (type_of(company, kind) for kind in kinds):
        fields = [f for f in type.fields if record.kind in f.targets]
        lines = [(s, [f for f in s.fields if record.kind in f.targets]) for s in type.sublists]
        lines = [(s, found) for s, found in lines if found]
        if (fields or lines) and type.writable:
            for other in company.records.scan(type.name):
                if (other.kind, other.id) != (record.kind, record.id) and _names(other.body, fields, lines, record.id):
                    return True
    return False


def _names(body: Body, fields: list[Field], lines: list[tuple[Any, list[Field]]], id: str) -> bool:
    if _in(body, fields, id):
        return True
    return any(_in(line, found, id) for s, found in lines for line in (body.get(s.name) or {}).get("items", []))


def _in(body: Body, fields: list[Field], id: str) -> bool:
    for field in fields:
        value = body.get(field.name)
        if value and id in ([i["id"] for i in value["items"]] if field.kind == "refs" else [value["id"]]):
            return True
    return False
