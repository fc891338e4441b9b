"""What all transactions have: a date, a currency with its rate, and the accounts that they touch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sandbooks.money import Money
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.rules.accounts import exchange_account


def complete_header(draft: Draft, *, currency: str) -> None:
    """Fill date, currency and rate. ``currency`` is the one that the vendor or account implies.

    Unconfirmed: whether CurrencyRef may be left out once multicurrency is on; live requests without it were seen to
    take the vendor's or the account's currency, so that is what happens here.
    """
    body, realm = draft.body, draft.realm
    body.setdefault("TxnDate", draft.old.get("TxnDate", realm.today.isoformat()))
    code = draft.ref("CurrencyRef") or currency
    body["CurrencyRef"] = {"value": code}
    rate = _rate(draft, code)
    if realm.multicurrency:
        body["ExchangeRate"] = rate
    else:
        body.pop("ExchangeRate", None)
    draft.facts.update(home=realm.home, currency=code, rate=rate, kept={}, exchange_account="")
    if code != realm.home:
        draft.facts["exchange_account"] = exchange_account(realm)


def _rate(draft: Draft, currency: str) -> Decimal:
    realm, body = draft.realm, draft.body
    given = Decimal(body.get("ExchangeRate", 0))
    if currency == realm.home:
        if given not in (0, 1):
            raise no.BusinessRule("The exchange rate of the home currency is 1", "ExchangeRate")
        return Decimal(1)
    if given:
        if given < Decimal("0.000000001"):
            raise no.NumberRange("ExchangeRate", str(given))
        return given
    rate = realm.rate_on(currency, date.fromisoformat(body["TxnDate"]))
    if rate is None:
        raise no.BusinessRule(f"There is no exchange rate for {currency}", "ExchangeRate")
    return rate


def touch(draft: Draft, accounts: Iterable[str]) -> None:
    """Note in which currency each of these accounts is kept; refuse one that cannot take the transaction's."""
    kept = draft.facts["kept"]
    for account in accounts:
        currency = draft.realm.account_currency(account)
        if not currency:
            continue
        if currency not in (draft.facts["currency"], draft.realm.home):
            raise no.BusinessRule(
                "The currency of the transaction is not the currency of the account or the home currency"
            )
        kept[account] = currency


def money(draft: Draft, value: Decimal | int) -> Money:
    """An amount of the transaction, in whole minor units (half up)."""
    return Money.of(value, draft.facts["currency"]).rounded()


def check_total(value: Decimal) -> None:
    """Refuse a negative total."""
    if value < 0:
        raise no.BusinessRule("Transaction amount must be 0 or greater", "TotalAmt")


def check_doc_number(draft: Draft, txn_type: str, *, same: str = "") -> None:
    """Refuse a document number that is taken, where the company numbers by itself and warns of duplicates.

    ``same`` names a reference within which numbers are unique. Unconfirmed: that bills are checked by vendor.
    """
    number = draft.body.get("DocNumber")
    realm = draft.realm
    if not number or "allowduplicatedocnum" in draft.include or number == draft.old.get("DocNumber"):
        return
    if not realm.prefers("SalesFormsPrefs", "CustomTxnNumbers") or not realm.switch("warn_duplicate_numbers"):
        return
    for other in realm.records.find(draft.entity.name, "DocNumber", number.lower()):
        if other.id == draft.id or (same and other.body.get(same, {}).get("value") != draft.ref(same)):
            continue
        old = realm.switch("duplicate_number_code") == "6210"
        raise (no.DocNumberTakenOfOld if old else no.DocNumberTaken)(number, txn_type, other.id)


def number_lines(draft: Draft, *, first: int = 1) -> None:
    """Give each line an id: those that stood keep theirs, new ones count on."""
    lines = draft.body["Line"]
    standing = {line["Id"] for line in draft.old.get("Line", [])}
    kept: set[str] = set()
    for line in lines:
        id = line.get("Id")
        if id not in standing or id in kept:
            line.pop("Id", None)
        else:
            kept.add(id)
    following = max([int(id) for id in standing], default=first - 1) + 1
    for index, line in enumerate(lines):
        if "Id" not in line:
            lines[index] = {"Id": str(following), **line}
            following += 1


def drop_untracked(draft: Draft, holder: dict[str, object]) -> None:
    """A class or location while its tracking is off: dropped, or refused where the company says so."""
    realm = draft.realm
    classes = realm.prefers("AccountingInfoPrefs", "ClassTrackingPerTxnLine") or realm.prefers(
        "AccountingInfoPrefs", "ClassTrackingPerTxn"
    )
    departments = realm.prefers("AccountingInfoPrefs", "TrackDepartments")
    for name, on in (("ClassRef", classes), ("DepartmentRef", departments)):
        if name in holder and not on:
            if realm.switch("tracking_off") == "refused":
                raise no.FeatureOff(name)
            del holder[name]
