"""The REST API over the same books: tokens, objects, the query service, idempotency, errors."""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from msgspec.structs import replace
from tests.platforms.sage_intacct import contract
from tests.platforms.sage_intacct.desk import PLAN, REST, Desk, open_desk
from tests.platforms.sage_intacct.rest_bodies import BILL, CARD, bill, charge, line, made, refused

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.sage_intacct.rest.resources import RESOURCES
from sandbooks.wire import Request, Response

FORM = "application/x-www-form-urlencoded"


def token(desk: Desk, **form: str) -> tuple[int, Any]:
    client = {name: desk.credentials[name] for name in ("client_id", "client_secret")}
    body = urlencode({**client, **form}).encode()
    return desk.rest("POST", "oauth2/token", body, Content_Type=FORM)


def session(desk: Desk) -> str:
    """The id of a session of the gateway, which takes requests."""
    status, answer = desk.rest("GET", "services/core/session/id")
    assert (status, sorted(answer["ia::result"])) == (200, ["expiresIn", "sessionId"])
    return str(answer["ia::result"]["sessionId"])


def test_a_named_user_gets_tokens_and_refreshes_them(desk: Desk) -> None:
    status, first = token(desk, grant_type="client_credentials", username=desk.credentials["username"])
    assert (status, sorted(first)) == (200, ["access_token", "expires_in", "refresh_token", "token_type"])
    status, second = token(desk, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert status == 200
    desk.credentials["access_token"] = second["access_token"]
    assert session(desk)


CALLBACK = "https://app.example/callback"


def consent(desk: Desk, *, accept: str = "", **query: str) -> Response:
    asked = {
        "response_type": "code",
        "client_id": desk.credentials["client_id"],
        "redirect_uri": CALLBACK,
        "state": "s",
    }
    url = f"{REST}/oauth2/authorize?{urlencode({**asked, **query})}"
    answer = desk.app.edge.dispatch(Request("GET", url, (("Accept", accept),)))
    assert isinstance(answer, Response)
    return answer


def sent_back(answer: Response) -> dict[str, str]:
    assert answer.status == 302, answer.body
    place = urlsplit(answer.header("Location"))
    assert f"{place.scheme}://{place.netloc}{place.path}" == CALLBACK
    return dict(parse_qsl(place.query))


def test_a_consent_is_exchanged_once_for_tokens_that_work(desk: Desk) -> None:
    told = sent_back(consent(desk, scope="offline_access", company=desk.company.id))
    assert told["state"] == "s"
    given = {"grant_type": "authorization_code", "code": told["code"], "redirect_uri": CALLBACK}
    assert token(desk, **{**given, "redirect_uri": "https://app.example/other"})[0] == 400
    status, first = token(desk, **given)
    assert (status, sorted(first)) == (200, ["access_token", "expires_in", "refresh_token", "token_type"])
    assert token(desk, **given)[0] == 400
    status, second = token(desk, grant_type="refresh_token", refresh_token=first["refresh_token"])
    desk.credentials["access_token"] = second["access_token"]
    assert session(desk)


def test_without_offline_access_there_is_no_refresh_token(desk: Desk) -> None:
    given = {"grant_type": "authorization_code", "code": sent_back(consent(desk))["code"], "redirect_uri": CALLBACK}
    assert sorted(token(desk, **given)[1]) == ["access_token", "expires_in", "token_type"]


def test_a_code_ends_after_minutes(desk: Desk) -> None:
    code = sent_back(consent(desk))["code"]
    desk.world.advance(by=timedelta(minutes=6))
    assert token(desk, grant_type="authorization_code", code=code, redirect_uri=CALLBACK)[0] == 400


def test_a_verifier_stands_in_for_the_secret(desk: Desk) -> None:
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    code = sent_back(consent(desk, code_challenge=challenge, code_challenge_method="S256"))["code"]
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "client_secret": ""}
    assert token(desk, **given, code_verifier="wrong")[0] == 400
    assert token(desk, **given, code_verifier=verifier)[0] == 200
    assert token(desk, **{**given, "code": sent_back(consent(desk))["code"]})[0] == 401


