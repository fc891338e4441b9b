"""Several requests in one through REST: batches, composite requests, bulk jobs; and keys that make one of two."""

from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import REST, Desk, open_desk
from tests.platforms.sage_intacct.rest_bodies import BILL, CARD, bill, charge, made, refused

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.outbox import deliveries
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.sage_intacct.rest import bulk
from sandbooks.wire import Request, Response

CONTACT = "objects/company-config/contact"
CLASS = "objects/company-config/class"
VENDOR = "objects/accounts-payable/vendor"
COMPOSITE, BULK = "services/core/composite", "services/bulk/job"
ATOMIC = {"X_IA_API_Param_Transaction": "true"}


def statuses(answer: Any) -> list[int]:
    return [each["ia::status"] for each in answer["ia::result"]]


def classes(desk: Desk) -> list[str]:
    return [row["CLASSID"] for row in desk.query("CLASS", "CLASSID")]


# Batches


def test_several_records_are_made_changed_read_and_deleted_at_once(desk: Desk) -> None:
    status, answer = desk.rest("POST", CLASS, [{"id": "A", "name": "One"}, {"id": "B", "name": "Two"}])
    assert (status, answer["ia::meta"]) == (201, {"totalCount": 2, "totalSuccess": 2, "totalError": 0})
    keys = [each["key"] for each in answer["ia::result"]]
    changes = [{"key": key, "name": f"New {place}"} for place, key in enumerate(keys)]
    status, answer = desk.rest("PATCH", CLASS, changes)
    assert (status, [each["id"] for each in answer["ia::result"]]) == (200, ["A", "B"])
    status, answer = desk.rest("GET", f"{CLASS}/{','.join(keys)}")
    assert (status, [each["name"] for each in answer["ia::result"]]) == (200, ["New 0", "New 1"])
    assert desk.rest("DELETE", f"{CLASS}/{','.join(keys)}")[0] == 204
    assert classes(desk) == []


def test_a_batch_keeps_what_succeeds_unless_it_is_atomic(desk: Desk) -> None:
    bodies = [bill(desk, "B-1"), {**bill(desk, "B-2"), "lines": []}, bill(desk, "B-3")]
    before = desk.posted()
    status, answer = desk.rest("POST", BILL, bodies, **ATOMIC)
    assert (status, statuses(answer), desk.posted()) == (207, [422, 422, 422], before)
    assert answer["ia::result"][0]["ia::error"]["code"] == "unprocessed"
    status, answer = desk.rest("POST", BILL, bodies)
    assert (status, statuses(answer)) == (207, [201, 422, 201])
    assert answer["ia::meta"] == {"totalCount": 3, "totalSuccess": 2, "totalError": 1}
    assert [row["RECORDID"] for row in desk.query("APBILL", "RECORDID")] == ["B-1", "B-3"]


def test_a_batch_that_cannot_be_is_refused(desk: Desk) -> None:
    refused(desk, "POST", CLASS, [], status=400)
    refused(desk, "POST", CLASS, [{"id": str(n), "name": "n"} for n in range(501)], status=400)
    refused(desk, "PATCH", CLASS, {"key": "1"}, status=400)
    assert statuses(desk.rest("PATCH", CLASS, [{"name": "x"}])[1]) == [400]
    assert statuses(desk.rest("DELETE", f"{CLASS}/7,8")[1]) == [404, 404]


def test_a_step_is_taken_of_several_documents(desk: Desk) -> None:
    drafts = [made(desk, BILL, bill(desk, number, state="draft")) for number in ("B-1", "B-2")]
    path = "workflows/accounts-payable/bill/submit"
    status, answer = desk.rest("POST", path, [{"key": key} for key in drafts])
    assert (status, [each["state"] for each in answer["ia::result"]]) == (200, ["posted", "posted"])
    assert desk.books()["office"] == "147.80"
    status, answer = desk.rest("POST", path, [{"key": drafts[0]}, {"key": "9"}])
    assert (status, statuses(answer)) == (207, [422, 404])


# Composite requests


