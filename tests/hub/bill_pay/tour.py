"""One lawful request for each operation of bill pay: what it sends, and where to, once what it needs is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.hub.bill_pay import desk as payer
from tests.hub.desk import Answer, Desk, open_desk

C = "/companies/{companyId}"
X = f"{C}/connections/{{connectionId}}"
K = f"{X}/payables"
OURS = "{c}/connections/{k}"
BOUNDARY = "tour-of-the-hub"
WITH_JOURNALS = "sage_intacct"  # the platform whose books have journals of one's own


def _bill(tour: Any, number: int = 1) -> str:
    return str(payer.created(tour.desk, number)["id"])


def _payment(tour: Any, bill: str) -> dict[str, Any]:
    return {
        "supplierRef": {"id": tour.desk.supplier("airline")},
        "accountRef": {"id": tour.desk.account("bank")},
        "totalAmount": 5,
        "currency": "GBP",
        "date": "2026-03-21T00:00:00",
        "lines": [{"amount": 5, "links": [{"type": "Bill", "id": bill, "amount": -5}]}],
    }


def _paid(tour: Any) -> str:
    """The id of a payment that stands."""
    return _written(tour.desk, "billPayments", _payment(tour, _bill(tour)))


def _credit(tour: Any) -> dict[str, Any]:
    line = {"unitAmount": 9, "quantity": 1, "accountRef": {"id": tour.desk.account("travel")}}
    return {
        "supplierRef": {"id": tour.desk.supplier("airline")},
        "issueDate": "2026-03-20T00:00:00",
        "currency": "GBP",
        "status": "Submitted",
        "lineItems": [line],
        "subTotal": 9,
        "totalTaxAmount": 0,
        "totalAmount": 9,
        "totalDiscount": 0,
        "discountPercentage": 0,
    }


def _written(desk: Desk, data_type: str, body: dict[str, Any]) -> str:
    """The id of what a push operation wrote, in the hub's copy by then."""
    answer = desk.send("POST", f"{OURS}/push/{data_type}", body)
    assert answer.status == 200, answer.body
    desk.world.settle()
    found = desk.get(f"{{c}}/push/{answer.body['pushOperationKey']}")
    assert found["status"] == "Success", found
    _read(desk, data_type)
    return str(found["changes"][0]["recordRef"]["id"])


def _read(desk: Desk, data_type: str) -> None:
    assert desk.send("POST", f"{{c}}/data/queue/{data_type}").status == 200
    desk.world.settle()


def _record(data_type: str) -> Callable[[Any], str]:
    """The path of the first record of a list."""

    def path(tour: Any) -> str:
        found = tour.desk.get(f"{{c}}/data/{data_type}")["results"][0]["id"]
        return f"{{c}}/data/{data_type}/{found}"

    return path


def _known_bill(tour: Any) -> str:
    id = _bill(tour)
    _read(tour.desk, "bills")
    return f"{{c}}/data/bills/{id}"


def _filed(tour: Any) -> tuple[str, str]:
    """A bill and the file on it."""
    id = _bill(tour)
    body, headers = payer.upload("bill.pdf", b"%PDF-1.7")
    answer = tour.desk.send("POST", f"{OURS}/payables/bills/{id}/attachments", body, headers=headers)
    assert answer.status == 201, answer.body
    return id, str(answer.body["id"])


def _file(_: Any) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="bill.pdf"\r\n'
    return f"{head}Content-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--{BOUNDARY}--\r\n".encode()


def _journals(tour: Any) -> str:
    """The tour goes on at a company whose books have journals."""
    tour.desk = open_desk(platform=WITH_JOURNALS)
    return "{c}/data/journals"


def _journal(tour: Any) -> str:
    _journals(tour)
    return _record("journals")(tour)


def _new_journal(tour: Any) -> str:
    _journals(tour)
    return f"{OURS}/push/journals"


def _entry(tour: Any) -> dict[str, Any]:
    lines = [{"netAmount": n, "accountRef": {"id": tour.desk.account(a)}} for n, a in ((3, "travel"), (-3, "meals"))]
    return {"postedOn": "2026-03-20T00:00:00", "journalLines": lines}


def _tracking(tour: Any) -> str:
    return _record("trackingCategories")(tour)


def _live(tour: Any, number: int) -> dict[str, Any]:
    dates = {"issueDate": "2026-03-20T00:00:00", "dueDate": "2026-04-19T00:00:00"}
    return {**payer.changed_bill(tour.desk, number), **dates}


def _first_version(tour: Any, number: int = 3) -> dict[str, Any]:
    total = 2 * (100 + number)
    dates = {"issueDate": "2026-03-20T00:00:00", "dueDate": "2026-04-19T00:00:00"}
    return {**payer.bill(tour.desk, number), **dates, "subTotal": total, "taxAmount": 0, "totalAmount": total}


def _at_bill(path: str) -> Callable[[Any], str]:
    return lambda tour: path.format(bill=_bill(tour), c="{c}", k="{k}")


def _at_file(path: str) -> Callable[[Any], str]:
    def filled(tour: Any) -> str:
        bill, file = _filed(tour)
        return path.format(bill=bill, file=file, c="{c}", k="{k}")

    return filled


_SUPPLIER = {
    "supplierName": "Litware",
    "status": "Active",
    "addresses": [{"type": "Billing", "line1": "1 High Street"}],
}
_BANK = {"name": "Payments", "accountType": "Debit", "accountNumber": "12345678", "currency": "GBP"}

