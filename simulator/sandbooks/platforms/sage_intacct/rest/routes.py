"""Every REST operation, by method and path."""

from __future__ import annotations

from collections.abc import Callable

from sandbooks.kit.call import Call
from sandbooks.kit.surface import Operation
from sandbooks.platforms.sage_intacct.rest import (
    authorizing,
    bulk,
    composite,
    events,
    objects,
    services,
    sign_in,
    workflows,
)
from sandbooks.platforms.sage_intacct.rest.resources import BY_PATH
from sandbooks.wire import Response

BASE = "/ia/api/v1"
_OBJECT = f"{BASE}/objects/<module>/<object>"
_WORKFLOW = f"{BASE}/workflows/<path:step>"


def _of_object(
    name: str, method: str, rule: str, run: Callable[[Call], Response], *, writes: bool = False
) -> Operation:
    """An operation on objects, told apart by the object: ``rest_create.bill``."""

    def named(call: Call) -> str:
        resource = BY_PATH.get(f"{call.args.get('module')}/{call.args.get('object')}")
        several = "," in call.args.get("key", "") or (
            name in ("rest_create", "rest_step") and call.request.body.lstrip()[:1] == b"["
        )
        whole = f"{name}_several" if several else name
        return f"{whole}.{resource.name}" if resource else whole

    return Operation(name, method, rule, run, writes=writes, named=named)


OPERATIONS = (
    Operation("rest_token", "POST", f"{BASE}/oauth2/token", sign_in.token, public=True),
    Operation("rest_authorize", "GET", authorizing.PATH, authorizing.authorize, public=True),
    _of_object("rest_list", "GET", _OBJECT, objects.listed),
    _of_object("rest_create", "POST", _OBJECT, objects.create, writes=True),
    _of_object("rest_read", "GET", f"{_OBJECT}/<key>", objects.read),
    _of_object("rest_change", "PATCH", f"{_OBJECT}/<key>", objects.change, writes=True),
    _of_object("rest_change_several", "PATCH", _OBJECT, objects.change_several, writes=True),
    _of_object("rest_delete", "DELETE", f"{_OBJECT}/<key>", objects.remove, writes=True),
    Operation("rest_query", "POST", f"{BASE}/services/core/query", services.query),
    Operation("rest_model", "GET", f"{BASE}/services/core/model", services.model),
    Operation("rest_session", "GET", f"{BASE}/services/core/session/id", services.session_id),
    Operation("rest_dimensions", "GET", f"{BASE}/services/company-config/dimensions/list", services.dimensions),
    Operation("rest_bulk", "POST", f"{BASE}/services/bulk/job/create", bulk.create, writes=True),
    Operation("rest_bulk_status", "GET", f"{BASE}/services/bulk/job/status", bulk.status),
    Operation("rest_events_count", "GET", f"{BASE}/services/delivery/event/count", events.count),
    Operation("rest_events_list", "GET", f"{BASE}/services/delivery/event/list", events.batch),
    Operation("rest_events_ack", "POST", f"{BASE}/services/delivery/event/ack", events.acknowledge, writes=True),
    Operation("rest_composite", "POST", f"{BASE}/services/core/composite", composite.run, writes=True),
    _of_object("rest_step", "POST", f"{BASE}/workflows/<module>/<object>/<step>", workflows.take, writes=True),
    *(
        Operation(f"rest_workflow_{method.lower()}", method, _WORKFLOW, services.lacking("workflows"))
        for method in ("GET", "POST")
    ),
)
