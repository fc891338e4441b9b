"""Lines that are spread over dimensions by an allocation, or by splits of their own."""

from typing import Any

import pytest
from tests.platforms.sage_intacct.desk import Desk, function, tax
from tests.platforms.sage_intacct.documents import employee

from sandbooks.kit.errors import NotSimulated


def department(desk: Desk, name: str) -> str:
    return desk.labels["tracking"][f"department/{name}"]


def template(desk: Desk, *entries: tuple[str, str], type: str = "Percentage", types: tuple[str, ...] = ()) -> Any:
    rows = [{"VALUE": value, "DEPARTMENTID": department(desk, name)} for value, name in entries]
    rows = [{**row, **({"VALUETYPE": types[n]} if types else {})} for n, row in enumerate(rows)]
    given = {"ALLOCATIONID": "Thirds", "TYPE": type, "ALLOCATIONENTRIES": {"ALLOCATIONENTRY": rows}}
    return {"create": {"ALLOCATION": given}}


def bill(desk: Desk, amount: str, **line: Any) -> dict[str, Any]:
    item = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": amount, "ALLOCATION": "Thirds", **line}
    return {"create": {"APBILL": {**desk.bill_fields("ALL"), "APBILLITEMS": {"APBILLITEM": item}}}}


def parts(desk: Desk, key: str) -> list[tuple[str, str, str]]:
    only = {"equalto": {"field": "RECORDKEY", "value": key}}
    rows = desk.query("APBILLITEM", "TRX_AMOUNT", "DEPARTMENTID", "ALLOCATION", filter=only)
    return [(row["TRX_AMOUNT"], row["DEPARTMENTID"], row["ALLOCATION"]) for row in rows]


def made(desk: Desk, call: Any) -> str:
    return str(desk.run(call).findtext("data/*/RECORDNO"))


def test_a_line_is_spread_by_percentages_to_the_last_penny(desk: Desk) -> None:
    sales, build = department(desk, "Sales"), department(desk, "Build")
    desk.run(template(desk, ("33.33", "Sales"), ("66.67", "Build")))
    key = made(desk, bill(desk, "10.01", DEPARTMENTID="nowhere", ENTRYDESCRIPTION="Paper"))
    assert parts(desk, key) == [("3.34", sales, "Thirds"), ("6.67", build, "Thirds")]
    assert desk.books() == {"office": "10.01", "payables": "-10.01"}
    desk.run({"update": {"APBILL": {"RECORDNO": key, "WHENCREATED": "03/03/2026"}}})
    assert [amount for amount, _, _ in parts(desk, key)] == ["3.34", "6.67"]
    change = function("update_bill", {"updatebillitems": {"updatelineitem": {"memo": "Ink"}}}, key=key)
    change.find("updatebillitems/updatelineitem").set("line_num", "2")
    desk.run(change)
    assert parts(desk, key) == [("3.34", sales, "Thirds"), ("6.67", build, "Thirds")]


def test_amounts_come_first_and_percentages_share_the_rest(desk: Desk) -> None:
    fixed = "Fixed amount with over/under logic"
    entries = (("5", "Sales"), ("40", "Sales"), ("60", "Build"))
    desk.run(template(desk, *entries, type=fixed, types=("Amount", "Percent", "Percent")))
    key = made(desk, bill(desk, "25.00"))
    assert [amount for amount, _, _ in parts(desk, key)] == ["5", "8", "12"]


def test_amounts_alone_are_those_of_the_line(desk: Desk) -> None:
    desk.run(template(desk, ("4", "Sales"), ("6", "Build"), type="Absolute"))
    assert "not that of the line" in desk.refused(bill(desk, "10.01"))[0][1]
    assert [amount for amount, _, _ in parts(desk, made(desk, bill(desk, "10.00")))] == ["4", "6"]


@pytest.mark.parametrize(
    ("entries", "how"),
    [
        ((("33", "Sales"), ("66", "Build")), {}),
        ((), {}),
        ((("many", "Sales"),), {}),
        ((("100", "Sales"),), {"type": "Somehow"}),
        ((("100", "Sales"),), {"types": ("Amount",)}),
    ],
)
def test_a_template_that_does_not_add_up_is_refused(desk: Desk, entries: Any, how: dict[str, Any]) -> None:
    assert desk.refused(template(desk, *entries, **how))


