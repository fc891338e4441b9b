"""QuickBooks Online: purchases, deposits, bills, transfers and journal entries, singly or in batches.

Every write carries a request id; the transaction's number is the document number where the record has one, and its
token stands in the private note.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.harness.gallery.client.adapter import in_chunks
from tests.harness.gallery.client.answers import OutcomeUnknown, Refused, Unavailable
from tests.harness.gallery.client.documents import Account, Document, Line, Posted, Rejected, Verdict
from tests.harness.gallery.client.quickbooks_wire import Fault, fault_of, quoted
from tests.harness.gallery.client.transport import Answer

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver

PAGE = 100  # Source: developer.intuit.com, query operations, the default of MAXRESULTS
KEY_MOST = 50  # Source: developer.intuit.com, idempotent requests
NUMBERED = ("Purchase", "Bill", "JournalEntry", "Deposit")
DUPLICATE_NUMBER, DUPLICATE_NAME = "6140", "6240"
NO_TAX = ("", "NON")


class QuickBooks:
    """One company of QuickBooks Online."""

    converts_on_base_accounts = True
    lasts_s = 3600

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        variables = driver.environment["environment"]
        self.root = f"{variables['QBO_API_URL']}/company/{variables['QBO_REALM_ID']}"
        self.auth = driver.Auth(driver, token_url=variables["QBO_TOKEN_URL"], lasts_s=self.lasts_s)
        self.transport = driver.Transport(driver, self.auth, {})
        self.company = driver.environment["company"]

    # Reads

    def query(self, entity: str, where: str = "") -> list[dict[str, Any]]:
        """Every record of a kind that fits, page by page until a short page."""
        found: dict[str, dict[str, Any]] = {}
        while True:
            page = self.page(entity, where, len(found) + 1)
            fresh = [body for body in page if body["Id"] not in found]
            found.update((body["Id"], body) for body in fresh)
            if not self.goes_on(page, fresh):
                return list(found.values())

    def goes_on(self, page: Sequence[Any], fresh: Sequence[Any]) -> bool:
        """Whether there may be another page."""
        return len(page) == PAGE and bool(fresh)

    def page(self, entity: str, where: str, start: int) -> list[dict[str, Any]]:
        conditions = ("where", where) if where else ()
        statement = " ".join(("select * from", entity, *conditions, f"startposition {start} maxresults {PAGE}"))
        answer = self.transport.read(f"{self.root}/query", query=statement, minorversion="75")
        found = self._accepted_read(answer).get("QueryResponse") or {}
        return list(found.get(entity) or [])

    def _accepted_read(self, answer: Answer) -> dict[str, Any]:
        fault = fault_of(answer.body)
        if fault:
            raise Refused(fault.message, code=fault.code)
        if not isinstance(answer.body, dict):
            raise Unavailable(f"status {answer.status} without a body")
        return answer.body

    def accounts(self, since: datetime | None) -> list[Account]:
        changed = f"MetaData.LastUpdatedTime {self.since_operator} '{since.isoformat()}' and " if since else ""
        return [self._account(body) for body in self.query("Account", f"{changed}Active in (true, false)")]

    def account(self, id: str) -> Account | None:
        try:
            answer = self._accepted_read(self.transport.read(f"{self.root}/account/{quote(id)}"))
        except Refused:
            return None
        return self._account(answer["Account"])

    since_operator = ">="  # what changed in the second of the checkpoint is read again

    def _account(self, body: Mapping[str, Any]) -> Account:
        return Account(
            id=body["Id"],
            name=body["Name"].removesuffix(" (deleted)"),
            currency=(body.get("CurrencyRef") or {}).get("value") or self.company["currency"],
            active=body.get("Active") is not False,
            pays={"Credit Card": "card", "Bank": "bank"}.get(body["AccountType"], ""),
        )

    # What a document needs

    def facts(self, document: Document) -> dict[str, Any]:
        facts: dict[str, Any] = {"entity": self.entity(document), "contact": self.contact(document)}
        if document.kind not in ("transfer", "adjustment") and self.company["country"] != "US":
            facts |= self._tax_facts(document)
        if document.kind == "transfer":
            self._check_transfer(document)
        return facts

    def entity(self, document: Document) -> str:
        """The native record that a document becomes."""
        if document.kind in ("transfer", "adjustment"):
            return {"transfer": "Transfer", "adjustment": "JournalEntry"}[document.kind]
        if document.kind in ("reimbursable", "bill"):
            return "Bill"
        if self._card(document) or document.spends:
            return "Purchase"
        return "Deposit"  # a purchase is never negative, and Credit is for cards alone

    def _card(self, document: Document) -> bool:
        account = self.driver.chart.accounts().get(document.account)
        return account is not None and account.pays == "card"

    def contact(self, document: Document) -> str:
        if document.contact or document.kind in ("transfer", "adjustment"):
            return document.contact
        if document.merchant.strip():
            return self.driver.contacts.resolved(document.merchant)
        return str((self.driver.environment.get("defaults") or {}).get("supplier") or "")

    def _tax_facts(self, document: Document) -> dict[str, Any]:
        """The purchase rates of each tax code on the document, and a code for lines without tax beside taxed ones."""
        wanted = sorted({line.tax_code for line in document.lines if line.tax_code not in NO_TAX})
        if not wanted:
            return {}
        mixed = any(line.tax_code in NO_TAX for line in document.lines)
        return {"rates": {id: self._rates(id) for id in wanted}, "untaxed": self._untaxed() if mixed else ""}

    def _rates(self, code: str) -> list[list[str]]:
        """The purchase rates of a tax code: rate id and per cent. Read by id: a list may lag behind."""
        body = self._accepted_read(self.transport.read(f"{self.root}/taxcode/{code}"))["TaxCode"]
        details = (body.get("PurchaseTaxRateList") or {}).get("TaxRateDetail") or []
        refs = [detail["TaxRateRef"]["value"] for detail in details]
        rates = [self._accepted_read(self.transport.read(f"{self.root}/taxrate/{ref}"))["TaxRate"] for ref in refs]
        return [[ref, str(rate.get("RateValue") or 0)] for ref, rate in zip(refs, rates, strict=True)]

    def _untaxed(self) -> str:
        """A code that charges nothing: one with no rates before one whose rates are zero."""
        codes = [body for body in self.query("TaxCode") if body["Id"].isdigit() and body.get("Active") is not False]
        rates = {body["Id"]: self._rates(body["Id"]) for body in codes}
        free = [id for id, found in rates.items() if not any(Decimal(percent) for _, percent in found)]
        return min(free, key=lambda code: (len(rates[code]), int(code)), default="")

    def _check_transfer(self, document: Document) -> None:
        assert document.source is not None
        assert document.target is not None
        foreign = {side.currency for side in (document.source, document.target)} - {self.company["currency"]}
        if len(foreign) > 1:
            raise Refused(f"a transfer between {' and '.join(sorted(foreign))} cannot be booked")

    # Posting

    def chunks(self, documents: Sequence[Document], most: int) -> Iterator[Sequence[Document]]:
        return in_chunks(documents, most)

    def post(self, documents: Sequence[Document], *, key: str) -> Mapping[str, Verdict]:
        if len(documents) == 1:
            return {documents[0].id: self._post_one(documents[0], key)}
        items = [
            {"bId": document.id, "operation": "create", document.facts["entity"]: self.body(document)}
            for document in documents
        ]
        answer = self.write("batch", {"BatchItemRequest": items}, key)
        fault = fault_of(answer.body)
        if fault:
            return {document.id: Rejected(fault.message, fault.code) for document in documents}
        return self.joined(documents, self._member(answer, "BatchItemResponse"))

    def joined(self, documents: Sequence[Document], answers: Sequence[Mapping[str, Any]]) -> dict[str, Verdict]:
        """Each document with its own answer: by the id of the batch item, whatever their order."""
        by_id = {answer.get("bId"): answer for answer in answers}
        return {
            document.id: self.verdict(document, by_id[document.id]) for document in documents if document.id in by_id
        }

    def verdict(self, document: Document, answer: Mapping[str, Any]) -> Verdict:
        fault = fault_of(answer)
        if fault is None:
            return Posted(str(answer[document.facts["entity"]]["Id"]))
        if fault.code == DUPLICATE_NUMBER:
            return self.number_taken(document, fault)
        return Rejected(fault.message, fault.code)

    def _post_one(self, document: Document, key: str) -> Verdict:
        answer = self.write(document.facts["entity"].lower(), self.body(document), key)
        if fault_of(answer.body) is None:
            self._member(answer, document.facts["entity"])
        return self.verdict(document, answer.body)

    def number_taken(self, document: Document, fault: Fault) -> Verdict:
        """The number may be there because an earlier attempt of ours was posted after all."""
        found = self.find(document)
        return Posted(found) if found else Rejected(fault.message, fault.code)

    def write(self, path: str, body: Any, key: str) -> Answer:
        keyed = {"requestid": self.request_id(key)} if key else {}
        return self.transport.write("POST", f"{self.root}/{path}", body=body, minorversion="75", **keyed)

    def request_id(self, key: str) -> str:
        return key[-KEY_MOST:]

    def _member(self, answer: Answer, name: str) -> Any:
        if not isinstance(answer.body, dict) or not answer.body.get(name):
            raise OutcomeUnknown(f"status {answer.status}, and no {name}")
        return answer.body[name]

    def find(self, document: Document) -> str | None:
        entity = document.facts.get("entity") or self.entity(document)
        if entity in NUMBERED:
            number = self.driver.texts.number(document.id, document.merchant)
            found = self.query(entity, f"DocNumber = '{quoted(number)}'")
        else:
            token = self.driver.texts.token(document.id)
            bodies = self.query(entity, f"TxnDate = '{document.date.isoformat()}'")
            found = [body for body in bodies if token in str(body.get("PrivateNote") or "")]
        stand = [body for body in found if not _is_void(body)]
        return str(stand[0]["Id"]) if stand else None

    # Bodies

    def body(self, document: Document) -> dict[str, Any]:
        entity = document.facts["entity"]
        body: dict[str, Any] = {
            "TxnDate": document.date.isoformat(),
            "PrivateNote": self.driver.texts.marked(
                " - ".join(part for part in (document.text, document.reference) if part), document.id, most=1000
            ),
        }
        if entity in NUMBERED:
            body["DocNumber"] = self.driver.texts.number(document.id, document.merchant)
        if document.kind == "transfer":
            return body | self.transfer(document)
        if document.currency != self.company["currency"]:
            body |= {"CurrencyRef": {"value": document.currency}, "ExchangeRate": document.rate}
        if document.kind == "adjustment":
            return body | {"Line": [self._journal_line(line) for line in document.lines]}
        return body | self._spending(document)

    def _spending(self, document: Document) -> dict[str, Any]:
        sign = 1 if self.spends(document) else -1
        contact = document.facts.get("contact") or ""
        body: dict[str, Any] = {"Line": [self._line(line, document, sign) for line in document.lines]}
        body |= self._tax_detail(document, sign)
        match document.facts["entity"]:
            case "Bill":
                body |= {"VendorRef": {"value": contact}}
                if document.due:
                    body["DueDate"] = document.due.isoformat()
            case "Deposit":
                body["DepositToAccountRef"] = {"value": document.account}
            case _:
                card = self._card(document)
                body |= {"PaymentType": "CreditCard" if card else "Cash", "AccountRef": {"value": document.account}}
                body |= self.credit(document) if card else {}
                if contact:
                    body["EntityRef"] = {"value": contact, "type": "Vendor"}
        return body

    def credit(self, document: Document) -> dict[str, Any]:
        """Money back on a card is a credit."""
        return {"Credit": not document.spends}

    def spends(self, document: Document) -> bool:
        """Whether money goes out on the whole: QuickBooks takes positive totals only."""
        return document.spends

    def signed(self, amount: Any, sign: int) -> Any:
        """An amount of a line as seen from the direction of its document."""
        return sign * amount

    def _line(self, line: Line, document: Document, sign: int) -> dict[str, Any]:
        apart = self._taxed(line, document)
        amounts = self.driver.amounts
        amount = line.net if apart else amounts.total([line.net, line.tax])
        deposit = document.facts["entity"] == "Deposit"
        name = "DepositLineDetail" if deposit else "AccountBasedExpenseLineDetail"
        detail: dict[str, Any] = {"AccountRef": {"value": line.account}}
        if line.tracking:
            detail["ClassRef"] = {"value": line.tracking[0]}
        if apart or (line.tax_code and self.company["country"] == "US"):
            detail["TaxCodeRef"] = {"value": line.tax_code}
            if apart and not deposit:
                detail["TaxInclusiveAmt"] = amounts.on_wire(self.signed(amounts.total([line.net, line.tax]), sign))
            if deposit and apart:
                detail["TaxApplicableOn"] = "Purchase"
        elif any(self._taxed(other, document) for other in document.lines) and document.facts.get("untaxed"):
            detail["TaxCodeRef"] = {"value": document.facts["untaxed"]}
        if deposit and document.facts.get("contact"):
            detail["Entity"] = {"value": document.facts["contact"], "type": "Vendor"}
        body = {"DetailType": name, "Amount": amounts.on_wire(self.signed(amount, sign)), name: detail}
        text = self.driver.texts.description(line.description or document.text)
        return body | ({"Description": text} if text else {})

    def _taxed(self, line: Line, document: Document) -> bool:
        """Whether the tax of a line is booked apart: never in the US."""
        return self.company["country"] != "US" and bool(document.facts.get("rates", {}).get(line.tax_code))

    def _tax_detail(self, document: Document, sign: int) -> dict[str, Any]:
        """The tax as it was submitted, so that the gross is what was charged to the cent."""
        if self.company["country"] == "US":
            return {}
        taxed = [line for line in document.lines if self._taxed(line, document)]
        if not taxed:
            return {"GlobalTaxCalculation": "NotApplicable"}
        amounts = self.driver.amounts
        lines: list[dict[str, Any]] = []
        for code, rates in document.facts["rates"].items():
            own = [line for line in taxed if line.tax_code == code]
            if own:
                net = sum((sign * line.net for line in own), Decimal(0))
                lines += self._tax_lines(rates, sign * self.tax_of(own, rates, document.currency), net)
        total = amounts.total(line["Amount"] for line in lines)
        return {"GlobalTaxCalculation": "TaxExcluded", "TxnTaxDetail": {"TotalTax": total, "TaxLine": lines}}

    def tax_of(self, lines: Sequence[Line], rates: Sequence[Sequence[str]], currency: str) -> Any:
        """The tax of the lines of one code: what was submitted."""
        return sum((line.tax for line in lines), Decimal(0))

    def _tax_lines(self, rates: Sequence[Sequence[str]], tax: Any, net: Any) -> Iterator[dict[str, Any]]:
        """A tax shared out over the rates of its code; rates that cancel out each bear their own."""
        whole = sum((Decimal(percent) for _, percent in rates), Decimal(0))
        left = tax
        for place, (ref, percent) in enumerate(rates):
            share = tax * Decimal(percent) / whole if whole else net * Decimal(percent) / 100
            amount = left if whole and place == len(rates) - 1 else share.quantize(Decimal("0.01"), "ROUND_HALF_UP")
            left -= amount
            detail = {"TaxRateRef": {"value": ref}, "PercentBased": False, "TaxPercent": Decimal(percent)}
            detail |= {"NetAmountTaxable": net}
            yield {
                "Amount": self.driver.amounts.on_wire(amount),
                "DetailType": "TaxLineDetail",
                "TaxLineDetail": detail,
            }

    def transfer(self, document: Document) -> dict[str, Any]:
        """One amount, in the foreign currency if there is one, and the rate that the two amounts carry."""
        assert document.source is not None
        assert document.target is not None
        base = self.company["currency"]
        foreign = document.target if document.source.currency == base else document.source
        home = document.source if foreign is document.target else document.target
        body: dict[str, Any] = {
            "FromAccountRef": {"value": document.source.account},
            "ToAccountRef": {"value": document.target.account},
            "Amount": foreign.amount,
        }
        if foreign.currency != base:
            body |= {"CurrencyRef": {"value": foreign.currency}, "ExchangeRate": self.transfer_rate(home, foreign)}
        return body

    def transfer_rate(self, home: Any, foreign: Any) -> Decimal:
        """Base units for one foreign unit."""
        return (home.amount / foreign.amount).quantize(Decimal("1e-9"))

    def _journal_line(self, line: Line) -> dict[str, Any]:
        detail: dict[str, Any] = {
            "PostingType": "Debit" if line.net > 0 else "Credit",
            "AccountRef": {"value": line.account},
        }
        if line.tracking:
            detail["ClassRef"] = {"value": line.tracking[0]}
        body = {"DetailType": "JournalEntryLineDetail", "Amount": self.journal_amount(line.net)}
        text = self.driver.texts.description(line.description)
        return body | {"JournalEntryLineDetail": detail} | ({"Description": text} if text else {})

    def journal_amount(self, net: Any) -> Any:
        return self.driver.amounts.on_wire(abs(net))

    # Changes

    def update(self, document: Document, native_id: str, *, key: str) -> Verdict:
        """Replace a purchase by its new state, on the version that stands."""
        entity = document.facts["entity"]
        stands = self._accepted_read(self.transport.read(f"{self.root}/{entity.lower()}/{native_id}"))[entity]
        body = {**self.body(document), "Id": native_id, "SyncToken": stands["SyncToken"], "sparse": True}
        answer = self.write(entity.lower(), body, f"{key}-{stands['SyncToken']}")
        fault = fault_of(answer.body)
        return Rejected(fault.message, fault.code) if fault else Posted(native_id)

    # Contacts

    def find_contact(self, name: str) -> tuple[str, bool] | None:
        """The id of a supplier of this name and whether it is active."""
        found = self.query("Vendor", f"DisplayName in ({self.names(name)}) and {self.activity}")
        return (found[0]["Id"], found[0].get("Active") is not False) if found else None

    activity = "Active in (true, false)"  # an inactive supplier still holds its name

    def names(self, name: str) -> str:
        """How a name may stand there: an inactive one carries a suffix."""
        return f"'{quoted(name)}', '{quoted(name)} (deleted)'"

    def revive_contact(self, id: str) -> None:
        stands = self._accepted_read(self.transport.read(f"{self.root}/vendor/{id}"))["Vendor"]
        name = stands["DisplayName"].removesuffix(" (deleted)")
        body = {"Id": id, "SyncToken": stands["SyncToken"], "sparse": True, "Active": True, "DisplayName": name}
        self._accepted_read(self.write("vendor", body, f"revive-{id}-{stands['SyncToken']}"))

    def create_contact(self, name: str, *, key: str) -> str:
        """Raises ``Refused`` with code ``name taken`` when a customer or an employee has the name."""
        answer = self.write("vendor", {"DisplayName": name}, key)
        fault = fault_of(answer.body)
        if fault:
            raise Refused(fault.message, code="name taken" if fault.code == DUPLICATE_NAME else fault.code)
        return str(self._member(answer, "Vendor")["Id"])

    # Files

    def attached(self, document: Document, native_id: str, file: Mapping[str, Any]) -> bool:
        where = f"AttachableRef.EntityRef.Type = '{self._type(document)}' and "
        where += f"AttachableRef.EntityRef.value = '{native_id}'"
        return any(body.get("Note") == file["id"] for body in self.query("Attachable", where))

    def _type(self, document: Document) -> str:
        return str(document.facts.get("entity") or self.entity(document))

    def attach(self, document: Document, native_id: str, file: Mapping[str, Any], content: bytes, *, key: str) -> None:
        boundary = f"part-{file['id']}"
        reference = {"EntityRef": {"type": self._type(document), "value": native_id}}
        metadata = {"FileName": file["name"], "ContentType": file["type"], "Note": file["id"]}
        told = json.dumps({**metadata, "AttachableRef": [reference]})
        name = json.dumps(file["name"], ensure_ascii=False)
        parts = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file_metadata_01"; filename="metadata.json"\r\n'
            f"Content-Type: application/json\r\n\r\n{told}".encode(),
            f'--{boundary}\r\nContent-Disposition: form-data; name="file_content_01"; filename={name}\r\n'
            f"Content-Type: {file['type']}\r\n\r\n".encode()
            + content,
            f"--{boundary}--\r\n".encode(),
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        answer = self.transport.write(
            "POST",
            f"{self.root}/upload",
            data=b"\r\n".join(parts),
            headers=headers,
            minorversion="75",
            requestid=self.request_id(key),
        )
        self.stored(answer)

    def stored(self, answer: Answer) -> None:
        """A file may be refused inside a good answer."""
        fault = fault_of(answer.body) or next(map(fault_of, self._member(answer, "AttachableResponse")), None)
        if fault:
            raise Refused(fault.message, code=fault.code)

    # Bills

    def open_balance(self, native_id: str, currency: str) -> Decimal:
        body = self._accepted_read(self.transport.read(f"{self.root}/bill/{native_id}"))
        return Decimal(str(body["Bill"].get("Balance", 0)))

    def pay(self, payment: Mapping[str, Any], *, key: str) -> Verdict:
        answer = self.write("billpayment", self.payment_body(payment), key)
        fault = fault_of(answer.body)
        if fault:
            return Rejected(fault.message, fault.code)
        return Posted(str(self._member(answer, "BillPayment")["Id"]))

    def payment_body(self, payment: Mapping[str, Any]) -> dict[str, Any]:
        amounts = self.driver.amounts
        lines = [
            {"Amount": part["applied"], "LinkedTxn": [{"TxnId": part["native_id"], "TxnType": "Bill"}]}
            for part in payment["parts"]
        ]
        account = self.driver.chart.accounts().get(payment["bank_account"])
        card = account is not None and account.pays == "card"
        body: dict[str, Any] = {
            "VendorRef": {"value": payment["contact"]},
            "TotalAmt": amounts.total(part["amount"] for part in payment["parts"]),
            "TxnDate": payment["date"],
            "PrivateNote": self.driver.texts.marked(payment.get("reference") or "", payment["id"]),
            "DocNumber": self.driver.texts.number(payment["id"], ""),
            "PayType": "CreditCard" if card else "Check",
            "Line": lines,
        }
        if card:
            body["CreditCardPayment"] = {"CCAccountRef": {"value": payment["bank_account"]}}
        else:
            body["CheckPayment"] = {"BankAccountRef": {"value": payment["bank_account"]}}
        if payment["currency"] != self.company["currency"]:
            body |= {"CurrencyRef": {"value": payment["currency"]}, "ExchangeRate": Decimal(payment["rate"])}
        return body

    def find_payment(self, payment: Mapping[str, Any]) -> str | None:
        found = self.query("BillPayment", f"DocNumber = '{self.driver.texts.number(payment['id'], '')}'")
        return str(found[0]["Id"]) if found else None


def _is_void(body: Mapping[str, Any]) -> bool:
    """Whether a document was voided: it stays with no amount, and its note says so."""
    return not body.get("TotalAmt") and str(body.get("PrivateNote") or "").startswith("Voided")
