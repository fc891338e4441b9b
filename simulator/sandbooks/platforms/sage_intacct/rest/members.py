"""What members of REST documents are: where each stands, the field behind it, what it refers to, how it is written.

Source: https://developer.sage.com/intacct (OpenAPI), in public at
github.com/lorenz-bus-service/node-intacct-rest-api (spec)
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

# How a member is written where it is no plain text: JSON numbers, amounts with two decimals, truth values.
NUMBER, AMOUNT, PERCENT, FLAG = "number", "amount", "percent", "flag"
# Days that have passed since a date, of those that are left until it.
PAST = "past"
Words = Mapping[str, Mapping[str, str]]


class Member(Struct, frozen=True):
    """A member of a document: its path, the field behind it, the object that it refers to, if it does, its form.

    A field that begins with ``@`` is answered and never taken.
    """

    path: str
    field: str
    target: str = ""
    form: str = ""

    @property
    def name(self) -> str:
        """The field behind it, as records keep it."""
        return self.field.removeprefix("@")

    @property
    def is_answered_only(self) -> bool:
        """Whether what a client sends of it is passed over, as the product does."""
        return self.field.startswith("@")


def members(*texts: str) -> tuple[Member, ...]:
    """Members from ``path:FIELD``, ``path:FIELD:OBJECT`` and ``path:FIELD::form`` words."""
    found = []
    for word in " ".join(texts).split():
        path, name, *rest = word.split(":")
        target, form = (*rest, "", "")[:2]
        found.append(Member(path, name, target, form))
    return tuple(found)


class Resource(Struct, frozen=True, kw_only=True):
    """One object of REST. ``lines`` is the member that holds its lines; ``holder`` where the object wants them.

    ``lacking`` are members of the product that are not kept: they are told loudly where they say something.
    ``taken`` are members that are read and never answered: the names that public clients use beside those of the
    OpenAPI. ``words`` go both ways, ``taken_words`` are only read. ``owner`` is what a line calls its document and
    ``line_path`` the object that lines are. ``required`` are members that a new document must have, ``copied`` are
    fields that another field fills where they are not given. ``only`` is a field and the value that the records of the
    object have in it. ``methods`` are those of the product; ``read_only`` is what only this simulator does not write.
    """

    path: str
    object: str
    members: tuple[Member, ...]
    id: str = "RECORDNO"
    taken: tuple[Member, ...] = ()
    lines: str = ""
    line_path: str = ""
    owner: str = ""
    holder: tuple[str, str] | None = None
    line_members: tuple[Member, ...] = ()
    line_taken: tuple[Member, ...] = ()
    lacking: frozenset[str] = frozenset()
    line_lacking: frozenset[str] = frozenset()
    tax_detail: tuple[str, str] = ("purchasingTaxDetail", "tax/purchasing-tax-detail")
    words: Words = field(default_factory=dict)
    taken_words: Words = field(default_factory=dict)
    line_words: Words = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    copied: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, str] | None = None
    methods: str = "GET POST PATCH DELETE"
    read_only: bool = False

    def has(self, body: Mapping[str, Any]) -> bool:
        """Whether a kept record is one of this object."""
        return self.only is None or body.get(self.only[0]) == self.only[1]

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


def paths(*texts: str) -> frozenset[str]:
    """Paths of members from words."""
    return frozenset(" ".join(texts).split())


def written(form: str, value: str) -> str | bool | int | Decimal | None:
    """A kept text in the form of its member; None for an empty one, which for a truth value is false."""
    if form == FLAG:
        return value.lower() in ("true", "t", "yes", "y", "1")
    if value == "":
        return None
    if form == NUMBER:
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else number
    if form == PAST:
        return str(-int(value))
    if form in (AMOUNT, PERCENT):
        return _with_decimals(Decimal(value), 2 if form == AMOUNT else 8)
    return value


def _with_decimals(amount: Decimal, least: int) -> str:
    """A number with at least so many decimals, and those beyond them that it has."""
    exponent = amount.as_tuple().exponent
    held = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"{amount:.{max(least, held)}f}"
