"""What is left of a replay for people and for machines: an HTML page, JUnit XML, canonical tapes and HAR files.

``write_report`` fills a folder, ``write_junit`` one file. Both read results alone, so the same results give the same
bytes: no time of day, no machine, no network. Knows nothing of how a run was played.
"""

from sandbooks.replay.reports.folder import write_report
from sandbooks.replay.reports.junit import junit_xml, write_junit
from sandbooks.replay.reports.page import render_page

__all__ = ["junit_xml", "render_page", "write_junit", "write_report"]
