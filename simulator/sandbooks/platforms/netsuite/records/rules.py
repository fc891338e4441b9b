"""What each transaction type needs, beyond its header: the rule completes the draft and leaves the facts to post by.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_0504045254.html, article_71141027565,
article_7095737506, section_45174026772, section_26154254145, section_159886587653
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.netsuite.errors import JOURNAL, VOIDED
from sandbooks.platforms.netsuite.posting import id_of
from sandbooks.platforms.netsuite.rates import day_rate
from sandbooks.platforms.netsuite.records import references, store
from sandbooks.platforms.netsuite.records.header import (
    APPROVED,
    Draft,
    approved,
    complete,
    fund,
    funding_account,
)
from sandbooks.platforms.netsuite.records.intercompany import INTERCOMPANY, base_accounts, legs_of, line_subsidiary
from sandbooks.platforms.netsuite.records.ledgers import GROUP
from sandbooks.platforms.netsuite.records.lists import base_of, missing, root_subsidiary
from sandbooks.platforms.netsuite.records.orders import check_billed, check_orders
from sandbooks.platforms.netsuite.records.purchases import LEGACY, complete_lines
from sandbooks.platforms.netsuite.records.settlement import apply_lines, check_applied, check_deposited, deposited
from sandbooks.platforms.netsuite.records.variances import realize
from sandbooks.platforms.netsuite.refusals import BadReference, FeatureOff, UserError

Body = dict[str, Any]


def _need_entity(draft: Draft) -> Record:
    entity = draft.entity
    if entity is None:
        raise missing(draft.type.by_name["entity"].title)
    return entity


def _payables(draft: Draft, name: str = "account") -> None:
    """The payables account: given, the vendor's default, or the account's usual one."""
    entity = draft.entity
    if not draft.body.get(name):
        own = id_of(entity.body.get("payablesAccount")) if entity is not None else ""
        draft.put_ref(name, own or draft.company.settings["usual"]["payables"])
    account = draft.record("account", name)
    if account is None or account.body["acctType"]["id"] != "AcctPay":
        raise BadReference(f"Invalid apacct reference key {draft.ref(name)}.", name)
    draft.facts["account"] = account.id


# Bills, credits, payments


def _bill(draft: Draft) -> None:
    entity = _need_entity(draft)
    complete(draft)
    _payables(draft)
    check_orders(draft)
    complete_lines(draft)
    _due(draft, entity)
    draft.facts["posts"] = approved(draft, feature="vendorBill")
    realize(draft)
    check_applied(draft)


def _order(draft: Draft) -> None:
    """A purchase order is checked as the bill will be, and posts nothing."""
    entity = _need_entity(draft)
    complete(draft)
    complete_lines(draft)
    _due(draft, entity)
    approved(draft, feature="purchaseOrder")
    draft.facts["posts"] = False
    if draft.before is not None:
        check_billed(draft, draft.before)


def _due(draft: Draft, entity: Record) -> None:
    if not draft.body.get("terms") and entity.body.get("terms") and draft.before is None:
        draft.body["terms"] = entity.body["terms"]
    if not draft.body.get("dueDate"):
        terms = draft.record("term", "terms")
        days = int(terms.body.get("daysUntilNetDue") or 0) if terms else 0
        draft.body["dueDate"] = _later(draft.body["tranDate"], min(days, 3650))


def _later(day: str, days: int) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() + days).isoformat()


def _vendor_credit(draft: Draft) -> None:
    _need_entity(draft)
    complete(draft)
    _payables(draft)
    complete_lines(draft)
    draft.facts["posts"] = True
    realize(draft)
    applied = apply_lines(draft, "apply", ("vendorBill", "expenseReport"))
    if any(Decimal(a["discount"]) for a in applied):
        raise UserError("A discount cannot be taken on a bill credit.", "apply")
    if sum((Decimal(a["paid"]) for a in applied), Decimal(0)) > Decimal(draft.body["total"]):
        raise UserError("You cannot apply more than the total of the credit.", "apply")
    if any(a["account"] != draft.facts["account"] for a in applied):
        raise UserError("A credit can be applied only to bills of the same A/P account.", "account")
    draft.facts["applied"] = applied
    check_applied(draft)


def _payment(draft: Draft) -> None:
    _need_entity(draft)
    _payment_defaults(draft)
    account = funding_account(draft, "account", "Bank", "CredCard")
    complete(draft)
    fund(draft, account)
    realize(draft)
    draft.facts["discounts"] = draft.company.settings["usual"]["discounts"]
    draft.facts["applied"] = applied = apply_lines(draft, "apply", ("vendorBill", "expenseReport"))
    draft.facts["credits"] = credits = apply_lines(draft, "credit", ("vendorCredit",))
    if not applied:
        raise UserError("You must apply this payment to at least one transaction.", "apply")
    if draft.body.get("apAcct"):
        account_id = draft.ref("apAcct")
        if any(a["account"] != account_id for a in applied):
            raise BadReference(f"Invalid apacct reference key {account_id}.", "apAcct")
    else:
        draft.put_ref("apAcct", applied[0]["account"])
    paid = sum((Decimal(a["paid"]) for a in applied), Decimal(0)) - sum(
        (Decimal(c["paid"]) for c in credits), Decimal(0)
    )
    if paid < 0:
        raise UserError("The credits exceed the bills to be paid.", "credit")
    draft.body["total"] = paid
    draft.body["userTotal"] = paid
    draft.facts["posts"] = approved(draft, feature="vendorPayment")


def _payment_defaults(draft: Draft) -> None:
    """Currency and subsidiary are those of the first bill; the bank is the first that takes the currency."""
    first = next((line for line in draft.lines("apply") if line.get("apply", True) and line.get("doc")), None)
    bill = store.refer(draft.company, ("vendorBill", "expenseReport"), id=id_of(first["doc"])) if first else None
    if bill is not None:
        for name in ("currency", "subsidiary"):
            draft.body.setdefault(name, bill.body[name])
    if not draft.body.get("account"):
        subsidiary = draft.ref("subsidiary") or root_subsidiary(draft.company)
        base = store.currency_id(draft.company, base_of(draft.company, subsidiary))
        wanted = draft.body.get("currency") or {"id": base}
        banks = [r for r in store.scan(draft.company, "account") if r.body["acctType"]["id"] == "Bank" and r.active]
        banks = [bank for bank in banks if references.fits(draft.company, bank, subsidiary)]
        fitting = [r for r in banks if r.body.get("currency") == wanted] or banks
        if fitting:
            draft.put_ref("account", fitting[0].id)


# Money spent and received


def _check(draft: Draft) -> None:
    account = funding_account(draft, "account", "Bank")
    complete(draft, funded_by=account)
    fund(draft, account)
    complete_lines(draft)
    draft.facts["posts"] = True


def _card(draft: Draft) -> None:
    # Card charges exist in REST only with SuiteTax; see the setting ``tax_fields``.
    # Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_45174026772.html
    if draft.company.settings.get("tax_fields") == LEGACY:
        raise FeatureOff("SuiteTax")
    account = funding_account(draft, "account", "CredCard")
    complete(draft, funded_by=account)
    fund(draft, account)
    complete_lines(draft)
    draft.facts["posts"] = True


def _customer_payment(draft: Draft) -> None:
    """Money of a customer: kept among the undeposited funds, or in a bank account at once. It is applied to nothing."""
    if any(line.get("apply", True) for line in draft.lines("apply")):
        raise NotSimulated("applying customer payments to invoices", instead="a payment that is not applied")
    draft.body["entity"] = draft.body.get("customer")
    if not draft.body["entity"]:
        raise missing("Customer")
    complete(draft)
    waits = _kept_back(draft)
    if waits:
        draft.body.pop("account", None)
        draft.facts |= {"account": draft.company.settings["usual"]["undeposited"], "in_base": False}
    else:
        fund(draft, funding_account(draft, "account", "Bank"))
    if draft.body.get("payment") is None:
        raise missing("Payment Amount")
    amount = draft.money(draft.body["payment"])
    if amount.amount <= 0:
        raise UserError("The payment amount must be more than zero.", "payment")
    draft.body["payment"] = draft.body["total"] = amount.amount
    draft.facts |= {"undeposited": waits, "receivables": _receivables(draft), "posts": True}
    check_deposited(draft)


def _kept_back(draft: Draft) -> bool:
    """Whether the payment waits to be deposited: as given, else unless it names an account."""
    if not draft.body.get("undepFunds"):
        draft.body["undepFunds"] = {"id": "F" if draft.body.get("account") else "T"}
    return bool(draft.body["undepFunds"]["id"] == "T")


def _receivables(draft: Draft) -> str:
    if not draft.body.get("arAcct"):
        draft.put_ref("arAcct", draft.company.settings["usual"]["receivables"])
    account = draft.record("account", "arAcct")
    if account is None or account.body["acctType"]["id"] != "AcctRec":
        raise BadReference(f"Invalid aracct reference key {draft.ref('arAcct')}.", "arAcct")
    return account.id


def _payments(draft: Draft) -> None:
    """The currency and the subsidiary of a deposit are those of the first payment that it takes along."""
    taken = [line for line in draft.lines("payment") if line.setdefault("deposit", True)]
    first = store.get(draft.company, "customerPayment", str(taken[0].get("id") or "")) if taken else None
    if first is not None:
        draft.body.setdefault("currency", first.body["currency"])
        draft.body.setdefault("subsidiary", first.body["subsidiary"])


def _taken_along(draft: Draft) -> Money:
    """The payments of a deposit, which the facts get; their sum."""
    draft.facts["payments"] = payments = list[Body]()
    for n, line in enumerate(draft.lines("payment")):
        if line["deposit"]:
            payments.append(deposited(draft, line, f"payment.items[{n}]"))
    if len({each["doc"] for each in payments}) < len(payments):
        raise UserError("A payment can be deposited only once.", "payment")
    return draft.money(sum((Decimal(each["amount"]) for each in payments), Decimal(0)))


def _deposit(draft: Draft) -> None:
    account = funding_account(draft, "account", "Bank")
    _payments(draft)
    complete(draft, funded_by=account)
    fund(draft, account)
    realize(draft)
    total = _taken_along(draft)
    for sublist, sign in (("other", 1), ("cashBack", -1)):
        for line in draft.lines(sublist):
            for name in ("amount", "account"):
                if line.get(name) is None:
                    raise missing(name.title())
            line["amount"] = draft.money(line["amount"]).amount
            total = total + draft.money(line["amount"]) * sign
    if not draft.facts["payments"] and not draft.lines("other") and not draft.lines("cashBack"):
        raise UserError("You must enter at least one line item for this transaction.")
    if total.amount < 0:
        raise UserError("The total of this transaction may not be negative.", "total")
    draft.body["total"] = total.amount
    draft.facts["posts"] = True


# Expense reports


def _expense_report(draft: Draft) -> None:
    if "expenseReports" in draft.company.settings.get("features_off", ()):
        raise FeatureOff("Expense Reports")
    _need_entity(draft)
    if draft.body.get("expensereportcurrency"):
        draft.body["currency"] = draft.body["expensereportcurrency"]
    complete(draft)
    draft.body["expensereportcurrency"] = draft.body["currency"]
    _report_amounts(draft)
    _payables(draft)
    complete_lines(draft, sublists=("expense",))
    _corporate_card(draft)
    _advance(draft)
    draft.facts["posts"] = _report_approved(draft)
    realize(draft)
    check_applied(draft)


def _report_amounts(draft: Draft) -> None:
    """Lines are dated; a foreign amount is converted to the report's currency, base units per foreign unit."""
    for line in draft.lines("expense"):
        if not line.get("category"):
            raise missing("Category")
        line.setdefault("expensedate", draft.body["tranDate"])
        if line.get("amount") is None and line.get("quantity") is not None and line.get("rate") is not None:
            product = Decimal(line["quantity"]) * Decimal(line["rate"])
            line["amount"] = Money(product, draft.currency).rounded().amount
        if line.get("amount") is None and line.get("foreignamount") is not None:
            line["amount"] = (
                Money(Decimal(line["foreignamount"]) * _line_rate(draft, line), draft.currency).rounded().amount
            )
        line.setdefault("currency", draft.body["currency"])


