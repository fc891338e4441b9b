"""Organisations, currencies and rates, taxes, reporting tags, locations, items, projects, opening balances."""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company, find_company
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books import listing
from sandbooks.platforms.zoho_books.access import PREFIX
from sandbooks.platforms.zoho_books.api.comments import comments
from sandbooks.platforms.zoho_books.api.parts import Resource, action, plain, read, stamped, write
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import currencies, lists, tags, taxes
from sandbooks.platforms.zoho_books.records.storing import find, remove
from sandbooks.platforms.zoho_books.refusals import NoSuch, WrongOrganization
from sandbooks.platforms.zoho_books.wire import Body, read_body, reply
from sandbooks.wire import Response

# Organisations


def _organization(call: Call, company: Company, *, default: bool) -> Body:
    settings = company.settings
    base = company.records.find("currency", "code", company.currency)[0].body
    owner = next(iter(company.records.scan("user"))).body
    return {
        "organization_id": company.id,
        "name": company.name,
        "contact_name": owner["name"],
        "email": owner["email"],
        "is_default_org": default,
        "plan_type": settings["plan_type"],
        "plan_name": settings["plan_name"],
        "plan_period": "Monthly",
        "tax_group_enabled": True,
        "language_code": "en",
        "fiscal_year_start_month": settings["fiscal_year_start_month"],
        "account_created_date": settings["account_created_date"],
        "time_zone": company.time_zone,
        "is_org_active": True,
        "country": settings["country_name"],
        "country_code": company.country,
        "version": settings["version"],
        "currency_id": base["currency_id"],
        "currency_code": company.currency,
        "currency_symbol": base["currency_symbol"],
        "currency_format": base["currency_format"],
        "price_precision": base["price_precision"],
    }


def list_organizations(call: Call) -> Response:
    """``GET /organizations``: those that the user belongs to."""
    ids = call.token.grant.companies if call.token else ()
    found = [find_company(call.world, call.company.platform, id) for id in ids]
    shown = [_organization(call, c, default=n == 0) for n, c in enumerate(c for c in found if c is not None)]
    return reply(organizations=shown)


def get_organization(call: Call) -> Response:
    """``GET /organizations/{id}``"""
    ids = call.token.grant.companies if call.token else ()
    company = find_company(call.world, call.company.platform, call.args["id"]) if call.args["id"] in ids else None
    if company is None:
        raise WrongOrganization(call.args["id"])
    return reply(organization=_organization(call, company, default=company.id == ids[0]))


# Currencies

CURRENCIES = Resource(
    kind="currency",
    path="settings/currencies",
    one="currency",
    many="currencies",
    root="currency",
    module="settings",
    rules=ListRules(
        root="currencies",
        report="Currencies",
        texts=("currency_code",),
        filters={"Currencies.ExcludeBaseCurrency": lambda body: not body["is_base_currency"]},
        default_filter="Currencies.All",
    ),
    show=lambda call, record: stamped(call, record, currencies.shown(call.company, record)),
    created="The currency has been added.",
    updated="Currency information has been saved.",
    deleted="The currency has been deleted.",
    create=lambda call, given: currencies.write(call.company, given),
    update=lambda call, record, given: currencies.write(call.company, given, record),
    delete=currencies.delete,
)
_RATES = ListRules(root="exchange_rates", report="Exchange Rates", order=("effective_date", "rate"))


def list_rates(call: Call) -> Response:
    """``GET /settings/currencies/{id}/exchangerates``: ``from_date`` on, or today's alone."""
    found = call.company.records.find(currencies.RATE, "currency_id", CURRENCIES.record(call).id)
    first = call.query.get("from_date") or ""
    rows = [plain(call, record) for record in found if record.body["effective_date"] >= first]
    if (call.query.get("is_current_date") or "").lower() == "true":
        today = call.today().isoformat()
        rows = sorted((r for r in rows if r["effective_date"] <= today), key=lambda r: str(r["effective_date"]))[-1:]
    return listing.answer(call, _RATES, rows)


def create_rate(call: Call) -> Response:
    """``POST /settings/currencies/{id}/exchangerates``"""
    given = read_body(call)
    with call.unit():
        record = currencies.write_rate(call.company, CURRENCIES.record(call), given)
    return reply("The exchange rate has been added.", status=201, exchange_rate=plain(call, record))


