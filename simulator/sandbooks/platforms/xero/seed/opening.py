"""How a Xero organisation is opened, and how code is signed in to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company, open_company
from sandbooks.money import known_currency, parse_money
from sandbooks.platform import CompanyPlan, OpenedCompany
from sandbooks.platforms.xero import auth, contacts, webhooks
from sandbooks.platforms.xero.api import accounts
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.seed import charts, exports
from sandbooks.platforms.xero.wire.dates import stored_date, stored_instant
from sandbooks.world import World

Body = dict[str, Any]
# The plan's account types in Xero's words. Source: contracts/scenario.schema.json and the AccountType list.
TYPES = {
    "bank": "BANK",
    "credit_card": "BANK",
    "expense": "EXPENSE",
    "income": "REVENUE",
    "cost_of_sales": "DIRECTCOSTS",
    "other_income": "OTHERINCOME",
    "other_expense": "OVERHEADS",
    "current_asset": "CURRENT",
    "fixed_asset": "FIXED",
    "current_liability": "CURRLIAB",
    "long_term_liability": "TERMLIAB",
    "equity": "EQUITY",
}
_FIRST_CODE = {"REVENUE": 210, "EXPENSE": 500, "BANK": 90}


class XeroSeed:
    """Opens organisations."""

    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        region = charts.REGIONS.get(plan.country, charts.Region("USD", "UTC", "INPUT", "OUTPUT"))
        number = world.ids.number("xero/organisations")
        id = world.ids.fixed_uuid(f"xero/organisation/{number}")
        facts = {"demo": plan.demo, "created": stored_instant(world.clock.now()), "short_code": f"!sb{number:03d}"}
        company = open_company(
            world,
            "xero",
            id,
            name=plan.name or f"Demo Company ({plan.country})",
            country=plan.country,
            currency=plan.currency or region.currency,
            time_zone=plan.time_zone or region.zone,
            settings={"organisation": facts, **plan.settings},
        )
        _lists(company, plan, region)
        labels = _planned(company, plan)
        if plan.demo:
            _demo(company)
        _lock(company)
        return OpenedCompany(company=company, labels=labels)

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        client_id, secret = auth.client(world)
        event = world.ids.uuid("xero/authentication_event")
        auth.connect(world, company, client_id=client_id, event=event)
        scopes = sorted(auth.SCOPES)
        tokens = auth.tokens_of(world)
        grant = tokens.new_grant(client_id=client_id, scopes=scopes, companies=[company.id], user=auth.USER)
        facts = {"event": event}
        issued = auth.issue(world, grant, issuer="https://identity.xero.com", facts=facts)
        return {
            "client_id": client_id,
            "client_secret": secret,
            "access_token": issued["access_token"],
            "refresh_token": issued["refresh_token"],
            "tenant_id": company.id,
            "webhook_key": webhooks.webhook_key(world),
        }

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        base = base_url.rstrip("/")
        named = {"organisation_name": company.name, **credentials}
        return {
            "XERO_BASE_URL": f"{base}/api.xro/2.0",
            "XERO_FILES_URL": f"{base}/files.xro/1.0",
            "XERO_IDENTITY_URL": base,
            "XERO_AUTHORIZE_URL": f"{base}/identity/connect/authorize",
            "XERO_TOKEN_URL": f"{base}/connect/token",
            "XERO_REVOKE_URL": f"{base}/connect/revocation",
            "XERO_CONNECTIONS_URL": f"{base}/connections",
            **{f"XERO_{name.upper()}": value for name, value in named.items()},
        }


SEED = XeroSeed()


def _lock(company: Company) -> None:
    """Close the book up to the lock dates that the plan's settings name."""
    names = ["EndOfYearLockDate"]
    if company.settings.get("period_lock_binds_api") is not False:
        names.append("PeriodLockDate")
    days = [date.fromisoformat(company.settings[name]) for name in names if company.settings.get(name)]
    if days:
        company.book.lock(max(days))


