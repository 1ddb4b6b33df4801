import re


def _margin(line):
    return line[:len(line) - len(line.lstrip(" \t"))]


def dedent(text):
    lines = text.split("\n")
    lines = ["" if not line.strip(" \t") else line for line in lines]
    common = None
    for line in lines:
        if not line:
            continue
        margin = _margin(line)
        if common is None:
            common = margin
        elif not margin.startswith(common):
            at = 0
            while at < len(common) and at < len(margin) and common[at] == margin[at]:
                at += 1
            common = common[:at]
    if common:
        lines = [line[len(common):] if line else line for line in lines]
    return "\n".join(lines)


def indent(text, prefix, predicate=None):
    if predicate is None:
        predicate = str.strip
    return "".join([prefix + line if predicate(line) else line for line in text.splitlines(True)])


_PIECES = re.compile(
    r"[\t\n\x0b\x0c\r ]+|(?<=[\w!\"'&.,?])-{2,}(?=\w)"
    r"|[^\t\n\x0b\x0c\r ](?:[^\t\n\x0b\x0c\r ]*?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[^\d\W]-))(?=[^\d\W]-?[^\d\W])"
    r"|(?=[\t\n\x0b\x0c\r ]|\Z)|(?<=[\w!\"'&.,?])(?=-{2,}\w)))")


def _pieces(text, hyphens):
    if hyphens:
        return [piece for piece in _PIECES.findall(text) if piece]
    return [piece for piece in re.findall(r"[\t\n\x0b\x0c\r ]+|[^\t\n\x0b\x0c\r ]+", text) if piece]


def wrap(text, width=70, *, initial_indent="", subsequent_indent="", expand_tabs=True,
         replace_whitespace=True, fix_sentence_endings=False, break_long_words=True,
         drop_whitespace=True, break_on_hyphens=True, tabsize=8, max_lines=None,
         placeholder=" [...]"):
    if expand_tabs:
        text = text.expandtabs(tabsize)
    if replace_whitespace:
        text = re.sub(r"[\t\n\x0b\x0c\r ]", " ", text)
    pieces = _pieces(text, break_on_hyphens)
    pieces.reverse()
    lines = []
    while pieces:
        lead = subsequent_indent if lines else initial_indent
        room = width - len(lead)
        if drop_whitespace and lines and not pieces[-1].strip():
            pieces.pop()
        line = []
        used = 0
        while pieces and used + len(pieces[-1]) <= room:
            piece = pieces.pop()
            line.append(piece)
            used += len(piece)
        if pieces and len(pieces[-1]) > room:
            space = max(1, room - used) if room >= 1 else 1
            if break_long_words:
                piece = pieces.pop()
                end = space
                if break_on_hyphens and len(piece) > space:
                    hyphen = piece.rfind("-", 0, space)
                    if hyphen > 0 and any(c != "-" for c in piece[:hyphen]):
                        end = hyphen + 1
                line.append(piece[:end])
                pieces.append(piece[end:])
            elif not line:
                line.append(pieces.pop())
        if drop_whitespace and line and not line[-1].strip():
            line.pop()
        if line:
            lines.append(lead + "".join(line))
    return lines


def fill(text, width=70, **options):
    return "\n".join(wrap(text, width, **options))


def shorten(text, width, placeholder=" [...]", **options):
    words = text.split()
    whole = " ".join(words)
    if len(whole) <= width:
        return whole
    while words and len(" ".join(words) + placeholder) > width:
        words.pop()
    return (" ".join(words) + placeholder) if words else placeholder.strip()
