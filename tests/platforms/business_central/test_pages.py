"""What the pages of the API make of batch names, line numbers, invoice numbers and addresses beside their sets."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platforms.business_central.desk import HOST, ROOT, Desk, open_desk
from tests.platforms.business_central.test_around import token

from sandbooks import exact_json
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Records
from sandbooks.platform import CompanyPlan
from sandbooks.wire import Request

MISSING = "f8a5738a-44e3-ea11-bb43-000d3a2feca1"
NO_BATCH = "You must specify a journal batch ID or a journal ID to get a journal line."


def payments(desk: Desk) -> str:
    """The lines of the payment journal, which is paid from the current account."""
    (journal,) = desk.list("vendorPaymentJournals", filter="code eq 'GENERAL'")
    desk.change(f"vendorPaymentJournals({journal['id']})", balancingAccountId=desk.account("current"))
    return f"vendorPaymentJournals({journal['id']})/vendorPayments"


def test_a_line_shows_its_batch_by_its_code_and_moves_to_no_other(desk: Desk) -> None:
    line = desk.line(3)
    assert line["journalDisplayName"] == "DEFAULT"
    desk.change(f"journals({desk.batch()})", code="CARDS")
    assert desk.get(f"journalLines({line['id']})")["journalDisplayName"] == "CARDS"
    path = f"journalLines({line['id']})"
    assert "Display Name isn't editable" in desk.refused("PATCH", path, {"journalDisplayName": "DEFAULT"})
    payment = desk.make(payments(desk), amount=5, journalDisplayName="whatever")
    assert payment["journalDisplayName"] == "GENERAL"
    path = f"vendorPayments({payment['id']})"
    assert "Display Name cannot be changed" in desk.refused("PATCH", path, {"journalDisplayName": "CARDS"})


def test_a_line_may_be_moved_to_a_free_number_of_its_batch(desk: Desk) -> None:
    first, second = desk.line(3), desk.line(4)
    moved = desk.change(f"journalLines({second['id']})", lineNumber=5000)
    assert (moved["lineNumber"], moved["amount"]) == (5000, 4)
    listed = desk.list(f"journals({desk.batch()})/journalLines")
    assert [line["id"] for line in listed] == [second["id"], first["id"]]
    taken = {"code": "Internal_EntityWithSameKeyExists"}
    told = desk.refused("PATCH", f"journalLines({second['id']})", {"lineNumber": 10000}, **taken)
    assert told.endswith("Journal Template Name='GENERAL',Journal Batch Name='DEFAULT',Line No.='10000'")
    made = desk.make(payments(desk), amount=5)
    assert desk.change(f"vendorPayments({made['id']})", lineNumber=7)["lineNumber"] == 7
    told = desk.refused("POST", payments(desk), {"lineNumber": 7, "amount": 6}, **taken)
    assert told.endswith("Journal Template Name='PAYMENT',Journal Batch Name='GENERAL',Line No.='7'")


def test_lines_and_payments_need_a_journal_that_is_there(desk: Desk) -> None:
    for name in ("journalLines", "vendorPayments"):
        assert desk.refused("GET", name) == NO_BATCH
        assert desk.refused("POST", name, {"amount": 5}) == NO_BATCH
        desk.refused("POST", name, {"journalId": MISSING, "amount": 5}, status=404, code="Internal_RecordNotFound")
    told = desk.refused("POST", payments(desk), {"journalId": MISSING, "amount": 5})
    assert told == "The Journal Id and Journal Display Name do not match."


def test_a_payment_may_name_an_invoice_that_is_not_there_until_it_is_posted(desk: Desk) -> None:
    journal = payments(desk)
    given = {"vendorId": desk.labels["suppliers"]["shop"], "amount": 5, "appliesToInvoiceNumber": "999"}
    made = desk.make(journal, **given)
    assert (made["appliesToInvoiceNumber"], made["appliesToInvoiceId"].strip("0-")) == ("999", "")
    act = f"journals({journal.partition('(')[2].partition(')')[0]})/Microsoft.NAV.post"
    told = desk.refused("POST", act, code="Internal_DataNotFoundFilter")
    assert told == "There is no Vendor Ledger Entry within the filter."
    desk.change(f"vendorPayments({made['id']})", appliesToInvoiceNumber="")
    assert desk.send("POST", act).status == 204
    assert desk.books() == {"payables": "5.00", "current": "-5.00"}


def test_open_entries_are_marked_with_the_number_of_the_payment_that_they_are_applied_to(desk: Desk) -> None:
    invoice = desk.invoice(desk.item(30))
    desk.act(f"purchaseInvoices({invoice['id']})")
    vendor = desk.labels["suppliers"]["shop"]
    lines = [desk.item(5)]
    memo = desk.make(
        "purchaseCreditMemos", vendorId=vendor, vendorCreditMemoNumber="C-1", purchaseCreditMemoLines=lines
    )
    desk.act(f"purchaseCreditMemos({memo['id']})")
    payment = desk.make(payments(desk), vendorId=vendor, amount=36, documentNumber="PAY-7")
    path = f"vendorPayments({payment['id']})/applyVendorEntries"
    bill, credit = desk.list(path)
    assert (bill["documentType"], bill["remainingAmount"], bill["appliesToId"]) == ("Invoice", -36, "")
    assert (credit["documentType"], credit["remainingAmount"]) == ("Credit_x0020_Memo", 6)
    assert desk.change(f"{path}({bill['id']})", applied=True)["appliesToId"] == "PAY-7"
    assert desk.change(f"{path}({credit['id']})", applied=True)["applied"] is True
    assert desk.change(f"{path}({credit['id']})", applied=False)["applied"] is False


def test_lines_lead_to_what_they_stand_in(desk: Desk) -> None:
    line, invoice = desk.line(3), desk.invoice(desk.item(30))
    assert desk.get(f"journalLines({line['id']})/journal")["code"] == "DEFAULT"
    row = desk.get(f"purchaseInvoices({invoice['id']})", expand="purchaseInvoiceLines($expand=purchaseInvoice)")
    assert row["purchaseInvoiceLines"][0]["purchaseInvoice"]["number"] == invoice["number"]
    payment = desk.make(payments(desk), amount=5)
    assert desk.get(f"vendorPayments({payment['id']})/vendorPaymentJournal")["code"] == "GENERAL"
    for name in ("itemVariants", "generalProductPostingGroup"):
        with pytest.raises(NotSimulated):
            desk.send("GET", "items", expand=name)


def test_an_order_line_has_a_direct_cost_which_becomes_the_invoices(desk: Desk) -> None:
    line = {"lineType": "Account", "accountId": desk.account("travel"), "quantity": 3, "directUnitCost": 7}
    order = desk.make("purchaseOrders", vendorId=desk.labels["suppliers"]["shop"], purchaseOrderLines=[line])
    assert order["totalAmountExcludingTax"] == 21
    told = desk.refused("POST", f"purchaseOrders({order['id']})/purchaseOrderLines", {"unitCost": 7}, code="BadRequest")
    assert "'unitCost'" in told
    desk.act(f"purchaseOrders({order['id']})", "receiveAndInvoice")
    (invoice,) = desk.list("purchaseInvoices", expand="purchaseInvoiceLines")
    assert (invoice["purchaseInvoiceLines"][0]["unitCost"], invoice["totalAmountExcludingTax"]) == (7, 21)


def test_a_project_carries_files(desk: Desk) -> None:
    project = desk.make("projects", displayName="Pier")
    file = desk.make(f"projects({project['id']})/documentAttachments", fileName="plan.pdf")
    assert (file["parentType"], file["parentId"]) == ("Job", project["id"])
    assert [each["id"] for each in desk.list(f"projects({project['id']})/documentAttachments")] == [file["id"]]


def test_an_entry_shows_its_empty_side_as_zero_without_a_sign(desk: Desk) -> None:
    desk.spend(7)
    answer = desk.send("GET", "generalLedgerEntries", select="debitAmount,creditAmount")
    assert [(row["debitAmount"], row["creditAmount"]) for row in exact_json.loads(answer.body)["value"]] == [
        (7, 0),
        (0, 7),
    ]
    assert b"-0" not in answer.body


@pytest.mark.parametrize(
    ("path", "given", "text"),
    [
        ("customers", {"displayName": ""}, 'The blank "displayName" is not allowed.'),
        ("customers", {}, 'A "displayName" must be provided.'),
        ("items", {"displayName": "Oak", "inventory": 5}, "Inventory cannot be changed during on insert."),
        ("items", {"itemCategoryCode": "NOPE"}, 'The "itemCategoryCode" does not match to a Item Category.'),
        ("items", {"baseUnitOfMeasureId": MISSING}, 'The "baseUnitOfMeasureId" does not match to a Unit of Measure.'),
        ("purchaseOrders", {"vendorNumber": "NOPE"}, "The buy-from vendor cannot be found."),
        ("purchaseOrders", {"paymentTermsId": MISSING}, 'The "paymentTermsId" does not match to a Payment Terms.'),
        ("purchaseCreditMemos", {"vendorNumber": "V00020"}, "The buy-from vendor values do not match to a Vendor."),
        ("purchaseCreditMemos", {"payToVendorNumber": "NOPE"}, "The pay-to vendor cannot be found."),
        (
            "purchaseCreditMemos",
            {"vendorReturnReasonId": MISSING},
            'The "vendorReturnReasonId" does not match to a Reason Code.',
        ),
    ],
)
def test_what_does_not_match_is_told_in_the_words_of_its_page(
    desk: Desk, path: str, given: dict[str, Any], text: str
) -> None:
    document = {"vendorId": desk.labels["suppliers"]["shop"]} if path.startswith("purchase") else {}
    if path == "purchaseOrders" and "vendorNumber" in given:
        document = {}
    assert desk.refused("POST", path, {**document, **given}) == text


def test_the_inventory_of_an_item_is_adjusted_nowhere(desk: Desk) -> None:
    item = desk.make("items", displayName="Oak board")
    with pytest.raises(NotSimulated):
        desk.send("PATCH", f"items({item['id']})", {"inventory": 5}, headers={"If-Match": "*"})


def test_what_a_vendor_is_owed_is_reached_from_the_vendor(desk: Desk) -> None:
    invoice = desk.invoice(desk.item(30))
    desk.act(f"purchaseInvoices({invoice['id']})")
    vendor = desk.labels["suppliers"]["shop"]
    assert desk.get(f"vendors({vendor})/agedAccountsPayable")["balanceDue"] == 36


def test_companies_are_sorted_and_chosen_by_members_that_they_have(desk: Desk) -> None:
    path = f"{ROOT}/companies"
    (row,) = desk.list(path, orderby="name desc", select="name")
    assert row == {"name": desk.company.name}
    for option in ({"orderby": "colour"}, {"select": "colour"}):
        assert desk.send("GET", path, **option).status == 400
    own = f"{path}({desk.company.id})"
    assert desk.get(own, select="name")["name"] == desk.company.name
    assert desk.send("GET", own, select="colour").status == 400


def test_companies_bring_their_sets_along(desk: Desk) -> None:
    other = open_desk(desk.app, CompanyPlan(name="Birch Ltd", suppliers={"mill": {"name": "Mill"}}))
    wanted = "vendors($select=displayName;$filter=startswith(displayName,'Fabrikam') or startswith(displayName,'Mill'))"
    desk.token = token(desk, grant_type="client_credentials", scope=f"{HOST}/.default")["access_token"]
    rows = desk.list(f"{ROOT}/companies", expand=f"{wanted},currencies", select="name", orderby="name")
    assert [[vendor["displayName"] for vendor in row["vendors"]] for row in rows] == [["Mill"], ["Fabrikam Stores"]]
    assert "id" not in rows[0]
    found = desk.get(f"{ROOT}/companies({other.company.id})", expand="vendors($expand=picture)")
    (mill,) = found["vendors"]
    link = f"{other.root}/vendors({mill['id']})/picture/pictureContent"
    assert mill["picture"]["pictureContent@odata.mediaReadLink"] == link
    assert desk.send("GET", f"{ROOT}/companies", expand="colours").status == 400
    desk.refused("GET", f"{ROOT}/companies?$expand=attachments")
    with pytest.raises(NotSimulated):
        desk.send("GET", f"{ROOT}/companies", expand="salesShipments")
    count = desk.send("GET", f"{ROOT}/companies/$count", filter="name eq 'Birch Ltd'")
    assert count.body.decode("utf-8-sig") == "1"


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", f"{HOST}/v2.0/Production/api/microsoft/automation/v2.0/companies({MISSING})/extensions"),
        ("POST", f"{HOST}/v2.0/Production/api/microsoft/automation/v2.0/companies({MISSING})/extensionUpload"),
        ("POST", "https://login.microsoftonline.com/common/oauth2/token"),
    ],
)
def test_real_doors_that_lead_nowhere_here_say_so(desk: Desk, method: str, url: str) -> None:
    headers: Any = (("Authorization", f"Bearer {desk.token}"),)
    with pytest.raises(NotSimulated):
        desk.app.edge.dispatch(Request(method, url, headers, b""), world=desk.world, raises=True)


@pytest.mark.parametrize(("path", "expand"), [("accounts", "trialBalance"), ("vendors", "agedAccountsPayable")])
def test_what_is_brought_along_reads_each_entity_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, path: str, expand: str
) -> None:
    desk.act(f"purchaseInvoices({desk.invoice(desk.item(30))['id']})")
    scanned: list[str] = []
    scan = Records.scan

    def counted(self: Records, kind: str, **how: Any) -> Any:
        scanned.append(kind)
        return scan(self, kind, **how)

    monkeypatch.setattr(Records, "scan", counted)
    rows = desk.list(path, expand=expand)
    assert any(row[expand] for row in rows)
    assert len(rows) > 1
    assert scanned.count(path.removesuffix("s")) == 1
