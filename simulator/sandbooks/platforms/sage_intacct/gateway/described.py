"""What the gateway takes, as one XSD: frame and older functions of gateway.xsd, generic functions by the catalogue.

A generic function takes fields in any casing and order. A field that the catalogue does not have may be the company's
own; one that all but bears the name of another is a misspelling.
Source: developer.intacct.com/web-services (functions), developer.intacct.com/api (objects)
"""

from __future__ import annotations

from collections.abc import Iterable

from sandbooks.kit.elements import ANY_CASE, OWN
from sandbooks.platforms.sage_intacct.documents import details, unkept
from sandbooks.platforms.sage_intacct.documents.registry import HOLDERS
from sandbooks.platforms.sage_intacct.gateway import absent, legacy
from sandbooks.platforms.sage_intacct.objects.catalogue import ABSENT, ALIASES, OBJECTS, ObjectType
from sandbooks.platforms.sage_intacct.query.answer import AGGREGATES
from sandbooks.platforms.sage_intacct.query.filters import COMPARISONS
from sandbooks.settings import contract_path

_URN, _ANY_CASE, _OWN = ANY_CASE[1:].partition("}")[0], ANY_CASE.rpartition("}")[2], OWN.rpartition("}")[2]
_FREELY = f'xmlns:e="{_URN}" e:{_ANY_CASE}="true"'
_MARKS = f'{_FREELY} e:{_OWN}="true"'
_ANY_NUMBER = 'minOccurs="0" maxOccurs="unbounded"'
_ANYTHING = (
    f'<xs:complexType mixed="true"><xs:sequence><xs:any processContents="skip" {_ANY_NUMBER}/></xs:sequence>'
    '<xs:anyAttribute processContents="skip"/></xs:complexType>'
)
# What is written beside the fields that an object shows.
# Source: github.com/Intacct/intacct-sdk-php (what its creates name)
_ALSO = "ACTION CUSTOMFIELDS"
_SUMMARY_ALSO = ("BATCHKEY", "PRBATCH", "PRBATCHKEY", "NOGL")
_LINE_ALSO = "TAXENTRIES ALLOCATION ALLOCATIONID SPLIT CUSTOMFIELDS"
_LINES_ALSO = {"APPYMT": (*details.SENT, "CREDITTOAPPLY", "DISCOUNTTOAPPLY")}
# The elements of each function that names its object, as the SDK writes them; those with a ! have to be there.
_FUNCTIONS = {
    "delete": "object! keys!",
    "readByQuery": "object! fields query pagesize returnFormat docparid",
    "read": "object! keys fields returnFormat docparid",
    "readByName": "object! keys fields returnFormat docparid",
    "readMore": "object resultId view reportId",
    "lookup": "object!",
    "getAPISession": "locationid",
    "getDimensions": "",
    "getFinancialSetup": "",
    "get_closedbooksdate": "",
    "getUserPermissions": "userId",
    "getTransactionsToApprove": "module!",
}
# Groups that are written alike wherever they stand: their item, and what that holds.
_GROUPS = {
    "CUSTOMFIELDS": ("CUSTOMFIELD", "CUSTOMFIELDNAME CUSTOMFIELDVALUE"),
    "TAXENTRIES": ("TAXENTRY", "RECORDNO DETAILID TRX_TAX TAX TAXRATE"),
}
# What the contract leaves open for those who send more than is read: here it is held to what is read.
# Source: github.com/Intacct/intacct_dtd (filter, sorts, fields, customfields)
_CLOSER = {
    "customfields": "customfields",
    "taxentries": "taxentries",
    "filter": "list_filter",
    "sorts": "list_sorts",
    "fields": "list_fields",
}
_EXPRESSION = "".join(f'<xs:element name="{name}" type="xs:string"/>' for name in ("field", "operator", "value"))
_COMPARED = f'{_EXPRESSION}<xs:element name="object" type="xs:string" minOccurs="0"/>'
_LISTED = (
    f'<xs:complexType name="list_filter"><xs:choice {_ANY_NUMBER}><xs:element name="expression">'
    f"<xs:complexType><xs:all>{_COMPARED}</xs:all></xs:complexType></xs:element>"
    '<xs:element name="logical" type="list_filter"/></xs:choice>'
    '<xs:attribute name="logical_operator" type="xs:string"/>'
    '<xs:attribute name="object" type="xs:string"/></xs:complexType>'
    f'<xs:complexType name="list_sorts"><xs:sequence><xs:element name="sortfield" {_ANY_NUMBER}><xs:complexType>'
    '<xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="order" type="xs:string"/></xs:extension>'
    "</xs:simpleContent></xs:complexType></xs:element></xs:sequence></xs:complexType>"
    f'<xs:complexType name="list_fields"><xs:sequence><xs:element name="field" type="xs:string" {_ANY_NUMBER}/>'
    "</xs:sequence></xs:complexType>"
)
_PEOPLE = ("PERSONALINFO",)  # a contact, whole
_STEPS = tuple(f"{verb}_appaymentrequest" for verb in ("approve", "decline", "send", "confirm", "void"))
_ATTRIBUTES = {"inspect": ("object name", "detail"), "get_companyprefs": ("", "application")}
_OPEN = ("get_trialbalance", "create_chargepayoff")
_OLDER = ("project", "item", "checkingaccount", "savingsaccount")


