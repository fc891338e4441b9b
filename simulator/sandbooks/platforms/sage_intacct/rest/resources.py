"""Every object of REST by its path, and what is told of those that are not kept."""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotPermitted, NotSimulated
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.refusals import PathUnknown
from sandbooks.platforms.sage_intacct.rest import absent
from sandbooks.platforms.sage_intacct.rest.document_resources import DOCUMENTS
from sandbooks.platforms.sage_intacct.rest.list_resources import LISTS
from sandbooks.platforms.sage_intacct.rest.members import Resource, members

RESOURCES: tuple[Resource, ...] = (*LISTS, *DOCUMENTS)
BY_PATH = {resource.path: resource for resource in RESOURCES}
# The address of what members refer to, kept or not.
PATHS = {
    **{resource.object: resource.path for resource in RESOURCES},
    "APTERM": "accounts-payable/term",
    "VENDTYPE": "accounts-payable/vendor-type",
    "APACCOUNTLABEL": "accounts-payable/account-label",
    "APADJUSTMENT": "accounts-payable/adjustment",
    "APBILLBATCH": "accounts-payable/bill-summary",
    "EEXPENSESBATCH": "expenses/employee-expense-summary",
    "TAXSOLUTION": "tax/tax-solution",
}


def own_resource(company: Company, path: str) -> Resource | None:
    """The object of a dimension of the company's own, ``platform-apps/nsp::place``; None for other paths."""
    # Source: PyPI sageintacctrestsdk 1.4.3 (dimension values)
    module, _, name = path.partition("/nsp::")
    if module != "platform-apps" or not own.named(company, name):
        return None
    return Resource(path=path, object=name.upper(), members=members("id:ID name:NAME"), read_only=True)


def permitted(company: Company, path: str) -> Resource:
    """The object behind a path, the company's own among them, for who calls. Raises ``NotPermitted``, ``PathUnknown``,
    ``NotSimulated``."""
    resource = own_resource(company, path) or resource_at(path)
    if resource.object in company.settings.get("denied_objects", ()):
        raise NotPermitted
    return resource


def resource_at(path: str) -> Resource:
    """The object behind ``module/object``. Raises ``PathUnknown``, ``NotSimulated``."""
    found = BY_PATH.get(path)
    if found is not None:
        return found
    if path in absent.OBJECTS or path.partition("/")[0] in absent.MODULES:
        raise NotSimulated(f"REST object {path[:100]}", instead="the XML gateway, where it has the object")
    raise PathUnknown(path[:100])
