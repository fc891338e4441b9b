"""Credit notes, prepayments and overpayments, and what of them is allocated to invoices.

# Source: https://developer.xero.com/documentation/api/accounting/creditnotes, .../prepayments, .../overpayments
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import documents, lookup, query, settling, writes
from sandbooks.platforms.xero.api.registry import ROOT, TRANSACTIONS, Keep, Resource, references_filter
from sandbooks.platforms.xero.approvals import write_credit_note
from sandbooks.platforms.xero.posting.money import rounded
from sandbooks.platforms.xero.records import PLURAL
from sandbooks.platforms.xero.refusals import NotFound, invalid
from sandbooks.platforms.xero.saving import facts_of, save
from sandbooks.platforms.xero.wire import writing
from sandbooks.wire import Response

Body = dict[str, Any]
CREDIT_SCOPES = f"{TRANSACTIONS} accounting.invoices"
PREPAID_SCOPES = f"{TRANSACTIONS} accounting.payments"


def allocate(call: Call, given: Mapping[str, Any], credit: Record) -> Record:
    """Allocate a part of a credit to an invoice. Raises Invalid, OverSettled."""
    company = call.company
    invoice = settling.named(company, given.get("Invoice") or {}, "Invoice")
    if invoice is None:
        raise invalid("The Invoice could not be found.")
    _check_pair(credit, invoice)
    # Source: _put_allocation of github.com/freakboy3742/pyxero src/xero/basemanager.py, which sends AppliedAmount
    amount = rounded(given.get("Amount", given.get("AppliedAmount", Decimal(0))))
    date = given.get("Date") or documents.today(call)
    lookup.check_open(company, date)
    used = settling.relief(company, credit, amount)
    relieved = settling.relief(company, invoice, amount)
    id = company.records.next_uuid("allocation")
    entry = {"AllocationID": id, "Amount": amount, "Date": date, "Invoice": _short(invoice)}
    settling.used_up(company, used, date=date, allocation=entry)
    shown = {"AllocationID": id, **_short(credit), "AppliedAmount": amount, "Date": date, "Total": credit.body["Total"]}
    settling.credited(company, relieved, date=date, collection=PLURAL[credit.kind], credit=shown)
    body = {**entry, credit.kind: settling.reference(credit)}
    return save(company, "Allocation", body, facts=_facts(call, used, relieved))


def _check_pair(credit: Record, invoice: Record) -> None:
    """Same side, contact and currency. Raises Invalid."""
    left, right = credit.body, invoice.body
    if settling.payable(left) != settling.payable(right):
        raise invalid("The credit and the invoice must both be sales or both be purchases.")
    if left["Contact"]["ContactID"] != right["Contact"]["ContactID"]:
        raise invalid("The contact of the credit and of the invoice must be the same.")
    if left["CurrencyCode"] != right["CurrencyCode"]:
        raise invalid("The currency of the credit and of the invoice must be the same.")


def _short(record: Record) -> Body:
    name = settling.NUMBERS.get(record.kind, "")
    number = {name: record.body.get(name)} if name else {}
    return {f"{record.kind}ID": record.id, **number}


def _facts(call: Call, used: settling.Relief, relieved: settling.Relief) -> Body:
    company = call.company
    return {
        "base": company.currency,
        "currency": settling.currency_of(company, relieved.body),
        "side": 1 if settling.payable(relieved.body) else -1,
        "used": used.parts,
        "relieved": relieved.parts,
        "gains": lookup.system_account(company, "REALISEDCURRENCYGAIN"),
        "rounding": lookup.system_account(company, "ROUNDING"),
        "party": relieved.body["Contact"]["ContactID"],
    }


def deallocate(call: Call, record: Record) -> Record:
    """Take an allocation back."""
    company, body = call.company, record.copy()
    lookup.check_open(company, body["Date"])
    facts, amount = facts_of(company, "Allocation", record.id), Decimal(body["Amount"])
    kind = next(name for name in settling.TARGETS[1:] if name in body)
    credit = company.records.get(kind, body[kind][f"{kind}ID"])
    invoice = company.records.get("Invoice", body["Invoice"]["InvoiceID"])
    assert credit is not None
    assert invoice is not None
    entry = {"AllocationID": record.id}
    back = settling.undone(credit, amount, settling.base_of(facts["used"]))
    settling.used_up(company, back, date=body["Date"], allocation=entry)
    back = settling.undone(invoice, amount, settling.base_of(facts["relieved"]))
    settling.credited(company, back, date=body["Date"], collection=PLURAL[kind], credit=entry)
    return save(company, "Allocation", {**body, "IsDeleted": True})


def put_allocations(resource: Resource) -> Callable[[Call], Response]:
    """PUT …/Allocations of a credit."""

    def run(call: Call) -> Response:
        id = resource.find(call, call.args["id"]).id

        def writer(call: Call, given: Mapping[str, Any], _: Record | None) -> Record:
            credit = call.company.records.get(resource.kind, id)
            assert credit is not None
            return allocate(call, given, credit)

        path_id = call.args.pop("id")
        answer = writes.write(call, "Allocation", writer, create=True)
        call.args["id"] = path_id
        return answer

    return run


def delete_allocation(resource: Resource) -> Callable[[Call], Response]:
    """DELETE …/Allocations/{id}: 200 with the allocation, which is marked as deleted and stands in no envelope.

    # Source: deleteCreditNoteAllocations of XeroAPI/Xero-OpenAPI xero_accounting.yaml ; PyPI xero-python 15.2.0
    """

    def run(call: Call) -> Response:
        credit = resource.find(call, call.args["id"])
        record = call.company.records.get("Allocation", call.args["allocation"].lower())
        if record is None or record.deleted or resource.kind not in record.body:
            raise NotFound
        if record.body[resource.kind][f"{resource.kind}ID"] != credit.id:
            raise NotFound
        return writes.keyed(call, lambda: _deleted(call, record))

    return run


def _deleted(call: Call, record: Record) -> Response:
    gone = deallocate(call, record)
    shown = {name: gone.body[name] for name in ("Amount", "Date", "Invoice")}
    return writing.bare(call, "Allocation", {"AllocationID": gone.id, **shown, "IsDeleted": True})


CREDIT_NOTES = Resource(kind="CreditNote", scopes=CREDIT_SCOPES, writer=write_credit_note, pages=True, brief=True)


def _by_invoice(call: Call) -> Keep | None:
    """InvoiceNumbers keeps the prepayments that are allocated to these invoices."""
    text = query.parameter(call, "InvoiceNumbers")
    wanted = {part.strip().lower() for part in text.split(",") if part.strip()}
    if not wanted:
        return None
    return lambda body: any(
        str(each["Invoice"].get("InvoiceNumber", "")).lower() in wanted for each in body["Allocations"]
    )


PREPAYMENTS = Resource(kind="Prepayment", scopes=PREPAID_SCOPES, pages=True, keep=_by_invoice)
OVERPAYMENTS = Resource(kind="Overpayment", scopes=PREPAID_SCOPES, pages=True, keep=references_filter)


def _allocations(resource: Resource) -> tuple[Operation, ...]:
    rule, name = f"{ROOT}/{resource.name}/<id>/Allocations", resource.name
    return (
        Operation(f"allocate_{name}", "PUT", rule, put_allocations(resource), writes=True, scope=resource.scopes),
        Operation(
            f"deallocate_{name}",
            "DELETE",
            f"{rule}/<allocation>",
            delete_allocation(resource),
            writes=True,
            scope=resource.scopes,
        ),
    )


_PDF = Operation(
    "read_credit_note_pdf", "GET", f"{ROOT}/CreditNotes/<id>/pdf", CREDIT_NOTES.read_pdf, scope=CREDIT_SCOPES
)
OPERATIONS = (
    _PDF,
    *(
        operation
        for resource in (CREDIT_NOTES, PREPAYMENTS, OVERPAYMENTS)
        for operation in (*resource.operations(), *_allocations(resource))
    ),
)
