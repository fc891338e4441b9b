"""QuickBooks Desktop: a qbXML engine over a company file, and a Web Connector that polls the user's SOAP service.

The real product serves no HTTP: its applications do. What answers under this platform's prefix is the Web Connector's
own window (add an application, run it, read its log) and a door for single qbXML documents, both of our making.
The declaration alone; what it names is loaded when first used.
"""

from sandbooks.platform import Platform

PLATFORM = Platform(
    name="quickbooks_desktop",
    title="QuickBooks Desktop",
    aliases=("qbd",),
    company_word="company file",
    hub_key="pqsw",
    # Source: QuickBooks Web Connector Programmer's Guide (error recovery): a document that carries a newMessageSetID
    # is kept, and its repetition is refused.
    idempotency=("body:newMessageSetID",),
    contacts=("Vendor:Name", "Customer:FullName Name", "Employee:Name", "OtherName:Name"),
    dialect="sandbooks.platforms.quickbooks_desktop.dialect:DIALECT",
    seed="sandbooks.platforms.quickbooks_desktop.seed:SEED",
    connector="sandbooks.platforms.quickbooks_desktop.connector:CONNECTOR",
    bookkeeper="sandbooks.platforms.quickbooks_desktop.bookkeeper:BOOKKEEPER",
    usual_accounts="sandbooks.platforms.quickbooks_desktop.usual:usual_accounts",
    edits="sandbooks.platforms.quickbooks_desktop.edits:edited",
    elements="sandbooks.platforms.quickbooks_desktop.elements:SCHEMAS",
    source="https://developer.intuit.com/app/developer/qbdesktop/docs/get-started",
)
