"""Lines on resources, fixed assets, item charges, allocation accounts and intercompany partners."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.business_central.desk import PLAN, Desk, open_desk

from sandbooks.app import App
from sandbooks.control import books
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.business_central.bookkeeper import BOOKKEEPER
from sandbooks.platforms.business_central.refusals import Dialog

FIELD = "Application_FieldValidationException"
UNRELATED = "Internal_InvalidTableRelation"
MASTERS: dict[str, Any] = {
    "resources": {"R10": {"name": "Joiner", "unit_cost": "38.50", "tax": "STANDARD"}},
    "item_charges": {"FREIGHT": {"name": "Freight"}},
    "fixed_assets": {"FA10": {"name": "Van"}, "FA20": {"name": "Saw", "book": ""}},
    "allocation_accounts": {
        "SHARED": {
            "name": "Shared costs",
            "shares": [
                {"account": "61100", "dimensions": {"DEPARTMENT": "ADM"}},
                {"account": "60100", "dimensions": {"DEPARTMENT": "SALES"}},
                {"account": "62100"},
            ],
        },
        "USE": {
            "shares": [
                {"account": "63100", "by": "62100", "period": "Last Month", "where": {"Department": "adm"}},
                {"account": "61300", "by": "60100", "period": "Month"},
                {"account": "69100", "by": "64100"},
            ]
        },
        "HOURS": {"split": "Quantity", "shares": [{"account": "61100", "share": 2}, {"account": "60100"}]},
    },
    "ic_partners": {"IC10": {"name": "Sister Ltd"}, "IC20": {"name": "Cousin Inc.", "currency": "USD"}},
    "ic_accounts": {"62100": "8200"},
}


@pytest.fixture
def desk(app: App) -> Desk:
    return desk_with(app)


def desk_with(app: App, **settings: Any) -> Desk:
    return open_desk(app, replace(PLAN, settings={**PLAN.settings, **MASTERS, **settings}))


def on(kind: str, number: str, cost: Any = None, quantity: Any = 1, **members: Any) -> dict[str, Any]:
    priced = {} if cost is None else {"unitCost": Decimal(cost)}
    return {"lineType": kind, "lineObjectNumber": number, "quantity": Decimal(quantity), **priced, **members}


def posted(desk: Desk, *lines: Any, **members: Any) -> Any:
    made = desk.invoice(*lines, **members)
    desk.act(f"purchaseInvoices({made['id']})")
    desk.company.book.verify()
    return desk.get(f"purchaseInvoices({made['id']})", expand="purchaseInvoiceLines")


def held(desk: Desk) -> dict[str, str]:
    """What every G/L account holds that holds anything, by number."""
    desk.company.book.verify()
    rows = desk.list("accounts", filter="netChange ne 0")
    return {row["number"]: f"{Decimal(row['netChange']):.2f}" for row in rows}


def entries(desk: Desk, number: str) -> list[tuple[str, str, str]]:
    """G/L entries of an account: debit, credit and department."""
    rows = desk.list("generalLedgerEntries", filter=f"accountNumber eq '{number}'")
    found = []
    for row in rows:
        lines = desk.list(f"generalLedgerEntries({row['id']})/dimensionSetLines")
        department = next((line["valueCode"] for line in lines if line["code"] == "DEPARTMENT"), "")
        found.append((row["debitAmount"], row["creditAmount"], department))
    return [(f"{Decimal(debit):.2f}", f"{Decimal(credit):.2f}", told) for debit, credit, told in found]


def journal_line(desk: Desk, kind: str, number: str, amount: Any, *, batch: str = "", **members: Any) -> Any:
    given = {"balanceAccountType": "G/L Account", "balancingAccountNumber": desk.number("accruals"), **members}
    path = f"journals({batch or desk.batch()})/journalLines"
    named = {"accountType": kind, "accountNumber": number, "amount": Decimal(amount), "postingDate": "2026-03-02"}
    return desk.make(path, **{**named, **given})


def intercompany(desk: Desk) -> str:
    return str(desk.make("journals", code="IC", templateDisplayName="INTERCOMP")["id"])


# Purchase documents


def test_a_resource_is_posted_to_the_purchase_account_like_a_service(desk: Desk) -> None:
    done = posted(desk, on("Resource", "r10", quantity=2))
    (line,) = done["purchaseInvoiceLines"]
    assert (line["lineObjectNumber"], line["description"], line["taxCode"]) == ("R10", "Joiner", "STANDARD")
    assert line["unitCost"] == Decimal("38.50")
    assert held(desk) == {"50100": "77.00", "15800": "15.40", "20100": "-92.40"}


def test_an_asset_is_no_contact_in_the_view_of_the_books(desk: Desk) -> None:
    done = posted(desk, on("Fixed Asset", "FA10", 100), desk.item(3))
    found = {line["account_name"]: line["contact"] for line in books.lines(desk.company)}
    assert (found["Fixed Assets"], found["Trade Payables"]) == (None, done["vendorId"])


def test_a_fixed_asset_is_posted_to_its_acquisition_cost_and_may_not_fall_below_nothing(desk: Desk) -> None:
    rate = {"currencyCode": "USD"}
    done = posted(desk, on("Fixed Asset", "FA10", 1000, taxCode="HALF", discountPercent=10), **rate)
    assert done["totalAmountIncludingTax"] == Decimal(1080)
    assert held(desk) == {"10100": "766.36", "15800": "69.67", "20100": "-836.03"}
    lines = [on("Fixed Asset", "FA10", 900, taxCode="HALF")]
    shop = {"vendorId": done["vendorId"], **rate}
    memo = {**shop, "postingDate": "2026-03-02", "vendorCreditMemoNumber": "C-1"}
    back = desk.make("purchaseCreditMemos", purchaseCreditMemoLines=lines, **memo)
    desk.act(f"purchaseCreditMemos({back['id']})")
    assert held(desk) == {}
    desk.act(f"purchaseCreditMemos({back['id']})", "cancel")
    assert held(desk)["10100"] == "766.36"
    much = [on("Fixed Asset", "FA10", 1001)]
    more = desk.make("purchaseCreditMemos", purchaseCreditMemoLines=much, **{**memo, "vendorCreditMemoNumber": "C-2"})
    assert desk.refused("POST", f"purchaseCreditMemos({more['id']})/Microsoft.NAV.post") == (
        "Acquisition Cost must not be negative on 03/02/26 for Fixed Asset No. = FA10 in Depreciation Book Code = "
        "COMPANY."
    )
    (van,) = desk.list("fixedAssets", filter="number eq 'FA10'")
    assert desk.refused("DELETE", f"fixedAssets({van['id']})") == "Only disposed fixed assets can be deleted."
    with pytest.raises(Dialog, match="posted FA ledger entries"), desk.world.unit():
        BOOKKEEPER.edit(desk.company, "fixedAsset", van["id"], {"acquisitionCostAccount": "61100"})


def test_tax_that_is_not_reclaimed_is_part_of_an_assets_cost(app: App) -> None:
    taxes = {"abroad": {"rate": "20%", "reverse_charge": True, "recoverable": "50%", "name": "Abroad, half back"}}
    desk = open_desk(app, replace(PLAN, taxes={**PLAN.taxes, **taxes}, settings={**PLAN.settings, **MASTERS}))
    done = posted(desk, on("Fixed Asset", "FA10", 100, taxCode="ABROAD"))
    assert held(desk) == {"10100": "110.00", "15800": "10.00", "21200": "-20.00", "20100": "-100.00"}
    given = {"vendorId": done["vendorId"], "postingDate": "2026-03-02", "vendorCreditMemoNumber": "C-1"}
    back = desk.make("purchaseCreditMemos", purchaseCreditMemoLines=[on("Fixed Asset", "FA10", 109)], **given)
    desk.act(f"purchaseCreditMemos({back['id']})")
    assert held(desk)["10100"] == "1.00"


def test_an_asset_without_a_depreciation_book_stands_on_a_draft_alone(desk: Desk) -> None:
    own = desk.make("fixedAssets", displayName="Lathe", subclassCode="EQUIPMENT")
    assert (own["number"], own["classCode"]) == ("FA00010", "TANGIBLE")
    made = desk.invoice(on("Fixed Asset", "FA20", 50), on("Fixed Asset", own["number"], 70))
    path = f"purchaseInvoices({made['id']})/Microsoft.NAV.post"
    key = f"Document Type=Invoice, Document No.={made['number']}, Line No.=10000"
    told = f"Depreciation Book Code must have a value in Purchase Line: {key}. It cannot be zero or empty."
    assert desk.refused("POST", path, code=FIELD) == told
    book = {"depreciationBookCode": "COMPANY", "acquisitionCostAccount": "10100"}
    with desk.world.unit():
        for asset in desk.list("fixedAssets", filter="number ne 'FA10'"):
            BOOKKEEPER.edit(desk.company, "fixedAsset", asset["id"], book)
    desk.act(f"purchaseInvoices({made['id']})")
    assert held(desk)["10100"] == "120.00"


def test_a_blocked_asset_or_resource_is_neither_taken_nor_posted(desk: Desk) -> None:
    made = desk.invoice(on("Fixed Asset", "FA10", 50))
    (van,) = desk.list("fixedAssets", filter="number eq 'FA10'")
    desk.change(f"fixedAssets({van['id']})", blocked=True)
    told = "Blocked must be equal to 'No' in Fixed Asset: No.=FA10. Current value is 'Yes'."
    assert desk.refused("POST", f"purchaseInvoices({made['id']})/Microsoft.NAV.post", code=FIELD) == told
    line = {"accountType": "Fixed Asset", "accountNumber": "FA10", "amount": 5}
    assert desk.refused("POST", f"journals({desk.batch()})/journalLines", line, code=FIELD) == told
    (joiner,) = desk.company.records.find("resource", "number", "r10")
    with desk.world.unit():
        BOOKKEEPER.edit(desk.company, "resource", joiner.id, {"blocked": True})
    lines = f"purchaseInvoices({made['id']})/purchaseInvoiceLines"
    assert "in Resource: No.=R10" in desk.refused("POST", lines, on("Resource", "R10"), code=FIELD)


def test_an_item_charge_stands_on_a_draft_and_is_not_posted_before_it_is_assigned(desk: Desk) -> None:
    made = desk.invoice(desk.item(100), on("Charge", "FREIGHT", 0))
    path = f"purchaseInvoices({made['id']})"
    assert "Line Amount must have a value in Purchase Line" in desk.refused(
        "POST", f"{path}/Microsoft.NAV.post", code=FIELD
    )
    charge = desk.list(f"{path}/purchaseInvoiceLines")[1]
    changed = desk.change(f"purchaseInvoiceLines({charge['id']})", unitCost=15)
    assert (changed["description"], changed["taxCode"], changed["netAmount"]) == ("Freight", "STANDARD", 15)
    told = "You must assign item charge FREIGHT if you want to invoice it."
    assert desk.refused("POST", f"{path}/Microsoft.NAV.post") == told
    assert held(desk) == {}
    desk.drop(path)
    assert desk.company.records.find("purchaseInvoiceLine", "parent", made["id"]) == []


def test_an_allocation_gives_way_to_its_destinations_and_the_last_takes_the_rest(desk: Desk) -> None:
    made = desk.invoice(desk.item(7), on("Allocation Account", "SHARED", "33.35", 3), desk.item(9))
    draft = desk.get(f"purchaseInvoices({made['id']})", expand="purchaseInvoiceLines")
    assert [line["sequence"] for line in draft["purchaseInvoiceLines"]] == [10000, 20000, 30000]
    assert draft["totalAmountExcludingTax"] == Decimal("116.05")
    shared = draft["purchaseInvoiceLines"][1]
    (dimension,) = desk.list("dimensions", filter="code eq 'DEPARTMENT'")
    desk.make(f"purchaseInvoiceLines({shared['id']})/dimensionSetLines", id=dimension["id"], valueCode="PROD")
    desk.act(f"purchaseInvoices({made['id']})")
    lines = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    told = [(line["sequence"], line["lineObjectNumber"], line["quantity"], line["netAmount"]) for line in lines[1:4]]
    assert told == [
        (21000, "61100", 3, Decimal("33.35")),
        (22000, "60100", 3, Decimal("33.35")),
        (23000, "62100", 3, Decimal("33.35")),
    ]
    assert {line["lineType"] for line in lines} == {"Account"}
    assert entries(desk, "61100") == [("33.35", "0.00", "ADM")]
    assert entries(desk, "60100") == [("33.35", "0.00", "SALES")]
    assert entries(desk, "62100") == [("33.35", "0.00", "")]
    assert held(desk)["20100"] == "-125.92"  # with the VAT that the first destination brings


def test_the_dimensions_of_a_share_go_before_those_of_the_line(app: App) -> None:
    rules = {"62100": {"DEPARTMENT": {"value": "PROD"}}}
    desk = desk_with(app, account_dimensions=rules, shortcut_dimensions=["DEPARTMENT", "SITE"])
    made = desk.invoice(on("Allocation Account", "SHARED", 30), shortcutDimension1Code="ADM")
    (line,) = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    (site,) = desk.list("dimensions", filter="code eq 'SITE'")
    desk.make(f"purchaseInvoiceLines({line['id']})/dimensionSetLines", id=site["id"], valueCode="MILL")
    desk.act(f"purchaseInvoices({made['id']})")
    found = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    told = [
        {each["code"]: each["valueCode"] for each in desk.list(f"purchaseInvoiceLines({row['id']})/dimensionSetLines")}
        for row in found
    ]
    assert told == [
        {"DEPARTMENT": "ADM", "SITE": "MILL"},
        {"DEPARTMENT": "SALES", "SITE": "MILL"},
        {"DEPARTMENT": "PROD"},
    ]


@pytest.mark.parametrize("amount", ["100.00", "0.02", "-100.01"])
def test_the_parts_of_an_allocation_are_its_amount(desk: Desk, amount: str) -> None:
    posted(desk, desk.item(500), on("Allocation Account", "SHARED", amount, taxCode="NO VAT"), currencyCode="USD")
    found = held(desk)
    parts = [Decimal(found.get(number, "0")) for number in ("61100", "60100", "62100")]
    assert max(parts) - min(parts) <= Decimal("0.02")
    assert sum(Decimal(value) for value in found.values()) == 0


def test_what_an_allocation_made_is_cancelled_with_the_document(desk: Desk) -> None:
    done = posted(desk, on("Allocation Account", "SHARED", 100, 3, discountAmount=Decimal("0.01"), taxCode="HALF"))
    with desk.world.unit():
        BOOKKEEPER.void(desk.company, "purchaseInvoice", done["id"])
    assert held(desk) == {}
    assert Decimal(done["totalAmountExcludingTax"]) == Decimal("299.99")


def test_shares_may_follow_from_balances_and_are_alike_where_there_are_none(desk: Desk) -> None:
    line = on("Allocation Account", "USE", 100, taxCode="NO VAT")
    posted(desk, line, vendorInvoiceNumber="A")
    assert (held(desk)["63100"], held(desk)["61300"], held(desk)["69100"]) == ("33.34", "33.33", "33.33")
    (dimension,) = desk.list("dimensions", filter="code eq 'DEPARTMENT'")
    for day, number, amount in [
        ("2026-02-28", "62100", 20),
        ("2026-01-31", "62100", 400),
        ("2026-03-01", "62100", 800),
        ("2026-03-31", "60100", 10),
    ]:
        made = journal_line(desk, "G/L Account", number, amount, postingDate=day, taxCode="")
        desk.make(f"journalLines({made['id']})/dimensionSetLines", id=dimension["id"], valueCode="ADM")
    journal_line(desk, "G/L Account", "62100", 1600, postingDate="2026-02-28", taxCode="")
    desk.post()
    posted(desk, line, vendorInvoiceNumber="B")
    assert (held(desk)["63100"], held(desk)["61300"], held(desk)["69100"]) == ("100.01", "66.66", "33.33")


def test_every_kind_under_every_tax_is_owed_as_the_document_says_and_taken_back_whole(app: App) -> None:
    desk = desk_with(app, non_deductible_vat_account=True, invoice_rounding={"precision": 1})
    for number, code in enumerate(["STANDARD", "HALF", "REVERSE", "FULL NORM", "NO VAT", ""]):
        for currency, inclusive in (("GBP", True), ("USD", False)):
            made = desk.invoice(
                on("Resource", "R10", "38.53", "1.5", taxCode=code),
                on("Fixed Asset", "FA10", "99.99", taxCode=code, discountPercent=Decimal("3.3")),
                on("Allocation Account", "SHARED", "33.34", 7, taxCode=code, discountAmount=Decimal("0.07")),
                on("Allocation Account", "HOURS", "10.01", 4, taxCode=code, discountPercent=9),
                currencyCode=currency,
                pricesIncludeTax=inclusive,
                discountAmount=Decimal("5.55"),
                vendorInvoiceNumber=f"{number}{currency}",
            )
            desk.act(f"purchaseInvoices({made['id']})")
            done = desk.get(f"purchaseInvoices({made['id']})", expand="purchaseInvoiceLines")
            lines = done["purchaseInvoiceLines"]
            assert sum(Decimal(line["netAmount"]) for line in lines) == done["totalAmountExcludingTax"]
            owed = [Decimal(each.posting.amount.amount) for each in desk.company.book.lines(account=payables(desk))]
            assert -owed[-1] == done["totalAmountIncludingTax"]
            assert sum(Decimal(value) for value in held(desk).values()) == 0
            with desk.world.unit():
                BOOKKEEPER.void(desk.company, "purchaseInvoice", done["id"])
            assert held(desk) == {}, (code, currency)


def payables(desk: Desk) -> str:
    return str(desk.company.settings["posting"]["payables"])


def test_lines_of_vendors_without_sales_tax_owe_use_tax(app: App) -> None:
    masters = {**MASTERS, "resources": {"R10": {"unit_cost": 100, "tax": "TAXABLE"}}}
    settings = {**PLAN.settings, **masters, "use_tax": ["TAXABLE"]}
    desk = open_desk(app, replace(PLAN, country="US", settings=settings))
    shared = on("Allocation Account", "SHARED", 100, taxCode="TAXABLE")
    posted(desk, on("Resource", "R10"), on("Fixed Asset", "FA10", 100, taxCode="TAXABLE"), shared)
    found = held(desk)
    assert (found["20100"], found["21300"], found["64900"]) == ("-300.00", "-24.75", "24.75")
    assert (found["50100"], found["10100"], found["62100"]) == ("100.00", "100.00", "33.34")


def test_an_allocation_of_an_order_may_split_the_quantity(desk: Desk) -> None:
    line = on("Allocation Account", "HOURS", quantity=4)
    given = {"purchaseOrderLines": [{**line, "directUnitCost": Decimal("10.01")}], "postingDate": "2026-03-02"}
    order = desk.make("purchaseOrders", vendorId=desk.labels["suppliers"]["shop"], **given)
    desk.act(f"purchaseOrders({order['id']})", "receiveAndInvoice")
    (invoice,) = desk.list("purchaseInvoices", expand="purchaseInvoiceLines")
    told = [(each["lineObjectNumber"], each["quantity"]) for each in invoice["purchaseInvoiceLines"]]
    assert told == [("61100", Decimal("2.66667")), ("60100", Decimal("1.33333"))]
    assert (held(desk)["61100"], held(desk)["60100"]) == ("26.69", "13.35")


def test_an_allocation_without_number_or_amount_is_not_posted(desk: Desk) -> None:
    none = desk.invoice({"lineType": "Allocation Account", "quantity": 1, "unitCost": 3})
    told = "Cannot get allocation account from Purchase line 10000."
    assert desk.refused("POST", f"purchaseInvoices({none['id']})/Microsoft.NAV.post") == told
    free = desk.invoice(on("Allocation Account", "SHARED", 0), vendorInvoiceNumber="INV-78")
    assert desk.refused("POST", f"purchaseInvoices({free['id']})/Microsoft.NAV.post") == (
        f"No allocation account lines were generated for Purchase line Purchase Line: Invoice,{free['number']},10000."
    )


def test_allocations_are_carried_out_before_a_document_is_sent_for_approval(app: App) -> None:
    desk = desk_with(app, approval_required=["purchaseInvoice"])
    made = desk.invoice(on("Allocation Account", "SHARED", 30))
    with desk.world.unit():
        BOOKKEEPER.edit(desk.company, "purchaseInvoice", made["id"], {"status": "Pending Approval"})
    lines = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    assert [(line["lineObjectNumber"], line["netAmount"]) for line in lines] == [
        ("61100", 10),
        ("60100", 10),
        ("62100", 10),
    ]


def test_what_is_not_there_is_not_in_the_related_table(desk: Desk) -> None:
    made = desk.invoice()
    for kind, table in [
        ("Resource", "Resource"),
        ("Fixed Asset", "Fixed Asset"),
        ("Charge", "Item Charge"),
        ("Allocation Account", "Allocation Account"),
    ]:
        path = f"purchaseInvoices({made['id']})/purchaseInvoiceLines"
        assert desk.refused("POST", path, on(kind, "X9"), code=UNRELATED) == (
            "The field No. of table Purchase Line contains a value (X9) that cannot be found in the related table "
            f"({table})."
        )
    for kind in ("Fixed Asset", "IC Partner", "Allocation Account"):
        line = {"accountType": kind, "accountNumber": "X9", "amount": 5}
        assert f"related table ({kind})" in desk.refused(
            "POST", f"journals({desk.batch()})/journalLines", line, code=UNRELATED
        )


# Journals


def test_an_asset_in_a_journal_needs_a_posting_type_that_the_api_does_not_have(desk: Desk) -> None:
    line = journal_line(desk, "Fixed Asset", "FA10", "250.10")
    assert desk.list(f"journals({desk.batch()})/journalLines") == []  # as the page hides vendors too
    path = f"journals({desk.batch()})/Microsoft.NAV.post"
    key = "Journal Template Name=GENERAL, Journal Batch Name=DEFAULT, Line No.=10000"
    told = f"FA Posting Type must have a value in Gen. Journal Line: {key}. It cannot be zero or empty."
    assert desk.refused("POST", path, code=FIELD) == told
    with desk.world.unit():
        with pytest.raises(NotSimulated):
            BOOKKEEPER.edit(desk.company, "journalLine", line["id"], {"faPostingType": "Disposal"})
        BOOKKEEPER.edit(desk.company, "journalLine", line["id"], {"faPostingType": "Acquisition Cost"})
    desk.post()
    assert held(desk)["10100"] == "250.10"
    with desk.world.unit():
        BOOKKEEPER.delete(desk.company, "journalLine", line["id"])
    assert held(desk) == {}


def test_a_partner_is_for_intercompany_journals(desk: Desk) -> None:
    journal_line(desk, "IC Partner", "IC10", 40)
    place = "Journal Template Name='GENERAL',Journal Batch Name='DEFAULT',Line No.='10000'"
    assert desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post", code=FIELD) == (
        f"Account Type must not be IC Partner in Gen. Journal Line {place}."
    )


def test_a_partner_is_debited_as_receivable_and_credited_as_payable(desk: Desk) -> None:
    batch = intercompany(desk)
    travel = {"balancingAccountNumber": "62100"}
    journal_line(desk, "IC Partner", "IC10", 40, batch=batch, **travel)
    journal_line(desk, "IC Partner", "IC10", "-15.25", batch=batch, **travel)
    journal_line(desk, "IC Partner", "IC20", 10, batch=batch, **travel)
    other = {"balanceAccountType": "IC Partner", "balancingAccountNumber": "IC10", "taxCode": ""}
    journal_line(desk, "G/L Account", "62100", 3, batch=batch, **other)
    desk.act(f"journals({batch})")
    assert held(desk) == {"15150": "47.74", "20150": "-18.25", "62100": "-29.49"}


def test_an_account_of_an_intercompany_document_needs_the_partners_account(desk: Desk) -> None:
    batch, ours = intercompany(desk), {"balancingAccountNumber": desk.number("accruals")}
    line = journal_line(desk, "IC Partner", "IC10", 40, batch=batch)
    key = "Journal Template Name=INTERCOMP, Journal Batch Name=IC, Line No.=10000"
    told = f"IC Account No. must have a value in Gen. Journal Line: {key}. It cannot be zero or empty."
    assert desk.refused("POST", f"journals({batch})/Microsoft.NAV.post", code=FIELD) == told
    with desk.world.unit():
        BOOKKEEPER.edit(desk.company, "journalLine", line["id"], {"icAccountNumber": "8200"})
    desk.act(f"journals({batch})")
    assert held(desk)["15150"] == "40.00"
    apart = {"documentNumber": "IC-1", "balancingAccountNumber": ""}
    journal_line(desk, "IC Partner", "IC10", 7, batch=batch, **apart)
    journal_line(desk, "G/L Account", "62100", -7, batch=batch, **apart, taxCode="")
    assert "IC Account No. must have a value" in desk.refused(
        "POST", f"journals({batch})/Microsoft.NAV.post", code=FIELD
    )
    desk.change(f"journalLines({desk.list(f'journals({batch})/journalLines')[0]['id']})", **ours)
    assert desk.refused("POST", f"journals({batch})/Microsoft.NAV.post") == (
        "You cannot enter G/L Account or Bank Account in both Account No. and Bal. Account No.."
    )


@pytest.mark.parametrize("side", ["account", "balancingAccount"])
@pytest.mark.parametrize(("amount", "parts"), [("100", "25.80 25.80 25.81 -77.41"), ("0.11", "0.03 0.03 0.03 -0.09")])
def test_a_journal_line_is_allocated_without_tax_and_to_the_penny(
    desk: Desk, side: str, amount: str, parts: str
) -> None:
    bank = {"balanceAccountType": "Bank Account", "balancingAccountNumber": desk.number("dollar_visa")}
    if side == "account":
        journal_line(desk, "Allocation Account", "SHARED", amount, **bank)
    else:
        shared = {"balanceAccountType": "Allocation Account", "balancingAccountNumber": "SHARED"}
        journal_line(desk, "Bank Account", desk.number("dollar_visa"), f"-{amount}", **shared)
    desk.post()
    assert held(desk) == dict(zip(("61100", "60100", "62100", "20400"), parts.split(), strict=True))
    assert desk.list(f"journals({desk.batch()})/journalLines") == []


def test_the_other_side_of_an_allocated_journal_line_is_taxed_as_its_account_is(desk: Desk) -> None:
    journal_line(desk, "Allocation Account", "SHARED", 120, balancingAccountNumber="61100")
    desk.post()
    assert held(desk) == {"61100": "-59.99", "60100": "40.00", "62100": "40.00", "15800": "-20.01"}


def test_allocations_on_both_sides_are_refused(desk: Desk) -> None:
    line = journal_line(desk, "Allocation Account", "SHARED", 100, taxCode="STANDARD")
    told = "You cannot use both account type and balancing account type as allocation accounts."
    shared = {"balanceAccountType": "Allocation Account", "balancingAccountNumber": "HOURS"}
    assert desk.refused("PATCH", f"journalLines({line['id']})", shared) == told
    taxed = desk.refused("POST", f"journals({desk.batch()})/Microsoft.NAV.post", code=FIELD)
    assert taxed.startswith("Gen. Posting Type must have a value in Gen. Journal Line")
    assert desk.company.records.find("journalLine", "parent", desk.batch())[0].id == line["id"]


def test_a_closed_period_takes_no_allocation(app: App) -> None:
    desk = desk_with(app, allow_posting_from="2026-04-01")
    made = desk.invoice(on("Allocation Account", "SHARED", 30))
    told = desk.refused("POST", f"purchaseInvoices({made['id']})/Microsoft.NAV.post")
    assert "is not within your range of allowed posting dates" in told
    (line,) = desk.list(f"purchaseInvoices({made['id']})/purchaseInvoiceLines")
    assert line["lineType"] == "Allocation_x0020_Account"


# Master data


def test_fixed_assets_lead_to_their_location_and_employee(desk: Desk) -> None:
    yard = desk.make("fixedAssetLocations", code="yard", displayName="Yard")
    robin = desk.make("employees", givenName="Robin", surname="Marsh")
    made = desk.make("fixedAssets", number="X1", fixedAssetLocationCode="YARD", employeeId=robin["id"])
    assert (made["fixedAssetLocationId"], made["employeeNumber"]) == (yard["id"], robin["number"])
    found = desk.get(f"fixedAssets({made['id']})", expand="fixedAssetLocation,employee")
    assert (found["fixedAssetLocation"]["displayName"], found["employee"]["surname"]) == ("Yard", "Marsh")
    assert desk.change(f"fixedAssets({made['id']})", fixedAssetLocationCode="")["fixedAssetLocationId"] == (
        "00000000-0000-0000-0000-000000000000"
    )
    path = f"fixedAssets({made['id']})"
    for wrong in ({"fixedAssetLocationCode": "MOON"}, {"classCode": "ODD"}, {"employeeId": yard["id"]}):
        desk.refused("PATCH", path, wrong, code=UNRELATED)
    mixed = {"classCode": "FINANCIAL", "subclassCode": "VEHICLES"}
    told = "This fixed asset subclass belongs to a different fixed asset class."
    assert desk.refused("PATCH", path, mixed) == told
    desk.drop(path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"allocation_accounts": {"A": {"shares": [{"account": "77777"}]}}},
        {"allocation_accounts": {"A": {"shares": []}}},
        {"allocation_accounts": {"A": {"shares": [{"account": "61100", "by": "60100", "period": "Decade"}]}}},
        {"allocation_accounts": {"A": {"shares": [{"account": "61100", "by": "60100"}, {"account": "60100"}]}}},
        {"allocation_accounts": {"A": {"shares": [{"account": "61100", "dimensions": {"MOON": "X"}}]}}},
        {"resources": {"R1": {"nmae": "Joiner"}}},
        {"fixed_assets": {"F": {"account": "10000"}}},
        {"ic_accounts": {"77777": "1"}},
        {"resources": {"R1": {"unit_cost": "NaN"}}},
        {"resources": {"R1": {"unit_cost": "-5"}}},
        {"resources": {"R1": {"unit_cost": "1e30"}}},
        {"resources": {"R1": {"tax": "NOPE"}}},
        {"resources": {"": {}}},
        {"resources": {"r1": {}, "R1": {}}},
        {"item_charges": {"X" * 21: {}}},
        {"fixed_assets": {"F": {"book": "X" * 11}}},
        {"allocation_accounts": {"A": {"shares": [{"account": "61100", "share": "NaN"}]}}},
        {"allocation_accounts": {"A": {"shares": [{"account": "61100", "share": "Infinity"}]}}},
        {"ic_partners": {"I": {"currency": "ABC"}}},
    ],
)
def test_masters_that_cannot_be_meant_are_refused_when_a_company_is_opened(app: App, wrong: dict[str, Any]) -> None:
    with pytest.raises(
        ValueError, match=r"allocation_accounts|account |settings of masters|resource|item_charges|fixed_assets|partner"
    ):
        desk_with(app, **wrong)


def test_a_demonstration_company_has_some_of_each(app: App) -> None:
    desk = open_desk(app, replace(PLAN, demo=True))
    posted(desk, on("Resource", "R10"), on("Allocation Account", "OFFICE", 3), on("Fixed Asset", "FA00010", 5))
    assert (held(desk)["50100"], held(desk)["61200"], held(desk)["10100"]) == ("38.50", "3.00", "5.00")
    assert [row["number"] for row in desk.list("fixedAssets")] == ["FA00010", "FA00020"]
