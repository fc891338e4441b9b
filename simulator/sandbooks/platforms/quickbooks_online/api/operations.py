"""Every operation of the service."""

from sandbooks.platforms.quickbooks_online.api import (
    attachments,
    batch,
    cdc,
    company,
    entities,
    queries,
    rates,
    reports,
    sign_in,
    tax_service,
)

OPERATIONS = (
    *sign_in.OPERATIONS,
    *company.OPERATIONS,
    *attachments.OPERATIONS,
    *rates.OPERATIONS,
    *tax_service.OPERATIONS,
    *entities.OPERATIONS,
    *queries.OPERATIONS,
    *batch.OPERATIONS,
    *cdc.OPERATIONS,
    *reports.OPERATIONS,
)
