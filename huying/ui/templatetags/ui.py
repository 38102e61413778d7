"""Components of the look as template tags: `{% load ui %}`; the gallery shows each of them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.forms import widgets
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from huying.kit.moments import in_words, read_out
from huying.ui import status as looks
from huying.ui.due import due as measure_due

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from django.forms import BaseForm, BoundField
    from django_stubs_ext import StrOrPromise

register = template.Library()

Part = dict[str, Any]
_FEW = 5  # of fewer a share says nothing

# HTML language tags; traditional text follows Hong Kong's letter shapes and wording.
_HTML_LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant-HK", "en": "en"}


@register.simple_tag
def html_lang() -> str:
    """Return the value of the html element's lang attribute."""
    code = (get_language() or settings.LANGUAGE_CODE).lower()
    return _HTML_LANG.get(code, code)


@register.simple_tag
def languages() -> list[Part]:
    """Return the languages a reader may choose, each with `code`, `lang`, `name` and `current`."""
    now = (get_language() or settings.LANGUAGE_CODE).lower()
    return [
        {"code": code, "lang": _HTML_LANG.get(code, code), "name": name, "current": code == now}
        for code, name in settings.LANGUAGES
    ]


@register.simple_tag
def page_url(name: str, *args: object) -> str:
    """Return the address of a named page, or "" where this town has not switched that page on."""
    try:
        return reverse(name, args=args or None)
    except NoReverseMatch:
        return ""


@register.simple_tag
def icon(name: str, label: StrOrPromise = "") -> SafeString:
    """Return an icon of `static/ui/icons.svg`; without `label` it is hidden from screen readers."""
    if not label:
        return _mark(name, static("ui/icons.svg"))
    use = format_html('<use href="{}#{}"></use>', static("ui/icons.svg"), name)
    return format_html('<svg class="icon" role="img" aria-label="{}">{}</svg>', label, use)


@lru_cache(maxsize=500)
def _mark(name: str, sheet: str) -> SafeString:
    """Return an icon of a sheet that says nothing: a page has a hundred of them."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', sheet, name
    )


@register.simple_tag
def when(at: datetime | None, style: str = "full") -> SafeString:
    """Return a moment as a time element in the town's time zone, 24-hour; `style`: full, day or short."""
    if at is None:
        return mark_safe("")
    local = timezone.localtime(at)
    text = in_words(local, style)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), text)


@register.filter
def day(on: date | None) -> str:
    """Return a day as people write it, "" for none."""
    return in_words(on, "day") if on else ""


@register.filter
def month(on: date | None) -> str:
    """Return the month of a day as people write it, "" for none."""
    return in_words(on, "month") if on else ""


# Bare, for choices, which hold no element; and for what is kept as 2026-09-30, 2026-09 or 2026-09-30 18:00.
register.filter("moment", in_words)
register.filter("written", read_out)


@register.simple_tag
def tag(label: StrOrPromise, tone: str = "mute", icon_name: str = "") -> SafeString:
    """Return a small tag; tones: ok, info, warn, bad, turn, primary, call, mute, solid-bad."""
    mark = icon(icon_name) if icon_name else ""
    return format_html('<span class="tag tag-{}">{}{}</span>', tone, mark, label)


@register.simple_tag
def status(key: str, audience: str = "staff") -> SafeString:
    """Return the tag of a status key in the words of `audience`: staff or resident."""
    look = looks.look_of(key, audience)
    return tag(look.label, look.tone, look.icon)


@register.simple_tag
def status_label(key: str, audience: str = "staff") -> str:
    """Return only the words of a status key, for headings and titles."""
    return str(looks.look_of(key, audience).label)


@register.simple_tag
def grade(key: str) -> SafeString:
    """Return the tag of a grade A to D, in the town's words."""
    look = looks.grade_look(key)
    return tag(look.label, look.tone, look.icon)


@register.simple_tag
def due(
    due_at: datetime | None, now: datetime, soon_at: datetime | None = None, *, paused: bool = False
) -> SafeString:
    """Return the chip of a time limit: words, icon and colour for ok, soon, over and paused.

    Without a limit (`due_at` is None) nothing is shown.
    """
    if due_at is None:
        return mark_safe("")
    state = measure_due(due_at, now, soon_at=soon_at, paused=paused)
    exact = in_words(due_at)
    return format_html(
        '<span class="tag tag-{} due due-{}" title="{}">{}{}</span>',
        state.tone,
        state.level,
        exact,
        icon(state.icon),
        state.text,
    )