def test_a_composite_request_hands_on_what_it_made(desk: Desk) -> None:
    parts = [
        {"method": "POST", "path": f"/{CLASS}", "body": {"id": "K", "name": "One"}, "resultReference": "made"},
        {"method": "GET", "path": f"/{CLASS}/@{{made.1.key}}", "resultReference": "read"},
        {
            "method": "POST",
            "path": "/services/core/query",
            "body": {
                "object": "company-config/class",
                "fields": ["id", "name"],
                "filters": [{"$eq": {"name": "@{read.name}"}}],
            },
        },
    ]
    status, answer = desk.rest("POST", COMPOSITE, parts)
    assert (status, statuses(answer)) == (200, [201, 200, 200])
    assert answer["ia::result"][2]["ia::result"] == [{"id": "K", "name": "One"}]


def test_a_composite_request_ends_at_the_first_that_fails(desk: Desk) -> None:
    new = [{"method": "POST", "path": f"/{CLASS}", "body": {"id": id, "name": "n"}} for id in ("A", "B")]
    parts = [new[0], {"method": "GET", "path": f"/{CONTACT}/99"}, new[1]]
    status, answer = desk.rest("POST", COMPOSITE, parts)
    assert (status, statuses(answer), classes(desk)) == (207, [201, 404, 422], ["A"])
    desk.rest("DELETE", f"{CLASS}/1")
    status, answer = desk.rest("POST", COMPOSITE, parts, **ATOMIC)
    assert (status, statuses(answer), classes(desk)) == (207, [422, 404, 422], [])
    assert answer["ia::meta"] == {"totalCount": 3, "totalSuccess": 0, "totalError": 3}


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([], 400),
        ([{"method": "GET", "path": f"/{CLASS}"}], 400),
        ([{"method": "GET", "path": f"/{CLASS}"}] * 11, 400),
        ([{"method": "PUT", "path": f"/{CLASS}"}, {"method": "GET", "path": f"/{CLASS}"}], 400),
        ({"method": "GET"}, 400),
    ],
)
def test_a_composite_request_that_cannot_be_is_refused(desk: Desk, parts: Any, status: int) -> None:
    refused(desk, "POST", COMPOSITE, parts, status=status)


def test_a_part_that_names_nothing_fails_alone(desk: Desk) -> None:
    parts = [{"method": "GET", "path": "/objects/nowhere/nothing"}, {"method": "GET", "path": f"/{CLASS}"}]
    assert statuses(desk.rest("POST", COMPOSITE, parts)[1]) == [404, 422]
    parts = [{"method": "GET", "path": f"/{CLASS}"}, {"method": "GET", "path": f"/{CLASS}/@{{gone.key}}"}]
    assert statuses(desk.rest("POST", COMPOSITE, parts)[1]) == [200, 400]
    with pytest.raises(NotSimulated, match="composite"):
        desk.rest("POST", COMPOSITE, [{"method": "POST", "path": f"/{COMPOSITE}", "body": []}] * 2)


def test_what_is_not_simulated_leaves_nothing_of_the_parts_before_it(desk: Desk) -> None:
    first, odd = {"id": "A", "name": "One"}, {"id": "V-2", "name": "Two", "tpar": {"isTPAREnabled": True}}
    parts = [
        {"method": "POST", "path": f"/{CLASS}", "body": first},
        {"method": "POST", "path": f"/{VENDOR}", "body": odd},
    ]
    for path, body in ((COMPOSITE, parts), (VENDOR, [{"id": "V-1", "name": "One"}, odd])):
        before = desk.posted()
        with pytest.raises(NotSimulated, match="tpar"):
            desk.rest("POST", path, body)
        assert desk.posted() == before


@pytest.mark.parametrize("odd", [None, 7, "x", [], {}, [[]], "@{a}", "@{a.b.c}", True])
@pytest.mark.parametrize("member", ["method", "path", "body", "resultReference", "headers"])
def test_a_part_with_an_odd_member_is_answered_natively(desk: Desk, member: str, odd: Any) -> None:
    right = {"method": "POST", "path": f"/{CLASS}", "body": {"id": "Z", "name": "n"}, "resultReference": "a"}
    parts = [{**right, member: odd}, {"method": "GET", "path": f"/{CLASS}"}]
    status, answer = desk.rest("POST", COMPOSITE, parts)
    assert status in (200, 207, 400), answer
    assert all(each["ia::status"] < 500 for each in answer["ia::result"]) if status != 400 else answer["ia::result"]