BODIES: dict[str, Callable[[Any], Any]] = {
    f"POST {K}/bills": lambda tour: _live(tour, 3),
    f"PUT {K}/bills/{{billId}}": lambda tour: _live(tour, 4),
    f"POST {K}/bills/{{billId}}/attachments": _file,
    f"POST {K}/bills/{{billId}}/payment": lambda tour: {
        "amount": 5,
        "date": "2026-03-21T00:00:00",
        "accountRef": {"id": tour.desk.account("bank")},
    },
    f"POST {K}/suppliers": lambda tour: {**_SUPPLIER, "supplierName": "Adventure Works"},
    f"PUT {K}/suppliers/{{supplierId}}": lambda tour: {**_SUPPLIER, "supplierName": "Contoso Airways"},
    f"POST {K}/bankAccounts": lambda tour: _BANK,
    f"POST {X}/push/bills": _first_version,
    f"PUT {X}/push/bills/{{billId}}": lambda tour: _first_version(tour, 4),
    f"POST {X}/push/bills/{{billId}}/attachments": _file,
    f"POST {X}/push/billPayments": lambda tour: _payment(tour, _bill(tour)),
    f"POST {X}/push/billCreditNotes": _credit,
    f"PUT {X}/push/billCreditNotes/{{billCreditNoteId}}": _credit,
    f"POST {X}/push/journalEntries": _entry,
    f"POST {X}/push/journals": lambda tour: {"name": "Bill pay", "journalCode": "BP", "status": "Active"},
}
PATHS: dict[str, Callable[[Any], str]] = {
    f"PUT {K}/bills/{{billId}}": _at_bill("{c}/connections/{k}/payables/bills/{bill}"),
    f"POST {K}/bills/{{billId}}/attachments": _at_bill("{c}/connections/{k}/payables/bills/{bill}/attachments"),
    f"GET {K}/bills/{{billId}}/attachments": _at_file("{c}/connections/{k}/payables/bills/{bill}/attachments"),
    f"POST {K}/bills/{{billId}}/payment": _at_bill("{c}/connections/{k}/payables/bills/{bill}/payment"),
    f"GET {C}/data/bills/{{billId}}": _known_bill,
    f"PUT {X}/push/bills/{{billId}}": _at_bill("{c}/connections/{k}/push/bills/{bill}"),
    f"DELETE {X}/push/bills/{{billId}}": _at_bill("{c}/connections/{k}/push/bills/{bill}"),
    f"POST {X}/push/bills/{{billId}}/attachments": _at_bill("{c}/connections/{k}/push/bills/{bill}/attachments"),
    f"GET {X}/data/bills/{{billId}}/attachments": _at_file("{c}/connections/{k}/data/bills/{bill}/attachments"),
    f"GET {X}/data/bills/{{billId}}/attachments/{{attachmentId}}": _at_file(
        "{c}/connections/{k}/data/bills/{bill}/attachments/{file}"
    ),
    f"DELETE {X}/push/bills/{{billId}}/attachments/{{attachmentId}}": _at_file(
        "{c}/connections/{k}/push/bills/{bill}/attachments/{file}"
    ),
    f"GET {C}/data/billPayments/{{billPaymentId}}": lambda tour: f"{{c}}/data/billPayments/{_paid(tour)}",
    f"DELETE {X}/push/billPayments/{{billPaymentId}}": lambda tour: f"{OURS}/push/billPayments/{_paid(tour)}",
    f"GET {C}/data/billCreditNotes/{{billCreditNoteId}}": lambda tour: (
        f"{{c}}/data/billCreditNotes/{_written(tour.desk, 'billCreditNotes', _credit(tour))}"
    ),
    f"PUT {X}/push/billCreditNotes/{{billCreditNoteId}}": lambda tour: (
        f"{OURS}/push/billCreditNotes/{_written(tour.desk, 'billCreditNotes', _credit(tour))}"
    ),
    f"GET {C}/data/accounts/{{accountId}}": _record("accounts"),
    f"GET {C}/data/paymentMethods/{{paymentMethodId}}": _record("paymentMethods"),
    f"GET {C}/data/taxRates/{{taxRateId}}": _record("taxRates"),
    f"GET {C}/data/trackingCategories/{{trackingCategoryId}}": _tracking,
    f"GET {C}/data/journals": _journals,
    f"GET {C}/data/journals/{{journalId}}": _journal,
    f"POST {X}/push/journals": _new_journal,
}
NAMES = {
    "billId": "1",
    "attachmentId": "2",
    "accountId": "3",
    "billPaymentId": "4",
    "billCreditNoteId": "5",
    "journalId": "6",
    "paymentMethodId": "7",
    "taxRateId": "8",
    "trackingCategoryId": "9",
}
BINARY = "/attachments/{attachmentId}/download"
"""The end of the paths whose answer is a file."""


def downloaded(tour: Any, template: str) -> Answer:
    """The answer of a download, without the bytes."""
    bill, file = _filed(tour)
    path = template.replace(C, "{c}").replace("{connectionId}", "{k}")
    answer = payer.raw(tour.desk, "GET", path.replace("{billId}", bill).replace("{attachmentId}", file))
    assert answer.body == b"%PDF-1.7"
    return Answer(answer.status, None, dict(answer.headers))
