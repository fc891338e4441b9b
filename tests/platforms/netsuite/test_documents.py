"""The document service: files, folders, their catalog, and hanging files on records."""

from __future__ import annotations

import base64
from typing import Any

from tests.platforms.netsuite.desk import BASE, RECORD, Desk

from sandbooks import exact_json
from sandbooks.platforms.netsuite.bookkeeper import BOOKKEEPER


def upload(desk: Desk, content: bytes, **members: Any) -> str:
    given = {"name": "receipt.png", "folder": {"id": "201"}, "content": base64.b64encode(content).decode(), **members}
    answer = desk.send("POST", "/services/rest/document/v1/file", given)
    assert answer.status == 204, answer.body
    return answer.header("Location").rpartition("/")[2]


def test_a_file_is_kept_in_a_folder_and_hung_on_a_record(desk: Desk) -> None:
    content = b"\x89PNG" + bytes(range(256))
    file = upload(desk, content)
    shown = desk.get(f"/services/rest/document/v1/file/{file}")
    assert base64.b64decode(shown["content"]) == content
    assert desk.send("GET", f"/services/rest/document/v1/file/{file}/content").body == content
    bill = desk.bill(desk.line("5.00"))
    kind, id = bill.split("/")
    for _ in range(2):
        assert desk.send("POST", f"{RECORD}/{bill}/!attach/file/{file}").status == 204
    desk.write("PATCH", bill, {"memo": "later"})
    assert [stored.content for stored in BOOKKEEPER.files(desk.company, kind, id)] == [content]
    assert desk.send("POST", f"{RECORD}/{bill}/!detach/file/{file}").status == 204
    assert list(BOOKKEEPER.files(desk.company, kind, id)) == []
    assert desk.refused("POST", f"{bill}/!detach/file/{file}")[0] == "USER_ERROR"
    for act in ("attach", "detach"):
        code, detail = desk.refused("POST", f"{bill}/!{act}/file/99")
        assert (code, detail.endswith("That record does not exist.")) == ("USER_ERROR", True)
    assert desk.refused("POST", f"{bill}/!attach/vendor/1")[0] == "USER_ERROR"


def test_a_file_without_folder_beyond_ten_megabytes_or_ill_encoded_is_refused(desk: Desk) -> None:
    path = "/services/rest/document/v1/file"
    assert desk.refused("POST", path, {"name": "a.txt", "content": "AA=="})[1].endswith(
        "Please enter value(s) for: Folder."
    )
    limit = 10 * 1024 * 1024
    for size, status in ((limit, 204), (limit + 1, 400)):
        content = base64.b64encode(bytes(size)).decode()
        given = {"name": f"{size}.bin", "folder": {"id": "201"}, "content": content}
        assert desk.send("POST", path, given).status == status
    for wrong in ("***", 5, {"a": 1}):
        assert desk.refused("POST", path, {"name": "a", "folder": 201, "content": wrong})[0] == "INVALID_CONTENT"
    assert desk.refused("POST", path, {"name": "a", "folder": {"id": "77"}})[0] == "INVALID_CONTENT"
    assert desk.refused("DELETE", "/services/rest/document/v1/folder/201")[0] == "USER_ERROR"


def test_the_catalog_of_the_document_service_leads_to_its_schemas(desk: Desk) -> None:
    for item in desk.get("/services/rest/document/v1/metadata-catalog")["items"]:
        path = item["links"][0]["href"].removeprefix(BASE)
        assert desk.get(path)["name"] == item["name"]
        schema = desk.send("GET", path, headers={"Accept": "application/schema+json"})
        assert "name" in exact_json.loads(schema.body)["properties"]
    assert desk.send("GET", "/services/rest/document/v1/metadata-catalog/vendor").status == 404


def test_folders_are_listed_made_and_deleted(desk: Desk) -> None:
    root = "/services/rest/document/v1"
    made = desk.send("POST", f"{root}/folder", {"name": "2026", "parent": {"id": "201"}}).header("Location")
    assert desk.get(f"{root}/folder/{made.rpartition('/')[2]}")["parent"]["refName"] == "Attachments Received"
    assert desk.get(f"{root}/folder")["totalResults"] == 5
    assert desk.send("DELETE", made).status == 204
    assert [item["name"] for item in desk.get(f"{root}/metadata-catalog")["items"]] == ["file", "folder"]


