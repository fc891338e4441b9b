"""Tracking categories and their options.

# Source: https://developer.xero.com/documentation/api/accounting/trackingcategories
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import query, writes
from sandbooks.platforms.xero.api.registry import ROOT, Keep, Resource
from sandbooks.platforms.xero.refusals import NotFound, invalid
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.wire import reading, writing
from sandbooks.wire import Response

Body = dict[str, Any]
SCOPES = "accounting.settings"
# Unconfirmed: both limits; settings `tracking_categories_max` and `tracking_options_max` move them.
CATEGORIES_MOST = 2
OPTIONS_MOST = 100


def write_category(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create, rename or archive a tracking category. Raises Invalid."""
    company = call.company
    body: Body = prior.copy() if prior else {"TrackingCategoryID": company.records.next_uuid("tracking"), "Options": []}
    body |= {
        "Name": given.get("Name") or body.get("Name", ""),
        "Status": given.get("Status", body.get("Status", "ACTIVE")),
    }
    others = company.records.find("TrackingCategory", "Name", body["Name"].lower())
    if not body["Name"] or any(other.id != body["TrackingCategoryID"] and other.active for other in others):
        raise invalid("Please enter a unique Name.")
    most = int(company.settings.get("tracking_categories_max", CATEGORIES_MOST))
    active = [r for r in company.records.scan("TrackingCategory") if r.active and r.id != body["TrackingCategoryID"]]
    if body["Status"] == "ACTIVE" and len(active) >= most and (prior is None or not prior.active):
        raise invalid(f"You already have {most} active tracking categories.")
    for option in given.get("Options", []) if prior is None else []:
        body["Options"].append(_new_option(company, body, option))
    return save(company, "TrackingCategory", body)


def _new_option(company: Company, category: Body, given: Mapping[str, Any]) -> Body:
    """An option of a category. Raises Invalid."""
    name = given.get("Name", "")
    _check_option(category, name, own="")
    if len(category["Options"]) >= int(company.settings.get("tracking_options_max", OPTIONS_MOST)):
        raise invalid("A tracking category can have no more options.")
    return {"TrackingOptionID": company.records.next_uuid("option"), "Name": name, "Status": "ACTIVE"}


def _check_option(category: Body, name: str, *, own: str) -> None:
    taken = [o for o in category["Options"] if o["Name"].lower() == name.lower() and o["TrackingOptionID"] != own]
    if not name or any(option["Status"] != "DELETED" for option in taken):
        raise invalid("Please enter a unique Name.")


def _used(company: Company, id: str) -> bool:
    """Whether any posting carries a category or option."""
    return any(id in pair for line in company.book.lines() for pair in line.posting.dimensions)


def delete_category(call: Call) -> Response:
    """DELETE: gone when unused. Raises Invalid when used."""
    record = CATEGORIES.find(call, call.args["id"])

    def run() -> Response:
        if _used(call.company, record.id):
            raise invalid("Tracking categories that have been used in transactions cannot be deleted.")
        gone = save(call.company, "TrackingCategory", {**record.copy(), "Status": "DELETED"})
        return writing.answer(call, "TrackingCategory", [gone.body])

    return writes.keyed(call, run)


def put_options(call: Call) -> Response:
    """PUT …/Options: new options of a category."""
    given = [reading.read(element, "TrackingOption") for element in reading.elements(call, "TrackingOption")]

    def run() -> Response:
        body = CATEGORIES.find(call, call.args["id"]).copy()
        made = []
        for option in given:
            made.append(_new_option(call.company, body, option))
            body["Options"].append(made[-1])
        save(call.company, "TrackingCategory", body)
        return writing.answer(call, "TrackingOption", made)

    return writes.keyed(call, run)


def _changed_option(call: Call, changes: Mapping[str, Any]) -> Response:
    body = CATEGORIES.find(call, call.args["id"]).copy()
    wanted = call.args["option"].lower()
    option = next((o for o in body["Options"] if o["TrackingOptionID"] == wanted), None)
    if option is None:
        raise NotFound
    if changes.get("Status") == "DELETED" and _used(call.company, wanted):
        raise invalid("Tracking options that have been used in transactions cannot be deleted.")
    if changes.get("Name"):
        _check_option(body, changes["Name"], own=wanted)
    option.update({name: changes[name] for name in ("Name", "Status") if changes.get(name)})
    save(call.company, "TrackingCategory", body)
    return writing.answer(call, "TrackingOption", [option])


def post_option(call: Call) -> Response:
    """POST …/Options/{id}: rename or archive."""
    (element, *_) = reading.elements(call, "TrackingOption") or [{}]
    given = reading.read(element, "TrackingOption")
    return writes.keyed(call, lambda: _changed_option(call, given))


def delete_option(call: Call) -> Response:
    return writes.keyed(call, lambda: _changed_option(call, {"Status": "DELETED"}))


def _keep(call: Call) -> Keep | None:
    if query.is_true(call, "includeArchived"):
        return lambda body: body["Status"] != "DELETED"
    return lambda body: body["Status"] == "ACTIVE"


CATEGORIES = Resource(kind="TrackingCategory", scopes=SCOPES, writer=write_category, keep=_keep)
_OPTIONS = f"{ROOT}/TrackingCategories/<id>/Options"
OPERATIONS = (
    *CATEGORIES.operations(),
    Operation(
        "delete_TrackingCategories",
        "DELETE",
        f"{ROOT}/TrackingCategories/<id>",
        delete_category,
        writes=True,
        scope=SCOPES,
    ),
    Operation("put_options", "PUT", _OPTIONS, put_options, writes=True, scope=SCOPES),
    Operation("post_option", "POST", f"{_OPTIONS}/<option>", post_option, writes=True, scope=SCOPES),
    Operation("delete_option", "DELETE", f"{_OPTIONS}/<option>", delete_option, writes=True, scope=SCOPES),
)