def test_a_part_that_names_an_entity_leaves_the_others_at_the_top(app: App) -> None:
    desk = open_desk(app, CompanyPlan(country="GB", settings={"entities": {"UK": "Larch UK", "IE": "Larch Ireland"}}))
    parts: list[dict[str, Any]] = [
        {"method": "POST", "path": f"/{CLASS}", "body": {"id": id, "name": id}} for id in ("A", "B")
    ]
    parts[0]["headers"] = {"X-IA-API-Param-Entity": "IE"}
    assert desk.rest("POST", COMPOSITE, parts)[0] == 200
    assert classes(desk) == ["B"]
    desk.location = "IE"
    assert classes(desk) == ["A", "B"]


def test_a_batch_in_an_atomic_composite_request_falls_with_one_of_its_records(desk: Desk) -> None:
    parts = [
        {"method": "POST", "path": f"/{CLASS}", "body": {"id": "A", "name": "A"}},
        {"method": "POST", "path": f"/{CLASS}", "body": [{"id": "B", "name": "B"}, {"id": "C"}]},
    ]
    status, answer = desk.rest("POST", COMPOSITE, parts, **ATOMIC)
    assert (status, statuses(answer), classes(desk)) == (207, [422, 207], [])
    assert [each["ia::status"] for each in answer["ia::result"][1]["ia::result"]] == [422, 400]
    status, answer = desk.rest("POST", COMPOSITE, parts)
    assert (status, statuses(answer), classes(desk)) == (207, [201, 207], ["A", "B"])


def test_each_part_says_its_status_once(desk: Desk) -> None:
    parts = [{"method": "GET", "path": f"/{CLASS}"}, {"method": "GET", "path": f"/{CLASS}/7"}]
    assert [set(each) for each in desk.rest("POST", COMPOSITE, parts)[1]["ia::result"]] == [
        {"ia::result", "ia::meta", "ia::status"},
        {"ia::error", "ia::status"},
    ]


# Bulk jobs


def upload(desk: Desk, asked: dict[str, Any], records: Any, *, said: int = 200) -> Any:
    parts = [("ia::requestBody", "", exact_json.dumps(asked)), ("file", "r.json", exact_json.dumps(records))]
    body = b""
    for name, file, content in parts:
        disposition = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
        body += f"--edge\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"
    headers = (
        ("Authorization", f"Bearer {desk.credentials['access_token']}"),
        ("Content-Type", "multipart/form-data; boundary=edge"),
    )
    request = Request("POST", f"{REST}/{BULK}/create", headers, body + b"--edge--\r\n")
    answer = desk.app.edge.dispatch(request, raises=True)
    assert isinstance(answer, Response)
    assert answer.status == said, answer.body
    return exact_json.loads(answer.body)["ia::result"]


def job(desk: Desk, asked: dict[str, Any], records: Any) -> tuple[Any, list[Any]]:
    id = upload(desk, {"jobFile": "r.json", "fileContentType": "json", **asked}, records)["jobId"]
    waiting = desk.rest("GET", f"{BULK}/status?jobId={id}")[1]["ia::result"]
    assert (waiting["status"], waiting["percentComplete"]) == ("queued", 0)
    desk.world.settle()
    done = desk.rest("GET", f"{BULK}/status?jobId={id}")[1]
    assert done["ia::result"]["status"] == "completed"
    return done["ia::meta"], desk.rest("GET", f"{BULK}/status?jobId={id}&download=true")[1]


