### datetime construction
from datetime import datetime, date, time, timedelta, timezone
d = datetime(2024, 2, 29, 13, 5, 9, 123456)
print(d, repr(d), d.year, d.month, d.day, d.hour, d.minute, d.second, d.microsecond, d.tzinfo, d.date(), d.time(), d.weekday(), d.isoweekday(), d.isocalendar(), d.toordinal(), d.timetuple().tm_yday)
print(datetime(2024, 1, 1), repr(datetime(2024, 1, 1)), repr(date(2024, 1, 2)), repr(time(1, 2)), time(1, 2, 3, 4), date(1, 1, 1))
### datetime errors
from datetime import datetime, date, time
for f in (lambda: datetime(2024, 13, 1), lambda: date(2023, 2, 29), lambda: time(25), lambda: datetime(0, 1, 1), lambda: datetime(2024, 1, 1, 0, 60), lambda: datetime(2024, 1), lambda: date(10000, 1, 1)):
    try:
        print(f())
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
### iso formats
from datetime import datetime, date, time, timezone, timedelta
d = datetime(2024, 3, 4, 5, 6, 7, 80000)
print(d.isoformat(), d.isoformat(" "), d.isoformat(timespec="seconds"), d.isoformat(timespec="milliseconds"), d.isoformat("T", "minutes"), datetime(2024, 1, 1, tzinfo=timezone.utc).isoformat(), date(2024, 1, 2).isoformat(), time(1, 2).isoformat(), str(d), d.ctime())
print(datetime.fromisoformat("2024-01-02"), datetime.fromisoformat("2024-01-02T03:04:05.678901+02:00"), datetime.fromisoformat("2024-01-02 03:04"), datetime.fromisoformat("2024-01-02T03:04:05Z"), date.fromisoformat("2024-05-06"), time.fromisoformat("04:05:06"), datetime.fromisoformat("20240102T030405"))
for s in ("2024", "2024-13-01", "x", "2024-01-01T25:00"):
    try:
        print(datetime.fromisoformat(s))
    except ValueError as e:
        print(e)
### strftime
from datetime import datetime, timezone
d = datetime(2024, 1, 2, 13, 4, 5, 6)
print(d.strftime("%Y-%m-%d %H:%M:%S.%f %y %b %B %a %A %d %j %I %p %U %W %w %% %Z%z"), d.strftime("%d/%m/%Y"), d.replace(tzinfo=timezone.utc).strftime("%Z %z"), d.strftime("%x %X"), d.strftime("%-d %e %D %T %F %R") if False else "")
### strptime
from datetime import datetime
print(datetime.strptime("2024-01-02 03:04:05", "%Y-%m-%d %H:%M:%S"), datetime.strptime("02 Jan 2024", "%d %b %Y"), datetime.strptime("1/2/24 3 PM", "%m/%d/%y %I %p"), datetime.strptime("2024-01-02T03:04:05.5+0200", "%Y-%m-%dT%H:%M:%S.%f%z"), datetime.strptime("20240102", "%Y%m%d"), datetime.strptime("2024 100", "%Y %j"))
for a in (("2024", "%Y-%m"), ("2024-01-02x", "%Y-%m-%d"), ("aa", "%d")):
    try:
        datetime.strptime(*a)
    except ValueError as e:
        print(e)
### timedelta
from datetime import timedelta
for t in (timedelta(), timedelta(1), timedelta(hours=25, minutes=3), timedelta(seconds=-1), timedelta(weeks=1, milliseconds=5), timedelta(microseconds=1), timedelta(days=-1, hours=2), timedelta(1.5)):
    print(t, repr(t), t.days, t.seconds, t.microseconds, t.total_seconds(), bool(t))