def test_a_browser_is_asked_and_may_decline(desk: Desk) -> None:
    page = consent(desk, accept="text/html")
    assert (page.status, b"Accept</button>" in page.body) == (200, True)
    assert sent_back(consent(desk, accept="text/html", decision="decline")) == {"error": "access_denied", "state": "s"}
    assert "code" in sent_back(consent(desk, accept="text/html", decision="accept"))


@pytest.mark.parametrize(
    "query",
    [{"client_id": "nobody"}, {"response_type": "token"}, {"redirect_uri": "javascript:x"}, {"company": "none"}],
)
def test_a_wrong_request_for_consent_leads_nowhere(desk: Desk, query: dict[str, str]) -> None:
    assert consent(desk, **query).status in (400, 401)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"grant_type": "client_credentials", "username": "nobody@nowhere"}, 401),
        ({"grant_type": "client_credentials"}, 400),
        ({"grant_type": "client_credentials", "username": "x", "client_secret": "wrong"}, 401),
        ({"grant_type": "refresh_token", "refresh_token": "old"}, 400),
        ({"grant_type": "magic"}, 400),
        ({"client_id": ""}, 400),
    ],
)
def test_a_wrong_grant_is_refused(desk: Desk, form: dict[str, str], status: int) -> None:
    assert token(desk, **form)[0] == status


def test_a_token_that_has_run_out_is_told_by_status_400_and_its_text(desk: Desk) -> None:
    desk.world.advance(by=timedelta(hours=7))
    status, answer = desk.rest("GET", "objects/accounts-payable/vendor")
    assert status == 400
    assert "Invalid token" in answer["ia::result"]["ia::error"]["message"]
    assert desk.rest("GET", "objects/accounts-payable/vendor", Authorization="")[0] == 401


def test_documents_of_rest_post_as_those_of_the_gateway(desk: Desk) -> None:
    key = made(desk, BILL, bill(desk))
    made(desk, CARD, charge(desk))
    assert desk.books() == {"office": "73.90", "payables": "-73.90", "travel": "18.40", "visa": "-18.40"}
    status, answer = desk.rest("GET", f"{BILL}/{key}")
    shown = answer["ia::result"]
    assert (status, shown["billNumber"], shown["state"], shown["dueDate"]) == (200, "R-1", "posted", "2026-04-01")
    assert shown["vendor"]["name"] == "Acme Timber"
    assert (shown["lines"][0]["txnAmount"], shown["lines"][0]["memo"]) == ("73.90", "Hotel")
    assert desk.row("APBILL", key)["RECORDID"] == "R-1"


def test_tax_entries_are_named_by_id_or_by_key(desk: Desk) -> None:
    detail = desk.labels["taxes"]["standard"]
    key = desk.query("TAXDETAIL", "RECORDNO", filter={"equalto": {"field": "DETAILID", "value": detail}})[0]["RECORDNO"]
    for number, reference in (("A", {"key": key}), ("B", {"id": detail})):
        taxed = line(desk, "office", "10.00", taxEntries=[{"purchasingTaxDetail": reference}])
        made(desk, BILL, bill(desk, number, lines=[taxed]))
    assert desk.books() == {"office": "20.00", "input_tax": "4.00", "payables": "-24.00"}


