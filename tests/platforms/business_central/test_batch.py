"""``$batch``: requests by themselves or in one transaction, what depends on what, and addresses that begin others."""

from __future__ import annotations

from email import message_from_bytes
from typing import Any

import pytest
from tests.platforms.business_central.desk import HOST, ROOT, Desk

from sandbooks import exact_json

GOES_ON = "odata.continue-on-error"


def batch(desk: Desk, *items: dict[str, Any], query: str = "", **headers: str) -> list[Any]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = desk.send("POST", f"{ROOT}/$batch{query}", {"requests": list(items)}, headers=sent)
    assert answer.status == 200, answer.body
    found: list[Any] = exact_json.loads(answer.body)["responses"]
    return found


def vendor(name: str, **members: Any) -> dict[str, Any]:
    return {"method": "POST", "url": "vendors", "headers": {}, "body": {"displayName": name, **members}}


def test_a_batch_answers_each_request(desk: Desk) -> None:
    id = desk.company.id
    made, listed, missing = batch(
        desk,
        {"id": "a", **vendor("From a batch")},
        {"id": "b", "method": "get", "url": f"companies({id})/vendors?$filter=displayName eq 'From a batch'"},
        {"id": "c", "method": "GET", "url": "nonsense"},
        query=f"?company={id}?company={id}",
    )
    assert (made["id"], made["status"], made["body"]["displayName"]) == ("a", 201, "From a batch")
    assert made["headers"]["location"].endswith(f"({made['body']['id']})")
    assert len(listed["body"]["value"]) == 1
    assert (missing["status"], missing["body"]["error"]["code"]) == (404, "BadRequest_ResourceNotFound")


def test_a_batch_stops_at_its_first_failure_unless_told_to_go_on(desk: Desk) -> None:
    bad = vendor("Bad", country=5)
    assert [each["status"] for each in batch(desk, vendor("One"), bad, vendor("Two"))] == [201, 400]
    going = batch(desk, vendor("Three"), bad, vendor("Four"), Prefer="odata.continue-on-error")
    assert [each["status"] for each in going] == [201, 400, 201]
    names = [row["displayName"] for row in desk.list("vendors")]
    assert names[2:] == ["One", "Three", "Four"]


def test_a_snapshot_is_one_transaction(desk: Desk) -> None:
    before = desk.posted()
    answers = batch(desk, vendor("One"), vendor("Bad", country=5), Isolation="snapshot")
    assert [each["status"] for each in answers] == [201, 400]
    assert desk.posted() == before
    batch(desk, vendor("One"), vendor("Two"), Isolation="snapshot")
    assert len(desk.list("vendors")) == 4


def test_every_refusal_of_a_snapshot_has_a_correlation_of_its_own(desk: Desk) -> None:
    told = [batch(desk, vendor("Bad", country=5), Isolation="snapshot")[0]["body"]["error"]["message"] for _ in "ab"]
    assert told[0].partition("CorrelationId:")[0] == told[1].partition("CorrelationId:")[0]
    assert told[0] != told[1]


def test_a_batch_holds_at_most_a_hundred_requests(desk: Desk) -> None:
    desk.refused("POST", f"{ROOT}/$batch", {"requests": [vendor("x")] * 101}, code="BadRequest")


def post(url: str, id: str = "", *, after: list[str] | None = None, **body: Any) -> dict[str, Any]:
    item: dict[str, Any] = {"method": "POST", "url": url, "headers": {"Content-Type": "application/json"}, "body": body}
    return item | ({"id": id} if id else {}) | ({"dependsOn": after} if after is not None else {})


def statuses(answers: list[Any]) -> list[int]:
    return [each["status"] for each in answers]


def test_a_request_is_passed_over_where_one_that_it_depends_on_failed(desk: Desk) -> None:
    answers = batch(
        desk,
        post("vendors", "bad", displayName="Bad", country=5),
        post("vendors", "after", after=["bad"], displayName="After the bad one"),
        post("vendors", "last", after=["after"], displayName="After that"),
        post("vendors", "free", displayName="Free"),
        Prefer="odata.continue-on-error",
    )
    assert statuses(answers) == [400, 424, 424, 201]
    assert "'bad'" in answers[1]["body"]["error"]["message"]
    assert [row["displayName"] for row in desk.list("vendors")][2:] == ["Free"]


