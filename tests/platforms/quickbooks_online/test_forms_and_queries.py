"""JSON and XML, paths, and the query language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from lxml import etree
from tests.platforms.quickbooks_online.builders import Client, purchase

from sandbooks import exact_json
from sandbooks.kit.errors import NotSimulated

D = Decimal
XML = "{http://schema.intuit.com/finance/v3}"
REDIRECT = "https://app.example/done"


def test_xml_is_spoken_both_ways(gb: Client) -> None:
    body = (
        '<Purchase xmlns="http://schema.intuit.com/finance/v3"><Line><Amount>12.30</Amount>'
        "<DetailType>AccountBasedExpenseLineDetail</DetailType><AccountBasedExpenseLineDetail>"
        f'<AccountRef name="x">{gb.account("travel")}</AccountRef></AccountBasedExpenseLineDetail></Line>'
        f"<AccountRef>{gb.account('card')}</AccountRef><PaymentType>CreditCard</PaymentType>"
        "<GlobalTaxCalculation>NotApplicable</GlobalTaxCalculation></Purchase>"
    )
    headers = {"Content-Type": "application/xml", "Accept": "application/xml"}
    answer = gb.send("POST", "purchase", raw=body.encode(), headers=headers)
    root = etree.fromstring(answer.body)
    assert (answer.status, root.tag) == (200, f"{XML}IntuitResponse")
    assert root.findtext(f"{XML}Purchase/{XML}TotalAmt") == "12.30"
    account = root.find(f"{XML}Purchase/{XML}AccountRef")
    assert account is not None
    assert (account.text, account.get("name")) == (gb.account("card"), "Corporate card")
    assert gb.balance("travel") == D("12.30")


def test_a_fault_in_xml_carries_code_and_type_as_attributes(gb: Client) -> None:
    headers = {"Content-Type": "application/xml", "Accept": "application/xml"}
    answer = gb.send("POST", "vendor", raw=b"<Vendor><Notes>n</Notes></Vendor>", headers=headers)
    fault = etree.fromstring(answer.body).find(f"{XML}Fault")
    assert fault is not None
    error = fault.find(f"{XML}Error")
    assert error is not None
    assert (answer.status, fault.get("type"), error.get("code")) == (400, "ValidationFault", "6080")


def test_every_xml_answer_can_be_read(gb: Client) -> None:
    gb.make("Vendor", {"DisplayName": "A & B"})
    headers = {"Accept": "application/xml"}
    for path in (
        "preferences",
        "query?query=select%20*%20from%20Vendor",
        "cdc?entities=Vendor&changedSince=2026-03-01",
    ):
        root = etree.fromstring(gb.send("GET", path, headers=headers).body)
        assert root.tag == f"{XML}IntuitResponse"
    item = '<BatchItemRequest bId="q"><Query>select * from Vendor</Query></BatchItemRequest>'
    item = f'<IntuitBatchRequest xmlns="{XML[1:-1]}">{item}</IntuitBatchRequest>'
    answer = gb.send("POST", "batch", raw=item.encode(), headers={**headers, "Content-Type": "application/xml"})
    found = etree.fromstring(answer.body).find(f"{XML}BatchItemResponse")
    assert found is not None
    assert found.get("bId") == "q"
    assert found.find(f"{XML}QueryResponse/{XML}Vendor") is not None


def test_an_xml_fault_leaves_out_what_xml_cannot_carry(gb: Client) -> None:
    answer = gb.send("GET", "reports/a%00%0b%1f", headers={"Accept": "application/xml"})
    assert answer.status == 400
    assert etree.fromstring(answer.body).tag == f"{XML}IntuitResponse"


def test_an_empty_batch_in_xml_answers_with_nothing(gb: Client) -> None:
    empty = f'<IntuitBatchRequest xmlns="{XML[1:-1]}"/>'.encode()
    headers = {"Accept": "application/xml", "Content-Type": "application/xml"}
    answer = gb.send("POST", "batch", raw=empty, headers=headers)
    assert (answer.status, len(etree.fromstring(answer.body))) == (200, 0)


def test_whatever_is_read_can_be_written_back_unchanged(gb: Client) -> None:
    from tests.platforms.quickbooks_online.test_bad_input import documents

    for path, document in documents(gb).items():
        if path in ("taxservice/taxcode", "batch", "exchangerate", "preferences", "companyinfo", "taxagency"):
            continue
        told = gb.post(path, document)
        (key,) = set(told) - {"time"}
        before = gb.trial()
        again = gb.get(f"{path}/{told[key]['Id']}")[key]
        changed = gb.post(path, again)[key]
        drop = ("SyncToken", "MetaData", "TempDownloadUri")
        assert {k: v for k, v in changed.items() if k not in drop} == {k: v for k, v in again.items() if k not in drop}
        assert gb.trial() == before


def test_paths_are_taken_in_any_case_and_unknown_ones_refused(gb: Client) -> None:
    assert gb.send("GET", f"CompanyInfo/{gb.realm}").status == 200
    assert gb.send("GET", "nothing/1").status == 404
    assert gb.send("PUT", "bill").status == 405
    with pytest.raises(NotSimulated):
        gb.send("POST", "invoice", {})


def test_an_empty_page_has_no_members_at_all(gb: Client) -> None:
    assert gb.query("select * from Purchase") == {}
    assert gb.query("select count(*) from Purchase") == {"totalCount": 0}
    assert gb.query("SELECT * FROM Invoice") == {}


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("select * from vendor where DisplayName like 'B%'", ["Beta", "Bravo"]),
        ("select * from Vendor where displayname = 'BETA'", ["Beta"]),
        ("SELECT * FROM Vendor WHERE DisplayName IN ('Beta', 'Alpha') ORDERBY DisplayName DESC", ["Beta", "Alpha"]),
        ("select * from Vendor where Id != '2' orderby DisplayName startposition 2 maxresults 1", ["Bravo"]),
        ("select * from Vendor where Active = false", ["Gone (deleted)"]),
        ("select * from Vendor where Active in (true, false) and DisplayName like '%a%' order by Id",
         ["Alpha", "Beta", "Bravo", "O'Hara"]),
        ("select * from Vendor where MetaData.LastUpdatedTime >= '2026-03-02T01:00:03-08:00' and Active = true",
         ["Bravo", "O'Hara"]),
        ("select *, CompanyName from Vendor where DisplayName = 'O\\'Hara'", ["O'Hara"]),
        ("select from Vendor where not Active", ["Gone (deleted)"]),
        ("select * from Vendor where Balance > '0'", []),
        ("select * from Vendor where Id = '3' and DisplayName = 'Beta'", []),
    ],
)  # fmt: skip
def test_queries(open_client: Callable[..., Client], statement: str, names: list[str]) -> None:
    client = open_client("US", suppliers={})
    for name in ("Alpha", "Beta", "Gone", "Bravo", "O'Hara"):
        made = client.make("Vendor", {"DisplayName": name})
        if name == "Gone":
            client.make("Vendor", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    assert [each["DisplayName"] for each in client.query(statement).get("Vendor", [])] == names


def test_a_record_is_found_by_the_whole_second_that_it_shows(gb: Client) -> None:
    gb.company.world.clock.configure(step=timedelta(milliseconds=300))
    shown = [gb.make("Vendor", {"DisplayName": name})["MetaData"]["LastUpdatedTime"] for name in ("One", "Two")]
    assert shown[0] == shown[1]
    counted = "select count(*) from Vendor where MetaData.LastUpdatedTime"
    found = {operator: gb.query(f"{counted} {operator} '{shown[0]}'")["totalCount"] for operator in (">", ">=", "=")}
    assert (found[">"], found[">="] - found["="], found["="] >= 2) == (0, 0, True)


@pytest.mark.parametrize(
    ("statement", "code", "detail"),
    [
        ("select * from Purchase TxnDate", "4000", 'Encountered " <IDENTIFIER> "TxnDate "" at line 1, column 24.'),
        ("select * from Vendor where DisplayName = 'O''Hara'", "4000", 'Encountered " <STRING> "'),
        ("select * from Vendor where", "4000", 'Encountered "<EOF>" at line 1, column 26.'),
        ("select * from Vendor where A = 'x' or B = 'y'", "4000", "column 36"),
        ("select # from Vendor", "4000", 'Encountered: "#" (35)'),
        ("select * from Nothing", "4001", "Metadata not found for Entity: Nothing"),
        ("select * from Purchase where Nope = 'x'", "4001", "Property Nope not found for Entity Purchase"),
        ("select * from Purchase where DepartmentRef = '1'", "4001", "property 'DepartmentRef' is not queryable"),
        ("select * from Purchase where PrivateNote = 'x'", "4001", "property 'PrivateNote' is not queryable"),
        ("select BillAddr from Vendor", "4001", "property 'BillAddr' is not queryable"),
        ("select * from ExchangeRate", "4001", "AsOfDate"),
        ("select * from Vendor startposition 0", "4001", "STARTPOSITION"),
    ],
)
def test_query_errors_are_worded_as_the_service_words_them(gb: Client, statement: str, code: str, detail: str) -> None:
    status, told, text = gb.fault("query", None, method="GET", query=statement)
    assert (status, told) == (400, code)
    assert detail in text


def test_a_statement_may_be_the_body(gb: Client) -> None:
    answer = gb.send("POST", "query", raw=b"select * from vendor", headers={"Content-Type": "application/text"})
    assert len(exact_json.loads(answer.body)["QueryResponse"]["Vendor"]) == 2


def test_an_index_that_trails_hides_what_is_new(gb: Client) -> None:
    from sandbooks.platforms.quickbooks_online.query import answer
    from sandbooks.platforms.quickbooks_online.realm import Realm

    gb.make("Vendor", {"DisplayName": "Fresh"})
    statement = "select * from Vendor where DisplayName = 'Fresh'"
    assert answer(Realm(gb.company), statement, lag=timedelta(minutes=1)) == {}
    assert len(answer(Realm(gb.company), statement)["Vendor"]) == 1


def test_a_report_that_does_not_exist_is_refused_and_a_real_one_that_is_lacking_says_so(gb: Client) -> None:
    status, code, _ = gb.fault("reports/nonsense", None, method="GET")
    assert (status, code) == (400, "500")
    with pytest.raises(NotSimulated):
        gb.get("reports/AgedReceivables")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("select * from Bill where TxnDate = 'soon'", "value soon is not valid for property TxnDate"),
        ("select * from Bill where DueDate > '2026-02-30'", "value 2026-02-30 is not valid for property DueDate"),
        ("select NoSuch from Bill", "Property NoSuch not found for Entity Bill"),
    ],
)
def test_a_query_names_the_value_or_the_property_that_is_wrong(gb: Client, statement: str, said: str) -> None:
    status, code, detail = gb.fault("query", None, method="GET", query=statement)
    assert (status, code, detail) == (400, "4001", f"QueryValidationError: {said}")


def test_a_wrong_method_is_told_which_ones_there_are(gb: Client) -> None:
    for path, allowed in (("vendor/1", "GET"), ("purchase", "POST"), ("query", "GET, POST")):
        answer = gb.send("DELETE", path)
        assert (answer.status, answer.header("Allow")) == (405, allowed)


def test_a_report_in_xml_has_its_cells_in_attributes(gb: Client) -> None:
    gb.make("Purchase", purchase(gb, "4.05", TxnDate="2026-02-01"))
    answer = gb.send("GET", "reports/TrialBalance", headers={"Accept": "application/xml"})
    root = etree.fromstring(answer.body)
    assert (root.tag, root.findtext(f"{XML}Header/{XML}ReportName")) == (f"{XML}Report", "TrialBalance")
    data = root.findall(f"{XML}Rows/{XML}Row[@type='Data']")
    cells = [[cell.get("value") for cell in row.findall(f"{XML}ColData")] for row in data]
    assert sorted(cells) == [["Corporate card", "", "4.05"], ["Flights", "4.05", ""]]
    named = {cell.get("id") for cell in root.iter(f"{XML}ColData")}
    assert {gb.account("card"), gb.account("travel")} <= named
