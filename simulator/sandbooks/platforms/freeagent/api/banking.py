"""Bank accounts, bank transactions and their explanations."""

from __future__ import annotations

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.api import shapes, statement
from sandbooks.platforms.freeagent.api.listing import changed, every, paged, reference, view
from sandbooks.platforms.freeagent.records import bank_accounts, bank_transactions, explanations
from sandbooks.platforms.freeagent.records.storing import find
from sandbooks.platforms.freeagent.wire import created, root, shown
from sandbooks.wire import Response

_ACCOUNT_VIEWS = {
    "all": "",
    "standard_bank_accounts": "StandardBankAccount",
    "credit_card_accounts": "CreditCardAccount",
    "paypal_accounts": "PaypalAccount",
}


def list_bank_accounts(call: Call) -> Response:
    """``GET /v2/bank_accounts``"""
    wanted = _ACCOUNT_VIEWS[view(call, _ACCOUNT_VIEWS, "all")]
    found = [record for record in changed(call, "bank_account") if wanted in ("", record.body["type"])]
    return paged(call, "bank_accounts", found, shapes.bank_account)


def get_bank_account(call: Call) -> Response:
    """``GET /v2/bank_accounts/:id``"""
    return shown(call, "bank_account", shapes.bank_account(call, find(call.company, "bank_account", call.args["id"])))


def create_bank_account(call: Call) -> Response:
    """``POST /v2/bank_accounts``"""
    with call.unit():
        record = bank_accounts.create(call.company, root(call, "bank_account"))
    return created(call, "bank_account", shapes.bank_account(call, record))


def update_bank_account(call: Call) -> Response:
    """``PUT /v2/bank_accounts/:id``"""
    with call.unit():
        record = find(call.company, "bank_account", call.args["id"])
        record = bank_accounts.update(call.company, record, root(call, "bank_account"))
    return shown(call, "bank_account", shapes.bank_account(call, record))


def delete_bank_account(call: Call) -> Response:
    """``DELETE /v2/bank_accounts/:id``"""
    with call.unit():
        bank_accounts.delete(call.company, find(call.company, "bank_account", call.args["id"]))
    return json_reply({})


_TRANSACTION_VIEWS = ("all", "unexplained", "explained", "manual", "imported", "marked_for_review")


def list_bank_transactions(call: Call) -> Response:
    """``GET /v2/bank_transactions?bank_account=…``"""
    chosen = view(call, _TRANSACTION_VIEWS, "all")
    account = reference(call, "bank_account", "bank_account", required=True)
    found = every(call, "bank_transaction", of=account)
    if chosen != "all":
        found = [record for record in found if _in_view(call, record, chosen)]
    if call.query.get("last_uploaded") == "true":
        last = max((record.body.get("upload", 0) for record in found), default=0)
        found = [record for record in found if last and record.body.get("upload") == last]
    return paged(call, "bank_transactions", found, shapes.bank_transaction)


def _in_view(call: Call, record: Record, chosen: str) -> bool:
    if chosen in ("unexplained", "explained"):
        left = str(record.body["unexplained_amount"])
        return (left != "0.0") == (chosen == "unexplained")
    if chosen in ("manual", "imported"):
        return bool(record.body["is_manual"]) == (chosen == "manual")
    if chosen == "marked_for_review":
        return any(e.body["marked_for_review"] for e in bank_transactions.explained(call.company, record.id))
    return True


def get_bank_transaction(call: Call) -> Response:
    """``GET /v2/bank_transactions/:id``"""
    record = find(call.company, "bank_transaction", call.args["id"])
    return shown(call, "bank_transaction", shapes.bank_transaction_whole(call, record))


def delete_bank_transaction(call: Call) -> Response:
    """``DELETE /v2/bank_transactions/:id``"""
    with call.unit():
        bank_transactions.delete(call.company, find(call.company, "bank_transaction", call.args["id"]))
    return json_reply({})


