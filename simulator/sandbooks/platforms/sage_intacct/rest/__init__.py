"""The REST API: OAuth 2, objects by module and name, and the query service.

Source: https://developer.sage.com/intacct/docs/
"""

from sandbooks.platforms.sage_intacct.rest.routes import OPERATIONS

__all__ = ["OPERATIONS"]
