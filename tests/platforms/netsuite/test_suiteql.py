"""SuiteQL: what integrations ask, how answers are written, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platforms.netsuite.desk import Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.netsuite.suiteql.tables import Tables

PATH = "/services/rest/query/v1/suiteql"


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Two bills, one of them paid in part, and a check."""
    first = desk.bill(desk.line("30.10"), desk.line("9.90", account="office"), externalId="b-1", memo="Paper")
    desk.bill(desk.line("55.00"), entity=desk.id("zenith"), externalId="b-2")
    apply = {"items": [{"doc": {"id": first.rpartition("/")[2]}, "amount": "15.00"}]}
    desk.make("vendorPayment", entity=desk.id("acme"), account=desk.id("bank"), apply=apply)
    desk.spend("check", desk.line("7.25", account="office", department=desk.id("department/North")), account="bank")
    return desk


def refusal(desk: Desk, query: object, **headers: str) -> tuple[str, str]:
    answer = desk.send("POST", PATH, {"q": query}, headers={"Prefer": "transient", **headers})
    assert answer.status == 400, answer.body
    (detail,) = exact_json.loads(answer.body)["o:errorDetails"]
    return detail["o:errorCode"], detail["detail"]


def test_entities_tell_when_they_were_made(filled: Desk) -> None:
    rows = filled.suiteql("SELECT id, dateCreated FROM vendor WHERE dateCreated >= '01/01/2019'")
    assert {row["datecreated"] for row in rows} == {"3/2/2026"}
    kept = filled.suiteql("SELECT id FROM entity WHERE type = 'Vendor' AND dateCreated < '01/01/2030'")
    assert sorted(row["id"] for row in kept) == sorted(row["id"] for row in rows)
    assert filled.suiteql("SELECT id FROM customer WHERE dateCreated >= '01/01/2030'") == []
    assert "dateCreated" in filled.read(f"vendor/{filled.id('acme')['id']}")


def test_columns_are_lower_case_values_are_text_and_nulls_are_left_out(filled: Desk) -> None:
    rows = filled.suiteql("SELECT id AS InternalId, memo, trandate, type FROM transaction, dual")
    assert rows[0] == {"internalid": "901", "memo": "Paper", "trandate": "3/2/2026", "type": "VendBill"}
    assert rows[1] == {"internalid": "902", "trandate": "3/2/2026", "type": "VendBill"}
    assert filled.suiteql("SELECT isinactive i FROM account WHERE acctname = 'Site Travel'") == [{"i": "F"}]


def test_joins_groups_and_sums_are_exact(filled: Desk) -> None:
    rows = filled.suiteql(
        "SELECT a.acctname AS name, SUM(tal.amount) AS total, COUNT(*) AS n FROM transaction t "
        "JOIN transactionaccountingline tal ON tal.transaction = t.id LEFT JOIN account a ON a.id = tal.account "
        "WHERE t.posting = 'T' GROUP BY a.acctname HAVING SUM(tal.amount) > 0 ORDER BY total DESC"
    )
    assert rows == [
        {"name": "Site Travel", "total": "85.1", "n": "2"},
        {"name": "Office Sundries", "total": "17.15", "n": "2"},
    ]


