"""Writes that are sent again after a lost answer: what keeps the books right, and what the audit says of the rest."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from tests.platforms.netsuite.desk import BASE, RECORD, open_desk
from tests.platforms.netsuite.test_sign_in import Signer

from sandbooks import Sandbox, exact_json
from sandbooks.audit import BooksWrong, audit_company
from sandbooks.sandbox.company import PlatformCompany
from sandbooks.wire import Request, Response

BILLS = f"{BASE}{RECORD}/vendorBill"

LATE = {
    "late_commit": {"phase": "validate", "after": "20m"},
    "delay": {"phase": "validate", "by": "20m"},
}
ACCOUNTS = {"travel": {"type": "expense", "name": "Fares"}}


def sent_twice(sandbox: Sandbox, method: str, path: str, *, phase: str, external: str = "") -> PlatformCompany:
    """A bill whose first answer is lost, and its blind repeat; the company, for its audit."""
    acme = sandbox.company("netsuite", country="GB", accounts=ACCOUNTS, suppliers={"rail": {"name": "Zenith Rail"}})
    client = httpx.Client(headers={"Authorization": f"Bearer {acme.credentials['access_token']}"})
    url = f"https://{acme.id.lower().replace('_', '-')}.suitetalk.api.netsuite.com/services/rest/record/v1/{path}"
    lines = [{"account": {"id": acme.labels["accounts"]["travel"]}, "amount": 37.25, "memo": "inv-7"}]
    body = {"entity": {"id": acme.labels["suppliers"]["rail"]}, "expense": {"items": lines}, "tranId": "inv-7"}
    if external:
        body["externalId"] = external
    with sandbox.intercept(), sandbox.fault("drop_response", phase=phase, at=acme.write("inv-7", nth=1)):
        with pytest.raises(httpx.HTTPError):
            client.request(method, url, json=body)
        client.request(method, url, json=body)
    return acme


@pytest.mark.parametrize("phase", ["commit", "validate"])
def test_an_upsert_by_external_id_may_be_repeated_blindly(phase: str) -> None:
    with Sandbox(seed=7, network="refuse") as sandbox:
        acme = sent_twice(sandbox, "PUT", "vendorBill/eid:inv-7", phase=phase)
        acme.audit()
        assert audit_company(acme._company, strict=True) == []
        assert acme._company.records.count("vendorBill") == 1


@pytest.mark.parametrize("phase", ["commit", "validate"])
def test_a_create_with_an_external_id_is_refused_the_second_time(phase: str) -> None:
    with Sandbox(seed=7, network="refuse") as sandbox:
        acme = sent_twice(sandbox, "POST", "vendorBill", phase=phase, external="inv-7")
        acme.audit()
        assert acme._company.records.count("vendorBill") == 1


def test_a_plain_create_is_posted_twice_and_the_audit_says_so() -> None:
    with Sandbox(seed=7, network="refuse") as sandbox:
        acme = sent_twice(sandbox, "POST", "vendorBill", phase="commit")
        with pytest.raises(BooksWrong, match="INV-01"):
            acme.audit()


@pytest.mark.parametrize("kind", LATE)
def test_a_signed_request_that_a_fault_sends_on_later_is_not_taken_for_a_replay(kind: str) -> None:
    with Sandbox(seed=7, network="refuse") as sandbox:
        world = sandbox.world
        desk = open_desk(sandbox.app)
        signer = Signer(desk)
        bill = {"entity": desk.id("acme"), "memo": "inv-7", "expense": {"items": [desk.line("6.40")]}}
        address = {"platform": "netsuite", "company": desk.company.id, "write": "inv-7", "nth": 1}
        header = signer.header("POST", BILLS, signer.parameters())
        with sandbox.fault(kind, at=address, **LATE[kind]):
            request = Request("POST", BILLS, (("Authorization", header),), exact_json.dumps(bill))
            sandbox.app.edge.dispatch(request, world=world)
            world.advance(by=timedelta(minutes=30))
        assert desk.books() == {"travel": "6.40", "payables": "-6.40"}
        again = sandbox.app.edge.dispatch(request, world=world)
        assert isinstance(again, Response)
        assert again.status == 401


def test_an_answer_without_a_body_is_cut_in_its_head() -> None:
    with Sandbox(seed=7, network="refuse") as sandbox:
        desk = open_desk(sandbox.app)
        bearer = {"Authorization": f"Bearer {desk.credentials['access_token']}"}
        bill = {"entity": {"id": desk.id("acme")["id"]}, "expense": {"items": [{**desk.line(1), "amount": 6.4}]}}
        host = f"https://{desk.company.id.lower().replace('_', '-')}.suitetalk.api.netsuite.com"
        with sandbox.intercept(), sandbox.fault("truncate", at={"nth": 1}), pytest.raises(httpx.TransportError):
            httpx.post(f"{host}{RECORD}/vendorBill", json=bill, headers=bearer)
        assert desk.books() == {"travel": "6.40", "payables": "-6.40"}