def test_expenses_journals_and_transfers_have_their_own_words(desk: Desk) -> None:
    desk.create("EMPLOYEE", EMPLOYEEID="E-1", PERSONALINFO={"CONTACTNAME": "Ana Bell", "PRINTAS": "Ana Bell"})
    expense = {
        "employee": {"id": "E-1"},
        "createdDate": "2026-03-02",
        "lines": [line(desk, "travel", "31.20", entryDate="2026-03-01")],
    }
    made(desk, "objects/expenses/employee-expense", {**expense, "state": "submitted"})
    sides = [
        {**line(desk, account, "5.50"), "txnType": side}
        for account, side in (("travel", "debit"), ("office", "credit"))
    ]
    journal = {
        "glJournal": {"id": "GJ"},
        "postingDate": "2026-03-02",
        "description": "Move",
        "state": "posted",
        "lines": sides,
    }
    made(desk, "objects/general-ledger/journal-entry", journal)
    banks = {"fromAccount": {"id": desk.account("bank")}, "toAccount": {"id": desk.account("reserve")}}
    made(desk, "objects/cash-management/funds-transfer", {"sendDate": "2026-03-02", "transferAmount": "12.00", **banks})
    assert desk.books() == {
        "travel": "36.70",
        "employee_payables": "-31.20",
        "office": "-5.50",
        "bank": "-12.00",
        "reserve": "12.00",
    }


def test_an_attachment_holds_files_and_hangs_on_a_document(desk: Desk) -> None:
    data = base64.b64encode(b"receipt").decode()
    made(desk, "objects/company-config/folder", {"id": "Receipts"})
    body = {
        "id": "ATT-1",
        "name": "Receipt",
        "folder": {"id": "Receipts"},
        "files": [{"name": "a.b.pdf", "data": data}],
    }
    key = made(desk, "objects/company-config/attachment", body)
    bill_key = made(desk, BILL, bill(desk, attachment={"key": key}))
    (shown,) = desk.rest("GET", f"objects/company-config/attachment/{key}")[1]["ia::result"]["files"]
    assert (shown["name"], shown["data"]) == ("a.b.pdf", data)
    assert desk.row("APBILL", bill_key)["SUPDOCID"] == "ATT-1"


def query(desk: Desk, **asked: Any) -> list[dict[str, Any]]:
    status, answer = desk.rest(
        "POST", "services/core/query", {"object": "accounts-payable/vendor", "fields": ["id"], **asked}
    )
    assert status == 200, answer
    return list(answer["ia::result"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"filters": [{"$eq": {"name": "Acme Timber"}}]}, ["V-10001"]),
        ({"filters": [{"$contains": {"name": "rail"}}]}, []),
        (
            {
                "filters": [{"$contains": {"name": "rail"}}],
                "filterParameters": {"caseSensitiveComparison": False},
            },
            ["V-10002"],
        ),
        ({"filters": [{"$notBetween": {"id": ["V-10000", "V-10001"]}}, {"$startsWith": {"id": "V-"}}]}, ["V-10002"]),
        ({"filters": [{"$in": {"id": ["V-10001", "V-10002"]}}], "orderBy": [{"name": "desc"}]}, ["V-10002", "V-10001"]),
        (
            {
                "filters": [{"$eq": {"id": "V-10001"}}, {"$eq": {"id": "V-10002"}}, {"$eq": {"status": "active"}}],
                "filterExpression": "(1 or 2) and 3",
            },
            ["V-10001", "V-10002"],
        ),
        ({"filters": [{"$startsWith": {"id": "V-"}}], "start": 2, "size": 1}, ["V-10002"]),
    ],
)
def test_the_query_service_filters_sorts_and_pages(desk: Desk, asked: dict[str, Any], found: list[str]) -> None:
    assert [row["id"] for row in query(desk, **asked)] == found


def test_a_page_of_a_query_tells_the_next(desk: Desk) -> None:
    asked = {"object": "general-ledger/account", "fields": ["id", "name", "accountType"], "size": 10}
    meta = desk.rest("POST", "services/core/query", asked)[1]["ia::meta"]
    assert (meta["start"], meta["pageSize"], meta["next"], meta["previous"]) == (1, 10, 11, None)
    last = desk.rest("POST", "services/core/query", {**asked, "start": 11, "size": 2000})[1]["ia::meta"]
    assert last["next"] is None


