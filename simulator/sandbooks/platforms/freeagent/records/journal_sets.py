"""Journal sets: entries that sum to zero, on any category but the bank accounts.

Source: https://dev.freeagent.com/docs/journal_sets
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, total
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.posting import BANK, USER_CODES, user_account
from sandbooks.platforms.freeagent.records import categories, properties, stock, sub_accounts, targets
from sandbooks.platforms.freeagent.records.storing import check_open, new_id, refer, remove, save
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail

KIND = "journal_set"
ENTRIES_MAX = 1000


def create(company: Company, given: dict[str, Any]) -> Record:
    """A new journal set. Raises ``Invalid``."""
    return _write(company, given, None)


def update(company: Company, record: Record, given: dict[str, Any]) -> Record:
    """Change a journal set; entries that are not named stay. Raises ``Invalid``."""
    check_open(company, record.body["dated_on"])
    return _write(company, given, record)


def _write(company: Company, given: dict[str, Any], record: Record | None) -> Record:
    fields = Fields(given, record.body if record else None)
    dated_on = fields.date("dated_on", required=True)
    description = fields.text("description", required=True)
    tag = fields.text("tag")
    fields.check()
    entries, accounts = [], []
    standing = record.body["journal_entries"] if record else []
    for change, stands in _merged(fields, given.get("journal_entries"), standing):
        entry, account = _entry(company, change, stands)
        entries.append(entry)
        accounts.append(account)
    if not entries:
        raise Invalid(("journal_entries can't be blank",))
    difference = total((Money.of(e["debit_value"], company.currency) for e in entries), company.currency)
    if difference:
        raise Invalid(("journal_entries must balance",))
    id = record.id if record else new_id(company, KIND)
    for entry in entries:
        entry.setdefault("url", path("journal_entries", new_id(company, "journal_entry")))
    document: dict[str, Any] = {
        "url": path("journal_sets", id),
        "dated_on": dated_on.isoformat() if dated_on else "",
        "description": description,
        "journal_entries": entries,
    }
    if tag is not None:
        document["tag"] = tag
    check_open(company, document["dated_on"])
    facts = {"posts": "journal_set", "base": company.currency, "accounts": accounts}
    saved = save(company, KIND, id, document=document, facts=facts)
    stock.follow(company, record.body if record else {}, document)
    return saved


def _merged(fields: Fields, given: Any, standing: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    given = [] if given is None else given
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given) or len(given) > ENTRIES_MAX:
        fields.wrong("journal_entries", "is invalid")
        fields.check()
    known = {tail(item["url"], "journal_entries"): item for item in standing}
    changes: dict[str, dict[str, Any]] = {}
    added: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for item in given:
        if item.get("url") in (None, ""):
            added.append((item, {}))
            continue
        id = tail(item["url"], "journal_entries")
        if id not in known:
            raise Invalid(("Journal entry not found",))
        changes[id] = item
    kept = [(changes.get(id, {}), item) for id, item in known.items() if not _destroyed(changes.get(id, {}))]
    return kept + [pair for pair in added if not _destroyed(pair[0])]


def _destroyed(item: dict[str, Any]) -> bool:
    return str(item.get("_destroy", "")).lower() in ("1", "true")


def _entry(company: Company, given: dict[str, Any], standing: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """One entry and the account that it is posted to. Raises ``Invalid``."""
    fields = Fields(given, standing, where="journal_entries.")
    category = categories.chosen(fields, company)
    value = fields.money("debit_value", company.currency, required=True)
    description = fields.text("description")
    needs_user = category is not None and int(category.id) in USER_CODES
    user = fields.record("user", company, "user", required=needs_user)
    if category is not None and category.id == BANK:
        fields.wrong("category", "can't be a bank account")
    owner, members = _owner(fields, company, category)
    members |= properties.read(company, fields)
    fields.check()
    if category is None or value is None:
        raise AssertionError("checked above")
    account = category.id
    if owner is not None:
        account = sub_accounts.opened(company, category.id, owner.body)
    elif needs_user and user is not None:
        account = user_account(category.id, user.id)
        members["user"] = refer(user)
    document: dict[str, Any] = {
        "category": path("categories", account) if owner is not None else refer(category),
        "debit_value": decimal_text(value.amount),
        **members,
    }
    if description is not None:
        document["description"] = description
    if standing.get("url"):
        document["url"] = standing["url"]
    return document, account


def _owner(fields: Fields, company: Company, category: Record | None) -> tuple[Record | None, dict[str, Any]]:
    """Whom an entry on a register is for, by its own member or the sub code of its category, and what it shows."""
    kind = sub_accounts.OWNERS.get(category.id, "") if category is not None else ""
    if kind == sub_accounts.ASSET_TYPE:
        named = sub_accounts.owner_of(company, targets.code_named(fields))
        if fields.gives(kind) or named is None:
            named = fields.record(kind, company, kind, required=True)
        return named, {kind: refer(named)} if named is not None else {}
    if kind == sub_accounts.STOCK_ITEM:
        item, quantity = targets.stock_item(fields, company), targets.stock_quantity(fields, signed=True)
        shown = targets.stock_members(item, quantity) if item is not None and quantity is not None else {}
        return item, {name: value for name, value in shown.items() if name != "stock_item_description"}
    if kind == sub_accounts.HIRE_PURCHASE:
        hired = sub_accounts.owner_of(company, targets.code_named(fields))
        if hired is None:
            fields.wrong("category", "must be that of a hire purchase")
        return hired, {}
    return None, {}


def delete(company: Company, record: Record) -> None:
    """Delete a journal set. Raises ``PeriodClosed``."""
    check_open(company, record.body["dated_on"])
    remove(company, record)
    stock.follow(company, record.body)
