"""Each resource as the API shows it: the stored document, and what is derived when it is read."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.freeagent.rates import day_rate
from sandbooks.platforms.freeagent.records import (
    attachments,
    bank_accounts,
    bank_transactions,
    bills,
    capital_assets,
    invoices,
    people,
    stock,
)
from sandbooks.platforms.freeagent.records.storing import refer
from sandbooks.platforms.freeagent.wire import decimal_text, timestamp

_INTERNAL = ("sub_code", "upload", "is_custom", "state")
# What an asset shows of what is kept of it.
_ASSET = ("url", "description", "asset_life_years", "asset_type", "purchased_on", "disposed_on")
FILE_LINK_LIFETIME = timedelta(hours=1)
# Source: https://dev.freeagent.com/docs/versioning; the date itself is unconfirmed (see attachments)
SEVERAL_FILES_VERSION = "2026-09-01"
SEVERAL_FILES_FOR_ALL = "2026-12-01"


def several_files(call: Call) -> bool:
    """Whether this caller has the version with several attachments per item."""
    asked = call.header("X-Api-Version").strip()
    today = call.world.clock.today().isoformat()
    known = len(asked) == 10 and asked[4] == asked[7] == "-" and asked.replace("-", "").isdigit()
    return today >= SEVERAL_FILES_FOR_ALL or (known and asked >= SEVERAL_FILES_VERSION)


def plain(_: Call, record: Record) -> dict[str, Any]:
    """A document with its times."""
    shown = {name: value for name, value in record.body.items() if name not in _INTERNAL}
    return shown | {"updated_at": timestamp(record.updated), "created_at": timestamp(record.created)}


def with_files(call: Call, record: Record) -> dict[str, Any]:
    """A document with its times and its attachments, as the caller's version shows them."""
    shown = plain(call, record)
    files = attachments.of(call.company, record)
    if several_files(call):
        return shown | {"attachments": [attachment(call, file) for file in files]}
    return shown | ({"attachment": attachment(call, files[0])} if files else {})


def bank_account(call: Call, record: Record) -> dict[str, Any]:
    balance = bank_accounts.balance(call.company, record)
    shown = plain(call, record) | {"current_balance": decimal_text(balance.amount)}
    latest = bank_transactions.latest_day(call.company, record.id)
    return shown | ({"latest_activity_date": latest} if latest else {})


def bank_transaction(call: Call, record: Record) -> dict[str, Any]:
    return plain(call, record) | {"matching_transactions_count": 0, "bank_transaction_explanations": []}


def bank_transaction_whole(call: Call, record: Record) -> dict[str, Any]:
    """One transaction with its explanations and how many others look alike."""
    company = call.company
    parts = [
        {
            **{n: e.body[n] for n in ("url", "bank_transaction", "bank_account", "dated_on", "description")},
            "entry_type": e.body["type"],
            "gross_value": e.body["gross_value"],
            "is_deletable": not _locked(call, e),
        }
        for e in bank_transactions.explained(company, record.id)
    ]
    alike = bank_transactions.alike(company, record)
    return plain(call, record) | {"matching_transactions_count": alike, "bank_transaction_explanations": parts}


def _locked(call: Call, record: Record) -> bool:
    through = call.company.book.closed_through
    return through is not None and record.body["dated_on"] <= through.isoformat()


# Unconfirmed: the texts and the list that a locked explanation shows.
_LOCKED_ATTRIBUTES = [
    "bank_account",
    "category",
    "dated_on",
    "description",
    "ec_status",
    "gross_value",
    "manual_sales_tax_amount",
    "paid_bill",
    "paid_invoice",
    "paid_user",
    "sales_tax_rate",
    "sales_tax_status",
    "transfer_bank_account",
]


def explanation(call: Call, record: Record) -> dict[str, Any]:
    """An explanation with its lock."""
    shown = with_files(call, record)
    del shown["created_at"]
    locked = _locked(call, record)
    shown |= {"is_locked": locked, "is_deletable": not locked}
    if locked:
        shown["locked_attributes"] = list(_LOCKED_ATTRIBUTES)
        shown["locked_reason"] = "The accounting period is locked"
    return shown


