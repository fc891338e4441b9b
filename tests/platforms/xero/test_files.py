"""The Files API: folders, uploads in the shapes that clients send, associations that hang files on documents."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.platforms.xero.conftest import Client, line, spend

from sandbooks.settings import read_contract

ROOT = "/files.xro/1.0"
API: dict[str, Any] = read_contract("platforms", "xero", "api.yaml")
PICTURE = b"\x89PNG\xff\x00\r\n--no boundary"


def part(name: str, content: bytes, *, file_name: str = "", media: str = "") -> bytes:
    head = f'--q\r\nContent-Disposition: form-data; name="{name}"'
    head += f'; filename="{file_name}"' if file_name else ""
    head += f"\r\nContent-Type: {media}" if media else ""
    return head.encode() + b"\r\n\r\n" + content + b"\r\n"


def send(client: Client, method: str, path: str, body: Any = b"") -> Any:
    answer = client.send(method, f"{ROOT}/{path}", body)
    return answer.status, json.loads(answer.body) if answer.body else None


def upload(client: Client, *parts: bytes, folder: str = "") -> Any:
    headers: dict[str, str | None] = {"Content-Type": "multipart/form-data; boundary=q"}
    place = f"{ROOT}/Files/{folder}" if folder else f"{ROOT}/Files"
    answer = client.send("POST", place, b"".join(parts) + b"--q--\r\n", headers)
    return answer.status, json.loads(answer.body)


def fits(schema: str, document: Any) -> bool:
    found = {"$ref": f"#/components/schemas/{schema}", "components": API["components"]}
    return Draft202012Validator(found).is_valid(document)


@pytest.mark.parametrize(
    "parts",
    [
        [part("r.png", PICTURE, file_name="r.png", media="image/png")],
        [part("name", b"r.png"), part("filename", b"r.png"), part("mimeType", b"image/png"), part("body", PICTURE)],
        [part("upload", PICTURE, file_name="other.bin", media="application/octet-stream"), part("name", b"r.png")],
    ],
)
def test_an_upload_keeps_its_bytes_in_every_shape_that_clients_send(client: Client, parts: list[bytes]) -> None:
    status, made = upload(client, *parts)
    assert (status, made["Name"], made["MimeType"], made["Size"]) == (201, "r.png", "image/png", len(PICTURE))
    assert fits("File", made)
    content = client.send("GET", f"{ROOT}/Files/{made['Id']}/Content")
    assert (content.body, content.header("Content-Type")) == (PICTURE, "image/png")
    assert send(client, "GET", f"files/{made['Id'].upper()}")[1] == made
    assert made["FolderId"] == send(client, "GET", "Inbox")[1]["Id"]


@pytest.mark.parametrize(
    "parts", [[part("a", b"x", file_name="a.boo")], [part("a", b"", file_name="a.pdf")], [part("comment", b"no file")]]
)
def test_a_file_that_is_refused_is_told_as_a_bare_list_and_is_not_kept(client: Client, parts: list[bytes]) -> None:
    status, told = upload(client, *parts)
    assert (status, told[0]["type"], told[0]["title"]) == (400, "Validation", "Validation failure")
    assert fits("FileProblem", told[0])
    assert send(client, "GET", "Files")[1]["TotalCount"] == 0


def test_the_message_of_a_wrong_extension_names_it(client: Client) -> None:
    told = upload(client, part("a", b"x", file_name="a.boo"))[1]
    assert told[0]["detail"] == "Extension: boo is not a valid File extension."


def test_folders_are_made_renamed_and_deleted_and_the_inbox_stays(client: Client) -> None:
    status, folder = send(client, "POST", "Folders", {"Name": "Receipts"})
    assert (status, folder["IsInbox"], folder["FileCount"], fits("Folder", folder)) == (200, False, 0, True)
    assert send(client, "POST", "Folders", {"Name": "receipts"})[0] == 400
    _, made = upload(client, part("a", b"x", file_name="a.pdf"), folder=folder["Id"])
    assert send(client, "DELETE", f"Folders/{folder['Id']}")[0] == 400
    assert send(client, "PUT", f"Folders/{folder['Id']}", {"Name": "Old receipts"})[1]["FileCount"] == 1
    assert send(client, "GET", f"Folders/{folder['Id']}/Files")[1]["Items"] == [made]
    assert send(client, "DELETE", f"Files/{made['Id']}")[0] == 204
    assert send(client, "DELETE", f"Folders/{folder['Id']}") == (204, None)
    assert [each["Name"] for each in send(client, "GET", "Folders")[1]] == ["Inbox"]
    inbox = send(client, "GET", "Inbox")[1]
    assert send(client, "PUT", f"Folders/{inbox['Id']}", {"Name": "Mine"})[0] == 400
    assert send(client, "DELETE", f"Folders/{inbox['Id']}")[0] == 400


def test_a_page_of_files_is_sorted_and_counted(client: Client) -> None:
    for name, content in (("b.pdf", b"22"), ("a.pdf", b"333"), ("c.pdf", b"1")):
        upload(client, part("f", content, file_name=name))
    page = send(client, "GET", "Files?sort=Size&direction=DESC&pagesize=2&page=1")[1]
    assert ([each["Name"] for each in page["Items"]], fits("FilesPage", page)) == (["a.pdf", "b.pdf"], True)
    assert (page["TotalCount"], page["Page"], page["PerPage"]) == (3, 1, 2)
    assert [each["Name"] for each in send(client, "GET", "Files?sort=Name")[1]["Items"]] == ["a.pdf", "b.pdf", "c.pdf"]
    assert send(client, "GET", "Files?pagesize=101")[0] == 400


def test_a_file_is_renamed_and_moved(client: Client) -> None:
    folder = send(client, "POST", "Folders", {"Name": "Receipts"})[1]
    made = upload(client, part("f", b"x", file_name="a.pdf"))[1]
    changed = send(client, "PUT", f"Files/{made['Id']}", {"Name": "b.pdf", "FolderId": folder["Id"]})[1]
    assert (changed["Name"], changed["FolderId"]) == ("b.pdf", folder["Id"])
    assert send(client, "PUT", f"Files/{made['Id']}", {"Name": "b.boo"})[0] == 400
    assert send(client, "GET", f"Files/{made['Id']}")[1]["Name"] == "b.pdf"


def test_an_associated_file_hangs_on_the_document_until_the_association_ends(client: Client) -> None:
    spent = client.one("PUT", "BankTransactions", spend(line("12.40")))
    made = upload(client, part("f", PICTURE, file_name="r.png"))[1]
    asked = {"ObjectId": spent["BankTransactionID"], "ObjectGroup": "BankTransaction"}
    status, told = send(client, "POST", f"Files/{made['Id']}/Associations", asked)
    assert (status, told["ObjectGroup"], told["ObjectType"]) == (201, "BankTransaction", "CashPaid")
    assert send(client, "POST", f"Files/{made['Id']}/Associations", asked)[0] == 400
    place = f"BankTransactions/{spent['BankTransactionID']}"
    assert client.one("GET", place)["HasAttachments"] is True
    assert client.one("GET", f"{place}/Attachments")["FileName"] == "r.png"
    by_object = send(client, "GET", f"Associations/{spent['BankTransactionID']}")[1]
    assert ([each["Name"] for each in by_object], fits("Association", by_object[0])) == (["r.png"], True)
    other = client.labels["suppliers"]["baker"]
    counted = send(client, "GET", f"Associations/Count?ObjectIds={spent['BankTransactionID']},{other}")[1]
    assert counted == {spent["BankTransactionID"]: 1, other: 0}
    assert send(client, "DELETE", f"Files/{made['Id']}/Associations/{spent['BankTransactionID']}")[0] == 204
    assert send(client, "GET", f"Files/{made['Id']}/Associations")[1] == []
    assert client.one("GET", place)["HasAttachments"] is False


def test_what_does_not_exist_has_no_files(client: Client) -> None:
    made = upload(client, part("f", b"x", file_name="a.pdf"))[1]
    unknown = "7f3c0b1e-0000-4000-8000-000000000001"
    assert send(client, "POST", f"Files/{made['Id']}/Associations", {"ObjectId": unknown})[0] == 400
    for path in (f"Files/{unknown}", f"Files/{unknown}/Content", f"Folders/{unknown}", "Files/nonsense"):
        assert client.send("GET", f"{ROOT}/{path}").status == 404


def test_the_files_scope_is_asked_for(client: Client) -> None:
    headers: dict[str, str | None] = {"Authorization": None}
    assert client.send("GET", f"{ROOT}/Files", headers=headers).status == 401
