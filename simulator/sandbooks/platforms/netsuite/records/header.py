"""What every transaction has: date, period, subsidiary, currency, rate, number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate
from sandbooks.platforms.netsuite import periods
from sandbooks.platforms.netsuite.posting import id_of
from sandbooks.platforms.netsuite.rates import day_rate
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.records.ledgers import GROUP
from sandbooks.platforms.netsuite.records.lists import base_of, missing, root_subsidiary
from sandbooks.platforms.netsuite.records.references import entity_currencies, invalid_key
from sandbooks.platforms.netsuite.refusals import BadContent, UserError
from sandbooks.platforms.netsuite.schema import RecordType

Body = dict[str, Any]

PENDING, APPROVED, REJECTED = "1", "2", "3"


class Draft(Struct):
    """A transaction on its way: the whole body as it will stand, and the facts that its posting will rest on."""

    company: Company
    type: RecordType
    id: str
    body: Body
    facts: Body
    before: Record | None

    def ref(self, name: str) -> str:
        """The id that a reference of the header names."""
        return id_of(self.body.get(name))

    def put_ref(self, name: str, id: str) -> None:
        self.body[name] = {"id": id}

    def record(self, kind: str, name: str) -> Record | None:
        """The record that a reference of the header names."""
        return store.get(self.company, kind, self.ref(name)) if self.ref(name) else None

    @property
    def entity(self) -> Record | None:
        field = self.type.by_name.get("entity") or self.type.by_name.get("customer")
        return store.refer(self.company, field.targets, id=self.ref("entity")) if field and self.ref("entity") else None

    @property
    def currency(self) -> str:
        return str(self.facts["currency"])

    @property
    def rate(self) -> Rate:
        return Rate(Decimal(self.facts["rate"]), self.facts["currency"], self.facts["base"])

    def money(self, value: Any) -> Money:
        """An amount in the document's currency. Raises ``BadContent`` when it has too many decimals."""
        made = Money(Decimal(value or 0), self.currency)
        if not made.is_exact:
            raise BadContent(f"You have entered an Invalid Field Value {value} for the following field: amount")
        return made

    def lines(self, sublist: str) -> list[Body]:
        found: list[Body] = (self.body.get(sublist) or {}).get("items", [])
        return found


def complete(draft: Draft, *, funded_by: Record | None = None) -> None:
    """Fill in what the header leaves open and check it. ``funded_by`` is the bank or card account, if it has one."""
    _date(draft)
    _subsidiary(draft)
    _currency(draft, funded_by)
    _rate(draft)
    if not draft.body.get("tranId"):
        _number(draft)


def _date(draft: Draft) -> None:
    body, before = draft.body, draft.before
    body.setdefault("tranDate", _today(draft))
    given = draft.ref("postingPeriod")
    if before is not None and body["tranDate"] != before.body["tranDate"]:
        given = "" if given == id_of(before.body.get("postingPeriod")) else given
    if draft.type.name == "purchaseOrder":  # it posts nothing, so that no period has to be open
        return
    day = date.fromisoformat(body["tranDate"])
    draft.put_ref("postingPeriod", periods.check_open(draft.company, draft.type.name, day, period_id=given))


def _today(draft: Draft) -> str:
    return draft.company.world.clock.today(draft.company.time_zone).isoformat()


def _subsidiary(draft: Draft) -> None:
    """The subsidiary, in whose base currency the transaction is booked."""
    _default_subsidiary(draft)
    draft.facts["subsidiary"] = draft.ref("subsidiary")
    draft.facts["base"] = base_of(draft.company, draft.ref("subsidiary"))


def _default_subsidiary(draft: Draft) -> None:
    if draft.body.get("subsidiary"):
        return
    entity = draft.entity
    if entity is not None and entity.body.get("subsidiary"):
        draft.put_ref("subsidiary", id_of(entity.body["subsidiary"]))
    elif draft.type.name in ("journalEntry", "advInterCompanyJournalEntry"):
        raise missing("Subsidiary")
    else:
        draft.put_ref("subsidiary", root_subsidiary(draft.company))


