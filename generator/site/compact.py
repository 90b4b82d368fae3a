"""Templates without the white space that only their readers need, and pages in fewer bytes.

Templates are indented, with a line for each element; in pages that would be a fifth of all bytes.
"""

from __future__ import annotations

import re

from ..pages.plan import root

INLINE = "a|b|bdi|br|button|code|i|span"
SPACE = rf"(?<=[^-]%}}\n)[ \t]+(?=[^\s<{{]|{{{{[^-]|<(?:{INLINE})\b)"
"""Indentation of what is shown after a block tag, which takes its own line break away."""
INDENT = re.compile(rf"(?P<space>{SPACE})|^[ \t]+", re.MULTILINE)
PARTS = "caption|col|colgroup|li|meta|link|option|script|tbody|td|tfoot|th|thead|title|tr"
SHAPES = "circle|g|line|path|polyline|rect|text"
BEFORE = re.compile(rf"\s+(?=</?(?:{PARTS})\b|<(?:{SHAPES})\b|</(?:ol|svg|table|ul)>)")
"""White space in front of parts of tables, lists, heads and drawings, which is never shown."""
INSIDE = re.compile(rf"(<(?:{PARTS}|ol|svg|table|ul)(?:\s[^<>{{}}]*)?>)\s+")
"""White space right inside them, where a tag holds no expression."""


ENDS = re.compile(
    r"</t(?:[dhr]|head|body)>\s*(?:</t(?:[dhr]|head|body)>\s*)*(?=<(?:t[dhr]|tbody|/?tfoot|/table)\b)"
    r"|</li>(?=\s*<(?:li|/[ou]l)\b)"
)
"""Ends of parts of a table or a list before the next part or its end: HTML knows them without being
told."""


def without_ends(html: str) -> str:
    """Return a page without the tags that end cells, rows and items, a twentieth of its bytes."""
    return ENDS.sub("", html)


def nearby(html: str, url: str) -> str:
    """Return a page whose links to its own folder do not climb to the root of the site first."""
    folder, slash, _ = url.rpartition("/")
    return html.replace(f'href="{root(url)}{folder}/', 'href="') if slash else html


def compact(template: str) -> str:
    """Return a template with the same page in fewer bytes; its lines keep their numbers."""
    flush = INDENT.sub(lambda found: " " if found["space"] else "", template)
    return BEFORE.sub(_lines, INSIDE.sub(lambda found: found[1] + _lines(found), flush))


def _lines(found: re.Match[str]) -> str:
    """Return a comment that has as many lines as were taken out, so that errors name theirs."""
    return "{#" + "\n" * found[0].count("\n") + "#}"
