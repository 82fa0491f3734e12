"""Holds each example against the schema that it is headed with, which must not take anything at all."""

import json
import sys

import jsonschema_rs

asked = json.load(sys.stdin)
components = asked["document"]["components"]
validators, faults = {}, []
for name, example in asked["examples"]:
    if name not in validators:
        schema = {"$ref": f"#/components/schemas/{name}", "components": components}
        validators[name] = jsonschema_rs.Draft202012Validator(schema)
    faults += [f"{name}: {error.message}" for error in validators[name].iter_errors(example)]
    if validators[name].is_valid([example]):
        faults.append(f"{name} takes anything")
print(json.dumps({"judged": len(asked["examples"]), "faults": faults}))
