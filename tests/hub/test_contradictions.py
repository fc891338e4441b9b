"""Every place where the public pages contradict each other has a name, a date, a reason, and can be chosen per world.

The table names each contradiction once; what a choice changes is tested beside what it changes.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.hub.desk import open_desk

from sandbooks import capabilities
from sandbooks.platforms.quickbooks_online.switches import SWITCHES
from sandbooks.settings import PLATFORMS, read_contract

# What the pages disagree about, and the profiles that each of the other readings has.
PROFILES = {
    "adjustments on four platforms, or on QuickBooks Desktop alone": (
        "business_central.adjustments_desktop_only",
        "quickbooks_online.adjustments_desktop_only",
        "xero.adjustments_desktop_only",
    ),
    "the size of an attachment on Xero": ("xero.attachments_3_mb", "xero.attachments_4_mb"),
    "the direction of currencyRate": ("rate_foreign_per_base",),
    "the words for a transaction that failed": ("webhook_status_as_api",),
    "the platforms that expenses are updated on": ("updates_as_in_2023",),
    "the path by which reimbursable expenses are updated": ("reimbursable_path_misspelt",),
    "a default supplier where none is kept": ("default_supplier_not_needed",),
    "files on transfers": ("transfer_attachments",),
    "every account, or credit cards alone, on Sage Intacct": ("sage_intacct.expense_any_account",),
    "currencies of transfers on Xero": ("xero.transfers_any_currency",),
    "eight platforms to connect, or six": ("platform_keys_six",),
    "a sync that starts by itself, or is initiated": ("sync_on_initiate",),
    "the word for the type of integration": ("integration_type_expense",),
    "the rows of a page": ("page_size_max_2000",),
    "what becomes of forbidden characters in a company's name": ("company_names_refused",),
    "the status in the envelope of a 402": ("company_limit_body_429",),
    "an id that was processed before": ("duplicates_fail_sync",),
    "tax rates on lines of the first version": ("v1_tax_rate_required",),
    "the platforms that bills are updated on": ("bill_pay_updates_of_june",),
    "archived suppliers among those to pay": ("suppliers_active_only",),
    "a read of what is being read": ("refreshes_queue_up",),
    "bills and suppliers that nobody asked to be read": ("payables_need_a_read",),
    "the last API key": ("last_api_key_deleted",),
    "the words in which datasets are refused": ("v1_errors_of_2022",),
}
# What changed between dated tables: platform, then what a table of one edition offers and another does not.
EDITIONS = {
    "sage_intacct": ("endpoints", "reimbursable", {"2025-04": "none", "2025-12": "any"}),
    "netsuite": ("types", "Reward", {"2023": "none", "2025-04": "any"}),
    "business_central": ("endpoints", "adjustment", {"2023": "none", "2025-04": "any"}),
    "quickbooks_desktop": ("types", "Payment", {"2023": "none", "2025-04": "any"}),
    "xero": ("endpoints", "transfer", {"2023": "none", "2025-04": "any"}),
    "zoho_books": ("endpoints", "expense", {"2023": "none", "2025-04": "any"}),
}
DATE = re.compile(r"20\d\d(-\d\d(-\d\d)?)?")


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, Any]]:
    """Every profile as the control API lists it."""
    found: dict[str, dict[str, Any]] = {each["name"]: each for each in open_desk().control("GET", "/hub").body["known"]}
    return found


@pytest.mark.parametrize("contradiction", list(PROFILES))
def test_a_contradiction_is_named_dated_and_explained(contradiction: str, known: dict[str, dict[str, Any]]) -> None:
    for name in PROFILES[contradiction]:
        profile = known[name]
        assert DATE.fullmatch(profile["since"]), name
        assert profile["title"]
        assert profile["is"]
        assert profile["sources"]


def test_what_is_known_has_each_of_these_members(known: dict[str, dict[str, Any]]) -> None:
    lacking = {name for name, each in known.items() if not {"title", "since", "is", "sources"} <= each.keys()}
    assert lacking == set()


def test_each_reading_is_chosen_in_one_world_and_not_in_another(known: dict[str, dict[str, Any]]) -> None:
    first, second = open_desk(), open_desk()
    for names in PROFILES.values():
        first.choose(*names)
        assert first.control("GET", "/hub").body["profiles"] == list(names)
        assert second.control("GET", "/hub").body["profiles"] == []


@pytest.mark.parametrize("platform", list(EDITIONS))
def test_dated_tables_differ_where_the_pages_changed(platform: str) -> None:
    part, name, wanted = EDITIONS[platform]
    tables = read_contract("platforms", platform, "capabilities.yaml")["editions"]
    assert {edition: tables[edition][part][name] for edition in wanted} == wanted


def test_every_platform_has_a_table_of_every_edition_with_its_sources() -> None:
    for platform in PLATFORMS:
        tables = read_contract("platforms", platform, "capabilities.yaml")["editions"]
        assert set(tables) == set(capabilities.EDITIONS)
        assert all(table["sources"] for table in tables.values())


@pytest.mark.parametrize("edition", capabilities.EDITIONS)
def test_an_edition_is_chosen_for_a_world(edition: str) -> None:
    desk = open_desk()
    desk.choose(edition=edition)
    assert desk.control("GET", "/hub").body["edition"] == edition


def test_the_code_of_a_duplicate_number_is_a_switch_of_a_company() -> None:
    found = SWITCHES["duplicate_number_code"]
    assert (found.default, found.choices) == ("6140", ("6140", "6210"))


@pytest.mark.parametrize(("chosen", "shown"), [((), 3), (("suppliers_active_only",), 2)])
def test_archived_suppliers_are_listed_unless_the_world_reads_the_page(chosen: tuple[str, ...], shown: int) -> None:
    desk = open_desk()
    archived = {"supplierName": "Fabrikam", "status": "Active"}
    place = "{c}/connections/{k}/payables/suppliers"
    id = desk.send("POST", place, archived).body["id"]
    assert desk.send("PUT", f"{place}/{id}", archived | {"status": "Archived"}).status == 200
    desk.choose(*chosen)
    assert len(desk.get(place)["results"]) == shown
    assert [one["id"] for one in desk.get(place, query="status=Archived")["results"]] == [id]
