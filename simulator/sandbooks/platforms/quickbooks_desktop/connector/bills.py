"""Bills, bill payments and vendor credits of QuickBooks Desktop: read, written once, removed.

A bill is the expense flow's; a payment is a check or a card payment by the account that it leaves, with a line for each
bill. Written from Intuit's public documentation alone.
Source: QuickBooks Desktop SDK, Onscreen Reference for qbXML 13.0 (Bill, BillPaymentCheck, BillPaymentCreditCard,
VendorCredit, PaymentMethod, TxnDel).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Literal

from lxml import etree

from sandbooks.connector import Company, Consent, Done, Native, Refused, Steps, marked
from sandbooks.payables import (
    ZERO,
    Bill,
    BillCredit,
    BillFile,
    BillPayment,
    NewBill,
    NewCredit,
    NewPayment,
    NewRecord,
    PaymentLink,
    PaymentMethod,
    RecordKind,
    RefusesRest,
    as_reimbursable,
)
from sandbooks.platforms.quickbooks_desktop.connector import bills_reading as shown
from sandbooks.platforms.quickbooks_desktop.connector import documents, reading
from sandbooks.platforms.quickbooks_desktop.connector.qbxml import Part, parts, query, ref, text_of
from sandbooks.platforms.quickbooks_desktop.connector.writing import recovered, set_id, write

CHECK, CARD, BILL, CREDIT = "BillPaymentCheck", "BillPaymentCreditCard", "Bill", "VendorCredit"
KINDS: Mapping[RecordKind, tuple[str, ...]] = {"bill": (BILL,), "payment": (CHECK, CARD), "credit": (CREDIT,)}
DATA_TYPES = {BILL: "bills", CHECK: "billPayments", CARD: "billPayments", CREDIT: "billCreditNotes"}
NUMBER_MOST = 11
CHANGES_MOST = 3
STALE = "3200"  # Source: Onscreen Reference (the provided edit sequence is out-of-date)
# Source: Onscreen Reference (IncludeLineItems, IncludeLinkedTxns): only these queries take them
LINES: Part = ("IncludeLineItems", "true")
LINKS: Part = ("IncludeLinkedTxns", "true")
WHOLE: Mapping[str, tuple[Part, ...]] = {BILL: (LINES, LINKS), CREDIT: (LINES, LINKS), CHECK: (LINES,), CARD: (LINES,)}

Node = etree._Element


class QuickBooksDesktopBills(RefusesRest):
    """The payables side of the connector; it keeps nothing."""

    title = "QuickBooks Desktop"
    offers: frozenset[str] = frozenset(
        (
            "credits",
            "credit.update",
            "methods",
            "many",
            "credit_use",
            "credit_in_payment",
            "bill.delete",
            "payment.delete",
        )
    )

    # Reads

    def bills(self, consent: Consent, company: Company) -> Steps[Sequence[Bill]]:
        found = yield from _every(BILL)
        return [shown.bill(node, company) for node in found]

    def bill(self, id: str, consent: Consent, company: Company) -> Steps[Bill | None]:
        node = yield from _one((BILL,), id)
        return None if node is None else shown.bill(node, company)

    def payments(self, consent: Consent, company: Company) -> Steps[Sequence[BillPayment]]:
        checks = yield from _every(CHECK)
        cards = yield from _every(CARD)
        return [shown.payment(node, company) for node in (*checks, *cards)]

    def payment(self, id: str, consent: Consent, company: Company) -> Steps[BillPayment | None]:
        node = yield from _one((CHECK, CARD), id)
        return None if node is None else shown.payment(node, company)

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]:
        found = yield from _every(CREDIT)
        return [shown.credit(node, company) for node in found]

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]:
        node = yield from _one((CREDIT,), id)
        return None if node is None else shown.credit(node, company)

    def methods(self, consent: Consent, company: Company) -> Steps[Sequence[PaymentMethod]]:
        answers = yield from reading.asked([query("PaymentMethod", reading.ALL)], purpose="list payment methods")
        return [shown.method(node) for node in reading.found(answers.each[0])]

    # Writes

    def write(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done]:
        kind = kind_of(record)
        node, found = yield from write(
            f"{kind}Add",
            parts((f"{kind}Add", list(_content(record, company)))),
            key=record.key,
            purpose=f"add a {kind}",
            reference=record.id,
            look_up=lambda: _search(record),
        )
        return Done(native=_native(kind, node), found=found)

    def look_up(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done | None]:
        """By the message set that it was sent in, whose answers QuickBooks keeps; else by what its memo says."""
        kept = yield from recovered(set_id(record.key, 1), reference=record.id)
        node = kept.records[0] if kept is not None and not kept.failed and kept.records else None
        if node is None:
            node = yield from _search(record)
        return None if node is None else Done(native=_native(kind_of(record), node), found=True)

    def change(self, record: NewRecord, id: str, consent: Consent, company: Company) -> Steps[Done]:
        """All lines replaced, on the version that stands now; somebody else's in between is read again."""
        if isinstance(record, NewPayment):
            raise Refused("a payment of QuickBooks Desktop is not changed: delete it and write another")
        kind = kind_of(record)
        for number in range(1, CHANGES_MOST + 1):
            standing = yield from _one((kind,), id)
            if standing is None:
                raise Refused(f"there is no {kind} {id} in QuickBooks any more", status=404)
            head: list[Part] = [("TxnID", id), ("EditSequence", text_of(standing, "EditSequence"))]
            content = [*head, *_document(record, company, verb="Mod", standing=standing)]
            key = f"{record.key}/{number}" if number > 1 else record.key
            try:
                node, found = yield from write(
                    f"{kind}Mod",
                    parts((f"{kind}Mod", content)),
                    key=key,
                    purpose=f"change a {kind}",
                    reference=record.id,
                    look_up=_nothing,
                )
            except Refused as refused:
                if refused.native_code != STALE or number == CHANGES_MOST:
                    raise
            else:
                return Done(native=_native(kind, node), found=found)
        raise AssertionError("the last try returns or raises")

    def remove(self, kind: RecordKind, id: str, consent: Consent, company: Company, *, key: str) -> Steps[None]:
        """Delete it; a payment of a deleted bill stays, as money that is set against nothing."""
        node = yield from _one(KINDS[kind], id)
        if node is None:
            return
        native = str(node.tag).removesuffix("Ret")
        yield from write(
            "TxnDel",
            parts(("TxnDelType", native), ("TxnID", id)),
            key=key,
            purpose=f"delete a {native}",
            reference="",
            look_up=_gone(native, id),
        )

    def native(self, kind: RecordKind, id: str) -> Native:
        return Native(kind=KINDS[kind][0], id=id, data_type=DATA_TYPES[KINDS[kind][0]])

    # Files. Source: Onscreen Reference (no message of qbXML takes a file)

    def files(self, id: str, consent: Consent) -> Steps[Sequence[BillFile]]:
        return self.refuse("files are not offered")

    def content(self, id: str, file: BillFile, consent: Consent) -> Steps[bytes]:
        return self.refuse("files are not offered")