@register.simple_tag
def due_level(due_at: datetime | None, now: datetime, soon_at: datetime | None = None) -> str:
    """Return "ok", "soon" or "over", for a row's class; "" without a limit."""
    return measure_due(due_at, now, soon_at=soon_at).level if due_at else ""


@register.inclusion_tag("ui/parts/button.html")
def button(
    label: StrOrPromise,
    kind: str = "plain",
    *,
    href: str = "",
    name: str = "",
    value: str = "",
    icon_name: str = "",
    extra: str = "",
) -> Part:
    """Show a button, or a link that looks like one when `href` is given.

    Kinds: primary (the one main act), plain, danger, quiet. `extra` adds classes: btn-block, btn-big.
    """
    return {
        "label": label,
        "kind": kind,
        "href": href,
        "name": name,
        "value": value,
        "icon_name": icon_name,
        "extra": extra,
    }


def _kind_of(bound: BoundField) -> str:
    """Return which shape of field a widget asks for."""
    widget = bound.field.widget
    if isinstance(widget, widgets.CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, widgets.RadioSelect):
        return "radios"
    if isinstance(widget, widgets.CheckboxInput):
        return "check"
    return "input"


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, kind: str = "", *, placeholder: StrOrPromise = "", wide: bool = False) -> Part:
    """Show a form field with label, help and error, tied together for screen readers.

    `kind` overrides what the widget suggests: "cards" and "stars" for radio buttons, "photos" for a file
    field, "voice" for a text area with a microphone where the browser offers one. `wide` puts cards
    one to a row.
    """
    chosen = kind or _kind_of(bound)
    attrs: dict[str, Any] = {}
    if chosen in {"input", "voice"}:
        attrs["class"] = f"input {bound.field.widget.attrs.get('class', '')}".strip()
    if placeholder:
        attrs["placeholder"] = placeholder
    control = bound.as_widget(attrs=attrs) if chosen in {"input", "voice", "check", "photos"} else ""
    options = list(bound) if chosen in {"radios", "cards", "checks", "stars"} else []
    if chosen == "stars":
        options.reverse()
    return {
        "bound": bound,
        "kind": chosen,
        "control": control,
        "options": options,
        "wide": wide,
        "described_by": " ".join(
            name
            for name, shown in (
                (f"{bound.auto_id}_helptext", bound.help_text),
                (f"{bound.auto_id}_error", bound.errors),
            )
            if shown and bound.auto_id
        ),
        "max_count": getattr(bound.field, "max_count", 9),
    }


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(form: BaseForm) -> Part:
    """Show what is wrong with a form on top of it, each line a link to its field."""
    fields = [bound for bound in form if bound.errors] if form.is_bound else []
    return {"form": form, "fields": fields, "general": form.non_field_errors() if form.is_bound else []}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(events: Iterable[Mapping[str, Any]]) -> Part:
    """Show what happened, newest first: each with `at`, `title`, `text`, `who`, `kind`, `current`.

    `kind` is a key of `status.EVENT_ICONS`; `current` marks where the matter stands now.
    """
    shown = []
    for event in events:
        mark, tone = looks.EVENT_ICONS.get(str(event.get("kind", "")), ("info", ""))
        shown.append({**event, "mark": mark, "tone": tone})
    return {"events": shown}


@register.filter
def percent(share: float | None) -> str:
    """Write a share (0 to 1) in whole percent, never 100 % for what is less; a dash for none."""
    if share is None:
        return "—"
    return "100%" if share >= 1 else f"{min(99, round(share * 100))}%"


@register.simple_tag
def share_of(part: int, whole: int) -> SafeString:
    """Write how many of how many, with the share where there are enough to make one."""
    share = format_html(' <span class="of">{}</span>', percent(part / whole)) if whole >= _FEW else ""
    return format_html("{} / {}{}", part, whole, share)


@register.inclusion_tag("ui/parts/empty.html")
def empty(
    title: StrOrPromise,
    text: StrOrPromise = "",
    *,
    icon_name: str = "inbox",
    action_label: StrOrPromise = "",
    action_url: str = "",
) -> Part:
    """Show that there is nothing here, and what to do about it."""
    return {
        "title": title,
        "text": text,
        "icon_name": icon_name,
        "action_label": action_label,
        "action_url": action_url,
    }


