"""Templates of many shapes and what Mako makes of them.

Run with a Python that has Mako:

    python tests/oracle/mako_cases.py > tests/oracle/mako_cases.json

Each case is a template, the names that it is given, and the text that it becomes; `null` where Mako
refuses the template or its Python fails.
"""

import json

from mako.template import Template

NAMES = {
    "message": "add <users> & \"more\"",
    "up_revision": "1a2b",
    "down_revision": ["aa", "bb"],
    "none": None,
    "items": ["x", "y", "z"],
    "number": 42,
    "empty": "",
}

CASES = [
    # Expressions.
    "${message}",
    "${ message }\n",
    "a${number}b${number}c",
    "${none}|${down_revision}|${repr(up_revision)}",
    "${message | h}|${message | x}|${message|u}|${'  a ' | trim}|",
    "${message | n}|${message|n,h}|${'a b' | u,trim}|",
    "${number | n}",
    "${none | str}|${number | unicode}|${message | decode.utf8}",
    "${'}' + '{' }|${ {'a': 1}['a'] }|${[i for i in items][0]}",
    "${(1 | 2)}|${'|'}|${ {1: '|'}[1] }",
    "${'a' if none else 'b'}|${imports if imports else 'nothing'}",
    "${imports}",
    "${imports or 'x'}|${not_there is UNDEFINED}",
    "${'''a\nb'''}|${\"\"\"}\"\"\"}",
    "${number # a comment }\n}",
    "${", "${message", "${message | }", "${}", "${)(}", "${a) + (b}",
    "$ { } $x {y} $$ ${number}$",
    "${len(items)}|${sorted(items, reverse=True)}|${', '.join(items)}",
    "${number:>5}",
    "${f'{number:05d}'}|${'%s' % number}|${'{}'.format(number)}",
    # Control lines.
    "% if number > 3:\nbig\n% else:\nsmall\n% endif\n",
    "% if none:\na\n% elif empty:\nb\n% elif number:\nc\n% endif\nend",
    "% for item in items:\n- ${item}\n% endfor\n",
    "  % for item in items:\n\t- ${item}\n  % endfor\n",
    "%for item in items:\n${item}\n%endfor\n",
    "% for a, b in zip(items, range(3)):\n${a}${b}\n% endfor",
    "% for item in items:\n${loop.index}${loop.first}${loop.last}${loop.even}${loop.odd}${loop.reverse_index} ${loop.cycle('p','q')}\n% endfor\n",
    "% for a in items:\n% for b in items:\n${loop.parent.index}${loop.index}\n% endfor\n${loop.index}\n% endfor\n",
    "% for item in items:\n% if item == 'y':\n<% continue %>\n% endif\n${item}\n% endfor\n",
    "% for item in items:\n% if item == 'y':\n<% break %>\n% endif\n${item}\n% else:\nnever\n% endfor\n",
    "<% n = 0 %>\\\n% while n < 3:\n${n}\n<% n += 1 %>\\\n% endwhile\n",
    "% try:\n${1 / 0}\n% except ZeroDivisionError:\nfailed\n% finally:\ndone\n% endtry\n",
    "% try:\n${1}\n% except:\nx\n% endtry\n",
    "% if items and \\\n   number:\nyes\n% endif\n",
    "% if number:\n% endif\nx\n",
    "% for item in [':', '#']:\n${loop.index}${item}\n% endfor\n",
    "% for item in []:\nx\n% endfor\nend\n",
    "% if number: # comment\nx\n% endif\n",
    "% endif\n", "% if number:\nx\n", "% for x in items:\n% endif\n", "% else:\n", "% import os\n", "%\n",
    "a % b\n50% of\n% if number:\nx % y\n% endif\n",
    "%% a\n  %% b\n%%% c\nd %% e\n",
    "x\n\n%% y\n",
    "## a comment\n  ## another\nx ## no comment\n##\n",
    "## only\n",
    "<%doc>\n  a ${b}\n  % if\n</%doc>after\n",
    # Blocks of Python.
    "<%!\nimport re\n%>\n${re.sub('a', 'b', 'aaa')}\n",
    "${f(2)}\n<%!\ndef f(x):\n    return x * 2\n%>",
    "<%\nx = 1\ny = [\n  1,\n  2,\n]\n%>${x}${y}\n",
    "<%\n    if number:\n        x = '''a\n  b'''\n    else:\n        x = 2\n%>${x}\n",
    "<% x = 5 %>${x}<% x += 1 %>${x}\n",
    "% if number:\n<%\n    x = 1\n    y = x + 1\n%>\n${y}\n% endif\n",
    "<%\n# a comment\nx = 1\n  # another\nprint_me = x\n%>${print_me}\n",
    "<%\n  x = 1\n  y = \\\n    2\n%>${x + y}\n",
    "<% context.write('direct') %>|${context.get('number')}|${context.get('nix', 'default')}\n",
    "<%", "<% x = %>", "<% x = 1", "<% return %>never",
    "<%\nfor i in items:\n    context.write(i)\n%>\n",
    # Functions.
    "<%def name=\"f(a, b=2)\">[${a}${b}]</%def>${f(1)}${f(1, b=3)}\n",
    "${f('x')}\n<%def name=\"f(a)\">\n% for i in range(2):\n${a}${i}\n% endfor\n</%def>\n",
    "<%def name=\"f()\" filter=\"trim\">  padded  </%def>|${f()}|\n",
    "<%def name=\"f()\" buffered=\"True\">kept</%def>${f() + '!'}\n",
    "<%def name=\"f()\" buffered=\"True\" filter=\"h\">a<b</%def>${f()}\n",
    "<%def name=\"outer()\"><%def name=\"inner()\">in</%def>(${inner()})</%def>${outer()}\n",
    "<%def name=\"f()\">a${number}</%def>${capture(f).upper()}\n",
    "<%block>plain ${number}</%block>\n",
    "<%block name=\"b\" filter=\"u\">a b</%block>\n",
    "<%def>x</%def>", "<%def name=\"f()\">x", "</%def>", "<%def name=\"f()\">x</%block>",
    "<%nothing/>", "<%include file=\"other.mako\"/>", "<%inherit file=\"other.mako\"/>",
    "<%page expression_filter=\"h\"/>${message}|${message | n}|${message | u}\n",
    "<%text>${raw} % <% %>\n% if\n</%text>\n",
    "<%text filter=\"h\">a < b</%text>\n",
    # Ends of lines.
    "a\\\nb\n", "a\\\\\nb", "a\\ b\n", "a\r\nb\r\n", "% if number:\r\nx\r\n% endif\r\ny\r\n",
    "a\\\r\nb", "no end", "", "\n", "\n\n\n", "  \n% if number:\n  \n% endif\n",
    "\ttab\t\n \n", "trailing \n", "ümläut ${'é'}\n", "a\x0bb\x0cc\n",
    "# -*- coding: utf-8 -*-\nx\n", "## -*- coding: utf-8 -*-\nx\n",
    "\"quoted\" 'text' \\n \\t {} {{ }} %s\n",
    "<a href=\"%s\"> </a> </b%> < %> %>\n",
    "<html>${number}</html>\n",
    # What templates of revisions do.
    '"""${message}\n\nRevises: ${down_revision | comma,n}\n"""\n${imports if imports else ""}\n',
    "def upgrade():\n    ${upgrades if upgrades else \"pass\"}\n",
    "<%!\nimport re\n%>x\n% for name in re.split(r',\\s*', 'a, b'):\ndef upgrade_${name}():\n    ${context.get(\"%s_upgrades\" % name, \"pass\")}\n\n% endfor\n",
    "% for engine in items:\n\ndef downgrade_${engine}():\n    ${pass_ if pass_ else 'pass'}\n% endfor\n",
    "${up_revision}${',' if down_revision else ''}${repr(tuple(down_revision))}",
]


def comma(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return ", ".join(value)


def made(text):
    try:
        return Template(text.encode()).render_unicode(comma=comma, **NAMES)
    except Exception:
        return None


print(
    json.dumps(
        {"names": NAMES, "cases": [{"template": text, "text": made(text)} for text in CASES]},
        indent=1,
        ensure_ascii=False,
    )
)