def test_a_bulk_job_works_through_its_file_later(desk: Desk) -> None:
    bodies = [bill(desk, "B-1"), {**bill(desk, "B-2"), "lines": []}, bill(desk, "B-3")]
    where = "https://client.example/done"
    meta, results = job(desk, {"objectName": "bill", "operation": "create", "callbackURL": where}, bodies)
    assert meta == {"totalCount": 3, "totalSuccess": 2, "totalError": 1}
    assert [each["ia::status"] for each in results] == [201, 422, 201]
    assert desk.books()["office"] == "147.80"
    (told,) = deliveries(desk.world)
    assert told["url"] == where
    keys = [each["ia::result"]["key"] for each in results if "ia::result" in each]
    changes = [{"key": key, "description": "Noted"} for key in keys]
    job(desk, {"objectName": "accounts-payable/bill", "operation": "update"}, changes)
    assert {row["DESCRIPTION"] for row in desk.query("APBILL", "DESCRIPTION")} == {"Noted"}
    meta, _ = job(desk, {"objectName": "bill", "operation": "delete"}, [{"key": keys[0]}])
    assert (meta["totalSuccess"], desk.books()["office"]) == (1, "73.90")


@pytest.mark.parametrize("odd", ["1?x", "1,2", " ", "1/2", "", "1#", "%31"])
def test_a_bulk_job_deletes_the_record_of_each_key_and_no_other(desk: Desk, odd: str) -> None:
    for id in ("A", "B", "C"):
        desk.rest("POST", CLASS, {"id": id, "name": id})
    meta, results = job(desk, {"objectName": "class", "operation": "delete"}, [{"key": odd}, {"key": "3"}])
    assert (meta["totalError"], [each["ia::status"] for each in results]) == (1, [404, 200])
    assert classes(desk) == ["A", "B"]


@pytest.mark.parametrize(
    ("change", "records", "status"),
    [
        ({"operation": "merge"}, [], 400),
        ({"fileContentType": "csv"}, [], 400),
        ({"objectName": "nothing"}, [], 404),
        ({}, {"id": "A"}, 400),
    ],
)
def test_a_bulk_job_that_cannot_be_is_refused(desk: Desk, change: dict[str, str], records: Any, status: int) -> None:
    asked = {"objectName": "class", "operation": "create", "jobFile": "r.json", "fileContentType": "json", **change}
    before = desk.posted()
    assert upload(desk, asked, records, said=status)["ia::error"]["code"] == "invalidRequest"
    assert desk.posted() == before
    refused(desk, "GET", f"{BULK}/status?jobId=none", None, status=404)


def test_a_bulk_job_that_is_run_again_makes_nothing_twice(desk: Desk) -> None:
    asked = {"objectName": "credit-card-txn", "operation": "create", "jobFile": "r.json", "fileContentType": "json"}
    id = upload(desk, asked, [charge(desk, "18.40"), charge(desk, "7.30")])["jobId"]
    told = []
    for _ in range(2):
        bulk.run(desk.world, {"id": id})
        told.append(desk.rest("GET", f"{BULK}/status?jobId={id}&download=true")[1])
    assert told[0] == told[1]
    assert desk.books()["travel"] == "25.70"


def test_a_bulk_job_ends_though_a_record_says_what_is_not_simulated(desk: Desk) -> None:
    asked = {"objectName": "vendor", "operation": "create", "jobFile": "r.json", "fileContentType": "json"}
    odd = {"id": "V-2", "name": "Two", "tpar": {"isTPAREnabled": True}}
    id = upload(desk, asked, [{"id": "V-1", "name": "One"}, odd, {"id": "V-3", "name": "Three"}])["jobId"]
    with pytest.raises(NotSimulated, match="tpar"):
        desk.world.settle()
    done = desk.rest("GET", f"{BULK}/status?jobId={id}")[1]
    assert done["ia::result"]["status"] == "completed"
    assert done["ia::meta"] == {"totalCount": 3, "totalSuccess": 2, "totalError": 1}
    results = desk.rest("GET", f"{BULK}/status?jobId={id}&download=true")[1]
    assert [each["ia::status"] for each in results] == [201, 501, 201]
    assert {"V-1", "V-3"} <= {row["VENDORID"] for row in desk.query("VENDOR", "VENDORID")}


