"""Every operation of the service."""

from sandbooks.platforms.quickbooks_online.api import company, entities, queries, sign_in

OPERATIONS = (
    *sign_in.OPERATIONS,
    *company.OPERATIONS,
    *entities.OPERATIONS,
    *queries.OPERATIONS,
)
