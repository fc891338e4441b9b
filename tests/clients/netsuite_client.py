"""The PyPI package ``netsuite``, unmodified but for its base URL, against a running simulator.

Usage: netsuite_client.py BASE_URL CREDENTIALS_JSON   (BASE_URL ends before /services/rest)
Needs netsuite==0.12.0 and httpx<0.28; prints one line for each step.
"""

import asyncio
import base64
import json
import sys
from typing import Any

import httpx
from netsuite import Config, NetSuiteRestApi, NetSuiteRestlet, TokenAuth
from netsuite.exceptions import NetsuiteAPIRequestError
from steps import Recorder

STEP = Recorder("netsuite").step


class Client(NetSuiteRestApi):
    """The client with another base URL: the host follows from the account, with no option for it."""

    base = ""

    def _make_url(self, subpath: str) -> str:
        return f"{self.base}/services/rest{subpath}"

    async def request_202(self, method: str, path: str, body: object) -> httpx.Headers:
        """The headers of a request that is answered later; the client itself would look for JSON in the empty body."""
        answer = await self._request_impl(method, path, json=body, headers={"Prefer": "respond-async"})
        assert answer.status_code == 202, answer.text
        return answer.headers


def connected(base: str, credentials: dict[str, str], **changed: str) -> Client:
    """A client that signs with token-based authentication."""
    keys = {name: credentials[name] for name in ("consumer_key", "consumer_secret", "token_id", "token_secret")}
    Client.base = base.rstrip("/")
    return Client(Config(account=credentials["account"], auth=TokenAuth(**{**keys, **changed})))


class Scripts(NetSuiteRestlet):
    """The client of RESTlets with another base URL."""

    base = ""

    def _make_url(self, subpath: str) -> str:
        return f"{self.base}/app/site/hosting/restlet.nl{subpath}"


async def scripted(client: Client) -> str:
    """An account with a RESTlet and a dataset: a charge made through the one is found by the other."""
    chart = {
        "accounts": {"visa": {"type": "credit_card"}, "travel": {"type": "expense"}},
        "settings": {
            "restlets": {"7/1": "creditCardCharge"},
            "datasets": {"charges": {"name": "Charges", "query": "SELECT id, foreigntotal FROM transaction"}},
        },
    }
    async with httpx.AsyncClient(base_url=f"{client.base.rpartition('/')[0]}/_control/worlds/default") as control:
        opened = (await control.post("/companies", json={"platform": "netsuite", "chart": chart})).raise_for_status()
    company = opened.json()
    ids, keys = company["labels"]["accounts"], company["credentials"]
    own, Scripts.base = connected(client.base, keys), client.base
    scripts = Scripts(own._config)
    line = {"account": {"id": ids["travel"]}, "amount": 7.5}
    made = await scripts.post(7, json={"account": {"id": ids["visa"]}, "expense": {"items": [line]}})
    assert (await scripts.get(7, params={"script": 7, "deploy": 1, "id": made["internalId"]}))["total"] == 7.5
    (listed,) = (await own.get("/query/v1/dataset"))["items"]
    rows = (await own.get(f"/query/v1/dataset/{listed['id']}/result"))["items"]
    assert [(row["id"], row["foreigntotal"]) for row in rows] == [(made["internalId"], "7.5")], rows
    try:
        await scripts.post(8, json={})
    except NetsuiteAPIRequestError as error:
        return str(json.loads(error.response_text)["error"]["code"])
    raise AssertionError("a script that is not deployed answered")


async def newest(client: Client, kind: str) -> str:
    """The id of the newest transaction of a kind: the client drops the Location of a create."""
    query = "SELECT MAX(id) AS newest FROM transaction WHERE type = 'KIND'"
    return str((await client.suiteql(query.replace("KIND", kind)))["items"][0]["newest"])


async def refusal(call: Any) -> tuple[int, dict[str, Any]]:
    """Status and first detail of a request that must fail."""
    try:
        await call
    except NetsuiteAPIRequestError as error:
        body = json.loads(error.response_text)
        return int(error.status_code), body["o:errorDetails"][0]
    raise AssertionError("the request was not refused")


