"""Credits that wait to be used: prepayments and overpayments, as bank transactions make them and settlements use them.

``_BaseOpen`` is what is still open in base currency; ``_Shares`` are the accounts that the credit stands on.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.ledger import Posting
from sandbooks.money import Money
from sandbooks.platforms.xero import posting
from sandbooks.platforms.xero.posting.money import converted
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import save

Body = dict[str, Any]
_COPIED = (
    "Contact", "Date", "LineAmountTypes", "LineItems", "SubTotal", "TotalTax", "Total", "CurrencyCode", "CurrencyRate",
    "Reference",
)  # fmt: skip


def from_bank_transaction(company: Company, body: Body, facts: Mapping[str, Any]) -> Body:
    """Make the prepayment or overpayment behind a bank transaction and note its id there."""
    kind = "Prepayment" if body["Type"].endswith("PREPAYMENT") else "Overpayment"
    id = company.records.next_uuid(kind.lower())
    total = Money(Decimal(body["Total"]), facts["currency"])
    credit: Body = {
        f"{kind}ID": id,
        "Type": body["Type"],
        "Status": "AUTHORISED",
        **{name: body[name] for name in _COPIED if name in body},
        "RemainingCredit": body["Total"],
        "AppliedAmount": Decimal("0.00"),
        "Allocations": [],
        "Payments": [],
        "HasAttachments": False,
        "UpdatedDateUTC": "",
        "_BaseOpen": converted(total, Decimal(facts["rate"]), facts["base"]).amount,
        "_Shares": _shares(body, facts),
    }
    save(company, kind, credit)
    return {**body, f"{kind}ID": id}


def _shares(body: Body, facts: Mapping[str, Any]) -> list[Body]:
    """The accounts that the credit was coded to, with their amounts; the bank's own posting left out."""
    entry = posting.entry_of("BankTransaction", body["BankTransactionID"], 1, body=body, facts=facts)
    found = [p for p in entry.postings if p.account != facts["control"] and p.amount] if entry else []
    return [_share(p) for p in found]


def _share(posting_: Posting) -> Body:
    code = "" if posting_.tax_code == "NONE" else posting_.tax_code
    return {"account": posting_.account, "amount": abs(posting_.amount.amount), "tax": code}


def end_with_bank_transaction(company: Company, body: Body) -> None:
    """Void the credit with its bank transaction. Raises Invalid once any of it is used."""
    for kind in ("Prepayment", "Overpayment"):
        record = company.records.get(kind, body.get(f"{kind}ID", ""))
        if record is None:
            continue
        credit = record.copy()
        if credit["RemainingCredit"] != credit["Total"]:
            raise invalid(f"This {kind} cannot be voided as it has payments or allocations.")
        save(company, kind, {**credit, "Status": "VOIDED"})
