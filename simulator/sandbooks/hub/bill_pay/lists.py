"""Company information, mapping options, suppliers and bank accounts of the Bill Pay API, read and written live.

Source: https://docs.codat.io/payables/sync/configure-customer, /suppliers; github.com/codatio/oas.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from sandbooks.connector import Account, Contact, NewAccount, as_made
from sandbooks.hub import profiles, query, wire
from sandbooks.hub.bill_pay import requests, shown, supplier_changes
from sandbooks.hub.bill_pay.carrying import carry_out
from sandbooks.hub.bill_pay.continuation import page, pagination, start_of
from sandbooks.hub.bill_pay.desk import SERVICE, Desk, opened
from sandbooks.hub.errors import HubRefusal, bad_request, not_found
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response


def company_information(call: Call) -> Response:
    desk = opened(call)
    facts = desk.run(desk.session.connector.company(desk.session.consent))
    return json_reply({"companyName": facts.name, "baseCurrency": facts.currency})


def bill_options(call: Call) -> Response:
    """The accounts and tax rates that a bill's lines may name."""
    desk = opened(call)
    start = start_of(call)
    home = desk.facts.currency
    accounts = _by_status(call, [shown.account(one, home) for one in desk.accounts() if _on_lines(one)])
    rates = _by_status(call, [shown.tax_rate(one) for one in desk.tax_rates()])
    body = {"accounts": page(accounts, start), "taxRates": page(rates, start)}
    return json_reply(body | {"pagination": pagination(start, accounts, rates)})


def _on_lines(account: Account) -> bool:
    return bool(account.lines) and not account.pays


def payment_options(call: Call) -> Response:
    """The accounts that a payment may leave."""
    desk = opened(call)
    start = start_of(call)
    home = desk.facts.currency
    found = _by_status(call, [shown.bank_account(one, home) for one in desk.accounts() if one.pays])
    return json_reply({"bankAccounts": page(found, start), "pagination": pagination(start, found)})


def _by_status(call: Call, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by ``statusQuery``. Unconfirmed: what is shown without one; active records are, as for a mapping."""
    asked = call.query.get("statusQuery", "") or "status=Active"
    return query.filtered(rows, asked, what="MappingOption")


def list_suppliers(call: Call) -> Response:
    """Suppliers, archived ones too unless the world reads the documentation page.

    Source: github.com/codatio/oas, list-suppliers; https://docs.codat.io/payables/sync/suppliers (active ones alone).
    """
    desk = opened(call)
    start = start_of(call)
    rows = [shown.supplier(one) for one in desk.suppliers()]
    asked = call.query.get("query", "")
    if profiles.on(call.world, "suppliers_active_only") and "status" not in asked.lower():
        rows = [row for row in rows if row["status"] == "Active"]
    rows = query.filtered(rows, asked, what="Supplier", listed_by=call.operation.name)
    return json_reply({"results": page(rows, start), "pagination": pagination(start, rows)})


def create_supplier(call: Call) -> Response:
    desk = opened(call)
    body = wire.raw_body(call)
    wanted = requests.supplier_of(body)
    _, done = carry_out(call, desk, kind="supplier", action="create", body=body, make=lambda own, key: wanted)
    return json_reply(shown.supplier(_standing(desk, done.native.id, wanted)), status=201)


def update_supplier(call: Call) -> Response:
    desk = opened(call)
    if "supplier" not in desk.offer.updates:
        raise bad_request(f"Suppliers cannot be updated on {desk.platform}.", service=SERVICE)
    body = wire.raw_body(call)
    wanted = requests.supplier_change_of(body)
    id = call.args["supplier_id"]

    def make(own: str, key: str) -> Contact:
        stands = next((one for one in desk.suppliers() if one.id == id), None)
        if stands is None:
            raise not_found(f"No supplier was found with ID {id}", service=SERVICE)
        return supplier_changes.settled(wanted, stands, desk.offer, platform=desk.platform)

    try:
        carry_out(call, desk, kind="supplier", action="update", body=body, make=make, target=id)
    except supplier_changes.Untouched as untouched:
        return json_reply(shown.supplier(untouched.stands))
    found = _standing(desk, id, replace(wanted.contact, id=id))
    if "supplier_currency_ignored" in desk.offer.rules:
        found = replace(found, currency=desk.facts.currency)
    return json_reply(shown.supplier(found))


def _standing(desk: Desk, id: str, sent: Contact) -> Contact:
    """The supplier as the platform has it; as it was sent where the platform cannot be asked now, for it stands."""
    try:
        return next((one for one in desk.suppliers() if one.id == id), replace(sent, id=id))
    except HubRefusal:
        return replace(sent, id=id)


def create_bank_account(call: Call) -> Response:
    desk = opened(call)
    body = wire.raw_body(call)
    wanted = requests.bank_account_of(body, desk.offer, desk.platform)
    _, done = carry_out(call, desk, kind="account", action="create", body=body, make=lambda own, key: wanted)
    made = _account(desk, done.native.id, wanted)
    return json_reply(shown.bank_account(made, desk.facts.currency, wanted), status=201)


def _account(desk: Desk, id: str, sent: NewAccount) -> Account:
    try:
        return next((one for one in desk.accounts() if one.id == id), as_made(sent, id))
    except HubRefusal:
        return as_made(sent, id)
