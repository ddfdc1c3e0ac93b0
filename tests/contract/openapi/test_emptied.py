"""What a PATCH may empty. A null that a body allows empties its field; where nothing can be empty the contract takes no
null. Who adds a field here adds the test that empties it."""

import json
from pathlib import Path

import pytest

import contracts
from maillage.installation import services

ROOT = Path(contracts.__file__).parents[1]
EMPTIED = {
    "appointments": {
        "patients": {
            "birth_place_insee", "referring_practitioner_id", "sex", "used_family_name", "used_given_name",
        },
    },
    "cooperation": {
        "flows": {"least_c", "most_c"}, "instrument_models": {"gtin", "ifu_ref"}, "instruments": {"set_id"},
        "issues": {"action", "cause", "stage_of_origin"}, "members": {"left_on"}, "programmes": {"valid_to"},
        "sets": {"home_place_id"}, "signatories": {"valid_to"}, "sites": {"gln"}, "stations": {"machine_id"},
        "vehicles": {"plate"},
    },
    "gateway": {"clients": {"jwks", "jwks_url"}, "persons": {"email", "phone", "rpps"}},
    "telesecretariat": {
        "agents": {"device"},
        "calls": {
            "caller_kind", "motive", "note", "outcome", "patient_id", "practitioner_id", "site_id",
        },
        "clients": {"valid_to"},
        "instructions": {"absence", "allowed", "text", "urgent_contacts", "valid_from", "valid_to"},
        "known-numbers": {"label"},
        "red-flags": {"address", "code"},
    },
}  # fmt: skip


@pytest.mark.parametrize("service", services())
def test_null_is_taken_where_it_empties(service: str) -> None:
    document = json.loads((ROOT / "openapi" / f"{service}.json").read_text(encoding="utf-8"))
    found = {}
    for path, item in document["paths"].items():
        if "patch" in item:
            body = item["patch"]["requestBody"]["content"]["application/json"]["schema"]
            schema = document["components"]["schemas"][body["$ref"].rpartition("/")[2]]
            found[path.split("/")[2]] = {
                name for name, field in schema["properties"].items() if {"type": "null"} in field.get("anyOf", ())
            }
    assert {noun: names for noun, names in found.items() if names} == EMPTIED.get(service, {})