async def overtaken(client: Client, path: str) -> tuple[int, dict[str, Any]]:
    """A change that stands still between load and save while another one of the same record is saved.

    What stands still is told the simulator through its own control, which is there where it is served. Its clock
    stands meanwhile: however slow this machine is, the other change is saved within the delay and not before.
    """
    held = {"kind": "delay", "phase": "validate", "at": {"platform": "netsuite", "operation": "update_record"}}
    async with httpx.AsyncClient(base_url=f"{client.base.rpartition('/')[0]}/_control/worlds/default") as control:
        (await control.post("/clock", json={"mode": "frozen"})).raise_for_status()
        told = await client.request_202("PATCH", path, {"memo": "Of another user"})
        assert told["preference-applied"] == "respond-async", told
        (await control.post("/faults", json={**held, "by": "10s"})).raise_for_status()
        refused = await refusal(client.patch(path, json={"memo": "Too late"}))
        (await control.post("/clock", json={"mode": "live"})).raise_for_status()
    return refused


async def defined(client: Client, account: str, fields: dict[str, object]) -> None:
    """Custom fields, as an administrator of the account would define them on its screens."""
    control = f"{client.base.rpartition('/')[0]}/_control/worlds/default/companies/netsuite/{account}"
    edit = {"action": "edit", "document": {"kind": "customFields", "native_id": "1"}, "changes": fields}
    async with httpx.AsyncClient() as screens:
        (await screens.post(f"{control}/bookkeeper", json=edit)).raise_for_status()


async def stale_write(client: Client, charge: str) -> None:
    """A change names no version: the last one stands, unless it meets another one under way or what it changes is gone."""
    path = f"/record/v1/creditCardCharge/{charge}"
    for memo in ("First", "Last"):
        await client.patch(path, json={"memo": memo})
    assert (await client.get(path))["memo"] == "Last"
    if not client.base.startswith("https://"):
        status, detail = await overtaken(client, path)
        assert (status, detail["o:errorCode"]) == (409, "RCRD_HAS_BEEN_CHANGED"), detail
        assert (await client.get(path))["memo"] == "Of another user"
        print("overtaken write refused:", detail["detail"])
    await client.delete(path)
    status, detail = await refusal(client.patch(path, json={"memo": "Too late"}))
    assert (status, detail["o:errorCode"]) == (404, "NONEXISTENT_ID"), detail


async def lists(client: Client) -> dict[str, str]:
    """The catalog and the accounts; gives an account of each type."""
    catalog = await client.openapi(["vendorBill", "check"])
    assert set(catalog["components"]["schemas"]) == {"vendorBill", "check"}
    schema = await client.jsonschema("vendorBill")
    assert "entity" in schema["properties"]
    accounts = await client.suiteql("SELECT id, acctnumber, accttype FROM account WHERE isinactive = 'F'", limit=100)
    page = await client.get("/record/v1/account", params={"limit": 3, "q": "acctType ANY_OF [Expense]"})
    assert page["count"] == 3, page
    assert set(page["items"][0]) == {"id", "links"}
    return {row["accttype"]: row["id"] for row in reversed(accounts["items"])}


async def attached(client: Client, charge: str) -> None:
    """A file in the cabinet, hung on the charge and read back byte for byte."""
    content = bytes(range(256))
    upload = {"name": "receipt.png", "folder": {"id": "201"}, "content": base64.b64encode(content).decode()}
    await client.post("/document/v1/file", json=upload)
    files = await client.get("/document/v1/file", params={"q": 'name IS "receipt.png"'})
    file = files["items"][0]["id"]
    await client.post(f"/record/v1/creditCardCharge/{charge}/!attach/file/{file}")
    kept = await client.get(f"/document/v1/file/{file}")
    assert base64.b64decode(kept["content"]) == content