@pytest.mark.parametrize(
    "asked",
    [
        {"object": "nothing/here"},
        {"fields": []},
        {"fields": ["nosuch"]},
        {"filters": [{"$eq": {"nosuch": "1"}}]},
        {"filters": [{"$magic": {"id": "1"}}]},
        {"filters": "id"},
        {"filters": [{"$between": {"id": ["1"]}}]},
        {"filters": [{"$eq": {"id": "1"}}], "filterExpression": "1 and 2"},
        {"filters": [{"$eq": {"id": "1"}}], "filterExpression": "(1"},
        {"size": 0},
        {"start": "x"},
        {"orderBy": [{"nosuch": "asc"}]},
        {"filterParameters": {"nosuch": True}},
        {"filterParameters": {"caseSensitiveComparison": "yes"}},
        {"filters": [{"$notBetween": {"id": ["1"]}}]},
    ],
)
def test_a_query_that_makes_no_sense_is_refused(desk: Desk, asked: dict[str, Any]) -> None:
    body = {"object": "accounts-payable/vendor", "fields": ["id"], **asked}
    assert desk.rest("POST", "services/core/query", body)[0] in (400, 404)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"vendor": {"id": "nobody"}}, 422),
        ({"vendor": {"key": "999"}}, 422),
        ({"vendor": 7}, 400),
        ({"createdDate": "2026-13-01"}, 400),
        ({"lines": []}, 422),
        ({"lines": "x"}, 400),
        ({"lines": [7]}, 400),
        ({"nosuch": 1}, 400),
        ({"billNumber": ["x"]}, 400),
        ({"billNumber": ""}, 422),
    ],
)
def test_a_document_that_breaks_a_rule_is_refused_in_its_own_envelope(
    desk: Desk, change: dict[str, Any], status: int
) -> None:
    refused(desk, "POST", BILL, {**bill(desk), **change}, status=status)


def test_a_bill_number_of_the_same_vendor_conflicts(desk: Desk) -> None:
    made(desk, BILL, bill(desk))
    assert refused(desk, "POST", BILL, bill(desk), status=409)["details"][0]["code"] == "BL03002185"


def test_what_is_not_there_is_told_so(desk: Desk) -> None:
    assert refused(desk, "GET", f"{BILL}/99999", None, status=404)["code"] == "invalidKey"
    refused(desk, "GET", "objects/accounts-payable/nonsense", None, status=404)
    refused(desk, "PUT", f"{BILL}/1", {}, status=405)
    refused(desk, "GET", "nowhere", None, status=404)
    refused(desk, "POST", BILL, b"{", status=400)
    refused(desk, "POST", BILL, b"[]", status=400)


def test_lists_are_changed_and_deleted(desk: Desk) -> None:
    key = made(desk, "objects/company-config/class", {"id": "K", "name": "One"})
    assert desk.rest("PATCH", f"objects/company-config/class/{key}", {"name": "Two"})[0] == 200
    assert desk.rest("GET", f"objects/company-config/class/{key}")[1]["ia::result"]["name"] == "Two"
    assert desk.rest("DELETE", f"objects/company-config/class/{key}") == (204, None)
    assert desk.rest("GET", f"objects/company-config/class/{key}")[0] == 404


def test_a_draft_bill_is_changed_by_patch_and_submitted_by_its_workflow_alone(desk: Desk) -> None:
    key = made(desk, BILL, bill(desk, state="draft"))
    lines = [{"key": f"{key}001", "ia::operation": "delete"}, line(desk, "travel", "9.10")]
    refused(desk, "PATCH", f"{BILL}/{key}", {"lines": lines, "state": "submitted"}, status=422)
    assert desk.rest("PATCH", f"{BILL}/{key}", {"lines": lines, "state": "draft"})[0] == 200
    assert desk.books() == {}
    assert desk.rest("POST", "workflows/accounts-payable/bill/submit", {"key": key})[0] == 200
    assert desk.books() == {"travel": "9.10", "payables": "-9.10"}
    assert desk.rest("PATCH", f"{BILL}/{key}", {"state": "posted", "description": "x"})[0] == 200
    refused(desk, "PATCH", f"{BILL}/{key}", {"state": "draft"}, status=422)


