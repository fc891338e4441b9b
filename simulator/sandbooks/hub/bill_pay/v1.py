"""The first version of bill pay: lists from the hub's copies, models of what can be written, files on bills.

Source: https://docs.codat.io/usecases/bill-pay, github.com/codatio/oas yaml/Codat-Sync-Payables-v1.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from sandbooks.hub import companies, connections, data, wire
from sandbooks.hub.bill_pay import files, models, pushes, shown, v1_shown
from sandbooks.hub.bill_pay.desk import Desk, opened, unsupported
from sandbooks.hub.bill_pay.offers import offer
from sandbooks.hub.bill_pay.v1_writes import removable
from sandbooks.hub.errors import not_found
from sandbooks.hub.integrations import integration_of
from sandbooks.hub.platform import supplemental
from sandbooks.kit.call import Call, json_reply
from sandbooks.payables import Bill, BillCredit, BillPayment
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
        more = supplemental.beside(call.world, copies.company, data_type)
        return wire.page_reply(call, [more.joined(show(one)) for one in copies.rows.values()], what=what)

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
        more = supplemental.beside(call.world, copies.company, data_type)
        return json_reply(more.joined(_render(copies, data_type)(found)))

    return run


def options(data_type: str) -> Run:
    """The model of a record that can be written."""

    def run(call: Call) -> Response:
        _, connection = connections.called(call)
        integration = integration_of(connection["platformKey"])
        name = integration.platform.name if integration and integration.platform else ""
        if data_type in offer(call.world, name).lacks:
            raise unsupported(data_type, connection["platformName"])
        model = models.model(data_type, name, connection["platformName"])
        return json_reply(models.narrowed(model, _choices(call, str(connection["companyId"]))))

    return run


def _choices(call: Call, company: str) -> Mapping[str, Sequence[str]]:
    """What members may be, as the company was last read: its one currency, where it keeps no other, and categories."""
    facts = next(iter((data.copy_of(call.world, company, "company") or {}).values()), None)
    accounts = (data.copy_of(call.world, company, "chartOfAccounts") or {}).values()
    categories = sorted({one.category for one in accounts if one.category})
    currency = [facts.currency] if facts is not None and not facts.multicurrency else []
    return {"currency": currency, "defaultCurrency": currency, "fullyQualifiedCategory": categories}


# Files


def list_files(call: Call) -> Response:
    desk = _with_files(call)
    data.check_requested(call.world, desk.company, "bills")
    return json_reply({"attachments": [shown.file(one) for one in files.files_of(desk, call.args["bill_id"])]})


def get_file(call: Call) -> Response:
    desk = _with_files(call)
    return json_reply(shown.file(files.file_on(desk, call.args["bill_id"], call.args["attachment_id"])))


def download_file(call: Call) -> Response:
    return files.content_reply(call, _with_files(call))


def upload_file(call: Call) -> Response:
    files.put_file(call, _with_files(call))
    return Response(200)


def delete_file(call: Call) -> Response:
    desk = _with_files(call)
    removable(desk, "file.delete", "attachments")
    files.file_on(desk, call.args["bill_id"], call.args["attachment_id"])
    target = f"{call.args['bill_id']}/{call.args['attachment_id']}"
    return pushes.begin(call, desk, "attachments", action="remove", target=target)


def _with_files(call: Call) -> Desk:
    """The desk of a platform whose bills take files; 404 elsewhere."""
    desk = opened(call, synchronous=False)
    if "attachments" in desk.offer.lacks:
        raise unsupported("attachments", desk.platform)
    return desk