def _lists(company: Company, plan: CompanyPlan, region: charts.Region) -> None:
    """The organisation's own lists, or those of a native export."""
    exported = exports.collected(plan.chart) if plan.chart is not None else {}
    rows = charts.TAXES.get(company.country, charts.GLOBAL_TAXES)
    for row in rows:
        put_tax(company, code=row.code, name=row.name, rates=[(row.name, row.rate, False)], row=row)
    _currencies(company, plan)
    _chart(company, region, own=exported.get("Accounts", []))
    exports.bring_in(company, exported)
    if not company.records.count("User"):
        _people(company)


def _currencies(company: Company, plan: CompanyPlan) -> None:
    named = [a.get("currency") for group in (plan.accounts, plan.suppliers, plan.customers) for a in group.values()]
    wanted = [company.currency, "USD", "EUR", "GBP", *named] if plan.demo else [company.currency, *named]
    if not plan.demo:
        wanted += list(plan.settings.get("currencies", charts.CURRENCIES))
    for code in dict.fromkeys(c for c in wanted if c):
        put_currency(company, str(code))


def put_currency(company: Company, code: str) -> None:
    if known_currency(code) and company.records.get("Currency", code) is None:
        save(company, "Currency", {"Code": code, "Description": charts.CURRENCIES.get(code, code)})


def put_tax(
    company: Company,
    *,
    code: str,
    name: str,
    rates: list[tuple[str, str, bool]],
    row: charts.TaxRow | None = None,
    reverse: bool = False,
) -> None:
    """Store a tax rate. ``rates``: name, percent and whether it is not recoverable, one per component."""
    components = [
        {"Name": part, "Rate": Decimal(rate), "IsCompound": False, "IsNonRecoverable": lost}
        for part, rate, lost in rates
    ]
    total = sum((Decimal(rate) for _, rate, _ in rates), Decimal(0))
    buys, sells = row is None or row.use != "sell", row is None or row.use != "buy"
    save(
        company,
        "TaxRate",
        {
            "Name": name,
            "TaxType": code,
            "ReportTaxType": _report_type(code, row),
            "CanApplyToAssets": True,
            "CanApplyToEquity": True,
            "CanApplyToExpenses": buys,
            "CanApplyToLiabilities": True,
            "CanApplyToRevenue": sells or code == "NONE",
            "DisplayTaxRate": total,
            "EffectiveRate": total,
            "Status": "ACTIVE",
            "TaxComponents": components,
            "_ReverseCharge": reverse or bool(row and row.reverse),
            "_Account": row.account if row else "GST",
        },
    )


def _report_type(code: str, row: charts.TaxRow | None) -> str:
    """Where a rate stands on the tax return: Xero's own reporting types, which are fewer than its tax types."""
    if row is None:
        return "INPUT"
    usual = {"buy": "INPUT", "sell": "OUTPUT", "both": "NONE"}[row.use]
    return code if code in charts.REPORTED_AS_THEMSELVES else usual


def _chart(company: Company, region: charts.Region, *, own: list[Body]) -> None:
    """Every row of the default chart; with an export only the system accounts that it lacks."""
    taxes = {"buy": region.buy, "sell": region.sell, "none": "NONE"}
    rows = (*charts.CHART, charts.IMPORTS) if company.country in ("AU", "NZ") else charts.CHART
    systems = {account.get("SystemAccount") for account in own}
    codes = {account.get("Code") for account in own}
    for row in rows:
        if own and (not row.system or row.system in systems):
            continue
        name = charts.GST_NAMES.get(company.country, row.name) if row.system == "GST" else row.name
        code = row.code if row.code not in codes else f"{row.code}S"
        put_account(company, code=code, name=name, type=row.type, tax=taxes[row.tax], system=row.system)


def put_account(company: Company, *, code: str, name: str, type: str, tax: str = "NONE", system: str = "") -> str:
    """An account of the chart; its id."""
    body: Body = {
        "AccountID": company.records.next_uuid("account"),
        "Code": code,
        "Name": name,
        "Status": "ACTIVE",
        "Type": type,
        "TaxType": tax,
        "EnablePaymentsToAccount": type in ("EQUITY", "CURRLIAB") and not system,
        "ShowInExpenseClaims": type == "EXPENSE" and not system,
        "HasAttachments": False,
        "AddToWatchlist": False,
    }
    if system:
        body["SystemAccount"] = system
    return accounts.keep_account(company, body).id


