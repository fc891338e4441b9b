"""Purchase orders post nothing; bills that link to them receive what is still to come."""

from typing import Any

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, modify, ref

from sandbooks.kit.errors import NotSimulated


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A desk with two things to order."""
    for name, account, cost in (("Seat", "Travel", "40.00"), ("Licence", "Software", "12.50")):
        inner = (
            f"<SalesAndPurchase>{ref('IncomeAccountRef', 'Discounts Taken')}<PurchaseCost>{cost}</PurchaseCost>"
            f"{ref('ExpenseAccountRef', account)}</SalesAndPurchase>"
        )
        desk.ok(add("ItemService", f"<Name>{name}</Name>{inner}"))
    return desk


def item(name: str, quantity: str = "1", more: str = "", *, verb: str = "Add", id: str = "") -> str:
    line = f"<TxnLineID>{id}</TxnLineID>" if id else ""
    inner = f"{line}{ref('ItemRef', name)}<Quantity>{quantity}</Quantity>{more}"
    return f"<PurchaseOrderLine{verb}>{inner}</PurchaseOrderLine{verb}>"


def order(desk: Desk, *lines: str, vendor: str = "Contoso Air") -> etree._Element:
    head = ref("VendorRef", vendor) + "<TxnDate>2026-03-10</TxnDate><RefNumber>PO-7</RefNumber>"
    return desk.ok(add("PurchaseOrder", head + "".join(lines)))


def asked(desk: Desk, made: etree._Element, more: str = "") -> etree._Element:
    id = f"<TxnID>{made.findtext('TxnID')}</TxnID>"
    return desk.ok(f"<PurchaseOrderQueryRq>{id}<IncludeLineItems>1</IncludeLineItems>{more}</PurchaseOrderQueryRq>")


def received(desk: Desk, made: etree._Element) -> list[str | None]:
    return [each.findtext("ReceivedQuantity") for each in asked(desk, made).findall("PurchaseOrderLineRet")]


def whole(made: etree._Element) -> str:
    return f"<LinkToTxnID>{made.findtext('TxnID')}</LinkToTxnID>"


def part(made: etree._Element, place: int, more: str = "") -> str:
    line = made.findall("PurchaseOrderLineRet")[place].findtext("TxnLineID")
    link = f"<LinkToTxn><TxnID>{made.findtext('TxnID')}</TxnID><TxnLineID>{line}</TxnLineID></LinkToTxn>"
    return f"<ItemLineAdd>{more}{link}</ItemLineAdd>"


def test_an_order_is_priced_by_its_items_and_posts_nothing(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"), item("Licence", "2", "<Rate>11.00</Rate>"))
    assert made.findtext("TotalAmount") == "142.00"
    assert [each.findtext("Amount") for each in made.findall("PurchaseOrderLineRet")] == ["120.00", "22.00"]
    assert (made.findtext("IsFullyReceived"), made.findtext("IsManuallyClosed")) == ("false", "false")
    assert stocked.books() == {}
    assert asked(stocked, made).findtext("RefNumber") == "PO-7"


def test_a_bill_receives_a_whole_order(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"), item("Licence", "2"))
    owed = stocked.ok(bill(whole(made)))
    assert [each.findtext("Quantity") for each in owed.findall("ItemLineRet")] == ["3", "2"]
    assert stocked.books() == {"Accounts Payable": "-145.00", "Travel": "120.00", "Software": "25.00"}
    assert asked(stocked, made).findtext("IsFullyReceived") == "true"
    link = asked(stocked, made, "<IncludeLinkedTxns>1</IncludeLinkedTxns>").find("LinkedTxn")
    assert link is not None
    assert (link.findtext("TxnType"), link.findtext("LinkType")) == ("Bill", "QUANTYPE")
    assert owed.findtext("LinkedTxn/TxnType") == "PurchaseOrder"


def test_lines_are_received_one_by_one_and_in_parts(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"), item("Licence", "2"))
    stocked.ok(bill(part(made, 0, "<Quantity>1</Quantity>")))
    assert received(stocked, made) == ["1", "0"]
    rest = stocked.ok(bill(whole(made), number="inv-2"))
    assert [each.findtext("Quantity") for each in rest.findall("ItemLineRet")] == ["2", "2"]
    assert received(stocked, made) == ["3", "2"]
    assert stocked.books()["Accounts Payable"] == "-145.00"


def test_what_a_bill_received_comes_back_when_it_is_voided_or_deleted(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"))
    for act in ("Del", "Void"):
        owed = stocked.ok(bill(whole(made), number=act))
        assert received(stocked, made) == ["3"]
        stocked.one(
            f"<Txn{act}Rq><Txn{act}Type>Bill</Txn{act}Type><TxnID>{owed.findtext('TxnID')}</TxnID></Txn{act}Rq>"
        )
        assert received(stocked, made) == ["0"]


def test_a_closed_order_is_told_of_and_not_linked(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"))
    stocked.ok(bill(whole(made)))
    before = stocked.books()
    answer = stocked.one(bill(whole(made), number="inv-2"))
    assert (answer.get("statusCode"), answer.get("statusSeverity")) == ("570", "Warn")
    assert stocked.books() == before
    single = stocked.one(bill(part(made, 0), number="inv-3"))
    assert single.get("statusCode") == "570"
    assert received(stocked, made) == ["3"]


def test_an_order_that_is_closed_by_hand_takes_no_more(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"))
    keys = f"<TxnID>{made.findtext('TxnID')}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    closed = stocked.ok(modify("PurchaseOrder", keys + "<IsManuallyClosed>true</IsManuallyClosed>"))
    assert closed.findtext("IsManuallyClosed") == "true"
    assert stocked.one(bill(whole(made))).get("statusCode") == "570"


def test_an_order_changes_but_not_below_what_has_come(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"))
    line = made.findtext("PurchaseOrderLineRet/TxnLineID") or ""
    stocked.ok(bill(part(made, 0, "<Quantity>2</Quantity>")))
    keys = f"<TxnID>{made.findtext('TxnID')}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    assert stocked.refused(modify("PurchaseOrder", keys + item("Seat", "1", verb="Mod", id=line))) == "3170"
    changed = stocked.ok(modify("PurchaseOrder", keys + item("Seat", "5", "<Rate>40.00</Rate>", verb="Mod", id=line)))
    assert changed.findtext("PurchaseOrderLineRet/Quantity") == "5"


def test_an_order_of_another_vendor_is_refused_and_posts_nothing(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"), vendor="Fabrikam Inns")
    assert stocked.refused(bill(whole(made))) == "3210"
    assert stocked.refused(bill(part(made, 0))) == "3210"
    assert stocked.refused(bill("<LinkToTxnID>99-1700000000</LinkToTxnID>")) == "3120"


def test_an_order_goes_only_while_nothing_has_come(stocked: Desk) -> None:
    made, other = order(stocked, item("Seat", "3")), order(stocked, item("Licence"))
    stocked.ok(bill(whole(made)))
    gone = "<TxnDelRq><TxnDelType>PurchaseOrder</TxnDelType><TxnID>{}</TxnID></TxnDelRq>"
    assert stocked.refused(gone.format(made.findtext("TxnID"))) == "3160"
    assert stocked.one(gone.format(other.findtext("TxnID"))).get("statusCode") == "0"
    query = "<TxnDeletedQueryRq><TxnDelType>PurchaseOrder</TxnDelType></TxnDeletedQueryRq>"
    assert stocked.ok(query).findtext("TxnID") == other.findtext("TxnID")


def filtered(word: str, status: str) -> str:
    name = f"Transaction{word}StatusFilter"
    return f"<TransactionQueryRq><{name}>{status}</{name}></TransactionQueryRq>"


def test_orders_are_the_transactions_that_do_not_post(stocked: Desk) -> None:
    made = order(stocked, item("Seat"))
    owed = stocked.ok(bill(whole(made)))
    query = (
        "<TransactionQueryRq><TransactionPostingStatusFilter>{}</TransactionPostingStatusFilter></TransactionQueryRq>"
    )
    for status, meant in (("NonPosting", made), ("Posting", owed)):
        (found,) = stocked.one(query.format(status))
        assert found.findtext("TxnID") == meant.findtext("TxnID")
    open_ones = (
        "<TransactionQueryRq><TransactionPaidStatusFilter>Open</TransactionPaidStatusFilter></TransactionQueryRq>"
    )
    assert [each.findtext("TxnType") for each in stocked.one(open_ones)] == ["Bill"]


def test_item_groups_in_orders_are_told_loudly(stocked: Desk) -> None:
    group = f"<PurchaseOrderLineGroupAdd>{ref('ItemGroupRef', 'Kit')}</PurchaseOrderLineGroupAdd>"
    with pytest.raises(NotSimulated, match="item groups"):
        order(stocked, group)


# What bills and orders keep of each other


def keys(made: etree._Element) -> str:
    return f"<TxnID>{made.findtext('TxnID')}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"


def own(made: etree._Element, inner: str, word: str = "ItemLine") -> str:
    id = f"<TxnLineID>{made.findtext(f'{word}Ret/TxnLineID')}</TxnLineID>"
    return f"<{word}Mod>{id}{inner}</{word}Mod>"


@pytest.mark.parametrize("links", [(whole, whole), (whole, lambda made: part(made, 0))])
def test_one_bill_receives_a_line_once(stocked: Desk, links: Any) -> None:
    made = order(stocked, item("Seat", "3"))
    parts = sorted((link(made) for link in links), key=lambda each: "ItemLineAdd" in each)
    assert stocked.ok(bill(*parts)).findtext("AmountDue") == "120.00"
    assert received(stocked, made) == ["3"]


def test_two_lines_of_a_bill_share_what_is_to_come(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"))
    told = stocked.ok(bill(part(made, 0, "<Quantity>1</Quantity>"), part(made, 0)))
    assert [each.findtext("Amount") for each in told.findall("ItemLineRet")] == ["40.00", "80.00"]
    assert received(stocked, made) == ["3"]


def test_a_bill_with_received_lines_keeps_its_vendor_and_items(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"))
    owed = stocked.ok(bill(whole(made)))
    assert stocked.refused(modify("Bill", keys(owed) + ref("VendorRef", "Fabrikam Inns"))) == "3170"
    assert stocked.refused(modify("Bill", keys(owed) + own(owed, ref("ItemRef", "Licence")))) == "3210"
    assert stocked.refused(modify("Bill", keys(owed) + own(owed, "<Quantity>-2</Quantity>"))) == "3210"
    assert received(stocked, made) == ["3"]


def test_an_order_keeps_the_item_that_was_received(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"))
    stocked.ok(bill(whole(made)))
    other = own(made, ref("ItemRef", "Licence"), "PurchaseOrderLine")
    assert stocked.refused(modify("PurchaseOrder", keys(made) + other)) == "3170"


def test_an_order_follows_a_changed_rate(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3"))
    changed = own(made, "<Rate>50.00</Rate>", "PurchaseOrderLine")
    assert stocked.ok(modify("PurchaseOrder", keys(made) + changed)).findtext("TotalAmount") == "150.00"


def test_a_part_of_a_line_ordered_for_an_amount_costs_its_share(stocked: Desk) -> None:
    made = order(stocked, item("Seat", "3", "<Amount>77.00</Amount>"))
    first = stocked.ok(bill(part(made, 0, "<Quantity>1</Quantity>")))
    assert first.findtext("AmountDue") == "25.67"
    assert stocked.ok(bill(part(made, 0, "<Cost>20.00</Cost>"))).findtext("AmountDue") == "40.00"
    other = order(stocked, item("Seat", "3", "<Amount>77.00</Amount>"))
    assert stocked.ok(bill(whole(other))).findtext("AmountDue") == "77.00"
