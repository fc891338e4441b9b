"""What a platform declares about itself. Everything else (edge, suite, hub, console, tables) reads these declarations.

Each folder under ``sandbooks.platforms`` exports ``PLATFORM``; installed packages may add more through the entry point
group ``sandbooks.platforms``, and a test may ``register`` one. The declaration is light: what it names by
``module:attribute`` is imported when first used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from msgspec import Struct, field

from sandbooks.kit.company import Company
from sandbooks.kit.surface import Dialect
from sandbooks.world import World

if TYPE_CHECKING:
    from sandbooks.kit.elements import Form, Schemas


class Platform(Struct, frozen=True, kw_only=True):
    """One accounting platform.

    ``name`` is the folder, the URL prefix and the word in every file; ``hosts`` are the vendor's host names that the
    edge answers for, ``*.api.example.com`` for any one label before the rest (an account's own host); ``company_word``
    is what the vendor calls a company; ``hub_key`` the hub's four-letter key; ``idempotency`` says what makes a
    repeated write safe: ``header:Idempotency-Key``, ``query:requestid``, ``body:externalId`` (a member or element of
    that name anywhere in the body), ``path:eid:`` (what follows it in a segment of the path). ``contacts`` are the
    kinds of record that stand for suppliers, customers and employees, each with the members of its name in the order
    in which they count, and the member that tells suppliers from customers where one kind has both:
    ``vendor:displayName``, ``contact:contact_name:contact_type``; ``not_contacts`` are other kinds of record that a
    posting may be for, such as fixed assets. ``webhooks`` says who subscribes an application to events: a person in
    the platform's screens, or the application by the API; empty where nothing is sent. ``subscribed`` is what happens
    then: a function of (world, subscription). ``edits`` turns a person's correction of a document into its members;
    ``not_by_hand`` is what nobody does to a posted document on the screens (``notes`` ``account`` ``amount`` ``void``,
    or ``archive_owed``: make a supplier with an open balance inactive). ``unique_numbers`` are the settings that a
    company switches on to take no document number twice, where that is its own choice. ``elements`` says how the XML
    is judged, where it has any (``kit.elements``).
    """

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    company_word: str = "company"
    hub_key: str = ""
    idempotency: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    not_contacts: tuple[str, ...] = ()
    dialect: str = ""
    seed: str = ""
    connector: str = ""
    bookkeeper: str = ""
    usual_accounts: str = ""
    webhooks: Literal["", "screens", "api"] = ""
    subscribed: str = ""
    edits: str = ""
    elements: str = ""
    not_by_hand: frozenset[str] = frozenset()
    unique_numbers: frozenset[str] = frozenset()
    source: str = ""

    def load_dialect(self) -> Dialect:
        """The dialect: operations and how it says no."""
        loaded: Dialect = load(self.dialect)
        return loaded

    def load_seed(self) -> Seed:
        """What opens a company with its usual lists."""
        loaded: Seed = load(self.seed)
        return loaded

    def load_elements(self) -> Form | Schemas | None:
        """How its XML is judged; None where it has none."""
        loaded: Form | Schemas | None = load(self.elements) if self.elements else None
        return loaded

    def load_bookkeeper(self) -> Bookkeeper:
        """What a person does in the platform's own screens."""
        loaded: Bookkeeper = load(self.bookkeeper)
        return loaded


class CompanyPlan(Struct, frozen=True, kw_only=True):
    """A company to be opened.

    ``accounts``, ``suppliers``, ``customers`` and ``taxes`` are keyed by the caller's own label; each value holds the
    neutral facts (``type``, ``name``, ``currency``, ...). ``chart`` is a native export to take the lists from.
    """

    name: str = ""
    country: str = "GB"
    currency: str = ""
    time_zone: str = ""
    accounts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    suppliers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    customers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    taxes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tracking: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    chart: Any = None
    demo: bool = False


class OpenedCompany(Struct, frozen=True, kw_only=True):
    """A company that stands, and the native ids behind the plan's labels: ``{"accounts": {"visa": "41"}, ...}``."""

    company: Company
    labels: Mapping[str, Mapping[str, str]]


class Seed(Protocol):
    """How a platform opens a company and signs code in to it. Called inside a unit of work."""

    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        """A company with the platform's default lists for its country, plus what the plan names."""

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        """Fresh credentials for code under test: ``client_id``, ``access_token``, ... as the platform has them."""

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        """Variables for a .env file: base URLs and credentials under the names that clients of this platform use."""


class StoredFile(Struct, frozen=True, kw_only=True):
    """A file on a native document: its name and type as the platform shows them, and its bytes."""

    name: str
    content_type: str
    content: bytes


class Bookkeeper(Protocol):
    """What the company's own user does in the platform's screens, past the API. Called inside a unit of work."""

    def lock_period(self, company: Company, through: str) -> None:
        """Close the books up to and including a date (ISO); an empty text opens them."""

    def archive_account(self, company: Company, account: str) -> None:
        """Make an account inactive."""

    def restore_account(self, company: Company, account: str) -> None:
        """Make an archived account active again."""

    def archive_contact(self, company: Company, contact: str) -> None:
        """Make a supplier or customer inactive."""

    def rename_contact(self, company: Company, contact: str, name: str) -> None:
        """Give a supplier or customer another name."""

    def files(self, company: Company, kind: str, id: str) -> Sequence[StoredFile]:
        """The files that hang on a document."""

    def edit(self, company: Company, kind: str, id: str, changes: Mapping[str, Any]) -> None:
        """Change members of a document."""

    def delete(self, company: Company, kind: str, id: str) -> None:
        """Delete a document."""

    def void(self, company: Company, kind: str, id: str) -> None:
        """Void a document."""


@runtime_checkable
class AddsApplications(Protocol):
    """A bookkeeper whose platform serves nothing: applications are added to a program that polls them."""

    def add_application(self, company: Company, introduction: bytes, *, password: str) -> None:
        """Add an application by its introduction, let it run at its own intervals, and run it now. Called inside a
        unit of work."""


def load(name: str) -> Any:
    """The object behind ``module:attribute``."""
    module, _, attribute = name.partition(":")
    if not attribute:
        raise LookupError(f"{name!r} does not name an attribute of a module")
    return getattr(import_module(module), attribute)


_registered: dict[str, Platform] = {}


def register(platform: Platform) -> None:
    """Add a platform of one's own to this process."""
    _registered[platform.name] = platform


@cache
def _found() -> dict[str, Platform]:
    package = import_module("sandbooks.platforms")
    found = {}
    for module in iter_modules(package.__path__):
        declared = getattr(import_module(f"sandbooks.platforms.{module.name}"), "PLATFORM", None)
        if declared is not None:
            found[declared.name] = declared
    for point in entry_points(group="sandbooks.platforms"):
        declared = point.load()
        found[declared.name] = declared
    return found


def platforms() -> dict[str, Platform]:
    """Every platform by name."""
    return {**_found(), **_registered}


def platform_named(name: str) -> Platform:
    """A platform by its name or a short alias; raises ``LookupError`` with what there is."""
    for platform in platforms().values():
        if name in (platform.name, *platform.aliases):
            return platform
    known = ", ".join(sorted(platforms()))
    raise LookupError(f"no platform {name!r}; there are {known}")