async def main(base: str, credentials: dict[str, str]) -> None:
    client = connected(base, credentials)
    with STEP("sign_in"):
        info = await client.get("", url=f"{client.base}/rest/tokeninfo")
        assert info["companyId"] == credentials["account"], info
        status, detail = await refusal(connected(base, credentials, token_secret="wrong").get("/record/v1/vendor"))
        assert (status, detail["o:errorCode"]) == (401, "INVALID_LOGIN"), detail
    with STEP("lists"):
        first = await lists(client)

    made = {"companyName": "Contoso & Söhne", "subsidiary": {"id": "1"}, "externalId": "sdk-vendor"}
    assert await client.put("/record/v1/vendor/eid:sdk-vendor", json=made) is None
    vendor = await client.get("/record/v1/vendor/eid:sdk-vendor")
    assert vendor["companyName"] == made["companyName"], vendor
    print("vendor upserted:", vendor["id"])

    line = {"account": {"id": first["Expense"]}, "amount": 25.5, "memo": "Taxi"}
    entity = {"entity": {"id": vendor["id"]}, "expense": {"items": [line]}}
    with STEP("create"):
        await client.post("/record/v1/creditCardCharge", json={**entity, "account": {"id": first["CredCard"]}})
    charge = await newest(client, "CardChrg")
    with STEP("read_back"):
        shown = await client.get(f"/record/v1/creditCardCharge/{charge}", params={"expandSubResources": "true"})
        assert (shown["total"], shown["expense"]["items"][0]["memo"]) == (25.5, "Taxi"), shown

    with STEP("credit"):
        refund = {**entity, "account": {"id": first["CredCard"]}, "expense": {"items": [{**line, "amount": 4.25}]}}
        await client.post("/record/v1/creditCardRefund", json=refund)
        query = (
            "SELECT SUM(tal.amount) AS total FROM transactionaccountingline tal "
            "JOIN transaction t ON t.id = tal.transaction WHERE tal.account = CARD AND t.id >= FIRST"
        )
        balance = await client.suiteql(query.replace("CARD", first["CredCard"]).replace("FIRST", charge))
        assert balance["items"] == [{"links": [], "total": "-21.25"}], balance

    await client.post("/record/v1/vendorBill", json={**entity, "externalId": "sdk-bill"})
    bill = await client.get("/record/v1/vendorBill/eid:sdk-bill")
    await client.post(f"/record/v1/vendorBill/{bill['id']}/!transform/vendorPayment", json={})
    paid = await client.get("/record/v1/vendorBill/eid:sdk-bill")
    assert paid["status"]["refName"] == "Paid In Full", paid
    print("bill paid by a transformation")

    with STEP("attach"):
        await attached(client, charge)

    with STEP("validation_error"):
        status, detail = await refusal(client.post("/record/v1/vendorBill", json={"entity": {"id": vendor["id"]}}))
        assert (status, detail["o:errorCode"]) == (400, "USER_ERROR"), detail
        status, detail = await refusal(client.post("/record/v1/vendorBill", json={**entity, "colour": "red"}))
        assert (status, detail["o:errorPath"]) == (400, "colour"), detail
        status, detail = await refusal(client.post("/record/v1/vendorBill", json={**entity, "externalId": "sdk-bill"}))
        assert (status, detail["o:errorCode"]) == (400, "USER_ERROR"), detail
    print("refused natively:", detail["detail"])

    known = {"entityId": "Ada Finch", "subsidiary": {"id": "1"}, "externalId": "sdk-contact"}
    await client.put("/record/v1/contact/eid:sdk-contact", json=known)
    person = (await client.get("/record/v1/contact/eid:sdk-contact"))["id"]
    customers = await client.get("/record/v1/customer", params={"limit": 1})
    customer = f"/record/v1/customer/{customers['items'][0]['id']}"
    await client.post(f"{customer}/!attach/contact/{person}", json={"role": {"id": "-10"}})
    roles = await client.get(customer, params={"expandSubResources": "true"})
    assert roles["contactRoles"]["items"][0]["contactName"] == "Ada Finch", roles
    await client.post(f"{customer}/!detach/contact/{person}")
    print("contact attached and detached:", roles["contactRoles"]["items"][0]["role"]["refName"])

    if not client.base.startswith("https://"):
        await defined(client, credentials["account"], {"custbody_push_key": {"type": "freeFormText"}})
        marked = {**entity, "custbody_push_key": "P-1"}
        await client.post("/record/v1/vendorBill", json=marked)
        found = await client.get("/record/v1/vendorBill", params={"q": 'custbody_push_key IS "P-1"'})
        rows = await client.suiteql("SELECT id FROM transaction WHERE custbody_push_key = 'P-1'")
        assert [item["id"] for item in found["items"]] == [row["id"] for row in rows["items"]], (found, rows)
        assert (await client.jsonschema("vendorBill"))["properties"]["custbody_push_key"]["x-ns-custom-field"]
        status, detail = await refusal(client.post("/record/v1/vendorBill", json={**entity, "custbody_typo": "P-1"}))
        assert (status, detail["o:errorPath"]) == (400, "custbody_typo"), detail
        print("custom field kept and found:", found["count"])

    if not client.base.startswith("https://"):
        assert await scripted(client) == "SSS_INVALID_SCRIPTLET_ID"
        print("charge made by a RESTlet, found by a dataset")

    with STEP("stale_write"):
        await stale_write(client, charge)
    status, detail = await refusal(client.delete(f"/record/v1/vendorBill/{bill['id']}"))
    assert status == 400, detail
    print("a paid bill is not deleted:", detail["detail"])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
