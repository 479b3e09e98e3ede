"""Puts the clock more than a year on, when it is imported: a second look at metadata finds what hangs on the time."""
import datetime
import time

# Every part of a date is another one then.
AHEAD = ((400 * 24 + 1) * 60 + 1) * 60 + 1

_real = {name: getattr(time, name) for name in ("time", "time_ns", "gmtime", "localtime", "ctime", "asctime", "strftime")}


def _now():
    return _real["time"]() + AHEAD


def _of_seconds(name):
    return lambda seconds=None: _real[name](_now() if seconds is None else seconds)


time.time = _now
time.time_ns = lambda: _real["time_ns"]() + AHEAD * 10**9
for _name in ("gmtime", "localtime", "ctime"):
    setattr(time, _name, _of_seconds(_name))
time.asctime = lambda moment=None: _real["asctime"](time.localtime() if moment is None else moment)
time.strftime = lambda format, moment=None: _real["strftime"](format, time.localtime() if moment is None else moment)


class _Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(_now(), tz)

    @classmethod
    def utcnow(cls):
        return cls.now(datetime.timezone.utc).replace(tzinfo=None)

    @classmethod
    def today(cls):
        return cls.now()


class _Date(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(_now())


_Datetime.__name__, _Date.__name__ = "datetime", "date"
datetime.datetime, datetime.date = _Datetime, _Date
