"""A client's recording judged by a contract: what is wrong is told by entry and member, what is right passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sandbooks.cli import main
from sandbooks.harness.contracts.checking import HUB, NotAHar, judge_har, problems_of
from sandbooks.harness.contracts.day import day_at
from sandbooks.platform import platforms
from sandbooks.recording import har

BILL: dict[str, Any] = {
    "VendorRef": {"value": "7"},
    "Line": [
        {
            "Amount": 12.34,
            "DetailType": "AccountBasedExpenseLineDetail",
            "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "64"}},
        }
    ],
}


def entry(method: str, url: str, body: Any = None, *, status: int = 200, answer: Any = None) -> dict[str, Any]:
    """One HAR entry of a signed-in client."""
    headers = [{"name": "Authorization", "value": "Bearer x"}]
    request: dict[str, Any] = {"method": method, "url": url, "headers": headers}
    if body is not None:
        request["headers"] = [*headers, {"name": "Content-Type", "value": "application/json"}]
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(body)}
    content = {"mimeType": "application/json", "text": json.dumps(answer)}
    told = [{"name": "Content-Type", "value": "application/json"}]
    response = {"status": status if answer is not None else 0, "headers": told, "content": content}
    return {"request": request, "response": response}


def recorded(tmp_path: Path, *entries: dict[str, Any]) -> Path:
    file = tmp_path / "tape.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}))
    return file


QBO = "https://quickbooks.api.intuit.com/v3/company/4620816365"


def told(tmp_path: Path, entry: dict[str, Any], platform: str = "quickbooks_online") -> list[tuple[str, str, str]]:
    """Where, what and the remedy of everything wrong with one entry."""
    found = judge_har(recorded(tmp_path, entry), platform)
    assert found.judged == 1
    return [(each.at, each.message, each.remedy) for each in found.problems]


def test_a_lawful_request_has_no_problem(tmp_path: Path) -> None:
    assert told(tmp_path, entry("POST", f"{QBO}/bill?minorversion=75", BILL)) == []


def test_a_misspelt_member_is_found_deep_in_a_document_with_the_nearest_name(tmp_path: Path) -> None:
    line = {**BILL["Line"][0], "AccountBasedExpenseLineDetail": {"AccountReff": {"value": "64"}}}
    ((at, message, remedy),) = told(tmp_path, entry("POST", f"{QBO}/bill", {**BILL, "Line": [line]}))
    assert at == "body.Line[0].AccountBasedExpenseLineDetail.AccountReff"
    assert (message, remedy) == ("is no member of this document", "Did you mean `AccountRef`?")


def test_a_value_of_a_wrong_type_and_one_out_of_a_list_are_told_in_words(tmp_path: Path) -> None:
    body = {**BILL, "TxnDate": 20260316, "GlobalTaxCalculation": "TaxInclusiv"}
    found = told(tmp_path, entry("POST", f"{QBO}/bill", body))
    assert ("body.TxnDate", "`20260316` is no string", "send string") in found
    assert (
        "body.GlobalTaxCalculation",
        "`TaxInclusiv` is not among its values",
        "Did you mean `TaxInclusive`?",
    ) in found


@pytest.mark.parametrize(
    ("method", "path", "at", "message"),
    [
        ("POST", "bil", "path", "there is no POST"),
        ("PUT", "bill", "method", "does not take PUT"),
        ("POST", "estimate?nothing=1", "query nothing", "knows no such parameter"),
        ("GET", "query", "query query", "is missing"),
    ],
)
def test_addresses_methods_and_parameters_are_known(
    tmp_path: Path, method: str, path: str, at: str, message: str
) -> None:
    found = told(tmp_path, entry(method, f"{QBO}/{path}", BILL if method != "GET" else None))
    assert any(where == at and message in what for where, what, _ in found), found


def test_pages_that_are_open_to_everybody_need_no_description(tmp_path: Path) -> None:
    assert told(tmp_path, entry("POST", "https://api.codat.io/poll/c-1", {}), "codat") == []


def test_a_required_header_that_is_missing_is_named(tmp_path: Path) -> None:
    found = told(tmp_path, entry("GET", "https://api.xero.com/api.xro/2.0/Accounts"), "xero")
    assert [where for where, _, _ in found] == ["header xero-tenant-id"]


def test_names_are_read_in_any_casing_where_the_platform_does(tmp_path: Path) -> None:
    body = {"invoices": [{"type": "accpay", "CONTACT": {"Name": "Contoso"}, "lineItms": []}]}
    call = entry("PUT", "https://api.xero.com/api.xro/2.0/invoices?SummarizeErrors=false", body)
    call["request"]["headers"].append({"name": "Xero-Tenant-Id", "value": "t"})
    assert [(where, what) for where, what, _ in told(tmp_path, call, "xero")] == [
        ("body.Invoices[0].lineItms", "is no member of this document")
    ]


def test_an_answer_outside_the_contract_is_told_too(tmp_path: Path) -> None:
    ((at, message, _),) = told(tmp_path, entry("GET", f"{QBO}/bill/1", answer={"Bill": {"Id": 1}, "time": "x"}))[:1]
    assert at == "status 200"
    assert "Bill" in message


def test_a_file_is_counted_as_a_body_that_nobody_looks_into(tmp_path: Path) -> None:
    file = entry("PUT", "https://api.xero.com/api.xro/2.0/Invoices/i-1/Attachments/taxi.png", "bytes")
    file["request"]["headers"][-1]["value"] = "image/png"
    file["request"]["headers"].append({"name": "Xero-Tenant-Id", "value": "t"})
    har = recorded(tmp_path, file)
    found = judge_har(har, "xero")
    assert (found.judged, found.unread, found.problems) == (1, 1, [])
    output = CliRunner().invoke(main, ["contract", "check", str(har), "--platform", "xero"]).output
    assert "1 of them have bodies that nobody can look into" in output


def test_json_that_is_declared_as_xml_is_no_xml(tmp_path: Path) -> None:
    call = entry("POST", f"{QBO}/bill", BILL)
    call["request"]["headers"][-1]["value"] = "application/xml"
    ((at, message, remedy),) = told(tmp_path, call)
    assert (at, message.partition(":")[0], remedy) == ("body", "is no XML", "send one XML document")


def test_other_hosts_are_counted_and_a_base_url_stands_for_the_platform(tmp_path: Path) -> None:
    file = recorded(tmp_path, entry("GET", "https://example.com/v3/company/1/bil"), entry("POST", f"{QBO}/bill", BILL))
    assert (judge_har(file, "quickbooks_online").judged, judge_har(file, "quickbooks_online").others) == (1, 1)
    assert judge_har(file, "quickbooks_online", base_url="https://example.com").judged == 2


@pytest.mark.parametrize("text", ["{}", "[]", "no json", '{"log": {"entries": [{}]}}', '{"log": {"entries": 4}}'])
def test_what_is_no_har_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "tape.har"
    file.write_text(text)
    with pytest.raises(NotAHar):
        judge_har(file, "xero")


@pytest.mark.parametrize("platform", [name for name, each in platforms().items() if each.connector])
def test_what_the_hub_sends_in_a_day_is_within_the_contract_of_its_platform(platform: str) -> None:
    world = day_at(platform).world
    done = [e for e in world.tape.entries() if e.surface == platform and e.status < 300]
    assert len(done) > 5
    assert [str(problem) for each in done for problem in problems_of(each)] == []


@pytest.mark.parametrize("surface", [*(name for name, each in platforms().items() if each.connector), HUB])
def test_the_command_judges_a_recording_of_sandbooks_itself(tmp_path: Path, surface: str) -> None:
    file = tmp_path / "day.har"
    file.write_bytes(json.dumps(har(day_at(surface).world.tape.entries())).encode())
    found = judge_har(file, surface)
    pictures = {"business_central": 1, "xero": 1}
    assert (found.unread, [str(each) for each in found.problems]) == (pictures.get(surface, 0), [])
    if surface != HUB:
        result = CliRunner().invoke(main, ["contract", "check", str(file), "--platform", surface])
        assert (result.exit_code, "0 problems" in result.output) == (0, True), result.output


def test_the_command_ends_with_one_for_problems_and_with_two_where_nothing_is_to_be_judged(tmp_path: Path) -> None:
    file = recorded(tmp_path, entry("POST", f"{QBO}/bil", BILL))
    result = CliRunner().invoke(main, ["contract", "check", str(file), "--platform", "qbo", "--json"])
    assert (result.exit_code, json.loads(result.stdout)["problems"][0]["at"]) == (1, "path")
    assert CliRunner().invoke(main, ["contract", "check", str(file), "--platform", "xero"]).exit_code == 2


@pytest.mark.parametrize("wrapped", ["in a list under its name", "under its name", "in a list", "bare"])
def test_a_misspelt_member_is_found_however_a_document_is_wrapped(tmp_path: Path, wrapped: str) -> None:
    document = {"Type": "SPEND", "Refference": "r-01", "LineItems": [{"Descriptin": "Taxi", "UnitAmount": 12.34}]}
    listed: Any = [document] if "list" in wrapped else document
    body = {"BankTransactions": listed} if "name" in wrapped else listed
    call = entry("PUT", "https://api.xero.com/api.xro/2.0/BankTransactions", body)
    call["request"]["headers"].append({"name": "Xero-Tenant-Id", "value": "t"})
    assert [remedy for _, _, remedy in told(tmp_path, call, "xero")] == [
        "Did you mean `Reference`?",
        "Did you mean `Description`?",
    ]