def test_display_values_come_through_builtin_df(filled: Desk) -> None:
    rows = filled.suiteql(
        "SELECT BUILTIN.DF(t.entity) e, BUILTIN.DF(t.status) s, BUILTIN.DF(currency) c, BUILTIN.DF(postingperiod) p, "
        "BUILTIN.CONSOLIDATE(t.foreigntotal, 'LEDGER', 'DEFAULT', 'DEFAULT', 1, t.postingperiod, 'DEFAULT') x "
        "FROM transaction t WHERE t.externalid = 'b-1'"
    )
    assert rows == [{"e": "Acme Timber", "s": "Bill : Open", "c": "British Pound", "p": "Mar 2026", "x": "40"}]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT id FROM transaction WHERE type IN ('Check', 'VendPymt') ORDER BY id DESC", [["904"], ["903"]]),
        ("SELECT COUNT(DISTINCT entity) FROM transaction", [["2"]]),
        (
            "SELECT MAX(id), MIN(id), AVG(foreigntotal) FROM transaction WHERE type = 'VendBill'",
            [["902", "901", "47.5"]],
        ),
        ("SELECT id FROM transaction WHERE foreignamountunpaid BETWEEN 20 AND 30", [["901"]]),
        ("SELECT id FROM transaction WHERE memo LIKE 'Pa%' AND memo IS NOT NULL AND NOT id = '5'", [["901"]]),
        ("SELECT id FROM transaction WHERE ROWNUM <= 2", [["901"], ["902"]]),
        ("SELECT TOP 1 id FROM transaction ORDER BY id DESC", [["904"]]),
        ("SELECT id FROM transaction ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY", [["902"], ["903"]]),
        ("SELECT TO_CHAR(trandate, 'YYYY-MM-DD') FROM transaction WHERE id = 901", [["2026-03-02"]]),
        ("SELECT id FROM transaction WHERE trandate >= TO_DATE('2026-03-03', 'YYYY-MM-DD')", []),
        ("SELECT id FROM transaction WHERE trandate = '3/2/2026' AND id < 902", [["901"]]),
        ("SELECT NVL(memo, 'none') || '!' FROM transaction WHERE id IN (901, 902)", [["Paper!"], ["none!"]]),
        ("SELECT CASE WHEN type = 'Check' THEN 'c' ELSE 'x' END FROM transaction WHERE id > 902", [["x"], ["c"]]),
        ("SELECT DECODE(type, 'Check', 1, 0) FROM transaction WHERE id = 904", [["1"]]),
        (
            (
                "SELECT v.entityid FROM vendor v WHERE EXISTS "
                "(SELECT 1 FROM transaction t WHERE t.entity = v.id AND t.id = 902)"
            ),
            [["Zenith Rail"]],
        ),
        (
            "SELECT (SELECT COUNT(*) FROM transaction t WHERE t.entity = v.id) FROM vendor v ORDER BY v.id",
            [["3"], ["1"]],
        ),
        ("SELECT x.n FROM (SELECT COUNT(*) n FROM transaction) x", [["4"]]),
        ("WITH b AS (SELECT id FROM transaction WHERE type='VendBill') SELECT COUNT(*) FROM b", [["2"]]),
        ("SELECT id FROM vendor UNION SELECT id FROM vendor ORDER BY 1", [["12"], ["13"]]),
        ("SELECT id FROM transaction MINUS SELECT id FROM transaction WHERE id > 901", [["901"]]),
        ("SELECT previousdoc, nextdoc, foreignamount FROM previoustransactionlinelink", [["901", "903", "15"]]),
        (
            "SELECT account, netamount FROM transactionline WHERE transaction = 904 AND mainline = 'T'",
            [["{bank}", "-7.25"]],
        ),
        ("SELECT BUILTIN.DF(department) FROM transactionline WHERE transaction = 904 AND mainline = 'F'", [["North"]]),
        (
            (
                "SELECT ROUND(foreigntotal / 3, 2), TRUNC(foreigntotal), MOD(foreigntotal, 7) "
                "FROM transaction WHERE id = 902"
            ),
            [["18.33", "55", "6"]],
        ),
        (
            "SELECT UPPER(SUBSTR(entityid, 1, 4)), LENGTH(entityid), INSTR(entityid, 'T') FROM vendor WHERE id = 12",
            [["ACME", "11", "6"]],
        ),
        ("SELECT LISTAGG(id, ',') WITHIN GROUP (ORDER BY id) FROM transaction", [["901,902,903,904"]]),
        (
            (
                "SELECT periodname FROM accountingperiod WHERE startdate <= SYSDATE AND enddate >= TRUNC(SYSDATE) "
                "AND isyear = 'F' AND isquarter = 'F'"
            ),
            [["Mar 2026"]],
        ),
        ("SELECT e.entityid FROM entity e WHERE e.type = 'CustJob'", [["Corner Shop"]]),
        ("SELECT name, rate FROM salestaxitem WHERE itemid = 'Half back'", [["Half back", "20"]]),
        ("SELECT symbol FROM currency WHERE isbasecurrency = 'T'", [["GBP"]]),
        ("SELECT COUNT(*), SUM(debit) FROM transactionaccountingline WHERE 1 = 2", [["0"]]),
    ],
)
def test_queries_of_integrations_are_answered(filled: Desk, query: str, rows: list[list[str]]) -> None:
    expected = [[value.format(bank=filled.id("bank")["id"]) for value in row] for row in rows]
    assert [list(row.values()) for row in filled.suiteql(query)] == expected


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        (
            "SELECT subsidiaries FROM transaction",
            "Unknown identifier 'subsidiaries'. Available identifiers are: {transaction=transaction}.",
        ),
        ("SELECT x.id FROM transaction t", "Unknown identifier 'x.id'. Available identifiers are: {t=transaction}."),
        ("SELECT nothing FROM vendor WHERE id = -5", "Unknown identifier 'nothing'"),
        ("SELECT id FROM elsewhere", "Search error occurred: Record 'elsewhere' was not found."),
        ("SELECT id FROM account LIMIT 5", "Invalid or unsupported search."),
        ("DELETE FROM account", "Invalid or unsupported search."),
        ("SELECT id FROM account; SELECT id FROM vendor", "Invalid or unsupported search."),
        ("SELECT id, COUNT(*) FROM account", "Invalid or unsupported search."),
        ("SELECT id FROM account WHERE id = ", "Invalid or unsupported search."),
        ("SELECT 1/0 FROM dual", "divided by zero"),
        ("SELECT SUM(acctname) FROM account", "is not a number"),
        ("SELECT id FROM account WHERE SUM(id) > 1", "Invalid or unsupported search."),
        ("SELECT FOO(id) FROM account", "Unknown function 'FOO'"),
        ("SELECT entityid FROM vendor, customer", "Ambiguous identifier 'entityid'"),
    ],
)
def test_what_cannot_be_run_is_refused_as_the_service_does(desk: Desk, query: str, detail: str) -> None:
    code, said = refusal(desk, query)
    assert code == "INVALID_PARAMETER"
    assert said.startswith("Invalid search query. Detailed unprocessed description follows. ")
    assert detail in said


