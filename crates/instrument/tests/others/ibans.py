"""Writes a list of texts that are or resemble IBANs, each with whether schwifty and python-stdnum take it for one."""

import json
import random
import re
import string
import sys
from importlib.resources import files

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import iban
from stdnum.exceptions import ValidationError

ALPHABETS = {"n": string.digits, "a": string.ascii_uppercase, "c": string.digits + string.ascii_uppercase}


def schwifty(text):
    try:
        IBAN(text)
        return True
    except SchwiftyException:
        return False


def stdnum(text):
    try:
        # Without what some countries check within the account's number.
        iban.validate(text, check_country=False)
        return True
    except ValidationError:
        return False


def structures():
    """By country, as each of the two has it: where they differ, both are tried."""
    found = set()
    for line in (files("stdnum") / "iban.dat").read_text("utf-8").splitlines():
        if match := re.match(r'([A-Z]{2}) .*bban="([^"]+)"', line):
            found.add(match.groups())
    for name in ("generated.json", "overwrite.json"):
        for country, spec in json.loads((files("schwifty") / "iban_registry" / name).read_text("utf-8")).items():
            if "bban_spec" in spec:
                found.add((country, spec["bban_spec"]))
    return sorted(found)


def checked(country, bban):
    return country + iban.calc_check_digits(country + "00" + bban) + bban


def texts(rng):
    for country, structure in structures():
        for _ in range(20):
            parts = re.findall(r"(\d+)!?([nac])", structure)
            bban = "".join(rng.choice(ALPHABETS[kind]) for count, kind in parts for _ in range(int(count)))
            whole = checked(country, bban)
            yield whole
            # One that is wrong by its check digits alone, and some that only those of a registry see.
            place = rng.randrange(4, len(whole))
            yield whole[:place] + rng.choice(ALPHABETS["c"]) + whole[place + 1 :]
            yield checked(country, bban[:-1])
            yield checked(country, bban + rng.choice(ALPHABETS["n"]))
            other = rng.randrange(len(bban))
            yield checked(country, bban[:other] + rng.choice(ALPHABETS["c"]) + bban[other + 1 :])
            # The other check digits with the same remainder.
            check = int(whole[2:4])
            for alias in (check - 97, check + 97):
                if 0 <= alias <= 99:
                    yield f"{country}{alias:02}{bban}"


rng = random.Random(1)
json.dump([[text, schwifty(text), stdnum(text)] for text in texts(rng)], sys.stdout)
