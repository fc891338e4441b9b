"""The room on the page goes to failed runs first; what finds none is named, and stands in the HAR."""

from __future__ import annotations

from lxml import html
from tests.unit.reports.builders import failed, played

from sandbooks.replay.reports import render_page
from sandbooks.replay.reports.bodies import shown_text
from sandbooks.replay.reports.run_view import Budget


def test_a_body_that_finds_no_room_is_left_out_whole() -> None:
    budget = Budget(room=700)
    assert budget.grant(500) == 500
    budget.spend(shown_text("x" * 300, {}))
    assert budget.grant(500) == 0
    assert budget.grant(400) == 400


def test_failed_runs_are_served_before_runs_that_held() -> None:
    long = "LONG" * 4_900
    results = []
    for number in range(210):
        result = failed() if number == 209 else played()
        for exchange in result.exchanges[2:]:
            exchange["request"]["body"] = long
        results.append(result)
    page = html.fromstring(render_page(results))
    shown = page.xpath("//details[@id='run-210-3']//pre[1]")[0].text_content()
    left_out = page.xpath("//details[@id='run-209-3']//pre[1]")[0].text_content()
    assert (long in shown, long in left_out) == (True, False)
    assert "20 kB; see the HAR" in page.xpath("//details[@id='run-209-3']")[0].text_content()
