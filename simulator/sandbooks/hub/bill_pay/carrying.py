"""One write asked for in one request: its intent found or made, settled, and what a refusal means to the client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from sandbooks.connector import Account, Done, NeedsConsent, Refused, TaxRate
from sandbooks.hub import connections
from sandbooks.hub.bill_pay import writing
from sandbooks.hub.bill_pay.desk import SERVICE, UNAVAILABLE_SECONDS, Desk, told
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
        except NeedsConsent as gone:
            if intent.stage != "sent":
                raise
            connections.deauthorise(call.world, desk.session.connection, gone.message)
            raise HubRefusal(503, OPEN, SERVICE, retry_after=UNAVAILABLE_SECONDS) from gone
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
    if _missing({line.account for line in record.lines}, desk.accounts()):
        return _not_found(desk, "lineItems.accountRef.id", "account", "Account Ref")
    supplier = next((one for one in desk.suppliers() if one.id == record.supplier.id), None)
    if supplier is None:
        return _not_found(desk, "supplierRef.id", "supplier", "Supplier Ref Id", supplier=record.supplier.id)
    if _missing({line.tax_rate for line in record.lines}, desk.tax_rates()):
        return _not_found(desk, "lineItems.taxRateRef.id", "tax_rate", "Tax Rate Ref")
    said = desk.offer.says.get("currency")
    if said and supplier.currency and supplier.currency != record.currency:
        return Item("currency", f"{said} {refused.message}", "Currency")
    return None


def _missing(wanted: set[str], known: Sequence[Account | TaxRate]) -> set[str]:
    """Which of some ids nothing has."""
    return wanted - {one.id for one in known} - {""}


def _not_found(desk: Desk, member: str, what: str, shown: str, **sent: str) -> Item:
    text = desk.offer.says.get(what, f"{shown} was not found in {desk.platform}.")
    return Item(member, text.format(**sent), "NotFound")
