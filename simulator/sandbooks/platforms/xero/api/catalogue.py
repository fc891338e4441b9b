"""Currencies that the organisation is subscribed to, items, and links of billable expenses.

# Source: https://developer.xero.com/documentation/api/accounting/currencies, .../items, .../linkedtransactions
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.money import known_currency
from sandbooks.platforms.xero import lookup, query, writes
from sandbooks.platforms.xero.api.registry import ROOT, TRANSACTIONS, Keep, Resource
from sandbooks.platforms.xero.refusals import NotFound, invalid
from sandbooks.platforms.xero.saving import save
from sandbooks.wire import Response

Body = dict[str, Any]
SETTINGS = "accounting.settings"
ITEM_SCOPES = f"{SETTINGS} {TRANSACTIONS} accounting.invoices"
LINK_SCOPES = f"{TRANSACTIONS} accounting.invoices"


def write_currency(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Subscribe the organisation to a currency. Raises Invalid."""
    company, code = call.company, str(given.get("Code", "")).upper()
    if not known_currency(code):
        raise invalid(f"'{code}' is not a valid currency code.")
    if prior is not None or company.records.get("Currency", code) is not None:
        raise invalid(f"The organisation is already subscribed to currency {code}.")
    return save(company, "Currency", {"Code": code, "Description": given.get("Description") or code})


