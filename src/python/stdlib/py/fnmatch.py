import re


def translate(pat):
    out = ""
    place = 0
    while place < len(pat):
        char = pat[place]
        place += 1
        if char == "*":
            out += ".*"
        elif char == "?":
            out += "."
        elif char == "[":
            end = place
            if end < len(pat) and pat[end] == "!":
                end += 1
            if end < len(pat) and pat[end] == "]":
                end += 1
            while end < len(pat) and pat[end] != "]":
                end += 1
            if end >= len(pat):
                out += "\\["
            else:
                inner = pat[place:end].replace("\\", "\\\\")
                place = end + 1
                if inner[0] == "!":
                    inner = "^" + inner[1:]
                elif inner[0] == "^":
                    inner = "\\" + inner
                out += "[" + inner + "]"
        else:
            out += re.escape(char)
    return "(?s:" + out + ")\\Z"


def fnmatchcase(name, pat):
    return re.match(translate(pat), name) is not None


fnmatch = fnmatchcase


def filter(names, pat):
    return [name for name in names if fnmatchcase(name, pat)]
