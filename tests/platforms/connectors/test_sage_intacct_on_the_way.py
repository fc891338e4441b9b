"""The connector of Sage Intacct over a bad line: whatever happens to the write, one document stands in the end."""

from __future__ import annotations

import pytest
from tests.platforms.connectors.books import sage_intacct as books
from tests.platforms.connectors.faults import lagging, planned, settled

from sandbooks.connector import Refused


@pytest.mark.parametrize("place", range(3))
def test_where_the_search_shows_nothing_at_all_the_control_id_keeps_a_second_document_out(place: int) -> None:
    driver = books.opened()
    document = books.documents(driver)[place]
    lagging(driver, "1h", write=document.id)
    with pytest.raises(AssertionError, match="not settled"):
        settled(driver, document)
    assert books.live(driver) == 1


@pytest.mark.parametrize("place", range(3))
def test_a_refusal_that_was_lost_is_heard_when_it_is_sent_again(place: int) -> None:
    driver = books.opened()
    driver.lock("2026-03-31")
    document = books.documents(driver)[place]
    planned(driver, ("drop_response", "render", {}), write=document.id)
    with pytest.raises(Refused, match="closed"):
        settled(driver, document)
    assert books.live(driver) == 0
