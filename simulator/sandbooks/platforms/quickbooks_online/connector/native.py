"""QuickBooks Online on the wire: sign-in, reads page by page, writes under a request id, faults as refusals."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from sandbooks import exact_json
from sandbooks.connector import (
    Application,
    CompanyUnavailable,
    Consent,
    File,
    Native,
    NeedsConsent,
    Refused,
    Request,
    Steps,
    Unavailable,
    Unknown,
    ask,
    json_of,
)
from sandbooks.wire import Response

PAGE = 1000  # Source: developer.intuit.com, query operations, MAXRESULTS
DATA_TYPES = {"Purchase": "directCosts", "Deposit": "directIncomes", "Transfer": "transfers"} | {
    "JournalEntry": "journalEntries",
    "Bill": "bills",
}
LAPSED = "6190"
STALE = "5010"
CONSENT_CODES = ("100", "110", "120", "3100", "3200", "3202")
DUPLICATE_REQUEST = "600"
FEATURE_OFF = ("5020", "5030")


def token(application: Application, form: Mapping[str, str], *, purpose: str) -> Steps[dict[str, Any]]:
    secret = base64.b64encode(f"{application.client_id}:{application.client_secret}".encode()).decode()
    request = Request(
        "POST",
        "/oauth2/v1/tokens/bearer",
        purpose=purpose,
        base="auth",
        signed=False,
        headers=(
            ("Authorization", f"Basic {secret}"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Accept", "application/json"),
        ),
        body=urlencode(form).encode(),
    )
    response = yield from ask(request)
    body = json_of(response, request)
    if not isinstance(body, dict):
        raise Unavailable(f"unreadable answer to: {purpose}")
    if response.status != 200 or "access_token" not in body:
        raise Refused(f"sign-in refused: {body.get('error', response.status)}", status=response.status)
    return body


def consent_of(body: Mapping[str, Any], *, company: str, now: datetime) -> Consent:
    later = body.get("x_refresh_token_expires_in")
    return Consent(
        company=company,
        access_token=str(body["access_token"]),
        refresh_token=str(body["refresh_token"]),
        access_expires=now + timedelta(seconds=int(body.get("expires_in", 3600))),
        refresh_expires=now + timedelta(seconds=int(later)) if later else None,
    )


_JSON = (("Accept", "application/json"),)


def read(consent: Consent, path: str, member: str, *, reference: str = "") -> Steps[dict[str, Any]]:
    request = Request(
        "GET",
        f"/v3/company/{consent.company}/{path}?minorversion=75",
        purpose=f"read {path}",
        headers=_JSON,
        reference=reference,
    )
    response = yield from ask(request)
    found = accepted(response, request).get(member)
    if not isinstance(found, dict):
        raise Unavailable(f"no {member} in the answer to: {request.purpose}")
    return found


def every(consent: Consent, entity: str, *, where: str = "", reference: str = "") -> Steps[list[dict[str, Any]]]:
    """Every record of a kind, inactive ones included, page by page until a short page; each id once."""
    lists = entity in ("Account", "Vendor", "Customer", "Department", "Class", "TaxCode", "TaxRate")
    condition = where or ("Active IN (true, false)" if lists else "")
    statement = " ".join(("select * from", entity, *(("where", condition) if condition else ())))
    found: dict[str, dict[str, Any]] = {}
    start = 1
    while True:
        text = f"{statement} startposition {start} maxresults {PAGE}"
        request = Request(
            "GET",
            f"/v3/company/{consent.company}/query?minorversion=75&query={quote(text)}",
            purpose=f"list {entity}" if not reference else f"look for {reference} among {entity}",
            headers=_JSON,
            reference=reference,
        )
        response = yield from ask(request)
        page = (accepted(response, request).get("QueryResponse") or {}).get(entity) or []
        found.update((body["Id"], body) for body in page)
        if len(page) < PAGE:
            return list(found.values())
        start += len(page)


def write(
    consent: Consent, entity: str, body: Mapping[str, Any], *, key: str, reference: str = ""
) -> Steps[dict[str, Any]]:
    request = Request(
        "POST",
        f"/v3/company/{consent.company}/{entity.lower()}?minorversion=75&requestid={quote(key)}",
        purpose=f"{'change' if 'Id' in body else 'create'} {entity}",
        headers=(("Content-Type", "application/json"), *_JSON),
        body=exact_json.dumps(body),
        mutates=True,
        reference=reference,
    )
    response = yield from ask(request)
    made: dict[str, Any] = accepted(response, request).get(entity) or {}
    member(made, "Id", request)
    return made


def accepted(response: Response, request: Request) -> dict[str, Any]:
    """The body of an answer that says yes; a fault is raised whatever the status."""
    body = json_of(response, request)
    if not isinstance(body, dict):
        body = {}
    if "Fault" in body or "fault" in body:
        raise refusal_of(body, response.status)
    if response.status != 200:
        if request.mutates:
            raise Unknown(f"status {response.status} without a fault to: {request.purpose}")
        raise Unavailable(f"status {response.status} without a fault to: {request.purpose}")
    return body


def member(body: Any, name: str, request: Request) -> str:
    if not isinstance(body, dict) or not isinstance(body.get(name), str) or not body[name]:
        raise Unknown(f"no {name} in the answer to: {request.purpose}")
    return str(body[name])


def refusal_of(body: Mapping[str, Any], status: int) -> Exception:
    """The fault of an answer; the gateway spells its members in lower case."""
    fault = body.get("Fault") or body.get("fault") or {}
    errors = fault.get("Error") or fault.get("error") or [{}]
    first = errors[0]
    code = str(first.get("code") or "").lstrip("0")
    parts = [
        f"{e.get('Message') or e.get('message') or 'refused'}: {e.get('Detail') or e.get('detail') or ''}".strip(": ")
        for e in errors
    ]
    message = f"{'; '.join(parts)} (QuickBooks Online error {code or status})"
    if code == DUPLICATE_REQUEST:
        return Unknown(message)
    if code in CONSENT_CODES:
        return NeedsConsent(message)
    made = CompanyUnavailable if code == LAPSED else Refused
    element = str(first.get("element") or "")
    return made(message, native_code=code, status=status, element=element)


def multipart(file: File, native: Native) -> tuple[str, bytes]:
    """The two parts of an upload. Source: developer.intuit.com, entity Attachable, upload."""
    metadata = {
        "FileName": file.name,
        "ContentType": file.content_type,
        "Note": file.key,
        "AttachableRef": [
            {"EntityRef": {"type": native.kind, "value": native.id}, "IncludeOnSend": file.include_when_sent}
        ],
    }
    boundary = f"sandbooks-{file.key}"
    name = json.dumps(file.name)[1:-1]
    parts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file_metadata_01"; filename="metadata.json"\r\n'
        "Content-Type: application/json\r\n\r\n".encode()
        + exact_json.dumps(metadata),
        f'--{boundary}\r\nContent-Disposition: form-data; name="file_content_01"; filename="{name}"\r\n'
        f"Content-Type: {file.content_type}\r\n\r\n".encode()
        + file.content,
        f"--{boundary}--\r\n".encode(),
    )
    return f"multipart/form-data; boundary={boundary}", b"\r\n".join(parts)


def ref(body: Any) -> str:
    return str(body.get("value") or "") if isinstance(body, dict) else ""


def native_of(kind: str, body: Mapping[str, Any]) -> Native:
    return Native(kind=kind, id=str(body["Id"]), version=str(body.get("SyncToken", "")), data_type=DATA_TYPES[kind])
