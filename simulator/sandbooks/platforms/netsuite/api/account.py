"""What an administrator asks of the account as a whole, and what the simulator lacks and says so."""

from __future__ import annotations

from collections.abc import Callable

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.netsuite import access
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.refusals import PermissionMissing
from sandbooks.wire import Response


def governance(call: Call) -> Response:
    """``GET /system/v1/governanceLimits``, for administrators.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0625010817.html
    Unconfirmed: the names of the members; the page tells what they hold.
    """
    if "Setup -> Integration Application" in call.company.settings.get("role_lacks", ()):
        raise PermissionMissing("Setup -> Integration Application")
    limit = access.concurrency_limit(call.company)
    body = {
        "accountConcurrencyLimit": limit,
        "accountUnallocatedConcurrencyLimit": limit,
        "integrationConcurrencyLimit": limit,
        "integrationLimitType": "accountSpecific",
    }
    return answers.singular(body)


def answer_test(_call: Call) -> Response:
    """``OPTIONS /services/rest/*``: whether the signature and the role are accepted, and nothing else.

    Source: npm netsuite-rest 1.0.9, its test request
    Unconfirmed: the status and the headers of the answer.
    """
    return Response(204, headers=(("Allow", "OPTIONS, GET, POST, PATCH, PUT, DELETE"),))


def lacking(feature: str, *, instead: str = "") -> Callable[[Call], Response]:
    """An operation of the live service that is not simulated."""

    def answer(_call: Call) -> Response:
        raise NotSimulated(feature, instead=instead)

    return answer
