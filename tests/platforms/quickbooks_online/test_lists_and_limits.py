"""Reading lists, what live members add up to, and the service's limits."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.quickbooks_online.builders import Client, journal_line
from tests.platforms.quickbooks_online.test_sign_in import sign_in

from sandbooks import exact_json
from sandbooks.platforms.quickbooks_online.limits import REALM_BATCHES_PER_MINUTE
from sandbooks.wire import Request, Response

Open = Callable[..., Client]
D = Decimal


@pytest.mark.parametrize("path", ["taxcode/NON", "TaxCode/TAX", "TAXCODE/NON/"])
def test_a_tax_code_of_the_united_states_is_read_by_its_id(us: Client, path: str) -> None:
    assert us.get(path)["TaxCode"]["Name"] in ("NON", "TAX")


def test_resource_names_are_taken_in_any_case(us: Client) -> None:
    made = us.post("VENDOR", {"DisplayName": "Upper case"})["Vendor"]
    assert us.get(f"Vendor/{made['Id']}")["Vendor"]["DisplayName"] == "Upper case"


def test_an_account_counts_what_is_on_the_accounts_under_it(us: Client) -> None:
    above = us.make("Account", {"Name": "All banks", "AccountType": "Bank"})
    under: dict[str, Any] = {"AccountType": "Bank", "SubAccount": True}
    middle = us.make("Account", {"Name": "Abroad", **under, "ParentRef": {"value": above["Id"]}})
    lowest = us.make("Account", {"Name": "Lisbon", **under, "ParentRef": {"value": middle["Id"]}})
    for account, amount in ((middle, "10.25"), (lowest, "3.50")):
        ends = {"FromAccountRef": {"value": us.account("bank")}, "ToAccountRef": {"value": account["Id"]}}
        us.make("Transfer", {**ends, "Amount": D(amount)})
    shown = {name: us.get(f"account/{each['Id']}")["Account"] for name, each in (("a", above), ("m", middle))}
    balances = {n: (a["CurrentBalance"], a["CurrentBalanceWithSubAccounts"]) for n, a in shown.items()}
    assert balances == {"a": (D(0), D("13.75")), "m": (D("10.25"), D("13.75"))}


def test_a_customer_counts_what_its_jobs_owe(us: Client) -> None:
    whole = us.make("Customer", {"DisplayName": "Adatum"})
    job = us.make("Customer", {"DisplayName": "Roof", "Job": True, "ParentRef": {"value": whole["Id"]}})
    receivable = us.query("select Id from Account where AccountType = 'Accounts Receivable'")["Account"][0]["Id"]
    entity = {"Type": "Customer", "EntityRef": {"value": job["Id"]}}
    lines = [
        journal_line(receivable, "41.30", "Debit", Entity=entity),
        journal_line(us.account("income"), "41.30", "Credit"),
    ]
    us.make("JournalEntry", {"Line": lines})
    shown = us.get(f"customer/{whole['Id']}")["Customer"]
    assert (shown["Balance"], shown["BalanceWithJobs"]) == (0, D("41.30"))


@pytest.mark.parametrize("mark", ["\t", "\n", ":"])
def test_a_display_name_built_from_parts_holds_no_separators(us: Client, mark: str) -> None:
    assert us.fault("vendor", {"GivenName": f"a{mark}b"})[1] == "2040"


@pytest.mark.parametrize(("rule", "kept"), [("ignored", False), ("kept", True)])
def test_terms_of_a_new_vendor(open_client: Open, rule: str, kept: bool) -> None:
    client = open_client("US", settings={"vendor_terms": rule})
    term = {"value": client.named("Term", "Net 30")}
    made = client.make("Vendor", {"DisplayName": "Late payer", "TermRef": term})
    assert ("TermRef" in made) is kept
    changed = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "TermRef": term}
    assert client.make("Vendor", changed)["TermRef"]["value"] == term["value"]


@pytest.mark.parametrize(("country", "kept"), [("FR", True), ("GB", False)])
def test_an_accounts_payable_account_of_a_vendor_exists_in_france(open_client: Open, country: str, kept: bool) -> None:
    client = open_client(country)
    payable = client.query("select Id from Account where AccountType = 'Accounts Payable'")["Account"][0]["Id"]
    made = client.make("Vendor", {"DisplayName": "Contoso", "APAccountRef": {"value": payable}})
    assert ("APAccountRef" in made) is kept


def test_attachments_found_by_what_they_hang_on_are_sparse(us: Client) -> None:
    vendor = us.labels["suppliers"]["airline"]
    body = {"Note": "seat 4A", "AttachableRef": [{"EntityRef": {"type": "Vendor", "value": vendor}}]}
    us.make("Attachable", body)
    found = us.query("select * from Attachable where AttachableRef.EntityRef.type = 'vendor'")["Attachable"]
    assert [(each["Note"], each["sparse"]) for each in found] == [("seat 4A", True)]
    assert us.query("select * from Attachable")["Attachable"][0]["sparse"] is False


def test_a_picture_has_a_thumbnail_and_a_text_has_none(us: Client) -> None:
    shown = {}
    for name, media in (("a.png", b"image/png"), ("b.txt", b"text/plain")):
        head = b'--x\r\nContent-Disposition: form-data; name="file_content_01"; filename="%s"\r\n' % name.encode()
        raw = head + b"Content-Type: " + media + b"\r\n\r\npixels\r\n--x--"
        answer = us.send("POST", "upload", raw=raw, headers={"Content-Type": "multipart/form-data; boundary=x"})
        shown[name] = exact_json.loads(answer.body)["AttachableResponse"][0]["Attachable"]
    path = shown["a.png"]["ThumbnailFileAccessUri"].partition(f"/{us.realm}/")[2]
    link = us.send("GET", path).body.decode()
    for url in (link, shown["a.png"]["ThumbnailTempDownloadUri"]):
        file = us.app.edge.dispatch(Request("GET", url), raises=True)
        assert isinstance(file, Response)
        assert (file.status, file.body) == (200, b"pixels")
    assert "ThumbnailFileAccessUri" not in shown["b.txt"]
    assert us.send("GET", f"download/{shown['b.txt']['Id']}/thumbnail").status == 400


def test_the_hard_end_of_a_refresh_token_comes_nearer(us: Client) -> None:
    def left() -> int:
        keys = f"{us.credentials['client_id']}:{us.credentials['client_secret']}"
        headers = (
            ("Authorization", "Basic " + base64.b64encode(keys.encode()).decode()),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("x-include-refresh-token-hard-expires-in", "true"),
        )
        body = f"grant_type=refresh_token&refresh_token={us.credentials['refresh_token']}".encode()
        url = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"
        answer = us.app.edge.dispatch(Request("POST", url, headers, body), raises=True)
        assert isinstance(answer, Response)
        return int(exact_json.loads(answer.body)["x_refresh_token_hard_expires_in"])

    us.company.world.clock.configure(mode="frozen")
    first = left()
    us.company.world.advance(by=timedelta(hours=10))
    assert (first - left(), first <= 5 * 365 * 86400) == (36_000, True)


def test_a_realm_takes_120_batches_a_minute_from_all_its_applications(us: Client) -> None:
    us.company.world.clock.configure(mode="frozen")
    item = {"BatchItemRequest": [{"bId": "1", "Query": "select count(*) from Vendor"}]}
    assert us.send("POST", "batch", item).status == 200
    scope = f"limit/{REALM_BATCHES_PER_MINUTE.name}"
    begun, _ = us.company.world.get(scope, us.realm)
    us.company.world.put(scope, us.realm, [begun, 119])
    assert [us.send("POST", "batch", item).status for _ in range(2)] == [200, 429]


def test_reads_of_a_month_run_out_where_they_are_counted(open_client: Open) -> None:
    client = open_client("US", settings={"monthly_read_limit": 2})
    assert [client.send("GET", "preferences").status for _ in range(3)] == [200, 200, 429]
    assert client.send("POST", "vendor", {"DisplayName": "Writes go on"}).status == 200


def test_the_answers_of_the_sign_in_carry_a_transaction_id(us: Client) -> None:
    for path, form in (("/oauth2/v1/tokens/bearer", {}), ("/v2/oauth2/tokens/revoke", {"token": "nobody's"})):
        assert sign_in(us, path, form).header("intuit_tid")


def test_a_job_shows_its_level_and_a_customer_has_none(us: Client) -> None:
    customer = us.make("Customer", {"DisplayName": "Whole"})
    job = us.make("Customer", {"DisplayName": "Part", "Job": True, "ParentRef": {"value": customer["Id"]}})
    assert ("Level" in customer, customer["Job"], customer["IsProject"]) == (False, False, False)
    assert (job["Level"], job["FullyQualifiedName"]) == (1, "Whole:Part")
