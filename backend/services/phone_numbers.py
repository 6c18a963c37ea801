"""Phone numbers: which mobile numbers the portal accepts, in the one form that it stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.lazy import lazy_module

if TYPE_CHECKING:
    from collections.abc import Collection

    import phonenumbers
else:
    phonenumbers = lazy_module("phonenumbers")

_HOME = "DE"
_LONGEST = 40


def normalise_mobile_number(text: str, *, regions: Collection[str]) -> str | None:
    """Return a mobile number of these regions as E.164; None for any other text (F20, F21).

    Read as dialled in Germany: `0151…`, `0049…` and `+49 (0)151…` mean the same. The region is
    the number's own, not that of its dial code: +44 7624 is the Isle of Man.
    """
    if len(text) > _LONGEST:
        return None
    try:
        number = phonenumbers.parse(text, _HOME)
    except phonenumbers.NumberParseException:
        return None
    kinds = phonenumbers.PhoneNumberType
    if (
        not phonenumbers.is_valid_number(number)
        or phonenumbers.region_code_for_number(number) not in regions
        or phonenumbers.number_type(number) not in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)
    ):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable_number(e164: str) -> str:
    """Return a number as people read it, such as "+49 1512 3456789"."""
    number = phonenumbers.parse(e164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def masked_number(e164: str) -> str:
    """Return a number with all but its country and last three digits hidden."""
    return f"{e164[:3]} ••• {e164[-3:]}"
