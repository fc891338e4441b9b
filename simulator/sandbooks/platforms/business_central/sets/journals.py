"""General journals: batches, their lines, and posting them.

A line that is posted leaves the batch for good. Its record stays as the source of the entry; the first line of a
document number carries the entry of the whole document.
Source: pages Journals and Journal Lines, codeunits GraphMgtJournal, GraphMgtJournalLines, Gen. Jnl.-Check Line and
Gen. Jnl.-Post Batch, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.business_central import webhooks
from sandbooks.platforms.business_central.fields import choice, code, day, number, plain, shown, text, uid, whole
from sandbooks.platforms.business_central.names import BLANK_DATE, BLANK_ID, caption, encoded
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule, KeyExists, RecordMissing, Unrelated
from sandbooks.platforms.business_central.sets import line_kinds
from sandbooks.platforms.business_central.sets.dimensions import default_dimensions
from sandbooks.platforms.business_central.sets.entity import Action, Given, Parent, Row, Scope, StoredSet
from sandbooks.platforms.business_central.sets.masters import CodedSet, check_not_blocked, record_of
from sandbooks.platforms.business_central.sets.tax_facts import tax_group

GL, BANK, VENDOR, CUSTOMER, EMPLOYEE = "G/L Account", "Bank Account", "Vendor", "Customer", "Employee"
TYPES = (GL, CUSTOMER, VENDOR, BANK, line_kinds.FIXED_ASSET, line_kinds.PARTNER, EMPLOYEE, line_kinds.ALLOCATION)
KINDS = {
    GL: "account",
    BANK: "bankAccount",
    VENDOR: "vendor",
    CUSTOMER: "customer",
    EMPLOYEE: "employee",
    line_kinds.FIXED_ASSET: "fixedAsset",
    line_kinds.PARTNER: "icPartner",
    line_kinds.ALLOCATION: "allocationAccount",
}
ROLES = {VENDOR: "payables", CUSTOMER: "receivables", EMPLOYEE: "employees"}
TABLE = "Gen. Journal Line"
DEFAULT_TEMPLATE = "GENERAL"
PAYMENT_JOURNALS = ("vendorPaymentJournal", "customerPaymentJournal")
TEMPLATES = {
    "GENERAL": "General",
    "PAYMENT": "Payments",
    "CASHRCPT": "Cash Receipts",
    "INTERCOMP": line_kinds.INTERCOMPANY,
}
_SERIES = {"Payments": "P", "Cash Receipts": "R"}
SUBSIDIARY = frozenset({CUSTOMER, VENDOR, line_kinds.FIXED_ASSET, line_kinds.PARTNER, EMPLOYEE})
STEP = 10000
NO_BATCH = "You must specify a journal batch ID or a journal ID to get a journal line."


class Batches(CodedSet):
    """Journal batches of one template type."""

    keys = ("code",)
    template_type: ClassVar[str]
    template: ClassVar[str] = DEFAULT_TEMPLATE

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        values.setdefault("_templateType", self.template_type)
        if values.get("balancingAccountId", BLANK_ID) == BLANK_ID:
            values.update(balancingAccountId=BLANK_ID, balancingAccountNumber="")
            return
        found = scope.get("account", values["balancingAccountId"]) or scope.get(
            "bankAccount", values["balancingAccountId"]
        )
        if found is None:
            raise Dialog('The "balancingAccountId" does not match to an Account.')
        values["balancingAccountNumber"] = found.body["number"]

    def one_of_a_kind(self, scope: Scope, member: str, value: str, *, but: str = "", label: str = "No.") -> None:
        label = f"Journal Template Name='{self.template}',Name"
        super().one_of_a_kind(scope, member, value, but=but, label=label)

    def delete(self, scope: Scope, row: Row) -> None:
        for line in open_lines(scope, row.id):
            LINES.remove(scope, line)
        self.remove(scope, record_of(row))


class Journals(Batches):
    name, type, caption = "journals", "journal", "Gen. Journal Batch"
    children = ("journalLines",)
    template_type = "General"
    fields = (
        code("code", 10),
        text("displayName"),
        code("templateDisplayName", 10),
        uid("balancingAccountId"),
        *shown(code("balancingAccountNumber")),
    )

    @property
    def actions(self) -> Mapping[str, Action]:
        from sandbooks.platforms.business_central.sets.journal_posting import post_batch

        return {"Microsoft.NAV.post": post_batch}

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        scope.kept["templates"] = "templateDisplayName" in filtered

    def visible(self, scope: Scope, record: Record) -> bool:
        """Only batches of the general template, unless the filter names the template."""
        return bool(record.body["_templateType"] == "General" or scope.kept.get("templates"))

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        yield from super().rows(scope, parent)
        if scope.kept.get("templates"):
            for kind in PAYMENT_JOURNALS:
                for record in scope.records.scan(kind, lag=scope.lag):
                    yield self.render(scope, record)

    def row(self, scope: Scope, id: str) -> Row:
        """By id every batch is reached, those of the payment journals too."""
        record = batch_of(scope, id)
        if record is None:
            raise self.missing(id)
        return self.render(scope, record)

    def acted_on(self, scope: Scope, parent: Parent | None, id: str) -> Row:
        """The batch to be posted. Source: page Journals of API v2.0 (CannotFindBatchErr)"""
        if batch_of(scope, id) is None:
            raise Dialog(f"The General Journal Batch with ID {id} cannot be found.")
        return self.under(scope, parent, id)

    def save(self, scope: Scope, id: str, body: Mapping[str, Any], **more: Any) -> Record:
        known = batch_of(scope, id)
        if known is not None and known.kind != self.type:
            raise NotSimulated("changing a payment journal as a general one", instead=f"{known.kind}s")
        return super().save(scope, id, body, **more)

    def remove(self, scope: Scope, record: Record) -> Record:
        if record.kind != self.type:
            raise NotSimulated("deleting a payment journal as a general one", instead=f"{record.kind}s")
        return super().remove(scope, record)

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        values["templateDisplayName"] = values.get("templateDisplayName") or DEFAULT_TEMPLATE
        if values["templateDisplayName"] not in TEMPLATES:
            raise Unrelated(
                "Journal Template Name", self.caption, values["templateDisplayName"], "Gen. Journal Template"
            )
        values["_templateType"] = TEMPLATES[values["templateDisplayName"]]
        super().check(scope, given, values, record)


class LinesOfJournals(StoredSet):
    """Lines of one kind of journal, which is changed with them."""

    journals: ClassVar[str]

    def save(self, scope: Scope, id: str, body: Mapping[str, Any], **more: Any) -> Record:
        """A change of a line is a change of its journal to whoever listens."""
        record = super().save(scope, id, body, **more)
        webhooks.announce(scope.company, self.journals, str(body["journalId"]), "updated")
        return record

    def remove(self, scope: Scope, record: Record) -> Record:
        """So is its deletion."""
        gone = super().remove(scope, record)
        webhooks.announce(scope.company, self.journals, str(record.body["journalId"]), "updated")
        return gone


class JournalLines(LinesOfJournals):
    journals = "journals"
    name, type, caption = "journalLines", "journalLine", "Gen. Journal Line"
    inserts = modifies = deletes = True
    parents: ClassVar[Mapping[str, str]] = {"journals": "journalId"}
    children = ("attachments", "dimensionSetLines")
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "account": ("accounts", "accountId"),
        "journal": ("journals", "journalId"),
        "customerPaymentJournal": ("customerPaymentJournals", "journalId"),  # so the page has it
    }
    keys = ("externalDocumentNumber", "documentNumber", "accountId")
    order = "lineNumber"
    fields = (
        uid("journalId"),
        text("journalDisplayName"),
        whole("lineNumber"),
        choice("accountType", *TYPES),
        uid("accountId"),
        code("accountNumber"),
        day("postingDate"),
        code("documentNumber"),
        code("externalDocumentNumber", 35),
        number("amount"),
        text("description"),
        text("comment", 250),
        code("taxCode"),
        choice("balanceAccountType", *TYPES),
        uid("balancingAccountId"),
        code("balancingAccountNumber"),
    )

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        if parent is None and not filtered & {"journalId", "id"}:
            raise Dialog(NO_BATCH)

    def visible(self, scope: Scope, record: Record) -> bool:
        kinds = (encoded(GL), encoded(BANK))
        return not record.body.get("_posted") and record.body["accountType"] in kinds

    def reachable(self, scope: Scope, record: Record) -> bool:
        return not record.body.get("_posted")

    def lookup(self, body: Mapping[str, Any]) -> dict[str, str]:
        """A posted line is no longer found under its batch."""
        keys = super().lookup(body)
        return {name: value for name, value in keys.items() if name != "parent"} if body.get("_posted") else keys

    def computed(self, scope: Scope, record: Record) -> dict[str, Any]:
        return {"journalDisplayName": batch_name(scope, record.body["journalId"])}

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        batch = self._batch(scope, given, parent)
        before = open_lines(scope, batch.id)
        values = {f.name: given.values.get(f.name, f.blank) for f in self.fields}
        if given.values.get("journalDisplayName") not in (None, "", batch.body["code"]):
            raise Dialog("The Journal Batch Display Name isn't editable.")
        values.update(journalId=batch.id, journalDisplayName=batch.body["code"])
        give_line_number(batch, values, before)
        self._date(scope, given, values, before)
        self._document(scope, given, values, batch, before)
        self._balancing_of_batch(scope, given, values, batch)
        self._settle(scope, given, values)
        values["_dimensions"] = default_dimensions(scope, values["accountId"], values["balancingAccountId"])
        return self.render(scope, self.save(scope, self.new_id(scope, given), values))

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        record = record_of(row)
        if given.values.get("journalId", record.body["journalId"]) != record.body["journalId"]:
            raise Dialog("The Journal Batch Id isn't editable.")
        if (
            given.values.get("journalDisplayName", record.body["journalDisplayName"])
            != row.values["journalDisplayName"]
        ):
            raise Dialog("The Journal Batch Display Name isn't editable.")
        values = {**record.copy(), **given.values}
        if values["lineNumber"] != record.body["lineNumber"]:
            batch = self._batch(scope, Given({"journalId": record.body["journalId"]}), None)
            give_line_number(batch, values, [line for line in open_lines(scope, batch.id) if line.id != record.id])
        self._settle(scope, given, values)
        line_kinds.changed(values)
        return self.render(scope, self.save(scope, record.id, values))

    def delete(self, scope: Scope, row: Row) -> None:
        self.remove(scope, record_of(row))

    def _batch(self, scope: Scope, given: Given, parent: Parent | None) -> Record:
        wanted = parent.id if parent else given.values.get("journalId", BLANK_ID)
        named = given.values.get("journalId", BLANK_ID)
        if parent is not None and named not in (BLANK_ID, parent.id):
            raise Dialog("The Journal Batch Id isn't editable.")
        if wanted == BLANK_ID:
            raise Dialog(NO_BATCH)
        found = batch_of(scope, wanted)
        if found is None:
            raise RecordMissing("Gen. Journal Batch", f"SystemId='{{{wanted.upper()}}}'")
        return found

    def _date(self, scope: Scope, given: Given, values: dict[str, Any], before: list[Record]) -> None:
        if values["postingDate"] == BLANK_DATE:
            values["postingDate"] = before[-1].body["postingDate"] if before else scope.today.isoformat()

    def _document(
        self, scope: Scope, given: Given, values: dict[str, Any], batch: Record, before: list[Record]
    ) -> None:
        """A document number: the last line's while that document is out of balance, else the next of the series.

        Another external document number begins another document.
        """
        # Source: codeunit Library API - General Journal (AlterDocNoBasedOnExternalDocNo), github.com/microsoft/BCApps
        if values["documentNumber"]:
            return
        last = before[-1].body if before else None
        outside = "externalDocumentNumber"
        if last is not None and last[outside] == values[outside] and _is_out_of_balance(before, last):
            values["documentNumber"] = last["documentNumber"]
            return
        values["documentNumber"] = next_document(scope, batch)

    def _balancing_of_batch(self, scope: Scope, given: Given, values: dict[str, Any], batch: Record) -> None:
        if given.has("balancingAccountId", "balancingAccountNumber"):
            return
        wanted = batch.body.get("balancingAccountId", BLANK_ID)
        if wanted != BLANK_ID:
            kind = GL if scope.get("account", wanted) else BANK
            number_ = batch.body["balancingAccountNumber"]
            values.update(balanceAccountType=encoded(kind), balancingAccountId=wanted, balancingAccountNumber=number_)

    def _settle(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        """Account and balancing account by id or number; description and tax code follow the account."""
        # Source: table 81 Gen. Journal Line, Account Type - OnValidate (Text000).
        if {caption(values["accountType"]), caption(values["balanceAccountType"])} <= SUBSIDIARY:
            raise Dialog("Account Type or Bal. Account Type must be a G/L Account or Bank Account.")
        account = settle_account(scope, given, values, ("accountType", "accountId", "accountNumber"))
        settle_account(scope, given, values, ("balanceAccountType", "balancingAccountId", "balancingAccountNumber"))
        chosen = given.has("accountId", "accountNumber")
        if account is not None and chosen:
            if not given.has("description"):
                values["description"] = account.body["displayName"]
            if not given.has("taxCode"):
                values["taxCode"] = default_tax(account)
        tax_group(scope, values["taxCode"], table=TABLE)
        check_precision(scope, values)


def batch_of(scope: Scope, id: str) -> Record | None:
    """A batch of any journal."""
    return next(filter(None, (scope.get(kind, id) for kind in ("journal", *PAYMENT_JOURNALS))), None)


def batch_name(scope: Scope, batch: str) -> str:
    """The name of a batch, which its lines show: its code."""
    # Source: pages Journal Lines (GlobalJournalDisplayNameTxt) and Vendor Payments, github.com/microsoft/BCApps
    names: dict[str, str] = scope.kept.setdefault("batches", {})
    if batch not in names:
        found = batch_of(scope, batch)
        names[batch] = str(found.body["code"]) if found else ""
    return names[batch]


def template_of(batch: Record) -> str:
    """The name of a batch's template."""
    return batch.body.get("templateDisplayName") or "PAYMENT"


