"""Documents as XML: the same as in JSON, with dashes in the names and a type where it is not text."""

import pytest
from lxml import etree
from tests.platforms.freeagent.desk import BASE, Desk

from sandbooks.wire import Response

XML = {"Accept": "application/xml", "Content-Type": "application/xml"}


def root(answer: Response) -> etree._Element:
    assert answer.header("Content-Type") == "application/xml; charset=utf-8"
    return etree.fromstring(answer.body)


def test_an_expense_is_made_and_read_as_xml(desk: Desk) -> None:
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
    <expense>
      <user>{desk.me()}</user>
      <category>{desk.category("travel")}</category>
      <dated-on type="date">2026-03-02</dated-on>
      <gross-value type="decimal">-36.00</gross-value>
      <sales-tax-rate type="decimal">20.0</sales-tax-rate>
      <description>Train &amp; tram</description>
      <attachment><data>AAAA</data><file-name>a.png</file-name><content-type>image/png</content-type></attachment>
    </expense>"""
    answer = desk.send("POST", "expenses", body.encode(), headers=XML)
    assert answer.status == 201, answer.body
    (made,) = root(answer)
    assert made.tag == "expense"
    assert {
        child.tag: (child.get("type"), child.text) for child in made if child.tag.startswith(("dat", "gro", "des"))
    } == {
        "dated-on": ("date", "2026-03-02"),
        "gross-value": ("decimal", "-36.0"),
        "description": (None, "Train & tram"),
    }
    assert made.findtext("sales-tax-value") == "-6.0"
    assert made.find("attachment/file-size").get("type") == "integer"
    assert made.find("updated-at").get("type") == "datetime"
    assert desk.books() == {"travel": "30.00", "input_tax": "6.00", desk.me_account(): "-36.00"}


def test_a_bill_has_its_items_in_an_array(desk: Desk) -> None:
    body = f"""<freeagent><bill>
      <contact>{desk.contact("acme")}</contact><reference>007</reference>
      <dated-on>2026-03-02</dated-on><due-on>2026-04-01</due-on>
      <bill-items type="array">
        <bill-item><category>{desk.category("office")}</category><total-value>12.00</total-value></bill-item>
        <bill-item><category>{desk.category("travel")}</category><total-value>7.50</total-value></bill-item>
      </bill-items>
    </bill></freeagent>"""
    made = root(desk.send("POST", "bills", body.encode(), headers=XML))
    assert [item.findtext("total-value") for item in made.find("bill/bill-items")] == ["12.0", "7.5"]
    assert made.find("bill/bill-items").get("type") == "array"
    assert (made.findtext("bill/reference"), made.find("bill/reference").get("type")) == ("007", None)
    listed = root(desk.send("GET", "bills", headers={"Accept": "text/xml"}))
    assert [(child.tag, child.get("type")) for child in listed] == [("bills", "array")]
    assert listed.findtext("bills/bill/total-value") == "19.5"


def test_a_refusal_is_xml_too_and_posts_nothing(desk: Desk) -> None:
    before = desk.posted()
    answer = desk.send("POST", "bills", b"<bill><reference>A</reference></bill>", headers=XML)
    assert answer.status == 422
    assert "contact can't be blank" in [m.text for m in root(answer).iter("message")]
    missing = desk.send("GET", "bills/4", headers=XML)
    assert (missing.status, root(missing).findtext("errors/error/message")) == (404, "Resource not found")
    assert desk.posted() == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<bill>",
        b'<!DOCTYPE bill [<!ENTITY a "b">]><bill>&a;</bill>',
        b"<bill><reference>A</reference><reference>B</reference></bill>",
        b"<bill>" + b"<a>" * 300 + b"</a>" * 300 + b"</bill>",
        b"\xff\xfe<bill/>",
    ],
)
def test_what_is_not_such_a_document_cannot_be_parsed(desk: Desk, body: bytes) -> None:
    answer = desk.send("POST", "bills", body, headers={"Content-Type": "application/xml"})
    assert answer.status == 400, answer.body


def test_json_is_answered_to_those_who_name_it_first(desk: Desk) -> None:
    answer = desk.send("GET", "bills", headers={"Accept": "application/json, application/xml;q=0.5"})
    assert answer.header("Content-Type") == "application/json"
    url = f"{BASE}/v2/bank_accounts?per_page=2"
    assert 'rel="next"' in desk.send("GET", url, headers=XML).header("Link")


def test_a_capital_asset_is_bought_and_read_as_xml(desk: Desk) -> None:
    body = f"""<expense>
      <user>{desk.me()}</user>
      <category>{BASE}/v2/categories/602-1</category>
      <dated_on>2026-03-02</dated_on>
      <gross_value>-2000.0</gross_value>
      <sales_tax_status>EXEMPT</sales_tax_status>
      <description>Server</description>
      <capital_asset>
        <depreciation_profile>
          <method>straight_line</method>
          <asset_life_years>10</asset_life_years>
          <frequency>annually</frequency>
        </depreciation_profile>
      </capital_asset>
    </expense>"""
    answer = desk.send("POST", "expenses", body.encode(), headers=XML)
    assert answer.status == 201, answer.body
    (listed,) = root(desk.send("GET", "capital_assets", headers=XML, include_history="true"))
    assert (listed.tag, listed.get("type")) == ("capital-assets", "array")
    (asset,) = listed
    assert asset.findtext("depreciation-profile/asset-life-years") == "10"
    assert asset.find("asset-life-years").get("type") == "integer"
    events = asset.find("capital-asset-history")
    assert [event.tag for event in events] == ["capital-asset-history"] * 2
    assert [event.findtext("value") for event in events] == ["2000.0", "-200.0"]
