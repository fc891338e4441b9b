"""Batches, changes since an instant, and files."""

from __future__ import annotations

import base64
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.platforms.quickbooks_online.builders import Client, purchase

from sandbooks import exact_json
from sandbooks.platforms.quickbooks_online.wire.multipart import Part
from sandbooks.wire import Request, Response

D = Decimal
XML = "{http://schema.intuit.com/finance/v3}"
REDIRECT = "https://app.example/done"


def test_a_batch_item_fails_alone_and_items_do_not_see_each_other(gb: Client) -> None:
    vendor = {"bId": "a", "operation": "create", "Vendor": {"DisplayName": "In batch"}}
    bad = {"bId": "b", "operation": "create", "Purchase": purchase(gb, Line=[])}
    good = {"bId": "c", "operation": "create", "Purchase": purchase(gb)}
    query = {"bId": "d", "Query": "select * from Vendor where DisplayName = 'Contoso Airways'"}
    items = gb.post("batch", {"BatchItemRequest": [vendor, bad, good, query]})["BatchItemResponse"]
    assert [each["bId"] for each in items] == ["a", "b", "c", "d"]
    assert items[1]["Fault"]["Error"][0]["code"] == "2020"
    assert items[3]["QueryResponse"]["maxResults"] == 1
    assert gb.balance("travel") == D("4.05")
    following = str(int(items[0]["Vendor"]["Id"]) + 1)
    unseen = {"bId": "f", "operation": "create", "Purchase": purchase(gb, EntityRef={"value": following})}
    items = gb.post("batch", {"BatchItemRequest": [{**vendor, "Vendor": {"DisplayName": "Next"}}, unseen]})[
        "BatchItemResponse"
    ]
    assert (items[0]["Vendor"]["Id"], items[1]["Fault"]["Error"][0]["code"]) == (following, "2500")


def test_a_batch_holds_thirty_items(gb: Client) -> None:
    items = [{"bId": str(n), "Query": "select count(*) from Vendor"} for n in range(31)]
    assert gb.fault("batch", {"BatchItemRequest": items})[1] == "1040"
    assert len(gb.post("batch", {"BatchItemRequest": items[:30]})["BatchItemResponse"]) == 30


