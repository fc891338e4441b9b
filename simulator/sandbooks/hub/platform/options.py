"""The models of records that can be created or changed, and what was wrong with what was read.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (PushOption, ValidationResult).
"""

from __future__ import annotations

from sandbooks.hub import companies, connections, data, push, records
from sandbooks.hub.errors import not_found
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response

# Other models are those of bill pay: contracts/hub/bill_pay_models.yaml.
MODELS = {
    "customers": {
        "customerName": ("String", True),
        "contactName": ("String", False),
        "emailAddress": ("String", False),
        "phone": ("String", False),
        "addresses": ("Array", False),
        "registrationNumber": ("String", False),
        "taxNumber": ("String", False),
        "defaultCurrency": ("String", False),
        "status": ("String", True),
    },
}


def get_model(call: Call) -> Response:
    _, connection = connections.called(call)
    data_type = call.args["data_type"]
    if data_type not in MODELS:
        # Source: github.com/codatio/oas, response Not-Found, example of an unsupported data type
        raise not_found(f"Datatype {data_type[:60]} not supported by platform(s) {connection['platformName']}")
    return push.options_of(call, data_type, MODELS[data_type])


def get_validation(call: Call) -> Response:
    """What was wrong with the records of one read; an unreadable data type is one error of its own."""
    company = companies.called(call)
    row = records.get(call.world, data.PULL, call.args["dataset_id"], company=company["id"])
    if row is None:
        raise not_found(f"No dataset was found with ID {call.args['dataset_id'][:60]}", service="PullApi")
    errors = []
    if row["errorMessage"]:
        name = f"{row['dataType'][:1].upper()}{row['dataType'][1:]}Validator"
        errors = [{"itemId": row["id"], "message": row["errorMessage"], "validatorName": name}]
    return json_reply({"errors": errors, "warnings": []})
