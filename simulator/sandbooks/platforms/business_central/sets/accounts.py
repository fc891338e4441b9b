"""The chart of accounts, bank accounts, and what is set up around the general ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any, ClassVar

from sandbooks.kit.records import Record
from sandbooks.ledger import Account, AccountClass, Line
from sandbooks.platforms.business_central.fields import choice, code, day, flag, number, plain, shown, text, uid, whole
from sandbooks.platforms.business_central.names import BLANK_DATE, encoded, entity_tag
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets import booking
from sandbooks.platforms.business_central.sets.booking import place_of
from sandbooks.platforms.business_central.sets.entity import EntitySet, Given, Parent, Row, Scope, StoredSet
from sandbooks.platforms.business_central.sets.masters import CodedSet, record_of, settle_currency


class Accounts(StoredSet):
    """G/L accounts: read only. Each posting account is an account of the book under the same id."""

    name, type, caption = "accounts", "account", "G/L Account"
    keys = ("number", "displayName")
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {"trialBalance": ("trialBalances", "id")}
    fields = shown(
        code("number"),
        text("displayName"),
        choice("category", "", "Assets", "Liabilities", "Equity", "Income", "Cost of Goods Sold", "Expense"),
        text("subCategory", 80),
        flag("blocked"),
        choice("accountType", "Posting", "Heading", "Total", "Begin-Total", "End-Total"),
        flag("directPosting"),
        number("netChange"),
        choice("consolidationTranslationMethod", "Average Rate (Manual)", "Closing Rate", "Historical Rate"),
        code("consolidationDebitAccount"),
        code("consolidationCreditAccount"),
        flag("excludeFromConsolidation"),
    )

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        found = scope.records.scan(self.type, lag=scope.lag)
        return iter([self.render(scope, record) for record in sorted(found, key=lambda r: str(r.body["number"]))])

    def computed(self, scope: Scope, record: Record) -> dict[str, Any]:
        return {"netChange": net_changes(scope).get(record.id, 0)}


def net_changes(scope: Scope) -> Mapping[str, Any]:
    """What each G/L account holds in local currency; bank accounts count for the account of their posting group."""
    if "net" not in scope.kept:
        held: dict[str, Any] = {}
        groups = bank_groups(scope)
        for row in scope.company.book.trial_balance():
            id = groups.get(row.account.id, row.account.id)
            held[id] = held[id] + row.balance.base.amount if id in held else row.balance.base.amount
        scope.kept["net"] = held
    kept: Mapping[str, Any] = scope.kept["net"]
    return kept


def bank_groups(scope: Scope) -> Mapping[str, str]:
    """The G/L account behind each bank account."""
    if "groups" not in scope.kept:
        found = scope.records.scan("bankAccount", deleted=True)
        scope.kept["groups"] = {record.id: record.body["_glAccount"] for record in found}
    kept: Mapping[str, str] = scope.kept["groups"]
    return kept


class BankAccounts(CodedSet):
    """Bank and card accounts. Each is an account of the book under its own id, behind one G/L account of its group."""

    name, type, caption = "bankAccounts", "bankAccount", "Bank Account"
    key = "number"
    keys = ("number", "displayName", "currencyId")
    series = ("B", 10, 10)
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {"currency": ("currencies", "currencyId")}
    fields = (
        code("number"),
        text("displayName"),
        text("bankAccountNumber", 30),
        flag("blocked"),
        code("currencyCode", 10),
        uid("currencyId"),
        code("iban", 50),
        flag("intercompanyEnabled"),
    )

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        before = record.body["currencyId"] if record else None
        settle_currency(scope, given, values)
        if record is not None and before != values["currencyId"] and _has_entries(scope, record.id):
            raise Dialog(
                f"You cannot change Currency Code because there are entries for Bank Account {values['number']}."
            )
        # Which G/L account stands behind is the bank account posting group: it has no page in this API.
        values.setdefault("_glAccount", scope.posting["bank"])
        values.setdefault("_class", "asset")

    def made(self, scope: Scope, record: Record) -> None:
        account = Account(
            record.id,
            record.body["displayName"] or record.body["number"],
            AccountClass(record.body["_class"]),
            record.body["currencyCode"],
            active=not record.body["blocked"],
        )
        if any(standing.id == record.id for standing in scope.company.book.accounts()):
            scope.company.book.change_account(account)
        else:
            scope.company.book.open_account(account)

    def delete(self, scope: Scope, row: Row) -> None:
        if _has_entries(scope, row.id):
            raise Dialog(
                f"You cannot delete Bank Account {row.values['number']} because it has ledger entries in a fiscal year "
                "that has not been closed yet."
            )
        self.save(scope, row.id, {**record_of(row).copy(), "blocked": True})
        held = scope.company.book.account(row.id)
        scope.company.book.change_account(Account(held.id, held.name, held.kind, held.currency, active=False))
        self.remove(scope, record_of(self.row(scope, row.id)))


def _has_entries(scope: Scope, account: str) -> bool:
    return next(scope.company.book.lines(account=account), None) is not None


class LedgerSetup(EntitySet):
    """General ledger setup: local currency, and the dates between which anything may be posted."""

    name, type, caption = "generalLedgerSetup", "generalLedgerSetup", "General Ledger Setup"
    fields = shown(
        day("allowPostingFrom"),
        day("allowPostingTo"),
        code("additionalReportingCurrency", 10),
        code("localCurrencyCode", 10),
        text("localCurrencySymbol", 10),
        flag("allowQueryFromConsolidation"),
        *(code(f"shortcutDimension{n}Code") for n in range(1, 9)),
    )

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        company, settings = scope.company, scope.company.settings
        id = company.world.ids.fixed_uuid(f"business_central/{company.id}/generalLedgerSetup")
        body = {
            "allowPostingFrom": settings.get("allow_posting_from", BLANK_DATE),
            "allowPostingTo": settings.get("allow_posting_to", BLANK_DATE),
            "localCurrencyCode": company.currency,
            "localCurrencySymbol": settings.get("currency_symbol", ""),
        }
        codes = settings.get("shortcut_dimensions", [])
        body.update({f"shortcutDimension{n}Code": each for n, each in enumerate(codes, start=1)})
        yield Row(id, self.shown(id, body), entity_tag(self.type, id, len(str(sorted(body.items())))))


class AccountingPeriods(EntitySet):
    """The months of this fiscal year and of those beside it."""

    name, type, caption = "accountingPeriods", "accountingPeriod", "Accounting Period"
    fields = shown(day("startingDate"), text("name", 10), flag("newFiscalYear"), flag("closed"), flag("dateLocked"))

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        company = scope.company
        closed = company.book.closed_through
        for year in range(scope.today.year - 1, scope.today.year + 2):
            for month in range(1, 13):
                first = date(year, month, 1)
                last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
                id = company.world.ids.fixed_uuid(f"business_central/{company.id}/period/{first}")
                body = {
                    "startingDate": first.isoformat(),
                    "name": first.strftime("%B"),
                    "newFiscalYear": month == 1,
                    "closed": False,  # a fiscal year is closed by a routine of its own
                    "dateLocked": closed is not None and last <= closed,
                }
                yield Row(id, self.shown(id, body), entity_tag(self.type, id, int(bool(body["dateLocked"]))))


class LedgerEntries(EntitySet):
    """General ledger entries: what was posted, in local currency, one row for each posting."""

    name, type, caption = "generalLedgerEntries", "generalLedgerEntry", "G/L Entry"
    children = ("attachments", "dimensionSetLines")
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {"account": ("accounts", "accountId")}
    fields = shown(
        whole("entryNumber"),
        day("postingDate"),
        code("documentNumber"),
        choice("documentType", "", "Payment", "Invoice", "Credit Memo", "Finance Charge Memo", "Reminder", "Refund"),
        uid("accountId"),
        code("accountNumber"),
        text("description"),
        number("debitAmount"),
        number("creditAmount"),
        number("additionalCurrencyDebitAmount"),
        number("additionalCurrencyCreditAmount"),
    )

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        return self._shown(scope, scope.company.book.lines())

    def narrowed(self, scope: Scope, fixed: Mapping[str, str]) -> Iterator[Row] | None:
        """Only the entries of one document number, or of one account."""
        if "documentNumber" in fixed:
            wanted = fixed["documentNumber"].lower()
            sources = [
                (kind, record.id)
                for kind, key in _NUMBERED.items()
                for record in scope.records.find(kind, key, wanted, deleted=True)
            ]
            found = chain.from_iterable(scope.company.book.lines(source=each) for each in sources)
            return self._shown(scope, sorted(found, key=_order))
        account = scope.by("account", "number", fixed["accountNumber"].lower()) if "accountNumber" in fixed else None
        id = account.id if account is not None else fixed.get("accountId")
        if id is None:
            return None
        behind = [bank for bank, group in bank_groups(scope).items() if group == id]
        found = chain.from_iterable(scope.company.book.lines(account=each) for each in (id, *behind))
        return self._shown(scope, sorted(found, key=_order))

    def _shown(self, scope: Scope, lines: Iterable[Line]) -> Iterator[Row]:
        groups = bank_groups(scope)
        numbers = {record.id: record.body["number"] for record in scope.records.scan("account", deleted=True)}
        horizon = scope.world.clock.now() - scope.lag
        for line in lines:
            record = scope.records.get(line.source.kind, line.source.id)
            if scope.lag and record is not None and record.updated > horizon:
                continue
            yield self._row(scope, line, record, numbers, groups.get(line.posting.account, line.posting.account))

    def _row(self, scope: Scope, line: Line, record: Record | None, numbers: Mapping[str, str], account: str) -> Row:
        kind, _, told = line.entry_memo.partition("|")
        amount = line.posting.base.amount
        place = place_of(scope.company, line.number, line.index)
        id = entry_id(scope, place)
        body = {
            "entryNumber": place,
            "postingDate": line.date.isoformat(),
            "documentNumber": told,
            "documentType": encoded(kind),
            "accountId": account,
            "accountNumber": numbers.get(account, ""),
            "description": line.posting.memo,
            "debitAmount": plain(max(amount, Decimal(0))),
            "creditAmount": plain(max(-amount, Decimal(0))),
        }
        values = self.shown(id, body, modified=record.updated if record else None)
        return Row(id, values, entity_tag(self.type, id, 1))


def _order(line: Line) -> tuple[int, int]:
    return line.number, line.index


# Which member of a source carries the number of the document that it posted.
_NUMBERED = {
    "journalLine": "documentNumber",
    "vendorPayment": "documentNumber",
    "customerPayment": "documentNumber",
    "purchaseInvoice": "number",
    "purchaseCreditMemo": "number",
    "salesInvoice": "number",
    "salesCreditMemo": "number",
}


def entry_id(scope: Scope, place: int) -> str:
    """The id of the G/L entry with a number."""
    return booking.entry_id(scope.company, place)


BANKS = BankAccounts()
SETS = (Accounts(), BANKS, LedgerSetup(), AccountingPeriods(), LedgerEntries())
