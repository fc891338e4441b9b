"""Taxes on charges, expense reports and journal entries: single, several, inclusive, and reverse charges."""

from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import Desk, day, function, tax
from tests.platforms.sage_intacct.documents import employee, journal, report


def detail(desk: Desk, id: str, rate: str, **more: Any) -> str:
    return desk.create("TAXDETAIL", DETAILID=id, VALUE=rate, TAXTYPE="Purchase", **more)


def several(*ids: str, **taxes: str) -> dict[str, Any]:
    rows = [{"DETAILID": id, **({"TRX_TAX": taxes[id]} if id in taxes else {})} for id in ids]
    return {"TAXENTRY": rows}


def charge(desk: Desk, taxes: dict[str, Any], *, gross: str = "", net: str = "") -> dict[str, Any]:
    amount = {"TOTALTRXAMOUNT": gross} if gross else {"TRX_AMOUNT": net}
    line = {"ACCOUNTNO": desk.account("travel"), **amount, "TAXENTRIES": taxes}
    head = {"CHARGECARDID": desk.account("visa"), "WHENCREATED": "03/02/2026"}
    inclusive = {"INCLUSIVETAX": "true"} if gross else {}
    return {"create": {"CCTRANSACTION": {**head, **inclusive, "CCTRANSACTIONENTRIES": {"CCTRANSACTIONENTRY": line}}}}


def taxed_journal(desk: Desk, taxes: dict[str, Any], *, cash: str, side: str = "1", **head: str) -> dict[str, Any]:
    asked = journal(desk, ("office", side, "50.00"), ("bank", "-1" if side == "1" else "1", cash), **head)
    asked["create"]["GLBATCH"]["ENTRIES"]["GLENTRY"][0]["TAXENTRIES"] = taxes
    return asked


def test_a_charge_and_an_expense_report_post_the_tax_of_their_lines(desk: Desk) -> None:
    standard = desk.labels["taxes"]["standard"]
    desk.run(charge(desk, tax(standard), net="30.00"))
    assert desk.books() == {"travel": "30.00", "input_tax": "6.00", "visa": "-36.00"}
    report(desk, "10.00", taxentries={"taxentry": {"detailid": standard}})
    books = desk.books()
    assert (books["travel"], books["input_tax"]) == ("40.00", "8.00")
    assert desk.row("EEXPENSES", desk.query("EEXPENSES", "RECORDNO")[0]["RECORDNO"])["TOTALENTERED"] == "12"


def test_an_expense_in_another_currency_states_its_gross_and_its_tax_in_it(desk: Desk) -> None:
    standard = desk.labels["taxes"]["standard"]
    spent = {"currency": "EUR", "exchrate": "0.50", "totaltrxamount": "24.00"}
    expense = {"glaccountno": desk.account("travel"), **spent, "taxentries": {"taxentry": {"detailid": standard}}}
    employee(desk)
    given = {"employeeid": "E-1", "datecreated": day("2026-03-02"), "inclusivetax": "true"}
    key = desk.legacy("create_expensereport", {**given, "expenses": {"expense": expense}})
    books = desk.books()
    assert (books["travel"], books["input_tax"]) == ("10.00", "2.00")
    desk.run(function("update_expensereport", {"datecreated": day("2026-03-03")}, key=key))
    assert desk.books() == books
    stated = {"taxentry": {"detailid": standard, "trx_tax": "3.00"}}
    other = {**expense, "trx_amount": "20.00", "taxentries": stated}
    del other["totaltrxamount"]
    desk.legacy("create_expensereport", {**given, "inclusivetax": "false", "expenses": {"expense": other}})
    books = desk.books()
    assert (books["travel"], books["input_tax"]) == ("20.00", "3.50")


def test_an_inclusive_line_holds_several_taxes(desk: Desk) -> None:
    for id, rate in (("Federal", "5"), ("Provincial", "9.975")):
        detail(desk, id, rate)
    desk.run(charge(desk, several("Federal", "Provincial"), gross="114.98"))
    assert desk.books() == {"travel": "100.00", "input_tax": "14.98", "visa": "-114.98"}
    desk.run(charge(desk, several("Federal", "Provincial", Federal="1.00", Provincial="2.50"), gross="53.50"))
    assert desk.books()["travel"] == "150.00"


def test_each_tax_goes_to_the_account_of_its_detail(desk: Desk) -> None:
    detail(desk, "Federal", "5", GLACCOUNT="1200")
    detail(desk, "Provincial", "10", GLACCOUNT="1150")
    desk.run(charge(desk, several("Federal", "Provincial"), net="20.00"))
    assert desk.books() == {"travel": "20.00", "1200": "1.00", "1150": "2.00", "visa": "-23.00"}


