"""Every entity set of the API, by name."""

from __future__ import annotations

from sandbooks.platforms.business_central.sets import (
    accounts,
    approvals,
    assets,
    company_information,
    dimensions,
    files,
    journals,
    masters,
    payments,
    people,
    pictures,
    prints,
    purchases,
    reports,
    sales,
)
from sandbooks.platforms.business_central.sets.entity import EntitySet

ALL: tuple[EntitySet, ...] = (
    *masters.SETS,
    *company_information.SETS,
    *accounts.SETS,
    *dimensions.SETS,
    *journals.SETS,
    *payments.SETS,
    *purchases.SETS,
    *sales.SETS,
    *files.SETS,
    *pictures.SETS,
    *prints.SETS,
    *reports.SETS,
    *approvals.SETS,
    *people.SETS,
    *assets.SETS,
)
SETS: dict[str, EntitySet] = {each.name: each for each in ALL}
