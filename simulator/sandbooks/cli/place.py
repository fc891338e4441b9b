"""Where a command acts: a running server by its URL, or a world in a file. Both speak the control API."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sandbooks import exact_json
from sandbooks.world.files import DEFAULT_WORLD, WORLD_NAME, WorldFiles

if TYPE_CHECKING:
    from sandbooks.app import App

Command = TypeVar("Command", bound=Callable[..., Any])


class Place:
    """A server or a file, and the world meant there."""

    def __init__(self, at: str, world: str) -> None:
        self.at = at
        self.world = world

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One control call below the world; the decoded answer. Ends the command with the remedy when refused."""
        raw = self.raw(method, path, body)
        return exact_json.loads(raw) if raw else None

    def raw(self, method: str, path: str, body: Any = None) -> bytes:
        """One control call below the world; the bytes of the answer."""
        url = f"/_control/worlds/{self.world}{path}"
        data = b"" if body is None else exact_json.dumps(body)
        send = self._over_network if self.at.startswith(("http://", "https://")) else self._in_file
        status, content = send(method, url, data)
        if status >= 400:
            self._refused(content)
        return content

    def _refused(self, content: bytes) -> None:
        try:
            error = exact_json.loads(content)
            text = f"{error['message']}\n  remedy: {error['remedy']}"
        except (exact_json.MalformedJson, KeyError, TypeError):
            text = content.decode("utf-8", "replace")
        raise click.ClickException(text)

    def _over_network(self, method: str, url: str, data: bytes) -> tuple[int, bytes]:
        import requests

        try:
            headers = {"Content-Type": "application/json"}
            answer = requests.request(method, self.at.rstrip("/") + url, data=data, headers=headers, timeout=60)
        except requests.RequestException as error:
            message = f"nothing answers at {self.at}; start `sandbooks serve` or pass --at"
            raise click.ClickException(message) from error
        return answer.status_code, answer.content

    def _in_file(self, method: str, url: str, data: bytes) -> tuple[int, bytes]:
        if self.is_file:
            return self._in(self._opened(looking=method == "GET"), method, url, data)
        from sandbooks.app import App
        from sandbooks.cli.database import database_of

        return self._in(App(database=database_of(self.at)), method, url, data)

    def _opened(self, *, looking: bool) -> App:
        """The world of a file, opened; who only looks has a copy, and may while a server works on the file."""
        from sandbooks.app import App
        from sandbooks.storage import StoreUnreadable, image_of

        path = self.file_of(self.world)
        if not path.exists():
            raise click.ClickException(self._no_file(path))
        app = App()
        try:
            if looking:
                app.adopt_image(self.world, image_of(path))
            else:
                app.create_world(self.world, path=path)
        except StoreUnreadable as error:
            raise click.ClickException(str(error)) from error
        return app

    @property
    def is_file(self) -> bool:
        """Whether the world is in a file, not on a server or in a database."""
        from sandbooks.cli.database import is_database

        return not (self.at.startswith(("http://", "https://")) or is_database(self.at))

    def file_of(self, world: str) -> Path:
        """The file of a world: the one that is named holds the world `default`, those beside it the others."""
        return WorldFiles(Path(self.at.removeprefix("sqlite:///"))).of(world)

    def _no_file(self, path: Path) -> str:
        if self.world == DEFAULT_WORLD:
            return f"there is no world file {path}; `sandbooks serve --db {path}` makes one"
        return f"there is no world file {path}; `sandbooks snapshot fork {self.world} --at {self.at}` makes one"

    def fork(self, name: str) -> str:
        """Copy the world to another; where that is."""
        if not self.is_file:
            return str(self.call("POST", "/fork", {"name": name})["base_url"])
        copy = self.file_of(name)
        if not WORLD_NAME.fullmatch(name):
            raise click.UsageError(f"{name!r}: a name is of small letters, digits, - and _")
        if copy.exists():
            raise click.ClickException(f"there is {copy} already; take another name")
        app = self._opened(looking=True)
        try:
            copy.write_bytes(app.worlds()[0].image())
        finally:
            app.close()
        return str(copy)

    def _in(self, app: App, method: str, url: str, data: bytes) -> tuple[int, bytes]:
        from sandbooks.wire import Request, Response

        try:
            answer = app.edge.dispatch(Request(method, f"http://127.0.0.1{url}", (), data))
        finally:
            app.close()
        if not isinstance(answer, Response):
            raise click.ClickException(f"no answer from {self.at}")
        return answer.status, answer.body


def at_place(command: Command) -> Command:
    """Add ``--at`` and ``--world`` to a command and hand it a ``Place``."""

    @click.option(
        "--at",
        default="http://127.0.0.1:8787",
        show_default=True,
        help="A running server, a world file or postgresql://…",
    )
    @click.option("--world", default="default", show_default=True, help="The world that is meant.")
    @functools.wraps(command)
    def wrapped(at: str, world: str, **rest: Any) -> Any:
        if not WORLD_NAME.fullmatch(world):
            raise click.UsageError(f"--world {world!r}: a name is of small letters, digits, - and _")
        return command(Place(at, world), **rest)

    return wrapped  # type: ignore[return-value]  # click's decorators keep the callable, not its exact type
