"""Credits that a payment's detail may use beside money: the key of each, that of its line, the amount, the object.

Source: github.com/Intacct/intacct-sdk-php (ApPaymentDetailDebitMemo, ApPaymentDetailNegativeBill,
ApPaymentDetailAdvance), developer.intacct.com/api/accounts-payable/ap-payments (APPYMTDETAIL)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct


class Credit(Struct, frozen=True):
    """One way to use a credit: where its key, the key of its line and the amount stand, and what it is."""

    key: str
    entry: str
    amount: str
    kind: str


# Unconfirmed: the elements of overpayments, which are those of receivables.
CREDITS = (
    Credit("ADJUSTMENTKEY", "ADJUSTMENTENTRYKEY", "TRX_ADJUSTMENTAMOUNT", "APADJUSTMENT"),
    Credit("INLINEKEY", "INLINEENTRYKEY", "TRX_INLINEAMOUNT", "APBILL"),
    Credit("NEGATIVEBILLINVKEY", "NEGATIVEBILLINVENTRYKEY", "TRX_NEGATIVEBILLINVAMOUNT", "APBILL"),
    Credit("ADVANCEKEY", "ADVANCEENTRYKEY", "TRX_POSTEDADVANCEAMOUNT", "APADVANCE"),
    Credit("POSTEDADVANCEKEY", "POSTEDADVANCEENTRYKEY", "TRX_POSTEDADVANCEAMOUNT", "APADVANCE"),
    Credit("OVERPAYMENTKEY", "OVERPAYMENTENTRYKEY", "TRX_POSTEDOVERPAYMENTAMOUNT", "APADVANCE"),
)
# What a detail pays, with the key of the line.
OWED = (("RECORDKEY", "ENTRYKEY"), ("POSADJKEY", "POSADJENTRYKEY"))
# Amounts of a payment's detail that pay of its document: money, a discount, credits.
PAYING = ("TRX_PAYMENTAMOUNT", "TRX_DISCOUNTAMOUNT", *dict.fromkeys(credit.amount for credit in CREDITS))


def shares_of(detail: Mapping[str, Any], id: str) -> Iterator[tuple[str, Decimal]]:
    """What a payment's detail settles of a document: the key of the line, empty for the whole, and how much."""
    for key, entry in OWED:
        if detail.get(key) == id:
            amounts = (Decimal(detail[name]) for name in PAYING if detail.get(name))
            yield str(detail.get(entry) or ""), sum(amounts, Decimal(0))
    for credit in CREDITS:
        if detail.get(credit.key) == id:
            yield str(detail.get(credit.entry) or ""), Decimal(detail[credit.amount])
