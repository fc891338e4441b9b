"""The QuickBooks Web Connector: the program beside QuickBooks that polls applications over SOAP.

Its loop is a client of the application and of the request processor, both over HTTP; it knows no rule of accounting.
"""