def requests_xsd() -> bytes:
    """The frame and the older functions as the contract has them, and the generic functions beside them."""
    frame = contract_path("platforms", "sage_intacct", "gateway.xsd").read_text("utf-8")
    more = [_element(name, _named(members)) for name, members in _FUNCTIONS.items()]
    more += [_element(name, _named(members, attribute)) for name, (members, attribute) in _ATTRIBUTES.items()]
    more += [_element("query", _query())]
    more += [_element(name, _objects(creates=name == "create")) for name in ("create", "update")]
    more += [_element(name, _objects(creates=False)) for name in ("approve", "decline")]
    keys = _element("appaymentkeys", _all(f'<xs:element name="appaymentkey" type="xs:string" {_ANY_NUMBER}/>'))
    more += [_element(name, _all(keys)) for name in _STEPS]
    more += [_element(name, _ANYTHING) for name in (*_OPEN, *sorted(absent.FUNCTIONS))]
    more += [_element(f"create_{word}", _older(word)) for word in _OLDER]
    more += [_comparison_type(), _LISTED, *(_group_type(*group) for group in _GROUPS.items())]
    for name, kind in _CLOSER.items():
        frame = frame.replace(f'name="{name}" type="anything"', f'name="{name}" type="{kind}"')
    return frame.replace("</xs:schema>", "".join(more) + "</xs:schema>").encode()


def _group_type(name: str, group: tuple[str, str]) -> str:
    """A group that is written alike wherever it stands, as a type of its own."""
    item, members = group
    inner = _all(_element(item, _free(_fields(members.split())), _ANY_NUMBER))
    return inner.replace("<xs:complexType>", f'<xs:complexType name="{name.lower()}" {_FREELY}>', 1)


def _element(name: str, content: str, occurs: str = "") -> str:
    return f'<xs:element name="{name}" {occurs}>{content}</xs:element>'


def _all(inner: str, attributes: str = "") -> str:
    return f"<xs:complexType><xs:all>{inner}</xs:all>{attributes}</xs:complexType>"


def _text(name: str, *, needed: bool = False) -> str:
    return f'<xs:element name="{name}" type="xs:string" minOccurs="{int(needed)}"/>'


def _named(members: str, attribute: str = "") -> str:
    inner = "".join(_text(each.removesuffix("!"), needed=each.endswith("!")) for each in members.split())
    return _all(inner, f'<xs:attribute name="{attribute}" type="xs:string"/>' if attribute else "")


