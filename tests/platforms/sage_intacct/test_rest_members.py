"""Members of REST documents: the names of the OpenAPI are answered, those of public clients are taken beside them."""

from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.sage_intacct.desk import PLAN, Desk, open_desk
from tests.platforms.sage_intacct.rest_bodies import BILL, CARD, bill, charge, line, made, refused

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated

ENTRY = "objects/general-ledger/journal-entry"
TRANSFER = "objects/cash-management/funds-transfer"
PAYMENT = "objects/accounts-payable/payment"


def shown(desk: Desk, path: str, key: str) -> dict[str, Any]:
    status, answer = desk.rest("GET", f"{path}/{key}")
    assert status == 200, answer
    found: dict[str, Any] = answer["ia::result"]
    return found


def entry(desk: Desk, amount: str = "5.50", **more: Any) -> dict[str, Any]:
    sides = [
        {**line(desk, account, amount), "txnType": side}
        for account, side in (("travel", "debit"), ("office", "credit"))
    ]
    return {"glJournal": {"id": "GJ"}, "postingDate": "2026-03-02", "description": "Move", "lines": sides, **more}


@pytest.mark.parametrize("name", ["automaticReversalDate", "reverseDate"])
def test_an_entry_is_reversed_on_the_day_that_either_name_gives(desk: Desk, name: str) -> None:
    key = made(desk, ENTRY, entry(desk, **{name: "2026-03-17"}))
    found = shown(desk, ENTRY, key)
    assert found["automaticReversalDate"] == "2026-03-17"
    assert "reverseDate" not in found
    assert desk.books() == {}


def test_an_entry_tells_its_number_balance_origin_and_lines(desk: Desk) -> None:
    found = shown(desk, ENTRY, made(desk, ENTRY, entry(desk)))
    assert (found["txnNumber"], found["balance"], found["moduleName"], found["state"]) == (1, "0.00", "2.GL", "posted")
    assert found["glJournal"]["href"] == f"/objects/general-ledger/journal/{found['glJournal']['key']}"
    first, second = found["lines"]
    assert (first["txnType"], second["txnType"], first["lineNumber"], second["lineNumber"]) == ("debit", "credit", 1, 2)
    assert (first["baseAmount"], first["entryDate"]) == ("5.50", "2026-03-02")
    assert first["href"] == f"/objects/general-ledger/journal-entry-line/{first['key']}"
    assert first["journalEntry"] == {"key": found["key"], "id": found["key"], "href": found["href"]}


def test_an_entry_is_taxed_as_its_group_tax_says(desk: Desk) -> None:
    detail = desk.labels["taxes"]["standard"]
    vendor = desk.labels["suppliers"]["acme"]
    body = entry(desk, "50.00", tax={"taxImplication": "inbound", "vendor": {"id": vendor}})
    body["lines"][0]["taxEntries"] = [{"taxDetail": {"id": detail}}]
    body["lines"][1]["txnAmount"] = "60.00"
    found = shown(desk, ENTRY, made(desk, ENTRY, body))
    assert (found["tax"]["taxImplication"], found["tax"]["vendor"]["id"]) == ("inbound", vendor)
    (tax,) = found["lines"][0]["taxEntries"]
    assert (tax["txnTaxAmount"], tax["baseTaxAmount"], tax["taxDetail"]["id"]) == ("10.00", "10.00", detail)
    assert desk.books() == {"travel": "50.00", "input_tax": "10.00", "office": "-60.00"}


def test_taxes_of_a_bill_are_answered_line_by_line(desk: Desk) -> None:
    detail = desk.labels["taxes"]["standard"]
    taxed = line(desk, "office", "30.00", taxEntries=[{"purchasingTaxDetail": {"id": detail}}])
    found = shown(desk, BILL, made(desk, BILL, bill(desk, lines=[taxed, line(desk, "travel", "7.10")])))
    first, second = found["lines"]
    (tax,) = first["taxEntries"]
    assert (tax["txnTaxAmount"], tax["taxRate"], tax["purchasingTaxDetail"]["id"]) == ("6.00", 20, detail)
    assert tax["purchasingTaxDetail"]["href"].startswith("/objects/tax/purchasing-tax-detail/")
    assert "taxEntries" not in second
    assert (found["totalTxnAmount"], found["totalTxnAmountDue"]) == ("43.10", "43.10")


