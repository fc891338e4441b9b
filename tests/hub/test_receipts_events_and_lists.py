"""Attachments, webhooks, reads and single writes."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.hub.desk import Answer, Desk, transaction_id

from sandbooks import exact_json
from sandbooks.hub import webhooks
from sandbooks.hub.link import filled
from sandbooks.wire import Request, Response

# Receipts


def attach(desk: Desk, sync: str, name: str, content: bytes, *, number: int = 1, part: str = "file") -> Answer:
    head = f'--x\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
    body = head.encode() + b"Content-Type: image/png\r\n\r\n" + content + b"\r\n--x--\r\n"
    path = f"{{c}}/sync/expenses/syncs/{sync}/transactions/{transaction_id(number)}/attachments"
    return desk.send("POST", path, body, headers=(("Content-Type", "multipart/form-data; boundary=x"),))


def test_a_receipt_is_attached_and_a_repeat_makes_no_second_file(desk: Desk) -> None:
    sync = desk.push(desk.expense(1))
    first, again = (attach(desk, sync, "receipt.png", b"\x89PNG bytes", part="anything") for _ in range(2))
    assert (first.status, first.body["transactionId"]) == (200, transaction_id(1))
    assert first.body == again.body
    assert desk.native.records.count("Attachable") == 1


def test_two_different_receipts_are_two_files(desk: Desk) -> None:
    sync = desk.push(desk.expense(1))
    ids = {attach(desk, sync, "receipt.png", content).body["id"] for content in (b"front", b"back")}
    assert len(ids) == 2


@pytest.mark.parametrize(("name", "content"), [("page.html", b"x"), ("receipt.png", b""), ("noextension", b"x")])
def test_a_file_that_the_platform_does_not_take_is_refused_and_not_stored(
    desk: Desk, name: str, content: bytes
) -> None:
    sync = desk.push(desk.expense(1))
    assert attach(desk, sync, name, content).status == 400
    assert desk.native.records.count("Attachable") == 0


def test_a_file_of_the_largest_size_is_taken_and_one_byte_more_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from msgspec.structs import replace

    from sandbooks.hub import caps

    real = caps.table(desk.world, desk.native.platform)
    small = replace(real, attachments=replace(real.attachments, bytes_max=1000))
    monkeypatch.setattr(caps, "table", lambda world, platform, **_: small)
    sync = desk.push(desk.expense(1))
    assert attach(desk, sync, "a.png", b"x" * 1000).status == 200
    refused = attach(desk, sync, "b.png", b"x" * 1001)
    assert refused.status == 400
    assert "1001 bytes" in refused.body["validation"]["errors"][0]["message"]
    assert desk.native.records.count("Attachable") == 1


@pytest.mark.parametrize("kind", ["Reward", "Chargeback"])
def test_a_kind_that_takes_no_files_refuses_them(desk: Desk, kind: str) -> None:
    sync = desk.push(desk.expense(1, kind))
    assert attach(desk, sync, "receipt.png", b"x").status == 400


def test_a_receipt_needs_a_completed_transaction_of_that_sync(desk: Desk) -> None:
    sync = desk.push(desk.expense(1, bankAccountRef={"id": "no-such"}))
    assert attach(desk, sync, "receipt.png", b"x").status == 400
    assert attach(desk, sync, "receipt.png", b"x", number=2).status == 404
    assert attach(desk, transaction_id(3), "receipt.png", b"x").status == 404


@pytest.mark.parametrize(
    ("media", "body"),
    [("application/json", b"{}"), ("multipart/form-data", b""), ("multipart/form-data; boundary=x", b"--y"), ("", b"")],
)
def test_an_upload_that_is_no_form_is_refused(desk: Desk, media: str, body: bytes) -> None:
    sync = desk.push(desk.expense(1))
    path = f"{{c}}/sync/expenses/syncs/{sync}/transactions/{transaction_id(1)}/attachments"
    assert desk.send("POST", path, body, headers=(("Content-Type", media),)).status == 400


# Events


class Receiver:
    """An application that listens, and answers as told."""

    def __init__(self, desk: Desk, *answers: int) -> None:
        self.seen: list[Request] = []
        self._answers = list(answers)
        desk.app.receivers.append(("https://app.example/", self.receive))

    def receive(self, request: Request) -> Response:
        self.seen.append(request)
        return Response(self._answers.pop(0) if self._answers else 200)

    def events(self) -> list[str]:
        return [exact_json.loads(request.body)["eventType"] for request in self.seen]


def listening(desk: Desk, *answers: int, events: list[str] | None = None) -> tuple[Receiver, dict[str, Any]]:
    receiver = Receiver(desk, *answers)
    body = {"url": "https://app.example/hooks", **({"eventTypes": events} if events else {})}
    made = desk.send("POST", "/webhooks", body)
    assert made.status == 201
    return receiver, made.body


def test_the_signature_agrees_with_the_published_vector() -> None:
    body = b'{"test": 2432232314}'
    signed = webhooks.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_sync_that_ends_is_told_once_with_every_transaction(desk: Desk) -> None:
    receiver, _ = listening(desk)
    sync = desk.push(desk.expense(1), desk.expense(2, bankAccountRef={"id": "no-such"}))
    desk.world.settle()
    assert receiver.events() == ["expenses.sync.unsuccessful"]
    payload = exact_json.loads(receiver.seen[0].body)["payload"]
    assert payload["syncId"] == sync
    assert payload["referenceCompany"]["id"] == desk.company
    assert [(t["id"], t["status"]) for t in payload["transactions"]] == [
        (transaction_id(1), "Completed"),
        (transaction_id(2), "Failed"),
    ]


def test_a_delivery_that_fails_is_repeated_with_the_same_id_and_a_signature_of_its_own_time(desk: Desk) -> None:
    receiver, _ = listening(desk, 500, 503, events=["expenses.sync.successful"])
    desk.push(desk.expense(1))
    desk.world.settle()
    assert len(receiver.seen) == 3
    assert len({request.header("webhook-id") for request in receiver.seen}) == 1
    assert len({request.header("webhook-timestamp") for request in receiver.seen}) == 3
    secret = next(s.secret for s in webhooks.outbox.subscriptions(desk.world, "codat"))
    for request in receiver.seen:
        id, seconds = request.header("webhook-id"), int(request.header("webhook-timestamp"))
        assert request.header("webhook-signature") == webhooks.signature(secret, id, seconds, request.body)
    assert base64.b64decode(secret.removeprefix("whsec_"))


def test_a_consumer_hears_only_the_events_it_asked_for_and_none_once_deleted(desk: Desk) -> None:
    receiver, made = listening(desk, events=["connection.disconnected"])
    desk.push(desk.expense(1))
    desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"})
    assert receiver.events() == ["connection.disconnected"]
    assert desk.send("DELETE", f"/webhooks/{made['id']}").status == 204
    desk.send("DELETE", "{c}/connections/{k}")
    desk.world.settle()
    assert receiver.events() == ["connection.disconnected"]


def test_an_unknown_placeholder_of_a_redirect_becomes_empty() -> None:
    assert filled("https://a.example/?x={companyId}&y={nothing}", {"companyId": "a b"}) == "https://a.example/?x=a+b&y="


# Reads and single writes


def test_what_the_bookkeeper_archived_is_seen_after_the_next_read(desk: Desk) -> None:
    from sandbooks.platform import platform_named

    with desk.world.unit():
        platform_named(desk.native.platform).load_bookkeeper().archive_account(desk.native, desk.account("travel"))
    stale = desk.push(desk.expense(1))
    assert desk.outcome(stale)[0] == "PushError"
    assert desk.send("POST", "{c}/data/all").status == 204
    fresh = desk.push(desk.expense(2))
    assert desk.outcome(fresh)[0] == "ValidationError"
    offered = {account["id"] for account in desk.get("{c}/sync/expenses/mappingOptions")["accounts"]}
    assert desk.account("travel") not in offered


def test_one_data_type_is_read_and_its_operation_told(desk: Desk) -> None:
    queued = desk.send("POST", "{c}/data/queue/suppliers").body
    assert (queued["status"], queued["isCompleted"]) == ("Queued", False)
    done = desk.get(f"{{c}}/data/history/{queued['id']}")
    assert (done["status"], done["isCompleted"], done["progress"]) == ("Complete", True, 100)
    assert desk.get("{c}/data/history", query="dataType=suppliers")["results"][0]["id"] == queued["id"]
    assert desk.send("POST", "{c}/data/queue/invoices").status == 404


def test_a_supplier_is_created_in_the_platform_and_listed_after_a_read(desk: Desk) -> None:
    body = {"supplierName": "Fabrikam", "emailAddress": "post@fabrikam.example", "status": "Active"}
    begun = desk.send("POST", "{c}/connections/{k}/push/suppliers", body).body
    assert begun["status"] == "Pending"
    done = desk.get(f"{{c}}/push/{begun['pushOperationKey']}")
    assert done["status"] == "Success"
    id = done["changes"][0]["recordRef"]["id"]
    assert desk.send("GET", f"{{c}}/data/suppliers/{id}").status == 404
    desk.send("POST", "{c}/data/queue/suppliers")
    assert desk.get(f"{{c}}/data/suppliers/{id}")["supplierName"] == "Fabrikam"
    changed = desk.send("PUT", f"{{c}}/connections/{{k}}/push/suppliers/{id}", {**body, "phone": "0123"}).body
    assert desk.get(f"{{c}}/push/{changed['pushOperationKey']}")["status"] == "Success"
    desk.send("POST", "{c}/data/queue/suppliers")
    assert desk.get(f"{{c}}/data/suppliers/{id}")["phone"] == "0123"


def test_a_name_that_is_taken_fails_the_push_with_the_platforms_words(desk: Desk) -> None:
    begun = desk.send("POST", "{c}/connections/{k}/push/suppliers", {"supplierName": "Contoso Air"}).body
    done = desk.get(f"{{c}}/push/{begun['pushOperationKey']}")
    assert (done["status"], done["statusCode"]) == ("Failed", 400)
    assert "6240" in done["errorMessage"]


def test_accounts_and_bank_accounts_are_created_and_usable_after_a_read(desk: Desk) -> None:
    made = []
    for kind, body in (
        ("accounts", {"name": "Conferences", "type": "Expense"}),
        ("bankAccounts", {"accountName": "Second card", "accountType": "Credit", "currency": "GBP"}),
    ):
        begun = desk.send("POST", f"{{c}}/connections/{{k}}/push/{kind}", body).body
        done = desk.get(f"{{c}}/push/{begun['pushOperationKey']}")
        assert done["status"] == "Success", done
        made.append(done["changes"][0]["recordRef"]["id"])
    cost, card = made
    line = {"netAmount": 9, "taxAmount": 0, "accountRef": {"id": cost}}
    expense = desk.expense(1, bankAccountRef={"id": card}, lines=[line])
    assert desk.outcome(desk.push(expense))[0] == "ValidationError"
    desk.send("POST", "{c}/data/all")
    assert desk.outcome(desk.push(expense))[0] == "Completed"


@pytest.mark.parametrize("path", ["accounts", "bankAccounts", "suppliers", "customers"])
@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"name": 5}'])
def test_a_record_of_the_wrong_shape_is_refused(desk: Desk, path: str, body: bytes) -> None:
    assert desk.send("POST", f"{{c}}/connections/{{k}}/push/{path}", body).status == 400
    assert desk.get("{c}/push")["totalResults"] == 0


def test_the_models_of_accounts_tell_what_is_required(desk: Desk) -> None:
    for kind, name in (("chartOfAccounts", "name"), ("bankAccounts", "accountName")):
        model = desk.get(f"{{c}}/connections/{{k}}/options/{kind}")
        assert model["properties"][name]["required"] is True


def test_the_configuration_and_lists_answer_before_and_after(desk: Desk) -> None:
    assert desk.get("{c}/sync/expenses/config")["bankAccount"] == {"id": desk.account("visa")}
    cards = desk.get("{c}/data/accounts", query="metadata.isDeleted=false&&isBankAccount=true&&type=liability")
    assert desk.account("visa") in [account["id"] for account in cards["results"]]
    banks = desk.get("{c}/connections/{k}/data/bankAccounts")["results"]
    assert {"Credit", "Debit"} == {account["accountType"] for account in banks}
    assert desk.get("{c}/data/customers")["totalResults"] >= 1


def test_a_reimbursable_is_updated_and_its_bill_keeps_its_id(desk: Desk) -> None:
    body = {
        "issueDate": "2026-03-20",
        "dueDate": "2026-04-20",
        "currency": "GBP",
        "contactRef": {"id": desk.supplier("employee")},
        "lines": [{"netAmount": 17.35, "accountRef": {"id": desk.account("meals")}}],
    }
    path = "{c}/sync/expenses/reimbursable-expense-transactions"
    assert desk.send("POST", path, [{**body, "id": transaction_id(1)}]).status == 200
    before = desk.document(1)["Id"]
    line = {"netAmount": 21.4, "accountRef": {"id": desk.account("travel")}}
    answer = desk.send("PUT", f"{path}/{transaction_id(1)}", {**body, "lines": [line]})
    assert answer.status == 200
    assert desk.document(1)["Id"] == before
    assert (desk.balance("meals"), desk.balance("travel")) == ("0.00 GBP", "21.40 GBP")


def test_syncs_and_their_transactions_are_read_back_one_by_one_and_listed(desk: Desk) -> None:
    assert desk.send("GET", "{c}/sync/expenses/syncs/lastSuccessful/status").status == 404
    good = desk.push(desk.expense(1))
    bad = desk.push(desk.expense(2, bankAccountRef={"id": "no-such"}))
    assert [row["syncId"] for row in desk.get("{c}/sync/expenses/syncs/list/status")] == [bad, good]
    assert desk.get("{c}/sync/expenses/syncs/latest/status")["syncId"] == bad
    assert desk.get("{c}/sync/expenses/syncs/lastSuccessful/status")["syncId"] == good
    (row,) = desk.get(f"{{c}}/sync/expenses/syncs/{good}/transactions/{transaction_id(1)}")
    assert (row["status"], row["integrationType"]) == ("Completed", "expenses")
    assert desk.send("GET", f"{{c}}/sync/expenses/syncs/{good}/transactions/{transaction_id(2)}").status == 404


def test_customers_and_suppliers_are_listed_read_and_changed(desk: Desk) -> None:
    (client,) = desk.get("{c}/data/customers", query="customerName=Northwind")["results"]
    assert desk.get(f"{{c}}/data/customers/{client['id']}")["customerName"] == "Northwind"
    body = {"customerName": "Northwind Traders", "status": "Active"}
    begun = desk.send("PUT", f"{{c}}/connections/{{k}}/push/customers/{client['id']}", body).body
    assert desk.get(f"{{c}}/push/{begun['pushOperationKey']}")["status"] == "Success"
    desk.send("POST", "{c}/data/queue/customers")
    assert desk.get(f"{{c}}/data/customers/{client['id']}")["customerName"] == "Northwind Traders"
    names = [row["supplierName"] for row in desk.get("{c}/data/suppliers", orderBy="supplierName")["results"]]
    assert names == sorted(names)


def test_keys_are_made_used_and_ended_and_the_profile_keeps_the_redirect(desk: Desk) -> None:
    made = desk.send("POST", "/apiKeys", {"name": "second"})
    first, desk.api_key = desk.api_key, made.body["apiKey"]
    assert desk.send("GET", "/companies").status == 200
    assert [row["name"] for row in desk.get("/apiKeys")["results"]] == ["first", "second"]
    ended, desk.api_key = desk.api_key, first
    assert desk.send("DELETE", f"/apiKeys/{made.body['id']}").status == 204
    desk.api_key = ended
    assert desk.send("GET", "/companies").status == 403
    desk.api_key = first
    assert (
        desk.send("PUT", "/profile", {"redirectUrl": "https://a.example/"}).body["redirectUrl"] == "https://a.example/"
    )
    assert desk.get("/integrations")["totalResults"] >= 1
    assert desk.get("/integrations/qhyg")["name"] == "QuickBooks Online"