def _rate(call: Call) -> Record:
    record = find(call.company, currencies.RATE, call.args["rate"])
    if record.body["currency_id"] != CURRENCIES.record(call).id:
        raise NoSuch("Exchange rate", record.id)
    return record


def get_rate(call: Call) -> Response:
    """``GET /settings/currencies/{id}/exchangerates/{exchange_rate_id}``"""
    return reply(exchange_rate=plain(call, _rate(call)))


def update_rate(call: Call) -> Response:
    """``PUT /settings/currencies/{id}/exchangerates/{exchange_rate_id}``"""
    given = read_body(call)
    with call.unit():
        record = currencies.write_rate(call.company, CURRENCIES.record(call), given, _rate(call))
    return reply("The exchange rate has been updated.", exchange_rate=plain(call, record))


def delete_rate(call: Call) -> Response:
    """``DELETE /settings/currencies/{id}/exchangerates/{exchange_rate_id}``"""
    with call.unit():
        remove(call.company, _rate(call))
    return reply("The exchange rate has been deleted.")


# Taxes

TAXES = Resource(
    kind="tax",
    path="settings/taxes",
    one="tax",
    many="taxes",
    root="tax",
    module="settings",
    rules=ListRules(
        root="taxes",
        report="Taxes",
        columns=(
            *("tax_id", "tax_name", "tax_percentage", "tax_type", "tax_factor", "tax_specific_type"),
            *("tax_authority_id", "tax_authority_name", "is_value_added", "is_default_tax", "is_editable", "status"),
            *("tax_account_id", "purchase_tax_account_id", "country_code", "last_modified_time"),
        ),
        filters={"Taxes.All": lambda _: True, "Status.Active": lambda _: True, "Status.Inactive": lambda _: False},
        default_filter="Taxes.All",
    ),
    created="The tax has been added.",
    updated="Tax information has been saved.",
    deleted="The record has been deleted.",
    create=lambda call, given: taxes.write(call.company, _public(given)),
    update=lambda call, record, given: taxes.write(call.company, _public(given), record),
    delete=taxes.delete,
)


def _public(given: Body) -> Body:
    """What a client may say: members of the simulator's own are not among it."""
    return {name: value for name, value in given.items() if not name.startswith("_")}


def _group(call: Call) -> Record:
    record = find(call.company, "tax", call.args["id"])
    if record.body["tax_type"] != "tax_group":
        raise NoSuch("Tax group", record.id)
    return record


def get_group(call: Call) -> Response:
    """``GET /settings/taxgroups/{id}``"""
    return reply(tax_group=taxes.group_shown(_group(call)))


def create_group(call: Call) -> Response:
    """``POST /settings/taxgroups``"""
    given = read_body(call)
    with call.unit():
        record = taxes.write_group(call.company, given)
    return reply("The tax group has been added.", status=201, tax_group=taxes.group_shown(record))


def update_group(call: Call) -> Response:
    """``PUT /settings/taxgroups/{id}``"""
    given = read_body(call)
    with call.unit():
        record = taxes.write_group(call.company, given, _group(call))
    return reply("The tax group has been updated.", tax_group=taxes.group_shown(record))


def delete_group(call: Call) -> Response:
    """``DELETE /settings/taxgroups/{id}``"""
    with call.unit():
        taxes.delete(call.company, _group(call))
    return reply("The tax group has been deleted.")


AUTHORITIES = Resource(
    kind="taxauthority",
    path="settings/taxauthorities",
    one="tax_authority",
    many="tax_authorities",
    root="tax_authority",
    module="settings",
    rules=ListRules(root="tax_authorities", report="Tax Authorities"),
    created="Tax Authority has been added.",
    updated="Tax Authority information has been updated.",
    deleted="Tax authority has been deleted.",
    create=lambda call, given: lists.write_authority(call.company, given),
    update=lambda call, record, given: lists.write_authority(call.company, given, record),
    delete=remove,
)
EXEMPTIONS = Resource(
    kind="taxexemption",
    path="settings/taxexemptions",
    one="tax_exemption",
    many="tax_exemptions",
    root="tax_exemption",
    module="settings",
    rules=ListRules(root="tax_exemptions", report="Tax Exemptions"),
    created="Tax Exemption has been added.",
    updated="Tax Exemption has been updated.",
    deleted="Tax exemption has been deleted.",
    created_status=200,
    create=lambda call, given: lists.write_exemption(call.company, given),
    update=lambda call, record, given: lists.write_exemption(call.company, given, record),
    delete=remove,
)

