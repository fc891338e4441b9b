"""HTML error page: a gateway in front of the platform answers with a page of its own."""

from __future__ import annotations

from http import HTTPStatus

from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.faults.parameters import Parameter
from sandbooks.wire import Response

PAGE = """<!DOCTYPE html>
<html>
<head><title>{title}</title></head>
<body>
<center><h1>{title}</h1></center>
<hr><center>gateway</center>
</body>
</html>
"""


def act(firing: Firing) -> Effect:
    status = firing.parameter("status")
    title = "Scheduled maintenance" if status == HTTPStatus.OK else f"{status} {HTTPStatus(status).phrase}"
    body = PAGE.format(title=title).encode("utf-8")
    return Effect(note=str(status), answer=Response(status, (("Content-Type", "text/html; charset=utf-8"),), body))


KIND = Kind(
    name="html_error_page",
    phases=("send", "admit", "validate", "commit", "render"),
    default_phase="send",
    parameters={"status": Parameter(type="integer", default=502, choices=(200, 413, 500, 502, 503, 504))},
    act=act,
    ends=True,
)
