"""What time it is, and on which day of the wearer's calendar something was: in this computer's zone, with its changes,
or in the one where a session was synced.

A session stores UTC; the day it belongs to is the local one, because "two different days" is about a night's rest.
"""

from datetime import date, datetime, timedelta, timezone

from retrowalk.archive.session_date import local_time

DAY_S = 86400


def now_utc_s() -> int:
    """Seconds since 1970, UTC."""
    return int(datetime.now(timezone.utc).timestamp())


def day_of(utc_s: int, utc_offset_s: int | None = None) -> date:
    """The local day of a moment, in the zone of this computer or in one so many seconds ahead of UTC."""
    return local_time(utc_s, utc_offset_s).date()


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def utc_of_text(text: object) -> int | None:
    """Seconds of an ISO time with a zone, as a manifest holds it; None if it is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return int(moment.timestamp()) if moment.tzinfo else None
