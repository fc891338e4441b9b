"""What the hub may ask of a platform about what a company owes: bills, their payments, credits of suppliers, files.

The same rules hold as for every connector (``sandbooks.connector``): an operation is a generator that yields one native
request at a time, starts from its arguments alone and may be stopped between any two steps. A platform whose connector
has a ``payables`` attribute takes part in bill pay.
"""

from __future__ import annotations

from sandbooks.payables.partial import RefusesRest, ThroughReimbursables
from sandbooks.payables.protocol import HasPayables, Payables, pays_bills
from sandbooks.payables.records import (
    ZERO,
    Bill,
    BillCredit,
    BillFile,
    BillLine,
    BillPayment,
    BillStatus,
    CreditStatus,
    LedgerJournal,
    LinkKind,
    MethodType,
    NewBill,
    NewCredit,
    NewEntry,
    NewJournal,
    NewPayment,
    NewRecord,
    PaymentLink,
    PaymentMethod,
    RecordKind,
    Settlement,
    as_adjustment,
    as_reimbursable,
    day_of,
    number_of,
    status_of,
    unmarked,
)

__all__ = [
    "ZERO",
    "Bill",
    "BillCredit",
    "BillFile",
    "BillLine",
    "BillPayment",
    "BillStatus",
    "CreditStatus",
    "HasPayables",
    "LedgerJournal",
    "LinkKind",
    "MethodType",
    "NewBill",
    "NewCredit",
    "NewEntry",
    "NewJournal",
    "NewPayment",
    "NewRecord",
    "Payables",
    "PaymentLink",
    "PaymentMethod",
    "RecordKind",
    "RefusesRest",
    "Settlement",
    "ThroughReimbursables",
    "as_adjustment",
    "as_reimbursable",
    "day_of",
    "number_of",
    "pays_bills",
    "status_of",
    "unmarked",
]
