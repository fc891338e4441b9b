"""What a company says of itself: its address, its numbers, its local currency."""

from __future__ import annotations

from sandbooks.platforms.business_central.fields import code, day, shown, text
from sandbooks.platforms.business_central.sets.entity import Given, Row, Scope, StoredSet
from sandbooks.platforms.business_central.sets.masters import record_of


class CompanyInformation(StoredSet):
    name, type, caption = "companyInformation", "companyInformation", "Company Information"
    modifies = True
    streams = ("picture",)
    fields = (
        text("displayName"),
        text("addressLine1"),
        text("addressLine2", 50),
        text("city", 30),
        text("state", 30),
        code("country", 10),
        code("postalCode"),
        text("phoneNumber", 30),
        text("faxNumber", 30),
        text("email", 80),
        text("website", 80),
        text("taxRegistrationNumber"),
        *shown(code("currencyCode"), day("currentFiscalYearStartDate")),
        text("industry", 30),
        *shown(text("experience")),
    )

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        record = record_of(row)
        return self.render(scope, self.save(scope, record.id, {**record.copy(), **given.values}))

    def content(self, scope: Scope, row: Row) -> tuple[bytes, str]:
        """The company's picture, which is put in on a page of the application alone: there is none."""
        return b"", ""


SETS = (CompanyInformation(),)
