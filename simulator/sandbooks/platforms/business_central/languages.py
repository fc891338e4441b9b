"""The language of answers: what ``Accept-Language`` asks for, in messages, dates and numbers.

Numbers and dates follow the usage of any language. Texts are in English, and in Danish where a public text of the
application has them; what the platform below the application says is in English always, as are the texts about members
of the API, which releases in Danish leave in English too. Values in JSON never change with a language.
Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/developer/devenv-connect-apps-tips
(Accept-Language); github.com/finnpedersenkazes/Cumulative-Updates-for-Microsoft-Dynamics-NAV-2018-DK (Danish texts).
Unconfirmed: that later releases word them as that one does. The NuGet package
Microsoft.Dynamics.BusinessCentral.Translations would tell, and has the other languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

DANISH = "da"
# ``%n`` stands for a caption or a text, ``&n`` for what somebody has entered, which no language changes; ``#n`` is a
# number and ``@n`` a date, which are written as the language writes them.
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "There is nothing to post.": {DANISH: "Der er intet at bogføre."},
    "Document No. &1 is out of balance by #2. Please check that Posting Date, Document Type, Document No. and Amount "
    "are correct for each line.": {
        DANISH: "Bilagsnr. &1 stemmer ikke med #2. Kontroller, at Bogføringsdato, Bilagstype, Bilagsnr. og Beløb er "
        "korrekte for hver linje."
    },
    "The lines in @1 are out of balance by #2. Check that Posting Date and Amount are correct for each line.": {
        DANISH: "Linjerne i @1 stemmer ikke med #2. Kontroller, at Bogføringsdato og Beløb er korrekte for hver linje."
    },
    "You need to enter the document number of the document from the vendor in the %1 field, so that this document "
    "stays linked to the original.": {
        DANISH: "Du skal indtaste bilagsnummeret for bilaget fra kreditoren i feltet %1, således at dette bilag bliver "
        "ved med at være knyttet til originalen."
    },
    "Purchase %1 &2 already exists for this vendor.": {DANISH: "Køb %1 &2 findes allerede for denne kreditor."},
    "Purchase %1 &2 must be approved and released before you can perform this action.": {
        DANISH: "Købet %1 &2 skal godkendes og frigives, inden du kan udføre denne handling."
    },
    "An approval request already exists.": {DANISH: "Der findes allerede en godkendelsesanmodning."},
    "This document can only be released when the approval process is complete.": {
        DANISH: "Dette dokument kan kun frigives, når godkendelsesprocessen er fuldført."
    },
    "The combination of dimensions used in %1 &2, &3, &4 is blocked. %5": {
        DANISH: "Kombinationen af dimensioner, der bliver brugt i %1 &2, &3, &4 er spærret. %5"
    },
    "A dimension used in %1 &2, &3, &4 has caused an error. %5": {
        DANISH: "En dimension, der bliver brugt i %1 &2, &3, &4, har forårsaget en fejl. %5"
    },
    "Dimensions &1 and &2 can't be used concurrently.": {
        DANISH: "Dimensionerne &1 og &2 kan ikke bruges samtidig.",
    },
    "Dimension combinations &1 - &2 and &3 - &4 can't be used concurrently.": {
        DANISH: "Dimensionskombinationerne &1 - &2 og &3 - &4 kan ikke bruges samtidig."
    },
    "You cannot %1 this type of document when Vendor &2 is blocked with type %3": {
        DANISH: "Du kan ikke %1 denne dokumenttype, når kreditor &2 er spærret med typen %3"
    },
    "You cannot %1 this type of document when Customer &2 is blocked with type %3": {
        DANISH: "Du kan ikke %1 denne dokumenttype, når debitor &2 er spærret med typen %3"
    },
    "You are not allowed to apply and post an entry to an entry with an earlier posting date. Instead, post %1 &2 and "
    "then apply it to %3 &4.": {
        DANISH: "Du må ikke udligne og bogføre en post til en post med en tidligere bogføringsdato. Du skal i stedet "
        "bogføre %1 &2 og derefter udligne den på %3 &4."
    },
    "You cannot delete %1 &2 because it has ledger entries in a fiscal year that has not been closed yet.": {
        DANISH: "Du kan ikke slette %1 &2, fordi den har poster i et regnskabsår, der endnu ikke er afsluttet."
    },
    "You cannot delete %1 &2 because there is at least one outstanding Purchase %3 for this vendor.": {
        DANISH: "Du kan ikke slette %1 &2, fordi der findes én eller flere udestående forekomster af købs%3 for denne "
        "kreditor."
    },
    "%1 or %2 must be a G/L Account or Bank Account.": {
        DANISH: "%1 eller %2 skal være en finanskonto eller bankkonto."
    },
    "No document with the specified ID exists.": {DANISH: "Der findes intet dokument med det angivne id."},
}
# Captions of tables, fields and options, which stand in the places of the texts.
_TERMS: Mapping[str, Mapping[str, str]] = {
    DANISH: {
        "Account Type": "Kontotype",
        "All": "Alle",
        "Bal. Account Type": "Modkontotype",
        "Bank Account": "Bankkonto",
        "create": "oprette",
        "Credit Memo": "Kreditnota",
        "Customer": "Debitor",
        "Gen. Journal Line": "Finanskladdelinje",
        "Invoice": "Faktura",
        "Order": "Ordre",
        "Payment": "Betaling",
        "post": "bogføre",
        "Posting date": "Bogføringsdato",
        "Purchase Credit Memo": "Købskreditnota",
        "Purchase Invoice": "Købsfaktura",
        "Vendor": "Kreditor",
        "Vendor Cr. Memo No.": "Kreditors kr.notanr.",
        "Vendor Invoice No.": "Kreditors fakturanr.",
    }
}
_PLACE = re.compile(r"([%#@&])(\d)")
_INSIDE = {"%": ".+?", "&": ".+?", "#": r"-?[\d,]+(?:\.\d+)?", "@": r"\d\d/\d\d/\d\d"}


@lru_cache(maxsize=256)
def language_of(header: str) -> str:
    """The first language of an ``Accept-Language`` header that there is, like ``da_DK``; blank where it names none."""
    for tag, quality in parse_accept_header(header[:200], LanguageAccept):
        found = _known(tag) if quality else ""
        if found:
            return found
    return ""


def _known(tag: str) -> str:
    from babel.core import Locale, UnknownLocaleError  # loaded when first needed: it costs more than a request

    try:
        return str(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):
        return ""


def spoken(text: str, language: str) -> str:
    """A text of the application in a language, with its numbers: as it is where it has no other words for it."""
    if not language:
        return text
    own = language.partition("_")[0]
    for english, translations in _TEXTS.items():
        found = _pattern(english).fullmatch(text)
        if found is not None:
            return _filled(translations.get(own, english), found, language)
    return term(text, language)


def _filled(template: str, found: re.Match[str], language: str) -> str:
    def put(place: re.Match[str]) -> str:
        value = found[f"p{place[2]}"]
        if place[1] == "&":
            return value
        if place[1] == "#":
            return number(Decimal(value.replace(",", "")), language)
        if place[1] == "@":
            month, of_month, year = value.split("/")
            return day(f"20{year}-{month}-{of_month}", language)
        return spoken(value, language)

    return _PLACE.sub(put, template)


@cache
def _pattern(english: str) -> re.Pattern[str]:
    """What a text looks like when its places are filled."""
    parts: list[str] = []
    end = 0
    for place in _PLACE.finditer(english):
        parts += [re.escape(english[end : place.start()]), f"(?P<p{place[2]}>{_INSIDE[place[1]]})"]
        end = place.end()
    return re.compile("".join([*parts, re.escape(english[end:])]), re.DOTALL)


def term(caption: str, language: str) -> str:
    """A caption in a language; as it is where it has no other word for it."""
    return _TERMS.get(language.partition("_")[0], {}).get(caption, caption)


def number(value: Decimal, language: str) -> str:
    """A number as a language writes it."""
    from babel.numbers import format_decimal

    return str(format_decimal(value, locale=language, decimal_quantization=False))


def day(value: str, language: str) -> str:
    """A date (ISO) as a language writes it."""
    from babel.dates import format_date

    return str(format_date(date.fromisoformat(value), format="short", locale=language))