def test_a_bill_tells_what_is_paid_of_it_and_of_each_line(desk: Desk) -> None:
    key = made(desk, BILL, bill(desk))
    detail = {"bill": {"key": key}, "txnCurrency": {"paymentAmount": "73.90"}}
    body = {
        "financialEntity": {"entityId": desk.account("bank")},
        "vendor": {"id": desk.labels["suppliers"]["acme"]},
        "paymentMethod": "eft",
        "paymentDate": "2026-03-09",
        "details": [detail],
    }
    paid = shown(desk, PAYMENT, made(desk, PAYMENT, {**body, "action": "submit"}))
    assert (paid["state"], paid["paymentMethod"], paid["recordType"]) == ("confirmed", "EFT", "apPayment")
    assert (paid["txnPaidDate"], paid["financialEntity"]["currency"]) == ("2026-03-09", "GBP")
    found = shown(desk, BILL, key)
    assert found["paymentInformation"] == {
        "fullyPaidDate": "2026-03-09",
        "totalBaseAmountPaid": "73.90",
        "totalTxnAmountPaid": "73.90",
    }
    assert found["lines"][0]["paymentInformation"]["totalTxnAmountPaid"] == "73.90"
    assert (found["state"], found["totalTxnAmountDue"], found["recordType"]) == ("paid", "0.00", "pi")


def test_what_is_worked_out_is_not_taken_from_a_client(desk: Desk) -> None:
    lines = [line(desk, "office", "12.40", baseAmount="999.00", lineNumber=7)]
    sent = bill(desk, lines=lines, totalTxnAmount="888.00", paymentInformation={"totalTxnAmountPaid": "777.00"})
    found = shown(desk, BILL, made(desk, BILL, sent))
    assert (found["totalTxnAmount"], found["lines"][0]["baseAmount"], found["lines"][0]["lineNumber"]) == (
        "12.40",
        "12.40",
        "1",
    )
    assert desk.books() == {"office": "12.40", "payables": "-12.40"}


@pytest.mark.parametrize("member", [{"project": {"isBillable": True}}, {"isBillable": True}])
def test_a_line_is_billable_by_either_name(desk: Desk, member: dict[str, Any]) -> None:
    found = shown(desk, BILL, made(desk, BILL, bill(desk, lines=[line(desk, "office", "8.20", **member)])))
    assert found["lines"][0]["project"] == {"isBillable": True}
    assert "isBillable" not in found["lines"][0]


def test_the_days_since_a_bill_was_due_are_counted(desk: Desk) -> None:
    today = desk.world.clock.today()
    late, early = (
        shown(desk, BILL, made(desk, BILL, bill(desk, number, dueDate=due)))["dueInDays"]
        for number, due in (("L", "2026-03-03"), ("E", "2026-12-31"))
    )
    assert (int(late) > 0, int(early) < 0) == (today.isoformat() > "2026-03-03", True)


TRANSFERS = [
    lambda bank, reserve: {
        "transferFromAccount": {"bankAccount": {"id": bank}, "transferAmount": "12.00"},
        "transferToAccount": {"bankAccount": {"id": reserve}},
    },
    lambda bank, reserve: {"fromAccount": {"id": bank}, "toAccount": {"id": reserve}, "transferAmount": "12.00"},
]


@pytest.mark.parametrize("form", TRANSFERS)
def test_a_transfer_names_its_accounts_and_amount_either_way(desk: Desk, form: Any) -> None:
    bank, reserve = desk.account("bank"), desk.account("reserve")
    found = shown(desk, TRANSFER, made(desk, TRANSFER, {"sendDate": "2026-03-02", **form(bank, reserve)}))
    assert found["transferFromAccount"]["bankAccount"] == {"id": bank, "currency": "GBP"}
    assert (found["transferFromAccount"]["transferAmount"], found["state"]) == ("12.00", "posted")
    assert found["transferToAccount"]["bankAccount"]["id"] == reserve
    assert desk.books() == {"bank": "-12.00", "reserve": "12.00"}


