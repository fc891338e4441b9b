"""Lists that are no entity set of a company: companies, users and the like, filtered, sorted and cut alike."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from sandbooks.platforms.business_central.fields import Field
from sandbooks.platforms.business_central.odata.filters import Meaning
from sandbooks.platforms.business_central.odata.options import Options
from sandbooks.platforms.business_central.refusals import BadUrl

Rows = list[dict[str, Any]]


def admitted(rows: Rows, options: Options, members: Mapping[str, Field], type_name: str) -> Rows:
    """The rows that a filter lets pass."""
    if options.filter is None:
        return rows
    meaning = Meaning(options.filter, members, type_name, newer=options.newer)
    return [row for row in rows if meaning.admits(row)]


def check_members(options: Options, members: Mapping[str, Field], type_name: str) -> None:
    """Refuse members that a row does not have, where they are chosen or sorted by. Raises ``BadUrl``."""
    for name in (*options.select, *(member for member, _ in options.orderby)):
        if name != "*" and name not in members:
            raise BadUrl(f"Could not find a property named '{name[:60]}' on type 'Microsoft.NAV.{type_name}'.")


def ordered(rows: Rows, options: Options, members: Mapping[str, Field], type_name: str) -> Rows:
    """Rows in the order that is asked for, from where and as many as that. Raises ``BadUrl``."""
    check_members(options, members, type_name)
    found = list(rows)
    for member, descending in reversed(options.orderby):
        found.sort(key=itemgetter(member), reverse=descending)
    return found[options.skip :][: options.top if options.top is not None else len(found)]


def chosen(row: Mapping[str, Any], options: Options, *, always: tuple[str, ...] = ()) -> dict[str, Any]:
    """A row with the members that are asked for."""
    wanted = {*options.select, *always}
    return {name: value for name, value in row.items() if not options.select or name in wanted or "*" in wanted}