# Reporting tags. Unconfirmed: which of the two paths the live service answers; both do here.


def _tags(path: str, one: str, many: str) -> Resource:
    return Resource(
        kind="tag",
        path=path,
        one=one,
        many=many,
        root="reporting_tag",
        module="settings",
        rules=ListRules(root="reporting_tags", report="Reporting Tags", texts=("tag_name",), order=("tag_name",)),
        created="The reporting tag has been created.",
        updated="The reporting tag has been updated.",
        deleted="The reporting tag has been deleted.",
        create=lambda call, given: tags.create(call.company, given),
        update=lambda call, record, given: tags.write(call.company, given, record),
        delete=remove,
    )


TAGS, SETTINGS_TAGS = _tags("reportingtags", "reporting_tag", "reporting_tags"), _tags("settings/tags", "tag", "tags")


def list_tag_options(call: Call) -> Response:
    """``GET /reportingtags/{id}/tagoptions``"""
    return reply(results=TAGS.record(call).body["tag_options"])


def list_all_tag_options(call: Call) -> Response:
    """``GET /reportingtags/tagoptions``"""
    found = [
        {"tag_id": tag.id, "tag_name": tag.body["tag_name"], **option}
        for tag in call.company.records.scan("tag", lag=call.exchange.lag)
        for option in tag.body["tag_options"]
    ]
    return listing.answer(call, ListRules(root="tag_options", report="Tag Options"), found)


def change_tag_options(call: Call) -> Response:
    """``PUT /reportingtags/{id}/tagoptions``"""
    given = read_body(call)
    with call.unit():
        options = {"tag_options": given.get("tag_options", given.get("options"))}
        record = tags.write(call.company, options, TAGS.record(call))
    return reply("The reporting tag has been updated.", reporting_tag=plain(call, record))


# Locations, items, projects

LOCATIONS = Resource(
    kind="location",
    path="locations",
    one="location",
    many="locations",
    root="location",
    module="settings",
    rules=ListRules(root="locations", report="Locations", texts=("location_name",)),
    created="Location has been created.",
    updated="Location has been updated.",
    deleted="The location has been deleted.",
    create=lambda call, given: lists.write_location(call.company, given),
    update=lambda call, record, given: lists.write_location(call.company, given, record),
    delete=lists.delete_location,
)


def enable_locations(call: Call) -> Response:
    """``POST /settings/locations/enable``"""
    with call.unit():
        call.company.change_settings(locations_enabled=True)
    return reply("Locations are being enabled for your organization.")


ITEMS = Resource(
    kind="item",
    path="items",
    one="item",
    many="items",
    root="item",
    module="settings",
    rules=ListRules(
        root="items",
        report="Items",
        texts=("name", "sku", "description"),
        ids=("account_id", "purchase_account_id", "tax_id"),
        amounts=("rate",),
        search=("name", "sku", "description"),
        order=("name", "rate", "sku"),
        filters={
            "Status.Active": lambda body: body["status"] == "active",
            "Status.Inactive": lambda body: body["status"] == "inactive",
        },
    ),
    created="The item has been added.",
    updated="Item details have been saved.",
    deleted="The item has been deleted.",
    create=lambda call, given: lists.write_item(call.company, given),
    update=lambda call, record, given: lists.write_item(call.company, given, record),
    delete=lists.delete_item,
    by_key=True,
)
PROJECTS = Resource(
    kind="project",
    path="projects",
    one="project",
    many="projects",
    root="project",
    module="projects",
    rules=ListRules(
        root="projects",
        report="Projects",
        texts=("project_name", "customer_name"),
        ids=("customer_id",),
        search=("project_name", "customer_name"),
        order=("project_name", "customer_name", "rate"),
        filters={
            "Status.Active": lambda body: body["status"] == "active",
            "Status.Inactive": lambda body: body["status"] == "inactive",
        },
    ),
    created="The project has been created.",
    updated="The project information has been updated.",
    deleted="The project has been deleted.",
    create=lambda call, given: lists.write_project(call.company, given),
    update=lambda call, record, given: lists.write_project(call.company, given, record),
    delete=lists.delete_project,
    by_key=True,
)