def test_a_request_runs_where_those_that_it_depends_on_succeeded(desk: Desk) -> None:
    answers = batch(
        desk,
        post("vendors", "1", displayName="One"),
        post("vendors", "2", displayName="Two"),
        post("vendors", "3", after=["1", "2"], displayName="Three"),
    )
    assert statuses(answers) == [201, 201, 201]


def test_a_request_begins_with_the_address_of_one_before_it(desk: Desk) -> None:
    invoice = {"vendorId": desk.labels["suppliers"]["shop"], "vendorInvoiceNumber": "B-7", "postingDate": "2026-03-02"}
    answers = batch(
        desk,
        post("purchaseInvoices", "1", **invoice),
        post("$1/purchaseInvoiceLines", "2", after=["1"], **desk.item(31)),
        {"id": "3", "method": "GET", "url": "$1?$select=totalAmountExcludingTax", "dependsOn": ["1", "2"]},
        post("$3/Microsoft.NAV.post", "4", after=["3"]),
        {"id": "5", "method": "GET", "url": "$4", "dependsOn": ["4"]},
    )
    assert statuses(answers) == [201, 201, 200, 204, 200]
    assert answers[2]["body"]["totalAmountExcludingTax"] == 31
    assert (answers[4]["body"]["id"], answers[4]["body"]["status"]) == (answers[0]["body"]["id"], "Open")
    assert desk.books()["office"] == "31.00"


def test_a_request_that_gave_no_entity_begins_no_other(desk: Desk) -> None:
    listed, begun = batch(
        desk,
        {"id": "1", "method": "GET", "url": "vendors"},
        {"id": "2", "method": "GET", "url": "$1/defaultDimensions", "dependsOn": ["1"]},
    )
    assert (listed["status"], begun["status"]) == (200, 400)


@pytest.mark.parametrize(
    "second",
    [
        {"id": "2", "method": "GET", "url": "vendors", "dependsOn": ["3"]},  # a later one
        {"id": "2", "method": "GET", "url": "vendors", "dependsOn": ["2"]},
        {"id": "2", "method": "GET", "url": "vendors", "dependsOn": "1"},
        {"id": "2", "method": "GET", "url": "$1"},  # named nowhere
        {"id": "2", "method": "GET", "url": "$9/vendors", "dependsOn": ["1"]},
        {"id": "1", "method": "GET", "url": "vendors"},
        {"id": ["2"], "method": "GET", "url": "vendors"},
        {"id": "2", "method": "GET", "url": "vendors", "dependOn": ["1"]},
        {"id": "2", "ID": "4", "method": "GET", "url": "vendors"},
    ],
)
def test_a_batch_that_cannot_be_read_runs_none_of_its_requests(desk: Desk, second: dict[str, Any]) -> None:
    items = [post("vendors", "1", displayName="One"), second, post("vendors", "3", displayName="Three")]
    desk.refused("POST", f"{ROOT}/$batch", {"requests": items}, code="BadRequest")


def test_a_group_stands_or_falls_together(desk: Desk) -> None:
    group = {"atomicityGroup": "g"}
    one, two, three = (
        {**post("vendors", "1", displayName="One"), **group},
        {**vendor("Bad", country=5), "id": "2", **group},
        {**post("vendors", "3", displayName="Three"), **group},
    )
    after = post("vendors", "4", after=["g"], displayName="Hangs on the group")
    answers = batch(desk, post("vendors", "0", displayName="First"), one, two, three, after, Prefer=GOES_ON)
    assert statuses(answers) == [201, 424, 400, 424, 424]
    assert [each.get("atomicityGroup") for each in answers] == [None, "g", "g", "g", None]
    assert [row["displayName"] for row in desk.list("vendors")][2:] == ["First"]
    assert statuses(batch(desk, one, {**three, "dependsOn": ["1"], "url": "vendors"}, after)) == [201, 201, 201]


def test_a_posting_in_a_group_stays_with_what_came_before_it(desk: Desk) -> None:
    items = [{**each, "id": str(n), "atomicityGroup": "g"} for n, each in enumerate(drafts_and_postings(desk))]
    assert statuses(batch(desk, *items)) == [201, 204, 424, 400]
    assert [row["displayName"] for row in desk.list("vendors")][2:] == ["Before"]
    assert desk.books()["office"] == "47.00"