def _line_rate(draft: Draft, line: Body) -> Decimal:
    given = line.get("exchangerate")
    if given is not None:
        return Decimal(given)
    symbol = store.symbol_of(draft.company, id_of(line.get("currency") or draft.body["currency"]))
    if symbol == draft.currency:
        return Decimal(1)
    day = date.fromisoformat(line["expensedate"])
    there, here = day_rate(draft.company, symbol, day), day_rate(draft.company, draft.currency, day)
    if there is None or here is None:
        raise missing("Exchange Rate")
    line["exchangerate"] = round(there.value / here.value, 9)
    return Decimal(line["exchangerate"])


def _corporate_card(draft: Draft) -> None:
    by_card = any(line.get("corporatecreditcard") or line.get("isnonreimbursable") for line in draft.lines("expense"))
    draft.facts |= {"card": "", "card_in_base": False}
    if not by_card:
        return
    account = draft.record("account", "acctcorpcardexp")
    if account is None:
        raise missing("Account for Corporate Card Expenses")
    kept = id_of(account.body.get("currency"))
    symbol = store.symbol_of(draft.company, kept) if kept else ""
    base = draft.facts["base"]
    if symbol not in ("", base, draft.currency):
        raise UserError("The currency of the report does not match the currency of the account.", "acctcorpcardexp")
    draft.facts |= {"card": account.id, "card_in_base": symbol == base}


