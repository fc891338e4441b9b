"""The chart of accounts, bank accounts and journals."""

from __future__ import annotations

from decimal import Decimal

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.ledger import AccountClass, Line, standing
from sandbooks.platforms.zoho_books import chart, listing
from sandbooks.platforms.zoho_books.api.attachments import attachment_operations
from sandbooks.platforms.zoho_books.api.comments import comments
from sandbooks.platforms.zoho_books.api.parts import Resource, action, read, stamped
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import accounts, journals, statements
from sandbooks.platforms.zoho_books.records.storing import find
from sandbooks.platforms.zoho_books.refusals import Required
from sandbooks.platforms.zoho_books.wire import Body, amount
from sandbooks.wire import Response


def _account(call: Call, record: Record) -> Body:
    shown = stamped(call, record, accounts.shown(call.company, record))
    if (call.query.get("showbalance") or "").lower() == "true":
        own, base = accounts.balance(call.company, record)
        shown |= {"current_balance": amount(own, record.body["currency_code"]), "bcy_balance": base}
    return shown


def _of_class(*kinds: AccountClass) -> listing.Test:
    return lambda body: chart.CLASSES[body["account_type"]] in kinds


ACCOUNTS = Resource(
    kind="account",
    path="chartofaccounts",
    one="chart_of_account",
    many="chart_of_accounts",
    root="chart_of_account",
    module="accountants",
    rules=ListRules(
        root="chartofaccounts",
        report="Chart of Accounts",
        columns=(
            *("account_id", "account_name", "account_code", "account_type", "description", "is_user_created"),
            *("is_system_account", "is_active", "is_involved_in_transaction", "parent_account_id"),
            *("parent_account_name", "depth", "has_attachment", "currency_id", "currency_code", "current_balance"),
            *("created_time", "last_modified_time"),
        ),
        texts=("account_name", "account_code", "account_type"),
        ids=("account_id",),
        keys={"account_id": "account_id", "account_name": "name"},
        search=("account_name", "account_code", "description"),
        order=("account_name", "account_type", "account_code"),
        filters={
            "AccountType.All": lambda _: True,
            "AccountType.Active": lambda body: body["is_active"],
            "AccountType.Inactive": lambda body: not body["is_active"],
            "AccountType.Asset": _of_class(AccountClass.ASSET),
            "AccountType.Liability": _of_class(AccountClass.LIABILITY),
            "AccountType.Equity": _of_class(AccountClass.EQUITY),
            "AccountType.Income": _of_class(AccountClass.INCOME),
            "AccountType.Expense": _of_class(AccountClass.EXPENSE),
        },
        default_filter="AccountType.All",
    ),
    show=_account,
    created="The account has been created.",
    updated="The details of the account have been updated.",
    deleted="The account has been deleted.",
    create=lambda call, given: accounts.create(call.company, given),
    update=lambda call, record, given: accounts.update(call.company, record, given),
    delete=accounts.delete,
)


def list_account_transactions(call: Call) -> Response:
    """``GET /chartofaccounts/transactions``: the postings of an account."""
    id = call.query.get("account_id")
    if not id:
        raise Required("account_id")
    account = find(call.company, "account", id)
    live = standing(call.company.book.lines(account=id))
    rules = ListRules(
        root="transactions",
        report="Account Transactions",
        dates=("transaction_date",),
        texts=("transaction_type",),
        order=("transaction_date", "debit_amount", "credit_amount"),
        default_filter="TransactionType.All",
    )
    return listing.answer(call, rules, [_posting(account, line) for line in live])


def _posting(account: Record, line: Line) -> Body:
    money = line.amount if line.amount else line.base
    debits = money.amount > 0
    return {
        "categorized_transaction_id": line.source.id,
        "transaction_id": line.source.id,
        "transaction_type": _WORDS.get(line.source.kind, line.source.kind),
        "transaction_date": line.date.isoformat(),
        "account_id": account.id,
        "account_name": account.body["account_name"],
        "customer_id": line.posting.party,
        "description": line.posting.memo,
        "entry_number": line.entry_memo,
        "currency_code": money.currency,
        "debit_or_credit": "debit" if debits else "credit",
        "debit_amount": amount(abs(money.amount), money.currency) if debits else "",
        "credit_amount": "" if debits else amount(abs(money.amount), money.currency),
    }


_WORDS = {"vendorpayment": "vendor_payment", "vendorcredit": "vendor_credit", "banktransaction": "bank_transaction"}

