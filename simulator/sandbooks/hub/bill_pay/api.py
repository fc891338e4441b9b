"""The operations of bill pay, for the hub's table.

The synchronous API and the first version name some operations alike; in the hub's table, on the tape and in faults the
synchronous ones have ``payables/`` before the name that the public description gives them.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbooks.hub import keys
from sandbooks.hub.bill_pay import bills, files, lists, v1, v1_writes
from sandbooks.kit.call import Call
from sandbooks.wire import Response

C = "/companies/<company_id>"
K = f"{C}/connections/<connection_id>/payables"
_B = f"{K}/bills/<bill_id>"

SYNCHRONOUS: tuple[tuple[str, str, str, Callable[[Call], Response]], ...] = (
    ("payables/get-company-information", "GET", f"{K}/info", lists.company_information),
    ("payables/get-mapping-options-bills", "GET", f"{K}/mappingOptions/bills", lists.bill_options),
    ("payables/get-mapping-options-payments", "GET", f"{K}/mappingOptions/payments", lists.payment_options),
    ("payables/list-bills", "GET", f"{K}/bills", bills.list_bills),
    ("payables/create-bill", "POST", f"{K}/bills", bills.create_bill),
    ("payables/update-bill", "PUT", _B, keys.once(bills.update_bill)),
    ("payables/upload-bill-attachment", "POST", f"{_B}/attachments", files.upload),
    ("payables/list-bill-attachments", "GET", f"{_B}/attachments", files.list_files),
    ("payables/download-bill-attachment", "GET", f"{_B}/attachments/<attachment_id>/download", files.download),
    ("payables/create-bill-payment", "POST", f"{_B}/payment", bills.create_payment),
    ("payables/list-suppliers", "GET", f"{K}/suppliers", lists.list_suppliers),
    ("payables/create-supplier", "POST", f"{K}/suppliers", lists.create_supplier),
    ("payables/update-supplier", "PUT", f"{K}/suppliers/<supplier_id>", keys.once(lists.update_supplier)),
    ("payables/create-bank-account", "POST", f"{K}/bankAccounts", lists.create_bank_account),
)

D = f"{C}/data"
X = f"{C}/connections/<connection_id>"
_F = f"{X}/data/bills/<bill_id>/attachments"
_P = f"{X}/push"

FIRST_VERSION: tuple[tuple[str, str, str, Callable[[Call], Response]], ...] = (
    ("list-bills", "GET", f"{D}/bills", v1.lister("bills", "Bill")),
    ("get-bill", "GET", f"{D}/bills/<bill_id>", v1.getter("bills", "bill_id", "bill")),
    ("get-create-update-bill-model", "GET", f"{X}/options/bills", v1.options("bills")),
    ("create-bill", "POST", f"{_P}/bills", v1_writes.creator("bills")),
    ("update-bill", "PUT", f"{_P}/bills/<bill_id>", v1_writes.changer("bills")),
    ("delete-bill", "DELETE", f"{_P}/bills/<bill_id>", v1_writes.remover("bills")),
    ("list-bill-attachments", "GET", _F, v1.list_files),
    ("get-bill-attachment", "GET", f"{_F}/<attachment_id>", v1.get_file),
    ("download-bill-attachment", "GET", f"{_F}/<attachment_id>/download", v1.download_file),
    ("upload-bill-attachment", "POST", f"{_P}/bills/<bill_id>/attachments", v1.upload_file),
    # Source: https://docs.codat.io/usecases/bill-pay/bills writes the place in the singular too
    ("upload-bill-attachment-singular", "POST", f"{_P}/bills/<bill_id>/attachment", v1.upload_file),
    ("delete-bill-attachment", "DELETE", f"{_P}/bills/<bill_id>/attachments/<attachment_id>", v1.delete_file),
    ("list-bill-credit-notes", "GET", f"{D}/billCreditNotes", v1.lister("billCreditNotes", "BillCreditNote")),
    (
        "get-bill-credit-note",
        "GET",
        f"{D}/billCreditNotes/<bill_credit_note_id>",
        v1.getter("billCreditNotes", "bill_credit_note_id", "bill credit note"),
    ),
    ("get-create-update-billCreditNote-model", "GET", f"{X}/options/billCreditNotes", v1.options("billCreditNotes")),
    ("create-bill-credit-note", "POST", f"{_P}/billCreditNotes", v1_writes.creator("billCreditNotes")),
    (
        "update-bill-credit-note",
        "PUT",
        f"{_P}/billCreditNotes/<bill_credit_note_id>",
        v1_writes.changer("billCreditNotes"),
    ),
    ("list-bill-payments", "GET", f"{D}/billPayments", v1.lister("billPayments", "BillPayment")),
    (
        "get-bill-payments",
        "GET",
        f"{D}/billPayments/<bill_payment_id>",
        v1.getter("billPayments", "bill_payment_id", "bill payment"),
    ),
    ("get-create-billPayment-model", "GET", f"{X}/options/billPayments", v1.options("billPayments")),
    ("create-bill-payment", "POST", f"{_P}/billPayments", v1_writes.creator("billPayments")),
    ("delete-billPayment", "DELETE", f"{_P}/billPayments/<bill_payment_id>", v1_writes.remover("billPayments")),
    ("get-create-journalEntry-model", "GET", f"{X}/options/journalEntries", v1.options("journalEntries")),
    ("create-journal-entry", "POST", f"{_P}/journalEntries", v1_writes.creator("journalEntries")),
    ("list-journals", "GET", f"{D}/journals", v1.lister("journals", "Journal")),
    ("get-journal", "GET", f"{D}/journals/<journal_id>", v1.getter("journals", "journal_id", "journal")),
    ("get-create-journal-model", "GET", f"{X}/options/journals", v1.options("journals")),
    ("create-journal", "POST", f"{_P}/journals", v1_writes.creator("journals")),
    ("list-payment-methods", "GET", f"{D}/paymentMethods", v1.lister("paymentMethods", "PaymentMethod")),
    (
        "get-payment-method",
        "GET",
        f"{D}/paymentMethods/<payment_method_id>",
        v1.getter("paymentMethods", "payment_method_id", "payment method"),
    ),
    ("get-create-update-supplier-model", "GET", f"{X}/options/suppliers", v1.options("suppliers")),
    ("list-tax-rates", "GET", f"{D}/taxRates", v1.lister("taxRates", "TaxRate")),
    ("get-tax-rate", "GET", f"{D}/taxRates/<tax_rate_id>", v1.getter("taxRates", "tax_rate_id", "tax rate")),
    (
        "list-tracking-categories",
        "GET",
        f"{D}/trackingCategories",
        v1.lister("trackingCategories", "TrackingCategory"),
    ),
    (
        "get-tracking-category",
        "GET",
        f"{D}/trackingCategories/<tracking_category_id>",
        v1.getter("trackingCategories", "tracking_category_id", "tracking category"),
    ),
)
OPERATIONS = (*SYNCHRONOUS, *FIRST_VERSION)
