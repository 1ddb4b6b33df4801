from datetime import datetime, date, time, timedelta, timezone
import datetime as dt, calendar, zoneinfo
d = datetime(2020, 2, 29, 13, 5, 9, 123)
print(d, repr(d), d.isoformat(), d.date(), d.time(), d.strftime("%Y-%m-%d %H:%M:%S.%f %j %a %A %b %B %p %I %y %%"), str(d.date()), repr(d.date()))
print(d + timedelta(days=1, hours=2), d - timedelta(weeks=1), d - datetime(2020, 1, 1), d.replace(year=2021, day=1), d.weekday(), d.isoweekday(), d.isocalendar()[1], d.toordinal())
print(datetime.fromisoformat("2021-01-02T03:04:05.678+02:00"), datetime.fromisoformat("2021-01-02"), date.fromisoformat("2021-03-04"), time(1, 2), repr(time(1, 2, 3)), time.fromisoformat("10:11"))
print(datetime.strptime("2021-05-06 07:08:09", "%Y-%m-%d %H:%M:%S"), datetime.strptime("06/May/21 1PM +0100", "%d/%b/%y %I%p %z"))
u = datetime(2021, 1, 1, tzinfo=timezone.utc)
print(u, repr(u), u.isoformat(), u.timestamp(), u.astimezone(timezone(timedelta(hours=5, minutes=30))), u.tzinfo, timezone(timedelta(hours=-3)), u.utcoffset(), u.tzname(), u.strftime("%z %Z"))
print(timedelta(days=1, seconds=5), repr(timedelta(hours=5)), timedelta(days=-1), timedelta(0), timedelta(hours=25).total_seconds(), timedelta(days=3) / timedelta(days=2), timedelta(days=3) // 2, timedelta(1) * 2.5, -timedelta(1), timedelta(minutes=1.5))
print(d > datetime(2020, 1, 1), date(2020, 1, 1) < date(2021, 1, 1), u == datetime(2021, 1, 1), date(2020, 1, 1) == datetime(2020, 1, 1), max(date(2020, 1, 1), date(2019, 1, 1)), datetime.min, datetime.max, date.max)
print(datetime.combine(date(2020, 1, 1), time(2, 3)), datetime.fromtimestamp(0, timezone.utc), datetime.utcfromtimestamp(86400.5), isinstance(d, date), isinstance(date(2020, 1, 1), datetime), dt.UTC if hasattr(dt, "UTC") else "")
print(calendar.monthrange(2024, 2), calendar.isleap(1900), {date(2020, 1, 1): 1}[date(2020, 1, 1)], f"{d:%Y%m%d}", "{:%H}".format(d), d.isoformat(" ", "minutes"), d.ctime(), bool(timedelta(0)))
print(datetime(2020,1,1,tzinfo=zoneinfo.ZoneInfo("UTC")).isoformat(), type(d).__name__, type(datetime.now()).__name__, datetime.now(timezone.utc).tzinfo, date.today() > date(1999, 1, 1))
for text in ("2021-13-01", "x"):
    try:
        datetime.fromisoformat(text)
    except ValueError as e:
        print(e)
try:
    datetime(2021, 2, 30)
except ValueError as e:
    print(e)
try:
    datetime.strptime("x", "%Y")
except ValueError as e:
    print(e)
try:
    u < d
except TypeError as e:
    print(e)