def test_a_file_is_renamed_moved_and_filled_anew_in_place(desk: Desk) -> None:
    root = "/services/rest/document/v1"
    file = upload(desk, b"first", description="Till")
    upload(desk, b"other", name="other.pdf", folder={"id": "202"})
    content = base64.b64encode(b"second, longer").decode()
    changed = {"name": "till.pdf", "folder": {"id": "202"}, "content": content}
    answer = desk.send("PATCH", f"{root}/file/{file}", changed)
    assert (answer.status, answer.header("Location")) == (204, f"{BASE}{root}/file/{file}")
    shown = desk.get(f"{root}/file/{file}")
    assert {name: shown[name] for name in ("name", "size", "fileType", "description", "content")} == {
        "name": "till.pdf",
        "size": 14,
        "fileType": "application/pdf",
        "description": "Till",
        "content": content,
    }
    assert shown["folder"]["id"] == "202"
    assert "already exists" in desk.refused("PATCH", f"{root}/file/{file}", {"name": "Other.pdf"})[1]
    assert desk.refused("PATCH", f"{root}/file/{file}", {"folder": {"id": "77"}})[0] == "INVALID_CONTENT"
    assert desk.refused("PATCH", f"{root}/file/999", {"name": "x"}, status=404)[0] == "NONEXISTENT_ID"
    assert desk.send("GET", f"{root}/file/{file}/content").body == b"second, longer"


def test_a_folder_is_renamed_and_moved_but_not_below_itself(desk: Desk) -> None:
    root = "/services/rest/document/v1"
    made = desk.send("POST", f"{root}/folder", {"name": "March", "parent": {"id": "201"}}).header("Location")
    id = made.rpartition("/")[2]
    assert desk.send("PATCH", made, {"name": "April", "description": "Spring"}).status == 204
    assert desk.get(f"{root}/folder/{id}")["name"] == "April"
    assert "its own parent" in desk.refused("PATCH", f"{root}/folder/201", {"parent": {"id": id}})[1]
    assert desk.send("PATCH", made, {"parent": None}).status == 204
    assert "parent" not in desk.get(f"{root}/folder/{id}")
    assert "already exists" in desk.refused("PATCH", f"{root}/folder/{id}", {"name": "images"})[1]


def test_members_of_a_file_that_nobody_knows_are_told_refused_or_passed_over(desk: Desk) -> None:
    root = "/services/rest/document/v1"
    body = {"name": "a.txt", "folder": {"id": "201"}, "content": "AA==", "isPrivate": True, "colour": "red"}
    strict = {"X-NetSuite-PropertyNameValidation": "error"}
    for method, path in (("POST", "file"), ("POST", "folder"), ("PATCH", "file/301"), ("PATCH", "folder/201")):
        made = desk.send("POST", f"{root}/file", {"name": "first.txt", "folder": 201, "content": "AA=="})
        assert made.header("Location").endswith("/301")
        given = body if "file" in path else {"name": "Scans", "colour": "red"}
        assert desk.refused(method, f"{root}/{path}", given, headers=strict) == (
            "INVALID_CONTENT",
            "Error while accessing a resource. Unknown reference or field colour.",
        )
    told = desk.send("POST", f"{root}/file", body)
    assert "colour" in told.header("Warning")
    id = told.header("Location").rpartition("/")[2]
    shown = desk.get(f"{root}/file/{id}")
    assert (shown["isPrivate"], shown["size"], shown["name"]) == (True, 1, "a.txt")
    quiet = {"X-NetSuite-PropertyNameValidation": "ignore"}
    answer = desk.send("PATCH", f"{root}/file/{id}", {"colour": "blue", "isPrivate": False}, headers=quiet)
    assert (answer.status, answer.header("Warning")) == (204, "")
    assert desk.get(f"{root}/file/{id}")["isPrivate"] is False


