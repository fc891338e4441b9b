"""Beginnings of a platform's bill pay client: what it lacks refused, what the expense flow writes already passed on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from sandbooks.connector import Company, Connector, Consent, Done, Native, Refused, Steps, TakesBackDoubles
from sandbooks.payables.records import (
    BillCredit,
    LedgerJournal,
    NewBill,
    NewCredit,
    NewEntry,
    NewJournal,
    NewPayment,
    NewRecord,
    PaymentMethod,
    RecordKind,
    as_reimbursable,
)


class RefusesRest:
    """What a platform may lack, refused, so that its class says what it has and no more."""

    title = "the platform"

    def open_journal(self, record: NewJournal, consent: Consent, company: Company) -> Steps[Done]:
        return self.refuse("journals are not offered")

    def find_journal(self, record: NewJournal, consent: Consent, company: Company) -> Steps[Done | None]:
        return self.refuse("journals are not offered")

    def enter(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done]:
        return self.refuse("journal entries are not offered")

    def find_entry(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done | None]:
        return self.refuse("journal entries are not offered")

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]:
        return self.refuse("credits of suppliers are not offered")

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]:
        return self.refuse("credits of suppliers are not offered")

    def methods(self, consent: Consent, company: Company) -> Steps[Sequence[PaymentMethod]]:
        return self.refuse("payment methods are not offered")

    def journals(self, consent: Consent, company: Company) -> Steps[Sequence[LedgerJournal]]:
        return self.refuse("journals are not offered")

    def remove(self, kind: RecordKind, id: str, consent: Consent, company: Company, *, key: str) -> Steps[None]:
        return self.refuse(f"a {kind} cannot be removed")

    def remove_file(self, id: str, file: str, consent: Consent, *, key: str) -> Steps[None]:
        return self.refuse("a file cannot be taken off a bill")

    def refuse(self, what: str) -> Steps[Any]:
        """An operation that the platform does not have."""
        raise Refused(f"{what} on {self.title}")
        yield  # pragma: no cover


def none() -> Steps[Sequence[str]]:
    """Nothing is taken back."""
    yield from ()
    return ()


@runtime_checkable
class TakesBackRecords(Protocol):
    """A payables side whose platform may carry a request out long after its repeat."""

    def take_back_doubles(
        self, record: NewRecord, native: Native, consent: Consent, company: Company
    ) -> Steps[Sequence[str]]: ...


class ThroughReimbursables(RefusesRest):
    """Bills written as the expense flow writes what is owed to an employee; the rest is the platform's own."""

    def __init__(self, documents: Connector) -> None:
        self.documents = documents

    def write(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done]:
        if isinstance(record, NewBill):
            return self.documents.push(as_reimbursable(record), consent, company)
        return (
            self.pay(record, consent, company) if isinstance(record, NewPayment) else self.owe(record, consent, company)
        )

    def look_up(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done | None]:
        if isinstance(record, NewBill):
            return self.documents.look_up(as_reimbursable(record), consent, company)
        if isinstance(record, NewPayment):
            return self.find_payment(record, consent, company)
        return self.find_credit(record, consent, company)

    def change(self, record: NewRecord, id: str, consent: Consent, company: Company) -> Steps[Done]:
        if isinstance(record, NewBill):
            return self.documents.update(as_reimbursable(record), self.native("bill", id), consent, company)
        return self.refuse("a payment or credit cannot be changed")

    def take_back_doubles(
        self, record: NewRecord, native: Native, consent: Consent, company: Company
    ) -> Steps[Sequence[str]]:
        """Remove every other native record that is exactly this one, id included; the ids of those that were."""
        if isinstance(record, NewBill) and isinstance(self.documents, TakesBackDoubles):
            return self.documents.take_back_doubles(as_reimbursable(record), native, consent, company)
        if isinstance(record, NewPayment):
            return self.take_back_payments(record, native, consent, company)
        return none()

    def take_back_payments(
        self, record: NewPayment, native: Native, consent: Consent, company: Company
    ) -> Steps[Sequence[str]]:
        """The same for payments; none where the platform tells a repeat by itself."""
        return none()

    def native(self, kind: RecordKind, id: str) -> Native:
        """A record's native identity."""
        raise NotImplementedError

    def pay(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native payment."""
        raise NotImplementedError

    def find_payment(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done | None]:
        """Search for the native payment once."""
        raise NotImplementedError

    def owe(self, record: NewCredit, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native credit."""
        return self.refuse("credits of suppliers are not offered")

    def find_credit(self, record: NewCredit, consent: Consent, company: Company) -> Steps[Done | None]:
        """Search for the native credit once."""
        return self.refuse("credits of suppliers are not offered")