def test_a_refusal_names_members_as_rest_does(desk: Desk) -> None:
    def said(body: Any) -> str:
        status, answer = desk.rest("POST", BILL, body)
        assert status == 400
        return str(answer["ia::result"]["ia::error"]["message"])

    assert "createdDate" in said({"billNumber": "1"})
    assert "accounts-payable/bill" in said({"billNumber": "1"})
    assert "dueDate" in said(bill(desk, dueDate="soon"))
    assert "XML" not in said(b"{")


def test_a_bill_without_a_state_may_be_a_draft(app: App) -> None:
    desk = open_desk(app, replace(PLAN, settings={**PLAN.settings, "rest_bill_state": "draft"}))
    key = made(desk, BILL, bill(desk))
    assert desk.rest("GET", f"{BILL}/{key}")[1]["ia::result"]["state"] == "draft"
    assert desk.books() == {}


def test_models_lists_and_dimensions_are_told(desk: Desk) -> None:
    told = desk.rest("GET", "services/core/model?name=objects/accounts-payable/bill")[1]["ia::result"]
    assert (told["apiObject"], told["type"]) == ("objects/accounts-payable/bill", "rootObject")
    assert told["refs"]["vendor"]["apiObject"] == "accounts-payable/vendor"
    assert told["groups"]["currency"]["groups"]["exchangeRate"]["fields"]["rate"]["type"] == "number"
    assert told["fields"]["isOnHold"] == {"type": "boolean", "readOnly": False}
    assert told["fields"]["totalTxnAmount"]["readOnly"]
    assert "glAccount" in told["lists"]["lines"]["refs"]
    names = [d["dimensionLabel"] for d in desk.rest("GET", "services/company-config/dimensions/list")[1]["ia::result"]]
    assert {"Department", "Project"} <= set(names)
    listed = desk.rest("GET", "objects/accounts-payable/vendor")[1]
    assert listed["ia::meta"]["totalCount"] == len(listed["ia::result"])


@pytest.mark.parametrize("path", [resource.path for resource in RESOURCES])
def test_every_object_is_listed_read_and_described(app: App, path: str) -> None:
    desk = open_desk(app, CompanyPlan(country="GB", demo=True, settings={"entities": {"UK": "UK"}}))
    listed = desk.rest("GET", f"objects/{path}")[1]["ia::result"]
    for each in listed[:3]:
        status, answer = desk.rest("GET", each["href"].removeprefix("/"))
        assert (status, answer["ia::result"]["key"]) == (200, each["key"])
    assert f"rest_read.{path.rpartition('/')[2]}" in contract.operations()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "objects/accounts-receivable/invoice"),
        ("GET", "objects/general-ledger/account-allocation/1"),
        ("POST", "objects/accounts-payable/bill-line"),
        ("GET", "objects/purchasing/document"),
        ("GET", "objects/platform-apps/nsp::region"),
        ("POST", "workflows/accounts-payable/bill-line/release"),
        ("POST", "workflows/accounts-payable/vendor/approve"),
        ("GET", "workflows/accounts-payable/bill/submit"),
    ],
)
def test_what_rest_has_and_the_simulator_lacks_says_so_aloud(desk: Desk, method: str, path: str) -> None:
    with pytest.raises(NotSimulated):
        desk.rest(method, path, {})


def test_a_misspelt_object_is_unknown(desk: Desk) -> None:
    assert desk.rest("GET", "objects/accounts-payable/bil")[0] in (400, 404)
    query = {"object": "accounts-receivable/invoice", "fields": ["key"]}
    with pytest.raises(NotSimulated):
        desk.rest("POST", "services/core/query", query)