def _advance(draft: Draft) -> None:
    """Money that the employee had before: it lessens what is owed, and the asset that it was booked as."""
    draft.facts |= {"advance": "0", "advance_account": ""}
    if not draft.body.get("advance"):
        return
    advance = draft.money(draft.body["advance"])
    account = draft.record("account", "advanceaccount")
    if account is None:
        raise missing("Advance to Apply Account")
    owed = [
        line
        for line in draft.lines("expense")
        if not (line.get("corporatecreditcard") or line.get("isnonreimbursable"))
    ]
    # Unconfirmed: the words; the screens take no more than the employee is owed.
    most = sum((draft.money(line.get("grossAmt") or line.get("amount")).amount for line in owed), Decimal(0))
    if not 0 < advance.amount <= most:
        raise UserError("The advance to apply may not exceed the amount that is reimbursed.", "advance")
    draft.facts |= {"advance": str(advance.amount), "advance_account": account.id}


def _report_approved(draft: Draft) -> bool:
    """A report posts when it is complete and accounting has approved it."""
    body = draft.body
    for name in ("complete", "supervisorapproval", "accountingapproval"):
        body.setdefault(name, False)
    before = draft.before.body.get("approvalStatus") if draft.before is not None else None
    approved_now = body.get("approvalStatus") == {"id": APPROVED} != before
    if approved_now and not body["accountingapproval"]:
        body |= {"complete": True, "supervisorapproval": True, "accountingapproval": True}
    posts = bool(body["complete"] and body["accountingapproval"])
    rejected = bool(body.get("approvalStatus")) and body["approvalStatus"]["id"] == "3"
    body["approvalStatus"] = {"id": APPROVED if posts else "3" if rejected else "1"}
    return posts