def _query() -> str:
    picked = "".join(f'<xs:element name="{name}" type="xs:string"/>' for name in ("field", *AGGREGATES))
    select = f"<xs:complexType><xs:choice {_ANY_NUMBER}>{picked}</xs:choice></xs:complexType>"
    order = _all(_text("field", needed=True) + _text("ascending") + _text("descending"))
    options = _all("".join(map(_text, ("caseinsensitive", "showprivate", "returnformat"))))
    return _all(
        _text("object", needed=True)
        + _element("select", select)
        + '<xs:element name="filter" type="conditions" minOccurs="0"/>'
        + _element("orderby", _all(_element("order", order, _ANY_NUMBER)), 'minOccurs="0"')
        + _element("options", options, 'minOccurs="0"')
        + "".join(map(_text, ("pagesize", "offset", "returnFormat")))
    )


def _comparison_type() -> str:
    values = f'<xs:element name="value" type="xs:string" {_ANY_NUMBER}/>'
    compared = "".join(_element(name, _all(_text("field", needed=True) + values)) for name in COMPARISONS)
    joined = "".join(f'<xs:element name="{name}" type="conditions"/>' for name in ("and", "or"))
    return f'<xs:complexType name="conditions"><xs:choice {_ANY_NUMBER}>{compared}{joined}</xs:choice></xs:complexType>'


def _free(inner: str) -> str:
    """Fields in any casing and order; the company may have others of its own."""
    return f"<xs:complexType {_MARKS}><xs:all>{inner}</xs:all></xs:complexType>"


def _objects(*, creates: bool) -> str:
    """The objects that a function takes, one or several."""
    named = {name: OBJECTS[target] for name, target in ({name: name for name in OBJECTS} | ALIASES).items()}
    known = "".join(_element(name, _object(kind, creates=creates), _ANY_NUMBER) for name, kind in named.items())
    real = "".join(_element(name, _ANYTHING, _ANY_NUMBER) for name in sorted(ABSENT))
    return f"<xs:complexType {_FREELY}><xs:all>{known}{real}</xs:all></xs:complexType>"


def _object(kind: ObjectType, *, creates: bool) -> str:
    needed = [name for name in kind.required if name not in kind.defaults] if creates else ()
    summary = _SUMMARY_ALSO if kind.is_document else ()
    return _free(_fields((*kind.fields, *kind.absent, *unkept.HEAD, *_ALSO.split(), *summary), needed) + _lines(kind))


def _older(word: str) -> str:
    """A function that gateway.xsd leaves open."""
    kind = OBJECTS[legacy.LISTS[word]]
    return _free(_fields((*kind.fields, *legacy.names_of(kind.name), *_ALSO.split())))


def _fields(names: Iterable[str], needed: Iterable[str] = ()) -> str:
    """Fields; those with a dot stand within a group."""
    groups: dict[str, list[str]] = {}
    for name in names:
        head, _, rest = name.partition(".")
        groups.setdefault(head, []).extend([rest] if rest else [])
    return "".join(_field(name, inner, needed=name in needed) for name, inner in groups.items())


def _field(name: str, inner: list[str], *, needed: bool) -> str:
    if name in _GROUPS:
        return f'<xs:element name="{name}" type="{name.lower()}" {_ANY_NUMBER}/>'
    if name in _PEOPLE:
        inner = [*inner, *OBJECTS["CONTACT"].fields]
    if inner:
        return _element(name, _free(_fields(inner)), _ANY_NUMBER)
    return _text(name, needed=needed)


def _lines(kind: ObjectType) -> str:
    """The lines of a document, under every name that they are sent by."""
    holders = [*([kind.lines] if kind.lines else ()), *HOLDERS.get(kind.name, ()), *legacy.lines_of(kind.name)]
    line = OBJECTS.get(kind.lines[1]) if kind.lines else None
    older = (*legacy.line_names_of(kind.name), *_LINES_ALSO.get(kind.name, ()), *_LINE_ALSO.split(), *unkept.LINE)
    content = _free(_fields((*(line or OBJECTS["CCTRANSACTIONENTRY"]).fields, *older)))
    found = {group: _free(_element(item, content, _ANY_NUMBER)) for group, item in holders}
    return "".join(_element(group, inner, _ANY_NUMBER) for group, inner in found.items())
