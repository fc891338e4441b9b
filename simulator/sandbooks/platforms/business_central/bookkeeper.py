"""What the company's own people do in Business Central's pages, past the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.tokens import Tokens
from sandbooks.ledger import Account
from sandbooks.platform import StoredFile
from sandbooks.platforms.business_central.refusals import Dialog, RecordMissing
from sandbooks.platforms.business_central.sets import ALL, allocation, approvals, assets, line_kinds, line_masters
from sandbooks.platforms.business_central.sets.entity import Scope, StoredSet
from sandbooks.platforms.business_central.sets.files import files_of
from sandbooks.platforms.business_central.sets.headers import HEADERS
from sandbooks.platforms.business_central.sets.purchases import CREDIT_MEMOS, INVOICES
from sandbooks.platforms.business_central.sets.sales_posting import cancel_credit_memo, cancel_invoice
from sandbooks.platforms.business_central.sets.trade_posting import mirror

_JOURNALISED = ("journalLine", "vendorPayment", "customerPayment")
# Lists that the API only reads, whose names are changed in the application's own pages.
_RENAMED = ("account", "dimension", "dimensionValue")
_CANCELLED = {"salesInvoice": cancel_invoice, "salesCreditMemo": cancel_credit_memo}
_BY_TYPE: dict[str, StoredSet] = {each.type: each for each in (*ALL, *line_masters.SETS) if isinstance(each, StoredSet)}


class BusinessCentralBookkeeper:
    """The pages of Business Central, by what they do."""

    def lock_period(self, company: Company, through: str) -> None:
        """General Ledger Setup, Allow Posting From: the day after."""
        day = date.fromisoformat(through) if through else None
        first = (day + timedelta(days=1)).isoformat() if day else None
        company.change_settings(allow_posting_from=first)
        company.book.lock(day)

    def archive_account(self, company: Company, account: str) -> None:
        """Block a G/L account or a bank account."""
        self._block(company, account, blocked=True)

    def restore_account(self, company: Company, account: str) -> None:
        """Take the block off."""
        self._block(company, account, blocked=False)

    def _block(self, company: Company, account: str, *, blocked: bool) -> None:
        scope = Scope(company)
        record = scope.get("account", account) or scope.get("bankAccount", account)
        if record is None:
            raise RecordMissing("G/L Account", f"SystemId='{account}'")
        _BY_TYPE[record.kind].save(scope, record.id, {**record.copy(), "blocked": blocked})
        held = company.book.account(record.id)
        company.book.change_account(Account(held.id, held.name, held.kind, held.currency, active=not blocked))

    def archive_contact(self, company: Company, contact: str) -> None:
        """Block a vendor or customer for everything."""
        self._change_contact(company, contact, blocked="All")

    def rename_contact(self, company: Company, contact: str, name: str) -> None:
        """Give a vendor or customer another name."""
        self._change_contact(company, contact, displayName=name[:100])

    def _change_contact(self, company: Company, contact: str, **changes: Any) -> None:
        scope = Scope(company)
        record = scope.get("vendor", contact) or scope.get("customer", contact)
        if record is None:
            raise RecordMissing("Vendor", f"SystemId='{contact}'")
        _BY_TYPE[record.kind].save(scope, record.id, {**record.copy(), **changes})

    def files(self, company: Company, kind: str, id: str) -> list[StoredFile]:
        """Incoming documents and attachments of a document or line."""
        del kind  # ids are unique over all kinds
        return [
            StoredFile(
                name=record.body["fileName"],
                content_type=record.body.get("_contentType", ""),
                content=company.records.blob(f"{of_kind}/{record.id}") or b"",
            )
            for of_kind in ("attachment", "documentAttachment")
            for record in files_of(company.records, of_kind, id)
        ]

    def edit(self, company: Company, kind: str, id: str, changes: Mapping[str, Any]) -> None:
        """Change members of a record, under the same rules as the API; posted ones refuse.

        The ``status`` of a purchase document is that of its page: ``Pending Approval`` sends it for approval, and
        ``Released``, ``Rejected``, ``Canceled`` or ``Open`` decides. Journal lines take ``faPostingType`` and
        ``icAccountNumber``, fixed assets ``depreciationBookCode`` and ``acquisitionCostAccount``: the API shows none.
        """
        scope, entity_set = Scope(company), self._set(kind)
        record = self._record(scope, kind, id)
        if kind in HEADERS and "status" in changes:
            if HEADERS[kind].party != "vendor":
                raise NotSimulated("approval of sales documents")
            if changes["status"] == approvals.PENDING:
                record = allocation.distribute(scope, HEADERS[kind], record, word=approvals.word_of(record))
            decided = approvals.decided(scope, record, str(changes["status"]))
            record = entity_set.save(scope, id, {**record.copy(), **decided})
            changes = {name: value for name, value in changes.items() if name != "status"}
            if not changes:
                return
        if record.body.get("_posted") and kind in _JOURNALISED:
            raise Dialog("The entry has been posted and can no longer be modified.")
        if kind == "journalLine" and set(changes) <= line_kinds.PAGE_MEMBERS:
            entity_set.save(scope, id, line_kinds.entered(scope, record, changes))
            return
        if kind == "fixedAsset" and set(changes) <= assets.PAGE_MEMBERS:
            entity_set.save(scope, id, assets.entered(scope, record, changes))
            return
        if kind in _RENAMED and set(changes) == {"displayName"}:
            entity_set.save(scope, id, {**record.copy(), "displayName": str(changes["displayName"])[:100]})
            return
        entity_set.update(scope, entity_set.render(scope, record), entity_set.read(dict(changes)))

    def delete(self, company: Company, kind: str, id: str) -> None:
        """Delete a draft or an unposted line. A posted journal is taken back with Reverse Transaction, dated as it was;
        posted documents stay."""
        scope, entity_set = Scope(company), self._set(kind)
        record = self._record(scope, kind, id)
        if record.body.get("_posted") and kind in _JOURNALISED:
            self._reverse(scope, entity_set, record)
            return
        entity_set.delete(scope, entity_set.render(scope, record))

    def void(self, company: Company, kind: str, id: str) -> None:
        """Cancel a posted document with a corrective one, dated today; reverse a posted journal line."""
        scope, entity_set = Scope(company), self._set(kind)
        record = self._record(scope, kind, id)
        if not record.body.get("_posted"):
            entity_set.delete(scope, entity_set.render(scope, record))
        elif kind in _JOURNALISED:
            self._reverse(scope, entity_set, record)
        elif kind in _CANCELLED:
            _CANCELLED[kind](scope, entity_set.render(scope, record))
        elif record.body["status"] in ("Canceled", "Corrective"):
            raise Dialog("The document cannot be cancelled because it has already been canceled.")
        elif record.body["_remaining"] != str(record.body["totalAmountIncludingTax"]):
            raise Dialog("You cannot cancel this posted document because it is fully or partially paid.")
        else:
            mirror(scope, record, into=CREDIT_MEMOS if kind == "purchaseInvoice" else INVOICES)

    def _reverse(self, scope: Scope, entity_set: StoredSet, record: Record) -> None:
        """Reverse Transaction: the mirror is dated as the original. What settled an invoice cannot be reversed so.

        Source: https://learn.microsoft.com/dynamics365/business-central/finance-how-reverse-journal-posting
        """
        if scope.company.book.current(record.kind, record.id) is None:
            raise Dialog("You cannot reverse the entry because it has already been reversed.")
        facts = scope.records.versions(record.kind, record.id)[-1].facts
        if any(line.get("settled") for line in facts.get("lines", [])):
            raise Dialog("You cannot reverse the entry because it has been applied.")
        entity_set.remove(scope, record)

    def disconnect(self, company: Company) -> None:
        """Withdraw the application's consent."""
        tokens = Tokens(company.world, company.platform)
        for token in tokens.of_company(company.id) + tokens.of_company(company.id, kind="refresh"):
            tokens.withdraw(token)

    def _set(self, kind: str) -> StoredSet:
        found = _BY_TYPE.get(kind)
        if found is None:
            raise NotSimulated(f"changing {kind}")
        return found

    def _record(self, scope: Scope, kind: str, id: str) -> Record:
        record = scope.get(kind, id)
        if record is None:
            raise self._set(kind).missing(id)
        return record


BOOKKEEPER = BusinessCentralBookkeeper()