def test_changes_come_in_the_order_asked_with_deletions(gb: Client) -> None:
    made = gb.make("Purchase", purchase(gb))
    gb.post("purchase", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    told = gb.get("cdc", entities="Bill,Purchase,Vendor", changedSince="2026-03-01T00:00:00-08:00")
    bills, purchases, vendors = told["CDCResponse"][0]["QueryResponse"]
    assert bills == {}
    assert (purchases["Purchase"][0]["status"], purchases["Purchase"][0]["Id"]) == ("Deleted", made["Id"])
    assert vendors["maxResults"] == 2
    detail = "Operation cdc with changedSince date 2025-12-01 which is older than fixed days is not supported."
    told = gb.fault("cdc", None, method="GET", entities="Bill", changedSince="2025-12-01")
    assert told == (400, "500", detail)
    assert gb.fault("cdc", None, method="GET", entities="TaxCode", changedSince="2026-03-01")[1] == "2000"


LF = """
---b
Content-Disposition: form-data; name="file_metadata_01"
Content-Type: application/json

%s

---b
Content-Disposition: form-data; name="file_content_01"
Content-Type: image/png
Content-Transfer-Encoding: base64

%s

---b--
"""
CRLF = (
    '---b\r\nContent-Disposition: form-data; name="file_metadata_01";\r\nContent-Type: application/json\r\n\r\n%s\r\n'
    '---b\r\nContent-Disposition: form-data; name="file_content_01"; filename="r.png"\r\nContent-Type: image/png\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n---b--\r\n"
)
CONTENT = b"\x89PNG\r\n\r\n--- not a boundary\n"


@pytest.mark.parametrize("shape", [LF, CRLF])
def test_uploads_of_every_client_keep_their_bytes(gb: Client, shape: str) -> None:
    made = gb.make("Purchase", purchase(gb))
    reference = {"EntityRef": {"type": "Purchase", "value": made["Id"]}}
    metadata = exact_json.dumps(
        {"FileName": "r.png", "ContentType": "image/png", "AttachableRef": [reference]}
    ).decode()
    raw = (shape % (metadata, base64.b64encode(CONTENT).decode())).encode()
    answer = gb.send("POST", "upload", raw=raw, headers={"Content-Type": "multipart/form-data; boundary=-b"})
    attached = exact_json.loads(answer.body)["AttachableResponse"][0]["Attachable"]
    assert (attached["FileName"], attached["Size"]) == ("r.png", len(CONTENT))
    link = gb.send("GET", f"download/{attached['Id']}").body.decode()
    file = gb.app.edge.dispatch(Request("GET", link), raises=True)
    assert isinstance(file, Response)
    assert (file.status, file.body) == (200, CONTENT)
    gb.company.world.advance(by=timedelta(minutes=16))
    late = gb.app.edge.dispatch(Request("GET", link), raises=True)
    assert isinstance(late, Response)
    assert late.status == 403


def test_a_raw_file_without_metadata_and_one_with_xml_metadata_are_taken(gb: Client) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file_content_01"; filename="a.pdf"\r\n'
    raw = head + b"Content-Type: application/pdf\r\n\r\n" + CONTENT + b"\r\n--x--"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = gb.send("POST", "upload", raw=raw, headers=form)
    attached = exact_json.loads(answer.body)["AttachableResponse"][0]["Attachable"]
    assert (attached["FileName"], attached["ContentType"], attached["Size"]) == (
        "a.pdf",
        "application/pdf",
        len(CONTENT),
    )
    described = (
        b'--x\r\nContent-Disposition: form-data; name="file_metadata_0"\r\nContent-Type: application/xml\r\n\r\n'
        b'<Attachable xmlns="http://schema.intuit.com/finance/v3"><FileName>b.txt</FileName></Attachable>\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file_content_0"; filename="z"\r\nContent-Type: text/plain\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\naGVs\r\nbG8=\r\n--x--\r\n"
    )
    answer = gb.send("POST", "upload", raw=described, headers=form)
    attached = exact_json.loads(answer.body)["AttachableResponse"][0]["Attachable"]
    assert (attached["FileName"], attached["Size"]) == ("b.txt", 5)


@pytest.mark.parametrize(
    ("name", "reference", "code"),
    [("a.html", {"type": "Bill", "value": "1"}, "6041"), ("a.pdf", {"type": "Rocket", "value": "1"}, "6050"),
     ("a.pdf", {"type": "Bill", "value": "77"}, "610")],
)  # fmt: skip
def test_a_file_that_is_refused_leaves_nothing(gb: Client, name: str, reference: dict[str, str], code: str) -> None:
    if code == "6041":
        reference = {"type": "Vendor", "value": gb.labels["suppliers"]["airline"]}
    metadata = exact_json.dumps({"FileName": name, "AttachableRef": [{"EntityRef": reference}]}).decode()
    raw = (LF.replace("image/png", "text/html" if code == "6041" else "image/png") % (metadata, "aGk=")).encode()
    answer = gb.send("POST", "upload", raw=raw, headers={"Content-Type": "multipart/form-data; boundary=-b"})
    fault = exact_json.loads(answer.body)["AttachableResponse"][0]["Fault"]
    assert fault["Error"][0]["code"] == code
    assert gb.query("select * from Attachable") == {}


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=q", "text/plain"])
def test_an_upload_without_parts_is_refused(gb: Client, content_type: str) -> None:
    assert gb.send("POST", "upload", raw=b"nothing", headers={"Content-Type": content_type}).status == 400


@pytest.mark.parametrize("media", ["image/png\\r\\nX: y", "image/\u20ac"])
def test_a_content_type_that_fits_no_header_does_not_come_back_as_one(gb: Client, media: str) -> None:
    metadata = f'{{"FileName": "r.png", "ContentType": "{media}"}}'
    raw = (CRLF % (metadata, base64.b64encode(CONTENT).decode())).encode()
    answer = gb.send("POST", "upload", raw=raw, headers={"Content-Type": "multipart/form-data; boundary=-b"})
    attached = exact_json.loads(answer.body)["AttachableResponse"][0]["Attachable"]
    link = gb.send("GET", f"download/{attached['Id']}").body.decode()
    file = gb.app.edge.dispatch(Request("GET", link), raises=True)
    assert isinstance(file, Response)
    assert (file.header("Content-Type"), file.body) == ("application/octet-stream", CONTENT)


@pytest.mark.parametrize(
    ("name", "number"),
    [("file_content_07", "7"), ("file_content", "0"), ("1" * 90_000 + "x", "0")],
    ids=["padded", "absent", "long"],
)
def test_the_number_of_a_part_is_what_its_name_ends_with(name: str, number: str) -> None:
    assert Part(name, "a.txt", "text/plain", b"").number == number


def test_a_page_of_html_is_refused_under_any_name_and_metadata_must_be_readable(gb: Client) -> None:
    for metadata, media, code in (
        (b'{"FileName": "page.html", "ContentType": "application/pdf"}', b"application/pdf", "6041"),
        (b'{"FileName": "page.pdf", "ContentType": "text/html"}', b"application/pdf", "6041"),
        (b"not json", b"application/pdf", "6040"),
    ):
        raw = (
            b'--b\r\nContent-Disposition: form-data; name="file_metadata_1"\r\nContent-Type: application/json\r\n\r\n'
            + metadata
            + b'\r\n--b\r\nContent-Disposition: form-data; name="file_content_1"\r\nContent-Type: '
            + media
            + b"\r\n\r\n<html>\r\n--b--\r\n"
        )
        answer = gb.send("POST", "upload", raw=raw, headers={"Content-Type": "multipart/form-data; boundary=b"})
        (told,) = exact_json.loads(answer.body)["AttachableResponse"]
        assert told["Fault"]["Error"][0]["code"] == code
    assert gb.query("select * from Attachable") == {}