def test_a_charge_is_reversed_and_both_point_at_each_other(desk: Desk) -> None:
    key = made(desk, CARD, charge(desk))
    step = {"key": key, "reversedDate": "2026-03-11", "memo": "Twice"}
    status, answer = desk.rest("POST", "workflows/cash-management/credit-card-txn/reverse", step)
    mirror = answer["ia::result"]["key"]
    assert (status, answer["ia::result"]["state"]) == (200, "reversed")
    assert mirror != key
    first, second = shown(desk, CARD, key), shown(desk, CARD, mirror)
    assert (first["state"], first["reversedBy"]["key"]) == ("reversed", mirror)
    assert (second["state"], second["reversalOf"]["key"], second["txnDate"]) == ("reversal", key, "2026-03-11")
    assert (first["txnTotalEntered"], second["txnTotalEntered"]) == ("18.40", "-18.40")
    assert desk.books() == {}


def test_a_reversed_charge_is_not_reversed_again(desk: Desk) -> None:
    key = made(desk, CARD, charge(desk))
    path, step = "workflows/cash-management/credit-card-txn/reverse", {"key": key, "reversedDate": "2026-03-11"}
    assert desk.rest("POST", path, step)[0] == 200
    refused(desk, "POST", path, step, status=422)
    refused(desk, "POST", path, {**step, "nosuch": 1}, status=400)


ACCOUNTS = "objects/cash-management/credit-card-account"


def test_a_card_account_has_its_details_in_groups(desk: Desk) -> None:
    liability = desk.account("office")
    grouped = {
        "id": "C-NEW",
        "accountDetails": {"cardType": "americanExpress", "accountType": "credit", "expirationMonth": "07"},
        "accounting": {"offsetGLAccount": {"id": liability}},
        "vendor": {"id": desk.labels["suppliers"]["acme"]},
    }
    plain = {
        "id": "C-OLD",
        "cardType": "americanExpress",
        "accountDetails": {"accountType": "credit", "offsetGLAccount": {"id": liability}},
        "expirationMonth": "07",
        "vendor": {"id": desk.labels["suppliers"]["acme"]},
    }
    for body in (grouped, plain):
        found = shown(desk, ACCOUNTS, made(desk, ACCOUNTS, body))
        details = found["accountDetails"]
        assert (details["cardType"], details["accountType"], details["expirationMonth"]) == (
            "americanExpress",
            "credit",
            "07",
        )
        assert found["accounting"]["offsetGLAccount"]["id"] == liability
    kept = desk.query("CREDITCARD", "CARDTYPE", "EXP_MONTH", filter={"equalto": {"field": "CARDID", "value": "C-NEW"}})
    assert kept == [{"CARDTYPE": "American Express", "EXP_MONTH": "July"}]


@pytest.mark.parametrize("place", [("accounting", "glAccount"), ("accountingMethod", "cashGLAccount")])
def test_a_checking_account_is_made_by_either_name_of_its_ledger_account(desk: Desk, place: tuple[str, str]) -> None:
    group, name = place
    path = "objects/cash-management/checking-account"
    body = {"id": "B-9", "bankAccountDetails": {"bankName": "Elm"}, group: {name: {"id": desk.account("office")}}}
    found = shown(desk, path, made(desk, path, body))
    assert found["accounting"]["glAccount"]["id"] == desk.account("office")


def test_words_of_accounts_are_those_of_rest(desk: Desk) -> None:
    path = "objects/general-ledger/account"
    body = {"id": "6999", "name": "Fares", "accountType": "incomeStatement", "closingType": "nonClosingAccount"}
    found = shown(desk, path, made(desk, path, {**body, "normalBalance": "debit", "alternativeGLAccount": "none"}))
    assert (found["accountType"], found["closingType"], found["alternativeGLAccount"]) == (
        "incomeStatement",
        "nonClosingAccount",
        "none",
    )
    refused(desk, "POST", path, {**body, "id": "6998", "accountType": "magic"}, status=400)


