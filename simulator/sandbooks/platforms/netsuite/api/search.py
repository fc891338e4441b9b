"""SuiteQL over HTTP."""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.wire import Response


def suiteql(call: Call) -> Response:
    raise NotImplementedError
