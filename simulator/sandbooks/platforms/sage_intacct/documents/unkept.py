"""What a document of the product may say and this simulator does not keep: told loudly, never left out in silence.

Fields that no object of the product has are another matter: they are left out, as the product does.
Source: https://developer.intacct.com/api/ (parameters of the create functions), github.com/Intacct/intacct_dtd
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.sage_intacct.documents.allocations import SPREAD
from sandbooks.platforms.sage_intacct.wire.scalars import flag
from sandbooks.platforms.sage_intacct.wire.xml import Fields, many

HEAD = frozenset(
    (
        "PAYMENTPROVIDER",
        "JOINTPAYEEPRINTAS",
        "TRANSACTIONSOURCE",
    )
)
LINE = frozenset(
    (
        "ALLOCATION",
        "PARTIALEXEMPT",
        "SPLIT",
        "KEY",
        "TOTALPAID",
        "TOTALDUE",
        "REVRECTEMPLATE",
        "DEFREVACCOUNT",
        "REVRECSTARTDATE",
        "REVRECENDDATE",
        "RECON_DATE",
        "JOINTPAYEEPRINTAS",
    )
)
# Lines of an advance have one account beside the bank, and no tax.
_OF_KIND = {"APADVANCE": frozenset(("OFFSETGLACCOUNTNO", "TAXENTRIES"))}
_GROUPED = ("APBILL", "APADJUSTMENT", "EEXPENSES")
# Words that say nothing.
_NOTHING = {"TAXIMPLICATIONS": ("None",)}
_INSTEAD = {"ALLOCATION": "one line for each part"}
# Groups in which lines come, beside the items inside them.
_GROUPS = {
    "APBILLITEMS": "APBILLITEM",
    "APADJUSTMENTITEMS": "APADJUSTMENTITEM",
    "APADVANCEITEMS": "APADVANCEITEM",
    "APPYMTDETAILS": "APPYMTDETAIL",
    "EPPAYMENTDETAILS": "EPPAYMENTDETAIL",
    "ENTRIES": "GLENTRY",
}


def check_kept(kind: str, given: Fields) -> None:
    """Refuse what is real and would be lost. Raises ``NotSimulated``."""
    # Summaries group payables and expense reports; those of other documents are not kept.
    head = HEAD if kind in _GROUPED else HEAD | {"BATCHKEY", "PRBATCH", "PRBATCHKEY", "NOGL"}
    for name in sorted(head & given.keys()):
        if _says(name, given[name]):
            raise NotSimulated(f"{name} of {kind}", instead=_INSTEAD.get(name, ""))
    lacking = (LINE - {"ALLOCATION", "SPLIT"} if kind in SPREAD else LINE) | _OF_KIND.get(kind, frozenset())
    for line in _lines(given):
        for name in sorted(lacking & line.keys()):
            if _says(name, line[name]):
                raise NotSimulated(f"{name} on a line of {kind}", instead=_INSTEAD.get(name, ""))


def _says(name: str, value: Any) -> bool:
    if isinstance(value, str):
        return value not in ("", *_NOTHING.get(name, ())) and flag(value) is not False
    return bool(value)


def _lines(given: Fields) -> Iterator[Mapping[str, Any]]:
    for name, holder in given.items():
        if name in _GROUPS and isinstance(holder, dict):
            holder = holder.get(_GROUPS[name])
        elif name != "LINES":
            continue
        yield from (row for row in many(holder) if isinstance(row, dict))