def test_tax_details_tell_their_rate_with_eight_decimals(desk: Desk) -> None:
    asked = {"object": "tax/tax-detail", "fields": ["taxPercent", "taxType", "reverseCharge", "glAccount.id"]}
    filters = [{"$eq": {"id": desk.labels["taxes"]["standard"]}}]
    (row,) = desk.rest("POST", "services/core/query", {**asked, "filters": filters})[1]["ia::result"]
    assert (row["taxPercent"], row["taxType"], row["reverseCharge"]) == ("20.00000000", "purchase", False)
    assert row["glAccount.id"] == desk.account("input_tax")


def test_allocations_are_exact_by_either_word(desk: Desk) -> None:
    path = "objects/general-ledger/txn-allocation-template"
    for id, word in (("A-1", "exactAmount"), ("A-2", "absolute")):
        parts = [{"value": value, "dimensions": {}} for value in ("30.00", "12.50")]
        found = shown(desk, path, made(desk, path, {"id": id, "allocateBy": word, "lines": parts}))
        assert (found["allocateBy"], [each["lineNumber"] for each in found["lines"]]) == ("exactAmount", [1, 2])


@pytest.mark.parametrize("path", ["general-ledger/journal", "general-ledger/reporting-period", "company-config/user"])
def test_journals_periods_and_users_are_read_and_not_written(desk: Desk, path: str) -> None:
    listed = desk.rest("GET", f"objects/{path}")[1]["ia::result"]
    found = shown(desk, f"objects/{path}", listed[0]["key"])
    assert (found["id"], found["status"]) == (listed[0]["id"], "active")
    told = desk.rest("GET", f"services/core/model?name={path}")[1]["ia::result"]
    assert told["httpMethods"] == "OPTIONS,GET"
    for method, place, body in (("POST", "", {"id": "X"}), ("PATCH", f"/{found['key']}", {"name": "X"})):
        with pytest.raises(NotSimulated):
            desk.rest(method, f"objects/{path}{place}", body)
    with pytest.raises(NotSimulated):
        desk.rest("DELETE", f"objects/{path}/{found['key']}")


@pytest.mark.parametrize(
    "path",
    [
        "company-config/role",
        "company-config/permission",
        "company-config/role-user-map",
        "company-config/role-permission-assignment/3",
        "company-config/multi-entity-preference/setup",
        "general-ledger/statistical-account",
        "inventory-control/txn-definition",
        "construction/work-order",
        "core/schedule",
    ],
)
def test_objects_of_the_openapi_that_are_not_kept_say_so(desk: Desk, path: str) -> None:
    with pytest.raises(NotSimulated):
        desk.rest("GET", f"objects/{path}")


@pytest.mark.parametrize(
    "more",
    [
        {"fields": ["max:creditLimit"]},
        {"filters": [{"$has": {"name": "x"}}]},
        {"filterParameters": {"includeHierarchyFields": True}},
    ],
)
def test_parts_of_queries_that_are_not_kept_say_so(desk: Desk, more: dict[str, Any]) -> None:
    with pytest.raises(NotSimulated):
        desk.rest("POST", "services/core/query", {"object": "accounts-payable/vendor", "fields": ["id"], **more})


def test_an_unknown_member_is_told_with_its_place_and_number(desk: Desk) -> None:
    error = refused(desk, "POST", BILL, bill(desk, contacts={"nosuch": {"name": "x"}}), status=400)
    assert (error["errorId"], error["additionalInfo"]["messageId"]) == ("REST-1064", "IA.PAYLOAD_CONTAINS_ERRORS")
    (detail,) = error["details"]
    assert (detail["code"], detail["errorId"], detail["target"]) == (
        "invalidRequest",
        "REST-1043",
        "/contacts/nosuch/name",
    )
    assert detail["additionalInfo"]["placeholders"] == {"FIELD": "/contacts/nosuch/name"}


