"""The first version of bill pay: lists from the hub's copies, writes as push operations.

Source: https://docs.codat.io/usecases/bill-pay, github.com/codatio/oas yaml/Codat-Sync-Payables-v1.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from sandbooks.connector import Adjustment, Contact, Line
from sandbooks.hub import companies, connections, data, wire
from sandbooks.hub.bill_pay import files, models, pushes, shown, v1_requests, v1_shown
from sandbooks.hub.bill_pay.bills import new_bill, paying_account
from sandbooks.hub.bill_pay.desk import SERVICE, Desk, opened, unsupported
from sandbooks.hub.bill_pay.requests import BillRequest
from sandbooks.hub.bill_pay.v1_requests import CreditRequest, PaymentsRequest
from sandbooks.hub.errors import bad_request, not_found
from sandbooks.hub.integrations import integration_of
from sandbooks.kit.call import Call, json_reply
from sandbooks.payables import Bill, BillCredit, BillPayment, NewCredit, NewJournal, NewPayment
from sandbooks.wire import Response

Body = dict[str, Any]
Run = Callable[[Call], Response]
T = TypeVar("T", Bill, BillCredit, BillPayment)


# Lists


class _Copies:
    """A company's copies that a list is made of, and what its records name."""

    def __init__(self, call: Call, data_type: str) -> None:
        self.company = str(companies.called(call)["id"])
        self._call = call
        connection = connections.accounting_of(call.world, self.company)
        if connection is not None and data_type not in data.types_of(connection):
            raise unsupported(data_type, connection["platformName"])
        self.rows: Mapping[str, Any] = data.read_copy(call, self.company, data_type)

    def other(self, data_type: str) -> Mapping[str, Any]:
        """Another copy; empty when it was never read."""
        return data.copy_of(self._call.world, self.company, data_type) or {}

    def named(self, one: T) -> T:
        """A bill, credit or payment with its supplier's name, which some platforms tell in their list of suppliers."""
        known = self.other("suppliers").get(one.supplier)
        return replace(one, supplier_name=known.name) if known is not None and not one.supplier_name else one

    @property
    def accounts(self) -> Mapping[str, str]:
        return v1_shown.names_of(self.other("chartOfAccounts"))

    @property
    def payments(self) -> list[BillPayment]:
        return list(self.other("billPayments").values())


def _render(copies: _Copies, data_type: str) -> Callable[[Any], Body]:
    """How a record of a data type is shown."""
    match data_type:
        case "bills" | "billCreditNotes":
            show = v1_shown.bill if data_type == "bills" else v1_shown.credit
            accounts, rates, payments = copies.accounts, copies.other("taxRates"), copies.payments
            return lambda one: show(copies.named(one), accounts=accounts, rates=rates, payments=payments)
        case "billPayments":
            names = copies.accounts
            return lambda one: v1_shown.payment(copies.named(one), accounts=names)
        case "paymentMethods":
            return v1_shown.payment_method
        case "journals":
            return v1_shown.journal
        case "taxRates":
            return v1_shown.tax_rate
        case _:
            return v1_shown.tracking


def lister(data_type: str, what: str) -> Run:
    """The list operation of a data type."""

    def run(call: Call) -> Response:
        copies = _Copies(call, data_type)
        show = _render(copies, data_type)
        return wire.page_reply(call, [show(one) for one in copies.rows.values()], what=what)

    return run


def getter(data_type: str, argument: str, word: str) -> Run:
    """The operation that gives one record of a data type."""

    def run(call: Call) -> Response:
        copies = _Copies(call, data_type)
        found = copies.rows.get(call.args[argument])
        if found is None:
            raise not_found(f"No {word} was found with ID {call.args[argument]}", service="ClientsApi")
        if data_type == "trackingCategories":
            return json_reply(v1_shown.tracking_tree(found, list(copies.rows.values())))
        return json_reply(_render(copies, data_type)(found))

    return run