_BANK_COLUMNS = (
    *("account_id", "account_name", "account_code", "currency_id", "currency_code", "account_type"),
    *("account_number", "uncategorized_transactions", "total_unprinted_checks", "is_active", "balance"),
    *("bank_balance", "bcy_balance", "bank_name", "routing_number", "is_primary_account", "is_paypal_account"),
)


def _bank(call: Call, record: Record) -> Body:
    shown = stamped(call, record, record.copy())
    own, base = accounts.balance(call.company, record)
    code = str(record.body["currency_code"])
    lines = statements.open_lines(call.company, record)
    statement = sum((statements.signed(line) for line in statements.lines_of(call.company, record)), Decimal(0))
    return shown | {
        "uncategorized_transactions": len(lines),
        "total_unprinted_checks": 0,
        "balance": amount(own, code),
        "bank_balance": amount(statement, code),
        "bcy_balance": base,
        "is_feeds_subscribed": False,
        "is_feeds_active": False,
    }


BANKS = Resource(
    kind="account",
    path="bankaccounts",
    one="bank_account",
    many="bank_accounts",
    root="bankaccount",
    module="banking",
    rules=ListRules(
        root="bankaccounts",
        report="Bank Accounts",
        columns=_BANK_COLUMNS,
        texts=("account_name", "account_code", "account_type"),
        search=("account_name", "bank_name"),
        order=("account_name", "account_type", "account_code"),
        filters={
            "Status.Active": lambda body: body["is_active"],
            "Status.Inactive": lambda body: not body["is_active"],
            "Status.Bank": lambda body: body["account_type"] == "bank",
            "Status.CreditCard": lambda body: body["account_type"] == "credit_card",
        },
    ),
    show=_bank,
    created="The account has been created.",
    updated="The details of the account has been updated.",
    deleted="The account has been deleted.",
    create=lambda call, given: accounts.create_bank(call.company, given),
    update=lambda call, record, given: accounts.update(call.company, record, given),
    delete=accounts.delete,
    chosen=lambda _call, record: bool(record.body["account_type"] in chart.BANK_TYPES),
    found=lambda call, named: accounts.bank(call.company, named),
)

JOURNALS = Resource(
    kind="journal",
    path="journals",
    one="journal",
    many="journals",
    root="journal",
    module="accountants",
    rules=ListRules(
        root="journals",
        report="Journals",
        columns=(
            *("journal_id", "journal_date", "entry_number", "reference_number", "notes", "total", "bcy_total"),
            *("currency_id", "currency_code", "journal_type", "status", "location_id", "custom_fields"),
            *("created_time", "last_modified_time"),
        ),
        texts=("entry_number", "reference_number", "notes", "status"),
        dates=("journal_date", "date"),
        amounts=("total",),
        search=("entry_number", "reference_number", "notes"),
        order=("journal_date", "entry_number", "reference_number", "total"),
        filters={
            "JournalDate.All": lambda _: True,
            "Status.Draft": lambda body: body["status"] == "draft",
            "Status.Published": lambda body: body["status"] == "published",
        },
    ),
    show=lambda call, record: stamped(call, record, {**record.copy(), "date": record.body["journal_date"]}),
    created="The journal entry has been created.",
    updated="The journal entry has been updated.",
    deleted="The selected journal entry has been deleted.",
    create=lambda call, given: journals.create(call.company, given),
    update=lambda call, record, given: journals.update(call.company, record, given),
    delete=journals.delete,
)


def _switch(resource: Resource, name: str, *, active: bool) -> Operation:
    word = "active" if active else "inactive"

    def switch(call: Call, record: Record) -> object:
        return accounts.set_active(call.company, record, active=active)

    return action(resource, name, word, f"The account has been marked as {word}.", act=switch, status=201)


OPERATIONS: tuple[Operation, ...] = (
    read("list_account_transactions", "chartofaccounts/transactions", list_account_transactions, module="accountants"),
    *ACCOUNTS.operations(),
    _switch(ACCOUNTS, "activate_chart_of_account", active=True),
    _switch(ACCOUNTS, "deactivate_chart_of_account", active=False),
    *BANKS.operations(),
    _switch(BANKS, "activate_bank_account", active=True),
    _switch(BANKS, "deactivate_bank_account", active=False),
    *JOURNALS.operations(),
    action(
        JOURNALS,
        "publish_journal",
        "status/publish",
        "The journal has been published.",
        act=lambda call, record: journals.publish(call.company, record),
        status=201,
    ),
    *attachment_operations(JOURNALS, message="Your file has been successfully attached to the journal."),
    *comments(JOURNALS, status=200),
)