def test_a_request_without_a_body_is_told_by_its_number(desk: Desk) -> None:
    error = refused(desk, "POST", BILL, b"", status=400)
    assert (error["errorId"], error["additionalInfo"]["placeholders"]) == ("REST-1028", {"OPERATION": "POST"})


def test_a_query_names_members_in_groups(desk: Desk) -> None:
    made(desk, BILL, bill(desk))
    asked = {"object": "accounts-payable/bill", "fields": ["vendor.href", "currency.exchangeRate.rate", "isOnHold"]}
    filters = [{"$eq": {"vendor.id": desk.labels["suppliers"]["acme"]}}, {"$gte": {"totalTxnAmount": "73.9"}}]
    (row,) = desk.rest("POST", "services/core/query", {**asked, "filters": filters})[1]["ia::result"]
    assert row["vendor.href"].startswith("/objects/accounts-payable/vendor/")
    assert row["isOnHold"] is False


def test_projects_and_tasks_have_their_dates_and_words(desk: Desk) -> None:
    path = "objects/projects/project"
    dates = {"startDate": "2026-01-05", "endDate": "2026-09-30"}
    made(desk, path, {"id": "P-9", "name": "Mill", "category": "internalBillable", **dates})
    task = {"id": "T-1", "name": "Roof", "project": {"id": "P-9"}, "planned": {"startDate": "2026-02-02"}}
    found = shown(desk, "objects/projects/task", made(desk, "objects/projects/task", task))
    project = shown(desk, path, found["project"]["key"])
    assert (project["category"], project["startDate"], project["endDate"]) == (
        "internalBillable",
        "2026-01-05",
        "2026-09-30",
    )
    assert (found["planned"]["startDate"], found["isMilestone"]) == ("2026-02-02", False)
    refused(desk, "POST", path, {"id": "P-8", "name": "Weir", "startDate": ["x"]}, status=400)


def test_an_expense_report_is_recalled_from_its_approvers_once(app: App) -> None:
    desk = open_desk(app, replace(PLAN, settings={**PLAN.settings, "expense_approval": True}))
    desk.create("EMPLOYEE", EMPLOYEEID="E-1", PERSONALINFO={"CONTACTNAME": "Ana Bell", "PRINTAS": "Ana Bell"})
    lines = [line(desk, "travel", "31.20", entryDate="2026-03-01", quantity="2", unitRate="15.60")]
    report = {"employee": {"id": "E-1"}, "createdDate": "2026-03-02", "state": "submitted", "lines": lines}
    path, steps = "objects/expenses/employee-expense", "workflows/expenses/employee-expense/recall"
    key = made(desk, path, report)
    assert desk.rest("POST", steps, {"key": key})[1]["ia::result"]["state"] == "draft"
    found = shown(desk, path, key)
    assert (found["state"], found["lines"][0]["unitRate"], found["lines"][0]["quantity"]) == ("draft", "15.60", "2.00")
    refused(desk, "POST", steps, {"key": key}, status=422)
    assert desk.books() == {}


@pytest.mark.parametrize(
    "more",
    [
        {"retainage": {"defaultPercentage": "5.00"}},
        {"invoiceType": "eInvoice"},
        {"lines": [{"releaseToPay": True}]},
        {"lines": [{"fixedAsset": {"assetCreationMode": "createFixedAsset"}}]},
    ],
)
def test_members_of_the_product_that_are_not_kept_are_told_aloud(desk: Desk, more: dict[str, Any]) -> None:
    lines = [{**line(desk, "office", "4.80"), **each} for each in more.get("lines", [{}])]
    with pytest.raises(NotSimulated):
        desk.rest("POST", BILL, bill(desk, **{**more, "lines": lines}))
    assert desk.books() == {}


def test_a_member_that_is_not_kept_may_say_nothing(desk: Desk) -> None:
    lines = [line(desk, "office", "4.80", releaseToPay=False, form1099={"type": None})]
    made(desk, BILL, bill(desk, lines=lines, invoiceType=None))
    assert desk.books() == {"office": "4.80", "payables": "-4.80"}


