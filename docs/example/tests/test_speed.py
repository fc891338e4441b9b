import pytest
from test_export import *
@pytest.mark.sandbooks_sweep
@pytest.mark.sandbooks(platforms=["xero","quickbooks_online"])
def test_speed(acme, software):
    for n in range(16): export(software, receipt(acme, f"r-{n:02}", f"{n+1}.37"))