def give_line_number(batch: Record, values: dict[str, Any], others: list[Record]) -> None:
    """The next line number of a batch where none is given. Raises ``KeyExists`` for one that is taken."""
    taken = [int(line.body["lineNumber"]) for line in others]
    if not values["lineNumber"]:
        values["lineNumber"] = (max([*taken, 0]) // STEP + 1) * STEP
    elif values["lineNumber"] in taken:
        key = f"Journal Template Name='{template_of(batch)}',Journal Batch Name='{batch.body['code']}'"
        raise KeyExists(TABLE, f"{key},Line No.='{values['lineNumber']}'")


def default_tax(account: Record) -> str:
    """The tax code that a G/L account brings: only accounts with a posting type have one."""
    return str(account.body.get("_taxCode", "")) if account.body.get("_postingType") else ""


def check_precision(scope: Scope, values: dict[str, Any]) -> None:
    """Amounts are rounded to the precision of their currency, as the journal does on entry."""
    currency = currency_of(scope, values)
    rounded = Money.of(Decimal(values["amount"]), currency).rounded()
    values["amount"] = plain(rounded.amount)


def _is_out_of_balance(lines: list[Record], last: Mapping[str, Any]) -> bool:
    of_document = [
        line.body
        for line in lines
        if line.body["documentNumber"] == last["documentNumber"] and line.body["postingDate"] == last["postingDate"]
    ]
    return bool(
        sum(
            Decimal(body["amount"])
            for body in of_document
            if body["balancingAccountId"] == BLANK_ID and not body["balancingAccountNumber"]
        )
    )


def next_document(scope: Scope, batch: Record) -> str:
    """The next number of the batch's series."""
    prefix = _SERIES.get(batch.body["_templateType"], "G")
    return f"{prefix}{scope.records.next_number(f'series/journal/{prefix}'):05d}"


def settle_account(scope: Scope, given: Given, values: dict[str, Any], members: tuple[str, str, str]) -> Record | None:
    """The account that a line names on one side. Raises ``Dialog`` or ``FieldRule``."""
    type_member, id_member, number_member = members
    kind = caption(values[type_member])
    if given.has(type_member) and not given.has(id_member, number_member):
        values.update({id_member: BLANK_ID, number_member: ""})
    wanted_id, wanted = given.values.get(id_member, BLANK_ID), given.values.get(number_member, "")
    if wanted_id == BLANK_ID and not wanted:
        if given.has(id_member, number_member):
            values.update({id_member: BLANK_ID, number_member: ""})
        return account_of(scope, kind, values[number_member])
    record = scope.get(KINDS[kind], wanted_id) if wanted_id != BLANK_ID else None
    if wanted_id != BLANK_ID and record is None:
        raise Dialog(f'The "{id_member}" does not match to an Account.')
    if wanted:
        named = account_of(scope, kind, wanted)
        if record is not None and (named is None or named.id != record.id):
            raise Dialog("The account values do not match to a specific Account.")
        if named is None:
            if kind in (GL, BANK):
                raise Dialog(f'The "{number_member}" does not match to an Account.')
            raise Unrelated("Account No.", TABLE, wanted, kind)
        record = named
    if record is None:
        raise AssertionError("an account was named")
    check_usable(kind, record, verb="create")
    shown_id = record.id if kind in (GL, BANK) else BLANK_ID
    values.update({id_member: shown_id, number_member: record.body["number"]})
    return record


def account_of(scope: Scope, kind: str, number_: str) -> Record | None:
    """The account, bank, party or other master behind a number."""
    return scope.by(KINDS[kind], "number", number_.lower()) if number_ else None


def check_usable(kind: str, record: Record, *, verb: str, payment: bool = False) -> None:
    """Refuse headings, blocked accounts and parties, and accounts closed to direct posting."""
    body, no = record.body, record.body["number"]
    if kind == GL:
        if body["accountType"] != "Posting":
            raise FieldRule(
                f"Account Type must be equal to 'Posting' in G/L Account: No.={no}. Current value is "
                f"'{caption(body['accountType'])}'."
            )
        if not body["directPosting"]:
            raise FieldRule(f"Direct Posting must be equal to 'Yes' in G/L Account: No.={no}. Current value is 'No'.")
    if kind in (VENDOR, CUSTOMER):
        check_not_blocked(kind, record, verb=verb, payment=payment)
    elif body.get("blocked"):
        raise FieldRule(f"Blocked must be equal to 'No' in {kind}: No.={no}. Current value is 'Yes'.")


def currency_of(scope: Scope, values: Mapping[str, Any]) -> str:
    """The currency of a line: that of the first bank account or party in it that is kept in another than the local."""
    local = scope.company.currency
    found = [values["_currency"]] if values.get("_currency", local) != local else []
    for type_member, number_member in (
        ("accountType", "accountNumber"),
        ("balanceAccountType", "balancingAccountNumber"),
    ):
        record = account_of(scope, caption(values[type_member]), values[number_member])
        named = record.body.get("currencyCode") if record is not None else None
        if named and named != local:
            found.append(named)
    if len(set(found)) > 1:
        raise Dialog("The account and the balancing account must have the same Currency Code.")
    return str(found[0]) if found else local


def open_lines(scope: Scope, batch: str) -> list[Record]:
    """The unposted lines of a batch, in the order of their numbers."""
    return sorted(scope.records.find("journalLine", "parent", batch), key=lambda line: int(line.body["lineNumber"]))


LINES = JournalLines()
SETS = (Journals(), LINES)
