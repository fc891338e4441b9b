"""The language of answers: what ``Accept-Language`` asks for, in messages, dates and numbers.

Numbers and dates follow the usage of any language. Texts are in English, and in the languages of ``languages.yaml``
where a public text of the application has them; what the platform below the application says is in English always.
Values in JSON never change with a language.
Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/developer/devenv-connect-apps-tips
(Accept-Language); the texts' own stand beside them. Unconfirmed: that later releases word them as those do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from sandbooks.settings import read_contract

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
    own, texts = language.partition("_")[0], _texts()
    if text in texts.whole:
        return texts.whole[text].get(own, text)
    for pattern, translations in texts.with_places:
        found = pattern.fullmatch(text)
        if found is not None:
            return _filled(translations.get(own, translations["en"]), found, language)
    return term(text, language)


class _Texts(Struct, frozen=True):
    """The translations by language: of texts as they are by their English, of those with places by what they look like
    when the places are filled."""

    whole: Mapping[str, Mapping[str, str]]
    with_places: Sequence[tuple[re.Pattern[str], Mapping[str, str]]]


def _contract() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_contract("platforms", "business_central", "languages.yaml")
    return found


@cache
def _texts() -> _Texts:
    told: Sequence[Mapping[str, str]] = _contract()["texts"]
    parted = [each for each in told if _PLACE.search(each["en"])]
    whole = {each["en"]: each for each in told if not _PLACE.search(each["en"])}
    return _Texts(whole, [(_pattern(each["en"]), each) for each in parted])


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
    terms: Mapping[str, Mapping[str, str]] = _contract()["terms"]
    return terms.get(language.partition("_")[0], {}).get(caption, caption)


def number(value: Decimal, language: str) -> str:
    """A number as a language writes it."""
    from babel.numbers import format_decimal

    return str(format_decimal(value, locale=language, decimal_quantization=False))


def day(value: str, language: str) -> str:
    """A date (ISO) as a language writes it."""
    from babel.dates import format_date

    return str(format_date(date.fromisoformat(value), format="short", locale=language))
