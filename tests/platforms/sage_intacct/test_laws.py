"""What holds for every document: bad input of any kind is refused natively, and the books follow from the versions."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.platforms.sage_intacct import contract
from tests.platforms.sage_intacct.desk import Desk, day, errors, function, open_desk, tax
from tests.platforms.sage_intacct.documents import payables

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.ledger import Book, MemoryRows, Refusal
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.sage_intacct import errors as wording
from sandbooks.platforms.sage_intacct import refusals
from sandbooks.platforms.sage_intacct.dialect import DIALECT
from sandbooks.platforms.sage_intacct.gateway import functions
from sandbooks.platforms.sage_intacct.objects.catalogue import OBJECTS
from sandbooks.platforms.sage_intacct.posting import entry_of
from sandbooks.settings import read_contract

ODD_WORDS = (
    *("", " ", "NaN", "1e400", "-0.00", "0.001", "9" * 40, "02/30/2026", "01/01/0001", "12/31/9999", "٣", "x" * 5000),
    *("-5", "0", "true", "T", "2000", "V-10001", "1010--Bank", "USD", "XXX", "'", "%", "Draft", "<&>"),
)
ODD_TEXT = st.one_of(
    st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12), st.sampled_from(ODD_WORDS)
)
ODD: st.SearchStrategy[Any] = st.one_of(
    ODD_TEXT,
    st.none(),
    st.dictionaries(st.sampled_from(["A", "FIELD", "year", "key"]), ODD_TEXT, max_size=2),
    st.lists(ODD_TEXT, max_size=3),
)
ODD_JSON: st.SearchStrategy[Any] = st.one_of(
    ODD, st.booleans(), st.integers(-(10**20), 10**20), st.sampled_from(["\x00", "\ud7ff", {}, []])
)


def documents(desk: Desk) -> dict[str, Any]:
    """One right call of every function that writes a document or a list."""
    line = {
        "glaccountno": desk.account("travel"),
        "amount": "12.00",
        "memo": "m",
        "departmentid": desk.labels["tracking"]["department/Sales"],
    }
    standard = tax(desk.labels["taxes"]["standard"])
    memo = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "9.00"}
    desk.create("APADJUSTMENT", **desk.bill_fields("MEMO"), APADJUSTMENTITEMS={"APADJUSTMENTITEM": memo})
    vendor = desk.labels["suppliers"]["acme"]
    sides = [
        {"ACCOUNTNO": desk.account(a), "TR_TYPE": s, "TRX_AMOUNT": "4.00", "CURRENCY": "USD", "EXCHANGE_RATE": "0.8"}
        for a, s in (("travel", "1"), ("office", "-1"))
    ]
    return {
        "record_cctransaction": {
            "chargecardid": desk.account("visa"),
            "paymentdate": day("2026-03-02"),
            "referenceno": "r",
            "payee": "p",
            "currency": "USD",
            "exchrate": "0.8",
            "inclusivetax": "true",
            "ccpayitems": {
                "ccpayitem": [
                    {"glaccountno": "6200", "paymentamount": "3.30", "totaltrxamount": "3.30", "taxentries": standard}
                ]
            },
        },
        "create.APBILL": {
            **desk.bill_fields("F"),
            "WHENPOSTED": "03/03/2026",
            "CURRENCY": "USD",
            "EXCH_RATE_DATE": "03/02/2026",
            "ACTION": "Submit",
            "ONHOLD": "false",
            "APBILLITEMS": {
                "APBILLITEM": [
                    {"ACCOUNTNO": "6300", "TRX_AMOUNT": "5.00", "TAXENTRIES": standard, "ENTRYDESCRIPTION": "x"}
                ]
            },
        },
        "create_bill": {
            "vendorid": vendor,
            "datecreated": day("2026-03-02"),
            "datedue": day("2026-03-12"),
            "billno": "L",
            "billitems": {"lineitem": [line]},
        },
        "create.APPYMT": {
            "PAYMENTMETHOD": "EFT",
            "FINANCIALENTITY": desk.account("bank"),
            "VENDORID": vendor,
            "PAYMENTDATE": "03/09/2026",
            "APPYMTDETAILS": {
                "APPYMTDETAIL": [{"RECORDKEY": desk.bill("50.00", number="TO-PAY"), "TRX_PAYMENTAMOUNT": "5.00"}]
            },
        },
        **payables(desk, line, vendor),
        "create_expensereport": {
            "employeeid": "E-1",
            "datecreated": day("2026-03-02"),
            "expenses": {
                "expense": [{**line, "currency": "EUR", "trx_amount": "7.00", "expensedate": day("2026-03-01")}]
            },
        },
        "create.GLBATCH": {
            "JOURNAL": "GJ",
            "BATCH_DATE": "03/02/2026",
            "BATCH_TITLE": "t",
            "REVERSEDATE": "04/02/2026",
            "ENTRIES": {"GLENTRY": sides},
        },
        "create.FUNDSTRANSFER": {
            "WHENCREATED": "03/02/2026",
            "FROMBANKACCOUNTID": desk.account("bank"),
            "TOBANKACCOUNTID": desk.account("dollars"),
            "TRX_TOTALENTERED": "8.00",
            "TOAMOUNT": "10.00",
        },
        "create.VENDOR": {
            "VENDORID": "W",
            "NAME": "W",
            "STATUS": "active",
            "CREDITLIMIT": "5",
            "DISPLAYCONTACT": {"PRINTAS": "W", "MAILADDRESS": {"CITY": "x"}},
        },
        "create.EMPLOYEE": {
            "EMPLOYEEID": "E-2",
            "PERSONALINFO": {"CONTACTNAME": "B", "PRINTAS": "B"},
            "STARTDATE": "01/01/2026",
        },
        "create.GLACCOUNT": {
            "ACCOUNTNO": "7777",
            "TITLE": "New",
            "ACCOUNTTYPE": "incomestatement",
            "NORMALBALANCE": "debit",
            "REQUIREDEPT": "true",
        },
        "create.CREDITCARD": {
            "CARDID": "CC9",
            "CARDTYPE": "Visa",
            "LIABILITYTYPE": "Credit",
            "OFFSETGLACCOUNTNO": "2150",
            "VENDORID": vendor,
        },
        "create.TAXDETAIL": {
            "DETAILID": "T",
            "VALUE": "7.5",
            "TAXTYPE": "Purchase",
            "GLACCOUNT": "2210",
            "REVERSECHARGE": "false",
        },
        "create.ALLOCATION": {
            "ALLOCATIONID": "A",
            "TYPE": "Fixed amount with over/under logic",
            "ALLOCATIONENTRIES": {
                "ALLOCATIONENTRY": [
                    {"VALUETYPE": "Amount", "VALUE": "5", "LOCATIONID": ""},
                    {"VALUETYPE": "Percent", "VALUE": "100", "VENDORID": vendor},
                ]
            },
        },
        "create.REPORTINGPERIOD": {
            "NAME": "P",
            "HEADER1": "Quarter",
            "START_DATE": "01/01/2031",
            "END_DATE": "03/31/2031",
            "BUDGETING": "true",
        },
        "create_apterm": {
            "name": "2-10 N30",
            "due": {"dueday": "30", "duefrom": "of next month from invoice/bill date"},
            "discount": {"discday": "10", "discamount": "2", "discpercamn": "%", "discgracedays": "3"},
        },
        "create_paymentrequest": {
            "bankaccountid": desk.account("bank"),
            "vendorid": vendor,
            "paymentmethod": "EFT",
            "grouppayments": "true",
            "paymentdate": day("2026-03-09"),
            "paymentoption": "vendorpref",
            "paymentrequestitems": {
                "paymentrequestitem": [
                    {
                        "key": desk.bill("40.00", number="TO-REQUEST"),
                        "paymentamount": "30.00",
                        "credittoapply": "4.00",
                        "discounttoapply": "2.00",
                    }
                ]
            },
        },
        "create_supdoc": {
            "supdocid": "S",
            "attachments": {"attachment": [{"attachmentname": "a", "attachmenttype": "png", "attachmentdata": "AAAA"}]},
        },
        "query": {
            "object": "VENDOR",
            "select": {"field": ["VENDORID", "NAME"]},
            "filter": {
                "and": {
                    "equalto": {"field": "NAME", "value": "x"},
                    "between": {"field": "CREDITLIMIT", "value": ["1", "2"]},
                }
            },
            "orderby": {"order": {"field": "NAME", "ascending": None}},
            "options": {"caseinsensitive": "true"},
            "pagesize": "10",
            "offset": "0",
        },
        "readByQuery": {
            "object": "VENDOR",
            "fields": "NAME",
            "query": "NAME = 'x' and VENDORID like 'V%'",
            "pagesize": "5",
        },
        "read": {"object": "APBILL", "keys": "3001", "fields": "RECORDNO"},
    }


def fuzz_desk() -> Desk:
    desk = open_desk(App())
    desk.create("EMPLOYEE", EMPLOYEEID="E-1", PERSONALINFO={"CONTACTNAME": "Ana Bell", "PRINTAS": "Ana Bell"})
    return desk


CALLS = list(documents(fuzz_desk()))


def element(name: str, fields: Any) -> etree._Element:
    verb, _, object = name.strip().partition(".")
    return function(verb, {object: fields} if object else fields)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document that a mutation may strike."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        yield (*path, key)
        yield from places(inner, (*path, key))


def mutated(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    if isinstance(place, dict) and path[-1] not in place:
        raise KeyError(path[-1])
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=st.data())
def test_a_mutated_call_is_taken_or_refused_natively_and_a_refusal_posts_nothing(
    name: str, data: st.DataObject
) -> None:
    desk = fuzz_desk()
    document = documents(desk)[name]
    paths = list(places(document))
    broken = document
    for _ in range(data.draw(st.integers(1, 2))):
        try:
            broken = mutated(broken, data.draw(st.sampled_from(paths)), data.draw(ODD))
        except (TypeError, KeyError, IndexError):
            continue  # the first mutation took the place of the second away
    before = desk.posted()
    try:
        answer = desk.post(desk.request(element(name, broken)))
    except NotSimulated:
        assert desk.posted() == before
        return
    root = etree.fromstring(answer.body)
    result = root.find("operation/result")
    failed = root.findtext("control/status") == "failure" or result.findtext("status") == "failure"
    assert answer.status == 200
    if failed:
        assert errors(root if result is None else result)
        assert desk.posted() == before
    assert rebuilt(desk) == balances(desk.company.book)
    desk.company.book.verify()


def test_every_call_that_is_mutated_is_right_as_it_stands() -> None:
    desk = fuzz_desk()
    bill = desk.bill("1.00", number="FIRST")
    for name, document in documents(desk).items():
        desk.run(element(name, {**document, "keys": bill} if name == "read" else document))


REST_BODIES = {
    "accounts-payable/bill": {
        "billNumber": "R",
        "vendor": {"id": "V-10001"},
        "createdDate": "2026-03-02",
        "dueDate": "2026-04-01",
        "currency": {"txnCurrency": "USD", "exchangeRate": {"rate": "0.8"}},
        "lines": [
            {
                "glAccount": {"id": "6300"},
                "txnAmount": "10.00",
                "dimensions": {"project": {"id": "C100"}},
                "taxEntries": [{"purchasingTaxDetail": {"key": "1"}}],
            }
        ],
    },
    "accounts-payable/advance": {
        "vendor": {"id": "V-10001"},
        "paymentMethod": "eft",
        "financialEntity": {"id": "1010"},
        "advanceDate": "2026-03-03",
        "state": "submitted",
        "lines": [{"glAccount": {"id": "1200"}, "txnAmount": "33.00"}],
    },
    "general-ledger/journal-entry": {
        "glJournal": {"id": "GJ"},
        "postingDate": "2026-03-02",
        "description": "Move",
        "state": "posted",
        "lines": [
            {
                "glAccount": {"id": "6300"},
                "txnAmount": "10.00",
                "txnType": "debit",
                "taxEntries": [{"taxDetail": {"key": "1"}}],
            },
            {"glAccount": {"id": "2150"}, "txnAmount": "12.00", "txnType": "credit"},
        ],
    },
    "general-ledger/txn-allocation-template": {
        "id": "T",
        "allocateBy": "percentage",
        "lines": [{"valueType": "percent", "value": "100", "dimensions": {"vendor": {"id": "V-10001"}}}],
    },
    "company-config/attachment": {"id": "A", "name": "n", "files": [{"name": "a.png", "data": "AAAA"}]},
    "accounts-payable/vendor": {
        "id": "Z",
        "name": "Z",
        "contacts": {"default": {"printAs": "Z"}},
        "status": "active",
        "isOnHold": False,
    },
}


@pytest.mark.parametrize("path", REST_BODIES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=st.data())
def test_a_mutated_rest_document_is_taken_or_refused_natively(path: str, data: st.DataObject) -> None:
    desk = open_desk(App())
    document = REST_BODIES[path]
    broken = mutated(document, data.draw(st.sampled_from(list(places(document)))), data.draw(ODD_JSON))
    before = desk.posted()
    try:
        status, answer = desk.rest("POST", f"objects/{path}", exact_json.dumps(broken))
    except NotSimulated:
        assert desk.posted() == before
        return
    assert status in (201, 400, 409, 422), answer
    if status >= 400:
        assert answer["ia::result"]["ia::error"]["code"]
        assert desk.posted() == before
    assert rebuilt(desk) == balances(desk.company.book)


def balances(book: Book) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        row.account.id: (str(row.balance.base), {c: str(m) for c, m in row.balance.by_currency.items()})
        for row in book.trial_balance()
    }


def rebuilt(desk: Desk) -> dict[str, tuple[str, dict[str, str]]]:
    """The balances of a fresh book that gets the entry of each record's last stored version."""
    records = desk.company.records
    book = Book(MemoryRows(), desk.company.currency)
    for account in desk.company.book.accounts():
        book.open_account(type(account)(account.id, account.name, account.kind, account.currency))
    for kind in records.kinds():
        for record in records.scan(kind):
            last = records.versions(kind, record.id)[-1]
            entry = entry_of(kind, record.id, last.version, document=last.body, facts=last.facts)
            if entry is not None:
                book.post(entry)
    return balances(book)


