"""How a NetSuite account is opened, and how code is signed in to it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sandbooks.kit.certificates import key_pair
from sandbooks.kit.company import Company, open_company
from sandbooks.platform import CompanyPlan, OpenedCompany
from sandbooks.platforms.netsuite import custom, datasets, files, integrations, restlets
from sandbooks.platforms.netsuite.access import PLATFORM, slug
from sandbooks.platforms.netsuite.auth import oauth2
from sandbooks.platforms.netsuite.rates import day_rate
from sandbooks.platforms.netsuite.records import store, variances
from sandbooks.platforms.netsuite.refusals import BadContent
from sandbooks.platforms.netsuite.schema import TYPES
from sandbooks.platforms.netsuite.seed import charts, plans
from sandbooks.platforms.netsuite.seed.exports import bring_in, collected
from sandbooks.platforms.netsuite.seed.plans import make
from sandbooks.world import World

_YEARS_BEFORE, _YEARS_AFTER = 6, 3
# Source: PyPI netsuite 0.12.0 (accounts with and without an underscore); github.com/fylein/fyle-netsuite-api (TSTDRV)
# Unconfirmed: the form of a release preview.
_FORMS = {"production": "{}", "sandbox": "{}_SB1", "test_drive": "TSTDRV{}", "release_preview": "{}_RP"}


class NetSuiteSeed:
    """Opens accounts."""

    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        """An account with the lists of its country, one subsidiary (two for a demo), and what the plan names."""
        region = charts.REGIONS.get(plan.country, charts.Region(plan.currency or "USD", "UTC", "Demo Account"))
        year = world.clock.today().year
        settings = dict(plan.settings)
        datasets.check(settings.get("datasets", {}))
        restlets.check(settings.get("restlets", {}))
        variances.check(settings.get("variance_rules", []))
        own_fields = settings.pop("custom_fields", None)
        number = world.ids.number("netsuite/account", start=4810021)
        company = open_company(
            world,
            PLATFORM,
            _account_id(number, settings.get("account_kind", "sandbox")),
            name=plan.name or region.name,
            country=plan.country,
            currency=plan.currency or region.currency,
            time_zone=plan.time_zone or region.zone,
            settings={"period_years": [year - _YEARS_BEFORE, year + _YEARS_AFTER], **settings},
        )
        custom.make(company, own_fields or {})
        exported = collected(plan.chart) if plan.chart is not None else {}
        neutral = self._lists(company, plan, exported)
        labels = plans.labels(company, plan, neutral_tax=neutral)
        variances.check_accounts(company)
        if plan.demo:
            _fill_demo(company)
        return OpenedCompany(company=company, labels=labels)

    def _lists(self, company: Company, plan: CompanyPlan, exported: Mapping[str, list[dict[str, Any]]]) -> str:
        for symbol in dict.fromkeys([company.currency, *charts.CURRENCIES, *plans.currencies_of(plan)]):
            _currency(company, symbol)
        integrations.make(company)
        make(company, "subsidiary", name=company.name[:83], country=company.country)
        _chart(company, own=exported.get("account", []))
        neutral = _taxes(company)
        for name, days in charts.TERMS.items():
            make(company, "term", name=name, daysUntilNetDue=days)
        for name in files.FOLDERS:
            files.create_folder(company, name=name)
        for id, name in charts.CONTACT_ROLES.items():
            store.save(company, TYPES["contactRole"], id, body={"id": id, "name": name})
        root = {"id": "1"}
        owner = make(
            company, "employee", firstName="Avery", lastName="Holt", email="owner@example.com", subsidiary=root
        )
        company.change_settings(owner=owner)
        for facts in plan.settings.get("subsidiaries", ()):
            _subsidiary(company, str(facts["name"]), country=facts.get("country"), currency=facts.get("currency"))
        bring_in(company, exported)
        return neutral

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        """Keys for every way to sign in: a TBA token, OAuth 2.0 tokens, and mapped certificates.

        ``private_key`` signs by ES256 to ES512, ``rsa_private_key`` by PS256 to PS512.
        """
        tokens = oauth2.tokens_of(world)
        client_id, client_secret = tokens.client()
        user = oauth2.user_of(company)
        grant = tokens.new_grant(client_id=client_id, scopes=oauth2.SCOPES, companies=(company.id,), user=user)
        secret = world.ids.token("netsuite/token_secret", length=64)
        tba = tokens.issue("access", grant, lifetime=None, facts={"secret": secret})
        bearer = tokens.new_grant(client_id=client_id, scopes=oauth2.SCOPES, companies=(company.id,), user=user)
        issued = oauth2.issue(world, bearer, refresh=True)
        named, private_key = _certificate(world, company)
        rsa_named, rsa_private_key = _rsa_certificate(world, company)
        return {
            "account": company.id,
            "consumer_key": client_id,
            "consumer_secret": client_secret,
            "token_id": tba.value,
            "token_secret": secret,
            "client_id": client_id,
            "client_secret": client_secret,
            "access_token": issued["access_token"],
            "refresh_token": issued["refresh_token"],
            "certificate_id": named,
            "private_key": private_key,
            "rsa_certificate_id": rsa_named,
            "rsa_private_key": rsa_private_key,
        }

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        """Variables as NetSuite clients name them."""
        base = base_url.rstrip("/")
        signing = ("consumer_key", "consumer_secret", "token_id", "token_secret")
        mapped = ("certificate_id", "private_key", "rsa_certificate_id", "rsa_private_key")
        named = (*signing, "client_id", "client_secret", "access_token", "refresh_token", *mapped)
        return {
            "NETSUITE_ACCOUNT": company.id,
            "NETSUITE_BASE_URL": base,
            "NETSUITE_REST_URL": f"{base}/services/rest",
            "NETSUITE_TOKEN_URL": f"{base}/services/rest/auth/oauth2/v1/token",
            "NETSUITE_AUTHORIZE_URL": f"{base}/app/login/oauth2/authorize.nl",
            "NETSUITE_HOST": f"{slug(company.id)}.suitetalk.api.netsuite.com",
            **{f"NETSUITE_{name.upper()}": credentials[name] for name in named if name in credentials},
        }


SEED = NetSuiteSeed()


def _account_id(number: int, kind: Any) -> str:
    if not isinstance(kind, str) or kind not in _FORMS:
        raise BadContent(f"An account is one of {', '.join(_FORMS)}.", "account_kind")
    return _FORMS[kind].format(number)


def _currency(company: Company, symbol: str) -> None:
    rate = day_rate(company, symbol, company.world.clock.today())
    name = charts.CURRENCIES.get(symbol, symbol)
    make(company, "currency", name=name, symbol=symbol, exchangeRate=rate.value if rate else Decimal(1))


def _chart(company: Company, *, own: list[dict[str, Any]]) -> None:
    """The whole default chart; beside an export only what NetSuite itself posts to."""
    names = charts.TAX_NAMES.get(company.country)
    usual: dict[str, str] = {}
    for row in charts.CHART:
        if own and not row.usual:
            continue
        name = row.name
        if names and row.usual in ("input_tax", "output_tax"):
            name = names[row.usual == "output_tax"]
        id = make(company, "account", acctNumber=row.number, acctName=name, acctType={"id": row.type})
        if row.usual:
            usual[row.usual] = id
    company.change_settings(usual=usual)
    for name, number in charts.CATEGORIES.items() if not own else ():
        account = company.records.find("account", "number", number)[0]
        make(company, "expenseCategory", name=name, expenseAcct={"id": account.id})


def _taxes(company: Company) -> str:
    """The tax codes of the country; the id of the one that leaves tax undefined."""
    country = company.country
    type = make(company, "taxType", name="VAT" if country == "GB" else "Tax", country=country)
    name = charts.NEUTRAL_NAMES.get(country, f"UNDEF-{country}")
    members: dict[str, Any] = {"taxType": {"id": type}, "country": country}
    neutral = charts.NEUTRAL_IDS.get(country)
    if neutral is None:
        neutral = make(company, "salesTaxItem", itemId=name, rate=Decimal(0), **members)
    else:
        usual = company.settings["usual"]
        body = {"id": neutral, "itemId": name, "rate": Decimal(0), "available": {"id": "BOTH"}, **members}
        body |= {"purchaseAccount": {"id": usual["input_tax"]}, "saleAccount": {"id": usual["output_tax"]}}
        store.save(company, TYPES["salesTaxItem"], neutral, body=body)
    for row in charts.TAXES.get(country, ()):
        facts = {"available": {"id": row.available}, "nonDeductibleRate": Decimal(row.lost)}
        make(
            company,
            "salesTaxItem",
            itemId=row.code,
            rate=Decimal(row.rate),
            reverseCharge=row.reverse,
            **facts,
            **members,
        )
    return neutral


def _subsidiary(company: Company, name: str, *, country: str | None = None, currency: str | None = None) -> str:
    """A subsidiary of the root, in a country and with a base currency of its own where they are named."""
    base = {"id": store.currency_id(company, currency or company.currency)}
    return make(company, "subsidiary", name=name, parent={"id": "1"}, country=country or company.country, currency=base)


def _fill_demo(company: Company) -> None:
    other = _subsidiary(company, f"{company.name[:70]} West")
    foreign = "USD" if company.currency != "USD" else "EUR"
    abroad = _subsidiary(
        company, f"{company.name[:70]} International", country={"USD": "US", "EUR": "IE"}[foreign], currency=foreign
    )
    for name in ("Savings", f"{foreign} Account"):
        number = plans.free_number(company, "", "Bank")
        symbol = foreign if name.startswith(foreign) else company.currency
        currency = {"id": store.currency_id(company, symbol)}
        make(company, "account", acctNumber=number, acctName=name, acctType={"id": "Bank"}, currency=currency)
    for kind, names in (
        ("department", charts.DEMO_DEPARTMENTS),
        ("classification", charts.DEMO_CLASSES),
        ("location", charts.DEMO_LOCATIONS),
    ):
        for name in names:
            make(company, kind, name=name)
    make(company, "location", name="West Depot", subsidiary={"items": [{"id": other}]})
    made = [plans.entity(company, "vendor", vendor, {}) for vendor in charts.DEMO_VENDORS]
    make(company, "vendorSubsidiaryRelationship", entity={"id": made[0]}, subsidiary={"id": abroad})
    for customer in charts.DEMO_CUSTOMERS:
        plans.entity(company, "customer", customer, {})
    for first, last in charts.DEMO_EMPLOYEES:
        make(company, "employee", firstName=first, lastName=last, subsidiary={"id": "1"})
    travel = company.records.find("account", "number", "6900") or list(company.records.scan("account"))[-1:]
    make(company, "servicePurchaseItem", itemId="Courier", expenseAccount={"id": travel[0].id}, cost=Decimal("18.50"))


def _certificate(world: World, company: Company) -> tuple[str, str]:
    """A key pair that is mapped for machine-to-machine sign-in: the certificate's id and the private key."""
    secret = int.from_bytes(world.ids.digest(f"netsuite/certificate/{company.id}")[:31], "big") + 1
    key = ec.derive_private_key(secret, ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    id = world.ids.fixed_token(f"netsuite/certificate_id/{company.id}", length=43)
    oauth2.map_certificate(world, company, id=id, public_key=public)
    for mapped in company.settings.get("certificates", ()):
        oauth2.map_certificate(world, company, id=mapped["id"], public_key=mapped["public_key"])
    return id, private


def _rsa_certificate(world: World, company: Company) -> tuple[str, str]:
    """A second mapping, for clients that sign by RSA: the certificate's id and the private key."""
    own = key_pair()
    id = world.ids.fixed_token(f"netsuite/rsa_certificate_id/{company.id}", length=43)
    oauth2.map_certificate(world, company, id=id, public_key=own.public)
    return id, own.private
