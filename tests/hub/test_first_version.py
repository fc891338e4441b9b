"""The first version of the expenses API: datasets, initiated syncs, eight types, updates, receipts, rules."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk, transaction_id
from tests.hub.receivers import Receiver, attach

from sandbooks import exact_json
from sandbooks.hub import profiles
from sandbooks.hub.expenses import EXPENSE_TYPES, REMOVED

DATASETS = "{c}/sync/expenses/data/expense-transactions"
SHARED = "{c}/sync/expenses/expense-transactions"
SYNCS = "{c}/sync/expenses/syncs"


def item(desk: Desk, number: int, kind: str = "Payment", *, account: str = "travel", **changes: Any) -> dict[str, Any]:
    line = {"netAmount": 10 * number + 3, "taxAmount": 0, "accountRef": {"id": desk.account(account)}}
    return {**desk.expense(number, kind), "lines": [line], **changes}


def dataset(desk: Desk, *items: dict[str, Any], path: str = DATASETS) -> str:
    answer = desk.send("POST", path, {"items": list(items)})
    assert answer.status == 200, answer.body
    assert list(answer.body) == ["datasetId"]
    return str(answer.body["datasetId"])


def initiated(desk: Desk, *datasets: str) -> str:
    answer = desk.send("POST", SYNCS, {"datasetIds": list(datasets)})
    assert answer.status == 202, answer.body
    return str(answer.body["syncId"])


@pytest.mark.parametrize("path", [DATASETS, SHARED])
def test_a_dataset_waits_until_its_sync_is_initiated(desk: Desk, path: str) -> None:
    made = dataset(desk, item(desk, 1), path=path)
    desk.world.settle()
    assert desk.native_writes() == []
    sync = initiated(desk, made)
    assert desk.status(sync)["syncStatusCode"] == 2000
    assert desk.outcome(sync) == ("Completed", "")
    assert len(desk.documents(1)) == 1


def test_a_list_on_the_shared_path_is_a_sync_of_the_present_version(desk: Desk) -> None:
    assert list(desk.send("POST", SHARED, [desk.expense(1)]).body) == ["syncId"]


def test_several_datasets_go_in_one_sync_and_several_syncs_in_turn(desk: Desk) -> None:
    first, second, third = (dataset(desk, item(desk, number)) for number in (1, 2, 3))
    syncs = [initiated(desk, first, second), initiated(desk, third)]
    assert [set(desk.outcomes(sync).values()) for sync in syncs] == [{("Completed", "")}] * 2
    assert [len(desk.outcomes(sync)) for sync in syncs] == [2, 1]


def test_a_transfer_to_an_account_that_is_none_of_money_is_posted_as_money_received(desk: Desk) -> None:
    sync = initiated(desk, dataset(desk, item(desk, 1, "TransferIn", bankAccountRef={"id": desk.account("bank")})))
    assert desk.outcome(sync) == ("Completed", "")
    assert desk.document(1)["kind"] == "Deposit"


def test_an_id_that_was_written_ends_the_next_sync_with_5080_and_nothing_of_it_is_written(desk: Desk) -> None:
    initiated(desk, dataset(desk, item(desk, 1)))
    sync = initiated(desk, dataset(desk, item(desk, 1), item(desk, 2)))
    assert desk.status(sync)["syncStatusCode"] == 5080
    assert {status for status, _ in desk.outcomes(sync).values()} == {"ValidationError"}
    assert (len(desk.documents(1)), len(desk.documents(2))) == (1, 0)
    again = initiated(desk, dataset(desk, item(desk, 2)))
    assert desk.outcome(again) == ("Completed", "")


def test_a_dataset_that_was_written_has_nothing_left_to_write(desk: Desk) -> None:
    made = dataset(desk, item(desk, 1))
    initiated(desk, made)
    status = desk.status(initiated(desk, made))
    assert (status["syncStatusCode"], status["syncStatus"], status["dataPushed"]) == (2040, "Complete", False)


def test_a_failed_transaction_goes_again_in_a_new_dataset(desk: Desk) -> None:
    failed = initiated(desk, dataset(desk, item(desk, 1, account="visa")))
    assert desk.outcome(failed)[0] == "ValidationError"
    assert desk.outcome(initiated(desk, dataset(desk, item(desk, 1)))) == ("Completed", "")


def test_types_in_small_letters_and_both_spellings_of_a_contact_are_taken(desk: Desk) -> None:
    supplier = desk.supplier("airline")
    first = item(desk, 1, "payment", contactRef={"id": supplier, "contactType": "Supplier"})
    second = item(desk, 2, "refund", contactRef={"id": supplier, "type": "Supplier"})
    assert set(desk.outcomes(initiated(desk, dataset(desk, first, second))).values()) == {("Completed", "")}


@pytest.mark.parametrize(
    "change",
    [
        {"lines": []},
        {"lines": [{"netAmount": 3, "accountRef": {"id": "1"}}]},
        {"lines": [{"netAmount": 3, "taxAmount": 0}]},
        {"type": "Cashback"},
        {"id": "7"},
        {"issueDate": "soon"},
        {"currency": "pounds"},
    ],
)
def test_a_dataset_with_a_bad_member_is_refused_whole(desk: Desk, change: dict[str, Any]) -> None:
    answer = desk.send("POST", DATASETS, {"items": [item(desk, 1), {**item(desk, 2), **change}]})
    assert answer.status == 400
    assert answer.body["validation"]["errors"]


@pytest.mark.parametrize("body", [{"items": []}, {"items": {}}, {}, [], "x"])
def test_a_body_that_is_no_dataset_is_refused(desk: Desk, body: Any) -> None:
    assert desk.send("POST", DATASETS, body).status == 400


@pytest.mark.parametrize(
    ("body", "status"), [({}, 400), ({"datasetIds": []}, 400), ({"datasetIds": [transaction_id(9)]}, 404), ([], 400)]
)
def test_a_sync_of_no_dataset_is_refused(desk: Desk, body: Any, status: int) -> None:
    assert desk.send("POST", SYNCS, body).status == status


def test_a_payment_is_updated_on_xero_and_nowhere_else() -> None:
    for platform, status in (("xero", 202), ("quickbooks_online", 422)):
        desk = open_desk(platform=platform)
        initiated(desk, dataset(desk, item(desk, 1)))
        line = {"netAmount": 77, "taxAmount": 0, "accountRef": {"id": desk.account("meals")}}
        answer = desk.send(
            "PUT", f"{SHARED}/{transaction_id(1)}", {"type": "Payment", "issueDate": "2026-03-20", "lines": [line]}
        )
        assert answer.status == status, answer.body
        meals = desk.native.book.balance(desk.account("meals")).base
        assert meals.amount == (77 if status == 202 else 0)


def test_a_refund_of_the_first_version_is_not_updated() -> None:
    desk = open_desk(platform="xero")
    initiated(desk, dataset(desk, item(desk, 1, "Refund")))
    answer = desk.send("PUT", f"{SHARED}/{transaction_id(1)}", {"type": "Refund", "issueDate": "2026-03-20"})
    assert answer.status == 422
    assert "other than Xero" in answer.body["error"]


def test_a_receipt_goes_with_a_transaction_of_the_first_version(desk: Desk) -> None:
    sync = initiated(desk, dataset(desk, item(desk, 1)))
    answer = attach(desk, sync, transaction_id(1))
    assert answer.status == 200
    assert set(answer.body) == {"companyId", "id", "transactionId"}


def test_xero_takes_files_of_four_megabytes_as_in_2023() -> None:
    desk = open_desk(platform="xero")
    sync = initiated(desk, dataset(desk, item(desk, 1)))
    assert attach(desk, sync, transaction_id(1), size=4_000_001).status == 400
    assert attach(desk, sync, transaction_id(1), size=4_000_000).status == 200


@pytest.mark.parametrize("kind", ["TransferIn", "AdjustmentOut"])
def test_no_file_goes_with_a_transfer_or_an_adjustment(desk: Desk, kind: str) -> None:
    sync = initiated(desk, dataset(desk, item(desk, 1, kind)))
    assert attach(desk, sync, transaction_id(1)).status == 400


def test_mapping_options_of_the_first_version_have_its_eight_types(desk: Desk) -> None:
    with desk.world.unit():
        profiles.choose(desk.world, ["sync_for_expenses_v1"])
    options = desk.get("{c}/sync/expenses/mappingOptions")
    bank = next(each for each in options["accounts"] if each["id"] == desk.account("bank"))
    travel = next(each for each in options["accounts"] if each["id"] == desk.account("travel"))
    assert {"TransferIn", "TransferOut"} <= set(bank["validTransactionTypes"])
    assert set(travel["validTransactionTypes"]) == {*EXPENSE_TYPES, *REMOVED}
    assert not {"nominalCode", "validFor", "isBankAccount"} & set(travel)


def test_a_tax_rate_is_asked_for_where_the_world_reads_the_older_guide(desk: Desk) -> None:
    with desk.world.unit():
        profiles.choose(desk.world, ["v1_tax_rate_required"])
    assert desk.send("POST", DATASETS, {"items": [item(desk, 1)]}).status == 400
    assert desk.send("POST", DATASETS, {"items": [item(desk, 2, "TransferIn")]}).status == 200


# Rules


def rule(desk: Desk, kind: str, **more: Any) -> str:
    notifiers = {"webhook": "https://rules.example/hook"}
    answer = desk.send("POST", "/rules", {"type": kind, "notifiers": notifiers, **more})
    assert answer.status == 200, answer.body
    return str(answer.body["id"])


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("sync-complete", {}, "of type Expense completed successfully."),
        ("Sync Failed", {"currency": "JPY"}, "of type Expense has failed at step Pushing."),
    ],
)
def test_a_rule_tells_of_the_end_of_a_sync(desk: Desk, kind: str, change: dict[str, Any], message: str) -> None:
    receiver = Receiver(desk)
    made = rule(desk, kind, authHeader="Bearer ours")
    sync = initiated(desk, dataset(desk, item(desk, 1, **change)))
    desk.world.settle()
    (request,) = receiver.requests
    body = exact_json.loads(request.body)
    assert body["RuleId"] == made
    assert body["Message"].endswith(message)
    assert body["Data"] == {"syncId": sync, "syncType": "Expense"} | ({"FailureStage": "Pushing"} if change else {})
    assert request.header("X-Codat-ClientId") == body["ClientId"]
    assert request.header("Authorization") == "Bearer ours"
    assert not request.header("webhook-signature")


def test_a_rule_of_another_company_or_type_is_silent(desk: Desk) -> None:
    receiver = Receiver(desk)
    rule(desk, "Sync Failed")
    rule(desk, "Sync Completed", companyId=transaction_id(5))
    initiated(desk, dataset(desk, item(desk, 1)))
    desk.world.settle()
    assert receiver.requests == []


@pytest.mark.parametrize(("status", "tries"), [(503, 4), (429, 4), (500, 1), (404, 1), (301, 1)])
def test_a_rules_message_is_tried_three_times_more_within_two_minutes_after_some_statuses(
    desk: Desk, status: int, tries: int
) -> None:
    receiver = Receiver(desk, status=status)
    rule(desk, "Sync Completed")
    initiated(desk, dataset(desk, item(desk, 1)))
    began = desk.world.clock.now()
    desk.world.settle()
    assert len(receiver.requests) == tries
    assert (receiver.times[-1] - began).total_seconds() <= 121


def test_a_rule_is_listed_shown_and_deleted(desk: Desk) -> None:
    made = rule(desk, "DataConnectionStatusChanged")
    assert [each["id"] for each in desk.get("/rules")["results"]] == [made]
    assert desk.get(f"/rules/{made}")["type"] == "DataConnectionStatusChanged"
    assert desk.send("DELETE", f"/rules/{made}").status == 204
    assert desk.send("GET", f"/rules/{made}").status == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "Nothing", "notifiers": {"webhook": "https://a.example"}},
        {"type": "Sync Failed", "notifiers": {"webhook": "ftp://a"}},
    ],
)
def test_a_bad_rule_is_refused(desk: Desk, body: Any) -> None:
    assert desk.send("POST", "/rules", body).status == 400
