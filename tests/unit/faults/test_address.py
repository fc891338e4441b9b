"""Which exchanges an address means."""

from typing import Any

import pytest
from tests.unit.faults.toy import BASE, Bench, response

from sandbooks.faults.address import remember_reference
from sandbooks.wire import Request

XML = b"<spend><ref>a&amp;b-7</ref></spend>"


def meets(bench: Bench, at: dict[str, Any], method: str, path: str, body: bytes = b"", **headers: str) -> bool:
    """Whether an exchange is hit by a fault at an address (which must not have to wait for anything)."""
    fault = bench.plan.add("server_error", at=at, phase="send")
    sent = [("Authorization", "Bearer good"), *((k.replace("_", "-"), v) for k, v in headers.items())]
    bench.app.edge.dispatch(Request(method, BASE + path, tuple(sent), body), world=bench.world)
    bench.plan.clear()
    return bool(fault.fired)


@pytest.mark.parametrize(
    ("at", "hit"),
    [
        ({}, True),
        ({"platform": "toy"}, True),
        ({"platform": "xero"}, False),
        ({"platform": "codat"}, False),
        ({"operation": "create_spend"}, True),
        ({"operation": "find_spends"}, False),
        ({"operation": "POST /acme/spend"}, True),
        ({"operation": "POST /*/spend"}, True),
        ({"operation": "POST /ACME/*"}, True),
        ({"operation": "POST /**"}, True),
        ({"operation": "POST /acme/spend/**"}, True),
        ({"operation": "* /**/spend"}, True),
        ({"operation": "POST /*"}, False),
        ({"operation": "GET /*/spend"}, False),
        ({"company": "acme"}, True),
        ({"company": "Acme Ltd"}, True),
        ({"company": "borealis"}, False),
        ({"company": "nobody"}, False),
        ({"write": "r-02"}, True),
        ({"reference": "R-02"}, True),
        ({"read": "r-02"}, False),
        ({"write": "r-0"}, False),
        ({"write": "02"}, True),
        ({"write": "2"}, False),
        ({"company": "acme", "write": "r-03"}, False),
    ],
)
def test_an_address_means_a_write(bench: Bench, at: dict[str, Any], hit: bool) -> None:
    body = b'{"ref": "CX/r-02", "amount": "12.30"}'
    assert meets(bench, at, "POST", "/acme/spend?x=1", body) is hit


@pytest.mark.parametrize(
    ("path", "at", "hit"),
    [
        ("/acme/spend?q=where%20ref%20%3D%20%27r-02%27", {"read": "r-02"}, True),
        ("/acme/spend?q=where+ref+r-02", {"reference": "r-02"}, True),
        ("/acme/spend?q=r-02", {"write": "r-02"}, False),
        ("/acme/spend?q=r-021", {"read": "r-02"}, False),
    ],
)
def test_a_search_by_reference_is_a_read(bench: Bench, path: str, at: dict[str, Any], hit: bool) -> None:
    assert meets(bench, at, "GET", path) is hit


@pytest.mark.parametrize(
    ("body", "type", "reference"),
    [
        (b"ref=a%26b-7&amount=1", "application/x-www-form-urlencoded", "a&b-7"),
        (b"memo=trip+to+Oslo", "application/x-www-form-urlencoded; charset=utf-8", "trip to Oslo"),
        (XML, "application/xml", "a&b-7"),
        (b'{"ref": "caf\\u00e9\\/9"}', "application/json", "CAFÉ/9"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\nr-02\r\n--x--", "multipart/form-data; boundary=x", "r-02"),
    ],
)
def test_a_reference_is_found_in_any_kind_of_body(bench: Bench, body: bytes, type: str, reference: str) -> None:
    assert meets(bench, {"write": reference}, "POST", "/acme/spend", body, Content_Type=type)


def test_a_reference_is_found_by_what_stands_for_it(bench: Bench) -> None:
    uuid = "6f1d3c1e-8f0a-4a52-9d5e-0c3b1f6a7e21"
    body = b'{"ref": "6F1D3C1E8F0A4A529D5E0C3B1F6A7E21"}'
    assert not meets(bench, {"write": "r-02"}, "POST", "/acme/spend", body)
    remember_reference(bench.world, "r-02", ["D-5501"])
    remember_reference(bench.world, "r-02", [uuid, "D-5501"])
    assert bench.world.get("reference", "r-02") == ["D-5501", uuid]
    assert meets(bench, {"write": "r-02"}, "POST", "/acme/spend", body)
    assert meets(bench, {"write": "r-02"}, "POST", "/acme/spend", b'{"ref": "d-5501"}')


def test_a_read_of_the_native_record_is_a_read_of_the_reference(bench: Bench) -> None:
    bench.spend("r-01")
    bench.spend("r-02")
    assert not meets(bench, {"read": "r-02"}, "GET", "/acme/spend/1")
    assert meets(bench, {"read": "r-02"}, "GET", "/acme/spend/2")
    assert not meets(bench, {"write": "r-02"}, "GET", "/acme/spend/2")


def test_a_company_that_only_admission_knows_is_met_from_then_on(bench: Bench) -> None:
    for company in ("Acme Ltd", "Borealis GmbH"):
        bench.plan.add("server_error", at={"company": company}, phase="admit")
    assert response(bench.send("GET", "/mine")).status == 500
    assert [fault.at.company for fault in bench.plan.unfired()] == ["Acme Ltd"]


def test_sign_in_belongs_to_the_platform(bench: Bench) -> None:
    assert meets(bench, {"operation": "POST /token"}, "POST", "/token")


def test_an_unknown_path_can_be_hit_too(bench: Bench) -> None:
    assert meets(bench, {"operation": "GET /nowhere/**"}, "GET", "/nowhere/at/all")


def test_the_prefix_and_the_world_are_no_part_of_the_path(bench: Bench) -> None:
    bench.app.create_world("other", seed=2)
    other = Bench(bench.app, "other")
    fault = other.plan.add("html_error_page", at={"operation": "POST /acme/spend"})
    bench.app.edge.dispatch(Request("POST", "http://127.0.0.1:9/w/other/toy/acme/spend", (), b"{}"))
    assert fault.fired == 1
