"""A connection that was unlinked is linked again where a program polls: when somebody asks for it, and not before."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk
from tests.hub.polled import POLLED, live, offered, program_of, qbxml, synced

from sandbooks.hub import link
from sandbooks.wire import Request, Response


@pytest.fixture(scope="module")
def first() -> tuple[Desk, bytes]:
    desk = open_desk(platform=POLLED)
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 200
    return desk, desk.world.image()


@pytest.fixture
def gone(first: tuple[Desk, bytes]) -> Desk:
    """A company whose connection the client has unlinked; the program still polls."""
    desk, image = first
    return desk.reopened(image)


def status(desk: Desk) -> str:
    return str(desk.get("{c}/connections/{k}")["status"])


def opened(desk: Desk) -> Response:
    """The link page."""
    url = "https://link-api.codat.io" + desk.filled("{c}/connections/{k}/start")
    answer = desk.app.edge.dispatch(Request("GET", url, (), b""), world=desk.world)
    assert isinstance(answer, Response)
    return answer


def test_a_program_that_goes_on_polling_does_not_link_what_was_unlinked(gone: Desk) -> None:
    told = program_before(gone)
    assert told.sign_in() == "none"
    assert status(gone) == "Unlinked"


def program_before(desk: Desk) -> Any:
    """The program as it was set up before, without anybody looking at the link page now."""
    image = desk.world.image()
    told = program_of(desk)
    desk.world.restore(image)
    return told


def test_what_the_link_page_gives_out_links_again(gone: Desk) -> None:
    assert offered(gone)["password"]
    assert program_of(gone).session(lambda document: qbxml(gone, document)) > 5
    assert status(gone) == "Linked"


def test_whoever_opens_the_link_page_lets_the_program_that_is_there_link_again(gone: Desk) -> None:
    told = program_before(gone)
    assert opened(gone).status == 200
    assert told.session(lambda document: qbxml(gone, document)) > 5
    assert status(gone) == "Linked"
    assert gone.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 200
    assert told.sign_in() == "none"
    assert status(gone) == "Unlinked", "the page was asked for once"


def test_an_unlinked_connection_is_authorised_again_and_its_waiting_sync_goes_on(gone: Desk) -> None:
    gone.push(gone.expense(1))
    assert synced(gone)["syncStatusCode"] == 4220
    link.authorize(gone.world, gone.connection, company=gone.native.id)
    assert status(gone) == "Linked"
    assert synced(gone)["syncStatusCode"] == 2000
    assert len(live(gone)) == 1


def test_credentials_brought_along_link_again(gone: Desk) -> None:
    given = {"accessToken": "any", "companyId": gone.native.id}
    answer = gone.send("PUT", "{c}/connections/{k}/authorization", given)
    assert (answer.status, answer.body["status"]) == (200, "Linked")
