import re


def quote(s):
    if not s:
        return "''"
    if re.search(r"[^\w@%+=:,./-]", s, re.ASCII) is None:
        return s
    return "'" + s.replace("'", "'\"'\"'") + "'"


def join(split_command):
    return " ".join(quote(arg) for arg in split_command)


def split(s, comments=False, posix=True):
    words = []
    word = None
    mark = None
    place = 0
    while place < len(s):
        char = s[place]
        place += 1
        if mark is not None:
            if char == mark:
                mark = None
            elif char == "\\" and mark == "\"" and place < len(s) and s[place] in "\"\\":
                word += s[place]
                place += 1
            else:
                word += char
        elif char in "'\"":
            mark = char
            word = word or ""
        elif char == "\\" and place < len(s):
            word = (word or "") + s[place]
            place += 1
        elif char.isspace():
            if word is not None:
                words.append(word)
                word = None
        elif char == "#" and comments:
            break
        else:
            word = (word or "") + char
    if mark is not None:
        raise ValueError("No closing quotation")
    if word is not None:
        words.append(word)
    return words
