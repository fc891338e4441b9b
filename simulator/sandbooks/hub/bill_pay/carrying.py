"""One write asked for in one request: its intent found or made, settled, and what a refusal means to the client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from sandbooks.connector import Contact, Done, Line, Refused
from sandbooks.hub.bill_pay import writing
from sandbooks.hub.bill_pay.desk import SERVICE, Desk, told
from sandbooks.hub.bill_pay.writing import Action, Intent
from sandbooks.hub.errors import HubRefusal, Item, not_valid
from sandbooks.kit.call import Call

OPEN = "It cannot be told yet whether this was written. Send the same request again: it will not be written twice."


def carry_out(
    call: Call,
    desk: Desk,
    *,
    kind: str,
    action: Action,
    body: Any,
    make: Callable[[str, str], Any],
    target: str = "",
) -> tuple[Intent, Done]:
    """Write what a request asks for, once, however often it was sent or cut off.

    ``make`` gives the record for an id and a key; it is asked only when the request is a new one, and may refuse it.
    """
    token = call.header("Idempotency-Key").strip()
    digest = writing.digest_of(call.request.method, call.request.path, body)
    intent = writing.begun(call.world, desk.company, token=token, digest=digest)
    if intent is None or intent.stage == "refused":
        intent = _intend(call, desk, kind=kind, action=action, digest=digest, token=token, make=make, target=target)
    with told(call.world, desk.session.connection):
        try:
            return intent, writing.settle(desk, intent)
        except writing.Open as open:
            raise HubRefusal(503, OPEN, SERVICE, retry_after=open.seconds) from open
        except Refused as refused:
            found = explained(desk, intent, refused)
            if found is None:
                raise
            raise not_valid(found, service=SERVICE) from refused


def _intend(
    call: Call,
    desk: Desk,
    *,
    kind: str,
    action: Action,
    digest: str,
    token: str,
    make: Callable[[str, str], Any],
    target: str,
) -> Intent:
    """Write the intent down before anything is sent."""
    id = writing.new_id(call.world, token, company=desk.company)
    record = make(id, writing.native_key(id))
    intent = Intent(
        id=id,
        company=desk.company,
        connection=str(desk.session.connection["id"]),
        kind=kind,
        action=action,
        record=msgspec.to_builtins(record),
        digest=digest,
        token=token,
        target=target,
    )
    with call.unit():
        writing.keep(call.world, intent)
    return intent


def explained(desk: Desk, intent: Intent, refused: Refused) -> Item | None:
    """A refusal in the words of the public pages, where what was refused names something that is not there.

    Source: https://docs.codat.io/payables/sync/update-bill (software-specific errors).
    """
    if intent.kind not in ("bill", "credit"):
        return None
    record = intent.loaded()
    missing = _missing_account(desk, record.lines)
    if missing:
        return Item("lineItems.accountRef.id", f"Account Ref was not found in {desk.platform}.", "NotFound")
    supplier = next((one for one in desk.suppliers() if one.id == record.supplier.id), None)
    if supplier is None:
        return Item("supplierRef.id", f"Supplier Ref Id was not found in {desk.platform}.", "NotFound")
    return _currency(desk, supplier, record.currency, refused)


def _missing_account(desk: Desk, lines: Sequence[Line]) -> str:
    known = {account.id for account in desk.accounts()}
    return next((line.account for line in lines if line.account and line.account not in known), "")


def _currency(desk: Desk, supplier: Contact, currency: str, refused: Refused) -> Item | None:
    if supplier.currency and supplier.currency != currency:
        text = "Ensure that the currency of the bill matches the currency of the supplier."
        return Item("currency", f"{text} {refused.message}", "Currency")
    return None