def _currency(draft: Draft, funded_by: Record | None) -> None:
    entity = draft.entity
    if not draft.body.get("currency"):
        source = funded_by or entity
        kept = id_of(source.body.get("currency")) if source is not None else ""
        draft.put_ref("currency", kept or store.currency_id(draft.company, draft.facts["base"]))
    currency = draft.ref("currency")
    if entity is not None and entity.kind in ("vendor", "customer") and currency not in entity_currencies(entity):
        raise invalid_key("currency", currency, "entity", entity.id)
    draft.facts["currency"] = store.symbol_of(draft.company, currency)


def _rate(draft: Draft) -> None:
    facts, body = draft.facts, draft.body
    if facts["currency"] == facts["base"]:
        body["exchangeRate"] = Decimal(1)
    elif _stale_rate(draft):
        body.pop("exchangeRate", None)
    given = body.get("exchangeRate")
    if given is None:
        day = date.fromisoformat(body["tranDate"])
        found = day_rate(draft.company, facts["currency"], day, base=facts["base"])
        if found is None:
            raise missing("Exchange Rate")
        given = found.value
    if round(Decimal(given), 9) <= 0:
        raise BadContent(
            f"You have entered an Invalid Field Value {given} for the following field: exchangerate", "exchangeRate"
        )
    rate = Rate(Decimal(given), facts["currency"], facts["base"])
    body["exchangeRate"] = rate.value
    facts["rate"] = str(rate.value)
    if facts["base"] != draft.company.currency:
        facts[GROUP] = in_group(draft, rate)


def in_group(draft: Draft, rate: Rate) -> Body:
    """The base and the rate by which the account's own book, in the root's currency, takes what a subsidiary's book
    takes at ``rate``."""
    root, day = draft.company.currency, date.fromisoformat(draft.body["tranDate"])
    if draft.currency == root:
        return {"base": root, "rate": "1"}
    found = day_rate(draft.company, rate.base, day)
    if found is None:
        raise missing("Exchange Rate")
    return {"base": root, "rate": str(Rate(rate.value * found.value, draft.currency, root).value)}


def _stale_rate(draft: Draft) -> bool:
    """An edit moved the document to another currency and left the old rate standing."""
    before = draft.before
    if before is None:
        return False
    return before.body["currency"] != draft.body["currency"] and before.body.get("exchangeRate") == draft.body.get(
        "exchangeRate"
    )


_PREFIX = {"expenseReport": "EXP", "purchaseOrder": "PO", "journalEntry": "JE", "advInterCompanyJournalEntry": "AIJE"}


def _number(draft: Draft) -> None:
    """Documents of one's own are numbered; a bill's and a vendor credit's number is the vendor's to give."""
    if draft.type.name in ("vendorBill", "vendorCredit"):
        draft.body.pop("tranId", None)
        return
    number = draft.company.records.next_number(f"tranId/{draft.type.name}")
    draft.body["tranId"] = f"{_PREFIX.get(draft.type.name, '')}{number}"


def funding_account(draft: Draft, name: str, *types: str) -> Record:
    """The bank or card account of a document: of a right type. Raises ``UserError``, ``BadReference``."""
    field = draft.type.by_name[name.lower()]
    account = draft.record("account", name)
    if account is None:
        raise missing(field.title)
    if account.body["acctType"]["id"] not in types:
        raise UserError(
            f"You have entered an Invalid Field Value {account.id} for the following field: {name.lower()}", name
        )
    return account


def fund(draft: Draft, account: Record) -> None:
    """Note how a bank or card account takes the document: in its own currency, or in base where it is kept in base.

    An account in a foreign currency takes that currency alone.
    """
    kept = store.symbol_of(draft.company, id_of(account.body["currency"]))
    base = draft.facts["base"]
    if kept not in (base, draft.currency):
        raise UserError(
            f"The transaction currency {draft.currency} does not match the currency {kept} of account {account.id}.",
            "account",
        )
    draft.facts["account"] = account.id
    draft.facts["in_base"] = kept == base and draft.currency != kept


def approved(draft: Draft, *, feature: str) -> bool:
    """Whether a document with an approval status posts; without approval routing it is approved from the start."""
    routed = feature in draft.company.settings.get("approval_routing", ())
    if draft.body.get("approvalStatus") is None:
        draft.body["approvalStatus"] = {"id": PENDING if routed else APPROVED}
    return bool(draft.body["approvalStatus"]["id"] == APPROVED)