def test_a_contact_is_attached_in_a_role_and_detached(desk: Desk) -> None:
    shop, root = desk.id("shop")["id"], {"id": "1"}
    owner = desk.make("contact", firstName="Ada", lastName="Finch", company={"id": shop}, email="ada@example.com")
    buyer = desk.make("contact", entityId="Bo Larch", subsidiary=root).rpartition("/")[2]
    assert desk.read(owner)["subsidiary"]["id"] == "1"
    for role in ({"role": {"id": "-10"}}, {"role": {"id": "-20"}}, None):
        answer = desk.send("POST", f"{RECORD}/customer/{shop}/!attach/contact/{buyer}", role)
        assert (answer.status, answer.body) == (204, b"")
        lines = desk.read(f"customer/{shop}")["contactRoles"]["items"]
        assert [(line["contactName"], line.get("role", {}).get("id")) for line in lines] == [
            ("Ada Finch", None),
            ("Bo Larch", role["role"]["id"] if role else None),
        ]
    assert desk.get(f"customer/{shop}/contactRoles/1")["email"] == "ada@example.com"
    bill = desk.bill(desk.line("5.00"))
    before = desk.books()
    assert desk.send("POST", f"{RECORD}/{bill}/!attach/contact/{buyer}", {}).status == 204
    for holder in (bill, f"customer/{shop}"):
        assert desk.send("POST", f"{RECORD}/{holder}/!detach/contact/{buyer}").status == 204
        assert desk.refused("POST", f"{holder}/!detach/contact/{buyer}")[0] == "USER_ERROR"
    assert desk.get(f"customer/{shop}/contactRoles")["totalResults"] == 1
    assert desk.books() == before
    assert [row["entityid"] for row in desk.suiteql("SELECT entityid FROM contact ORDER BY id")] == [
        "Ada Finch",
        "Bo Larch",
    ]


def test_what_is_no_contact_no_role_or_no_holder_is_refused_and_attaches_nothing(desk: Desk) -> None:
    shop = desk.id("shop")["id"]
    contact = desk.make("contact", entityId="Bo Larch", subsidiary={"id": "1"}).rpartition("/")[2]
    to_shop = f"customer/{shop}/!attach/contact"
    assert desk.refused("POST", f"{to_shop}/99")[0] == "USER_ERROR"
    assert desk.refused("POST", f"{to_shop}/{contact}", {"role": {"id": "-77"}})[0] == "INVALID_CONTENT"
    assert desk.refused("POST", f"{to_shop}/{contact}", b"[1]")[0] == "INVALID_CONTENT"
    assert desk.refused("POST", f"account/1/!attach/contact/{contact}")[0] == "USER_ERROR"
    assert desk.refused("POST", f"vendor/99999/!attach/contact/{contact}", status=404)[0] == "NONEXISTENT_ID"
    assert desk.refused("POST", "contact", {"entityId": "bo larch", "subsidiary": {"id": "1"}})[0] == "USER_ERROR"
    assert desk.refused("POST", "contact", {"subsidiary": {"id": "1"}})[1].endswith("Please enter value(s) for: Name.")
    assert desk.refused("POST", "contact", {"entityId": "Cy"})[1].endswith("Please enter value(s) for: Subsidiary.")
    assert desk.get(f"customer/{shop}/contactRoles")["totalResults"] == 0


def test_a_folder_goes_once_what_was_in_it_is_elsewhere(desk: Desk) -> None:
    root = "/services/rest/document/v1"
    made = desk.send("POST", f"{root}/folder", {"name": "March", "parent": {"id": "201"}}).header("Location")
    below = desk.send("POST", f"{root}/folder", {"name": "Week", "parent": {"id": made.rpartition("/")[2]}})
    file = upload(desk, b"x", folder={"id": made.rpartition("/")[2]})
    path = f"{root}/folder/{made.rpartition('/')[2]}"
    assert desk.refused("DELETE", path)[0] == "USER_ERROR"
    assert desk.send("PATCH", f"{root}/file/{file}", {"folder": {"id": "202"}}).status == 204
    assert desk.refused("DELETE", path)[0] == "USER_ERROR"
    assert desk.send("DELETE", below.header("Location")).status == 204
    assert desk.send("DELETE", path).status == 204
