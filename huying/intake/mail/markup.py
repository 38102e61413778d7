"""HTML letters down to the text a person would read."""

import html
import re
from typing import Final

import nh3

_MOST: Final = 4_000_000
_LINES: Final = re.compile(
    r"<(?:br|p|div|tr|li|h[1-6]|blockquote|table|ul|ol|hr|pre)>|</(?:p|div|li|h[1-6]|table|blockquote|pre)>"
)
_CELLS: Final = re.compile(r"<(?:td|th)>")
_TAGS: Final = re.compile(r"<[^>]*>")
_BLANKS: Final = re.compile(r"[ \t\r\n\u00a0]+")
_AROUND_LINES: Final = re.compile(r" *\n *")
_KEPT: Final = {
    "br", "p", "div", "tr", "td", "th", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul",
    "ol", "hr", "pre",
}  # fmt: skip
_DROPPED: Final = {"script", "style", "title", "noscript", "template", "svg", "iframe", "object"}


def html_to_text(markup: str) -> str:
    """Return the text of an HTML letter: blocks on lines of their own, no scripts, styles or links' targets.

    The sanitiser leaves well-formed markup with nothing but the few tags asked for and no attributes, so that
    the rest can be done by plain patterns.
    """
    safe = nh3.clean(
        markup[:_MOST],
        tags=_KEPT,
        clean_content_tags=_DROPPED,
        attributes={},
        link_rel=None,
        strip_comments=True,
    )
    flowing = _BLANKS.sub(" ", safe)
    lined = _CELLS.sub(" ", _LINES.sub("\n", flowing))
    text = html.unescape(_TAGS.sub("", lined))
    return _AROUND_LINES.sub("\n", text.replace("\u00a0", " ")).strip()