def put_bank(company: Company, *, name: str, currency: str, card: bool, code: str = "") -> str:
    """A bank or card account; its id."""
    digits = 1_000_000 + company.records.next_number("bank_number")
    body: Body = {
        "AccountID": company.records.next_uuid("account"),
        "Code": code or _free_code(company, "BANK"),
        "Name": name,
        "Status": "ACTIVE",
        "Type": "BANK",
        "TaxType": "NONE",
        "BankAccountNumber": f"XXXX-{digits:08d}",
        "BankAccountType": "CREDITCARD" if card else "BANK",
        "CurrencyCode": currency,
        "EnablePaymentsToAccount": False,
        "ShowInExpenseClaims": False,
        "HasAttachments": False,
        "AddToWatchlist": False,
    }
    return accounts.keep_account(company, body).id


def _people(company: Company) -> None:
    now = stored_instant(company.world.clock.now())
    user: Body = {"UserID": company.world.ids.fixed_uuid("xero/user/owner"), "EmailAddress": "owner@example.com"}
    role = {"IsSubscriber": True, "OrganisationRole": "FINANCIALADVISER"}
    save(company, "User", {**user, "FirstName": "Robin", "LastName": "Owner", **role})
    theme: Body = {"BrandingThemeID": company.records.next_uuid("theme"), "Name": "Standard", "Type": "INVOICE"}
    save(company, "BrandingTheme", {**theme, "SortOrder": 0, "CreatedDateUTC": now})


# The plan's own accounts, contacts, taxes and tracking


def _planned(company: Company, plan: CompanyPlan) -> dict[str, dict[str, str]]:
    """What the plan names, on top; native ids by label."""
    taxes = {label: _tax(company, label, facts) for label, facts in plan.taxes.items()}
    return {
        "taxes": {**taxes, "none": "NONE"},
        "accounts": {label: _account(company, facts, taxes) for label, facts in plan.accounts.items()},
        "suppliers": {label: put_contact(company, facts, supplier=True) for label, facts in plan.suppliers.items()},
        "customers": {label: put_contact(company, facts, supplier=False) for label, facts in plan.customers.items()},
        "tracking": _tracking(company, plan.tracking),
    }


def _tax(company: Company, label: str, facts: Mapping[str, Any]) -> str:
    """A native tax type with the plan's rate: the named one, an existing one that fits, or a new one."""
    native = (facts.get("native") or {}).get("xero")
    if native:
        return str(native)
    rate = Decimal(str(facts["rate"]).rstrip("% "))
    share = Decimal(str(facts.get("recoverable", "100%")).rstrip("% ")) / 100
    reverse = bool(facts.get("reverse_charge"))
    if share == 1 and not facts.get("name"):
        for record in company.records.scan("TaxRate"):
            body = record.body
            fits = body["EffectiveRate"] == rate and body["_ReverseCharge"] == reverse
            if fits and body["CanApplyToExpenses"] and record.id != "NONE":
                return record.id
    code = f"TAX{company.records.next_number('tax'):03d}"
    name = str(facts.get("name") or f"{label} {rate}%")[:50]
    parts = [(name, str(rate * share), False), (f"{name} not recoverable"[:50], str(rate * (1 - share)), True)]
    rates = [part for part in parts if Decimal(part[1]) or (share == 1 and not part[2])]
    put_tax(company, code=code, name=name, rates=rates, reverse=reverse)
    return code


def _account(company: Company, facts: Mapping[str, Any], taxes: Mapping[str, str]) -> str:
    """An account of the plan: the chart's own of that name, or a new one."""
    name, wanted = str(facts["name"]), str(facts["type"])
    type = TYPES.get(wanted, wanted.upper())
    found = company.records.find("Account", "Name", name.lower())
    if found and found[0].body["Type"] == type and type != "BANK":
        return found[0].id
    code = str(facts.get("code") or _free_code(company, type))
    if type == "BANK":
        currency = str(facts.get("currency") or company.currency)
        id = put_bank(company, code=code, name=name, currency=currency, card=wanted == "credit_card")
    else:
        tax = str(facts.get("tax", "none"))
        id = put_account(company, code=code, name=name, type=type, tax=taxes.get(tax, "NONE"))
    if facts.get("opening"):
        _opening(company, id, str(facts["opening"]), wanted)
    return id


