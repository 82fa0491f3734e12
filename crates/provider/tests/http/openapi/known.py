"""What schemathesis can't read out of the document: checksums, things that are there, and which refusals are at fault."""

import atexit
import json
import os
import zlib
from collections import defaultdict

import schemathesis
from hypothesis import strategies as st

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
KNOWN = json.loads(os.environ["FARTHING_KNOWN"])
ANSWERED = defaultdict(set)


def checked(text):
    """The id with the checksum that belongs to it."""
    text = text[:30]
    crc = zlib.crc32(text.encode()) & 0xFFFFF
    return text + "".join(ALPHABET[crc >> shift & 31] for shift in (15, 10, 5, 0))


def ids(prefix):
    nobodys = st.text(ALPHABET, min_size=26, max_size=26).map(lambda text: checked(prefix + text))
    known = KNOWN["ids"].get(prefix)
    return st.one_of(st.sampled_from(known), nobodys) if known else nobodys


def mended(value):
    """What is as the document says, but for what no schema can."""
    if isinstance(value, dict):
        return {name: KNOWN["fields"].get(name) or mended(one) for name, one in value.items()}
    if isinstance(value, list):
        return [mended(one) for one in value]
    if isinstance(value, str) and len(value) == 34 and value[:4] in PREFIXES:
        return checked(value)
    # 1.0 is an integer in JSON Schema, and no amount.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


PREFIXES = ("chg_", "chl_", "con_", "dsp_", "mer_", "opr_", "quo_", "rcp_", "tok_")
for prefix in PREFIXES:
    schemathesis.openapi.format(f"{prefix}id", ids(prefix))


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    label = case.operation.label
    if isinstance(case.body, (dict, list)):
        case.body = mended(case.body)
    if case.path_parameters:
        case.path_parameters = mended(case.path_parameters)
    if label in KNOWN["forms"]:
        case.body |= KNOWN["forms"][label]
    # Until it was taken once, it is asked as it will be.
    if all(status >= 300 for status in ANSWERED[label]):
        case.path_parameters |= KNOWN["paths"].get(label, {})
        if label in KNOWN["bodies"]:
            case.body = KNOWN["bodies"][label]
            case.headers["Idempotency-Key"] = f"{label.replace(' ', '')}-{len(ANSWERED[label])}"


@schemathesis.hook
def after_call(context, case, response):
    ANSWERED[case.operation.label].add(response.status_code)


@schemathesis.check
def what_is_well_formed_is_read(ctx, response, case):
    """A refusal of it is about what it means."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    page = "html" in response.headers.get("content-type", [""])[0]
    code = "a page" if page else response.json()["code"]
    assert not page and code not in ("body_malformed", "idempotency_key_malformed"), f"{code}: well-formed data was not read"


@atexit.register
def tell():
    with open("answered.json", "w", encoding="utf-8") as file:
        json.dump({label: sorted(statuses) for label, statuses in ANSWERED.items()}, file)
