"""The request processor: runs a qbXML document over a company file, request by request, and writes the answer.

Each request is its own unit of work. A refusal becomes the status of its answer; nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lxml import etree
from msgspec import Struct, field
from msgspec.structs import replace

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_desktop import (
    access,
    circumstances,
    documents,
    extensions,
    hresults,
    merging,
    render,
    reports,
    statuses,
    values,
    writing,
)
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.message_sets import MessageSets
from sandbooks.platforms.quickbooks_desktop.nodes import Node, Reading
from sandbooks.platforms.quickbooks_desktop.queries import (
    about_file,
    finding,
    iterators,
    matching,
    ranges,
    transactions,
)
from sandbooks.platforms.quickbooks_desktop.refusals import (
    Announced,
    BadValue,
    DateOutOfRange,
    EditSequenceStale,
    ElementMissing,
    MacroTaken,
    MacroUnknown,
    NotInMultiUser,
    NotProcessed,
    PersonalDataClosed,
    RequestIdTooLong,
    TooLong,
    UnwritableText,
)
from sandbooks.platforms.quickbooks_desktop.render import Shown
from sandbooks.platforms.quickbooks_desktop.rules import journals
from sandbooks.platforms.quickbooks_desktop.schema.messages import LISTS, Message, messages, ret
from sandbooks.platforms.quickbooks_desktop.statuses import Act, Status

_HEAD = '<?xml version="1.0" ?>\n'
_REQUEST_ID_MAX = 50


class Answer(Struct):
    """What one request is answered: a status, attributes and elements."""

    status: Status = statuses.FINE
    elements: list[etree._Element] = field(default_factory=list)
    counted: int | None = None
    remaining: int | None = None
    iterator: str = ""


class Engine(Struct):
    """One document at work. ``session`` is the connection that its iterators live in."""

    call: Call
    session: str
    macros: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> CompanyFile:
        return CompanyFile(self.call.company)

    def run(self, raw: bytes) -> str:
        """The answer to a document. Raises ``Hresult`` and ``NotSimulated``."""
        file = self.file
        document = documents.parse(raw, us=file.us and file.switch("foreign_fields") == "refused")
        sets = MessageSets(self.call.company)
        root = etree.Element("QBXML")
        answers = etree.SubElement(root, "QBXMLMsgsRs")
        if document.old_set and not document.requests:
            sets.recover(answers, document.old_set)
            return _text(root)
        if document.new_set and not sets.begin(answers, document.new_set, forget=document.old_set):
            return _text(root)
        if file.switch("value_errors") == "document":
            self._check_values(document)
        failed = False
        for request in document.requests:
            answer = self._one(request, skipped=failed and document.stops, sets=sets, document=document)
            failed = failed or answer.get("statusSeverity") == "Error"
            answers.append(answer)
        # Source: as the processing instruction says (an answer is in the version of what it answers)
        for parent, element in [*documents.newer(answers, document.version)]:
            parent.remove(element)
        return _text(root)

    def _check_values(self, document: documents.Document) -> None:
        """Refuse a whole document for one value that cannot be read. Raises ``Hresult``."""
        for request in document.requests:
            try:
                self._reading().node(request, messages()[str(request.tag)].content)
            except (BadValue, DateOutOfRange, TooLong, UnwritableText) as refusal:
                raise hresults.hresult("0x80040400", str(refusal)) from refusal

    def _one(
        self, request: etree._Element, *, skipped: bool, sets: MessageSets, document: documents.Document
    ) -> etree._Element:
        message = messages()[str(request.tag)]
        act = _act(message, request)
        silent = document.set.get("responseData") == "includeNone"

        def finish(answer: Answer) -> etree._Element:
            element = _element(message, request, answer, silent=silent)
            if document.new_set:
                sets.keep(document.new_set, element)
            return element

        try:
            if skipped:
                raise NotProcessed
            coming = circumstances.take(self.call.company, message.name)
            if coming is not None and not coming.warns:
                raise Announced(coming.status, coming.told(act).text)
            if message.writes:
                access.check_may_write(self.call)
            with self.call.unit() if message.writes else self.call.world.unit():
                answer = self._answer(message, request)
                if coming is not None and answer.status == statuses.FINE:
                    answer.status = coming.told(act)
                return finish(answer)
        except Refusal as refusal:
            self.call.exchange.refused = type(refusal).__name__
            with self.call.world.unit():
                told = self._recovery(message, request, refusal)
                own = self.file.switch("status_codes")
                return finish(Answer(statuses.status_of(refusal, act, own), told))

    def _recovery(self, message: Message, request: etree._Element, refusal: Refusal) -> list[etree._Element]:
        """What an application needs to send a change again that another one came before."""
        # Source: QuickBooks Desktop SDK, Onscreen Reference (ErrorRecovery in answers, since qbXML 11.0)
        # Unconfirmed: which errors bear it.
        if not isinstance(refusal, EditSequenceStale) or "ErrorRecovery" not in message.answer.elements:
            return []
        id = str(request.findtext(".//TxnID") or request.findtext(".//ListID") or "")
        record = self.file.records.get(message.about, id)
        if record is None:
            return []
        element = etree.Element("ErrorRecovery")
        shown = {"ListID" if message.about in LISTS else "TxnID": record.id}
        shown |= {name: str(record.body[name]) for name in ("TxnNumber", "EditSequence") if name in record.body}
        for name, value in shown.items():
            etree.SubElement(element, name).text = value
        return [element]

    def _answer(self, message: Message, request: etree._Element) -> Answer:
        id = str(request.get("requestID") or "")
        if len(id) > _REQUEST_ID_MAX:
            raise RequestIdTooLong(id)
        reading = self._reading()
        node = self._with_macros(reading.node(request, message.content))
        answer = self._answer_to(message, node, request)
        if reading.left_out and answer.status == statuses.FINE:
            answer.status = statuses.unsupported(reading.left_out[0])
        return answer

    def _reading(self) -> Reading:
        file = self.file
        warned = not file.switch("multicurrency") and file.switch("multicurrency_off") == "warned"
        unsupported = frozenset(("CurrencyRef", "ExchangeRate")) if warned else frozenset()
        return Reading(str(file.switch("unwritable_text")), us=file.us, unsupported=unsupported)

    def _answer_to(self, message: Message, node: Node, request: etree._Element) -> Answer:
        if message.verb in ("Add", "Mod"):
            return self._write(message, node)
        ranges.check_ranges(self.file, node)
        if message.name in _SPECIAL:
            return _counted(_SPECIAL[message.name](self, message, node), request)
        return self._query(message, node, request)

    # Macros. Source: QuickBooks Desktop SDK, Onscreen Reference (defMacro, useMacro)

    def _with_macros(self, node: Node) -> Node:
        if node.used_macro:
            if node.used_macro not in self.macros:
                raise MacroUnknown(node.used_macro)
            value = self.macros[node.used_macro]
            return replace(node, value=value, text=value)
        if not node.children:
            return node
        return replace(node, children=tuple(self._with_macros(child) for child in node.children))

    def _define(self, node: Node, record: Record) -> None:
        """Keep what a request named: its object, and the lines of it."""
        if node.macro:
            self.macros[node.macro] = record.id
        for kinds, member in _LINES:
            nodes = [child for child in node.children if child.name in kinds]
            lines = record.body.get(member) or []
            for child, line in zip(nodes, lines if isinstance(lines, list) else [lines], strict=False):
                if child.macro:
                    self.macros[child.macro] = str(line["TxnLineID"])

    # Writes

    def _write(self, message: Message, node: Node) -> Answer:
        inner = node.children[0]
        named = [each.macro for each in (inner, *inner.children) if each.macro]
        taken = next((macro for macro in named if macro in self.macros or named.count(macro) > 1), "")
        if taken:
            raise MacroTaken(taken)
        hidden = access.hidden(self.call)
        closed = next((child.name for child in inner.children if child.name in hidden), "")
        if closed:
            raise PersonalDataClosed(closed)
        write = writing.add if message.verb == "Add" else writing.modify
        record = write(self.file, message.about, inner)
        self._define(inner, record)
        shown = Shown(links=True, only=_only(node), hidden=hidden)
        answer = Answer(elements=[render.record(self.file, record, shown)])
        unlinked = self.file.records.facts(record.kind, record.id).get("closed_links")
        if unlinked:
            answer.status = statuses.link_closed(unlinked[0])
        return answer

    # Queries

    def _query(self, message: Message, node: Node, request: etree._Element) -> Answer:
        file, meta = self.file, request.get("metaData", "NoMetaData")
        found, page = self._found(message, node, request)
        shown = Shown(
            lines=bool(node.get("IncludeLineItems", False)),
            links=bool(node.get("IncludeLinkedTxns", False)),
            only=_only(node),
            hidden=access.hidden(self.call),
            owners=_owners(node),
        )
        answer = Answer(found.status, counted=len(found.records) if meta != "NoMetaData" else None)
        if page is not None:
            answer.remaining, answer.iterator = page.remaining, page.id
        if meta == "MetaDataOnly":
            return answer
        records = page.records if page else _first(node, found.records)
        if message.about == "Transaction":
            rows = transactions.rows(file, node, records)
            answer.elements = [self._filled("TransactionRet", row, only=_only(node)) for row in rows]
        else:
            answer.elements = [render.record(file, record, shown) for record in records]
        return answer

    def _found(
        self, message: Message, node: Node, request: etree._Element
    ) -> tuple[finding.Found, iterators.Page | None]:
        way, id, most = request.get("iterator"), str(request.get("iteratorID") or ""), matching.limit(node)
        if way is None:
            return finding.find(self.file, message, node, lag=self.call.exchange.lag), None
        if most is None:
            raise ElementMissing("MaxReturned")
        if way == "Start":
            found = finding.find(self.file, message, node, lag=self.call.exchange.lag)
            if not found.records:
                return found, None
            query = _query_of(request)
            page = iterators.start(self.file, self.session, query=query, records=found.records, most=most)
            return found, page
        if way == "Stop":
            iterators.stop(self.file, self.session, id)
            return finding.Found([]), None
        page = iterators.go_on(self.file, self.session, id, query=_query_of(request), most=most)
        return finding.Found(page.records), page

    # Requests of their own kind

    def _host(self, _message: Message, node: Node) -> Answer:
        matching.tests(self.file, node)
        return self._aggregate("HostRet", about_file.host(self.file), node)

    def _company(self, _message: Message, node: Node) -> Answer:
        return self._aggregate("CompanyRet", about_file.company(self.file, _owners(node)), node)

    def _preferences(self, _message: Message, node: Node) -> Answer:
        told = about_file.preferences(self.file, personal_data=not access.hidden(self.call))
        return self._aggregate("PreferencesRet", told, node)

    def _aggregate(self, name: str, body: dict[str, Any], node: Node) -> Answer:
        return Answer(elements=[self._filled(name, body, only=_only(node))])

    def _filled(self, name: str, body: dict[str, Any], *, only: Iterable[str] = ()) -> etree._Element:
        element = etree.Element(name)
        chosen = {key: value for key, value in body.items() if not only or key in only}
        render.fill(self.file, element, chosen, ret(name))
        return element

    def _deleted(self, message: Message, node: Node) -> Answer:
        lists = message.name == "ListDeletedQueryRq"
        rows = about_file.deleted(self.file, node, lists=lists, lag=self.call.exchange.lag)
        return self._rows(f"{message.about}Ret", rows, node)

    def _to_pay(self, _message: Message, node: Node) -> Answer:
        return self._rows("BillToPayRet", about_file.to_pay(self.file, node, lag=self.call.exchange.lag), node)

    def _rows(self, name: str, rows: list[dict[str, Any]], node: Node) -> Answer:
        elements = [self._filled(name, row, only=_only(node)) for row in rows]
        return Answer(statuses.FINE if rows else statuses.NONE_FOUND, elements)

    def _delete(self, message: Message, node: Node) -> Answer:
        kind, id = str(node.children[0].value), str(node.children[1].value)
        # Source: glama.ai/mcp/connectors/com.qubesync/quickbooks-desktop-api (only list elements mind the file's mode)
        if message.name == "ListDelRq" and self.file.switch("file_mode") == "MultiUser":
            raise NotInMultiUser
        delete = writing.delete_list if message.name == "ListDelRq" else writing.delete_transaction
        record = delete(self.file, kind, id)
        row: dict[str, Any] = {"TimeDeleted": values.local(record.updated, self.file.zone)}
        if message.name == "ListDelRq":
            row |= {"ListDelType": kind, "ListID": id, "FullName": record.body["FullName"]}
        else:
            row |= {"TxnDelType": kind, "TxnID": id, "RefNumber": record.body.get("RefNumber")}
        return Answer(elements=self._parts(message, row))

    def _merge(self, message: Message, node: Node) -> Answer:
        # Unconfirmed: the code; a user needs single-user mode to merge. Source: QuickBooks Desktop help
        if self.file.switch("file_mode") == "MultiUser":
            raise NotInMultiUser
        old, new = merging.merge(self.file, node)
        deleted = {"ListID": old.id, "TimeDeleted": values.local(old.updated, self.file.zone)}
        times = {"TimeCreated": new.created, "TimeModified": new.updated}
        kept = {name: values.local(moment, self.file.zone) for name, moment in times.items()}
        row = {
            "ListMergeType": new.kind,
            "MergedFrom": {**deleted, "FullName": old.body["FullName"]},
            "MergedTo": {**new.body, **kept, "ListID": new.id},
        }
        return Answer(elements=self._parts(message, row))

    def _void(self, message: Message, node: Node) -> Answer:
        kind, id = str(node.get("TxnVoidType")), str(node.get("TxnID"))
        record = writing.void_transaction(self.file, kind, id)
        row = {
            "TxnVoidType": kind,
            "TxnID": id,
            "TimeCreated": values.local(record.created, self.file.zone),
            "TimeModified": values.local(record.updated, self.file.zone),
            "RefNumber": record.body.get("RefNumber"),
        }
        return Answer(elements=self._parts(message, row))

    def _report(self, _message: Message, node: Node) -> Answer:
        made = reports.report(self.file, node, lag=self.call.exchange.lag)
        return Answer(elements=[] if made is None else [made])

    def _define_extension(self, _message: Message, node: Node) -> Answer:
        row = extensions.define(self.file, node.children[0])
        return self._aggregate("DataExtDefRet", row, node)

    def _redefine_extension(self, _message: Message, node: Node) -> Answer:
        return self._aggregate("DataExtDefRet", extensions.redefine(self.file, node.children[0]), node)

    def _undefine_extension(self, _message: Message, node: Node) -> Answer:
        now = values.local(self.call.world.clock.now(), self.file.zone)
        return Answer(elements=[self._filled("DataExtDefDelRet", extensions.undefine(self.file, node, at=now))])

    def _extension_definitions(self, _message: Message, node: Node) -> Answer:
        return self._rows("DataExtDefRet", extensions.definitions(self.file, node), node)

    def _extend(self, message: Message, node: Node) -> Answer:
        row = extensions.put(self.file, node.children[0], known=message.name == "DataExtModRq")
        return Answer(elements=[self._filled("DataExtRet", row)])

    def _remove_extension(self, _message: Message, node: Node) -> Answer:
        now = values.local(self.call.world.clock.now(), self.file.zone)
        row = extensions.remove(self.file, node.children[0], at=now)
        return Answer(elements=[self._filled("DataExtDelRet", row)])

    def _parts(self, message: Message, row: dict[str, Any]) -> list[etree._Element]:
        """Elements that stand in the answer itself, in its order."""
        holder = etree.Element(message.reply)
        render.fill(self.file, holder, row, message.answer)
        return list(holder)


_SPECIAL: dict[str, Callable[[Engine, Message, Node], Answer]] = {
    "HostQueryRq": Engine._host,
    "CompanyQueryRq": Engine._company,
    "PreferencesQueryRq": Engine._preferences,
    "TxnDeletedQueryRq": Engine._deleted,
    "ListDeletedQueryRq": Engine._deleted,
    "BillToPayQueryRq": Engine._to_pay,
    "TxnDelRq": Engine._delete,
    "ListDelRq": Engine._delete,
    "TxnVoidRq": Engine._void,
    "ListMergeRq": Engine._merge,
    "GeneralSummaryReportQueryRq": Engine._report,
    "GeneralDetailReportQueryRq": Engine._report,
    "CustomSummaryReportQueryRq": Engine._report,
    "CustomDetailReportQueryRq": Engine._report,
    "DataExtDefAddRq": Engine._define_extension,
    "DataExtDefModRq": Engine._redefine_extension,
    "DataExtDefDelRq": Engine._undefine_extension,
    "DataExtDefQueryRq": Engine._extension_definitions,
    "DataExtAddRq": Engine._extend,
    "DataExtModRq": Engine._extend,
    "DataExtDelRq": Engine._remove_extension,
}
# The lines of requests that may be named, and where their records keep them.
_LINES = (
    (("ExpenseLineAdd",), "ExpenseLineRet"),
    (("ItemLineAdd",), "ItemLineRet"),
    (("PurchaseOrderLineAdd",), "PurchaseOrderLineRet"),
    (("CashBackInfoAdd",), "CashBackInfoRet"),
    (("DepositLineAdd",), "DepositLineRet"),
    ((journals.DEBIT, journals.CREDIT), "_lines"),
)
_VERBS = {"ListMergeRq": "Mod", "TxnDelRq": "Del", "ListDelRq": "Del", "TxnVoidRq": "Void"}


def _counted(answer: Answer, request: etree._Element) -> Answer:
    """An answer with the number of its elements, or that number alone, where a request asks for it."""
    meta = request.get("metaData", "NoMetaData")
    if meta != "NoMetaData":
        answer.counted = len(answer.elements)
    if meta == "MetaDataOnly":
        answer.elements = []
    return answer


def _act(message: Message, request: etree._Element) -> Act:
    """What a request is about, for the words of a refusal."""
    verb = _VERBS.get(message.name, message.verb)
    is_told = verb in ("Del", "Void") or message.name == "ListMergeRq"
    return Act(verb, str(request[0].text) if is_told and len(request) else message.about)


def _query_of(request: etree._Element) -> str:
    """What an iterator goes over: its query without the size of a page."""
    # Source: QuickBooks Desktop SDK, Onscreen Reference (a Continue repeats the query that was started)
    inner = [
        part for child in request.iterchildren(etree.Element) if child.tag != "MaxReturned" for part in child.iter()
    ]
    return "\n".join([str(request.tag), *(f"{part.tag}={(part.text or '').strip()}" for part in inner)])


def _only(node: Node) -> list[str]:
    return [str(child.value) for child in node.all("IncludeRetElement")]


def _owners(node: Node) -> list[str]:
    return [str(child.value) for child in node.all("OwnerID")]


def _first(node: Node, records: list[Record]) -> list[Record]:
    most = matching.limit(node)
    return records if most is None else records[:most]


def _element(message: Message, request: etree._Element, answer: Answer, *, silent: bool) -> etree._Element:
    """The answer's element: attributes in the order in which applications look for them."""
    # Source: github.com/consolibyte/quickbooks-php (finds attributes by plain string search, in this order)
    element = etree.Element(message.reply)
    id = request.get("requestID")
    if id is not None:
        element.set("requestID", str(id))
    element.set("statusCode", str(answer.status.code))
    element.set("statusSeverity", answer.status.severity)
    element.set("statusMessage", _printable(answer.status.text))
    if answer.counted is not None:
        element.set("retCount", str(answer.counted))
    if answer.remaining is not None:
        element.set("iteratorRemainingCount", str(answer.remaining))
        element.set("iteratorID", answer.iterator)
    if not silent:
        element.extend(answer.elements)
    return element


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _text(root: etree._Element) -> str:
    """An answer as QuickBooks writes it: every element on a line of its own, none indented."""
    # Source: answer quoted in github.com/consolibyte/quickbooks-php issue 92
    etree.indent(root, space="")
    return _HEAD + etree.tostring(root, encoding="unicode") + "\n"