def kind_of(record: NewRecord) -> str:
    """The native transaction that a record becomes. Raises ``Refused``."""
    match record:
        case NewBill():
            return BILL
        case NewCredit():
            return CREDIT
        case NewPayment():
            if record.account is None:
                raise Refused("QuickBooks needs the bank or card account that a payment leaves", element="accountRef")
            return CARD if record.account.pays == "card" else CHECK


def _native(kind: str, node: Node) -> Native:
    return Native(
        kind=kind, id=text_of(node, "TxnID"), version=text_of(node, "EditSequence"), data_type=DATA_TYPES[kind]
    )


# Reading


def _every(kind: str) -> Steps[list[Node]]:
    found = yield from reading.every(kind, *WHOLE[kind], purpose=f"list every {kind}", id="TxnID")
    return found


def _one(kinds: Sequence[str], id: str) -> Steps[Node | None]:
    """A transaction by its id, of any of these kinds; None when there is none."""
    requests = [query(kind, ("TxnID", id), *WHOLE[kind]) for kind in kinds]
    answers = yield from reading.asked(requests, purpose=f"read a {kinds[0]}")
    found = [node for answer in answers.each if not answer.failed for node in answer.records]
    return found[0] if found else None


def _search(record: NewRecord) -> Steps[Node | None]:
    """The transaction that carries the record's id among those of its vendor around its date."""
    kind = kind_of(record)
    days = timedelta(days=1)
    around: list[Part] = [
        ("FromTxnDate", (record.date - days).isoformat()),
        ("ToTxnDate", (record.date + days).isoformat()),
    ]
    vendor = record.supplier if isinstance(record, NewPayment) else record.supplier.id
    request = query(kind, ("TxnDateRangeFilter", around), ref("EntityFilter", vendor))
    answers = yield from reading.asked([request], purpose=f"look for {record.id} among {kind}", reference=record.id)
    found = reading.found(answers.each[0])
    return next((node for node in found if documents.carries(node, record.id)), None)


