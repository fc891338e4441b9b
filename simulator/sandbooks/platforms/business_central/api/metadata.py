"""What the API says of itself: service document, EDMX, entity definitions."""

from __future__ import annotations

from sandbooks import exact_json
from sandbooks.kit.call import Call
from sandbooks.kit.surface import Operation
from sandbooks.platforms.business_central.api.collections import root_of
from sandbooks.platforms.business_central.errors import ODATA
from sandbooks.platforms.business_central.fields import EDM
from sandbooks.platforms.business_central.sets import SETS, companies
from sandbooks.platforms.business_central.sets.entity import EntitySet
from sandbooks.wire import Response

_KEY = '<Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/>'


def service_document(call: Call) -> Response:
    """``GET /api/v2.0``."""
    root = root_of(call)
    names = ["companies", "subscriptions", *SETS]
    listed = [{"name": name, "kind": "EntitySet", "url": name} for name in names]
    return Response(200, ODATA, exact_json.dumps({"@odata.context": f"{root}/$metadata", "value": listed}))


def edmx(_: Call) -> Response:
    """``GET /api/v2.0/$metadata``."""
    types = "".join(_entity_type(entity_set) for entity_set in SETS.values())
    named = {s.name: s.type for s in SETS.values()} | {"companies": "company"}
    sets = "".join(f'<EntitySet Name="{name}" EntityType="Microsoft.NAV.{type}"/>' for name, type in named.items())
    actions = "".join(
        f'<Action Name="{name.rpartition(".")[2]}" IsBound="true"><Parameter Name="bindingParameter" '
        f'Type="Microsoft.NAV.{s.type}"/></Action>'
        for s in SETS.values()
        for name in s.actions
    )
    document = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>'
        '<Schema Namespace="Microsoft.NAV" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
        f'{_company_type()}{types}{actions}<EntityContainer Name="NAV">{sets}</EntityContainer></Schema>'
        "</edmx:DataServices></edmx:Edmx>"
    )
    return Response(200, (("Content-Type", "application/xml"), ("OData-Version", "4.0")), document.encode())


def _company_type() -> str:
    """The company, above every other set: clients that are made from this document reach the sets through it."""
    properties = "".join(f'<Property Name="{field.name}" Type="{EDM[field.type]}"/>' for field in companies.FIELDS)
    below = "".join(
        f'<NavigationProperty Name="{s.name}" Type="Collection(Microsoft.NAV.{s.type})" ContainsTarget="true"/>'
        for s in SETS.values()
    )
    return f'<EntityType Name="company">{_KEY}{properties}{below}</EntityType>'


def _entity_type(entity_set: EntitySet) -> str:
    properties = "" if entity_set.identified else f'<Key><PropertyRef Name="{entity_set.fields[0].name}"/></Key>'
    for field in entity_set.fields:
        length = f' MaxLength="{field.length}"' if field.length else ""
        properties += f'<Property Name="{field.name}" Type="{EDM[field.type]}"{length}/>'
    if entity_set.tracked:
        properties += '<Property Name="lastModifiedDateTime" Type="Edm.DateTimeOffset"/>'
    properties += "".join(f'<Property Name="{name}" Type="Edm.Stream"/>' for name in entity_set.streams)
    below = "".join(
        f'<NavigationProperty Name="{name}" Type="Collection(Microsoft.NAV.{SETS[name].type})"/>'
        for name in entity_set.children
    )
    beside = "".join(
        f'<NavigationProperty Name="{name}" Type="Microsoft.NAV.{SETS[target].type}"/>'
        for name, (target, _) in entity_set.to_one.items()
    )
    key = _KEY if entity_set.identified else ""
    return f'<EntityType Name="{entity_set.type}">{key}{properties}{below}{beside}</EntityType>'


def entity_definitions(call: Call) -> Response:
    """``GET entityDefinitions``: captions of sets, members and enum values."""
    listed = [
        {
            "entityName": entity_set.type,
            "entitySetName": entity_set.name,
            "entityCaptions": [{"languageCode": 1033, "caption": entity_set.caption}],
            "properties": [
                {"name": f.name, "captions": [{"languageCode": 1033, "caption": f.name}]} for f in entity_set.fields
            ],
        }
        for entity_set in SETS.values()
    ]
    body = {"@odata.context": f"{root_of(call)}/$metadata#entityDefinitions", "value": listed}
    return Response(200, ODATA, exact_json.dumps(body))


OPERATIONS = (
    Operation("service_document", "GET", "/api", service_document, scope="tenant"),
    Operation("metadata", "GET", "/api/$metadata", edmx, scope="tenant"),
    Operation("entity_definitions", "GET", "/api/entityDefinitions", entity_definitions, scope="tenant"),
)
