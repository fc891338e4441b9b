"""Reports over a company file, as rows and columns: summaries of accounts and lists of postings."""

from __future__ import annotations

from datetime import timedelta

from lxml import etree

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.reports import custom, detail, summary
from sandbooks.platforms.quickbooks_desktop.reports.asking import asked
from sandbooks.platforms.quickbooks_desktop.reports.layout import written

_MAKERS = {**summary.REPORTS, **detail.REPORTS, **custom.REPORTS}
_TYPES = (
    *("GeneralSummaryReportType", "GeneralDetailReportType"),
    *("CustomSummaryReportType", "CustomDetailReportType"),
)


def report(file: CompanyFile, node: Node, *, lag: timedelta = timedelta(0)) -> etree._Element | None:
    """ReportRet of a report query; None where QuickBooks is to show it on its own screen.

    ``lag``: how far the index that it is made from trails the books. Raises ``NotSimulated`` for the types and columns
    that are not here.
    """
    type = next(str(node.get(name)) for name in _TYPES if node.has(name))
    if type not in _MAKERS:
        raise NotSimulated(f"the report {type}", instead=", ".join(_MAKERS))
    rows = str(node.get("SummarizeRowsBy", "TotalOnly"))
    if rows != "TotalOnly" and node.has("GeneralDetailReportType"):
        raise NotSimulated(f"the report {type} summarized by {rows}", instead="CustomDetailReportQuery")
    # IncludeSubcolumns changes nothing: none of these reports has columns within its columns.
    made = _MAKERS[type](file, asked(file, node, lag=lag))
    # Unconfirmed: that a report that is displayed is not returned as well.
    return None if node.get("DisplayReport") else written(made)
