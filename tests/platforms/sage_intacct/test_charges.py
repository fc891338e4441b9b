"""Charge card transactions: what each does to the books, and when it can be changed."""

from tests.platforms.sage_intacct.desk import Desk, day, function


def test_a_charge_is_a_debit_to_its_line_and_a_credit_to_the_cards_own_liability(desk: Desk) -> None:
    key = desk.charge("64.20", referenceno="r-1", payee="Shop")
    assert desk.books() == {"travel": "64.20", "visa": "-64.20"}
    row = desk.row("CCTRANSACTION", key)
    assert (row["RECORDID"], row["TOTALENTERED"], row["TOTALDUE"], row["STATE"]) == ("r-1", "64.2", "64.2", "Posted")


def test_a_negative_charge_is_a_refund_and_turns_both_sides(desk: Desk) -> None:
    desk.charge("-17.35")
    assert desk.books() == {"travel": "-17.35", "visa": "17.35"}


def test_a_debit_cards_charge_leaves_the_checking_account_and_is_final(desk: Desk) -> None:
    card = f"{desk.account('bank')}-DC"
    key = desk.charge("22.15", card=card)
    assert desk.books() == {"travel": "22.15", "bank": "-22.15"}
    assert desk.row("CCTRANSACTION", key)["TOTALDUE"] == "0"


def test_a_credit_cards_charge_can_be_deleted_until_it_is_paid_off_or_reversed(desk: Desk) -> None:
    first, second, third = desk.charge("60.00"), desk.charge("8.15"), desk.charge("3.40")
    desk.run({"delete": {"object": "CCTRANSACTION", "keys": first}})
    assert desk.books() == {"travel": "11.55", "visa": "-11.55"}
    desk.run(function("reverse_cctransaction", {"datereversed": day("2026-03-20")}, key=second))
    given = {
        "chargecardid": desk.account("visa"),
        "payoffdate": day("2026-03-31"),
        "charges": {"charge": {"key": third}},
    }
    bill = desk.legacy("create_chargepayoff", given)
    for key in (second, third):
        desk.refused({"delete": {"object": "CCTRANSACTION", "keys": key}})
    assert "payoff" in desk.refused({"delete": {"object": "APBILL", "keys": bill}})[0][1]
    desk.run(function("reverse_bill", {"datereversed": day("2026-04-01")}, key=bill))
    assert (desk.row("CCTRANSACTION", third)["STATE"], desk.row("CCTRANSACTION", third)["TOTALDUE"]) == (
        "Posted",
        "3.4",
    )
    (mirror,) = desk.query("APBILL", "RECORDID", filter={"equalto": {"field": "STATE", "value": "Reversal"}})
    assert mirror["RECORDID"] == f"Reversed - {desk.row('APBILL', bill)['RECORDID']}"
    desk.run({"delete": {"object": "CCTRANSACTION", "keys": third}})


def test_a_debit_cards_charge_is_neither_changed_nor_deleted_but_reversed(desk: Desk) -> None:
    key = desk.charge("22.15", card=f"{desk.account('bank')}-DC")
    line = {"glaccountno": desk.account("office"), "paymentamount": "9.00"}
    desk.refused(function("update_cctransaction", {"ccpayitems": {"ccpayitem": line}}, key=key))
    desk.refused({"delete": {"object": "CCTRANSACTION", "keys": key}})
    desk.run(function("update_cctransaction", {"description": "Taxi"}, key=key))
    desk.run(function("reverse_cctransaction", {"datereversed": day("2026-03-20")}, key=key))
    assert desk.books() == {}


def test_a_charge_in_a_foreign_currency_posts_at_its_own_rate_or_the_days(desk: Desk) -> None:
    stated = desk.charge("100.00", currency="USD", exchrate="0.8")
    assert desk.books() == {"travel": "80.00", "visa": "-80.00"}
    assert desk.row("CCTRANSACTION", stated)["TRX_TOTALENTERED"] == "100"
    desk.charge("10.00", currency="USD", exchratetype="Intacct Daily Rate")
    assert desk.books() == {"travel": "87.74", "visa": "-87.74"}
    unheard = {
        "ccpayitems": {"ccpayitem": {"glaccountno": "6200", "paymentamount": "1"}},
        "currency": "XAU",
        "exchrate": "2",
    }
    head = {"chargecardid": desk.account("visa"), "paymentdate": day("2026-03-02")}
    assert "specified" in desk.refused(function("record_cctransaction", {**head, **unheard}))[0][1]


def test_a_payoff_makes_a_bill_for_each_currency_and_rate(desk: Desk) -> None:
    line = {"ccpayitem": {"glaccountno": desk.account("travel"), "paymentamount": "10.00"}}
    dollars = ({"currency": "USD", "exchrate": rate} for rate in ("0.77", "0.80", "0.77"))
    keys = [desk.charge("10.00", **fields, ccpayitems=line) for fields in ({}, *dollars)]
    given = {"chargecardid": desk.account("visa"), "payoffdate": day("2026-03-31")}
    twice = function("create_chargepayoff", {**given, "charges": {"charge": [{"key": keys[0]}] * 2}})
    assert "listed twice" in desk.refused(twice)[0][1]
    made = desk.legacy("create_chargepayoff", {**given, "charges": {"charge": [{"key": key} for key in keys]}})
    totals = [desk.row("APBILL", key)["TOTALENTERED"] for key in made.split(",")]
    assert totals == ["10", "15.4", "8"]
    books = desk.books()
    assert (books["payables"], books["travel"], books.get("visa")) == ("-33.40", "33.40", None)
    assert {desk.row("CCTRANSACTION", key)["STATE"] for key in keys} == {"Paid"}


def test_a_payoff_turns_charges_into_a_bill_to_the_cards_vendor(desk: Desk) -> None:
    first, second = desk.charge("60.00"), desk.charge("-10.00")
    charges = {"charge": [{"key": first}, {"key": second}]}
    given = {"chargecardid": desk.account("visa"), "payoffdate": day("2026-03-31"), "charges": charges}
    bill = desk.legacy("create_chargepayoff", given)
    assert desk.books() == {"travel": "50.00", "payables": "-50.00"}
    assert desk.row("CCTRANSACTION", first)["STATE"] == "Paid"
    said = desk.refused(function("reverse_cctransaction", {"datereversed": day("2026-04-01")}, key=first))
    assert "paid off" in said[0][1]
    assert desk.row("APBILL", bill)["TOTALDUE"] == "50"


def test_a_charge_is_changed_line_by_line(desk: Desk) -> None:
    key = desk.charge("10.00")
    change = {
        "updateccpayitems": {"updateccpayitem": {"paymentamount": "12.50", "glaccountno": desk.account("office")}}
    }
    desk.run(function("update_cctransaction", {"description": "Corrected", **change}, key=key))
    assert desk.books() == {"office": "12.50", "visa": "-12.50"}
    assert desk.row("CCTRANSACTION", key)["DESCRIPTION"] == "Corrected"