def test_a_vendor_keeps_its_terms_of_payment_and_its_form(desk: Desk) -> None:
    path = "objects/accounts-payable/vendor"
    more = {"billingType": "openItem", "form1099": {"type": "NEC", "box": "1"}, "mergePaymentRequests": False}
    key = made(desk, path, {"id": "V-9", "name": "Elm", "creditLimit": 2500, "isOnHold": True, **more})
    found = shown(desk, path, key)
    assert (found["billingType"], found["form1099"]["type"], found["creditLimit"]) == ("openItem", "NEC", 2500)
    assert (found["isOnHold"], found["totalDue"]) == (True, "0.00")
    with pytest.raises(NotSimulated):
        desk.rest("PATCH", f"{path}/{key}", {"t5018": {"isT5018Enabled": True}})


LISTS = {
    "accounts-receivable/customer": (
        {"id": "C-7", "name": "Wren Ltd", "creditLimit": 250, "isOneTimeUse": True, "notes": "Tier 1"},
        {"customerType": {"id": "Direct"}, "term": {"id": "N30"}, "shippingMethod": {"id": "Van"}},
    ),
    "inventory-control/item": (
        {"id": "I-7", "name": "Plank", "itemType": "purchaseOnlyNonInventory", "costMethod": "average"},
        {"sales": {"basePrice": "4.10", "isTaxable": True, "taxGroup": {"id": "G"}}, "precision": {"upc": "23"}},
    ),
    "construction/cost-type": (
        {"name": "Labour", "description": "Hours", "costUnitDescription": "hour"},
        {
            "standardCostType": {"id": "LAB"},
            "planned": {"startDate": "2026-03-04", "endDate": "2026-05-01"},
            "accumulationType": {"id": "Work"},
        },
    ),
    "inventory-control/warehouse": ({"id": "W-7", "name": "North shed"}, {}),
    "contracts/contract": (
        {"id": "K-7", "name": "Cloud", "startDate": "2026-01-01", "endDate": "2026-12-31"},
        {"paymentTerm": {"id": "N30"}, "currency": {"txnCurrency": "GBP"}},
    ),
    "tax/purchasing-tax-detail": (
        {"id": "T-7", "description": "Reduced", "taxPercent": 5, "reverseCharge": False},
        {"taxAuthority": {"id": "HMRC"}},
    ),
}
REFERRED = {
    "accounts-receivable/customer": {"salesRepresentative": "E-7", "contacts.billTo": "Ana Bell"},
    "construction/cost-type": {"project": "P-7", "glAccount": "office"},
    "inventory-control/warehouse": {"location": "L-7"},
    "contracts/contract": {"dimensions.customer": "C-8", "dimensions.location": "L-7"},
    "tax/purchasing-tax-detail": {"purchaseGLAccount": "input_tax"},
}
NEEDED = {
    "accounts-receivable/customer": ("name",),
    "inventory-control/item": ("id", "name", "itemType"),
    "construction/cost-type": ("name", "project"),
    "inventory-control/warehouse": ("id", "name", "location"),
    "contracts/contract": ("id", "name", "startDate", "endDate", "paymentTerm", "dimensions"),
    "tax/purchasing-tax-detail": ("id",),
}


def full(desk: Desk, path: str) -> dict[str, Any]:
    """A document of a list with everything that is kept of it."""
    desk.create("EMPLOYEE", EMPLOYEEID="E-7", PERSONALINFO={"CONTACTNAME": "Ana Bell", "PRINTAS": "Ana Bell"})
    desk.create("LOCATION", LOCATIONID="L-7", NAME="Leeds")
    desk.create("CUSTOMER", CUSTOMERID="C-8", NAME="Heron")
    desk.create("PROJECT", PROJECTID="P-7", NAME="Barn", PROJECTCATEGORY="Contract")
    plain, groups = LISTS[path]
    body: dict[str, Any] = {**plain, **groups}
    for place, id in REFERRED.get(path, {}).items():
        *heads, last = place.split(".")
        group = body
        for head in heads:
            group = group.setdefault(head, {})
        group[last] = {"id": desk.account(id) if id in ("office", "input_tax") else id}
    return body