@pytest.mark.parametrize(
    "items",
    [
        [{"atomicityGroup": 5}],
        [{"id": "g", "atomicityGroup": "g"}],
        [{"id": "g"}, {"atomicityGroup": "g"}],
        [{"atomicityGroup": "g"}, {}, {"atomicityGroup": "g"}],
    ],
)
def test_a_group_that_cannot_be_told_from_other_requests_is_refused(desk: Desk, items: list[dict[str, Any]]) -> None:
    given = [{**vendor(f"V{n}"), **each} for n, each in enumerate(items)]
    desk.refused("POST", f"{ROOT}/$batch", {"requests": given}, code="BadRequest")


def test_the_isolation_of_a_batch_is_known_under_both_its_names(desk: Desk) -> None:
    before = desk.posted()
    assert statuses(batch(desk, vendor("One"), vendor("Bad", country=5), OData_Isolation="snapshot")) == [201, 400]
    assert desk.posted() == before
    for name in ("Isolation", "OData-Isolation"):
        isolated = {name: "serializable"}
        desk.refused("POST", f"{ROOT}/$batch", {"requests": [vendor("x")]}, code="BadRequest", headers=isolated)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/v2.0/Production/api/v2.0/vendors",
        "//evil.example/api/v2.0/vendors",
        "http://evil.example/api/v2.0/vendors",
        "https://[/api/v2.0/vendors",
    ],
)
def test_a_request_for_another_service_is_not_answered_by_this_one(desk: Desk, address: str) -> None:
    before = desk.posted()
    (answer,) = batch(desk, {**vendor("Elsewhere"), "url": address})
    assert (answer["status"], answer["body"]["error"]["code"]) == (400, "BadRequest_InvalidRequestUrl")
    assert desk.posted() == before


def test_a_request_for_another_environment_is_refused(desk: Desk) -> None:
    away, nowhere, here = (
        f"{HOST}/v2.0/Elsewhere/api/v2.0/vendors",
        f"{HOST}/anything/api/v2.0/vendors",
        f"{ROOT}/vendors",
    )
    items = [{**vendor("V"), "url": url} for url in (away, nowhere, here)]
    assert statuses(batch(desk, *items, Prefer=GOES_ON)) == [404, 404, 201]


def in_parts(desk: Desk, *parts: str, status: int = 200, **headers: str) -> Any:
    """A batch of parts and the parts of its answer, each as its status or as the list of a change set."""
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n"
    sent = {"Content-Type": "multipart/mixed; boundary=b", **{n.replace("_", "-"): v for n, v in headers.items()}}
    answer = desk.send("POST", f"{ROOT}/$batch", body.encode(), headers=sent)
    assert answer.status == status, answer.body
    if status != 200:
        return exact_json.loads(answer.body)["error"]["code"]
    whole = message_from_bytes(f"Content-Type: {answer.header('Content-Type')}\r\n\r\n".encode() + answer.body)
    return [_told(part) for part in whole.get_payload()]


def _told(part: Any) -> Any:
    if part.is_multipart():
        return [_told(inner) for inner in part.get_payload()]
    head, _, body = part.get_payload(decode=True).decode().replace("\r\n", "\n").partition("\n\n")
    status = int(head.split()[1])
    return (status, exact_json.loads(body)) if body.strip() else (status, None)


def part(method: str, url: str, body: str = "", id: str = "") -> str:
    told = f"Content-ID: {id}\r\n" if id else ""
    return (
        f"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n{told}\r\n"
        f"{method} {url} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}"
    )


def changes(*parts: str) -> str:
    inner = "".join(f"--c\r\n{each}\r\n" for each in parts)
    return f"Content-Type: multipart/mixed; boundary=c\r\n\r\n{inner}--c--\r\n"


def test_a_batch_may_come_in_parts(desk: Desk) -> None:
    made = part("POST", "vendors", '{"displayName": "Ærø Færge"}', "1")
    lines = part("GET", "/$1/defaultDimensions")
    (status, body), (read, listed), (gone, refused) = in_parts(
        desk, made, lines, part("GET", "nonsense"), part("GET", "vendors")
    )
    assert (status, body["displayName"]) == (201, "Ærø Færge")
    assert (read, listed["value"]) == (200, [])
    assert (gone, refused["error"]["code"]) == (404, "BadRequest_ResourceNotFound")


