"""Bank transactions: the lines of a statement, and those that an explanation makes by itself."""

from __future__ import annotations

from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, total
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records import sums
from sandbooks.platforms.freeagent.records.storing import keys_of, new_id, refer, remove
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail, timestamp

KIND = "bank_transaction"
EXPLANATION = "bank_transaction_explanation"
# Source: https://dev.freeagent.com/docs/bank_transactions (statement upload: transaction_type)
MONEY_IN = frozenset(["CREDIT", "DIV", "DEP", "DIRECTDEP"])
MONEY_OUT = frozenset(["DEBIT", "FEE", "SRVCHG", "XFER", "CHECK", "PAYMENT", "CASH", "DIRECTDEBIT", "REPEATPMT"])
AS_SIGNED = frozenset(["INT", "ATM", "POS", "OTHER"])
_SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€"}


def add(
    company: Company,
    account: Record,
    *,
    amount: Money,
    dated_on: str,
    description: str,
    manual: bool,
    fitid: str = "",
    upload: int = 0,
    type: str = "OTHER",
) -> Record:
    """A new transaction, wholly unexplained."""
    id = new_id(company, KIND)
    document: dict[str, Any] = {
        "url": path("bank_transactions", id),
        "amount": decimal_text(amount.amount),
        "bank_account": refer(account),
        "dated_on": dated_on,
        "description": description,
        "full_description": _full(description, amount, type),
        "uploaded_at": timestamp(company.world.clock.now()),
        "unexplained_amount": decimal_text(amount.amount),
        "is_manual": manual,
        "transaction_id": fitid or company.records.next_uuid("transaction_id"),
    }
    if upload:
        document["upload"] = upload
    return _put(company, id, document, version=1, action="create")


def _full(description: str, amount: Money, type: str) -> str:
    symbol = _SYMBOLS.get(amount.currency, amount.currency)
    return f"{description}/{type}/{symbol}{decimal_text(abs(amount.amount))}"


def _put(company: Company, id: str, document: dict[str, Any], *, version: int, action: str) -> Record:
    account = tail(document["bank_account"], "bank_accounts")
    keys = {**keys_of(document), _dated(account): document["dated_on"], _alike(account): document["description"]}
    sums.follow(company, KIND, company.records.get(KIND, id), document)
    return company.records.put(KIND, id, document, version=version, action=action, keys=keys)


def _dated(account: str) -> str:
    return f"dated/{account}"


def _alike(account: str) -> str:
    return f"description/{account}"


def latest_day(company: Company, account: str) -> str | None:
    """The last day that a bank account has a transaction on."""
    return company.records.last_value(KIND, _dated(account))


def alike(company: Company, record: Record) -> int:
    """How many transactions of the same bank account have the same description, this one left out."""
    account = tail(record.body["bank_account"], "bank_accounts")
    return company.records.count_found(KIND, _alike(account), record.body["description"]) - 1


def explained(company: Company, id: str, *, but: str = "") -> list[Record]:
    """The explanations of a transaction, one of them left out if named."""
    return [found for found in company.records.find(EXPLANATION, KIND, id) if found.id != but]


def unexplained(company: Company, record: Record, *, but: str = "") -> Money:
    """What is left to explain, as if the explanation ``but`` did not stand."""
    currency = currency_of(company, record)
    given = total((Money.of(e.body["gross_value"], currency) for e in explained(company, record.id, but=but)), currency)
    return Money.of(record.body["amount"], currency) - given


def currency_of(company: Company, record: Record) -> str:
    """The currency of a transaction: that of its bank account."""
    account = company.records.get("bank_account", tail(record.body["bank_account"], "bank_accounts"))
    if account is None:
        raise AssertionError(f"bank transaction {record.id} has no bank account")
    return str(account.body["currency"])


def settle(company: Company, id: str, **changes: Any) -> None:
    """Bring a transaction in step with its explanations; a manual one without any goes."""
    record = company.records.get(KIND, id)
    if record is None or record.deleted:
        return
    standing = explained(company, id)
    if record.body["is_manual"] and not standing:
        remove(company, record)
        return
    document = {**record.body, **changes}
    if record.body["is_manual"] and len(standing) == 1:
        document["amount"] = standing[0].body["gross_value"]
    currency = currency_of(company, record)
    given = total((Money.of(e.body["gross_value"], currency) for e in standing), currency)
    left = Money.of(document["amount"], currency) - given
    document["unexplained_amount"] = decimal_text(left.amount)
    document["full_description"] = _full(document["description"], Money.of(document["amount"], currency), "OTHER")
    _put(company, id, document, version=record.version + 1, action="update")


def delete(company: Company, record: Record) -> None:
    """Delete a transaction that nothing explains. Raises ``Invalid``."""
    if explained(company, record.id):
        raise Invalid(("Bank transaction has explanations and can't be deleted",))
    remove(company, record)


def upload(company: Company, account: Record, lines: list[Any]) -> list[Record]:
    """Add the lines of a statement that are not there yet. Raises ``Invalid``, and then adds none."""
    read = [_line(line, account.body["currency"], number) for number, line in enumerate(lines, start=1)]
    number = company.records.next_number("statement_upload")
    added: list[Record] = []
    taken: set[str] = set()
    days = dict.fromkeys(facts["dated_on"] for _, facts in read)
    standing = (found for day in days for found in company.records.find(KIND, _dated(account.id), day))
    known = {_key(found) for found in standing if not found.body["is_manual"]}
    for amount, facts in read:
        key = (facts["dated_on"], decimal_text(amount.amount), facts["description"])
        # Duplicates are told by date, amount and description among what stood before: two alike in one statement are
        # two, unless the bank's own id says that they are one. Unconfirmed: the latter.
        # Source: https://dev.freeagent.com/docs/bank_transactions (statement upload, note)
        if key in known or facts["fitid"] in taken:
            continue
        added.append(add(company, account, amount=amount, manual=False, upload=number, **facts))
        taken |= {facts["fitid"]} - {""}
    return added


def _key(record: Record) -> tuple[str, str, str]:
    return record.body["dated_on"], record.body["amount"], record.body["description"]


def _line(line: Any, currency: str, number: int) -> tuple[Money, dict[str, str]]:
    if not isinstance(line, dict):
        raise Invalid((f"statement line {number} is invalid",))
    fields = Fields(line)
    dated_on = fields.date("dated_on", required=True)
    amount = fields.money("amount", currency) or Money.zero(currency)
    description = fields.text("description") or ""
    fitid = fields.text("fitid") or ""
    type = fields.choice("transaction_type", MONEY_IN | MONEY_OUT | AS_SIGNED, default="OTHER") or "OTHER"
    fields.check()
    if type in MONEY_IN:
        amount = abs(amount)
    elif type in MONEY_OUT:
        amount = -abs(amount)
    dated = dated_on.isoformat() if dated_on else ""
    return amount, {"dated_on": dated, "description": description, "fitid": fitid, "type": type}