def test_the_books_can_be_rebuilt_from_the_stored_versions(desk: Desk) -> None:
    bill = desk.bill("100.00", CURRENCY="USD", EXCHANGE_RATE="0.75")
    key = desk.payment(bill, "33.33", bank="dollars", CURRENCY="USD", EXCHANGE_RATE="0.8")
    desk.payment(bill, "66.67", CURRENCY="USD", EXCHANGE_RATE="0.7")
    desk.run({"void_appaymentrequest": {"appaymentkeys": {"appaymentkey": key}}})
    charge = desk.charge("17.00", currency="EUR", exchratetype="Intacct Daily Rate")
    desk.run(function("reverse_cctransaction", {"datereversed": day("2026-03-30")}, key=charge))
    other = desk.bill("12.00", number="B-2", taxes=tax(desk.labels["taxes"]["reverse"]))
    desk.run({"update": {"APBILL": {"RECORDNO": other, "SUPDOCID": "", "DESCRIPTION": "noted"}}})
    desk.run({"delete": {"object": "APBILL", "keys": desk.bill("5.00", number="B-3")}})
    for document in payables(desk, {"glaccountno": "6300", "amount": "1.00"}, desk.labels["suppliers"]["acme"]).items():
        desk.run(element(*document))
    assert rebuilt(desk) == balances(desk.company.book)
    desk.company.book.verify()


