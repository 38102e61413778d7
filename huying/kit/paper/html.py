"""A document as part of a page: the same blocks with the same numbers, for the screen and the printer."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from huying.kit.paper.model import (
    Block,
    Figure,
    Form,
    Heading,
    Labelled,
    Listed,
    Paper,
    Para,
    Quote,
    Table,
    cleaned,
    date_in_figures,
    numbered,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTHING = SafeString("")
# The number of a case, an appeal or a walk: broken in two it is read wrongly.
_NUMBER = re.compile(r"[A-Z]{2}[0-9]{6,}$")


def to_html(paper: Paper) -> SafeString:
    """Return a document as an article, everything escaped; its look is in `desk/papers.css`."""
    paper = cleaned(paper)
    parts = [_head(paper)]
    if paper.title:
        title = format_html_join(mark_safe("<br>"), "{}", ((part,) for part in paper.title.split("\n")))
        parts.append(format_html('<h2 class="paper__title">{}</h2>', title))
    if paper.addressee:
        parts.append(format_html('<p class="paper__flush">{}：</p>', paper.addressee))
    parts += [_block(number, block) for number, block in numbered(paper.blocks)]
    parts.append(_foot(paper))
    return format_html(
        '<article class="paper paper--{}" lang="{}">{}</article>', paper.form, paper.language, _join(parts)
    )


def _join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _head(paper: Paper) -> SafeString:
    mark = format_html('<p class="paper__mark">{}</p>', paper.mark) if paper.mark else NOTHING
    name = paper.masthead or paper.issuer
    if not name:
        return mark
    if paper.form == Form.DOCUMENT and not paper.masthead:
        name += "文件"
    number = format_html('<p class="paper__number">{}</p>', paper.number) if paper.number else NOTHING
    issue = NOTHING
    if paper.form in {Form.BULLETIN, Form.MINUTES}:
        day = date_in_figures(paper.dated_on) if paper.dated_on else ""
        issue = format_html('<p class="paper__issue"><span>{}</span> <span>{}</span></p>', paper.issuer, day)
    return format_html(
        '{}<header class="paper__head"><p class="paper__name">{}</p>{}{}</header>', mark, name, number, issue
    )


def _block(number: str, block: Block) -> SafeString:  # noqa: PLR0911 - one return a kind
    match block:
        case Heading():
            # The page and the document's title are above.
            return format_html(
                '<h{} class="paper__h{}">{}{}</h{}>',
                block.level + 2,
                block.level,
                number,
                block.text,
                block.level + 2,
            )
        case Para():
            lead = format_html("<strong>{}</strong>", block.lead) if block.lead else NOTHING
            first, *rest = block.text.split("\n")
            return _join(
                [format_html("<p>{}{}</p>", lead, first), *(format_html("<p>{}</p>", one) for one in rest)]
            )
        case Labelled():
            return format_html("<p><strong>{}：</strong>{}</p>", block.label, block.text)
        case Quote():
            source = format_html(" <cite>（{}）</cite>", block.source) if block.source else NOTHING
            return format_html(
                '<blockquote class="paper__quote"><p>“{}”{}</p></blockquote>', block.text, source
            )
        case Listed():
            tag = "ol" if block.numbered else "ul"
            entries = format_html_join("", "<li>{}</li>", ((entry,) for entry in block.entries))
            return format_html('<{} class="paper__listed">{}</{}>', tag, entries, tag)
        case Table():
            return _table(block)
        case Figure():
            return _figure(block)


def _table(block: Table) -> SafeString:
    caption = format_html("<caption>{}</caption>", block.caption) if block.caption else NOTHING
    # Heads are broken by hand for paper alone; a page breaks them where it has to.
    names = [name.replace("\n", "") for name in block.head]
    head = format_html_join("", '<th scope="col">{}</th>', ((name,) for name in names))
    rows = _join(
        format_html(
            "<tr>{}</tr>", _join(_cell(text, place in block.figures) for place, text in enumerate(row))
        )
        for row in block.rows
    )
    note = format_html('<p class="paper__note">{}</p>', block.note) if block.note else NOTHING
    return format_html(
        '<div class="paper__wide" tabindex="0" role="region" aria-label="{}"><table class="paper__table">'
        "{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>{}",
        block.caption or "、".join(names), caption, head, rows, note,
    )  # fmt: skip


def _cell(text: str, figure: bool) -> SafeString:  # noqa: FBT001 - one of two cells
    lines = format_html_join(mark_safe("<br>"), "{}", ((part,) for part in text.split("\n")))
    if figure:
        return format_html('<td class="paper__figures">{}</td>', lines)
    return format_html('<td class="paper__keep">{}</td>' if _NUMBER.match(text) else "<td>{}</td>", lines)


def _figure(block: Figure) -> SafeString:
    kind = "png" if block.image.startswith(b"\x89PNG") else "jpeg"
    data = base64.b64encode(block.image).decode()
    caption = format_html("<figcaption>{}</figcaption>", block.caption) if block.caption else NOTHING
    return format_html(
        '<figure class="paper__figure"><img src="data:image/{};base64,{}" alt="{}">{}</figure>',
        kind, data, block.alt, caption,
    )  # fmt: skip


def _foot(paper: Paper) -> SafeString:
    parts = [
        format_html(
            "<p>{}{}{}</p>",
            "附件：" if place == 1 else "　　　",
            f"{place}." if len(paper.annexes) > 1 else "",
            annex,
        )
        for place, annex in enumerate(paper.annexes, 1)
    ]
    if paper.form in {Form.DOCUMENT, Form.LETTER} and (paper.signed_by or paper.dated_on):
        dated = date_in_figures(paper.dated_on) if paper.dated_on else ""
        parts.append(
            format_html('<div class="paper__closing"><p>{}</p><p>{}</p></div>', paper.signed_by, dated)
        )
    if paper.remark:
        parts.append(format_html("<p>（{}）</p>", paper.remark))
    if paper.copies_to or paper.printed_by:
        copies = format_html("<p>抄送：{}。</p>", "，".join(paper.copies_to)) if paper.copies_to else NOTHING
        printed = f"{date_in_figures(paper.printed_on)}印发" if paper.printed_on else ""
        by = format_html("<p><span>{}</span> <span>{}</span></p>", paper.printed_by, printed)
        parts.append(
            format_html(
                '<footer class="paper__record">{}{}</footer>', copies, by if paper.printed_by else NOTHING
            )
        )
    return _join(parts)
