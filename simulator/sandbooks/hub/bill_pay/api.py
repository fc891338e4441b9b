"""The operations of bill pay, for the hub's table.

The synchronous API and the first version name some operations alike; in the hub's table, on the tape and in faults the
synchronous ones have ``payables/`` before the name that the public description gives them.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbooks.hub import keys
from sandbooks.hub.bill_pay import bills, files, lists
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
