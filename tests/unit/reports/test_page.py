"""The report page: what a reader finds on it, and what must never be on it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import html
from tests.unit.reports.builders import HOTEL, exchange, failed, message, played, tape, unplayable

from sandbooks.replay.reports import render_page
from sandbooks.replay.result import Result


def page_of(*results: Result) -> html.HtmlElement:
    return html.fromstring(render_page(results))


def text_of(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def rows_of(table: html.HtmlElement) -> list[list[str]]:
    return [[text_of(cell) for cell in row.xpath("./td|./th")] for row in table.xpath(".//tbody/tr|.//tfoot/tr")]


def with_exchange(**changes: object) -> Result:
    """A run of one exchange."""
    result = played()
    result.exchanges = [exchange(1, **changes)]
    result.tape = tape(result.exchanges)
    return result


def test_the_same_results_give_the_same_page() -> None:
    assert render_page([played(), failed()]) == render_page([played(), failed()])


def test_the_page_asks_nothing_of_the_network_and_runs_no_script_but_its_own() -> None:
    page = page_of(played())
    links = page.xpath("//@href | //@src | //@action")
    assert all(link.startswith(("#", "data:,")) for link in links)
    assert "url(" not in text_of(page.xpath("//style")[0])
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy


def test_what_a_document_a_body_or_a_title_holds_stays_text() -> None:
    result = played()
    result.exchanges[0]["response"]["body"] = "</pre><script>alert(1)</script>"
    result.exchanges[0]["operation"] = '"><img src=x onerror=alert(2)>'
    page = page_of(result)
    assert len(page.xpath("//script")) == 1
    assert page.xpath("//img | //lost | //pre/b/b | //*[@onerror]") == []
    assert "A hotel bill & its <lost> answer" in text_of(page)


def test_the_overview_links_each_run_and_says_how_it_ended() -> None:
    page = page_of(played(), played(platform="quickbooks_online"), failed())
    (table,) = page.xpath("//table[@class='overview']")
    assert [text_of(head) for head in table.xpath(".//thead//th")] == ["Scenario", "Xero", "QuickBooks Online"]
    cells = {cell.get("href"): text_of(cell) for cell in table.xpath(".//a")}
    assert {href: words.split()[0] for href, words in cells.items()} == {
        "#run-1": "passed",
        "#run-2": "passed",
        "#run-3": "failed",
    }
    assert "3 exchanges · 1 fault" in cells["#run-1"]
    assert all(page.xpath(f"//article[@id='{href[1:]}']") for href in cells)


def test_failed_runs_come_first_and_stand_open() -> None:
    page = page_of(played(), failed())
    assert [article.get("id") for article in page.xpath("//article")] == ["run-2", "run-1"]
    assert [details.get("open") is not None for details in page.xpath("//article/details")] == [True, False]
    assert "1 of 2 runs did not end as expected" in text_of(page.xpath("//h1")[0])


def test_a_wrong_amount_is_shown_as_expected_actual_and_difference() -> None:
    page = page_of(failed())
    table = page.xpath("//ul[@class='problems']//table")[0]
    assert rows_of(table) == [
        ["Travel", "Dr 319.22 GBP", "Dr 638.44 GBP", "Dr 319.22 GBP"],
        ["Visa Dollars", "Cr 412.37 USD", "Cr 412.37 USD", ""],
        ["Visa Dollars", "Cr 319.22 GBP", "Cr 638.44 GBP", "Cr 319.22 GBP"],
    ]


def test_books_that_hold_have_no_table_of_differences() -> None:
    assert page_of(played()).xpath("//table[contains(@class, 'differences')]") == []


def test_the_books_stand_in_debit_and_credit_columns_with_totals_that_agree() -> None:
    (table,) = page_of(played()).xpath("//article//table[@class='ledger']")
    assert rows_of(table) == [
        ["Travel expense", "", "", "319.22", "", "319.22", "", ""],
        ["Visa Dollars credit card", "", "", "", "319.22", "", "319.22 Cr 412.37 USD", ""],
        ["Bank bank", "1,000.00", "", "", "", "1,000.00", "", ""],
        ["Total", "1,000.00", "0.00", "319.22", "319.22", "1,319.22", "319.22", ""],
    ]


def test_books_that_do_not_balance_are_named() -> None:
    result = played()
    result.books_after["acme"]["accounts"].pop()
    assert "Debits and credits differ." in text_of(page_of(result))


def test_a_fault_is_told_where_it_acted_with_what_the_sender_saw_and_what_the_books_did() -> None:
    (strike,) = page_of(played()).xpath("//div[@class='strike']")
    assert text_of(strike) == (
        "Drop response after commit at exchange 3 (put bank transactions of r-01): timeout. "
        "The records had changed (BankTransaction b-77); the sender saw no answer: the wait timed out."
    )


def test_the_timeline_draws_each_exchange_with_its_phases_and_marks_the_fault() -> None:
    page = page_of(played())
    rows = page.xpath("//a[starts-with(@class, 't-row')]")
    assert [row.get("href") for row in rows] == ["#run-1-1", "#run-1-2", "#run-1-3"]
    dots = [
        [dot.get("class").split()[-1] for dot in row.xpath("./circle[starts-with(@class, 't-dot')]")] for row in rows
    ]
    assert dots[0] == ["reached", "reached", "reached", "missed", "missed", "reached", "reached"]
    assert dots[2] == ["reached", "reached", "reached", "reached", "fault", "missed", "missed"]
    assert len(rows[2].xpath("./path[@class='t-cross']")) == 1
    assert all(page.xpath(f"//details[@id='{row.get('href')[1:]}']") for row in rows)


def test_bodies_are_laid_out_and_ids_of_transactions_are_marked_with_their_labels() -> None:
    page = page_of(played())
    (body,) = page.xpath("//details[@id='run-1-3']//pre[1]")
    assert f'"Reference": "{HOTEL}",\n  "Total": 412.37' in body.text_content()
    assert [(mark.text, mark.get("title")) for mark in body.xpath(".//mark")] == [(HOTEL, "r-01")]
    (answer,) = page.xpath("//details[@id='run-1-1']//pre[2]")
    assert '"Rate": 1.10' in answer.text_content()


def test_a_document_stands_beside_its_journal() -> None:
    (document,) = page_of(played()).xpath("//section[@class='documents']//details")
    assert "BankTransaction b-77 of r-01" in text_of(document)
    assert rows_of(document.xpath(".//table")[0]) == [
        ["Travel", "412.37", "", "USD = 319.22 GBP"],
        ["Visa Dollars", "", "412.37", "USD = 319.22 GBP"],
    ]
    assert '"Name": "<b>Northwind</b>"' in document.xpath(".//pre")[0].text_content()


def test_a_long_body_is_cut_with_a_note_that_the_har_has_all_of_it() -> None:
    result = with_exchange(
        transactions=["r-01"], response=message(status=200, body="x" * 20_000 + "LAST" + "y" * 3_000)
    )
    page = page_of(result)
    (answer,) = page.xpath("//details[@id='run-1-1']//pre[2]")
    assert "LAST" not in answer.text_content()
    assert "3 kB more; the HAR has all of it" in text_of(page)


def test_a_body_that_is_no_text_is_told_by_its_size() -> None:
    result = with_exchange(response=message(status=200, body="AAAA" * 1000, body_base64=True))
    assert "3 kB that are no text; the HAR has them" in text_of(page_of(result))


def test_xml_is_indented_and_entities_in_it_stay_as_they_are() -> None:
    xml = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a><b>&e;</b></a>'
    page = page_of(with_exchange(response=message(status=200, headers=[["Content-Type", "text/xml"]], body=xml)))
    assert "  <b>&e;</b>" in page.xpath("//details[@id='run-1-1']//pre[2]")[0].text_content()


@pytest.mark.parametrize("body", ["{not json", "<not><xml>", "\ufeff[1", "a=%zz&b"])
def test_a_body_that_cannot_be_read_is_shown_as_it_came(body: str) -> None:
    page = page_of(with_exchange(response=message(status=200, body=body)))
    assert body in page.xpath("//details[@id='run-1-1']//pre[2]")[0].text_content()


def test_a_run_that_could_not_be_played_says_why() -> None:
    page = page_of(unplayable())
    assert "http://127.0.0.1:9 does not answer" in text_of(page.xpath("//article")[0])
    assert page.xpath("//article//svg") == []


def test_steps_after_a_failure_are_marked_as_not_played() -> None:
    result = played()
    result.played = result.played[:2]
    result.played[1].failures.append("the hub refused the configuration")
    steps = [step.get("class").split()[-1] for step in page_of(result).xpath("//ol[@class='story']/li")]
    assert steps == ["held", "failed", "skipped", "skipped", "skipped", "skipped"]


def test_an_empty_replay_still_has_a_page() -> None:
    assert "Nothing was replayed" in render_page([])


def test_the_command_on_the_page_names_file_platform_and_seed() -> None:
    result = played()
    other = replace(result, scenario=replace(result.scenario, seed=9090))
    assert "sandbooks replay scenarios/travel_and_hotels/hotel.yaml --platform xero --seed 9090" in render_page([other])


def test_every_id_on_the_page_is_there_once() -> None:
    ids = page_of(played(), played(platform="quickbooks_online"), failed()).xpath("//@id")
    assert len(ids) == len(set(ids))