@register.inclusion_tag("ui/parts/pagination.html")
def pagination(previous_url: str = "", next_url: str = "", text: StrOrPromise = "") -> Part:
    """Show the way to the pages before and after; cursors stand in the addresses."""
    return {"previous_url": previous_url, "next_url": next_url, "text": text}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: StrOrPromise) -> Part:
    """Show tabs: each with `label`, `url`, `count` (or None), `tone` ("", warn, bad), `current`.

    A `key` names the count for scripts that keep it up to date.
    """
    return {"items": list(items), "label": label}


@register.inclusion_tag("ui/parts/cells.html")
def cells(items: Iterable[Mapping[str, Any]]) -> Part:
    """Show a group of rows: each with `title`, `text`, `side`, `url`, `icon`; all but `title` may lack."""
    return {"items": list(items)}


@register.inclusion_tag("ui/parts/photo_grid.html")
def photo_grid(photos: Iterable[Mapping[str, Any]]) -> Part:
    """Show photos: each with `url`, `thumb_url`, `alt` and perhaps `tag` (such as "before", "after")."""
    return {"photos": list(photos)}


@register.inclusion_tag("ui/parts/map.html")
def map_show(
    lat: float | None, lon: float | None, label: StrOrPromise = "", *, boundaries_url: str = ""
) -> Part:
    """Show a place on the map: latitude and longitude in WGS-84 degrees, and its words for every reader."""
    return {"lat": lat, "lon": lon, "label": label, "boundaries_url": boundaries_url, "pick": False}


@register.inclusion_tag("ui/parts/map.html")
def map_pick(lat: BoundField, lon: BoundField, *, boundaries_url: str = "") -> Part:
    """Let the reader point at a place; the WGS-84 degrees are written into the two (hidden) fields."""
    return {
        "lat": lat.value() or "",
        "lon": lon.value() or "",
        "lat_field": lat,
        "lon_field": lon,
        "boundaries_url": boundaries_url,
        "pick": True,
    }


@register.inclusion_tag("ui/parts/map_head.html")
def map_head() -> Part:
    """Load the map's style and scripts; belongs into `{% block head %}` of pages with a map."""
    return {}


@register.inclusion_tag("ui/parts/stars_shown.html")
def stars_shown(value: int, label: StrOrPromise = "") -> Part:
    """Show a given rating of one to five stars, with its number in words."""
    return {"value": value, "label": label, "marks": [n <= value for n in range(1, 6)]}


@register.inclusion_tag("ui/parts/steps.html")
def steps(items: Iterable[StrOrPromise], current: int) -> Part:
    """Show the steps of a way; `current` counts from 1, one beyond the last means all are done."""
    shown = [
        {"label": label, "done": number < current, "current": number == current}
        for number, label in enumerate(items, start=1)
    ]
    return {"steps": shown}


@register.inclusion_tag("ui/parts/danger.html")
def danger_alert(text: StrOrPromise = "") -> Part:
    """Show that life may be in danger, with the emergency numbers to dial at once."""
    return {"text": text}


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info") -> SafeString:
    """Wrap the content in a notice bar; tones: info, ok, warn, bad."""
    marks = {"info": "info", "ok": "ok", "warn": "alert", "bad": "alert"}
    return format_html(
        '<div class="notice notice-{}">{}<div class="notice-body">{}</div></div>',
        tone,
        icon(marks[tone]),
        content,
    )


@register.simple_block_tag
def card(content: SafeString, title: StrOrPromise = "", extra: str = "") -> SafeString:
    """Wrap the content in a card with an optional heading; `extra` adds classes."""
    head = format_html('<div class="card-head"><h2>{}</h2></div>', title) if title else ""
    return format_html('<section class="card {}">{}{}</section>', extra, head, content)


@register.simple_block_tag
def confirm(content: SafeString, label: StrOrPromise, kind: str = "plain", icon_name: str = "") -> SafeString:
    """Wrap a form so that it opens below a button and asks once more; works without JavaScript."""
    mark = icon(icon_name) if icon_name else ""
    return format_html(
        '<details class="confirm confirm-{}"><summary class="btn btn-{}">{}{}</summary>'
        '<div class="confirm-box">{}</div></details>',
        kind,
        kind,
        mark,
        label,
        content,
    )
