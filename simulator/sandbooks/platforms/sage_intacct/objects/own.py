"""Dimensions of a company's own: their names and values, which a user of the product defines as objects.

A line names a value of ``place`` in ``GLDIMPLACE``; the values are read as those of the object ``place``.
Source: developer.intacct.com/api/platform-services/dimensions (getDimensions), github.com/fylein/fyle-intacct-api
(GLDIM and the object's name; id and name of values), developer.sage.com/intacct (nsp::)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sandbooks.kit.company import Company
from sandbooks.platforms.sage_intacct.objects.kinds import ObjectType

PREFIX = "GLDIM"


def dimensions_of(company: Company) -> Mapping[str, Mapping[str, str]]:
    """The values of each dimension of the company's own, by id, under the name of its object."""
    found: Mapping[str, Mapping[str, str]] = company.settings.get("user_dimensions", {})
    return found


def named(company: Company, name: str) -> str:
    """The name of a dimension of the company's own, in its own casing; empty where there is none."""
    return next((each for each in dimensions_of(company) if each.upper() == name.strip().upper()), "")


def fields_of(company: Company) -> tuple[str, ...]:
    """The fields of lines that name values of such dimensions."""
    return tuple(f"{PREFIX}{name.upper()}" for name in dimensions_of(company))


def object_of(company: Company, name: str) -> ObjectType | None:
    """The object of such a dimension; None for other names."""
    own = named(company, name)
    if not own:
        return None
    return ObjectType(name=own.upper(), title=own, fields=("ID", "NAME", "RECORDNO"), read_only=True, view=True)


def values_of(company: Company, name: str) -> Iterator[dict[str, str]]:
    """The values of a dimension as rows."""
    for id, title in dimensions_of(company).get(named(company, name), {}).items():
        yield {"RECORDNO": str(id), "ID": str(id), "NAME": str(title)}