@pytest.mark.parametrize("kind", ["html_error_page", "server_error", "drop_response"])
def test_a_bulk_job_says_of_each_record_that_its_batch_had_no_answer(desk: Desk, kind: str) -> None:
    assert desk.world.plan
    desk.world.plan.add(kind, at={"operation": "rest_create_several.class"})
    records = [{"id": "A", "name": "One"}, {"id": "B", "name": "Two"}]
    meta, results = job(desk, {"objectName": "class", "operation": "create"}, records)
    assert meta == {"totalCount": 2, "totalSuccess": 0, "totalError": 2}
    assert all(each["ia::status"] >= 500 and each["ia::error"]["code"] for each in results)


def test_an_answer_that_is_to_come_later_is_not_simulated(desk: Desk) -> None:
    with pytest.raises(NotSimulated, match="respond-async"):
        desk.rest("POST", CLASS, {"id": "A", "name": "One"}, Prefer="respond-async")


# Idempotency keys


def test_a_request_that_comes_again_with_its_key_is_answered_as_it_was(desk: Desk) -> None:
    broken = {**charge(desk), "lines": []}
    refused(desk, "POST", CARD, broken, status=422, Idempotency_Key="k-1")
    key = made(desk, CARD, charge(desk), Idempotency_Key="k-1")
    assert made(desk, CARD, charge(desk), Idempotency_Key="k-1") == key
    assert desk.books()["travel"] == "18.40"
    other = charge(desk, "18.41")
    assert refused(desk, "POST", CARD, other, status=409, Idempotency_Key="k-1")["code"] == "duplicateIdempotencyKey"
    desk.world.advance(by=timedelta(days=3))
    desk.credentials["access_token"] = desk.rest(
        "POST",
        "oauth2/token",
        f"grant_type=refresh_token&refresh_token={desk.credentials['refresh_token']}"
        f"&client_id={desk.credentials['client_id']}&client_secret={desk.credentials['client_secret']}".encode(),
        Content_Type="application/x-www-form-urlencoded",
    )[1]["access_token"]
    refused(desk, "POST", CARD, charge(desk), status=409, Idempotency_Key="k-1")
    made(desk, CARD, charge(desk), Idempotency_Key="k-2")


def test_a_batch_with_a_key_is_made_once(desk: Desk) -> None:
    bodies = [bill(desk, "B-1"), bill(desk, "B-2")]
    for _ in range(2):
        assert desk.rest("POST", BILL, bodies, Idempotency_Key="k-9")[0] == 201
    assert len(desk.query("APBILL", "RECORDNO")) == 2


@pytest.mark.parametrize("headers", [{}, ATOMIC])
def test_a_composite_request_with_a_key_is_worked_at_once(desk: Desk, headers: dict[str, str]) -> None:
    parts = [
        {"method": "POST", "path": f"/{BILL}", "body": bill(desk, "B-1"), "resultReference": "first"},
        {"method": "POST", "path": f"/{CARD}", "body": charge(desk)},
    ]
    told = [desk.rest("POST", COMPOSITE, parts, Idempotency_Key="c-1", **headers) for _ in range(2)]
    assert told[0] == told[1]
    assert (told[0][0], desk.books()["travel"], desk.books()["office"]) == (200, "18.40", "73.90")
    refused(desk, "POST", COMPOSITE, parts[::-1], status=409, Idempotency_Key="c-1", **headers)


# The gateway


def test_an_access_token_of_rest_signs_in_to_the_gateway(desk: Desk) -> None:
    answer = desk.send({"getDimensions": None}, authentication={"oauth": desk.credentials["access_token"]})
    block = answer.find("operation/authentication")
    assert (block.findtext("status"), block.findtext("companyid")) == ("success", desk.company.id)
    key = desk.run(
        {"create": {"CLASS": {"CLASSID": "O", "NAME": "O"}}},
        authentication={"oauth": desk.credentials["access_token"]},
    )
    assert key.findtext("status") == "success"
    for wrong in ("made up", desk.credentials["refresh_token"], ""):
        root = desk.send({"getDimensions": None}, authentication={"oauth": wrong})
        assert root.findtext("operation/authentication/status") == "failure"
