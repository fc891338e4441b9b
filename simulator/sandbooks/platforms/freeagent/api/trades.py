"""The kinds of business that a company may say it is in.

Source: https://dev.freeagent.com/docs/company (business categories)
"""

BUSINESS_CATEGORIES = tuple(
    """
    Accounting & Bookkeeping|Administration|Agriculture|Apparel & Fashion|Architecture & Planning|Arts & Crafts
    Automotive|Aviation|Biotechnology|Builder|Business / Management Consulting|Childcare|Cleaning|Commercial Property
    Communications|Courier|Design|Driver (Taxi / Private)|Education|Electrician|Energy|Engineering|Entertainment|Events
    Film & TV|Financial Services|Floristry|Food & Beverages|Gambling & Casinos|Hair & Beauty|Health & Social Care
    Health, Wellness and Fitness|Hospitality|IT Contractor / Consulting|Joiner|Landscape Gardener|Legal Services
    Leisure & Tourism|Logistics|Marketing & Advertising|Music|Other|Painter and Decorator|Performing Arts|Photography
    Plasterer|Plumber|Property / Landlord|Retail|Social Clubs|Software Development|Utilities|Vet & Pet Care|Web Design
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)
