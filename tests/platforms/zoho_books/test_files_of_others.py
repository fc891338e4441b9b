"""Files that several documents have, by the id of the document in the organisation."""

from tests.platforms.zoho_books.desk import PNG, TODAY, Desk, multipart


def receipt(desk: Desk) -> tuple[str, str]:
    """An expense with one file: the ids of both."""
    expense = desk.expense("8.40")["expense_id"]
    body, headers = multipart("receipt", "taxi.png", PNG)
    assert desk.send("POST", f"expenses/{expense}/receipt", body, headers=headers).status == 200
    return expense, desk.get(f"expenses/{expense}")["expense"]["documents"][0]["document_id"]


def transfer(desk: Desk, **members: object) -> dict[str, object]:
    sides = {"from_account_id": desk.account("bank"), "to_account_id": desk.account("reserve")}
    return {"transaction_type": "transfer_fund", "date": TODAY, "amount": "7.70", **sides, **members}


def test_a_bank_transaction_names_the_files_that_belong_to_it(desk: Desk) -> None:
    _, document = receipt(desk)
    made = desk.make("banktransactions", "banktransaction", **transfer(desk, documents=[{"document_id": document}]))
    assert [d["file_name"] for d in made["documents"]] == ["taxi.png"]
    kept = desk.change(f"banktransactions/{made['transaction_id']}", "banktransaction", description="Kept")
    assert [d["document_id"] for d in kept["documents"]] == [document]
    emptied = desk.change(f"banktransactions/{made['transaction_id']}", "banktransaction", documents=[])
    assert emptied["documents"] == []


def test_a_file_lives_as_long_as_one_document_has_it(desk: Desk) -> None:
    expense, document = receipt(desk)
    made = desk.make("banktransactions", "banktransaction", **transfer(desk, documents=[{"document_id": document}]))
    desk.act(f"expenses/{expense}", method="DELETE")
    assert desk.company.records.blob(f"document/{document}") == PNG
    desk.act(f"banktransactions/{made['transaction_id']}", method="DELETE")
    assert desk.company.records.blob(f"document/{document}") is None


def test_an_expense_takes_files_of_others_by_their_ids(desk: Desk) -> None:
    _, document = receipt(desk)
    other = desk.expense("3.30")["expense_id"]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = desk.send("POST", f"expenses/{other}/attachment", f"document_ids={document}".encode(), headers=form)
    assert answer.status == 200
    assert [d["document_id"] for d in desk.get(f"expenses/{other}")["expense"]["documents"]] == [document]


def test_a_file_that_nothing_has_is_refused_and_posts_nothing(desk: Desk) -> None:
    given = transfer(desk, documents=[{"document_id": "460000000099999"}])
    assert desk.refused("POST", "banktransactions", given) == (1002, "Document does not exist.")
    assert desk.refused("POST", "banktransactions", transfer(desk, documents=[{}]))[0] == 1001
