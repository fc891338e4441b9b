"""One request on its way through a platform, and the phases that it reaches.

A fault acts after the phase that it names: after ``commit`` the books have changed, after ``validate`` they have not.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, get_args

from msgspec import Struct, field

from sandbooks.wire import Answer, Request

if TYPE_CHECKING:
    from sandbooks.world.world import World

Phase: TypeAlias = Literal["connect", "send", "admit", "validate", "commit", "render", "deliver"]
PHASES: tuple[Phase, ...] = get_args(Phase)


class Written(Struct, frozen=True):
    """A record version that a request put into a company's books."""

    platform: str
    company: str
    kind: str
    id: str
    version: int
    action: str


class FaultPlan(Protocol):
    """What may happen to an exchange at a phase. Raises to end the exchange there."""

    def opened(self, exchange: Exchange) -> None:
        """A new exchange begins."""

    def reached(self, exchange: Exchange, phase: Phase) -> None:
        """The exchange has reached a phase."""

    def closed(self, exchange: Exchange) -> None:
        """The exchange has ended and no unit of work is open any more."""

    def holds(self, run: str, body: dict[str, Any]) -> bool:
        """The job of a webhook is due; True takes it away, and whoever says so runs it later."""

    def departing(self, delivery: dict[str, Any]) -> bool:
        """A webhook is rendered and about to leave; False holds it back, and whoever says so sends it later."""

    def arrived(self, delivery: dict[str, Any]) -> None:
        """The receiver of a webhook has answered, or has not."""


class Exchange(Struct):
    """The life of one request. ``actor`` says who sent it: ``client``, ``hub``, or ``late`` for a late commit.

    ``company`` is the native id of the company that the credential or the path names; ``writes`` tells whether the
    operation may change books; ``lag`` is how old the answer of a search may be (a stale index); ``refused`` is the
    class of the refusal that answered it; ``dialect`` is how its surface speaks, and ``call`` what was made of the
    request: both are known from the start, so that a fault can answer in native dress at any phase; ``beside`` are the
    requests that were under way on the same surface when this one came, at the instant ``came`` (microseconds) of the
    world's clock, which the wait for the world may have moved.
    """

    world: World
    number: int
    surface: str
    request: Request
    actor: str = "client"
    parent: int = 0
    base_url: str = ""
    surface_by_host: bool = False
    came: int = 0
    beside: tuple[Request, ...] = ()
    operation: str = ""
    company: str = ""
    caller: str = ""
    writes: bool = False
    lag: timedelta = timedelta(0)
    reached: list[tuple[Phase, int]] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    answer: Answer | None = None
    bug: str = ""
    not_simulated: str = ""
    note: str = ""
    refused: str = ""
    dialect: Any = None
    call: Any = None

    def reach(self, phase: Phase) -> None:
        """Note the phase and let the fault plan act."""
        self.reached.append((phase, self.world.clock.micros()))
        if self.world.plan is not None:
            self.world.plan.reached(self, phase)

    def has_reached(self, phase: Phase) -> bool:
        return any(name == phase for name, _ in self.reached)


class Interrupt(Exception):
    """A fault ends an exchange here: the client sees ``answer``. Not an error of the simulator."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("a fault ends this exchange")
        self.answer = answer


class Postponed(Exception):
    """A fault holds an exchange back before its commit: its unit rolls back, time passes, and it is run again.

    What others wrote meanwhile comes first, as it would on a database that serialises its writers.
    """

    def __init__(self, by: timedelta) -> None:
        super().__init__(f"a fault holds this exchange back for {by}")
        self.by = by
