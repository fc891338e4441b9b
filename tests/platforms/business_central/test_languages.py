"""Accept-Language: messages and formats follow it, values never do."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.business_central.desk import BLANK_ID, ROOT, Desk

from sandbooks import exact_json
from sandbooks.platforms.business_central import languages
from sandbooks.platforms.business_central.languages import language_of
from sandbooks.settings import read_contract


def spoken(desk: Desk, language: str, path: str, body: Any = None) -> str:
    return desk.refused("POST", path, body, headers={"Accept-Language": language})


DANISH_NOTHING = "Der er intet at bogføre."
ENGLISH_NOTHING = "There is nothing to post."


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("da-DK", DANISH_NOTHING),
        ("da", DANISH_NOTHING),
        ("DA-dk,en;q=0.5", DANISH_NOTHING),
        ("en;q=0.5, da-DK", DANISH_NOTHING),
        ("xx-YY, da-DK;q=0.3", DANISH_NOTHING),
        ("en-GB", ENGLISH_NOTHING),
        ("de-AT", "Es gibt nichts zu buchen."),
        ("fr-FR", ENGLISH_NOTHING),
        ("", ENGLISH_NOTHING),
        ("da;q=0", ENGLISH_NOTHING),
        ("*", ENGLISH_NOTHING),
        (";;,=", ENGLISH_NOTHING),
        ("d" * 5000, ENGLISH_NOTHING),
    ],
)
def test_a_message_is_in_the_language_that_is_asked_for(desk: Desk, asked: str, told: str) -> None:
    assert spoken(desk, asked, f"journals({desk.batch()})/Microsoft.NAV.post") == told


@pytest.mark.parametrize(
    ("asked", "number"),
    [("en-US", "1,234.5"), ("de-DE", "1.234,5"), ("da-DK", "1.234,5"), ("fr-CH", "1\u202f234,5"), ("", "1,234.5")],
)
def test_numbers_in_a_message_are_written_as_in_the_language(desk: Desk, asked: str, number: str) -> None:
    line = desk.line(Decimal("1234.5"), balancing="")
    told = spoken(desk, asked, f"journals({desk.batch()})/Microsoft.NAV.post")
    words = ("Bilagsnr.", "stemmer ikke med") if asked == "da-DK" else ("Document No.", "is out of balance by")
    assert told.startswith(f"{words[0]} {line['documentNumber']} {words[1]} {number}. ")


def test_captions_in_a_message_are_in_its_language(desk: Desk) -> None:
    draft = desk.invoice(desk.item(5), vendorInvoiceNumber="")
    told = spoken(desk, "da-DK", f"purchaseInvoices({draft['id']})/Microsoft.NAV.post")
    assert "i feltet Kreditors fakturanr., således" in told
    desk.change(f"vendors({draft['vendorId']})", blocked="All")
    told = spoken(desk, "da-DK", "purchaseInvoices", {"vendorId": draft["vendorId"]})
    number = desk.get(f"vendors({draft['vendorId']})")["number"]
    assert told == f"Du kan ikke oprette denne dokumenttype, når kreditor {number} er spærret med typen Alle"


def test_what_somebody_has_entered_is_not_translated_though_it_is_a_caption_elsewhere() -> None:
    english = "Purchase Invoice Payment already exists for this vendor."
    assert languages.spoken(english, "da_DK") == "Køb Faktura Payment findes allerede for denne kreditor."


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("da", '"vendorId" matcher ikke en leverandør.'),
        ("de", "„vendorId” stimmt nicht mit einem Kreditor überein."),
        ("sv", 'The "vendorId" does not match to a Vendor.'),
    ],
)
def test_the_pages_of_the_api_speak_the_languages_that_they_were_released_in(
    desk: Desk, language: str, told: str
) -> None:
    journal = desk.make("vendorPaymentJournals", code="PAY")
    path = f"vendorPaymentJournals({journal['id']})/vendorPayments"
    assert spoken(desk, language, path, {"vendorId": BLANK_ID[:-1] + "1", "amount": 1}) == told


def test_what_is_entered_into_a_text_of_a_page_stays_as_it_is(desk: Desk) -> None:
    id = BLANK_ID[:-1] + "1"
    told = spoken(desk, "de", f"journals({id})/Microsoft.NAV.post")
    assert told == f"Fibu Buch.-Blattname mit ID {id} wurde nicht gefunden."


def test_every_text_has_the_same_places_in_every_language() -> None:
    for text in read_contract("platforms", "business_central", "languages.yaml")["texts"]:
        places = [sorted(re.findall(r"[%&#@]\d", each)) for each in text.values()]
        assert places == [places[0]] * len(text), text


def test_what_the_platform_says_of_a_request_stays_in_english(desk: Desk) -> None:
    told = desk.refused("POST", "vendors", [], code="BadRequest", headers={"Accept-Language": "da-DK"})
    assert told == "The request body must be one JSON object."


def test_values_are_the_same_in_every_language(desk: Desk) -> None:
    made = desk.invoice(desk.item(Decimal("1234.5")))
    path = f"{ROOT}/companies({desk.company.id})/purchaseInvoices({made['id']})"
    bodies = {desk.send("GET", path, headers={"Accept-Language": each}).body for each in ("", "da-DK", "de-DE")}
    assert len(bodies) == 1


def test_a_request_of_a_batch_speaks_the_language_of_the_batch_or_its_own(desk: Desk) -> None:
    url = f"journals({desk.batch()})/Microsoft.NAV.post"
    items = [
        {"method": "POST", "url": url, "headers": {}},
        {"method": "POST", "url": url, "headers": {"Accept-Language": "en-US"}},
    ]
    sent = {"Accept-Language": "da-DK", "Prefer": "odata.continue-on-error"}
    answer = desk.send("POST", f"{ROOT}/$batch", {"requests": items}, headers=sent)
    told = [each["body"]["error"]["message"].partition("  ")[0] for each in exact_json.loads(answer.body)["responses"]]
    assert told == [DANISH_NOTHING, ENGLISH_NOTHING]


@pytest.mark.parametrize(
    ("asked", "title", "date", "amount"),
    [
        ("", "Purchase Invoice", "Posting date 2026-03-02", "1234.5 GBP"),
        ("en-US", "Purchase Invoice", "Posting date 3/2/26", "1,234.5 GBP"),
        ("de-DE", "Einkaufsrechnung", "Buchungsdatum 02.03.26", "1.234,5 GBP"),
        ("nl-NL", "Purchase Invoice", "Posting date 02-03-2026", "1.234,5 GBP"),
        ("da-DK", "Købsfaktura", "Bogføringsdato 02.03.2026", "1.234,5 GBP"),
    ],
)
def test_a_print_is_in_the_language_that_is_asked_for(
    desk: Desk, asked: str, title: str, date: str, amount: str
) -> None:
    made = desk.invoice(desk.item(Decimal("1234.5")))
    desk.act(f"purchaseInvoices({made['id']})")
    path = f"purchaseInvoices({made['id']})/pdfDocument/pdfDocumentContent"
    print_ = desk.send("GET", path, headers={"Accept-Language": asked}).body.decode("latin-1")
    for told in (title, date, amount):
        assert told in print_


def test_a_language_is_known_by_its_tag() -> None:
    assert [language_of(each) for each in ("nl-NL", "pt-br", "zh-Hans-CN", "", "english")] == [
        "nl_NL",
        "pt_BR",
        "zh_Hans_CN",
        "",
        "",
    ]