def expense(call: Call, record: Record) -> dict[str, Any]:
    """An expense; the project that it is rebilled to has two names."""
    shown = with_files(call, record)
    # Source: https://dev.freeagent.com/docs/expenses (rebill_to_project)
    return shown | ({"rebill_to_project": shown["project"]} if "project" in shown else {})


def bill(call: Call, record: Record) -> dict[str, Any]:
    """A bill with its status today."""
    today = call.today()
    shown = with_files(call, record)
    shown["status"] = bills.status(shown, today)
    shown["long_status"] = bills.long_status(shown, today)
    due = Money.of(shown["due_value"], shown["currency"])
    # Source: https://dev.freeagent.com/docs/bills (native_due_value: what is due counts at today's rate)
    rate = day_rate(call.company, due.currency, today) or _booked_at(call, shown)
    shown["native_due_value"] = decimal_text(rate.to_base(due).amount)
    if "project" in shown:
        shown["rebill_to_project"] = shown["project"]
    return shown


def _booked_at(call: Call, document: dict[str, Any]) -> Rate:
    return Rate(Decimal(document["exchange_rate"]), document["currency"], call.company.currency)


def invoice(call: Call, record: Record) -> dict[str, Any]:
    """An invoice or a credit note with its status today."""
    today = call.today()
    state = invoices.status(record.body, record.kind, today)
    shown = plain(call, record) | {"status": state, "is_interim_uk_vat": False}
    settled_on = record.body.get(invoices.WORDS[record.kind].settled_on)
    if settled_on and state in ("Paid", "Refunded"):
        # Source: https://dev.freeagent.com/docs/invoices (long_status)
        return shown | {"long_status": f"{state} on – {date.fromisoformat(settled_on):%d %b %y}"}
    relative = bills.relative_status(state, record.body["due_on"], today)
    return shown | {"long_status": relative.replace(" - ", " – ")}


def capital_asset(call: Call, record: Record) -> dict[str, Any]:
    """A capital asset, with the events of its life for those who ask for them."""
    whole = plain(call, record)
    shown = {name: whole[name] for name in (*_ASSET, "created_at", "updated_at") if name in whole}
    profile = {name: value for name, value in whole["depreciation_profile"].items() if name != "scheduled"}
    shown["depreciation_profile"] = profile
    if call.query.get("include_history") == "true":
        shown["capital_asset_history"] = capital_assets.history(call.company, record)
    return shown


def stock_item(call: Call, record: Record) -> dict[str, Any]:
    """A stock item with how many there are."""
    return plain(call, record) | {"stock_on_hand": decimal_text(stock.on_hand(call.company, record))}


def timeless(call: Call, record: Record) -> dict[str, Any]:
    """A document without its times."""
    return {name: value for name, value in plain(call, record).items() if name not in ("created_at", "updated_at")}


def contact(call: Call, record: Record) -> dict[str, Any]:
    """A contact with what follows from its documents."""
    projects = call.company.records.find("project", "contact", record.id)
    active = sum(project.body["status"] == "Active" for project in projects)
    balance = people.account_balance(call.company, record)
    return plain(call, record) | {"active_projects_count": str(active), "account_balance": balance}


def attachment(call: Call, record: Record) -> dict[str, Any]:
    """A file's description and a signed, short-lived link to its bytes."""
    expires = call.world.clock.now() + FILE_LINK_LIFETIME
    stamp = str(int(expires.timestamp()))
    signature = sign(call, call.company.id, record.id, stamp)
    name = record.body["file_name"].rpartition(".")[2].lower() or "bin"
    query = urlencode({"company": call.company.id, "Expires": stamp, "Signature": signature})
    shown = {name: value for name, value in record.body.items() if name not in ("parent_url", "thumbnails")}
    forms = {"content_src": "original"} | {f"content_src_{form}": form for form in record.body["thumbnails"]}
    for member, form in forms.items():
        shown[member] = f"{record.body['url']}/{form}.{quote(name, safe='')}?{query}"
    return shown | {"expires_at": timestamp(expires)}


def sign(call: Call, company: str, id: str, stamp: str) -> str:
    """The signature of a link to a file."""
    return call.world.ids.fixed_token(f"freeagent/file/{company}/{id}/{stamp}", length=32)


def refers_to(record: Record, name: str, other: Record) -> bool:
    """Whether a document refers to a record."""
    return bool(record.body.get(name) == refer(other))