def _free_code(company: Company, type: str) -> str:
    code = _FIRST_CODE.get(type, 700)
    while company.records.find("Account", "Code", f"{code:03d}"):
        code += 1
    return f"{code:03d}"


def _opening(company: Company, account: str, text: str, wanted: str) -> None:
    """An opening balance against historical adjustment: ``Dr 100.00 GBP`` or ``Cr 100.00 GBP``."""
    from sandbooks.platforms.xero.seed.openings import post_opening

    side, _, amount = text.partition(" ")
    money = parse_money(amount) if side in ("Dr", "Cr") else parse_money(text)
    credit = side == "Cr" or (side != "Dr" and wanted in ("credit_card", "income", "equity"))
    post_opening(company, account, -money if credit else money)


def put_contact(company: Company, facts: Mapping[str, Any], *, supplier: bool) -> str:
    """A contact of the plan; an active one of that name is taken as it is."""
    name = str(facts["name"])
    found = [c for c in company.records.find("Contact", "Name", name.lower()) if c.active]
    if found:
        return found[0].id
    body = contacts._blank(company) | {"Name": name, "IsSupplier": supplier, "IsCustomer": not supplier}
    body["Addresses"] = contacts._slots(None, None, "AddressType", contacts._ADDRESSES)
    body["Phones"] = contacts._slots(None, None, "PhoneType", contacts._PHONES)
    if facts.get("email"):
        body["EmailAddress"] = str(facts["email"])
    if facts.get("currency"):
        body["DefaultCurrency"] = str(facts["currency"])
    return contacts.keep(company, body).id


def _tracking(company: Company, plan: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Tracking categories; ids of the categories by label, of options by ``label/option``."""
    labels: dict[str, str] = {}
    for label, facts in plan.items():
        given = facts.get("options") or facts.get("values") or []
        names = (
            {str(k): str(v) for k, v in given.items()}
            if isinstance(given, Mapping)
            else {str(n): str(n) for n in given}
        )
        body = put_tracking(company, str(facts.get("name", label)), list(names.values()))
        labels[label] = body["TrackingCategoryID"]
        for (key, name), option in zip(names.items(), body["Options"], strict=True):
            labels[f"{label}/{key}"] = labels[f"{label}/{name}"] = option["TrackingOptionID"]
    return labels


def put_tracking(company: Company, name: str, options: list[str]) -> Body:
    body: Body = {
        "TrackingCategoryID": company.records.next_uuid("tracking"),
        "Name": name,
        "Status": "ACTIVE",
        "Options": [
            {"TrackingOptionID": company.records.next_uuid("option"), "Name": option, "Status": "ACTIVE"}
            for option in options
        ],
    }
    save(company, "TrackingCategory", body)
    return body


def _demo(company: Company) -> None:
    """What a demo company has beside its lists: accounts at home and abroad, contacts, tracking."""
    foreign = "USD" if company.currency != "USD" else "EUR"
    put_bank(company, name="Business Bank Account", currency=company.currency, card=False)
    put_bank(company, name="Business Savings Account", currency=company.currency, card=False)
    put_bank(company, name=f"Business {foreign} Account", currency=foreign, card=False)
    put_bank(company, name="Business Credit Card", currency=company.currency, card=True)
    put_bank(company, name=f"Business {foreign} Card", currency=foreign, card=True)
    for name in charts.DEMO_SUPPLIERS:
        put_contact(company, {"name": name, "email": "accounts@example.com"}, supplier=True)
    for name in charts.DEMO_CUSTOMERS:
        put_contact(company, {"name": name, "email": "billing@example.com"}, supplier=False)
    for name, options in charts.DEMO_TRACKING.items():
        put_tracking(company, name, list(options))


def opened_on(company: Company) -> str:
    """The day that opening balances carry: the first of the month before the world began."""
    today = company.world.clock.today(company.time_zone)
    first = date(today.year - 1 if today.month == 1 else today.year, 12 if today.month == 1 else today.month - 1, 1)
    return stored_date(first)