### timedelta arithmetic
from datetime import timedelta as T
print(T(1) + T(hours=1), T(1) - T(2), T(1) * 2, 2 * T(1), T(1) / 2, T(1) / T(hours=1), T(1) // T(hours=5), T(1) % T(hours=5), -T(1), abs(T(-1)), T(1) < T(2), T(1) == T(hours=24), T(1) // 3, T(1) * 0.5, divmod(T(1), T(hours=7)), sum([T(1), T(2)], T()), max(T(1), T(2)), T.max, T.min, hash(T(1)) == hash(T(hours=24)))
### datetime arithmetic
from datetime import datetime, date, timedelta
d = datetime(2024, 1, 31)
print(d + timedelta(1), d - timedelta(31), d - datetime(2023, 1, 31), date(2024, 3, 1) - date(2024, 2, 1), date(2024, 1, 1) + timedelta(days=1, hours=5), d.replace(year=2025, day=1), timedelta(1) + d, d < datetime(2025, 1, 1), d == datetime(2024, 1, 31), max(d, datetime(2020, 1, 1)), date(2024, 1, 1) < date(2024, 1, 2))
for f in (lambda: d + 1, lambda: d + d, lambda: d - 5, lambda: d < 5, lambda: date(2024, 1, 1) < d, lambda: datetime.max + timedelta(1), lambda: d.replace(month=2)):
    try:
        print(f())
    except (TypeError, OverflowError, ValueError) as e:
        print(type(e).__name__, e)
### aware and naive
from datetime import datetime, timezone, timedelta
u = datetime(2024, 1, 1, 12, tzinfo=timezone.utc)
e = timezone(timedelta(hours=5, minutes=30))
k = timezone(timedelta(hours=-3), "BRT")
print(u, u.astimezone(e), u.astimezone(k), repr(u), repr(e), repr(k), e, k, timezone.utc, repr(timezone.utc), u == u.astimezone(e), u.astimezone(e).utcoffset(), u.tzname(), u.astimezone(k).tzname(), u.utcoffset(), u - u.astimezone(e))
for f in (lambda: u - datetime(2024, 1, 1), lambda: u < datetime(2024, 1, 1), lambda: timezone(timedelta(hours=24))):
    try:
        f()
    except (TypeError, ValueError) as x:
        print(x)
print(u == datetime(2024, 1, 1, 12), u.replace(tzinfo=None), u.timestamp(), datetime.combine(u.date(), u.time(), tzinfo=timezone.utc))
### timestamps
from datetime import datetime, timezone, date
print(datetime.fromtimestamp(0, timezone.utc), datetime.fromtimestamp(1700000000.5, tz=timezone.utc), datetime.utcfromtimestamp(86400), datetime(1970, 1, 2, tzinfo=timezone.utc).timestamp(), date.fromordinal(738000), date.min, datetime.max, datetime.min, date.fromisocalendar(2024, 1, 1))
### date types
from datetime import datetime, date, time
print(isinstance(datetime(2024, 1, 1), date), isinstance(date(2024, 1, 1), datetime), type(datetime(2024, 1, 1).date()).__name__, {date(2024, 1, 1): 1}[date(2024, 1, 1)], sorted([date(2024, 2, 1), date(2024, 1, 1)]), date(2024, 1, 1) == datetime(2024, 1, 1), datetime.__name__, time.min, time.max, datetime.resolution)
### zoneinfo
from zoneinfo import ZoneInfo
from datetime import datetime, timezone, timedelta
z = ZoneInfo("Europe/Berlin")
w = datetime(2024, 1, 15, 12, tzinfo=z)
s = datetime(2024, 7, 15, 12, tzinfo=z)
print(w, s, repr(z), z, w.tzname(), s.tzname(), w.utcoffset(), s.dst(), w.dst(), s.astimezone(timezone.utc), datetime(2024, 7, 1, 12, tzinfo=timezone.utc).astimezone(ZoneInfo("America/New_York")), z.key)
print(s - w, (s - timedelta(days=180)).isoformat(), ZoneInfo("Asia/Kolkata").utcoffset(w), w == w.astimezone(ZoneInfo("UTC")), ZoneInfo("UTC") is ZoneInfo("UTC"))
### zoneinfo folds and gaps
from zoneinfo import ZoneInfo
from datetime import datetime, timezone
z = ZoneInfo("America/New_York")
a = datetime(2024, 11, 3, 1, 30, tzinfo=z)
print(a.isoformat(), a.replace(fold=1).isoformat(), a.timestamp(), a.replace(fold=1).timestamp())
g = datetime(2024, 3, 10, 2, 30, tzinfo=z)
print(g.isoformat(), g.astimezone(timezone.utc), datetime(2024, 11, 3, 6, 30, tzinfo=timezone.utc).astimezone(z).fold)
### zoneinfo unknown
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError
try:
    ZoneInfo("Mars/Olympus")
except ZoneInfoNotFoundError as e:
    print(type(e).__name__, e)
ZoneInfo("Nope")
### zoneinfo old and future dates
from zoneinfo import ZoneInfo
from datetime import datetime
for y in (1900, 1945, 1970, 2030, 2050):
    print(datetime(y, 7, 1, tzinfo=ZoneInfo("Europe/London")).isoformat(), datetime(y, 7, 1, tzinfo=ZoneInfo("Australia/Sydney")).tzname())
### calendar
import calendar
print(calendar.monthrange(2024, 2), calendar.isleap(2024), calendar.month_name[3], calendar.day_abbr[0], calendar.timegm((1970, 1, 2, 0, 0, 0)), calendar.leapdays(2000, 2024))
### tzinfo subclass
from datetime import tzinfo, timedelta, datetime
class E(tzinfo):
    def utcoffset(self, d): return timedelta(hours=3)
    def dst(self, d): return timedelta(0)
    def tzname(self, d): return "EAT"
d = datetime(2024, 1, 1, tzinfo=E())
print(d, d.tzname(), d.utcoffset(), d.strftime("%Z%z"))
### time of day
from datetime import time, timezone, timedelta, datetime
t = time(23, 59, 58, 5)
print(t, repr(t), t.replace(hour=1), t.isoformat("seconds"), t < time(23, 59, 59), t.strftime("%H-%M"), time(1, tzinfo=timezone.utc), bool(time(0)), t == time(23, 59, 58, 5), time(12, 30).hour)
### decimal construction
from decimal import Decimal as D
print(D("1.10"), D(5), D("1e3"), D("-0.00"), D(0.1), D("NaN"), D("Infinity"), repr(D("1.5")), D((0, (1, 2, 3), -2)), D(" 1.5 "), D("1_000.5"), D(), str(D("1E+10")), D("0.0000001"), D("123456789012345678901234567890"))
### decimal arithmetic
from decimal import Decimal as D
print(D("1.1") + D("2.2"), D("1.10") * 3, D(1) / D(3), D("7") // 2, D("-7") % 3, D("7") / 2, D(2) ** 10, D(2) ** -1, D("1.20") - D("1.2"), -D("1.5"), abs(D("-2")), D("1.0") == 1, D("0.5") == 0.5, D("1.1") == 1.1, D(1) < 2, D("1.50").normalize(), sum([D("0.1")] * 3), D(10) / 4, divmod(D(7), 2), D("2").sqrt(), max(D(1), D(2)), D("1E+2") + 1, 1 + D("0.5"), hash(D(1)) == hash(1))
### decimal rounding
from decimal import Decimal as D, ROUND_HALF_UP, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, ROUND_CEILING, ROUND_FLOOR
print(D("2.675").quantize(D("0.01")), D("2.675").quantize(D("0.01"), ROUND_HALF_UP), D("-2.5").quantize(D("1"), rounding=ROUND_DOWN), D("2.5").quantize(D(1)), round(D("2.675"), 2), round(D("2.5")), D("1.1").quantize(D("1"), ROUND_UP), D("-1.1").to_integral_value(ROUND_CEILING), D("-1.1").to_integral_value(ROUND_FLOOR), D("1234.5").quantize(D("1E+2")), int(D("3.9")), float(D("0.25")), D("5").as_tuple(), D("1.23E+3").as_tuple().exponent, D("3.7").to_integral_value())
### decimal errors
from decimal import Decimal as D, InvalidOperation, DivisionByZero
for f in (lambda: D("abc"), lambda: D(1) / 0, lambda: D(0) / 0, lambda: D(1) + 1.5, lambda: D("1") + "1", lambda: D([1]) if False else D(None)):
    try:
        print(f())
    except (InvalidOperation, TypeError, ZeroDivisionError) as e:
        print(type(e).__name__)
print(issubclass(DivisionByZero, ZeroDivisionError), D("NaN") == D("NaN"), D("inf") > 1, D("nan").is_nan(), D("1").is_finite(), D("-1").is_signed(), D("0").is_zero())
### decimal context
from decimal import Decimal as D, getcontext, localcontext
with localcontext() as c:
    c.prec = 5
    print(D(1) / 3, D("123456") + 1)
print(getcontext().prec, D(1) / 3)
print(D("1.5").compare(D("2")), D("12.30").adjusted(), D("1.5").copy_negate(), D("100").normalize(), f"{D('100').normalize():f}", D("1.5").as_integer_ratio(), D("10").log10(), D("3").scaleb(2), D("1.25").is_integer() if False else "")
### fractions
from fractions import Fraction as F
print(F(1, 3) + F(1, 6), F(6, 4), F("0.25"), F(3), repr(F(1, 2)), F(1, 2) * 2, F(1, 2) < 1, float(F(1, 4)), F(7, 2).numerator, F(0.5), int(F(7, 2)), F(1, 2) == 0.5)
### math
import math
print(math.pi, math.e, math.inf, math.sqrt(16), math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7), math.gcd(12, 18), math.lcm(4, 6), math.factorial(10), math.log(8, 2), math.log10(1000), math.log2(8), math.exp(0), math.pow(2, 3), math.fabs(-1), math.hypot(3, 4), math.isclose(0.1 + 0.2, 0.3), math.isnan(math.nan), math.isinf(math.inf), math.prod([1, 2, 3]), math.comb(5, 2), math.perm(5, 2), math.isqrt(17), math.copysign(1, -0.0), math.fmod(-7, 3), math.modf(1.5), math.degrees(math.pi), math.fsum([0.1] * 10), math.dist((0, 0), (3, 4)), math.floor(2), math.ceil(10 ** 20))
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.floor("a"), lambda: math.gcd(1.5)):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
### decimals: what zero divided by something is
from decimal import Decimal
print(Decimal("0") / Decimal("1000000.0"), Decimal("946684800") + Decimal("0") / Decimal("1000000.0"))
print(Decimal("0.00") / Decimal("7"), Decimal("0") / 3, Decimal("7") / Decimal("1000000.0"))
