"""What bank transactions, invoices and credit notes have in common: contact, date, currency, lines and facts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.platforms.xero import lines, lookup, query
from sandbooks.platforms.xero.contacts import document_contact
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.wire.dates import stored_date

Body = dict[str, Any]


class Draft(Struct, frozen=True, kw_only=True):
    """What a document's common part is drawn up from. ``prior`` is the document before the change."""

    given: Mapping[str, Any]
    prior: Mapping[str, Any]
    currency: str
    complete: bool
    purchase: bool
    control: bool = False

    def value(self, name: str, default: Any = None) -> Any:
        """A member as given, else as it was, else the default."""
        if self.given.get(name) is not None:
            return self.given[name]
        kept = self.prior.get(name)
        return default if kept is None else kept


def unit_places(call: Call) -> int:
    """Two decimals for unit prices, four with `unitdp=4`."""
    return 4 if query.parameter(call, "unitdp") == "4" else 2


def today(call: Call) -> str:
    return stored_date(call.today())


def default_mode(company: Company) -> str:
    # Unconfirmed: whether an omitted LineAmountTypes means Exclusive for bank transactions too.
    return str(company.settings.get("line_amount_types", "Exclusive"))


def check_url(given: Mapping[str, Any]) -> None:
    """Source: https://github.com/fylein/fyle-xero-api (message in its tests)."""
    url = given.get("Url")
    if not url:
        return
    try:
        place = urlsplit(url)
    except ValueError:
        place = urlsplit("")
    if place.scheme not in ("http", "https") or not place.netloc:
        raise invalid("Url must be a valid absolute url")


def common(call: Call, draft: Draft) -> Body:
    """Contact, date, mode, lines, totals, currency and rate. Raises Invalid."""
    company = call.company
    mode = draft.value("LineAmountTypes", default_mode(company))
    rules = lines.LineRules(
        currency=draft.currency,
        mode=mode,
        complete=draft.complete,
        purchase=draft.purchase,
        unit_places=unit_places(call),
        control=draft.control,
    )
    check_url(draft.given)
    contact = document_contact(call, draft.given.get("Contact"), draft.prior.get("Contact"))
    prior_lines = draft.prior.get("LineItems", [])
    if "LineItems" in draft.given:
        made = lines.prepared(company, draft.given["LineItems"], rules, prior=prior_lines)
    elif mode != draft.prior.get("LineAmountTypes", mode):
        made = lines.prepared(company, lines.unpriced(prior_lines), replace(rules, unit_places=4), prior=prior_lines)
    else:
        made = list(prior_lines)
        if draft.complete and draft.prior.get("Status") in ("DRAFT", "SUBMITTED"):
            lines.check_accounts(company, made, rules)
    return {
        "Contact": contact,
        "Date": draft.value("Date", today(call)),
        "LineAmountTypes": mode,
        "LineItems": made,
        **lines.totals(made, mode),
        "CurrencyCode": draft.currency,
        "CurrencyRate": rate(company, draft),
    }


def rate(company: Company, draft: Draft) -> Decimal:
    """The document's CurrencyRate; a change of currency asks for a new one."""
    stated = draft.given.get("CurrencyRate")
    if stated is None and draft.prior.get("CurrencyCode") == draft.currency:
        stated = draft.prior.get("CurrencyRate")
    return lookup.currency_rate(company, stated, draft.currency)


def facts(company: Company, body: Mapping[str, Any], *, control: str) -> dict[str, Any]:
    """What the posting of a document rests on beside the document."""
    return {
        "base": company.currency,
        "currency": body.get("CurrencyCode", company.currency),
        "rate": str(body.get("CurrencyRate", 1)),
        "control": control,
        "rounding": lookup.system_account(company, "ROUNDING"),
        "taxes": lines.tax_facts(company, body.get("LineItems") or body.get("JournalLines") or []),
    }
