"""Where the contracts and scenarios are, and reading YAML without losing the place or a digit.

The contracts and scenarios are promises as data. They ship inside the wheel (``sandbooks/_data``) and stand at the root
of a checkout; everything asks here for a path and never looks at the surroundings itself. Files that people write are
read with the position of every key, so that an error can name file, line and remedy, and with decimals instead of
floats. Knows nothing of platforms, worlds or what the files mean.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from yaml import MarkedYAMLError

PACKAGE = Path(__file__).resolve().parent
# The order of tables; a platform that is not among these comes after them.
PLATFORMS = (
    "quickbooks_online",
    "quickbooks_desktop",
    "xero",
    "netsuite",
    "business_central",
    "freeagent",
    "sage_intacct",
    "zoho_books",
)

# Source: https://yaml.org/spec/1.2.2/#51-character-set
_NOT_ALLOWED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What a plain word is, and how it can begin. Source: https://yaml.org/spec/1.2.2/#1032-tag-resolution
_CORE_SCHEMA = (
    ("null", r"^(?:null|Null|NULL|~|)$", ["n", "N", "~", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?[0-9]+(?:_[0-9]+)*|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
)

NodePath: TypeAlias = tuple[str | int, ...]
Position: TypeAlias = tuple[int, int]


class DataMissing(Exception):
    """The contracts or scenarios are neither in the installed package nor in a checkout around it."""


class Problem(Struct, frozen=True):
    """One thing wrong with a file that a person wrote. ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}\n    remedy: {self.remedy}"


class FileInvalid(Exception):
    """A file is not what it should be; ``problems`` says where and what to write instead."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain data, with the position of every key and item.

    Mappings, lists, text, int, bool, None; a number with a point is a Decimal; a date stays text.
    """

    file: str
    data: Any
    positions: Mapping[NodePath, Position] = field(repr=False)

    def position(self, path: NodePath) -> Position:
        """The position of a node, or of the nearest node around it."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))

    def problem(self, path: NodePath, message: str, *, remedy: str) -> Problem:
        line, column = self.position(path)
        return Problem(self.file, line, column, message, remedy)


_DEPTH_MAX = 100
_NODES_MAX = 500_000  # an alias is written once and read wherever it stands


def contracts_root() -> Path:
    """The folder of the contracts."""
    return _data_root("contracts")


def scenarios_root() -> Path:
    """The folder of the scenarios."""
    return _data_root("scenarios")


def contract_path(*parts: str) -> Path:
    """The path of one contract file, e.g. ``contract_path("platforms", "xero", "capabilities.yaml")``."""
    path = contracts_root().joinpath(*parts)
    if not path.is_file():
        raise DataMissing(f"There is no contract {'/'.join(parts)} in {contracts_root()}.")
    return path


def known_platforms() -> tuple[str, ...]:
    """The platforms that have a contract folder, in the order of tables."""
    found = {path.parent.name for path in contracts_root().glob("platforms/*/capabilities.yaml")}
    rank = {name: number for number, name in enumerate(PLATFORMS)}
    return tuple(sorted(found, key=lambda name: (rank.get(name, len(rank)), name)))


def widened(value: Any, names: Iterable[str]) -> Any:
    """A copy of a schema in which every list of the platforms has these names too.

    The files list the platforms for editors; what is checked while running is what there is.
    """
    if isinstance(value, dict):
        return {key: widened(inner, names) for key, inner in value.items()}
    if not isinstance(value, list):
        return value
    if set(PLATFORMS) <= {each for each in value if isinstance(each, str)}:
        return [*value, *(name for name in names if name not in value)]
    return [widened(inner, names) for inner in value]


@cache
def read_contract(*parts: str) -> Any:
    """One contract file as plain data, read once. Do not change what comes back."""
    path = contract_path(*parts)
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return read_document(path).data


def read_document(path: Path) -> Document:
    """Read a YAML (or JSON) file. Raises FileInvalid when it cannot be read or is not YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileInvalid(
            [Problem(str(path), 1, 1, f"Cannot be read: {error.strerror}.", "Check the path.")]
        ) from error
    except UnicodeDecodeError as error:
        raise FileInvalid([Problem(str(path), 1, 1, "Is not UTF-8 text.", "Save the file as UTF-8.")]) from error
    return parse_document(text, str(path))


def parse_document(text: str, file: str = "<text>") -> Document:
    """Parse YAML text. ``file`` is the name that problems show."""
    from yaml import MarkedYAMLError, compose

    _check_characters(text, file)
    try:
        _check_depth(text, file)
        root = compose(text, Loader=_loader())
    except MarkedYAMLError as error:
        raise FileInvalid([_not_yaml(file, _told_better(text, error))]) from error
    positions: dict[NodePath, Position] = {}
    problems: list[Problem] = []
    data = None if root is None else _plain(root, (), _Reading(file, positions, problems))
    if problems:
        raise FileInvalid(problems)
    return Document(file, data, positions)