def options(data_type: str) -> Run:
    """The model of a record that can be written."""

    def run(call: Call) -> Response:
        _, connection = connections.called(call)
        integration = integration_of(connection["platformKey"])
        name = integration.platform.name if integration and integration.platform else ""
        return json_reply(models.model(data_type, name, connection["platformName"]))

    return run


# Bills and credits


def create_bill(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    body = wire.raw_body(call)
    wanted = v1_requests.bill_of(body, desk.offer, home=desk.facts.currency, today=_today(call, desk))
    return pushes.begin(
        call,
        desk,
        "bills",
        action="create",
        shown=_billed(body, wanted),
        make=lambda own, key: new_bill(wanted, own, key),
    )


def update_bill(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    body = wire.raw_body(call)
    wanted = v1_requests.bill_of(body, desk.offer, home=desk.facts.currency, today=_today(call, desk))
    return pushes.begin(
        call,
        desk,
        "bills",
        action="update",
        shown=_billed(body, wanted),
        make=lambda own, key: new_bill(wanted, own, key),
        target=call.args["bill_id"],
        expects=_expected(call, body),
    )


def delete_bill(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    _offered(desk, "bill.delete", "delete bills")
    return pushes.begin(call, desk, "bills", action="remove", target=call.args["bill_id"])


def create_credit(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    _keeps(desk, "credits", "billCreditNotes")
    body = wire.raw_body(call)
    wanted = v1_requests.credit_of(body, desk.offer, home=desk.facts.currency, today=_today(call, desk))
    return pushes.begin(
        call,
        desk,
        "billCreditNotes",
        action="create",
        shown=_credited(body, wanted),
        make=lambda own, key: _new_credit(wanted, own, key),
    )


def update_credit(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    _keeps(desk, "credits", "billCreditNotes")
    _offered(desk, "credit.update", "update bill credit notes")
    body = wire.raw_body(call)
    wanted = v1_requests.credit_of(body, desk.offer, home=desk.facts.currency, today=_today(call, desk))
    return pushes.begin(
        call,
        desk,
        "billCreditNotes",
        action="update",
        shown=_credited(body, wanted),
        make=lambda own, key: _new_credit(wanted, own, key),
        target=call.args["bill_credit_note_id"],
        expects=_expected(call, body),
    )


def _billed(body: Any, wanted: BillRequest) -> Body:
    """A bill as it was sent, with its totals: these every bill that is shown has."""
    net, tax = _totals(wanted.lines)
    return {"subTotal": net, "taxAmount": tax, "totalAmount": net + tax, **body}


def _credited(body: Any, wanted: CreditRequest) -> Body:
    """A credit as it was sent, with its totals."""
    net, tax = _totals(wanted.lines)
    none = {"totalDiscount": 0, "discountPercentage": 0}
    return {**none, "subTotal": net, "totalTaxAmount": tax, "totalAmount": net + tax, **body}


def _totals(lines: Sequence[Line]) -> tuple[Decimal, Decimal]:
    """Net and tax of lines; a tax that is left to the platform is not known yet."""
    none = Decimal(0)
    return sum((line.net for line in lines), none), sum((line.tax or none for line in lines), none)


def _new_credit(wanted: CreditRequest, id: str, key: str) -> NewCredit:
    return NewCredit(
        id=id,
        key=key,
        version=1,
        date=wanted.date,
        currency=wanted.currency,
        supplier=Contact(kind="supplier", name="", id=wanted.supplier),
        lines=wanted.lines,
        quantities=wanted.quantities,
        rate=wanted.rate,
        number=wanted.number,
        note=wanted.note,
    )


def _expected(call: Call, body: Any) -> Mapping[str, str]:
    """What the record must still be like, unless the client forces the change."""
    forced = call.query.get("forceUpdate", "").lower() == "true"
    told = body.get("sourceModifiedDate") if isinstance(body, dict) else None
    return {"sourceModifiedDate": told} if isinstance(told, str) and told and not forced else {}


def _today(call: Call, desk: Desk) -> Any:
    return call.world.clock.today(desk.facts.time_zone or "UTC")


# Payments


def create_payment(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    body = wire.raw_body(call)
    wanted = v1_requests.payment_of(body, desk.offer, batches="batch" in desk.payables.offers)
    _check_links(desk, wanted)
    account = paying_account(desk, wanted.account) if wanted.account else None
    currency = wanted.currency or _currency_of(desk, wanted)

    def make(id: str, key: str) -> NewPayment:
        return NewPayment(
            id=id,
            key=key,
            version=1,
            date=wanted.date,
            currency=currency,
            total=wanted.total,
            links=wanted.links,
            account=account,
            supplier=wanted.supplier,
            rate=wanted.rate,
            reference=wanted.reference,
            note=wanted.note,
            method=wanted.method,
        )

    return pushes.begin(call, desk, "billPayments", action="create", shown=body, make=make)


def _check_links(desk: Desk, wanted: PaymentsRequest) -> None:
    """What the platform cannot hold in one payment is refused here."""
    kinds = {link.kind for link in wanted.links}
    offers = desk.payables.offers
    if "PaymentOnAccount" in kinds and "on_account" not in offers:
        raise bad_request(f"{desk.platform} takes no payment on account here.", service=SERVICE)
    if kinds & {"Refund", "Other"}:
        raise bad_request(f"{desk.platform} takes bills and credit notes in a payment here.", service=SERVICE)
    if "CreditNote" in kinds and "credit_use" not in offers:
        raise bad_request(f"{desk.platform} takes no credit notes in a payment here.", service=SERVICE)


def _currency_of(desk: Desk, wanted: PaymentsRequest) -> str:
    """The currency of the first bill that is paid."""
    first = next((link.id for link in wanted.links if link.kind == "Bill"), "")
    found = desk.run(desk.payables.bill(first, desk.session.consent, desk.facts)) if first else None
    return found.currency if found else desk.facts.currency


def delete_payment(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    _offered(desk, "payment.delete", "delete bill payments")
    return pushes.begin(call, desk, "billPayments", action="remove", target=call.args["bill_payment_id"])


# Journals


def create_journal_entry(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    body = wire.raw_body(call)
    wanted = v1_requests.entry_of(body, home=desk.facts.currency, today=_today(call, desk))

    def make(id: str, key: str) -> Adjustment:
        return Adjustment(
            id=id,
            key=key,
            version=1,
            date=wanted.date,
            currency=wanted.currency,
            lines=wanted.lines,
            reference=wanted.reference,
        )

    return pushes.begin(call, desk, "journalEntries", action="create", shown=body, make=make)


def create_journal(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    _keeps(desk, "journal.create", "journals")
    body = wire.raw_body(call)
    wanted = v1_requests.journal_of(body)
    return pushes.begin(
        call,
        desk,
        "journals",
        action="create",
        shown=body,
        make=lambda own, key: NewJournal(
            id=own, key=key, version=1, name=wanted.name, code=wanted.code, active=wanted.active
        ),
    )


# Files


def list_files(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    return json_reply({"attachments": [shown.file(one) for one in files.files_of(desk, call.args["bill_id"])]})


def get_file(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    return json_reply(shown.file(files.file_on(desk, call.args["bill_id"], call.args["attachment_id"])))


def download_file(call: Call) -> Response:
    return files.content_reply(call, opened(call, synchronous=False))


def upload_file(call: Call) -> Response:
    files.put_file(call, opened(call, synchronous=False))
    return Response(200)


def delete_file(call: Call) -> Response:
    desk = opened(call, synchronous=False)
    _offered(desk, "file.delete", "delete attachments")
    files.file_on(desk, call.args["bill_id"], call.args["attachment_id"])
    target = f"{call.args['bill_id']}/{call.args['attachment_id']}"
    return pushes.begin(call, desk, "attachments", action="remove", target=target)


def _offered(desk: Desk, name: str, what: str) -> None:
    if name not in desk.payables.offers:
        raise bad_request(f"{desk.platform} does not let one {what} here.", service=SERVICE)


def _keeps(desk: Desk, name: str, data_type: str) -> None:
    if name not in desk.payables.offers:
        raise unsupported(data_type, desk.platform)
