"""What holds for every document: bad input is refused natively, and the books follow from the stored versions."""

import inspect
import re
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, charge, document, line, modify, ref
from tests.platforms.quickbooks_desktop.test_postings import journal, pay, transfer

from sandbooks import ledger
from sandbooks.kit.errors import NotPermitted, NotSimulated
from sandbooks.ledger import Book, MemoryRows, Refusal
from sandbooks.platforms.quickbooks_desktop import refusals, statuses
from sandbooks.platforms.quickbooks_desktop.api import OPERATIONS
from sandbooks.platforms.quickbooks_desktop.hresults import SITUATIONS, TEXTS
from sandbooks.platforms.quickbooks_desktop.posting import entry_of
from sandbooks.platforms.quickbooks_desktop.schema.messages import messages
from sandbooks.platforms.quickbooks_desktop.schema.notation import Choice, Element, Sequence
from sandbooks.platforms.quickbooks_desktop.schema.xsd import requests_xsd
from sandbooks.settings import contract_path, read_contract

ODD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            " ",
            "-1",
            "0",
            "1e400",
            "NaN",
            "9" * 40,
            "2026-02-30",
            "9999-12-31",
            "\N{SNOWMAN}",
            "x" * 5000,
            "true",
            ":",
        ]
    ),
    st.sampled_from(["FFFF-1", "80000001-1772442000", "{00000000-0000-0000-0000-000000000000}", "Visa", "Contoso Air"]),
)


def written(text: str) -> str:
    return "".join(c for c in text if c in "\t\n" or 31 < ord(c) < 0xD800).replace("&", "&amp;").replace("<", "&lt;")


@st.composite
def odd_content(draw: st.DrawFn, content: Sequence, depth: int = 0) -> str:
    """Content that keeps to the schema, with odd values in it."""
    parts = []
    for part in content.parts:
        if isinstance(part, Choice):
            for _ in range(draw(st.integers(min(part.least, 1), 1 if part.most == 1 else 2))):
                branch = draw(st.sampled_from(part.branches))
                parts.append(draw(odd_content(branch, depth)))
        elif not part.foreign and (part.least or draw(st.integers(0, 3)) == 0):
            parts.append(draw(odd_element(part, depth)))
    return "".join(parts)


@st.composite
def odd_element(draw: st.DrawFn, element: Element, depth: int) -> str:
    if element.values:
        inner = draw(st.sampled_from(element.values))
    elif element.content is not None:
        inner = draw(odd_content(element.content, depth + 1)) if depth < 4 else ""
    else:
        inner = written(draw(ODD))
    return f"<{element.name}>{inner}</{element.name}>"


@cache
def shared_desk() -> Desk:
    return Desk()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_document_that_keeps_to_the_schema_breaks_the_engine(data: st.DataObject) -> None:
    desk = shared_desk()
    message = data.draw(st.sampled_from(sorted(messages().values(), key=lambda m: m.name)))
    text = f"<{message.name}>{data.draw(odd_content(message.content))}</{message.name}>"
    try:
        answer = desk.http("POST", "/qbxml", document(text))
    except NotSimulated:
        return
    assert answer.status in (200, 422)
    if answer.status == 200:
        (told,) = etree.fromstring(answer.body)[0]
        assert told.tag == message.reply
        assert int(told.get("statusCode", "")) >= 0
    desk.acme._company.book.verify()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(noise=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)), door=st.sampled_from(OPERATIONS))
def test_noise_at_every_door_is_refused_in_its_own_words(noise: bytes, door: object) -> None:
    desk = shared_desk()
    rule = re.sub(r"<[^>]+>", "x", door.rule)  # type: ignore[attr-defined]  # an Operation
    answer = desk.http(door.method, rule, noise)  # type: ignore[attr-defined]  # an Operation
    assert answer.status < 500


def busy_desk() -> Desk:
    """A desk with a transaction of every kind, some changed, voided or deleted."""
    desk = Desk(country="GB", currency="GBP")
    owed = desk.ok(bill(line("100.00", more=ref("SalesTaxCodeRef", "S")))).findtext("TxnID") or ""
    desk.ok(pay(owed, "60.00"))
    euros = desk.ok(bill(line("200.00"), vendor="Litware Rail", more="<ExchangeRate>0.85</ExchangeRate>"))
    desk.ok(pay(euros.findtext("TxnID") or "", "75.00", vendor="Litware Rail", rate="0.91"))
    made = desk.ok(charge(line("41.20"), line("8.15", "Software")))
    keys = f"<TxnID>{made.findtext('TxnID')}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    desk.ok(modify("CreditCardCharge", keys + "<Memo>Leeds</Memo>"))
    void = desk.ok(charge(line("7.00"))).findtext("TxnID")
    desk.one(f"<TxnVoidRq><TxnVoidType>CreditCardCharge</TxnVoidType><TxnID>{void}</TxnID></TxnVoidRq>")
    gone = desk.ok(charge(line("9.00"))).findtext("TxnID")
    desk.one(f"<TxnDelRq><TxnDelType>CreditCardCharge</TxnDelType><TxnID>{gone}</TxnID></TxnDelRq>")
    desk.ok(charge(line("5.00")).replace("CreditCardCharge", "CreditCardCredit"))
    desk.ok(bill(line("30.00"), number="cr").replace("Bill", "VendorCredit"))
    desk.ok(journal(("Credit", "Visa", "30.00"), ("Debit", "Travel", "30.00")))
    desk.ok(transfer("15.00"))
    row = f"<DepositLineAdd>{ref('AccountRef', 'Travel')}<Amount>25.00</Amount></DepositLineAdd>"
    desk.ok(add("Deposit", ref("DepositToAccountRef", "Main Checking") + row))
    desk.ok(add("Check", ref("AccountRef", "Main Checking") + line("12.00")))
    return desk


def test_the_books_can_be_rebuilt_from_the_stored_versions_alone() -> None:
    company = busy_desk().acme._company
    company.book.verify()
    rebuilt = Book(MemoryRows(), company.currency)
    for account in company.book.accounts():
        rebuilt.open_account(account)
    for version in company.records.changes():
        entry = entry_of(version.kind, version.id, version.version, body=version.body, facts=version.facts)
        standing = rebuilt.current(version.kind, version.id)
        if version.action == "delete" or entry is None:
            if standing is not None:
                rebuilt.reverse(version.kind, version.id)
        elif standing is None:
            rebuilt.post(entry)
        else:
            rebuilt.replace(entry)
    assert rebuilt.trial_balance() == company.book.trial_balance()


def test_every_refusal_has_a_row_of_its_own() -> None:
    found = {
        each
        for module in (ledger, refusals)
        for each in vars(module).values()
        if inspect.isclass(each) and issubclass(each, Refusal) and each is not Refusal
    }
    assert found | {NotPermitted} == statuses.mapped()


def test_every_situation_of_a_company_file_has_its_words() -> None:
    assert {code for code in SITUATIONS.values() if code} <= TEXTS.keys()


def test_the_published_schema_is_the_one_that_requests_are_held_against() -> None:
    assert contract_path("platforms", "quickbooks_desktop", "qbxml.xsd").read_text() == requests_xsd(us=False)


def test_every_operation_and_message_is_in_the_evidence() -> None:
    rows = read_contract("platforms", "quickbooks_desktop", "evidence.yaml")["evidence"]
    listed = {row["name"] for row in rows}
    assert {operation.name for operation in OPERATIONS} | messages().keys() <= listed
    assert len(listed) == len(rows)
    assert {row["status"] for row in rows} <= {"client", "specification", "assumed"}
