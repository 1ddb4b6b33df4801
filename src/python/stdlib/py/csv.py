QUOTE_MINIMAL = 0
QUOTE_ALL = 1
QUOTE_NONNUMERIC = 2
QUOTE_NONE = 3


class Error(Exception):
    pass


def _rows(lines, delimiter, quotechar, skipinitialspace):
    row = []
    field = ""
    quoted = False
    started = False
    was_quoted = False
    for line in lines:
        at = 0
        while at < len(line):
            c = line[at]
            if quoted:
                if c == quotechar:
                    if line[at + 1:at + 2] == quotechar:
                        field += c
                        at += 1
                    else:
                        quoted = False
                else:
                    field += c
            elif c == quotechar and not field:
                quoted = True
                started = True
            elif c == delimiter:
                row.append(field)
                field = ""
                started = True
            elif c == "\n" or c == "\r":
                pass
            elif c == " " and skipinitialspace and not field:
                pass
            else:
                field += c
                started = True
            at += 1
        if not quoted:
            if started:
                row.append(field)
            yield row
            row = []
            field = ""
            started = False


def reader(lines, dialect="excel", delimiter=",", quotechar='"', skipinitialspace=False, **options):
    return _rows(lines, delimiter, quotechar, skipinitialspace)


class DictReader:
    def __init__(self, lines, fieldnames=None, restkey=None, restval=None, *args, **options):
        self._reader = reader(lines, **options)
        self._fieldnames = fieldnames
        self.restkey = restkey
        self.restval = restval

    @property
    def fieldnames(self):
        if self._fieldnames is None:
            self._fieldnames = next(self._reader, None)
        return self._fieldnames

    def __iter__(self):
        names = self.fieldnames
        for row in self._reader:
            if not row:
                continue
            result = dict(zip(names, row))
            if len(row) > len(names):
                result[self.restkey] = row[len(names):]
            for name in names[len(row):]:
                result[name] = self.restval
            yield result


class writer:
    def __init__(self, file, dialect="excel", delimiter=",", quotechar='"', lineterminator="\r\n",
                 quoting=0, **options):
        self._file = file
        self._delimiter = delimiter
        self._quote = quotechar
        self._end = lineterminator
        self._all = quoting == QUOTE_ALL

    def writerow(self, row):
        out = []
        for field in row:
            text = "" if field is None else str(field)
            special = any(c in text for c in (self._delimiter, self._quote, "\n", "\r"))
            if special or self._all:
                text = self._quote + text.replace(self._quote, self._quote * 2) + self._quote
            out.append(text)
        return self._file.write(self._delimiter.join(out) + self._end)

    def writerows(self, rows):
        for row in rows:
            self.writerow(row)
