"""Writes a list of texts that are or resemble phone numbers, each with a calling code and what phonenumbers makes of it: the
number in E.164 where its length is one of a mobile phone's there, or null."""

import json
import random
import sys

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult
from phonenumbers.phonemetadata import PhoneMetadata


def judged(text, code, regions):
    """Of a shared calling code any region's plan will do."""
    for region in regions:
        try:
            number = phonenumbers.parse(text, region)
        except NumberParseException:
            continue
        if number.country_code != code or number.extension:
            continue
        why = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
        if why == ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return None


def plans():
    """By calling code: its regions, its trunk prefix, and the lengths of mobile numbers."""
    for code, regions in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
        if regions == ("001",):
            continue
        lengths = set()
        for region in regions:
            metadata = PhoneMetadata.metadata_for_region(region)
            lengths.update((metadata.mobile and metadata.mobile.possible_length) or metadata.general_desc.possible_length)
        trunk = PhoneMetadata.metadata_for_region(regions[0]).national_prefix or ""
        yield code, regions, trunk, sorted(length for length in lengths if length > 0)


def texts(rng, code, regions, trunk, lengths):
    examples = [phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE) for region in regions]
    for example in filter(None, examples):
        national = phonenumbers.national_significant_number(example)
        for written in (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL, PhoneNumberFormat.E164):
            yield phonenumbers.format_number(example, written)
        yield f"00{code} {national}"
        yield f"+{code} ({trunk}) {national}" if trunk else f"+{code} {national}"
        # Another number of that plan, as it is dialled there and from abroad, and one digit too few and too many.
        digits = national[:3] + "".join(rng.choice("0123456789") for _ in national[3:])
        yield trunk + digits
        yield f"+{code}{digits}"
        yield f"+{code} {digits[:-1]}"
        yield f"+{code} {digits}{rng.choice('0123456789')}"
    for length in range(min(lengths) - 1, max(lengths) + 2):
        yield f"+{code}" + rng.choice("23456789") + "".join(rng.choice("0123456789") for _ in range(length - 1))
    yield f"+{code} 12 ext. 3"
    yield f"+{code % 9 + 1}0{code} 1234567"


rng = random.Random(1)
rows = []
for code, regions, trunk, lengths in plans():
    rows += [[text, code, judged(text, code, regions)] for text in texts(rng, code, regions, trunk, lengths)]
json.dump(rows, sys.stdout)