def test_what_the_live_service_has_and_the_simulator_lacks_says_so(desk: Desk) -> None:
    for lacking in (
        "SUM(id) OVER (PARTITION BY accttype)",
        "BUILTIN.RELATIVE_RANGES('TFY', 'START')",
        "REGEXP_SUBSTR(acctname, 'a')",
    ):
        with pytest.raises(NotSimulated):
            desk.suiteql("SELECT X FROM account".replace("X", lacking))


def test_a_table_that_the_simulator_lacks_is_not_taken_for_a_misspelling(desk: Desk) -> None:
    for table in ("deletedRecord", "systemNote", "transactionShippingAddress", "customrecord_project"):
        with pytest.raises(NotSimulated, match="table"):
            desk.suiteql("SELECT id FROM X".replace("X", table))


def test_a_column_that_the_simulator_lacks_is_not_taken_for_a_misspelling(desk: Desk) -> None:
    for query in (
        "SELECT createdby FROM transaction",
        "SELECT tl.quantity FROM transaction t JOIN transactionline tl ON tl.transaction = t.id",
        "SELECT id FROM vendor WHERE creditlimit > 5",
    ):
        with pytest.raises(NotSimulated, match="column"):
            desk.suiteql(query)


def test_entities_tell_when_they_were_created_under_their_own_name(desk: Desk) -> None:
    vendor = desk.id("acme")["id"]
    (row,) = desk.suiteql("SELECT datecreated FROM vendor WHERE id = X".replace("X", vendor))
    (same,) = desk.suiteql("SELECT datecreated FROM entity WHERE id = X".replace("X", vendor))
    assert row == same
    shown = desk.get(f"vendor/{vendor}")
    assert ("dateCreated" in shown, "createdDate" in shown) == (True, False)
    assert "createdDate" in desk.get(desk.bill(desk.line(5)))


def test_a_query_needs_its_header_and_comes_in_pages(filled: Desk) -> None:
    answer = filled.send("POST", PATH, {"q": "SELECT id FROM transaction"})
    assert (answer.status, b"INVALID_HEADER" in answer.body) == (400, True)
    answer = filled.send(
        "POST", PATH + "?limit=3&offset=3", {"q": "SELECT id FROM transaction"}, headers={"Prefer": "transient"}
    )
    page = exact_json.loads(answer.body)
    assert (page["count"], page["hasMore"], page["totalResults"], page["offset"]) == (1, False, 4, 3)
    for wrong in (None, 5, "", ["SELECT"]):
        assert refusal(filled, wrong)[0] == "INVALID_PARAMETER"