def change_item_fields(call: Call) -> Response:
    """``PUT /item/{item_id}/customfields``"""
    given = read_body(call)
    with call.unit():
        fields = {"custom_fields": given.get("custom_fields", [])}
        lists.write_item(call.company, fields, ITEMS.record(call))
    return reply("Custom Fields Updated Successfully")


def _switches(resource: Resource, said: str) -> list[Operation]:
    made = []
    for word in ("active", "inactive"):

        def switch(call: Call, record: Record, active: bool = word == "active") -> object:
            return lists.set_active(call.company, record, active=active)

        verb = "activate" if word == "active" else "deactivate"
        name = f"{verb}_{resource.one}"
        made.append(action(resource, name, word, f"The {said} has been marked as {word}.", act=switch))
    return made


def _tag_switches() -> list[Operation]:
    made = []
    for word in ("active", "inactive"):

        def switch(call: Call, record: Record, active: bool = word == "active") -> object:
            return tags.set_active(call.company, record, active=active)

        verb = "activate" if word == "active" else "deactivate"
        made.append(
            action(TAGS, f"{verb}_reporting_tag", word, f"The reporting tag has been marked as {word}.", act=switch)
        )
    return made


_RATE = "settings/currencies/<id>/exchangerates"
_GROUP = "settings/taxgroups"
OPERATIONS: tuple[Operation, ...] = (
    Operation("list_organizations", "GET", f"{PREFIX}/organizations", list_organizations, scope="settings.READ"),
    Operation("get_organization", "GET", f"{PREFIX}/organizations/<id>", get_organization, scope="settings.READ"),
    *CURRENCIES.operations(),
    read("list_exchange_rates", _RATE, list_rates, module="settings"),
    write("create_exchange_rate", "POST", _RATE, create_rate, module="settings"),
    read("get_exchange_rate", f"{_RATE}/<rate>", get_rate, module="settings"),
    write("update_exchange_rate", "PUT", f"{_RATE}/<rate>", update_rate, module="settings"),
    write("delete_exchange_rate", "DELETE", f"{_RATE}/<rate>", delete_rate, module="settings"),
    *TAXES.operations(),
    read("get_tax_group", f"{_GROUP}/<id>", get_group, module="settings"),
    write("create_tax_group", "POST", _GROUP, create_group, module="settings"),
    write("update_tax_group", "PUT", f"{_GROUP}/<id>", update_group, module="settings"),
    write("delete_tax_group", "DELETE", f"{_GROUP}/<id>", delete_group, module="settings"),
    *AUTHORITIES.operations(),
    *EXEMPTIONS.operations(),
    read("list_all_tag_options", "reportingtags/tagoptions", list_all_tag_options, module="settings"),
    *TAGS.operations(),
    *SETTINGS_TAGS.operations(),
    *_tag_switches(),
    read("list_tag_options", "reportingtags/<id>/tagoptions", list_tag_options, module="settings"),
    write("update_tag_options", "PUT", "reportingtags/<id>/tagoptions", change_tag_options, module="settings"),
    *LOCATIONS.operations(),
    *_switches(LOCATIONS, "location"),
    action(
        LOCATIONS,
        "make_location_primary",
        "markasprimary",
        "The location has been marked as primary.",
        act=lambda call, record: lists.make_primary(call.company, record),
    ),
    write("enable_locations", "POST", "settings/locations/enable", enable_locations, module="settings"),
    *ITEMS.operations(),
    *_switches(ITEMS, "item"),
    write("update_item_custom_fields", "PUT", "item/<id>/customfields", change_item_fields, module="settings"),
    *PROJECTS.operations(),
    *_switches(PROJECTS, "project"),
    *comments(PROJECTS),
)
