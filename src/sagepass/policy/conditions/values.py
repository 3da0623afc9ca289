"""What the values of a condition operator must look like, and how they are read.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from sagepass.policy.conditions.operator import BaseOperator

_EPOCH = re.compile(r"[+-]?[0-9]{1,13}")
_YEAR_OR_MONTH = re.compile(r"[0-9]{4}(?:-[0-9]{2})?")
_MAX_NUMBER = 64


def read_number(text: str) -> Decimal | None:
    """A Numeric value: an integer or a decimal; ``None`` if it is none."""
    if len(text) > _MAX_NUMBER:
        return None
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def read_date(text: str) -> datetime | None:
    """A Date value: a W3C ISO 8601 form (year alone to fractions of seconds) or seconds since 1970."""
    text = text.strip()
    try:
        if _YEAR_OR_MONTH.fullmatch(text):
            year, _, month = text.partition("-")
            return datetime(int(year), int(month or 1), 1, tzinfo=UTC)
        if _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(text), tz=UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_bool(text: str) -> bool | None:
    """A Bool value, in any case."""
    return {"true": True, "false": False}.get(text.strip().lower())


def read_network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """An IP value: an address or a CIDR range; a plain address is a range of one."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def value_fits(base: BaseOperator, text: str) -> bool:
    """Whether a policy value can be a value of this operator; texts with a policy variable are left alone."""
    if "${" in text:
        return True
    name = base.value
    if name.startswith("Numeric"):
        return read_number(text) is not None
    if name.startswith("Date"):
        return read_date(text) is not None
    if base in {BaseOperator.BOOL, BaseOperator.NULL}:
        return read_bool(text) is not None
    if base in {BaseOperator.IP_ADDRESS, BaseOperator.NOT_IP_ADDRESS}:
        return read_network(text) is not None
    return True
