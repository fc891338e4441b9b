"""What a company's setup makes of dimensions: which values go together, which follow from another, who may claim on a
project.

``dimension_restrictions`` names for an account or a dimension, by id, the values of another that it allows;
``auto_filled`` names those that it brings along. ``projects_without_expenses`` are project statuses, and
``project_resources`` the employees of projects that take the expenses of no others.
Source: github.com/fylein/fyle-intacct-api (apps/sage_intacct/errors: the texts that it matches). Unconfirmed: the end
of each text, and what of the setup brings it about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.platforms.sage_intacct.documents.reading import Given
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import find
from sandbooks.platforms.sage_intacct.refusals import NotAllowed
from sandbooks.platforms.sage_intacct.wire.xml import Fields

# Objects and the field of a line that names them.
Places = Mapping[str, str]


def related(given: Given, line: Fields, account: Record, places: Places) -> Fields:
    """The values that a line's own bring along. Raises ``NotAllowed`` for what does not go together."""
    settings = given.company.settings
    filled, restricted = settings.get("auto_filled", {}), settings.get("dimension_restrictions", {})
    if not filled and not restricted:
        return {}
    named = {"GLACCOUNT": account.id, **{object: line[field] for object, field in places.items() if field in line}}
    found: Fields = {}
    for by, other, value in _ruled(filled, named):
        if named.get(other, value) != value:
            text = f"{object_named(other).title} must be {value}. This value is auto-filled by {_title(by)}."
            raise NotAllowed(given.kind, text, "Leave it out, or enter that value.")
        found[places[other]] = value
    for by, other, allowed in _ruled(restricted, named):
        if other in named and named[other] not in allowed:
            raise _outside(given, by, other, named[other])
    return found


def _ruled(rules: Mapping[str, Any], named: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    """What the values of a line rule: the object of each, the other object, and what is said of that."""
    for by, id in list(named.items()):
        for other, told in rules.get(by, {}).get(id, {}).items():
            yield by, other, told


def _outside(given: Given, by: str, other: str, id: str) -> NotAllowed:
    record = find(given.company, other, id)
    name = str(record.body.get("NAME") or record.body.get("TITLE") or id) if record else id
    text = f"{_title(other)} '{id}': '{name}' specified is not valid. {_title(other)} is restricted by {_title(by)}."
    return NotAllowed(given.kind, text, "Enter a value that goes with it.")


def _title(object: str) -> str:
    return "GL account" if object == "GLACCOUNT" else object_named(object).title


def check_claim(given: Given, project: Record | None, employee: str) -> None:
    """Whether an employee may claim an expense on a project. Raises ``NotAllowed``."""
    if project is None:
        return
    settings = given.company.settings
    if project.body.get("PROJECTSTATUS") in settings.get("projects_without_expenses", ()):
        text = f"The Project '{project.id}' has a project status that prevents expense submittal."
        raise NotAllowed(given.kind, text, "Choose another project.")
    resources = settings.get("project_resources", {}).get(project.id)
    if resources is not None and employee not in resources:
        text = f"The employee isn’t a resource of the project '{project.id}'."
        raise NotAllowed(given.kind, text, "Make the employee a resource of it.")