def _gone(kind: str, id: str) -> Callable[[], Steps[Node | None]]:
    """A look-up that finds a deletion: what was to be deleted is there no more."""

    def run() -> Steps[Node | None]:
        node = yield from _one((kind,), id)
        return etree.Element("TxnDelRs") if node is None else None

    return run


def _nothing() -> Steps[Node | None]:
    """No way to search: what was begun is begun anew."""
    return None
    yield  # a generator, as every operation is


# Writing


def _content(record: NewRecord, company: Company) -> Iterator[Part]:
    if isinstance(record, NewPayment):
        yield from _payment(record, company)
    else:
        yield from _document(record, company, verb="Add", standing=None)


def _document(
    record: NewBill | NewCredit, company: Company, *, verb: Literal["Add", "Mod"], standing: Node | None
) -> Iterator[Part]:
    document = as_reimbursable(record)
    if isinstance(record, NewCredit):
        yield from documents.credit(document, company, verb=verb)
    else:
        yield from documents.bill(document, company, verb=verb)
    yield from documents.lines(document, company, verb=verb, standing=standing, quantities=record.quantities)


def _payment(record: NewPayment, company: Company) -> Iterator[Part]:
    kind = kind_of(record)
    number = record.reference[:NUMBER_MOST] or None
    said = " - ".join(filter(None, (record.note, record.reference if len(record.reference) > NUMBER_MOST else "")))
    yield ref("PayeeEntityRef", record.supplier)
    yield ("TxnDate", record.date.isoformat())
    yield ref("CreditCardAccountRef" if kind == CARD else "BankAccountRef", record.account.id if record.account else "")
    # Source: Onscreen Reference (BillPaymentCheckAdd: either a number or whether it is to be printed)
    yield ("IsToBePrinted", "false") if kind == CHECK and number is None else ("RefNumber", number)
    yield ("Memo", marked(said, record.id, most=documents.MEMO_MOST))
    yield from documents.tail(record, company, verb="Add")
    for bill, credits in _set_off(record):
        money = bill.amount - sum((credit.amount for credit in credits), ZERO)
        yield (
            "AppliedToTxnAdd",
            [("TxnID", bill.id), ("PaymentAmount", documents.money(money)), *(_set_credit(one) for one in credits)],
        )


def _set_credit(credit: PaymentLink) -> Part:
    return ("SetCredit", [("CreditTxnID", credit.id), ("AppliedAmount", documents.money(credit.amount))])


def _set_off(record: NewPayment) -> list[tuple[PaymentLink, list[PaymentLink]]]:
    """Each bill with what credits take the place of money on it: in their order, as far as they go."""
    credits = [link for link in record.links if link.kind == "CreditNote"]
    rows: list[tuple[PaymentLink, list[PaymentLink]]] = []
    for bill in (link for link in record.links if link.kind == "Bill"):
        used: list[PaymentLink] = []
        left = bill.amount
        while credits and left > 0:
            first = credits[0]
            taken = min(left, first.amount)
            used.append(PaymentLink(kind="CreditNote", id=first.id, amount=taken))
            left -= taken
            rest = first.amount - taken
            credits[0:1] = [PaymentLink(kind="CreditNote", id=first.id, amount=rest)] if rest else []
        rows.append((bill, used))
    if credits or not rows:
        raise Refused("QuickBooks sets credits against bills that are paid with them, each line naming one bill")
    return rows
