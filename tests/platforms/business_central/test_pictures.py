"""Pictures of masters, and prints of documents."""

from __future__ import annotations

import struct

import pytest
from tests.platforms.business_central.desk import Desk

from sandbooks import exact_json

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 37, 41) + b"rest"
GIF = b"GIF89a" + struct.pack("<HH", 5, 7) + b"rest"
BMP = b"BM" + bytes(16) + struct.pack("<ii", 11, -13) + b"rest"
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 17, 19) + b"rest"


def put(desk: Desk, path: str, content: bytes, tag: str = "*") -> int:
    headers = {"If-Match": tag, "Content-Type": "application/octet-stream"} if tag else {}
    return desk.send("PATCH", f"{path}/picture/pictureContent", content, headers=headers).status


@pytest.mark.parametrize(
    ("content", "kind", "width", "height"),
    [
        (PNG, "image/png", 37, 41),
        (GIF, "image/gif", 5, 7),
        (BMP, "image/bmp", 11, 13),
        (JPEG, "image/jpeg", 19, 17),
        (b"\xff\xd8\xff", "image/jpeg", 0, 0),
        (b"no image", "application/octet-stream", 0, 0),
    ],
)
def test_a_vendor_has_one_picture(desk: Desk, content: bytes, kind: str, width: int, height: int) -> None:
    vendor = f"vendors({desk.labels['suppliers']['shop']})"
    none = desk.get(f"{vendor}/picture")
    assert (none["parentType"], none["width"], none["contentType"]) == ("Vendor", 0, "")
    assert desk.send("GET", f"{vendor}/picture/pictureContent").status == 204
    assert put(desk, vendor, content) == 204
    held = desk.get(f"{vendor}/picture")
    assert (held["id"], held["contentType"], held["width"], held["height"]) == (none["id"], kind, width, height)
    answer = desk.send("GET", held["pictureContent@odata.mediaReadLink"])
    assert (answer.status, answer.header("Content-Type"), answer.body) == (200, kind, content)
    desk.drop(f"{vendor}/picture({held['id']})")
    assert desk.send("GET", f"{vendor}/picture/pictureContent").status == 204
    assert desk.get(f"{vendor}/picture")["width"] == 0


@pytest.mark.parametrize("name", ["customers", "employees", "items"])
def test_other_masters_have_pictures_alike(desk: Desk, name: str) -> None:
    made = desk.make(name, displayName="A") if name != "employees" else desk.make(name, givenName="A")
    path = f"{name}({made['id']})"
    assert put(desk, path, GIF) == 204
    assert desk.get(f"{path}/picture")["height"] == 7
    (row,) = desk.list(name, filter=f"id eq {made['id']}", expand="picture")
    assert row["picture"]["width"] == 5
    assert desk.send("GET", row["picture"]["pictureContent@odata.mediaReadLink"]).body == GIF


def test_a_picture_changes_its_vendor_and_stays_through_other_changes(desk: Desk) -> None:
    vendor = f"vendors({desk.labels['suppliers']['shop']})"
    before = desk.get(vendor)["@odata.etag"]
    assert put(desk, vendor, PNG, tag="") == 400
    assert put(desk, vendor, PNG) == 204
    assert desk.get(vendor)["@odata.etag"] != before
    desk.change(vendor, city="York")
    assert desk.get(f"{vendor}/picture")["width"] == 37
    assert "_picture" not in desk.get(vendor)


def test_the_company_has_no_picture_of_its_own(desk: Desk) -> None:
    (row,) = desk.list("companyInformation")
    assert "picture@odata.mediaEditLink" not in row
    assert desk.send("GET", row["picture@odata.mediaReadLink"]).status == 204
    assert desk.send("PATCH", f"companyInformation({row['id']})/picture", PNG).status == 405


def test_pictures_have_no_place_at_the_root(desk: Desk) -> None:
    text = "You must get to the parent first to get to the picture."
    shop = desk.labels["suppliers"]["shop"]
    assert desk.refused("GET", "pictures") == text
    assert desk.refused("GET", f"pictures({shop})") == text
    (row,) = desk.list("pictures", filter=f"id eq {shop} and parentType eq 'Vendor'")
    assert row["id"] == shop
    missing = desk.send("GET", f"accounts({desk.account('travel')})/picture")
    assert missing.status == 404


def test_a_posted_invoice_is_printed(desk: Desk) -> None:
    draft = desk.invoice(desk.item(29, description="Oak boards"))
    path = f"purchaseInvoices({draft['id']})"
    text = f"You must post purchase invoice {draft['id']} before generating the PDF document."
    assert desk.refused("GET", f"{path}/pdfDocument") == text
    assert desk.refused("GET", f"{path}/pdfDocument/pdfDocumentContent") == text
    desk.act(path)
    found = desk.get(f"{path}/pdfDocument")
    assert (found["id"], found["parentId"]) == (draft["id"], draft["id"])
    assert found["parentType"] == "Purchase_x0020_Invoice"
    answer = desk.send("GET", found["pdfDocumentContent@odata.mediaReadLink"])
    assert (answer.status, answer.header("Content-Type"), answer.body[:5]) == (200, "application/pdf", b"%PDF-")
    assert b"Oak boards" in answer.body
    assert desk.send("PATCH", f"{path}/pdfDocument/pdfDocumentContent", b"x").status == 405
    (row,) = desk.list("purchaseInvoices", expand="pdfDocument")
    assert row["pdfDocument"]["id"] == draft["id"]


def test_orders_and_projects_are_printed_as_they_are(desk: Desk) -> None:
    project = desk.make("projects", displayName="Harbour")
    order = desk.make("purchaseOrders", vendorId=desk.labels["suppliers"]["shop"])
    for path in (f"projects({project['id']})", f"purchaseOrders({order['id']})"):
        assert desk.send("GET", f"{path}/pdfDocument/pdfDocumentContent").body.startswith(b"%PDF-")


def test_a_credit_memo_is_posted_before_it_is_printed(desk: Desk) -> None:
    memo = desk.make("purchaseCreditMemos", vendorId=desk.labels["suppliers"]["shop"])
    text = f"You must post purchase credit memo {memo['id']} before generating the PDF document."
    assert desk.refused("GET", f"purchaseCreditMemos({memo['id']})/pdfDocument") == text
    assert desk.refused("GET", "pdfDocument") == "You must specify a parentType in the request body."


def test_a_picture_goes_with_a_batch(desk: Desk) -> None:
    shop = desk.labels["suppliers"]["shop"]
    url = f"companies({desk.company.id})/vendors({shop})/picture"
    answer = desk.send(
        "POST",
        f"{desk.root.partition('/companies')[0]}/$batch",
        {"requests": [{"id": "1", "method": "GET", "url": url}]},
    )
    (found,) = exact_json.loads(answer.body)["responses"]
    assert (found["status"], found["body"]["id"]) == (200, shop)