def _told_better(text: str, error: MarkedYAMLError) -> MarkedYAMLError:
    """The same mistake as the parser in Python tells it: with the word that it met, at its place."""
    from yaml import MarkedYAMLError, compose

    try:
        compose(text, Loader=_loader(in_c=False))
    except MarkedYAMLError as told:
        return told
    return error


def _not_yaml(file: str, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    message = f"Is not YAML: {error.problem or error.context}."
    return Problem(file, line, column, message, "Check indentation, quotes and brackets.")


def _check_characters(text: str, file: str) -> None:
    found = _NOT_ALLOWED.search(text)
    if found is not None:
        before = text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
        message = f"The character U+{ord(found[0]):04X} is not allowed in YAML."
        raise FileInvalid([Problem(file, line, column, message, "Take it out.")])


def _check_depth(text: str, file: str) -> None:
    """A parser in C puts together what nests on the stack of the process, and ends that where it is used up."""
    from yaml import CollectionEndEvent, CollectionStartEvent, parse

    depth = 0
    for event in parse(text, Loader=_loader()):
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > _DEPTH_MAX and event.start_mark is not None:
            raise FileInvalid([_too_deep(file, (event.start_mark.line + 1, event.start_mark.column + 1))])


@cache
def _loader(*, in_c: bool = True) -> type[Any]:
    """A loader that tells plain words apart as YAML 1.2 does: `on` and `no` are text, and so is a date."""
    import yaml

    read = getattr(yaml, "CSafeLoader", yaml.SafeLoader) if in_c else yaml.SafeLoader  # in C where that was built

    class Loader(read):  # type: ignore[misc, valid-type]  # one of two
        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    for tag, pattern, begins in _CORE_SCHEMA:
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(begins))
    return Loader


def nearest(word: str, known: Iterable[str]) -> str:
    """A remedy for an unknown word: the nearest known one, or the list of them."""
    return _nearest(word, tuple(map(str, known)))


@lru_cache(maxsize=4096)  # checks of whole documents ask for the same word again and again
def _nearest(word: str, known: tuple[str, ...]) -> str:
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if not close:  # letters the other way round make a short word look like no other
        close = [name for name in names if sorted(name.lower()) == sorted(word.lower())]
    if close:
        return f"Did you mean `{close[0]}`?"
    return f"Use one of: {', '.join(names)}." if names else "Nothing of this kind is declared."


def _too_deep(file: str, position: Position) -> Problem:
    return Problem(file, *position, "Nests too deep.", "Close brackets, and let no alias stand for what is around it.")


class _Reading(Struct, frozen=True):
    file: str
    positions: dict[NodePath, Position]
    problems: list[Problem]


def _plain(node: Any, path: NodePath, reading: _Reading) -> Any:
    """The plain value of a YAML node; records positions and duplicate keys on the way."""
    position = (node.start_mark.line + 1, node.start_mark.column + 1)
    if len(path) > _DEPTH_MAX:
        raise FileInvalid([_too_deep(reading.file, position)])
    if len(reading.positions) > _NODES_MAX:
        raise FileInvalid(
            [Problem(reading.file, *position, "Holds too much.", "Spell aliases out, and split the file.")]
        )
    reading.positions.setdefault(path, position)
    if isinstance(node.value, list):
        return _plain_mapping(node, path, reading) if node.id == "mapping" else _plain_sequence(node, path, reading)
    return _scalar(str(node.value), _tag(node))


def _plain_sequence(node: Any, path: NodePath, reading: _Reading) -> list[Any]:
    return [_plain(item, (*path, index), reading) for index, item in enumerate(node.value)]


def _plain_mapping(node: Any, path: NodePath, reading: _Reading) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if key in result:
            remedy = "Keep one of the two."
            reading.problems.append(Problem(reading.file, line, column, f"The key `{key}` appears twice.", remedy))
        reading.positions[(*path, key)] = (line, column)
        result[key] = _plain(value_node, (*path, key), reading)
    return result


def _tag(node: Any) -> str:
    return str(node.tag).rpartition(":")[2]


def _scalar(text: str, tag: str) -> Any:
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int":
        return int(text, 0) if text[:2] in {"0x", "0o"} else int(text)
    return Decimal(text) if tag == "float" else text


@cache
def _data_root(name: str) -> Path:
    for root in (PACKAGE / "_data" / name, PACKAGE.parents[1] / name):
        if root.is_dir():
            return root
    raise DataMissing(f"The {name} of Sandbooks are missing. Install the package again, or run inside a checkout.")
