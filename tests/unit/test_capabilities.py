"""The capability tables: what they say, profiles, a user's own file, and the tables as text."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from sandbooks import capabilities
from sandbooks.capabilities import EDITIONS, load, render
from sandbooks.capabilities.reading import SHAPE, check_cells
from sandbooks.capabilities.tables import OPERATIONS, TYPES
from sandbooks.settings import PLATFORMS, FileInvalid, contract_path, read_contract, read_document

# Source: the overview pages of 2023, April 2025 and December 2025, row by row.
ENDPOINTS = {
    "2025-04": {
        "business_central": "any none none any",
        "freeagent": "any any any none",
        "netsuite": "any any none none",
        "quickbooks_desktop": "any any any any",
        "quickbooks_online": "any any any any",
        "sage_intacct": "card none none none",
        "xero": "any none any any",
        "zoho_books": "any any none none",
    },
    "2025-12": {"sage_intacct": "any any none none"},
}
CURRENT_TYPES = {
    "business_central": "any any any any",
    "freeagent": "any none none none",
    "netsuite": "any any any any",
    "quickbooks_desktop": "any card card card",
    "quickbooks_online": "any any any any",
    "sage_intacct": "card card none none",
    "xero": "any any any any",
    "zoho_books": "any none none none",
}
FIRST_TYPES = {
    "xero": "any any any any any any any any",
    "quickbooks_online": "any any any any any any any any",
    "business_central": "any any any any none none none none",
    "netsuite": "any any none none none none none none",
}


# Native records by type: on a card, then on a bank account; then reimbursable, transfer, adjustment. A dash: none.
NATIVE = {
    "business_central": "journalLine*8 - - journalLine",
    "freeagent": f"{'bank_transaction_explanation -*3 ' * 2} bill bank_transaction_explanation -",
    "netsuite": "creditCardCharge creditCardRefund*3 check deposit*3 vendorBill - -",
    "quickbooks_desktop": "CreditCardCharge CreditCardCredit*3 Check -*3 Bill Transfer JournalEntry",
    "quickbooks_online": "Purchase*4 Purchase Deposit*3 Bill Transfer JournalEntry",
    "sage_intacct": "CCTRANSACTION*2 -*2 CCTRANSACTION*2 -*2 APBILL - -",
    "xero": "BankTransaction*8 - BankTransfer ManualJournal",
    "zoho_books": "expense -*3 expense -*3 bill - -",
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_operation_becomes_the_native_record_that_the_platform_has_for_it(platform: str) -> None:
    documents = load()[platform].documents
    found = [documents[place].get(name, "-") for place in ("card", "bank") for name in TYPES]
    found += [documents["other"].get(name, "-") for name in ("reimbursable", "transfer", "adjustment")]
    words = [word.partition("*") for word in NATIVE[platform].split()]
    assert found == [kind for kind, _, times in words for _ in range(int(times or 1))]


def test_what_is_offered_has_a_native_record() -> None:
    table = load()["quickbooks_online"]
    assert table.document_of("expense.Refund", "card") == "Purchase"
    assert table.document_of("expense.Refund", "bank") == "Deposit"
    assert table.document_of("reimbursable", "bank") == "Bill"


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("edition", ["2025-04", "2025-12"])
def test_current_editions_carry_the_published_tables(edition: str, platform: str) -> None:
    table = load(edition)[platform]
    expected = ENDPOINTS[edition].get(platform, ENDPOINTS["2025-04"][platform])
    assert " ".join(table.endpoints[name] for name in OPERATIONS) == expected
    assert " ".join(table.types[name] for name in TYPES) == CURRENT_TYPES[platform]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_first_edition_carries_the_published_types(platform: str) -> None:
    table = load("2023")[platform]
    found = " ".join([*(table.types[name] for name in TYPES), *table.legacy_types.values()])
    assert found == FIRST_TYPES.get(platform, " ".join(["none"] * 8))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_shipped_files_have_the_declared_shape(platform: str) -> None:
    document = read_document(contract_path("platforms", platform, "capabilities.yaml"))
    cells = {key: document.data[key] for key in SHAPE if key in document.data}
    assert list(check_cells(document, (), cells, SHAPE)) == []
    assert tuple(document.data["editions"]) == EDITIONS
    for edition, facts in document.data["editions"].items():
        own = {key: value for key, value in facts.items() if key != "sources"}
        assert list(check_cells(document, ("editions", edition), own, SHAPE)) == []
        assert facts["sources"]
    for name, profile in document.data["profiles"].items():
        assert list(check_cells(document, ("profiles", name), profile["cells"], SHAPE)) == []
        assert profile["sources"]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_fact_names_a_public_source(edition: str, platform: str) -> None:
    assert all(source.startswith("https://") for source in load(edition)[platform].sources)


def test_a_card_only_cell_is_offered_on_cards_and_refused_on_banks() -> None:
    table = load()["quickbooks_desktop"]
    assert table.allows("expense.Refund")
    assert table.allows("expense.Refund", "card")
    assert table.allows("expense.Refund.card")
    assert not table.allows("expense.Refund", "bank")
    assert not table.allows("expense.Refund.bank")
    assert "credit card accounts only" in str(table.refusal("expense.Refund", "bank"))


def test_a_type_is_offered_only_where_its_endpoint_is() -> None:
    assert load("2025-04").cell("sage_intacct", "expense.Payment") == "card"
    assert load("2025-12").cell("sage_intacct", "expense") == "any"
    assert load("2025-12").cell("sage_intacct", "expense.Payment") == "card"
    assert load("2023").cell("freeagent", "attachment") == "none"


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ("expense.Refund", "FreeAgent does not take Refund; it takes Payment."),
        ("adjustment", "it takes expense, reimbursable, transfer."),
        ("attachment.Refund", "does not take files for Refund"),
    ],
)
def test_a_refusal_says_what_would_be_taken(operation: str, words: str) -> None:
    assert words in str(load()["freeagent"].refusal(operation))


def test_what_is_offered_has_no_refusal() -> None:
    assert load()["freeagent"].refusal("expense.Payment", "bank") is None
    assert "cannot change transfer" in str(load()["xero"].refusal("update.transfer"))


def test_an_unknown_operation_is_an_error_not_a_no() -> None:
    for operation in ("expense.Rebate", "loan", "update.loan", "transfer.Refund"):
        with pytest.raises(KeyError):
            load().cell("xero", operation)


# Source: https://docs.codat.io/expenses/config-and-categorize, column by column: whom money spent and money back name.
# A dash: the page has no column; unconfirmed there.
CONTACTS = {
    "xero": "supplier customer customer customer",
    "quickbooks_online": "supplier supplier supplier supplier",
    "netsuite": "supplier supplier supplier supplier",
    "business_central": "none none none none",
    "quickbooks_desktop": "supplier supplier supplier supplier",
    "freeagent": "none none none none",
    "sage_intacct": "-",
    "zoho_books": "-",
}
# Source: the same page of 2023 (4189f75d1): TransferIn, TransferOut, AdjustmentIn, AdjustmentOut; on a bank, on a card.
FIRST_CONTACTS = {
    "xero": ("customer supplier supplier supplier", "customer supplier customer supplier"),
    "quickbooks_online": ("supplier supplier customer customer", "supplier supplier customer customer"),
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_contacts_follow_the_published_table(platform: str) -> None:
    table = load()[platform]
    for account_class in ("card", "bank"):
        found = " ".join(table.contact_of(name, account_class) for name in TYPES)  # type: ignore[arg-type]  # a class, as text
        assert found == CONTACTS[platform] or CONTACTS[platform] == "-"


@pytest.mark.parametrize("platform", FIRST_CONTACTS)
def test_contacts_of_the_first_version_follow_its_table(platform: str) -> None:
    table = load("2023")[platform]
    names = ("TransferIn", "TransferOut", "AdjustmentIn", "AdjustmentOut")
    found = tuple(" ".join(table.contact_of(name, place) for name in names) for place in ("bank", "card"))  # type: ignore[arg-type]  # a class, as text
    assert found == FIRST_CONTACTS[platform]


# Source: https://docs.codat.io/expenses/fx-management: base and expense account in GBP, account and spend in each pair.
PAIRS = [("GBP", "GBP"), ("USD", "USD"), ("USD", "GBP"), ("GBP", "USD"), ("USD", "EUR")]
BY_ACCOUNT = "allowed allowed as_account as_account as_account"
SPENT = {
    "business_central": ("allowed allowed refused refused refused",) * 2,
    "netsuite": ("allowed refused refused allowed refused", "allowed allowed refused allowed refused"),
    "sage_intacct": ("allowed refused refused allowed refused",) * 2,
    "quickbooks_online": ("allowed allowed refused allowed refused",) * 2,
    "quickbooks_desktop": ("allowed allowed refused allowed refused",) * 2,
    "xero": (BY_ACCOUNT, BY_ACCOUNT),
    # Unconfirmed: the page has no row for these two; the first goes by the currency of its bank account.
    "freeagent": ("allowed allowed refused refused refused",) * 2,
    "zoho_books": ("allowed undocumented undocumented undocumented refused",) * 2,
}
MOVED = {
    "quickbooks_online": "allowed allowed allowed allowed refused",
    "quickbooks_desktop": "allowed refused refused refused refused",
    "xero": "allowed allowed refused refused refused",
    "freeagent": "allowed undocumented undocumented undocumented undocumented",
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_currencies_of_spend_follow_the_published_options(platform: str) -> None:
    table = load()[platform]
    for account_class, rules in zip(("card", "bank"), SPENT[platform], strict=True):
        found = [table.expense_currency(account_class, base="GBP", account=held, transaction=t) for held, t in PAIRS]  # type: ignore[arg-type]  # a class, as text
        assert " ".join(found) == rules


@pytest.mark.parametrize("platform", PLATFORMS)
def test_currencies_of_transfers_follow_the_published_options(platform: str) -> None:
    table = load()[platform]
    found = [table.transfer_currency(base="GBP", source=source, target=target) for source, target in PAIRS]
    assert " ".join(found) == MOVED.get(platform, " ".join(["undocumented"] * 5))


# Source: github.com/codatio/oas, text of the three update operations: expenses, reimbursables, transfers.
UPDATED = {
    "business_central": "none none none",
    "freeagent": "any any any",
    "netsuite": "any any none",
    "quickbooks_desktop": "any none none",
    "quickbooks_online": "any any any",
    "sage_intacct": "any none none",
    "xero": "any none none",
    "zoho_books": "any any none",
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_updates_follow_the_description_and_in_2023_are_made_on_xero_alone(platform: str) -> None:
    for edition in ("2025-04", "2025-12"):
        assert " ".join(load(edition)[platform].updates.values()) == UPDATED[platform]
    assert " ".join(load("2023")[platform].updates.values()) == f"{'any' if platform == 'xero' else 'none'} none none"


# Source: https://docs.codat.io/expenses/sync-process/uploading-receipts; Zoho Books from the API description alone.
FILES = {
    "business_central": (350_000_000, "Chargeback Payment Refund Reward"),
    "freeagent": (5_000_000, "Payment Reimbursable"),
    "netsuite": (100_000_000, "Payment Refund"),
    "quickbooks_desktop": (0, ""),
    "quickbooks_online": (100_000_000, "Payment Refund Reimbursable"),
    "sage_intacct": (None, "Payment Refund Reimbursable"),
    "xero": (10_000_000, "Chargeback Payment Refund Reward"),
    "zoho_books": (5_000_000, "Payment Reimbursable"),
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_attachments_follow_the_published_table(platform: str) -> None:
    attachments = load()[platform].attachments
    assert (attachments.bytes_max, " ".join(sorted(attachments.transactions))) == FILES[platform]


def test_attachments_are_judged_by_size_type_and_transaction() -> None:
    xero = load()["xero"].attachments
    assert xero.takes_size(10_000_000)
    assert not xero.takes_size(10_000_001)
    assert xero.takes_name("scan.PdF")
    assert not xero.takes_name("page.html")
    assert load()["business_central"].attachments.takes_name("anything.xyz")
    assert load()["sage_intacct"].attachments.takes_size(10**9)
    assert not load()["quickbooks_online"].attachments.takes("Reward")


def test_neutral_tax_depends_on_platform_and_country() -> None:
    tables = load()
    assert tables["xero"].neutral_tax("GB") == "NONE"
    assert tables["netsuite"].neutral_tax("US") == "-7"
    assert tables["netsuite"].neutral_tax("GB") == "UNDEF-GB"
    assert tables["freeagent"].neutral_tax("GB") is None


def test_limits_are_per_operation() -> None:
    assert load()["freeagent"].limits_of("expense").lines_max == 1
    assert load()["freeagent"].limits_of("reimbursable").lines_max == 40
    assert load()["freeagent"].limits_of("transfer").lines_max is None
    assert load()["quickbooks_online"].limits_of("expense").reference_max == 21


def test_a_profile_changes_its_cells_alone() -> None:
    assert load(profiles=["adjustments_desktop_only"]).offering(("adjustment",)) == ("quickbooks_desktop",)
    one = load(profiles=["xero.adjustments_desktop_only"])
    assert one.cell("xero", "adjustment") == "none"
    assert one.cell("quickbooks_online", "adjustment") == "any"
    assert one["xero"].profiles == ("adjustments_desktop_only",)


def test_an_unknown_edition_or_profile_suggests_a_near_one() -> None:
    with pytest.raises(ValueError, match="Did you mean `2025-12`"):
        load("2025-11")
    with pytest.raises(ValueError, match=r"Did you mean `xero\.attachments_3_mb`"):
        load(profiles=["xero.attachment_3_mb"])


def test_a_users_file_changes_cell_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "platforms:\n  xero:\n    types: {Refund: none}\n    attachments: {bytes_max: 2500000}\n"
        "    profiles: [attachments_4_mb]\n  freeagent:\n    limits: {expense: {lines_max: 3}}\n"
    )
    tables = load(override_file=path)
    assert tables.cell("xero", "expense.Refund") == "none"
    assert tables.cell("xero", "expense.Reward") == "any"
    assert tables["xero"].attachments.bytes_max == 2_500_000
    assert tables["freeagent"].limits_of("expense").lines_max == 3
    assert tables["freeagent"].limits_of("expense").notes_required
    assert load().cell("xero", "expense.Refund") == "any"


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ("platforms:\n  xerox: {types: {Refund: none}}\n", 2, "Unknown platform `xerox`", "`xero`"),
        ("platforms:\n  xero:\n    types: {Refunds: none}\n", 3, "Unknown cell `Refunds`", "`Refund`"),
        ("platforms:\n  xero:\n    types: {Refund: nope}\n", 3, "`nope` cannot stand here", "`none`"),
        ("platforms:\n  xero:\n    types: [Refund]\n", 3, "must be a mapping", "Payment"),
        ("platforms:\n  xero:\n    profiles: [attachments_5_mb]\n", 3, "Unknown profile", "attachments_"),
        ("platforms:\n  xero:\n    profiles: attachments_3_mb\n", 3, "must be a list", "profiles: [name]"),
        ("platforms:\n  xero:\n    attachments: {bytes_max: -1}\n", 3, "`-1` cannot stand", "whole number"),
        ("platforms:\n  xero:\n    limits: {expense: {notes_required: maybe}}\n", 3, "`maybe`", "true or false"),
        ("platforms:\n  xero: none\n", 2, "Holds no cells", "types:"),
        ("platform: {}\n", 1, "no mapping `platforms`", "platforms:"),
        ("edtion: 1\nplatforms: {}\n", 1, "Unknown key `edtion`", "platforms"),
    ],
)
def test_a_wrong_users_file_names_line_and_remedy(
    tmp_path: Path, text: str, line: int, message: str, remedy: str
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(FileInvalid) as caught:
        load(override_file=path)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line) == (str(path), line)
    assert message in problem.message
    assert remedy in problem.remedy


def test_the_csv_has_every_cell_once() -> None:
    rows = list(csv.DictReader(io.StringIO(render(load(), "csv"))))
    assert len(rows) == len({(row["platform"], row["operation"]) for row in rows}) == 8 * 12
    assert {"edition": "2025-12", "platform": "freeagent", "operation": "expense.Refund", "offer": "none"} in rows


def test_the_json_holds_sources_and_limits() -> None:
    document = json.loads(render(load("2025-04"), "json", platforms=["xero"]))
    assert list(document["platforms"]) == ["xero"]
    assert document["platforms"]["xero"]["limits"]["expense"] == {
        "reference_max": 255,
        "line_description_max": 4000,
        "tracking_max": 2,
    }
    assert document["platforms"]["xero"]["sources"]


def test_table_and_markdown_show_every_platform_in_words() -> None:
    table, markdown = render(load(), "table"), render(load(), "markdown")
    for name in PLATFORMS:
        title = read_contract("platforms", name, "capabilities.yaml")["title"]
        assert title in table
        assert f"| {title} |" in markdown
    assert "credit card accounts only" in markdown
    assert "TransferIn" not in table
    assert "TransferIn" in render(load("2023"), "table")


def test_the_newest_edition_is_the_default() -> None:
    assert load().edition == capabilities.LATEST == "2025-12"
