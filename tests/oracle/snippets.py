"""Prints what CPython prints for the snippets of a file; with `--write`, keeps it beside the file.

A file holds snippets, each under a line `### title`. Each runs by itself. An exception that leaves
a snippet is printed as `!! Type: message`. The first line says which CPython answered.
"""

import contextlib
import io
import pathlib
import sys


def snippets(text):
    title, lines = None, []
    for line in text.splitlines():
        if line.startswith("### "):
            if title is not None:
                yield title, "\n".join(lines) + "\n"
            title, lines = line[4:], []
        else:
            lines.append(line)
    if title is not None:
        yield title, "\n".join(lines) + "\n"


def printed(source):
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(source, "<snippet>", "exec", dont_inherit=True), {"__name__": "__main__"})
    except BaseException as error:
        text = str(error)
        out.write(f"!! {type(error).__name__}{': ' + text if text else ''}\n")
    return out.getvalue()


def answer(path):
    parts = ["# CPython {}.{}\n".format(*sys.version_info[:2])]
    for title, source in snippets(path.read_text(encoding="utf-8")):
        parts.append(f"### {title}\n{printed(source)}")
    return "".join(parts)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        if name == "--write":
            continue
        path = pathlib.Path(name)
        text = answer(path)
        if "--write" in sys.argv:
            path.with_suffix(".out").write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