def test_templates_and_their_entries_are_read_changed_and_named(desk: Desk) -> None:
    assert "specified is not valid" in desk.refused(bill(desk, "1.00"))[0][1]
    desk.run(template(desk, ("25", "Sales"), ("75", "Build")))
    rows = desk.query("ALLOCATIONENTRY", "ALLOCATIONID", "VALUE", "DEPARTMENTID")
    assert [(row["ALLOCATIONID"], row["VALUE"]) for row in rows] == [("Thirds", "25"), ("Thirds", "75")]
    read = desk.run({"readByName": {"object": "ALLOCATION", "keys": "Thirds"}}).find("data/ALLOCATION")
    assert [each.text for each in read.findall("ALLOCATIONENTRIES/ALLOCATIONENTRY/VALUE")] == ["25", "75"]
    desk.run({"update": {"ALLOCATION": {"ALLOCATIONID": "Thirds", "STATUS": "inactive"}}})
    assert desk.refused(bill(desk, "1.00"))


def test_a_taxed_line_is_spread_with_its_tax(desk: Desk) -> None:
    desk.run(template(desk, ("33.33", "Sales"), ("66.67", "Build")))
    key = made(desk, bill(desk, "10.01", TAXENTRIES=tax(desk.labels["taxes"]["standard"])))
    read = desk.run({"read": {"object": "APBILL", "keys": key}}).find("data/APBILL")
    assert [each.text for each in read.iter("TRX_TAX")] == ["0.67", "1.33"]
    assert desk.books() == {"office": "10.01", "input_tax": "2.00", "payables": "-12.01"}
    desk.run({"update": {"APBILL": {"RECORDNO": key, "WHENCREATED": "03/03/2026"}}})
    assert desk.books() == {"office": "10.01", "input_tax": "2.00", "payables": "-12.01"}


def test_an_inclusive_line_is_spread_by_its_net(desk: Desk) -> None:
    desk.run(template(desk, ("50", "Sales"), ("50", "Build")))
    line = {"TRX_AMOUNT": "", "TOTALTRXAMOUNT": "24.00", "TAXENTRIES": tax(desk.labels["taxes"]["standard"])}
    given = bill(desk, "0", **line)
    given["create"]["APBILL"]["INCLUSIVETAX"] = "true"
    assert [amount for amount, _, _ in parts(desk, made(desk, given))] == ["10", "10"]
    assert desk.books() == {"office": "20.00", "input_tax": "4.00", "payables": "-24.00"}


def test_lines_of_charges_and_expense_reports_are_spread_too(desk: Desk) -> None:
    sales, build = department(desk, "Sales"), department(desk, "Build")
    desk.run(template(desk, ("25", "Sales"), ("75", "Build")))
    item = {"ACCOUNTNO": desk.account("travel"), "TRX_AMOUNT": "8.00", "ALLOCATION": "Thirds"}
    head = {"CHARGECARDID": desk.account("visa"), "WHENCREATED": "03/02/2026"}
    charge = desk.create("CCTRANSACTION", **head, CCTRANSACTIONENTRIES={"CCTRANSACTIONENTRY": item})
    rows = desk.query("CCTRANSACTIONENTRY", "TRX_AMOUNT", "DEPARTMENTID")
    assert [(row["TRX_AMOUNT"], row["DEPARTMENTID"]) for row in rows] == [("2", sales), ("6", build)]
    desk.run(function("update_cctransaction", {"paymentdate": {"year": "2026", "month": "3", "day": "4"}}, key=charge))
    assert len(desk.query("CCTRANSACTIONENTRY", "RECORDNO")) == 2
    employee(desk)
    spent = {"ACCOUNTNO": desk.account("travel"), "TRX_AMOUNT": "4.00", "ALLOCATION": "Thirds"}
    given = {"EMPLOYEEID": "E-1", "WHENCREATED": "03/02/2026", "EEXPENSESITEMS": {"EEXPENSESITEM": spent}}
    desk.create("EEXPENSES", **given)
    assert [row["TRX_AMOUNT"] for row in desk.query("EEXPENSESITEM", "TRX_AMOUNT")] == ["1", "3"]
    bad = {**head, "CCTRANSACTIONENTRIES": {"CCTRANSACTIONENTRY": {**item, "ALLOCATION": "Halves"}}}
    assert "Halves" in desk.refused({"create": {"CCTRANSACTION": bad}})[0][1]


def test_an_expense_in_another_currency_is_spread_and_converted(desk: Desk) -> None:
    desk.run(template(desk, ("25", "Sales"), ("75", "Build")))
    employee(desk)
    spent = {"ACCOUNTNO": desk.account("travel"), "CURRENCY": "EUR", "TRX_AMOUNT": "8.00", "EXCHANGE_RATE": "0.5"}
    line = {**spent, "ALLOCATION": "Thirds", "TAXENTRIES": tax(desk.labels["taxes"]["standard"])}
    given = {"EMPLOYEEID": "E-1", "WHENCREATED": "03/02/2026"}
    desk.create("EEXPENSES", **given, EEXPENSESITEMS={"EEXPENSESITEM": line})
    assert [row["TRX_AMOUNT"] for row in desk.query("EEXPENSESITEM", "TRX_AMOUNT")] == ["1", "3"]
    books = desk.books()
    assert (books["travel"], books["input_tax"]) == ("4.00", "0.80")
    with pytest.raises(NotSimulated, match="claimed amount"):
        desk.create("EEXPENSES", **given, EEXPENSESITEMS={"EEXPENSESITEM": {**line, "AMOUNT": "4.10"}})


