"""Every name of the published API is simulated, or answers that it is not; a name that does not exist is not found."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platforms.business_central.desk import BLANK_ID, HOST, Desk

from sandbooks import exact_json
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.business_central import lacking
from sandbooks.platforms.business_central.sets import SETS
from sandbooks.settings import read_contract
from sandbooks.wire import Response

PUBLISHED: dict[str, Any] = read_contract("platforms", "business_central", "published.yaml")
NAMES: dict[str, Any] = PUBLISHED["sets"]
AUTOMATION = f"{HOST}/v2.0/Production/api/microsoft/automation/v2.0"
UNKNOWN = ("BadRequest_ResourceNotFound", "BadRequest_InvalidRequestUrl", "BadRequest_MethodNotImplemented")


def known(desk: Desk, method: str, path: str, **query: object) -> bool:
    """Whether a name is simulated, or said to be not simulated: all but unknown. It writes nothing."""
    before = desk.posted()
    try:
        answer = desk.send(method, path, **query)
    except NotSimulated:
        return True
    finally:
        assert desk.posted() == before
    return answer.status == 200 or code(answer) not in UNKNOWN


def code(answer: Response) -> str:
    return str(exact_json.loads(answer.body)["error"]["code"])


def test_every_entity_set_is_simulated_or_says_that_it_is_not(desk: Desk) -> None:
    assert [name for name in NAMES if not known(desk, "GET", name)] == []
    assert [name for name in NAMES if not known(desk, "GET", f"{name}({BLANK_ID})")] == []
    assert [name for name in NAMES if not known(desk, "GET", f"{name}/$count")] == []
    assert set(SETS) <= set(NAMES)
    assert not set(SETS) & lacking.NAMES


def test_every_navigation_is_simulated_or_says_that_it_is_not(desk: Desk) -> None:
    pairs = [(name, each) for name, parts in NAMES.items() for each in parts.get("navigations", ())]
    assert len(pairs) > 300
    assert [pair for pair in pairs if not known(desk, "GET", pair[0], expand=pair[1])] == []
    assert [pair for pair in pairs if not known(desk, "GET", f"{pair[0]}({BLANK_ID})/{pair[1]}")] == []


def test_every_action_is_simulated_or_says_that_it_is_not(desk: Desk) -> None:
    pairs = [(name, each) for name, parts in NAMES.items() for each in parts.get("actions", ())]
    paths = [f"{name}({BLANK_ID})/Microsoft.NAV.{action}" for name, action in pairs]
    assert [path for path in paths if not known(desk, "POST", path)] == []


@pytest.mark.parametrize("name", lacking.SETS)
def test_an_entity_set_that_is_not_simulated_says_so_in_any_place(desk: Desk, name: str) -> None:
    for method, path in [
        ("POST", name),
        ("PATCH", f"{name}({BLANK_ID})"),
        ("DELETE", f"{name.upper()}({BLANK_ID})"),
        ("GET", f"{name}({BLANK_ID})/dimensionSetLines"),
        ("POST", f"{name}({BLANK_ID})/Microsoft.NAV.post"),
    ]:
        with pytest.raises(NotSimulated, match=name):
            desk.send(method, path, {} if method in ("POST", "PATCH") else None)


def test_a_set_that_is_not_simulated_says_so_in_a_batch(desk: Desk) -> None:
    items = [{"id": "1", "method": "GET", "url": "salesShipments"}]
    with pytest.raises(NotSimulated, match="salesShipments"):
        desk.send("POST", f"{HOST}/v2.0/Production/api/v2.0/$batch", {"requests": items})


def test_the_automation_api_is_simulated_or_says_that_it_is_not(desk: Desk) -> None:
    company = f"{AUTOMATION}/companies({desk.company.id})"
    for name in PUBLISHED["automation"]:
        assert known(desk, "GET", f"{AUTOMATION}/{name}" if name == "companies" else f"{company}/{name}"), name


@pytest.mark.parametrize(
    "path",
    ["nonsense", "vendors({id})/nonsense", "purchaseInvoice", "lacking/users", "/lacking/users", "salesInvoicess"],
)
def test_a_name_that_does_not_exist_is_not_found(desk: Desk, path: str) -> None:
    url = HOST + path if path.startswith("/") else path.format(id=desk.labels["suppliers"]["shop"])
    answer = desk.send("GET", url)
    assert (answer.status, code(answer)) == (404, "BadRequest_ResourceNotFound")
    automation = desk.send("GET", f"{AUTOMATION}/companies({desk.company.id})/nonsense")
    assert (automation.status, code(automation)) == (404, "BadRequest_ResourceNotFound")


def test_a_file_leads_back_to_its_document(desk: Desk) -> None:
    draft = desk.invoice(desk.item(3))
    made = desk.make("attachments", parentId=draft["id"], parentType="Purchase Invoice", fileName="a.pdf")
    assert desk.get(f"attachments({made['id']})/purchaseInvoice")["number"] == draft["number"]
    (row,) = desk.list(f"purchaseInvoices({draft['id']})/attachments", expand="purchaseInvoice,journalLine")
    assert (row["purchaseInvoice"]["id"], row["journalLine"]) == (draft["id"], None)


def test_an_account_leads_to_its_trial_balance(desk: Desk) -> None:
    desk.spend(23)
    (row,) = desk.list("accounts", filter=f"id eq {desk.account('travel')}", expand="trialBalance")
    assert row["trialBalance"]["totalDebit"] == "23.00"