def write_item(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create or change an item; a POST finds it by Code. Raises Invalid."""
    company = call.company
    code = given.get("Code") or (prior.body["Code"] if prior else "")
    found = company.records.find("Item", "Code", code.lower()) if code else []
    if prior is None and call.request.method == "POST" and found:
        prior = found[0]
    if not code:
        raise invalid("Item Code must be specified.")
    if any(prior is None or other.id != prior.id for other in found):
        raise invalid(f"Price List Item with Code '{code}' already exists")
    if given.get("IsTrackedAsInventory") or given.get("InventoryAssetAccountCode"):
        raise NotSimulated("items tracked as inventory", instead="untracked items")
    blank: Body = {"IsTrackedAsInventory": False, "IsSold": True, "IsPurchased": True, "UpdatedDateUTC": ""}
    body = prior.copy() if prior else {"ItemID": company.records.next_uuid("item"), **blank}
    body |= {name: value for name, value in given.items() if name != "ItemID"}
    for details in (body.get("PurchaseDetails", {}), body.get("SalesDetails", {})):
        _check_prices(company, details)
    return save(company, "Item", body)


def _check_prices(company: Company, details: Mapping[str, Any]) -> None:
    for name in ("AccountCode", "COGSAccountCode"):
        code = details.get(name)
        if code and lookup.account_by_code(company, code) is None:
            raise invalid(f"Account code '{code}' is not a valid code for this document.")
    if details.get("TaxType") and lookup.tax_rate(company, details["TaxType"]) is None:
        raise invalid(f"The TaxType code '{details['TaxType']}' does not exist.")


def delete_item(call: Call) -> Response:
    return _deleted(call, ITEMS)


def delete_link(call: Call) -> Response:
    return _deleted(call, LINKS)


def _deleted(call: Call, resource: Resource) -> Response:
    """DELETE: 204."""
    record = resource.find(call, call.args["id"])
    if record.deleted:
        raise NotFound

    def run() -> Response:
        call.company.records.put(
            record.kind, record.id, record.body, version=record.version + 1, action="delete", active=False, deleted=True
        )
        return Response(204)

    return writes.keyed(call, run)


def write_link(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Link a line of a bill or of money spent to the customer who is to be billed. Raises Invalid."""
    company = call.company
    body: Body = (
        prior.copy() if prior else {"LinkedTransactionID": company.records.next_uuid("link"), "UpdatedDateUTC": ""}
    )
    body |= {name: value for name, value in given.items() if name != "LinkedTransactionID"}
    source = _source(company, body)
    lines = source.body["LineItems"]
    if not any(line["LineItemID"] == body.get("SourceLineItemID") for line in lines):
        raise invalid("The SourceLineItemID does not match a line item of the source transaction.")
    if body.get("ContactID") and company.records.get("Contact", body["ContactID"]) is None:
        raise invalid("The Contact with the specified ContactID could not be found.")
    target = company.records.get("Invoice", body.get("TargetTransactionID", ""))
    if body.get("TargetTransactionID") and (target is None or target.body["Type"] != "ACCREC"):
        raise invalid("The TargetTransactionID must be a sales invoice.")
    body |= {"Type": "BILLABLEEXPENSE", "SourceTransactionTypeCode": source.body["Type"]}
    body["Status"] = _link_status(source, target)
    return save(company, "LinkedTransaction", body)


def _source(company: Company, body: Body) -> Record:
    """The bill or spend money transaction of a link. Raises Invalid."""
    record = _any_source(company, body)
    if record is not None and record.body["Type"] in ("ACCPAY", "SPEND") and not record.deleted:
        return record
    raise invalid("The SourceTransactionID must be a bill or a spend money transaction.")


def _any_source(company: Company, body: Mapping[str, Any]) -> Record | None:
    """What a link points back at, whatever became of it."""
    found = (company.records.get(kind, body.get("SourceTransactionID", "")) for kind in ("Invoice", "BankTransaction"))
    return next((record for record in found if record is not None), None)


def _link_status(source: Record, target: Record | None) -> str:
    if target is None:
        return "DRAFT" if source.body["Status"] in ("DRAFT", "SUBMITTED") else "APPROVED"
    return "ONDRAFT" if target.body["Status"] in ("DRAFT", "SUBMITTED") else "BILLED"


def _link_now(call: Call, body: Body) -> Body:
    """A link with the status that its bill and its sales invoice give it now."""
    source = _any_source(call.company, body)
    if source is None or source.deleted:
        return {**body, "Status": "VOIDED"}
    target = call.company.records.get("Invoice", body.get("TargetTransactionID", ""))
    return {**body, "Status": _link_status(source, target if target and not target.deleted else None)}


def _keep_links(call: Call) -> Keep | None:
    wanted = {
        name: query.parameter(call, name).lower()
        for name in ("SourceTransactionID", "ContactID", "TargetTransactionID", "Status")
    }
    asked = {name: value for name, value in wanted.items() if value}
    status = asked.pop("Status", "")
    deleted_ids = {r.id for r in call.company.records.scan("LinkedTransaction", deleted=True) if r.deleted}
    return lambda body: (
        body["LinkedTransactionID"] not in deleted_ids
        and (not status or _link_now(call, dict(body))["Status"].lower() == status)
        and all(str(body.get(name, "")).lower() == value for name, value in asked.items())
    )


def _keep_items(call: Call) -> Keep | None:
    gone = {r.id for r in call.company.records.scan("Item", deleted=True) if r.deleted}
    return lambda body: body["ItemID"] not in gone


CURRENCIES = Resource(kind="Currency", scopes=SETTINGS, writer=write_currency, posts=False)
ITEMS = Resource(kind="Item", scopes=ITEM_SCOPES, writer=write_item, keep=_keep_items)
LINKS = Resource(
    kind="LinkedTransaction",
    scopes=LINK_SCOPES,
    writer=write_link,
    pages=True,
    sizes=False,
    keep=_keep_links,
    shape=_link_now,
)
OPERATIONS = (
    *CURRENCIES.operations(),
    *ITEMS.operations(),
    Operation("delete_Items", "DELETE", f"{ROOT}/Items/<id>", delete_item, writes=True, scope=ITEM_SCOPES),
    *LINKS.operations(),
    Operation("delete_link", "DELETE", f"{ROOT}/LinkedTransactions/<id>", delete_link, writes=True, scope=LINK_SCOPES),
)