def test_a_line_of_a_journal_entry_states_its_splits(desk: Desk) -> None:
    sales, build = department(desk, "Sales"), department(desk, "Build")

    def entry(*splits: tuple[str, str]) -> dict[str, Any]:
        rows = [{"AMOUNT": amount, "DEPARTMENTID": id} for amount, id in splits]
        spread = {"ACCOUNTNO": desk.account("travel"), "TR_TYPE": "1", "AMOUNT": "9.00", "ALLOCATION": "Custom"}
        other = {"ACCOUNTNO": desk.account("office"), "TR_TYPE": "-1", "AMOUNT": "9.00"}
        head = {"JOURNAL": "GJ", "BATCH_DATE": "03/02/2026", "BATCH_TITLE": "Split"}
        return {"create": {"GLBATCH": {**head, "ENTRIES": {"GLENTRY": [{**spread, "SPLIT": rows}, other]}}}}

    assert "do not add up" in desk.refused(entry(("4.00", sales), ("4.99", build)))[0][1]
    desk.run(entry(("4.00", sales), ("5.00", build)))
    rows = desk.query("GLENTRY", "TRX_AMOUNT", "DEPARTMENT", "ALLOCATION")
    assert [(row["TRX_AMOUNT"], row["DEPARTMENT"], row["ALLOCATION"]) for row in rows] == [
        ("4", sales, "Custom"),
        ("5", build, "Custom"),
        ("9", "", ""),
    ]
    assert desk.books() == {"travel": "9.00", "office": "-9.00"}


def test_no_part_of_a_small_amount_goes_the_other_way(desk: Desk) -> None:
    desk.run(template(desk, *[("10", "Sales")] * 9, ("10", "Build")))
    key = made(desk, bill(desk, "0.05"))
    assert [amount for amount, _, _ in parts(desk, key)] == ["0.01"] * 5


def test_splits_that_come_to_nothing_share_a_tax_all_the_same(desk: Desk) -> None:
    splits = [{"AMOUNT": value, "DEPARTMENTID": department(desk, "Sales")} for value in ("5", "-5")]
    entry = {**tax(desk.labels["taxes"]["standard"])["TAXENTRY"], "TRX_TAX": "1.01"}
    made(desk, bill(desk, "0", ALLOCATION="Custom", SPLIT=splits, TAXENTRIES={"TAXENTRY": entry}))
    assert desk.books() == {"input_tax": "1.01", "payables": "-1.01"}


def test_a_tax_that_stands_twice_on_a_line_is_shared_twice(desk: Desk) -> None:
    desk.run(template(desk, ("50", "Sales"), ("50", "Build")))
    entry = tax(desk.labels["taxes"]["standard"])["TAXENTRY"]
    made(desk, bill(desk, "10.01", TAXENTRIES={"TAXENTRY": [entry, entry]}))
    assert desk.books() == {"office": "10.01", "input_tax": "4.00", "payables": "-14.01"}


def test_a_reverse_charge_is_shared_over_the_parts(desk: Desk) -> None:
    desk.run(template(desk, ("50", "Sales"), ("50", "Build")))
    made(desk, bill(desk, "10.03", TAXENTRIES=tax(desk.labels["taxes"]["reverse"])))
    assert desk.books() == {"office": "10.03", "payables": "-10.03", "input_tax": "2.01", "output_tax": "-2.01"}


def test_a_line_of_a_sale_in_a_journal_entry_is_spread_with_its_tax(desk: Desk) -> None:
    desk.run(template(desk, ("50", "Sales"), ("50", "Build")))
    sale = next(row["DETAILID"] for row in desk.query("TAXDETAIL", "DETAILID", "TAXTYPE") if row["TAXTYPE"] == "Sale")
    income = {"ACCOUNTNO": desk.account("office"), "TR_TYPE": "-1", "TRX_AMOUNT": "10.03", "ALLOCATION": "Thirds"}
    cash = {"ACCOUNTNO": desk.account("bank"), "TR_TYPE": "1", "TRX_AMOUNT": "12.04"}
    head = {"JOURNAL": "GJ", "BATCH_DATE": "03/02/2026", "BATCH_TITLE": "Sold", "TAXIMPLICATIONS": "Outbound"}
    entries = {"GLENTRY": [{**income, "TAXENTRIES": tax(sale)}, cash]}
    desk.run({"create": {"GLBATCH": {**head, "ENTRIES": entries}}})
    assert desk.books() == {"office": "-10.03", "output_tax": "-2.01", "bank": "12.04"}