def upload_statement(call: Call) -> Response:
    """``POST /v2/bank_transactions/statement?bank_account=…``"""
    account = reference(call, "bank_account", "bank_account", required=True)
    lines = statement.lines_of(call)
    with call.unit():
        if account is not None:
            bank_transactions.upload(call.company, account, lines)
    return json_reply({})


def list_explanations(call: Call) -> Response:
    """``GET /v2/bank_transaction_explanations?bank_account=…``"""
    account = reference(call, "bank_account", "bank_account", required=True)
    found = every(call, "bank_transaction_explanation", of=account)
    return paged(call, "bank_transaction_explanations", found, shapes.explanation)


_EXPLANATION = "bank_transaction_explanation"


def get_explanation(call: Call) -> Response:
    """``GET /v2/bank_transaction_explanations/:id``"""
    return shown(call, _EXPLANATION, shapes.explanation(call, find(call.company, _EXPLANATION, call.args["id"])))


def create_explanation(call: Call) -> Response:
    """``POST /v2/bank_transaction_explanations``"""
    with call.unit():
        given = root(call, _EXPLANATION)
        record = explanations.create(call.company, given, several_files=shapes.several_files(call))
    return created(call, _EXPLANATION, shapes.explanation(call, record))


def update_explanation(call: Call) -> Response:
    """``PUT /v2/bank_transaction_explanations/:id``"""
    with call.unit():
        record = find(call.company, _EXPLANATION, call.args["id"])
        given = root(call, _EXPLANATION)
        record = explanations.update(call.company, record, given, several_files=shapes.several_files(call))
    return shown(call, _EXPLANATION, shapes.explanation(call, record))


def delete_explanation(call: Call) -> Response:
    """``DELETE /v2/bank_transaction_explanations/:id``"""
    with call.unit():
        explanations.delete(call.company, find(call.company, _EXPLANATION, call.args["id"]))
    return json_reply({})


OPERATIONS = (
    Operation("list_bank_accounts", "GET", "/v2/bank_accounts", list_bank_accounts, scope="6"),
    Operation("get_bank_account", "GET", "/v2/bank_accounts/<id>", get_bank_account, scope="6"),
    Operation("create_bank_account", "POST", "/v2/bank_accounts", create_bank_account, writes=True, scope="6"),
    Operation("update_bank_account", "PUT", "/v2/bank_accounts/<id>", update_bank_account, writes=True, scope="6"),
    Operation("delete_bank_account", "DELETE", "/v2/bank_accounts/<id>", delete_bank_account, writes=True, scope="6"),
    Operation("list_bank_transactions", "GET", "/v2/bank_transactions", list_bank_transactions, scope="6"),
    Operation("get_bank_transaction", "GET", "/v2/bank_transactions/<id>", get_bank_transaction, scope="6"),
    Operation(
        "delete_bank_transaction",
        "DELETE",
        "/v2/bank_transactions/<id>",
        delete_bank_transaction,
        writes=True,
        scope="6",
    ),
    # The documentation prints the singular path for this one.
    Operation(
        "delete_bank_transaction_singular",
        "DELETE",
        "/v2/bank_transaction/<id>",
        delete_bank_transaction,
        writes=True,
        scope="6",
    ),
    Operation("upload_statement", "POST", "/v2/bank_transactions/statement", upload_statement, writes=True, scope="6"),
    Operation("list_explanations", "GET", "/v2/bank_transaction_explanations", list_explanations, scope="6"),
    Operation("get_explanation", "GET", "/v2/bank_transaction_explanations/<id>", get_explanation, scope="6"),
    Operation(
        "create_explanation",
        "POST",
        "/v2/bank_transaction_explanations",
        create_explanation,
        writes=True,
        scope="6",
    ),
    Operation(
        "update_explanation",
        "PUT",
        "/v2/bank_transaction_explanations/<id>",
        update_explanation,
        writes=True,
        scope="6",
    ),
    Operation(
        "delete_explanation",
        "DELETE",
        "/v2/bank_transaction_explanations/<id>",
        delete_explanation,
        writes=True,
        scope="6",
    ),
)
