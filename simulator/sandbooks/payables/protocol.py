"""What a platform's client offers for bill pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeGuard, runtime_checkable

from sandbooks.connector import Company, Consent, Done, Native, Steps
from sandbooks.payables.records import (
    Bill,
    BillCredit,
    BillFile,
    BillPayment,
    LedgerJournal,
    NewEntry,
    NewJournal,
    NewRecord,
    PaymentMethod,
    RecordKind,
)


class Payables(Protocol):
    """The payables side of one platform's client.

    ``offers`` names what there is beyond bills and their payments: ``credits`` ``methods`` ``journals``
    ``credit.update`` ``journal.create`` ``bill.delete`` ``payment.delete`` ``file.delete`` ``many`` (several bills
    at once) ``batch`` (of several suppliers) ``credit_use`` (a credit settles a bill) ``credit_in_payment`` (a
    credit and money in one record) ``credit_refund`` (the supplier pays a credit back: ``total`` is below zero)
    ``on_account`` ``entries`` (journal entries, where the expense flow's adjustments are not offered). What is not
    named is not asked for.
    """

    @property
    def offers(self) -> frozenset[str]: ...

    # Reads. Lists follow the platform's pages to the end, drafts and voided records included. Raise ``Unavailable``.

    def bills(self, consent: Consent, company: Company) -> Steps[Sequence[Bill]]: ...

    def bill(self, id: str, consent: Consent, company: Company) -> Steps[Bill | None]:
        """One bill as it stands now, None when there is none with this id."""

    def payments(self, consent: Consent, company: Company) -> Steps[Sequence[BillPayment]]: ...

    def payment(self, id: str, consent: Consent, company: Company) -> Steps[BillPayment | None]: ...

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]: ...

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]: ...

    def methods(self, consent: Consent, company: Company) -> Steps[Sequence[PaymentMethod]]: ...

    def journals(self, consent: Consent, company: Company) -> Steps[Sequence[LedgerJournal]]: ...

    # Writes. Raise ``Refused``, ``NeedsConsent``, ``Unknown``.

    def write(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native record."""

    def look_up(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done | None]:
        """One search for a native record that carries the record's id; None when the search shows none."""

    def change(self, record: NewRecord, id: str, consent: Consent, company: Company) -> Steps[Done]:
        """Bring an existing bill or credit to the state of ``record``, all lines replaced, on its newest version."""

    def open_journal(self, record: NewJournal, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native journal; one of the same name and code that stands is an earlier attempt's."""

    def find_journal(self, record: NewJournal, consent: Consent, company: Company) -> Steps[Done | None]:
        """One search for a journal of this name and code."""

    def enter(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native journal entry."""

    def find_entry(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done | None]:
        """One search for a journal entry that carries the record's id."""

    def remove(self, kind: RecordKind, id: str, consent: Consent, company: Company, *, key: str) -> Steps[None]:
        """Delete or void a record, as the platform has it; one that is gone already is no error."""

    # Files

    def native(self, kind: RecordKind, id: str) -> Native:
        """A record's native identity, for attaching files to it."""

    def files(self, id: str, consent: Consent) -> Steps[Sequence[BillFile]]:
        """The files on a bill."""

    def content(self, id: str, file: BillFile, consent: Consent) -> Steps[bytes]:
        """The bytes of a file on a bill."""

    def remove_file(self, id: str, file: str, consent: Consent, *, key: str) -> Steps[None]:
        """Take a file off a bill."""


@runtime_checkable
class HasPayables(Protocol):
    """A connector whose platform takes part in bill pay."""

    @property
    def payables(self) -> Payables: ...


def pays_bills(connector: object) -> TypeGuard[HasPayables]:
    """Whether a connector takes part in bill pay."""
    return isinstance(connector, HasPayables)