# Journals


def _journal(draft: Draft) -> None:
    complete(draft)
    lines = draft.lines("line")
    if len(lines) < 2:
        raise UserError("You must enter at least two lines for this transaction." if lines else JOURNAL, "line")
    sides: dict[str, Money] = {}
    for n, line in enumerate(lines):
        subsidiary = line_subsidiary(draft, line)
        zero = Money.zero(draft.currency)
        sides[subsidiary] = sides.get(subsidiary, zero) + _line_amount(draft, line, f"line.items[{n}]")
    if any(sides.values()):
        raise UserError(JOURNAL, "line")
    if draft.type.name == INTERCOMPANY:
        draft.facts["legs"] = legs_of(draft)
    draft.facts["base_accounts"] = base_accounts(draft, lines, draft.facts["base"])
    draft.facts["rounding"] = draft.company.settings["usual"]["rounding"]
    draft.body["total"] = sum((Decimal(line.get("debit") or 0) for line in lines), Decimal(0))
    draft.facts["posts"] = _journal_approved(draft)
    if draft.before is not None:
        _keep_void(draft, draft.before)


_POSTED = ("line", "currency", "exchangeRate", "subsidiary")


def _keep_void(draft: Draft, before: Record) -> None:
    """A journal that voids a document goes on taking back what the document posted, to the last unit."""
    stood = store.facts_of(draft.company, before)
    if "mirror" not in stood:
        return
    moved = [name for name in _POSTED if draft.body.get(name) != before.body.get(name)]
    if moved or not draft.facts["posts"]:
        raise UserError(VOIDED, moved[0] if moved else "approved")
    draft.facts |= {"payables": stood["payables"], "mirror": stood["mirror"]}
    if GROUP in stood:
        draft.facts[GROUP] = {**draft.facts[GROUP], "mirror": stood[GROUP]["mirror"]}


def _line_amount(draft: Draft, line: Body, path: str) -> Money:
    """Debit less credit of a line: one of them, not negative."""
    if not line.get("account"):
        raise missing("Account")
    debit, credit = draft.money(line.get("debit")), draft.money(line.get("credit"))
    if debit and credit:
        raise UserError("A journal line has either a debit or a credit.", path)
    for name, side in (("debit", debit), ("credit", credit)):
        if side.amount < 0:
            raise UserError(
                f"You have entered an Invalid Field Value {side.amount} for the following field: {name}", path
            )
        if line.get(name) is not None:
            line[name] = side.amount
    return debit - credit


def _journal_approved(draft: Draft) -> bool:
    body = draft.body
    if body.get("approved") is None:
        body["approved"] = "journalEntry" not in draft.company.settings.get("approval_routing", ())
    changed = draft.before is not None and draft.before.body.get("approved") != body["approved"]
    status = body.get("approvalStatus")
    if status is not None and not changed:
        body["approved"] = status["id"] == APPROVED
    body["approvalStatus"] = {"id": APPROVED if body["approved"] else status["id"] if status and not changed else "1"}
    return bool(body["approved"])


RULES: dict[str, Callable[[Draft], None]] = {
    "advInterCompanyJournalEntry": _journal,
    "check": _check,
    "creditCardCharge": _card,
    "creditCardRefund": _card,
    "customerPayment": _customer_payment,
    "deposit": _deposit,
    "expenseReport": _expense_report,
    "journalEntry": _journal,
    "purchaseOrder": _order,
    "vendorBill": _bill,
    "vendorCredit": _vendor_credit,
    "vendorPayment": _payment,
}
