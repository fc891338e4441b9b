"""SuiteQL: SELECT over the account's records and postings, in the dialect that the query service takes.

Parsed with sqlglot, evaluated here, so that amounts stay exact, comparisons follow Oracle (an empty text is null), and
an unknown name is answered as the service answers it.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157909186990.html,
section_158394344595.html
"""

from sandbooks.platforms.netsuite.suiteql.query import Result, run

__all__ = ["Result", "run"]
