"""The rules of each kind: how a draft is completed, and what is undone when a record goes."""

from collections.abc import Callable, Mapping

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.rules import lists, undo
from sandbooks.platforms.quickbooks_online.rules.bill_payments import bill_payment
from sandbooks.platforms.quickbooks_online.rules.bills import bill, purchase_order, vendor_credit
from sandbooks.platforms.quickbooks_online.rules.journals import journal_entry
from sandbooks.platforms.quickbooks_online.rules.movements import credit_card_payment, deposit, transfer
from sandbooks.platforms.quickbooks_online.rules.names import customer, employee, vendor
from sandbooks.platforms.quickbooks_online.rules.openings import opened_account, stocked_item
from sandbooks.platforms.quickbooks_online.rules.orders import undo_order
from sandbooks.platforms.quickbooks_online.rules.purchases import purchase

COMPLETE: Mapping[str, Callable[[Draft], None]] = {
    "Account": opened_account,
    "Attachable": lists.attachable,
    "Bill": bill,
    "BillPayment": bill_payment,
    "Class": lists.class_,
    "CompanyCurrency": lists.company_currency,
    "CreditCardPayment": credit_card_payment,
    "Customer": customer,
    "Department": lists.department,
    "Deposit": deposit,
    "Employee": employee,
    "Item": stocked_item,
    "JournalEntry": journal_entry,
    "PaymentMethod": lists.payment_method,
    "Purchase": purchase,
    "PurchaseOrder": purchase_order,
    "TaxAgency": lists.tax_agency,
    "Term": lists.term,
    "Transfer": transfer,
    "Vendor": vendor,
    "VendorCredit": vendor_credit,
}
UNDO: Mapping[str, Callable[[Realm, Record, str], None]] = {
    "Bill": undo.undo_bill,
    "BillPayment": undo.undo_bill_payment,
    "Deposit": undo.undo_deposit,
    "JournalEntry": undo.undo_journal,
    "Purchase": undo.undo_on_payable,
    "PurchaseOrder": undo_order,
    "Transfer": undo.undo_transfer,
    "VendorCredit": undo.undo_vendor_credit,
}
