"""Time zones as people write them beside a time."""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo

# Each name stands for one zone and for one half of its year: CET is no time of July. What means different
# zones to different people (CST, IST, BST, AST) is left out on purpose.
_MEANT = {
    "WET": "Europe/Lisbon", "WEST": "Europe/Lisbon", "CET": "Europe/Berlin", "CEST": "Europe/Berlin",
    "EET": "Europe/Athens", "EEST": "Europe/Athens", "MSK": "Europe/Moscow",
    "EST": "America/New_York", "EDT": "America/New_York", "MST": "America/Denver", "MDT": "America/Denver",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "AKST": "America/Anchorage",
    "AKDT": "America/Anchorage", "NST": "America/St_Johns", "NDT": "America/St_Johns",
    "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "HKT": "Asia/Hong_Kong",
    "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "ACST": "Australia/Adelaide",
    "ACDT": "Australia/Adelaide", "AWST": "Australia/Perth", "NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland",
}  # fmt: skip
_UNCLEAR = frozenset((
    "CST", "CDT", "IST", "BST", "AST", "ADT", "AMT", "ART", "BRT", "CCT", "ECT", "GST", "HST", "ICT", "IDT", "MET",
    "MEST", "MMT", "NPT", "PHT", "PKT", "SST", "SAST", "SGT", "TRT", "UZT", "WAT", "WIB", "EAT", "ET", "CT", "MT", "PT",
))  # fmt: skip
_LOCAL = {"北京时间": "Asia/Shanghai", "中国标准时间": "Asia/Shanghai", "东京时间": "Asia/Tokyo", "UTC时间": "UTC"}
_SOME = ("当地时间", "本地时间")
_UTC = frozenset(("Z", "UTC", "GMT", "UT", "世界协调时", "格林尼治时间"))
_OFFSET = r"(?:UTC|GMT)?\s?[+\-−]\d{1,2}(?::?\d{2})?(?![\d:.])"
_PLACE = r"[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_+\-]+){1,2}"
_WORDS = (
    r"(?:[A-Z][a-z]+\s){1,3}[Tt]ime\b|(?:[Ll]ocal|[Ss]erver|[Pp]acific|[Ee]astern|[Cc]entral|[Mm]ountain)\b(?:\s[Tt]ime\b)?"
    r"|[A-Za-z\u4e00-\u9fff]{1,8}?(?:时间|标准时|夏令时|夏时制|时区)"
)
_CHINESE = "|".join((*_LOCAL, *_SOME, "世界协调时", "格林尼治时间"))
_DESIGNATION = re.compile(
    rf"\s{{0,2}}[(\[（]?\s?(?P<name>(?i:{_OFFSET})|{_PLACE}|{_CHINESE}|{_WORDS}|[A-Za-z]{{1,5}}(?![\w/]))"
)
_FIXED = re.compile(r"(?:UTC|GMT)?\s?([+\-−])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_FARTHEST = timedelta(hours=14)


def designation(text: str) -> str:
    """Name of a time zone that stands directly behind a time; empty for prose.

    Read are offsets (`Z`, `+01:00`, `UTC+8`), abbreviations (`CET`) and places (`[Europe/Berlin]`).
    A word of capitals that names no zone that is known may still be one where it stands alone.
    """
    match = _DESIGNATION.match(text[:80])
    if match is None:
        return ""
    name = match["name"]
    if re.fullmatch(r"[A-Za-z]{1,5}", name) is None:
        return name
    alone = not re.search(r"\w", text[match.end() :])
    known = name.upper() in _MEANT or name.upper() in _UTC or name.upper() in _UNCLEAR
    if name.isupper():
        return name if known or (alone and len(name) > 1) else ""
    return name if known and alone else ""


def zone_named(name: str, wall: datetime) -> tzinfo | None:
    """Return the zone that a name means beside a time; None where it is not clear.

    Parameters
    ----------
    name
        An offset, a name of the tz database, or an abbreviation.
    wall
        The time that the name stands beside. An abbreviation of summer time is not clear in winter.
    """
    fixed = _FIXED.fullmatch(name)
    if fixed is not None:
        offset = timedelta(hours=int(fixed[2]), minutes=int(fixed[3] or 0))
        return timezone(offset if fixed[1] == "+" else -offset) if offset <= _FARTHEST else None
    if name.upper() in _UTC:
        return UTC
    place = _MEANT.get(name.upper()) or _LOCAL.get(name) or (name if "/" in name else "")
    try:
        zone = zoneinfo.ZoneInfo(place) if place else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
    if zone is None or "/" in name or name in _LOCAL:
        return zone
    # Where the clock shows a time twice, the abbreviation says which of the two is meant.
    for fold in (0, 1):
        local = wall.replace(tzinfo=zone, fold=fold)
        shift = local.utcoffset()
        if local.tzname() == name.upper() and shift is not None:
            return timezone(shift)
    return None
