"""The connector of QuickBooks Desktop against the emulator: every kind of document, and a kill at every request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest
from lxml import etree
from tests.platforms.connectors.driver import Driver, Killed

from sandbooks import exact_json, wire
from sandbooks.app import App
from sandbooks.connector import (
    Account,
    Adjustment,
    AdjustmentLine,
    Connector,
    Consent,
    Contact,
    Document,
    Done,
    Expense,
    File,
    Line,
    NewAccount,
    PaymentAccount,
    Refused,
    Reimbursable,
    Request,
    TrackingRef,
    Transfer,
    TransferSide,
    Unknown,
    with_headers,
)
from sandbooks.platform import CompanyPlan, load, platform_named

NAME = "quickbooks_desktop"
DAY = date(2026, 3, 2)
KINDS = ("Check", "CreditCardCharge", "CreditCardCredit", "Bill", "Transfer", "JournalEntry")
Kind = Literal["Payment", "Refund", "Reward", "Chargeback"]
PLAN: dict[str, Any] = {
    "name": "Harbour Street",
    "accounts": {
        "travel": {"type": "expense", "name": "Travel Sundry"},
        "meals": {"type": "expense", "name": "Staff Meals"},
        "rewards": {"type": "other_income", "name": "Card Rewards"},
        "card": {"type": "credit_card", "name": "Company Card"},
        "dollars": {"type": "credit_card", "name": "Card USD", "currency": "USD"},
        "current": {"type": "bank", "name": "Main Account"},
        "reserve": {"type": "bank", "name": "Reserve"},
    },
    "suppliers": {
        "contoso": {"name": "Contoso"},
        "employee": {"name": "Ines Duarte"},
        "boston": {"name": "Boston Cabs", "currency": "USD"},
    },
    "customers": {"mill": {"name": "Old Mill"}},
    "taxes": {"standard": {"name": "Standard", "rate": "20%"}},
    "tracking": {"region": {"name": "Region", "options": {"north": "North", "south": "South"}}},
}


@dataclass
class Desktop(Driver):
    """A company file, and documents that go straight to its request processor: no program polls here."""

    token: str = ""
    answers: list[bytes] = field(default_factory=list)

    def send(self, request: Request) -> wire.Answer:
        signed = with_headers(request, ("Authorization", f"Bearer {self.token}"), ("Content-Type", "text/xml"))
        answer = super().send(signed)
        if isinstance(answer, wire.Response):
            self.answers.append(answer.body)
            if answer.status == 422:
                told = exact_json.loads(answer.body)
                return wire.Response(400, (("X-HRESULT", told["hresult"]),), told["message"].encode())
        return answer

    def ask(self, requests: str) -> list[etree._Element]:
        """What somebody else reads or writes in the file."""
        raw = (
            '<?xml version="1.0"?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRq onError="stopOnError">'
            f"{requests}</QBXMLMsgsRq></QBXML>"
        )
        answer = self.send(Request("POST", "/qbxml", purpose="test", body=raw.encode()))
        assert isinstance(answer, wire.Response)
        assert answer.status == 200, answer.body
        return list(etree.fromstring(answer.body)[0])


def opened(country: str = "GB", currency: str = "GBP", **more: Any) -> Desktop:
    app = App()
    world = app.create_world(seed=11)
    declared = platform_named(NAME)
    with world.unit():
        made = declared.load_seed().open(world, CompanyPlan(country=country, currency=currency, **{**PLAN, **more}))
        credentials = declared.load_seed().credentials(world, made.company)
    connector: Connector = load(declared.connector)
    consent = Consent(company="0f7c", access_token="", facts={"owner": "90a44fb7-33d9-4815-ac85-bc87a7e7d1eb"})
    token = credentials["access_token"]
    application: Any = None
    return Desktop(app, world, connector, NAME, made.company, made.labels, consent, application, token=token)


@pytest.fixture
def desktop() -> Desktop:
    return opened()


@pytest.fixture
def american() -> Desktop:
    return opened("US", "USD")


def expense(driver: Desktop, *, id: str = "t-01", account: str = "card", kind: Kind = "Payment") -> Expense:
    accounts, taxes, home = driver.labels["accounts"], driver.labels["taxes"], driver.books.currency
    held = "USD" if account == "dollars" else home
    supplier = "boston" if account == "dollars" else "contoso"
    pays: Literal["bank", "card"] = "bank" if account in ("current", "reserve") else "card"
    return Expense(
        kind=kind,
        id=id,
        key=f"key-{id}-1",
        version=1,
        date=DAY,
        currency=held,
        rate=Decimal("0.781") if held != home else None,
        account=PaymentAccount(id=accounts[account], pays=pays, currency=held),
        contact=Contact(kind="supplier", name="Contoso", id=driver.labels["suppliers"][supplier], currency=held),
        lines=(
            Line(net=Decimal("41.23"), tax=Decimal("8.25"), account=accounts["travel"], tax_rate=taxes["standard"]),
            Line(net=Decimal("3.50"), tax=Decimal(0), account=accounts["meals"], description="Coffee"),
        ),
        merchant="Contoso Store",
        notes="To the fair",
        reference="R-77",
    )


def reimbursable(driver: Desktop, *, id: str = "t-03") -> Reimbursable:
    accounts, taxes = driver.labels["accounts"], driver.labels["taxes"]
    return Reimbursable(
        id=id,
        key=f"key-{id}-1",
        version=1,
        date=DAY,
        due=date(2026, 3, 16),
        currency=driver.books.currency,
        contact=Contact(kind="supplier", name="", id=driver.labels["suppliers"]["employee"]),
        lines=(
            Line(net=Decimal("22.10"), tax=Decimal("4.42"), account=accounts["travel"], tax_rate=taxes["standard"]),
            Line(net=Decimal("9.61"), tax=Decimal(0), account=accounts["meals"], description="Lunch"),
        ),
        reference="Trip",
        notes="Fair in Leeds",
    )


def transfer(driver: Desktop, *, amount: str = "310.40") -> Transfer:
    def side(label: str) -> TransferSide:
        id, home = driver.labels["accounts"][label], driver.books.currency
        return TransferSide(account=id, currency=home, amount=Decimal(amount), pays="bank")

    ends = {"source": side("current"), "target": side("reserve")}
    return Transfer(id="t-04", key="key-t-04-1", version=1, date=DAY, description="Set aside", **ends)


def adjustment(driver: Desktop) -> Adjustment:
    accounts, home = driver.labels["accounts"], driver.books.currency
    lines = (
        AdjustmentLine(amount=Decimal("17.85"), account=accounts["travel"], description="Moved here"),
        AdjustmentLine(amount=Decimal("-17.85"), account=accounts["meals"], description="From there"),
    )
    return Adjustment(id="t-05", key="key-t-05-1", version=1, date=DAY, currency=home, lines=lines, reference="ADJ-1")


def documents(driver: Desktop) -> list[Document]:
    """One of every kind that is offered."""
    return [
        expense(driver),
        expense(driver, account="current"),
        expense(driver, kind="Refund"),
        expense(driver, kind="Reward"),
        expense(driver, kind="Chargeback"),
        reimbursable(driver),
        transfer(driver),
        adjustment(driver),
    ]


PLACES = range(8)
# What each document does to the books of a British company, in the order of ``documents``.
MOVED: list[dict[str, str]] = [
    {"travel": "41.23", "meals": "3.50", "input_tax": "8.25", "card": "-52.98"},
    {"travel": "41.23", "meals": "3.50", "input_tax": "8.25", "current": "-52.98"},
    *([{"travel": "-41.23", "meals": "-3.50", "input_tax": "-8.25", "card": "52.98"}] * 3),
    {"travel": "22.10", "meals": "9.61", "input_tax": "4.42", "payables": "-36.13"},
    {"current": "-310.40", "reserve": "310.40"},
    {"travel": "17.85", "meals": "-17.85"},
]


def balances(driver: Desktop) -> dict[str, str]:
    """What moved, by label, in home currency."""
    usual = load(platform_named(NAME).usual_accounts)(driver.books)
    named: Mapping[str, str] = {"payables": usual["payables"], "input_tax": usual["input_tax"]}
    moved = {}
    for label, id in {**driver.labels["accounts"], **named}.items():
        amount = driver.books.book.balance(id).base.amount
        if amount:
            moved[label] = f"{amount:.2f}"
    return moved


def live(driver: Desktop) -> int:
    return sum(1 for kind in KINDS for _ in driver.books.records.scan(kind))


def pushed(driver: Desktop, document: Document) -> str:
    done = driver.push(document)
    return done.native.id


def found(driver: Desktop, document: Document) -> str | None:
    done = driver.look_up(document)
    return done.native.id if done else None


def update(driver: Desktop, document: Document, done: Done) -> Done:
    return driver.update(document, done.native)


# Writing


@pytest.mark.parametrize("place", PLACES)
def test_each_kind_of_document_stands_in_the_books_as_it_should(desktop: Desktop, place: int) -> None:
    document = documents(desktop)[place]
    id = pushed(desktop, document)
    assert balances(desktop) == MOVED[place]
    assert found(desktop, document) == id
    desktop.books.book.verify()


@pytest.mark.parametrize("place", PLACES)
def test_what_was_never_sent_is_not_found(desktop: Desktop, place: int) -> None:
    pushed(desktop, replace(documents(desktop)[place], id="other", key="key-other"))
    assert found(desktop, documents(desktop)[place]) is None


@pytest.mark.parametrize("place", PLACES)
def test_sent_again_with_the_same_key_it_is_found_and_not_doubled(desktop: Desktop, place: int) -> None:
    document = documents(desktop)[place]
    first = pushed(desktop, document)
    again = desktop.push(document)
    assert (again.found, again.native.id) == (True, first)
    assert (live(desktop), balances(desktop)) == (1, MOVED[place])


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_any_request_and_begun_anew_exactly_one_document_stands(place: int) -> None:
    for after in (False, True):
        for kill in range(1, 5):
            driver = opened()
            document, company = documents(driver)[place], driver.company
            steps = driver.connector.push(document, driver.consent, company)
            try:
                driver.run(steps, kill=kill, after=after)
            except Killed:
                driver.push(document, company)
            assert (live(driver), balances(driver)) == (1, MOVED[place])


@pytest.mark.parametrize("phase", ["send", "validate", "commit", "render"])
@pytest.mark.parametrize("place", PLACES)
def test_a_lost_answer_is_unknown_and_then_found_or_sent_again(desktop: Desktop, place: int, phase: str) -> None:
    document, company = documents(desktop)[place], desktop.company
    plan: Any = desktop.world.plan
    plan.add("drop_response", at={"write": document.id}, phase=phase)
    with pytest.raises(Unknown):
        desktop.push(document, company)
    stands = phase in ("commit", "render")
    assert (found(desktop, document) is not None) == stands
    pushed(desktop, document)
    assert (live(desktop), balances(desktop)) == (1, MOVED[place])


def test_an_unreadable_answer_to_a_write_is_unknown(desktop: Desktop) -> None:
    document, company = expense(desktop), desktop.company

    def damaged(answer: wire.Answer) -> wire.Answer:
        assert isinstance(answer, wire.Response)
        return replace(answer, body=answer.body[:90])

    with pytest.raises(Unknown):
        desktop.push(document, company, change=damaged)
    assert found(desktop, document) is not None


# What the native documents say


def record(driver: Desktop, kind: str) -> dict[str, Any]:
    (made,) = driver.books.records.scan(kind)
    return dict(made.body)


def test_a_card_payment_says_who_when_what_and_whose_it_is(desktop: Desktop) -> None:
    pushed(desktop, expense(desktop, id="5a9d0000-0000-4000-8000-000000000001"))
    body = record(desktop, "CreditCardCharge")
    assert body["PayeeEntityRef"] == {"ListID": desktop.labels["suppliers"]["contoso"]}
    assert (body["TxnDate"], body["RefNumber"]) == ("2026-03-02", "R-77")
    assert body["Memo"] == "Contoso Store - To the fair [5a9d0000-0000-4000-8000-000000000001]"
    assert body["ExternalGUID"] == "{5a9d0000-0000-4000-8000-000000000001}"
    assert [line["Memo"] for line in body["ExpenseLineRet"]] == ["To the fair", "Coffee"]


def test_a_reference_that_is_too_long_for_its_field_is_cut_there_and_whole_in_the_memo(desktop: Desktop) -> None:
    pushed(desktop, replace(expense(desktop), reference="EXPENSE-2026-0077"))
    body = record(desktop, "CreditCardCharge")
    assert (body["RefNumber"], "EXPENSE-2026-0077" in body["Memo"]) == ("EXPENSE-202", True)


def test_text_that_quickbooks_cannot_store_becomes_question_marks(desktop: Desktop) -> None:
    pushed(desktop, replace(expense(desktop), merchant="Café 東京 & Söhne", notes="a\tb"))
    assert record(desktop, "CreditCardCharge")["Memo"] == "Café ?? & Söhne - a b [t-01]"


def test_in_the_american_edition_tax_is_part_of_what_a_thing_costs(american: Desktop) -> None:
    pushed(american, expense(american))
    assert balances(american) == {"travel": "49.48", "meals": "3.50", "card": "-52.98"}


@pytest.mark.parametrize("place", PLACES)
def test_every_kind_of_document_is_taken_by_the_american_edition(american: Desktop, place: int) -> None:
    pushed(american, documents(american)[place])
    assert live(american) == 1
    american.books.book.verify()


def test_spend_on_a_dollar_card_is_carried_in_dollars_at_the_rate_that_was_sent(desktop: Desktop) -> None:
    line = Line(net=Decimal("20.00"), account=desktop.labels["accounts"]["travel"])
    pushed(desktop, replace(expense(desktop, account="dollars"), lines=(line,)))
    balance = desktop.books.book.balance(desktop.labels["accounts"]["dollars"])
    assert (str(balance.by_currency["USD"]), str(balance.base)) == ("-20.00 USD", "-15.62 GBP")


def test_a_supplier_of_another_currency_is_named_in_the_memo_and_not_as_payee(desktop: Desktop) -> None:
    given = expense(desktop)
    boston = Contact(kind="supplier", name="Boston Cabs", id=desktop.labels["suppliers"]["boston"], currency="USD")
    pushed(desktop, replace(given, contact=boston))
    body = record(desktop, "CreditCardCharge")
    assert "PayeeEntityRef" not in body
    assert body["Memo"] == "Contoso Store - Boston Cabs - To the fair [t-01]"
    assert balances(desktop) == MOVED[0]


def test_classes_customers_and_what_is_billed_on_stand_on_their_lines(desktop: Desktop) -> None:
    accounts, mill = desktop.labels["accounts"], desktop.labels["customers"]["mill"]
    north = TrackingRef(id=desktop.labels["tracking"]["north"])
    lines = (
        Line(net=Decimal("5.10"), account=accounts["travel"], tracking=(north,), invoice_to=mill),
        Line(net=Decimal("6.20"), account=accounts["meals"], tracking=(TrackingRef(id=mill, kind="customer"),)),
    )
    pushed(desktop, replace(expense(desktop), lines=lines))
    first, second = record(desktop, "CreditCardCharge")["ExpenseLineRet"]
    assert first["ClassRef"] == {"ListID": north.id}
    assert (first["CustomerRef"], first["BillableStatus"]) == ({"ListID": mill}, "Billable")
    assert (second["CustomerRef"], second["BillableStatus"]) == ({"ListID": mill}, "NotBillable")


def test_an_item_takes_the_place_of_an_account(american: Desktop) -> None:
    travel = american.labels["accounts"]["travel"]
    (answer,) = american.ask(
        "<ItemServiceAddRq><ItemServiceAdd><Name>Trip</Name><SalesOrPurchase><Price>1</Price><AccountRef><ListID>"
        f"{travel}</ListID></AccountRef></SalesOrPurchase></ItemServiceAdd></ItemServiceAddRq>"
    )
    item = answer[0].findtext("ListID") or ""
    pushed(american, replace(expense(american), lines=(Line(net=Decimal("19.07"), item=item, description="Taxi"),)))
    assert balances(american) == {"travel": "19.07", "card": "-19.07"}
    (line,) = record(american, "CreditCardCharge")["ItemLineRet"]
    assert (line["Desc"], line["Amount"]) == ("Taxi", "19.07")


def test_a_bill_names_its_payables_account_and_is_due_when_it_was_said(desktop: Desktop) -> None:
    pushed(desktop, reimbursable(desktop))
    body = record(desktop, "Bill")
    assert (body["DueDate"], body["RefNumber"], body["AmountDue"]) == ("2026-03-16", "Trip", "36.13")
    assert body["Memo"] == "Fair in Leeds [t-03]"


def test_each_line_of_an_adjustment_carries_its_id(desktop: Desktop) -> None:
    pushed(desktop, adjustment(desktop))
    memos = [line["Memo"] for line in record(desktop, "JournalEntry")["_lines"]]
    assert memos == ["Moved here [t-05]", "From there [t-05]"]


# What is refused


def nothing_stands(driver: Desktop) -> bool:
    return live(driver) == 0 and balances(driver) == {}


@pytest.mark.parametrize("kind", ["Refund", "Reward", "Chargeback"])
def test_money_back_on_a_bank_account_is_refused(desktop: Desktop, kind: Kind) -> None:
    with pytest.raises(Refused, match="credit card"):
        pushed(desktop, expense(desktop, account="current", kind=kind))
    assert nothing_stands(desktop)


def test_a_transfer_of_two_amounts_is_refused(desktop: Desktop) -> None:
    given = transfer(desktop)
    with pytest.raises(Refused, match="equal"):
        pushed(desktop, replace(given, target=replace(given.target, amount=Decimal("310.41"))))
    assert nothing_stands(desktop)


def test_an_adjustment_in_another_currency_is_refused(desktop: Desktop) -> None:
    with pytest.raises(Refused, match="GBP only"):
        pushed(desktop, replace(adjustment(desktop), currency="USD", rate=Decimal("0.8")))
    assert nothing_stands(desktop)


@pytest.mark.parametrize("place", PLACES)
def test_a_date_before_the_closing_date_is_refused_in_native_words(desktop: Desktop, place: int) -> None:
    desktop.lock("2026-03-31")
    with pytest.raises(Refused, match=r"before the closing date of the company\. \(QuickBooks error 3180\)"):
        pushed(desktop, documents(desktop)[place])
    assert nothing_stands(desktop)


@pytest.mark.parametrize("account", ["travel", "card"])
def test_an_inactive_account_is_refused_and_leaves_nothing(desktop: Desktop, account: str) -> None:
    desktop.archive(accounts=[account])
    with pytest.raises(Refused, match="invalid reference to QuickBooks Account") as refused:
        pushed(desktop, expense(desktop))
    assert refused.value.native_code == "3140"
    assert nothing_stands(desktop)


def test_an_inactive_vendor_is_refused(desktop: Desktop) -> None:
    desktop.archive(contacts=["contoso"])
    with pytest.raises(Refused, match="invalid reference to QuickBooks Entity"):
        pushed(desktop, expense(desktop))
    assert nothing_stands(desktop)


def test_files_are_refused(desktop: Desktop) -> None:
    done = desktop.push(expense(desktop))
    file = File(name="till.png", content_type="image/png", content=b"\x89PNG", key="f-1")
    with pytest.raises(Refused, match="no files"):
        desktop.attach(file, done.native)


def test_a_refusal_that_was_kept_is_told_again_and_a_new_submission_goes_through(desktop: Desktop) -> None:
    with desktop.bookkeeper() as bookkeeper:
        bookkeeper.lock_period(desktop.books, "2026-03-31")
    for _ in range(2):
        with pytest.raises(Refused, match="closing date"):
            pushed(desktop, expense(desktop))
        with desktop.world.unit():
            bookkeeper.lock_period(desktop.books, "")
    pushed(desktop, replace(expense(desktop), key="key-t-01-2"))
    assert balances(desktop) == MOVED[0]


# Changing


@pytest.mark.parametrize("place", [0, 1, 2, 5])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_update_leaves_exactly_the_lines_that_were_sent(desktop: Desktop, place: int, count: int) -> None:
    given: Any = documents(desktop)[place]
    done = desktop.push(given)
    lines = tuple(replace(given.lines[1], net=Decimal(f"{n}.13")) for n in range(1, count + 1))
    changed = replace(given, version=2, key="key-2", lines=lines)
    for _ in range(2):
        assert update(desktop, changed, done).native.id == done.native.id
    total = sum((line.net for line in lines), Decimal(0)) * (-1 if place == 2 else 1)
    other = {0: "card", 1: "current", 2: "card", 5: "payables"}[place]
    assert balances(desktop) == {"meals": f"{total}", other: f"{-total}"}
    assert found(desktop, changed) == done.native.id


def test_an_update_of_a_transfer_moves_the_new_amount(desktop: Desktop) -> None:
    done = desktop.push(transfer(desktop))
    update(desktop, replace(transfer(desktop, amount="95.05"), version=2, key="key-2"), done)
    assert balances(desktop) == {"current": "-95.05", "reserve": "95.05"}


def test_an_update_from_an_item_to_an_account_clears_the_item(american: Desktop) -> None:
    travel = american.labels["accounts"]["travel"]
    (answer,) = american.ask(
        "<ItemServiceAddRq><ItemServiceAdd><Name>Trip</Name><SalesOrPurchase><Price>1</Price><AccountRef><ListID>"
        f"{travel}</ListID></AccountRef></SalesOrPurchase></ItemServiceAdd></ItemServiceAddRq>"
    )
    by_item = (Line(net=Decimal("19.07"), item=answer[0].findtext("ListID") or ""),)
    given = replace(expense(american), lines=by_item)
    done = american.push(given)
    by_account = (Line(net=Decimal("8.40"), account=american.labels["accounts"]["meals"]),)
    update(american, replace(given, version=2, key="key-2", lines=by_account), done)
    assert balances(american) == {"meals": "8.40", "card": "-8.40"}


def test_an_update_to_a_supplier_of_another_currency_takes_the_payee_off(desktop: Desktop) -> None:
    given = expense(desktop)
    done = desktop.push(given)
    boston = Contact(kind="supplier", name="Boston Cabs", id=desktop.labels["suppliers"]["boston"], currency="USD")
    update(desktop, replace(given, version=2, key="key-2", contact=boston), done)
    assert "PayeeEntityRef" not in record(desktop, "CreditCardCharge")
    assert balances(desktop) == MOVED[0]


def test_what_a_person_changed_in_between_is_read_again_and_their_own_fields_stay(desktop: Desktop) -> None:
    given = expense(desktop)
    done = desktop.push(given)
    with desktop.bookkeeper() as bookkeeper:
        bookkeeper.edit(desktop.books, "CreditCardCharge", done.native.id, {"RefNumber": "OWN-3"})
    changed = replace(given, version=2, key="key-2", reference="", lines=given.lines[1:])
    again = update(desktop, changed, done)
    assert again.native.version != done.native.version
    assert record(desktop, "CreditCardCharge")["RefNumber"] == "OWN-3"
    assert balances(desktop) == {"meals": "3.50", "card": "-3.50"}


def test_a_payment_moves_to_another_account_of_its_kind_and_to_no_other(desktop: Desktop) -> None:
    given = expense(desktop, account="current")
    done = desktop.push(given)
    reserve = replace(given.account, id=desktop.labels["accounts"]["reserve"])
    update(desktop, replace(given, version=2, key="key-2", account=reserve), done)
    assert balances(desktop)["reserve"] == "-52.98"
    with pytest.raises(Refused, match="cannot become"):
        update(desktop, replace(expense(desktop), version=3, key="key-3"), done)
    assert "card" not in balances(desktop)


def test_a_document_that_somebody_deleted_is_not_there_to_be_changed(desktop: Desktop) -> None:
    given = expense(desktop)
    done = desktop.push(given)
    with desktop.bookkeeper() as bookkeeper:
        bookkeeper.delete(desktop.books, done.native.kind, done.native.id)
    with pytest.raises(Refused, match="no longer"):
        update(desktop, replace(given, version=2, key="key-2"), done)


@pytest.mark.parametrize("phase", ["validate", "commit"])
def test_a_lost_update_is_sent_again_without_harm(desktop: Desktop, phase: str) -> None:
    given, company = expense(desktop), desktop.company
    done = desktop.push(given, company)
    changed = replace(given, version=2, key="key-2", lines=given.lines[1:])
    plan: Any = desktop.world.plan
    plan.add("drop_response", at={"write": given.id}, phase=phase)
    with pytest.raises(Unknown):
        desktop.update(changed, done.native, company)
    assert update(desktop, changed, done).native.id == done.native.id
    assert (live(desktop), balances(desktop)) == (1, {"meals": "3.50", "card": "-3.50"})


# Lists


def test_the_company_knows_its_home_its_country_and_its_currencies(desktop: Desktop, american: Desktop) -> None:
    assert (desktop.company.currency, desktop.company.country) == ("GBP", "GB")
    assert (american.company.currency, american.company.country) == ("USD", "US")
    assert {"currency.GBP", "currency.USD"} <= desktop.company.facts.keys()


def test_without_several_currencies_the_edition_tells_the_home_currency() -> None:
    plain = dict(PLAN["accounts"])
    del plain["dollars"]
    suppliers = {"contoso": PLAN["suppliers"]["contoso"]}
    driver = opened("US", "USD", accounts=plain, suppliers=suppliers, settings={"multicurrency": False})
    assert (driver.company.currency, driver.company.multicurrency) == ("USD", False)
    listed = driver.accounts()
    assert {account.currency for account in listed} == {"USD"}


def listed(driver: Desktop) -> dict[str, Account]:
    return {account.id: account for account in driver.accounts()}


def test_accounts_tell_what_they_may_be_used_for(desktop: Desktop) -> None:
    found, labels = listed(desktop), desktop.labels["accounts"]
    assert (found[labels["card"]].pays, found[labels["current"]].pays) == ("card", "bank")
    assert found[labels["travel"]].lines == ("Payment", "Refund", "Reward", "Chargeback", "Reimbursable", "Adjustment")
    assert (found[labels["dollars"]].currency, found[labels["dollars"]].lines) == ("USD", ())
    assert (found[labels["card"]].transfers, found[labels["travel"]].transfers) == (True, False)
    assert found[labels["card"]].category == "Liability.CreditCard"


def test_inactive_records_are_listed_as_such(desktop: Desktop) -> None:
    desktop.archive(contacts=["contoso"], accounts=["travel"])
    assert not listed(desktop)[desktop.labels["accounts"]["travel"]].active
    suppliers = desktop.suppliers()
    assert {c.name: c.active for c in suppliers} == {"Contoso": False, "Ines Duarte": True, "Boston Cabs": True}
    assert {c.name: c.currency for c in suppliers}["Boston Cabs"] == "USD"


def test_a_long_list_is_read_page_by_page_to_its_end(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    from sandbooks.platforms.quickbooks_desktop.connector import reading

    monkeypatch.setattr(reading, "PAGE", 4)
    for number in range(10):
        desktop.ask(f"<VendorAddRq><VendorAdd><Name>V {number}</Name></VendorAdd></VendorAddRq>")
    names = [contact.name for contact in desktop.suppliers()]
    assert len(names) == len(set(names)) == 13


def test_tax_codes_carry_the_rate_of_their_item_where_purchases_are_taxed(desktop: Desktop, american: Desktop) -> None:
    british = {rate.code: rate for rate in desktop.tax_rates()}
    assert british["S"].id == desktop.labels["taxes"]["standard"]
    assert (british["S"].effective, british["R"].total, british["Z"].total) == (20, 5, 0)
    assert "Payment" in british["S"].kinds
    assert {rate.kinds for rate in american.tax_rates()} == {()}


def test_classes_are_the_tracking_options_and_none_where_they_are_not_tracked(desktop: Desktop) -> None:
    options = {option.name: option.id for option in desktop.tracking()}
    assert options == {name.title(): id for name, id in desktop.labels["tracking"].items()}


@pytest.mark.parametrize("kind", ["supplier", "customer"])
def test_a_contact_is_created_once_and_changed(desktop: Desktop, kind: Literal["supplier", "customer"]) -> None:
    given = Contact(kind=kind, name="Nuova Casa", email="casa@example.com", phone="0123", currency="USD")
    company = desktop.company
    made = desktop.create_contact(given, company, key="k-1")
    again = desktop.create_contact(given, company, key="k-1")
    assert (again.id, made.currency, made.email) == (made.id, "USD", "casa@example.com")
    changed = replace(made, name="Casa Nuova")
    after = desktop.update_contact(changed, company, key="k-2")
    assert (after.id, after.name) == (made.id, "Casa Nuova")


@pytest.mark.parametrize(("pays", "type"), [("card", "CreditCard"), ("bank", "Bank"), ("", "Expense")])
def test_an_account_is_created_once(desktop: Desktop, pays: Literal["card", "bank", ""], type: str) -> None:
    kind: Any = {"card": "Liability", "bank": "Asset", "": "Expense"}[pays]
    given = NewAccount(name="Fresh", account_class=kind, pays=pays, currency="GBP", nominal_code="6100")
    company = desktop.company
    made = [desktop.create_account(given, company, key="k") for _ in range(2)]
    assert made[0].id == made[1].id
    assert (made[0].category.rpartition(".")[2], made[0].nominal_code, made[0].pays) == (type, "6100", pays)


@pytest.mark.parametrize("name", ["x" * 42, "a:b"])
def test_a_name_that_quickbooks_cannot_have_is_refused_before_anything_is_sent(desktop: Desktop, name: str) -> None:
    company, sent = desktop.company, len(desktop.requests)
    given = Contact(kind="supplier", name=name)
    with pytest.raises(Refused, match="colon"):
        desktop.create_contact(given, company, key="k")
    assert len(desktop.requests) == sent