def test_a_reverse_charge_may_be_a_pair_with_opposite_signs(desk: Desk) -> None:
    detail(desk, "RC In", "20", GLACCOUNT="2210")
    detail(desk, "RC Out", "-20", GLACCOUNT="2200")
    desk.run(charge(desk, several("RC In", "RC Out"), net="40.00"))
    assert desk.books() == {"travel": "40.00", "input_tax": "8.00", "output_tax": "-8.00", "visa": "-40.00"}


def test_a_journal_entry_posts_input_tax_beside_its_line(desk: Desk) -> None:
    standard = desk.labels["taxes"]["standard"]
    head = {"TAXIMPLICATIONS": "Inbound", "TAXSOLUTIONID": "United Kingdom - VAT"}
    head["VATVENDORID"] = desk.labels["suppliers"]["acme"]
    made = desk.run(taxed_journal(desk, tax(standard), cash="60.00", **head))
    assert desk.books() == {"office": "50.00", "input_tax": "10.00", "bank": "-60.00"}
    key = str(made.findtext("data/*/RECORDNO"))
    row = desk.row("GLBATCH", key)
    assert {name: row[name] for name in head} == head
    entries = desk.run({"read": {"object": "GLBATCH", "keys": key}}).iter("TRX_TAX")
    assert [each.text for each in entries] == ["10"]


def test_a_credit_line_of_a_sale_carries_output_tax(desk: Desk) -> None:
    sale = "UK Sale Goods Standard Rate Output"
    desk.run(taxed_journal(desk, tax(sale), cash="60.00", side="-1", TAXIMPLICATIONS="Outbound"))
    assert desk.books() == {"office": "-50.00", "output_tax": "-10.00", "bank": "60.00"}


def test_a_reverse_charge_leaves_the_sum_of_a_journal_entry_as_it_is(desk: Desk) -> None:
    reverse = desk.labels["taxes"]["reverse"]
    desk.run(taxed_journal(desk, tax(reverse), cash="50.00", TAXIMPLICATIONS="Inbound", REVERSEDATE="03/05/2026"))
    assert desk.books() == {}
    assert sum(1 for row in desk.query("GLDETAIL", "ACCOUNTNO") if row["ACCOUNTNO"] in ("2200", "2210")) == 4


@pytest.mark.parametrize(
    ("head", "id", "cash", "said"),
    [
        ({"TAXIMPLICATIONS": "Inbound"}, "standard", "50.00", "balance"),
        ({"TAXIMPLICATIONS": "Outbound"}, "standard", "60.00", "Tax detail"),
        ({"TAXIMPLICATIONS": "None"}, "standard", "60.00", "no tax entries"),
        ({"TAXIMPLICATIONS": "Inbound", "VATVENDORID": "nobody"}, "standard", "60.00", "nobody"),
        ({"TAXSOLUTIONID": "Elsewhere"}, "standard", "60.00", "Elsewhere"),
        ({"TAXIMPLICATIONS": "Sideways"}, "standard", "60.00", "TAXIMPLICATIONS"),
    ],
)
def test_a_journal_entry_with_other_taxes_is_refused(
    desk: Desk, head: dict[str, str], id: str, cash: str, said: str
) -> None:
    asked = taxed_journal(desk, tax(desk.labels["taxes"][id]), cash=cash, **head)
    assert said in " ".join(text for _, text in desk.refused(asked))


def test_a_bill_with_a_reverse_charge_can_be_changed(desk: Desk) -> None:
    key = desk.bill("10.01", taxes=tax(desk.labels["taxes"]["reverse"]))
    books = desk.books()
    desk.run({"update": {"APBILL": {"RECORDNO": key, "WHENCREATED": "03/03/2026"}}})
    assert (
        desk.books() == books == {"office": "10.01", "payables": "-10.01", "input_tax": "2.00", "output_tax": "-2.00"}
    )


def test_a_reverse_charge_may_be_stated(desk: Desk) -> None:
    entry = {**tax(desk.labels["taxes"]["reverse"])["TAXENTRY"], "TRX_TAX": "1.99"}
    desk.bill("10.01", taxes={"TAXENTRY": entry})
    assert desk.books() == {"office": "10.01", "payables": "-10.01", "input_tax": "1.99", "output_tax": "-1.99"}


def test_a_stated_reverse_charge_is_no_part_of_an_inclusive_amount(desk: Desk) -> None:
    reverse, standard = (desk.labels["taxes"][name] for name in ("reverse", "standard"))
    desk.run(charge(desk, several(standard, reverse, **{standard: "20.00", reverse: "24.00"}), gross="120.00"))
    assert desk.books()["travel"] == "100.00"
    said = desk.refused(charge(desk, several(reverse, **{reverse: "1.999"}), net="10.00"))
    assert "1.999" in said[0][1]