def classes(root: type[Refusal]) -> list[type[Refusal]]:
    return [inner for direct in root.__subclasses__() for inner in (direct, *classes(direct))]


def test_every_refusal_has_native_words() -> None:
    places = ("sandbooks.ledger", "sandbooks.kit.errors", refusals.__name__)
    own = [c for c in classes(Refusal) if c.__module__.startswith(places)]
    assert set(own) == set(wording.REFUSALS)


def test_every_operation_has_its_evidence() -> None:
    evidence = read_contract("platforms", "sage_intacct", "evidence.yaml")["evidence"]
    named = {row["name"] for row in evidence if row["kind"] == "operation"}
    lacking = ("rest_workflow",)
    offered = {operation.name for operation in DIALECT.operations if operation.name.startswith("rest_")}
    rest = {name for name in offered if not name.startswith(lacking)}
    generic = {
        f"{verb}.{name}"
        for verb in ("create", "update", "delete")
        for name, kind in OBJECTS.items()
        if not kind.read_only
    }
    assert rest | set(functions.names()) <= named
    assert rest == {name.partition(".")[0] for name in contract.operations()} - {"xml_gateway"}
    assert generic & named == {name for name in named if name.startswith(("create.", "update.", "delete."))}
    assert {row["status"] for row in evidence} <= {"client", "specification", "assumed"}
    assert all(row["source"] for row in evidence)
    assert len({row["name"] for row in evidence}) == len(evidence)


