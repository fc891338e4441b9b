"""Saved datasets: listed by id and name, run page by page, refused where they are not as a dataset is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.platforms.netsuite.desk import RECORD, Desk

from sandbooks.platforms.netsuite.refusals import BadContent

ROOT = "/services/rest/query/v1/dataset"
SAVED = {
    "custdataset_vendors": {
        "name": "Vendors",
        "query": "SELECT id, entityid, email FROM vendor ORDER BY entityid",
        "recordType": "vendor",
    },
    "custdataset_owed": {
        "name": "Bills by vendor",
        "query": "SELECT id, tranid, foreigntotal FROM transaction WHERE type = 'VendBill' ORDER BY id",
        "recordType": "vendorBill",
    },
    "custdataset_broken": {"name": "Left over", "query": "SELECT gone FROM vendor"},
}


@pytest.fixture
def desk(open_with: Callable[..., Desk]) -> Desk:
    return open_with(datasets=SAVED)


def test_the_datasets_of_an_account_are_listed_by_id_and_name(desk: Desk) -> None:
    first = desk.get(ROOT, limit=2)
    assert [(item["id"], item["name"]) for item in first["items"]] == [
        ("custdataset_vendors", "Vendors"),
        ("custdataset_owed", "Bills by vendor"),
    ]
    assert (first["hasMore"], first["totalResults"]) == (True, 3)
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    rest = desk.get(following[following.index("/services") :])
    assert [item["id"] for item in rest["items"]] == ["custdataset_broken"]


def test_a_dataset_gives_the_rows_of_now_and_its_rows_link_to_their_records(desk: Desk) -> None:
    found = desk.get(f"{ROOT}/custdataset_vendors/result")
    acme, zenith = found["items"]
    assert (acme["entityid"], zenith["entityid"], "email" in acme) == ("Acme Timber", "Zenith Rail", False)
    (link,) = acme["links"]
    assert (link["rel"], link["href"].endswith(f"{RECORD}/vendor/{desk.id('acme')['id']}")) == ("self", True)
    desk.make("vendor", companyName="Brook Supplies", subsidiary={"id": "1"})
    names = [row["entityid"] for row in desk.get(f"{ROOT}/CUSTDATASET_VENDORS/result")["items"]]
    assert names == ["Acme Timber", "Brook Supplies", "Zenith Rail"]


def test_rows_of_transactions_have_no_links_and_come_in_pages(desk: Desk) -> None:
    for amount in ("5.10", "6.20", "7.30"):
        desk.bill(desk.line(amount))
    pages = [desk.get(f"{ROOT}/custdataset_owed/result", limit=2, offset=offset) for offset in (0, 2)]
    assert [[row["foreigntotal"] for row in page["items"]] for page in pages] == [["5.1", "6.2"], ["7.3"]]
    assert [page["hasMore"] for page in pages] == [True, False]
    assert not any(row["links"] for page in pages for row in page["items"])


def test_what_cannot_be_run_is_refused(desk: Desk) -> None:
    assert desk.refused("GET", f"{ROOT}/custdataset_nowhere/result", status=404)[0] == "NONEXISTENT_ID"
    code, detail = desk.refused("GET", f"{ROOT}/custdataset_broken/result")
    assert (code, "Unknown identifier 'gone'" in detail) == ("INVALID_PARAMETER", True)
    assert desk.refused("GET", f"{ROOT}/custdataset_owed/result?offset=3&limit=2")[0] == "INVALID_PARAMETER"
    assert desk.refused("GET", f"{ROOT}?q=x")[0] == "INVALID_PARAMETER"


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"a b": {"name": "A", "query": "SELECT 1 FROM dual"}},
        {"a": {"name": "A"}},
        {"a": {"name": "A", "query": " "}},
        {"a": {"name": "A", "query": "SELECT 1 FROM dual", "recordType": "bill"}},
        {"a": {"name": "A", "query": "SELECT 1 FROM dual", "recordType": ["vendor"]}},
        {"a": {"name": "A", "sql": "SELECT 1 FROM dual"}},
        {"a": "SELECT 1 FROM dual"},
        {id: {"name": "A", "query": "SELECT 1 FROM dual"} for id in ("a", "A")},
    ],
)
def test_an_account_is_not_opened_with_datasets_of_the_wrong_shape(open_with: Callable[..., Desk], wrong: Any) -> None:
    with pytest.raises(BadContent):
        open_with(datasets=wrong)