WORDS = st.sampled_from(
    [
        "SELECT",
        "FROM",
        "WHERE",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        ",",
        ".",
        "*",
        "=",
        "<>",
        "<",
        ">",
        "+",
        "-",
        "/",
        "||",
        "'x'",
        "''",
        "1",
        "-1",
        "0",
        "id",
        "type",
        "transaction",
        "t",
        "account",
        "a.id",
        "t.id",
        "GROUP",
        "BY",
        "ORDER",
        "HAVING",
        "COUNT(*)",
        "SUM(id)",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "NULL",
        "IS",
        "IN",
        "BETWEEN",
        "LIKE",
        "JOIN",
        "LEFT",
        "ON",
        "AS",
        "UNION",
        "ALL",
        "DISTINCT",
        "TOP",
        "1",
        "TO_DATE('x','YYYY')",
        "TO_CHAR(trandate,'Q')",
        "BUILTIN.DF(id)",
        "NVL(id,1)",
        "ROWNUM",
        "SYSDATE",
        "dual",
        "EXISTS",
        "(SELECT",
        "1",
        "FROM",
        "dual)",
        "TRUNC(trandate,'MM')",
        "trandate",
        "1/0",
        "1e99",
        "SUBSTR('a',0)",
        '"x"',
        "--",
        "/*",
        "*/",
        ";",
        "@",
        "#",
        "é",
    ]
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(words=st.lists(WORDS, min_size=1, max_size=14), lead=st.booleans())
def test_any_text_is_answered_refused_or_said_to_be_lacking(words: list[str], lead: bool) -> None:
    desk = _shared()
    text = " ".join([*(["SELECT id FROM transaction t WHERE"] if lead else ["SELECT"]), *words])
    try:
        answer = desk.send("POST", PATH, {"q": text}, headers={"Prefer": "transient"})
    except NotSimulated:
        return
    assert answer.status in (200, 400), (text, answer.body)


_KEPT: list[Desk] = []


def _shared() -> Desk:
    if not _KEPT:
        desk = open_desk(App())
        desk.bill(desk.line("5.00"))
        _KEPT.append(desk)
    return _KEPT[0]


LINES = "transaction t JOIN transactionline l ON l.transaction = t.id"
NARROWED = [
    "SELECT id, status FROM transaction WHERE id = {second}",
    "SELECT id, status FROM transaction t WHERE t.id IN ({first}, {second}) AND t.type = 'VendBill' ORDER BY id",
    "SELECT id FROM transaction WHERE (id = '{second}') AND id = {first}",
    "SELECT id FROM transaction WHERE id = {second} OR id = {first} ORDER BY id",
    "SELECT transaction, account, amount FROM transactionaccountingline WHERE transaction = {second} ORDER BY amount",
    "SELECT t.id, l.netamount FROM {lines} WHERE t.id = {second} ORDER BY l.netamount",
    "SELECT t.id, v.entityid FROM transaction t LEFT JOIN vendor v ON v.id = t.entity WHERE t.tranid = 'two'",
    "SELECT t.id, v.entityid FROM transaction t RIGHT JOIN vendor v ON v.id = t.entity AND t.id = {second} ORDER BY 2",
    "SELECT v.entityid, t.id FROM vendor v LEFT JOIN transaction t ON t.entity = v.id AND t.id = {second} ORDER BY 1",
    "SELECT id FROM transaction t WHERE EXISTS (SELECT 1 FROM transactionline WHERE transaction = t.id) ORDER BY id",
    "SELECT COUNT(*) many FROM transaction WHERE id = 99999",
]


@pytest.mark.parametrize("query", NARROWED)
def test_a_query_for_a_few_ids_answers_what_one_over_all_rows_would(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    made = [
        desk.bill(desk.line(amount), tranId=name) for amount, name in (("11", "one"), ("22", "two"), ("33", "three"))
    ]
    first, second, _ = (path.rpartition("/")[2] for path in made)
    asked = query.format(first=first, second=second, lines=LINES)
    narrowed = desk.suiteql(asked)
    with monkeypatch.context() as patch:
        patch.setattr(Tables, "key_of", lambda *_: "")
        assert desk.suiteql(asked) == narrowed
    assert narrowed or " AND id = " in query


def test_a_query_for_one_transaction_reads_that_one_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows_read(many: int) -> int:
        for number in range(many):
            desk.bill(desk.line(f"{number + 1}.10"))
        counts: list[int] = []
        every = desk.world.store.all

        def counted(query: str, /, **given: object) -> list[Any]:
            counts.append(len(found := every(query, **given)))
            return found

        with monkeypatch.context() as patch:
            patch.setattr(desk.world.store, "all", counted)
            query = "SELECT l.amount FROM transaction t JOIN transactionaccountingline l ON t.id = l.transaction"
            assert len(desk.suiteql(f"{query} WHERE t.id = 901")) == 2
            desk.read(f"vendor/{desk.id('acme')['id']}")
            desk.get("vendorBill", limit=2)
        return sum(counts)

    assert rows_read(9) == rows_read(40)


def test_a_role_queries_no_more_than_it_may_see(open_with: Callable[..., Desk]) -> None:
    desk = open_with()
    desk.bill(desk.line("5.00"))
    desk.spend("check", desk.line("7.00"), account="bank")
    both = (
        "SELECT DISTINCT t.type FROM transaction t JOIN transactionaccountingline l ON l.transaction = t.id ORDER BY 1"
    )
    assert [row["type"] for row in desk.suiteql(both)] == ["Check", "VendBill"]
    desk.company.change_settings(role_lacks=["Transactions -> Check", "Lists -> Vendors"])
    assert [row["type"] for row in desk.suiteql(both)] == ["VendBill"]
    assert desk.suiteql("SELECT id FROM entity WHERE type = 'Vendor'") == []
    path, header = "/services/rest/query/v1/suiteql", {"Prefer": "transient"}
    code, detail = desk.refused("POST", path, {"q": "SELECT id FROM vendor"}, headers=header)
    assert (code, detail.endswith("Invalid search type: vendor.")) == ("INVALID_PARAMETER", True)
