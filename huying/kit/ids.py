"""Keys made by the application: time-ordered, so that indexes grow at one end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uuid_utils.compat import uuid7

if TYPE_CHECKING:
    from uuid import UUID

CHECK_WEIGHTS = (7, 3, 9)
LONGEST_NUMBER = 20


def new_id() -> UUID:
    """Return a fresh UUID version 7 (RFC 9562): ordered by time, unique without asking the database."""
    return uuid7()


def check_digit(digits: str) -> str:
    """Return the digit that makes a mistyped or swapped neighbour digit in `digits` show."""
    total = sum(int(digit) * CHECK_WEIGHTS[place % 3] for place, digit in enumerate(digits))
    return str(total % 10)


def with_check(prefix: str, digits: str) -> str:
    """Return a number people can read out: prefix, digits and check digit."""
    return f"{prefix}{digits}{check_digit(digits)}"


def may_be_number(text: str) -> bool:
    """Return whether a text could be the number of anything: what is not is never asked of the database."""
    return text.isascii() and text.isalnum() and len(text) <= LONGEST_NUMBER


def is_sound(number: str, prefix: str) -> bool:
    """Return whether `number` has the prefix and a right check digit."""
    digits = number[len(prefix) :]
    return (
        number.startswith(prefix)
        and digits.isdecimal()
        and len(digits) > 1
        and (check_digit(digits[:-1]) == digits[-1])
    )
