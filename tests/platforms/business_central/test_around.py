"""Around the documents: sign-in, dimensions, files, subscriptions, seeds."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from tests.platforms.business_central.desk import BLANK_ID, HOST, PLAN, ROOT, Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit import outbox
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.wire import Answer, Cut, Request, Response

LOGIN = "https://login.microsoftonline.com"
BACK = "https://app.example/back"


def ask(desk: Desk, method: str, url: str, form: dict[str, str] | None = None, **headers: str) -> Response:
    raw = urlencode(form or {}).encode()
    sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    answer = desk.app.edge.dispatch(Request(method, url, tuple(sent.items()), raw), world=desk.world, raises=True)
    assert isinstance(answer, Response)
    return answer


def token(desk: Desk, *, tenant: str = "organizations", **form: str) -> Any:
    given = {"client_id": desk.credentials["client_id"], "client_secret": desk.credentials["client_secret"], **form}
    answer = ask(desk, "POST", f"{LOGIN}/{tenant}/oauth2/v2.0/token", given)
    return {"status": answer.status, **exact_json.loads(answer.body)}


def claims(value: str) -> dict[str, Any]:
    middle = value.split(".")[1]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    return decoded


def test_discovery_names_the_endpoints_of_the_tenant(desk: Desk) -> None:
    tenant = desk.credentials["tenant_id"]
    body = exact_json.loads(ask(desk, "GET", f"{LOGIN}/{tenant}/v2.0/.well-known/openid-configuration").body)
    assert body["token_endpoint"] == f"{LOGIN}/{tenant}/oauth2/v2.0/token"
    assert body["issuer"] == f"{LOGIN}/{tenant}/v2.0"
    assert exact_json.loads(ask(desk, "GET", body["jwks_uri"]).body)["keys"][0]["kty"] == "RSA"
    authority = f"{LOGIN}/{tenant}/oauth2/v2.0/authorize"
    asked = f"{LOGIN}/common/discovery/instance?api-version=1.1&authorization_endpoint={authority}"
    found = exact_json.loads(ask(desk, "GET", asked).body)
    assert found["tenant_discovery_endpoint"] == f"{LOGIN}/{tenant}/v2.0/.well-known/openid-configuration"
    strange = ask(desk, "GET", f"{LOGIN}/f8a5738a-44e3-ea11-bb43-000d3a2feca1/v2.0/.well-known/openid-configuration")
    assert exact_json.loads(strange.body)["error_codes"] == [90002]


def test_an_application_signs_in_by_itself(desk: Desk) -> None:
    answer = token(desk, grant_type="client_credentials", scope=f"{HOST}/.default")
    assert (answer["status"], answer["expires_in"], "refresh_token" in answer) == (200, 3599, False)
    held = claims(answer["access_token"])
    assert (held["aud"], held["tid"], held["roles"][0]) == (HOST, desk.credentials["tenant_id"], "API.ReadWrite.All")
    desk.token = answer["access_token"]
    assert len(desk.list("vendors")) == 2


def test_an_access_token_lasts_an_hour_and_is_renewed(desk: Desk) -> None:
    desk.world.advance(by=timedelta(seconds=3600))
    assert desk.send("GET", "vendors").status == 401
    answer = token(desk, grant_type="refresh_token", refresh_token=desk.credentials["refresh_token"])
    assert answer["refresh_token"]
    assert token(desk, grant_type="refresh_token", refresh_token=desk.credentials["refresh_token"])["status"] == 200
    desk.token = answer["access_token"]
    assert desk.send("GET", "vendors").status == 200


def test_a_person_consents_and_the_code_is_used_once(desk: Desk) -> None:
    asked = {
        "client_id": desk.credentials["client_id"],
        "response_type": "code",
        "redirect_uri": BACK,
        "scope": f"openid offline_access {HOST}/Financials.ReadWrite.All",
        "state": "s-1",
        "nonce": "n-1",
    }
    url = f"{LOGIN}/common/oauth2/v2.0/authorize"
    page = ask(desk, "GET", f"{url}?{urlencode(asked)}", Accept="text/html")
    assert b"Larch and Finch Ltd" in page.body
    denied = ask(desk, "POST", url, {**asked, "sandbox_decision": "cancel"})
    assert "error=access_denied" in denied.header("Location")
    sent = ask(desk, "POST", url, {**asked, "sandbox_decision": "approve"})
    back = parse_qs(urlsplit(sent.header("Location")).query)
    assert (sent.status, back["state"]) == (302, ["s-1"])
    form = {"grant_type": "authorization_code", "code": back["code"][0], "redirect_uri": BACK}
    assert token(desk, **{**form, "redirect_uri": "https://other.example"})["error"] == "invalid_grant"
    answer = token(desk, **form)
    assert claims(answer["id_token"])["nonce"] == "n-1"
    desk.token = answer["access_token"]
    assert desk.send("GET", "vendors").status == 200
    assert token(desk, **form)["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("form", "error", "number"),
    [
        ({"grant_type": "client_credentials", "client_secret": "no"}, "invalid_client", 7000215),
        ({"grant_type": "client_credentials", "client_id": "no"}, "unauthorized_client", 700016),
        (
            {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"},
            "invalid_resource",
            500011,
        ),
        ({"grant_type": "client_credentials", "scope": "openid"}, "invalid_scope", 1002012),
        ({"grant_type": "refresh_token", "refresh_token": "no"}, "invalid_grant", 70008),
        ({"grant_type": "magic"}, "unsupported_grant_type", 70003),
        ({}, "invalid_request", 900144),
    ],
)
def test_sign_in_is_refused_with_the_services_own_numbers(
    desk: Desk, form: dict[str, str], error: str, number: int
) -> None:
    answer = token(desk, **form)
    assert (answer["error"], answer["error_codes"]) == (error, [number])
    assert answer["status"] in (400, 401)
    assert answer["error_description"].startswith(f"AADSTS{number}: ")


def test_withdrawn_consent_ends_the_tokens(desk: Desk) -> None:
    with desk.world.unit():
        platform_named("business_central").load_bookkeeper().disconnect(desk.company)  # type: ignore[attr-defined]  # an optional action
    assert desk.send("GET", "vendors").status == 401
    assert token(desk, grant_type="refresh_token", refresh_token=desk.credentials["refresh_token"])["status"] == 400


# Dimensions


def test_dimensions_of_a_line_reach_its_entries(desk: Desk) -> None:
    made = desk.line(12)
    site = desk.labels["tracking"]["site"]
    chosen = desk.make(
        f"journalLines({made['id']})/dimensionSetLines",
        id=site,
        parentId=made["id"],
        valueId=desk.labels["tracking"]["site/Harbour"],
    )
    assert (chosen["id"], chosen["code"], chosen["valueCode"]) == (site, "SITE", "HARBOUR")
    path = f"journalLines({made['id']})/dimensionSetLines({site})"
    assert desk.change(path, valueCode="MILL")["valueDisplayName"] == "Mill"
    desk.post()
    first, _ = desk.list("generalLedgerEntries", expand="dimensionSetLines")
    assert [each["valueCode"] for each in first["dimensionSetLines"]] == ["MILL"]
    path = f"generalLedgerEntries({first['id']})/dimensionSetLines"
    assert "are read only for parent type" in desk.refused("POST", path, {"code": "AREA", "valueCode": "NORTH"})


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, 'The "id" or "code" field must be filled in.'),
        ({"code": "NOPE", "valueCode": "X"}, 'The "code" does not match to a Dimension.'),
        ({"code": "AREA"}, 'The "valueId" or "valueCode" field must be filled in.'),
        ({"code": "AREA", "valueCode": "SALES"}, 'The "valueCode" does not match to a Dimension Value.'),
        ({"code": "AREA", "valueCode": "NORTH"}, "The dimension set line already exists."),
    ],
)
def test_dimension_lines_that_do_not_match_are_refused(desk: Desk, given: dict[str, str], text: str) -> None:
    made = desk.line(12)
    path = f"journalLines({made['id']})/dimensionSetLines"
    desk.make(path, code="AREA", valueCode="SOUTH")
    assert desk.refused("POST", path, given).startswith(text)


def test_dimension_lines_have_no_place_at_the_root(desk: Desk) -> None:
    text = desk.refused("POST", "dimensionSetLines", {"code": "AREA", "valueCode": "NORTH"})
    assert text == "You must get to the parent first to create a dimension set line."


def test_a_vendors_dimensions_are_copied_and_demanded(desk: Desk) -> None:
    vendor = desk.labels["suppliers"]["shop"]
    (area,) = desk.list("dimensions", filter="code eq 'AREA'")
    north, south = desk.list(f"dimensions({area['id']})/dimensionValues")
    rule = desk.make(
        f"vendors({vendor})/defaultDimensions",
        dimensionId=area["id"],
        dimensionValueId=north["id"],
        postingValidation="Same Code",
    )
    assert (rule["parentType"], rule["postingValidation"]) == ("Vendor", "Same_x0020_Code")
    made = desk.invoice(desk.item(9))
    path = f"purchaseInvoices({made['id']})/dimensionSetLines({area['id']})"
    assert desk.get(path)["valueCode"] == "NORTH"
    desk.change(path, valueId=south["id"])
    text = desk.refused("POST", f"purchaseInvoices({made['id']})/Microsoft.NAV.post")
    vendor_number = desk.get(f"vendors({vendor})")["number"]
    assert text == (
        f"The dimensions used in Invoice {made['number']} are invalid (Error: The Dimension Value Code must be NORTH "
        f"for Dimension Code AREA for Vendor {vendor_number}. Currently it's SOUTH.)."
    )
    desk.change(path, valueId=north["id"])
    desk.act(f"purchaseInvoices({made['id']})")
    assert "parent first" in desk.refused("GET", "defaultDimensions")


def test_shortcut_dimensions_are_dimensions_of_the_document(desk: Desk) -> None:
    made = desk.invoice(shortcutDimension1Code="sales")
    assert made["shortcutDimension1Code"] == "SALES"
    (line,) = desk.list(f"purchaseInvoices({made['id']})/dimensionSetLines")
    assert (line["code"], line["valueCode"]) == ("DEPARTMENT", "SALES")
    path = f"purchaseInvoices({made['id']})"
    desk.refused("PATCH", path, {"shortcutDimension1Code": "X"}, code="Internal_InvalidTableRelation")


# Files


def attach(desk: Desk, parent: str, kind: str, *, path: str = "attachments", content: bytes = b"%PDF-1") -> Any:
    made = desk.make(path, parentId=parent, fileName="bill.pdf", parentType=kind)
    assert made["byteSize"] == 0
    assert made["attachmentContent@odata.mediaEditLink"].endswith(f"{path}({made['id']})/attachmentContent")
    link = f"{path}({made['id']})/attachmentContent"
    assert desk.send("GET", link).status == 204
    bare = desk.send("PATCH", link, content, headers={"Content-Type": "application/pdf"})
    assert exact_json.loads(bare.body)["error"]["code"] == "BadRequest_InvalidToken"
    headers = {"Content-Type": "application/pdf", "If-Match": "*"}
    assert desk.send("PATCH", link, content, headers=headers).status == 204
    assert desk.send("GET", link).body == content
    return made


def test_a_receipt_stays_with_its_line_when_that_is_posted(desk: Desk) -> None:
    line = desk.line(8)
    made = attach(desk, line["id"], "Journal")
    (shown,) = desk.list("attachments", filter=f"parentId eq {line['id']}")
    assert (shown["id"], shown["byteSize"], shown["parentType"]) == (made["id"], 6, "Journal")
    desk.post()
    (kept,) = platform_named("business_central").load_bookkeeper().files(desk.company, "journalLine", line["id"])
    assert (kept.name, kept.content_type, kept.content) == ("bill.pdf", "application/pdf", b"%PDF-1")
    entry = desk.list("generalLedgerEntries")[0]
    assert desk.list(f"generalLedgerEntries({entry['id']})/attachments")[0]["byteSize"] == 6


def test_documents_and_masters_carry_files(desk: Desk) -> None:
    invoice = desk.invoice(desk.item(5))
    attach(desk, invoice["id"], "Purchase Invoice")
    assert len(desk.list(f"purchaseInvoices({invoice['id']})/attachments")) == 1
    attach(desk, invoice["vendorId"], "Vendor", path="documentAttachments")
    assert len(desk.list(f"vendors({invoice['vendorId']})/documentAttachments")) == 1


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"parentType": "Vendor"}, "Parent type Vendor is not supported. Use documentAttachments API instead."),
        ({"parentType": "Journal"}, "No document with the specified ID exists."),
        ({"parentId": BLANK_ID, "parentType": "Journal"}, "You must specify a document id to get the attachments."),
    ],
)
def test_files_of_nothing_are_refused(desk: Desk, given: dict[str, str], text: str) -> None:
    body = {"parentId": desk.labels["suppliers"]["shop"], "fileName": "a.png", **given}
    assert desk.refused("POST", "attachments", body) == text


def test_a_file_moves_nowhere_and_odd_names_give_way(desk: Desk) -> None:
    invoice = desk.invoice()
    made = desk.make("attachments", parentId=invoice["id"], fileName="a/b?.pdf", parentType="Purchase Invoice")
    assert made["fileName"] == "filename.txt"
    text = desk.refused("PATCH", f"attachments({made['id']})", {"parentId": desk.company.id})
    assert text == "You cannot change the value of the key field parentId."
    assert desk.refused("GET", "attachments") == "You must specify a document id to get the attachments."
    desk.drop(f"attachments({made['id']})")


# Subscriptions


class Receiver:
    """An application that takes notifications, and echoes the validation token unless told otherwise."""

    url = "https://hooks.example/bc"

    def __init__(self, desk: Desk) -> None:
        self.seen: list[Any] = []
        self.echoes = True
        self.status = 200
        desk.app.receivers.append((self.url, self))

    def __call__(self, request: Request) -> Answer:
        asked = parse_qs(request.query).get("validationToken")
        if asked:
            return Response(200, (), asked[0].encode() if self.echoes else b"no")
        self.seen.append(exact_json.loads(request.body))
        return Response(self.status)


def subscribe(desk: Desk, receiver: Receiver, name: str = "vendors") -> Any:
    resource = f"/api/v2.0/companies({desk.company.id})/{name}"
    body = {"notificationUrl": receiver.url, "resource": resource, "clientState": "secret"}
    answer = desk.send("POST", f"{ROOT}/subscriptions", body)
    assert answer.status == 201, answer.body
    return exact_json.loads(answer.body)


def test_a_subscription_is_told_what_changed_within_half_a_minute(desk: Desk) -> None:
    receiver = Receiver(desk)
    made = subscribe(desk, receiver)
    first = desk.make("vendors", displayName="New")
    desk.change(f"vendors({first['id']})", displayName="Newer")
    desk.make("items", displayName="Not asked for")
    assert receiver.seen == []
    desk.world.advance(by=timedelta(seconds=31))
    ((told,),) = [each["value"] for each in receiver.seen]
    assert told["resource"] == f"api/v2.0/companies({desk.company.id})/vendors({first['id']})"
    assert (told["changeType"], told["clientState"], told["subscriptionId"]) == (
        "created",
        "secret",
        made["subscriptionId"],
    )
    desk.drop(f"vendors({first['id']})")
    desk.world.advance(by=timedelta(seconds=31))
    assert receiver.seen[1]["value"][0]["changeType"] == "deleted"


def test_a_receiver_that_does_not_shake_hands_gets_no_subscription(desk: Desk) -> None:
    receiver = Receiver(desk)
    receiver.echoes = False
    body = {"notificationUrl": receiver.url, "resource": f"companies({desk.company.id})/vendors"}
    desk.refused("POST", f"{ROOT}/subscriptions", body, code="BadRequest")
    for changes in ({"resource": "companies(x)/vendors"}, {"resource": f"companies({desk.company.id})/taxGroups"}):
        answer = desk.send("POST", f"{ROOT}/subscriptions", {**body, **changes})
        assert answer.status in (400, 404)
    desk.refused("POST", f"{ROOT}/subscriptions", {**body, "notificationUrl": "http://x.example"}, code="BadRequest")
    assert desk.get(f"{ROOT}/subscriptions")["value"] == []


def test_a_subscription_runs_out_after_three_days_unless_renewed(desk: Desk) -> None:
    receiver = Receiver(desk)
    made = subscribe(desk, receiver)
    desk.world.advance(by=timedelta(days=2))
    desk.token = token(desk, grant_type="client_credentials", scope=f"{HOST}/.default")["access_token"]
    path = f"{ROOT}/subscriptions('{made['subscriptionId']}')"
    desk.refused("PATCH", path, {}, code="BadRequest_InvalidToken", headers={"If-Match": ""})
    renewed = exact_json.loads(desk.send("PATCH", path, {}, headers={"If-Match": made["@odata.etag"]}).body)
    assert renewed["expirationDateTime"] > made["expirationDateTime"]
    desk.world.advance(by=timedelta(days=3, seconds=5))
    desk.token = token(desk, grant_type="client_credentials", scope=f"{HOST}/.default")["access_token"]
    assert desk.send("GET", path).status == 404
    desk.make("vendors", displayName="Late")
    desk.world.advance(by=timedelta(minutes=1))
    assert receiver.seen == []


def test_a_receiver_that_turns_a_notification_away_is_not_asked_again(desk: Desk) -> None:
    receiver = Receiver(desk)
    receiver.status = 404
    made = subscribe(desk, receiver)
    desk.make("vendors", displayName="One")
    desk.world.advance(by=timedelta(seconds=31))
    assert desk.get(f"{ROOT}/subscriptions")["value"] == []
    assert desk.send("GET", f"{ROOT}/subscriptions('{made['subscriptionId']}')").status == 404
    desk.make("vendors", displayName="Two")
    desk.world.advance(by=timedelta(seconds=31))
    assert {each["value"][0]["changeType"] for each in receiver.seen} == {"created"}
    assert outbox.subscriptions(desk.world, "business_central") == []


def test_a_change_of_lines_is_told_as_one_of_what_they_belong_to(desk: Desk) -> None:
    made, kept = desk.invoice(desk.item(9)), desk.line(4)
    (line,) = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    receiver = Receiver(desk)
    subscribe(desk, receiver, "purchaseInvoices")
    desk.change(f"purchaseInvoiceLines({line['id']})", description="Another text, the same amount")
    desk.world.advance(by=timedelta(seconds=31))
    resource = f"api/v2.0/companies({desk.company.id})/purchaseInvoices({made['id']})"
    assert [(e["resource"], e["changeType"]) for s in receiver.seen for e in s["value"]] == [(resource, "updated")]
    receiver.seen.clear()
    subscribe(desk, receiver, "journals")
    desk.drop(f"journalLines({kept['id']})")
    desk.world.advance(by=timedelta(seconds=31))
    resource = f"api/v2.0/companies({desk.company.id})/journals({desk.batch()})"
    assert [(e["resource"], e["changeType"]) for s in receiver.seen for e in s["value"]] == [(resource, "updated")]


def test_a_deleted_subscription_is_silent(desk: Desk) -> None:
    receiver = Receiver(desk)
    made = subscribe(desk, receiver, "generalLedgerEntries")
    desk.spend(5)
    desk.world.advance(by=timedelta(seconds=31))
    assert len(receiver.seen) == 1
    desk.drop(f"{ROOT}/subscriptions('{made['subscriptionId']}')")
    desk.spend(6)
    desk.world.advance(by=timedelta(seconds=31))
    assert len(receiver.seen) == 1


def unreachable(_: Request) -> Answer:
    return Cut("refused")


def test_a_receiver_that_cannot_be_reached_gets_no_subscription(desk: Desk) -> None:
    reach: Callable[[Request], Answer] = unreachable
    desk.app.receivers.append(("https://gone.example", reach))
    body = {"notificationUrl": "https://gone.example/x", "resource": f"companies({desk.company.id})/vendors"}
    desk.refused("POST", f"{ROOT}/subscriptions", body, code="BadRequest")


# Seeds


def test_a_demo_company_has_its_lists() -> None:
    for country, currency in (("GB", "GBP"), ("US", "USD")):
        desk = open_desk(App(), CompanyPlan(country=country, demo=True))
        (information,) = desk.list("companyInformation")
        assert (information["country"], information["currencyCode"]) == (country, currency)
        banks = desk.list("bankAccounts")
        assert [row["currencyCode"] for row in banks][:2] == [currency, currency]
        assert len({row["currencyCode"] for row in banks}) == 2
        assert len(desk.list("vendors")) == 3
        assert desk.list("accounts", filter="category eq 'Expense' and directPosting eq true")
        assert len(desk.list("accountingPeriods")) == 36


def test_lists_can_be_taken_from_the_apis_own_answers(desk: Desk) -> None:
    answers = [desk.get("accounts"), desk.get("vendors"), desk.get("bankAccounts"), desk.get("dimensions")]
    other = open_desk(desk.app, CompanyPlan(name="Copy Ltd", chart=answers))
    numbers = {row["number"] for row in other.list("accounts")}
    assert {row["number"] for row in desk.list("accounts")} <= numbers
    assert {row["displayName"] for row in other.list("vendors")} == {"Fabrikam Stores", "Contoso Air"}
    assert "SITE" in {row["code"] for row in other.list("dimensions")}


def test_archived_contacts_and_renamed_ones_are_seen(desk: Desk) -> None:
    bookkeeper = platform_named("business_central").load_bookkeeper()
    vendor = desk.labels["suppliers"]["shop"]
    bookkeeper.rename_contact(desk.company, vendor, "Fabrikam Group")
    bookkeeper.archive_contact(desk.company, vendor)
    shown = desk.get(f"vendors({vendor})")
    assert (shown["displayName"], shown["blocked"]) == ("Fabrikam Group", "All")


def test_the_same_seed_gives_the_same_ids() -> None:
    first, second = open_desk(App()), open_desk(App())
    assert first.labels == second.labels
    assert first.credentials == second.credentials
    assert PLAN.name == first.company.name


@pytest.mark.parametrize(
    ("rule", "carried", "problem"),
    [
        ("Code Mandatory", "", "Select a Dimension Value Code for the Dimension Code AREA for Vendor {vendor}."),
        (
            "No Code",
            "NORTH",
            "The Dimension Value Code must be blank for Dimension Code AREA for Vendor {vendor}. Currently it's NORTH.",
        ),
        (
            "Same Code",
            "",
            "The Dimension Value Code must be NORTH for Dimension Code AREA for Vendor {vendor}. Currently it's blank.",
        ),
    ],
)
def test_a_journal_line_is_told_what_its_vendor_demands_of_its_dimensions(
    desk: Desk, rule: str, carried: str, problem: str
) -> None:
    vendor = desk.labels["suppliers"]["shop"]
    (area,) = desk.list("dimensions", filter="code eq 'AREA'")
    north, _ = desk.list(f"dimensions({area['id']})/dimensionValues")
    number = desk.get(f"vendors({vendor})")["number"]
    line = desk.line(5, accountType="Vendor", accountId=BLANK_ID, accountNumber=number)
    if carried:
        desk.make(f"journalLines({line['id']})/dimensionSetLines", code="AREA", valueCode=carried)
    value = {"dimensionValueId": north["id"]} if rule == "Same Code" else {}
    desk.make(f"vendors({vendor})/defaultDimensions", dimensionId=area["id"], postingValidation=rule, **value)
    text = desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post")
    where = f"A dimension used in Gen. Journal Line GENERAL, DEFAULT, {line['lineNumber']} has caused an error. "
    assert text == where + problem.format(vendor=number)
