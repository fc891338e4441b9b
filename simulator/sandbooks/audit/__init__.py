"""The audit: named invariants over tape, books and inputs, and findings in accounting words.

``audit`` judges every company of a world by every rule, ``audit_company`` one; ``compare_books``, ``compare_related``
and ``compare_tapes`` compare two runs. Inputs are ``Submitted`` transactions, from the hub or from a driver (``Work``);
without them tape and books speak alone. Nothing here knows a platform, a client or a particular bug by name.
"""

from sandbooks.audit.auditing import BooksWrong, audit_company, judged, raise_findings
from sandbooks.audit.comparing import RunBooks, books_of_run, compare_books, compare_tapes
from sandbooks.audit.driver_inputs import Work, of_driver
from sandbooks.audit.findings import Difference, Finding, Step
from sandbooks.audit.printing import finding_data, print_finding, print_findings
from sandbooks.audit.relations import compare_related
from sandbooks.audit.submitted import Submitted, SubmittedFile, SubmittedLine
from sandbooks.audit.worlds import audit

__all__ = [
    "BooksWrong",
    "Difference",
    "Finding",
    "RunBooks",
    "Step",
    "Submitted",
    "SubmittedFile",
    "SubmittedLine",
    "Work",
    "audit",
    "audit_company",
    "books_of_run",
    "compare_books",
    "compare_related",
    "compare_tapes",
    "finding_data",
    "judged",
    "of_driver",
    "print_finding",
    "print_findings",
    "raise_findings",
]