def test_a_change_set_stands_or_falls_together(desk: Desk) -> None:
    one = part("POST", "vendors", '{"displayName": "One"}', "1")
    bad = part("POST", "vendors", '{"displayName": "Two", "country": 5}', "2")
    ((status, refused), (read, _)) = in_parts(
        desk, changes(one, bad), part("GET", "vendors"), Prefer="odata.continue-on-error"
    )
    assert (status, refused["error"]["code"], read) == (400, "BadRequest", 200)
    assert len(desk.list("vendors")) == 2
    (both,) = in_parts(desk, changes(one, part("POST", "vendors", '{"displayName": "Two"}', "2")))
    assert [each[0] for each in both] == [201, 201]
    assert [row["displayName"] for row in desk.list("vendors")][2:] == ["One", "Two"]


@pytest.mark.parametrize(
    "wrong",
    [
        "Content-Type: text/plain\r\n\r\nPOST vendors HTTP/1.1\r\n\r\n{}",
        "Content-Type: application/http\r\n\r\nPOST vendors\r\n\r\n{}",
        part("POST", "vendors", "{}", "1"),
        part("POST", "$9/defaultDimensions", "{}"),
        changes(part("GET", "vendors")),
        changes(part("POST", "vendors", '{"displayName": "Two"}')).replace("boundary=c", "boundary=other"),
        changes(part("POST", "vendors", '{"displayName": "Two"}')).replace("; boundary=c", ""),
        changes(part("POST", "vendors", '{"displayName": "Two"}')).replace("--c--", ""),
        "".join(f"Content-Type: multipart/mixed; boundary=d{n}\r\n\r\n--d{n}\r\n" for n in range(1500)),
    ],
    ids=["text", "no version", "same id", "no such id", "reads", "other boundary", "no boundary", "no end", "deep"],
)
def test_parts_that_cannot_be_read_run_none_of_the_requests(desk: Desk, wrong: str) -> None:
    before = desk.posted()
    assert in_parts(desk, part("POST", "vendors", '{"displayName": "One"}', "1"), wrong, status=400) == "BadRequest"
    assert desk.posted() == before


def test_a_batch_in_parts_needs_its_boundary(desk: Desk) -> None:
    for media in ("multipart/mixed", "multipart/mixed; boundary=other"):
        desk.refused("POST", f"{ROOT}/$batch", b"--b\r\n\r\n--b--", code="BadRequest", headers={"Content-Type": media})


def test_each_request_of_a_batch_has_headers_of_its_own(desk: Desk) -> None:
    (made,) = batch(desk, {**vendor("One"), "headers": {"Prefer": "return-no-content"}})
    assert made["status"] == 204
    assert "body" not in made
    one = made["headers"]["location"].rpartition("companies(")[2].partition("/")[2]
    stale, changed = batch(
        desk,
        {"method": "PATCH", "url": one, "headers": {}, "body": {"displayName": "Untagged"}},
        {"method": "PATCH", "url": one, "headers": {"If-Match": "*"}, "body": {"displayName": "Tagged"}},
        Prefer="odata.continue-on-error",
    )
    assert (stale["status"], stale["body"]["error"]["code"]) == (400, "BadRequest_InvalidToken")
    assert (changed["status"], changed["body"]["displayName"]) == (200, "Tagged")


def drafts_and_postings(desk: Desk) -> list[dict[str, Any]]:
    """An invoice is posted; a vendor after it is made, and the last request fails."""
    draft = desk.invoice(desk.item(47))
    return [
        post("vendors", displayName="Before"),
        post(f"purchaseInvoices({draft['id']})/Microsoft.NAV.post"),
        post("vendors", displayName="Between"),
        vendor("Bad", country=5),
    ]


def test_a_posting_in_a_snapshot_stays_with_what_came_before_it(desk: Desk) -> None:
    answers = batch(desk, *drafts_and_postings(desk), Isolation="snapshot")
    assert statuses(answers) == [201, 204, 201, 400]
    assert [row["displayName"] for row in desk.list("vendors")][2:] == ["Before"]
    assert desk.books()["office"] == "47.00"


def test_a_setting_takes_postings_of_a_snapshot_back_as_well(desk: Desk) -> None:
    with desk.world.unit():
        desk.company.change_settings(batch_postings_go_back=True)
    assert statuses(batch(desk, *drafts_and_postings(desk), Isolation="snapshot")) == [201, 204, 201, 400]
    assert len(desk.list("vendors")) == 2
    assert desk.books() == {}
