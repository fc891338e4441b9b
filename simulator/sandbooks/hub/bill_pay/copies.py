"""Which data types of payables a platform has, and how each is read for the hub's copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbooks.connector import Company
from sandbooks.hub.errands import Work
from sandbooks.hub.native import Session
from sandbooks.payables import Bill, BillCredit, BillPayment, LedgerJournal, PaymentMethod, pays_bills

SHAPES: Mapping[str, type[Any]] = {
    "bills": Bill,
    "billPayments": BillPayment,
    "billCreditNotes": BillCredit,
    "paymentMethods": PaymentMethod,
    "journals": LedgerJournal,
}
_NEEDS = {"billCreditNotes": "credits", "paymentMethods": "methods", "journals": "journals"}


def kept(connector: object) -> tuple[str, ...]:
    """The data types of payables that a platform has."""
    if not pays_bills(connector):
        return ()
    offers = connector.payables.offers
    return tuple(name for name in SHAPES if _NEEDS.get(name, "") in ("", *offers))


def fetch(session: Session, data_type: str, facts: Company, work: Work) -> Sequence[Any]:
    """Every record of a data type, as the platform has it now. Raises what the connector raises."""
    connector: object = session.connector
    if not pays_bills(connector):
        raise LookupError(f"{session.platform.name} keeps no {data_type}")
    side, consent = connector.payables, session.consent
    match data_type:
        case "bills":
            return session.run(side.bills(consent, facts), work=work)
        case "billPayments":
            return session.run(side.payments(consent, facts), work=work)
        case "billCreditNotes":
            return session.run(side.credits(consent, facts), work=work)
        case "paymentMethods":
            return session.run(side.methods(consent, facts), work=work)
        case _:
            return session.run(side.journals(consent, facts), work=work)
