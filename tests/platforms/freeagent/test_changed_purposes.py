"""An explanation changed into a transfer, out of one, or to another account; sales taxed where they are supplied."""

import pytest
from tests.platforms.freeagent.desk import BASE, Desk

from sandbooks.platform import platform_named

PATH, ROOT = "bank_transaction_explanations", "bank_transaction_explanation"


def lines(desk: Desk, account: str) -> list[str]:
    found = desk.get("bank_transactions", bank_account=desk.account(account))["bank_transactions"]
    return [line["amount"] for line in found]


def test_spending_becomes_a_transfer_with_its_other_side(desk: Desk) -> None:
    made = desk.explain("bank", "-50.00")
    changed = desk.change(made["url"], ROOT, transfer_bank_account=desk.account("visa"))
    assert (changed["url"], changed["type"]) == (made["url"], "Transfer to Another Account")
    assert "category" not in changed
    other = desk.get(changed["linked_transfer_explanation"])[ROOT]
    assert (other["gross_value"], other["linked_transfer_explanation"]) == ("50.0", made["url"])
    assert desk.books() == {"bank": "-50.00", "visa": "50.00"}
    assert (lines(desk, "bank"), lines(desk, "visa")) == (["-50.0"], ["50.0"])


@pytest.mark.parametrize("side", [0, 1])
def test_a_transfer_becomes_spending_and_its_other_side_goes(desk: Desk, side: int) -> None:
    made = desk.explain("bank", "-50.00", transfer_bank_account=desk.account("visa"))
    url = (made["url"], made["linked_transfer_explanation"])[side]
    other = (made["linked_transfer_explanation"], made["url"])[side]
    changed = desk.change(url, ROOT, category=desk.category("travel"), description="Trip", sales_tax_rate=0)
    assert changed["type"] == ("Payment", "Refund")[side]
    assert "linked_transfer_account" not in changed
    assert desk.send("GET", other).status == 404
    assert desk.books() == [{"travel": "50.00", "bank": "-50.00"}, {"travel": "-50.00", "visa": "50.00"}][side]
    assert (lines(desk, "bank"), lines(desk, "visa")) == [(["-50.0"], []), ([], ["50.0"])][side]


def test_a_transfer_moves_to_another_account(desk: Desk) -> None:
    made = desk.explain("bank", "-50.00", transfer_bank_account=desk.account("visa"))
    changed = desk.change(made["url"], ROOT, transfer_bank_account=desk.account("dollars"), foreign_currency_value="64")
    assert changed["linked_transfer_account"] == desk.account("dollars")
    assert desk.send("GET", made["linked_transfer_explanation"]).status == 404
    books = desk.books()
    assert (books["bank"], books["dollars"]) == ("-50.00", "49.54")
    assert (lines(desk, "visa"), lines(desk, "dollars")) == ([], ["64.0"])
    desk.drop(made["url"])
    assert desk.books() == {}


def test_an_imported_line_stays_when_its_transfer_ends(desk: Desk) -> None:
    statement = {"statement": [{"dated_on": "2026-03-01", "amount": "-50.00", "description": "TO VISA"}]}
    bank = desk.account("bank")
    desk.send("POST", "bank_transactions/statement", statement, bank_account=bank)
    (line,) = desk.get("bank_transactions", bank_account=bank)["bank_transactions"]
    given = {"bank_transaction": line["url"], "dated_on": "2026-03-01", "gross_value": "-50.00"}
    made = desk.make(PATH, ROOT, **given, transfer_bank_account=desk.account("visa"))
    desk.change(made["url"], ROOT, category=desk.category("travel"), description="Trip")
    assert (lines(desk, "bank"), lines(desk, "visa")) == (["-50.0"], [])


def test_a_transfer_in_a_locked_period_stays_one(desk: Desk) -> None:
    made = desk.explain("bank", "-50.00", transfer_bank_account=desk.account("visa"))
    with desk.world.unit():
        platform_named("freeagent").load_bookkeeper().lock_period(desk.company, "2026-03-31")
    body = {ROOT: {"category": desk.category("travel"), "description": "Trip"}}
    assert desk.refused("PUT", made["url"], body) == "dated_on is in a locked accounting period"


def test_a_transfer_to_nowhere_is_refused(desk: Desk) -> None:
    made = desk.explain("bank", "-50.00")
    body = {ROOT: {"transfer_bank_account": desk.account("bank")}}
    assert desk.refused("PUT", made["url"], body) == "transfer_bank_account can't be the bank account itself"


def test_a_sale_is_taxed_where_it_is_supplied(desk: Desk) -> None:
    given = {"category": desk.category("sales"), "ec_status": "EC VAT MOSS", "place_of_supply": "Austria"}
    made = desk.explain("bank", "113.00", **given, sales_tax_rate="13")
    assert (made["place_of_supply"], made["sales_tax_rate"], made["sales_tax_value"]) == ("Austria", "13.0", "13.0")
    assert desk.books() == {"sales": "-100.00", "824": "-13.00", "bank": "113.00"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"place_of_supply": ""}, "place_of_supply can't be blank"),
        ({"place_of_supply": "Norway"}, "place_of_supply is not included in the list"),
        ({"sales_tax_rate": ""}, "sales_tax_rate can't be blank"),
        ({"category": f"{BASE}/v2/categories/285"}, "ec_status is not included in the list"),
    ],
)
def test_a_wrong_sale_elsewhere_is_refused(desk: Desk, change: dict[str, object], says: str) -> None:
    given = {
        "bank_account": desk.account("bank"),
        "dated_on": "2026-03-02",
        "gross_value": "113.00",
        "description": "x",
    }
    given |= {"category": desk.category("sales"), "ec_status": "EC VAT MOSS", "place_of_supply": "Austria"}
    assert desk.refused("POST", PATH, {ROOT: {**given, "sales_tax_rate": "13", **change}}) == says


def test_bills_and_expenses_are_not_taxed_elsewhere(desk: Desk) -> None:
    given = {"user": desk.me(), "category": desk.category("travel"), "dated_on": "2026-03-02", "description": "Bus"}
    body = {"expense": {**given, "gross_value": "-7.20", "ec_status": "EC VAT MOSS"}}
    assert desk.refused("POST", "expenses", body) == "ec_status is not included in the list"


def test_a_tagged_journal_is_changed_by_the_api_alone(desk: Desk) -> None:
    entries = [{"category": desk.category(n), "debit_value": v} for n, v in (("sales", "-4"), ("office", "4.00"))]
    given = {"dated_on": "2026-03-02", "description": "J", "journal_entries": entries}
    tagged = desk.make("journal_sets", "journal_set", **given, tag="APP")
    keeper = platform_named("freeagent").load_bookkeeper()
    for act in (
        lambda journal: keeper.edit(desk.company, "journal_set", journal, {"description": "K"}),
        lambda journal: keeper.delete(desk.company, "journal_set", journal),
    ):
        with pytest.raises(Exception, match="tagged"), desk.world.unit():
            act(tagged["url"].rpartition("/")[2])
    plain = desk.make("journal_sets", "journal_set", **given)
    with desk.world.unit():
        keeper.edit(desk.company, "journal_set", plain["url"].rpartition("/")[2], {"description": "K"})
    assert desk.get(plain["url"])["journal_set"]["description"] == "K"
    assert desk.change(tagged["url"], "journal_set", description="L")["description"] == "L"
