"""Reports over a company file, as rows and columns: summaries of accounts and lists of postings."""

from __future__ import annotations

from lxml import etree

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.reports import detail, summary
from sandbooks.platforms.quickbooks_desktop.reports.asking import asked
from sandbooks.platforms.quickbooks_desktop.reports.layout import written

_MAKERS = {**summary.REPORTS, **detail.REPORTS}


def report(file: CompanyFile, node: Node) -> etree._Element:
    """ReportRet of a report query. Raises ``NotSimulated`` for the types and columns that are not here."""
    type = str(node.get("GeneralSummaryReportType") or node.get("GeneralDetailReportType"))
    if type not in _MAKERS:
        raise NotSimulated(f"the report {type}", instead=", ".join(_MAKERS))
    return written(_MAKERS[type](file, asked(file, node)))