def within(found: Any, sent: Any) -> bool:
    """Whether a document holds all that was sent."""
    if isinstance(sent, dict):
        return isinstance(found, dict) and all(name in found and within(found[name], sent[name]) for name in sent)
    return bool(found == sent)


@pytest.mark.parametrize("path", sorted(LISTS))
def test_a_list_entry_is_answered_as_it_was_sent(desk: Desk, path: str) -> None:
    body = full(desk, path)
    found = shown(desk, f"objects/{path}", made(desk, f"objects/{path}", body))
    assert within(found, body), found
    assert found["id"] == body.get("id", "LAB")
    place, wrong = f"objects/{path}/{found['key']}", {"name": "x", "nonsense": 1}
    assert desk.rest("PATCH", place, {"status": "inactive"})[0] == 200
    assert (shown(desk, f"objects/{path}", found["key"])["status"], desk.rest("PATCH", place, wrong)[0]) == (
        "inactive",
        400,
    )


@pytest.mark.parametrize("path", sorted(NEEDED))
def test_a_list_entry_lacks_nothing_that_is_needed(desk: Desk, path: str) -> None:
    body = full(desk, path)
    for name in NEEDED[path]:
        lacking = {other: value for other, value in body.items() if other != name}
        error = refused(desk, "POST", f"objects/{path}", lacking, status=400)
        assert name in error["message"]


def test_members_of_lists_that_are_not_kept_are_told_aloud(desk: Desk) -> None:
    for path, member in (
        ("inventory-control/item", {"tracking": {"enableBins": True}}),
        ("accounts-receivable/customer", {"customerType": {"key": "4"}}),
        ("contracts/contract", {"state": "draft"}),
        ("tax/purchasing-tax-detail", {"taxLimit": {"minTax": 10}}),
    ):
        with pytest.raises(NotSimulated):
            desk.rest("POST", f"objects/{path}", {**LISTS[path][0], **member})


def test_tax_details_are_only_read_and_those_of_purchases_written(desk: Desk) -> None:
    desk.create("TAXDETAIL", DETAILID="S-7", VALUE="20", TAXTYPE="Sale")
    key = made(desk, "objects/tax/purchasing-tax-detail", {"id": "T-7", "taxPercent": "12.5"})
    assert shown(desk, "objects/tax/tax-detail", key)["taxPercent"] == "12.50000000"
    sale = desk.query("TAXDETAIL", "RECORDNO", filter={"equalto": {"field": "DETAILID", "value": "S-7"}})
    refused(desk, "GET", f"objects/tax/purchasing-tax-detail/{sale[0]['RECORDNO']}", None, status=404)
    ids = [each["id"] for each in desk.rest("GET", "objects/tax/purchasing-tax-detail")[1]["ia::result"]]
    assert ("T-7" in ids, "S-7" in ids) == (True, False)
    assert desk.rest("GET", "services/core/model?name=tax/tax-detail")[1]["ia::result"]["httpMethods"] == "OPTIONS,GET"
    refused(desk, "POST", "objects/tax/tax-detail", {"id": "X", "taxPercent": "5"}, status=405)
    refused(desk, "PATCH", f"objects/tax/tax-detail/{key}", {"description": "x"}, status=405)


def test_a_transfer_is_made_and_read_and_nothing_else(desk: Desk) -> None:
    bank, reserve = desk.account("bank"), desk.account("reserve")
    key = made(desk, TRANSFER, {"sendDate": "2026-03-02", "description": "Move", **TRANSFERS[0](bank, reserve)})
    refused(desk, "PATCH", f"{TRANSFER}/{key}", {"description": "x"}, status=405)
    refused(desk, "DELETE", f"{TRANSFER}/{key}", None, status=405)