def test_every_function_that_is_listed_is_answered() -> None:
    assert all(functions.kind_of_function(name) in ("read", "write", "session") for name in functions.names())


def test_companies_do_not_see_each_other(desk: Desk) -> None:
    other = open_desk(desk.app, CompanyPlan(name="Birch Ltd", suppliers={"a": {"name": "A"}}))
    bill = desk.bill("9.00")
    assert other.query("APBILL", "RECORDNO") == []
    assert other.refused({"read": {"object": "APBILL", "keys": bill}})[0][0] == "DL02000001"
    assert other.rest("GET", f"objects/accounts-payable/bill/{bill}")[0] == 404
    session = desk.run({"getAPISession": None}).findtext("data/api/sessionid")
    found = other.send(
        {"query": {"object": "APBILL", "select": {"field": "RECORDNO"}}}, authentication={"sessionid": session}
    )
    assert found.findtext("operation/authentication/companyid") == desk.company.id


def test_a_rate_date_that_is_no_date_is_refused_in_any_currency(desk: Desk) -> None:
    before = desk.posted()
    for currency in ("GBP", "USD"):
        line = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "4.15"}
        fields = {**desk.bill_fields("D-1"), "APBILLITEMS": {"APBILLITEM": line}}
        dated = {"CURRENCY": currency, "EXCH_RATE_DATE": "02/30/2026"}
        assert desk.refused({"create": {"APBILL": {**fields, **dated}}})
    assert desk.posted() == before
