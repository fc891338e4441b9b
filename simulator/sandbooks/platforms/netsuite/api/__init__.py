"""The table of operations."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from sandbooks.kit.call import Call
from sandbooks.kit.surface import Operation
from sandbooks.platforms.netsuite.access import ASSISTANTS, RESTLETS
from sandbooks.platforms.netsuite.api import (
    account,
    asynchronous,
    batches,
    documents,
    metadata,
    records,
    scripts,
    search,
    sign_in,
)
from sandbooks.platforms.netsuite.api.account import lacking
from sandbooks.platforms.netsuite.api.asynchronous import asynchronous as either
from sandbooks.platforms.netsuite.api.lengthy import within
from sandbooks.wire import Response

_RECORD = "/services/rest/record/v1/<type>"
_ONE = f"{_RECORD}/<id>"
_DOCUMENT = "/services/rest/document/v1"
_JOB = f"{asynchronous.ROOT}/<job>"
_OAUTH = "/services/rest/auth/oauth2/v1"
_SOAP = "SOAP web services"
_REST = "REST records and SuiteQL"
_QUERY = "/services/rest/query/v1"


def _op(name: str, method: str, rule: str, run: Callable[[Call], Response], *, writes: bool = False) -> Operation:
    return Operation(name, method, rule, either(run), writes=writes)


def _lacking(name: str, method: str, rule: str, feature: str, *, instead: str) -> Operation:
    return Operation(name, method, rule, lacking(feature, instead=instead))


_OPERATIONS: tuple[Operation, ...] = (
    Operation("authorize_page", "GET", sign_in.AUTHORIZE, sign_in.authorize_page, public=True),
    Operation("authorize", "POST", sign_in.AUTHORIZE, sign_in.authorize, public=True),
    Operation("token", "POST", sign_in.ENDPOINT, sign_in.token, public=True),
    Operation("revoke_token", "POST", f"{_OAUTH}/revoke", sign_in.revoke, public=True),
    Operation("token_keys", "GET", f"{_OAUTH}/keys", sign_in.keys, public=True),
    Operation("token_info", "GET", "/rest/tokeninfo", sign_in.token_info),
    Operation("metadata_catalog", "GET", "/services/rest/record/v1/metadata-catalog", metadata.catalog),
    Operation("metadata_of_record", "GET", "/services/rest/record/v1/metadata-catalog/<type>", metadata.record_type),
    _op("list_records", "GET", _RECORD, records.listing),
    Operation("create_record", "POST", _RECORD, batches.create(either(records.create)), writes=True),
    _op("get_record", "GET", _ONE, records.get),
    _op("update_record", "PATCH", _ONE, records.update, writes=True),
    _op("upsert_record", "PUT", _ONE, records.upsert, writes=True),
    _op("delete_record", "DELETE", _ONE, records.delete, writes=True),
    _op("get_sublist", "GET", f"{_ONE}/<sublist>", records.sublist),
    _op("get_line", "GET", f"{_ONE}/<sublist>/<line>", records.line),
    _op("transform_record", "POST", f"{_ONE}/!transform/<target>", records.transform, writes=True),
    _op("attach", "POST", f"{_ONE}/!attach/<kind>/<other>", documents.attach, writes=True),
    _op("detach", "POST", f"{_ONE}/!detach/<kind>/<other>", documents.detach, writes=True),
    Operation("record_action", "POST", f"{_ONE}/!<action>", records.action, writes=True),
    _op("suiteql", "POST", "/services/rest/query/v1/suiteql", search.suiteql),
    Operation("update_records", "PATCH", _RECORD, batches.update, writes=True),
    Operation("upsert_records", "PUT", _RECORD, batches.upsert, writes=True),
    Operation("delete_records", "DELETE", _RECORD, batches.delete, writes=True),
    _op("list_datasets", "GET", search.DATASETS, search.list_datasets),
    _op("run_dataset", "GET", f"{search.DATASETS}/<id>/result", search.run_dataset),
    _lacking("dataset", "GET", f"{search.DATASETS}/<id>", "the definition of a dataset", instead="its result"),
    *(
        # The service runs datasets in place of workbooks by now.
        _lacking(f"workbook{suffix}", "GET", f"{_QUERY}/workbook{path}", "saved workbooks", instead="datasets, SuiteQL")
        for suffix, path in (("", ""), ("_one", "/<id>"), ("_result", "/<id>/result"))
    ),
    Operation("get_job", "GET", _JOB, asynchronous.get_job),
    Operation("list_tasks", "GET", f"{_JOB}/task", asynchronous.list_tasks),
    Operation("get_task", "GET", f"{_JOB}/task/<task>", asynchronous.get_task),
    Operation("get_result", "GET", f"{_JOB}/task/<task>/result", asynchronous.get_result),
    Operation("test_connection", "OPTIONS", "/services/rest/*", account.answer_test),
    Operation("governance_limits", "GET", "/services/rest/system/v1/governanceLimits", account.governance),
    Operation("document_catalog", "GET", f"{_DOCUMENT}/metadata-catalog", documents.catalog),
    Operation("document_of_catalog", "GET", f"{_DOCUMENT}/metadata-catalog/<type>", documents.catalog_entry),
    Operation("list_files", "GET", f"{_DOCUMENT}/file", documents.list_files),
    Operation("create_file", "POST", f"{_DOCUMENT}/file", documents.create_file, writes=True),
    Operation("get_file", "GET", f"{_DOCUMENT}/file/<id>", documents.get_file),
    Operation("update_file", "PATCH", f"{_DOCUMENT}/file/<id>", documents.update_file, writes=True),
    Operation("update_folder", "PATCH", f"{_DOCUMENT}/folder/<id>", documents.update_folder, writes=True),
    Operation("get_file_content", "GET", f"{_DOCUMENT}/file/<id>/content", documents.get_content),
    Operation("delete_file", "DELETE", f"{_DOCUMENT}/file/<id>", documents.delete_file, writes=True),
    Operation("list_folders", "GET", f"{_DOCUMENT}/folder", documents.list_folders),
    Operation("create_folder", "POST", f"{_DOCUMENT}/folder", documents.create_folder, writes=True),
    Operation("get_folder", "GET", f"{_DOCUMENT}/folder/<id>", documents.get_folder),
    Operation("delete_folder", "DELETE", f"{_DOCUMENT}/folder/<id>", documents.delete_folder, writes=True),
    Operation("soap", "POST", "/services/<port>", lacking(_SOAP, instead=_REST), public=True),
    Operation("wsdl", "GET", "/wsdl/<version>/<name>", lacking(_SOAP, instead=_REST), public=True),
    *(
        Operation(
            f"assistants_{method.lower()}",
            method,
            "/services/mcp/v1/<path:service>",
            lacking("the AI connector service", instead=_REST),
            scope=ASSISTANTS,
        )
        for method in ("GET", "POST", "DELETE")
    ),
    *(
        Operation(
            f"restlet_{method.lower()}", method, scripts.ADDRESS, scripts.run, scope=RESTLETS, writes=method != "GET"
        )
        for method in ("GET", "POST", "PUT", "DELETE")
    ),
)
OPERATIONS = tuple(replace(operation, run=within(operation.run)) for operation in _OPERATIONS)
