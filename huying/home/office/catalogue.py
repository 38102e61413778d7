"""The catalogue in the office: versions, the tree of items, tables in and out, publishing a draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.catalogue.actions import draft_catalogue, publish_catalogue
from huying.catalogue.exchange import COLUMNS, lines_of
from huying.catalogue.models import CatalogueVersion, DutyRole, Item, VersionState
from huying.home.office.access import StaffRequest, office
from huying.home.office.downloads import csv_download, xlsx_download
from huying.home.office.forms_town import COLUMN_LABELS, CatalogueForm
from huying.home.office.menu import show
from huying.home.office.uploads import takes_file, uploaded_file
from huying.kit.errors import Refusal
from huying.kit.names import in_language
from huying.kit.text import clean
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpResponse

MOST_FOUND, MOST_PROBLEMS, MOST_CODES, LONGEST_QUERY = 100, 300, 60, 60
MOST_FILE_BYTES = 10 * 2**20
_PROBLEMS = "catalogue_problems"


@require_safe
@office(Permission.CATALOGUE_EDIT)
def catalogue(request: StaffRequest) -> HttpResponse:
    """Show the versions and the form for a new one."""
    return _front(request, CatalogueForm())


def _front(request: StaffRequest, form: CatalogueForm, status: int = 200) -> HttpResponse:
    versions = CatalogueVersion.objects.annotate(
        lines=Count("items"), leaves=Count("items", filter=Q(items__is_leaf=True))
    ).order_by("-number")
    return show(request, "catalogue.html", {"versions": list(versions), "form": form}, status=status)


@takes_file(Permission.CATALOGUE_EDIT)
def upload(request: StaffRequest) -> HttpResponse:
    """Read a table into a new draft; lines that could not be taken are shown with it."""
    form = CatalogueForm(request.POST, request.FILES)
    try:
        file = uploaded_file(request, most_bytes=MOST_FILE_BYTES)
        name = file.name or "catalogue"
        version, problems = draft_catalogue(
            file.read(),
            file_name=name,
            name=clean(request.POST.get("name", ""))[:80] or name.rpartition(".")[0],
            district=settings.DISTRICT,
            by=request.actor,
            at=request.at,
        )
    except Refusal as refusal:
        form.tell(refusal, field="file")
        return _front(request, form, refusal.reason.status)
    kept = [(problem.line, problem.sentence) for problem in problems]
    request.session[_PROBLEMS] = {
        "number": version.number,
        "lines": kept[:MOST_PROBLEMS],
        "more": max(0, len(kept) - MOST_PROBLEMS),
    }
    return redirect("desk:office:catalogue_version", number=version.number)


@dataclass
class Branch:
    """An item of the tree with what lies below it."""

    item: Item
    name: str
    below: list[Branch] = field(default_factory=list)

    @property
    def leaves(self) -> int:
        """Return how many items appeals can be given to lie here."""
        return sum(branch.leaves for branch in self.below) if self.below else 1


def _tree(items: Iterable[Item]) -> list[Branch]:
    branches = {item.code: Branch(item, in_language(item.name, item.name_en)) for item in items}
    tops: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.item.parent_code)
        (above.below if above else tops).append(branch)
    return tops


@require_safe
@office(Permission.CATALOGUE_EDIT)
def version(request: StaffRequest, number: int) -> HttpResponse:
    """Show a version as a tree, or what a search finds in it."""
    found = get_object_or_404(CatalogueVersion, number=number)
    query = clean(request.GET.get("q", ""))[:LONGEST_QUERY]
    items = list(found.items.order_by("code"))
    context: dict[str, Any] = {"version": found, "query_words": query, "lines": len(items)}
    if query:
        hits = _search(items, query)
        context |= {"hits": hits[:MOST_FOUND], "more": max(0, len(hits) - MOST_FOUND)}
    else:
        context["tree"] = _tree(items)
    told = request.session.get(_PROBLEMS) or {}
    if told.get("number") == number:
        context |= {"problems": told["lines"], "more_problems": told["more"]}
    return show(request, "catalogue_version.html", context)


def _search(items: list[Item], query: str) -> list[Branch]:
    """Return items with the words in their name, code or keywords: whole names first, then by code."""
    wanted = query.casefold()
    hits = [
        item
        for item in items
        if item.code.startswith(query)
        or any(wanted in text.casefold() for text in (item.name, item.name_en, *item.keywords))
    ]
    hits.sort(key=lambda item: (item.name.casefold() != wanted, item.code != query, item.code))
    return [Branch(item, in_language(item.name, item.name_en)) for item in hits]


@require_safe
@office(Permission.CATALOGUE_EDIT)
def item(request: StaffRequest, number: int, code: str) -> HttpResponse:
    """Show an item: words, examples, limit, who answers, conditions, basis."""
    found = get_object_or_404(Item.objects.select_related("version"), version__number=number, code=code)
    line = found.version.items.filter(code__in=_codes_above(found)).order_by("level")
    below = found.version.items.filter(parent_code=found.code).order_by("code")
    names = _role_names()
    context = {
        "item": found,
        "name": in_language(found.name, found.name_en),
        "line": list(line),
        "below": list(below),
        "lead": names.get(found.lead, found.lead),
        "assists": [names.get(role, role) for role in found.assists],
        "fallback": names.get(found.fallback, found.fallback),
        "stages": list(found.stages.all()),
        "limits": list(found.limits.all()),
    }
    return show(request, "catalogue_item.html", context)


def _codes_above(found: Item) -> list[str]:
    parents = dict(found.version.items.filter(is_leaf=False).values_list("code", "parent_code"))
    codes: list[str] = []
    code = found.parent_code
    while code and code not in codes:
        codes.append(code)
        code = parents.get(code, "")
    return codes


def _role_names() -> dict[str, str]:
    return {role.key: in_language(role.name, role.name_en) for role in DutyRole.objects.all()}


@require_safe
@office(Permission.CATALOGUE_EDIT)
def download(_request: StaffRequest, number: int, kind: str) -> HttpResponse:
    """Hand a version out as a table that can be edited and read in again."""
    found = get_object_or_404(CatalogueVersion, number=number)
    makers = {"csv": csv_download, "xlsx": xlsx_download}
    if kind not in makers:
        raise Http404(kind)
    rows = partial(lines_of, _whole(found))
    return makers[kind](f"catalogue-v{number}.{kind}", COLUMNS, rows)


def _whole(*versions: CatalogueVersion) -> QuerySet[Item]:
    items = Item.objects.filter(version__in=versions)
    return items.order_by("code").prefetch_related("stages", "limits")


@dataclass(frozen=True)
class Change:
    """An item that is new, gone or changed, and in which columns."""

    code: str
    name: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What publishing a draft changes against the version in force."""

    added: list[Change]
    removed: list[Change]
    changed: list[Change]
    same: int


def changes_between(old: Iterable[Item], new: Iterable[Item]) -> Changes:
    """Return what differs between two versions, by code and column."""
    before = {str(line[0]): line for line in lines_of(old)}
    after = {str(line[0]): line for line in lines_of(new)}
    name = COLUMNS.index("name")
    changed = [
        Change(code, str(line[name]), _differing(before[code], line))
        for code, line in after.items()
        if code in before and before[code] != line
    ]
    return Changes(
        added=[Change(code, str(line[name])) for code, line in after.items() if code not in before],
        removed=[Change(code, str(line[name])) for code, line in before.items() if code not in after],
        changed=changed,
        same=sum(before.get(code) == line for code, line in after.items()),
    )


def _differing(old: list[str | int], new: list[str | int]) -> tuple[str, ...]:
    pairs = zip(COLUMNS, old, new, strict=True)
    return tuple(str(COLUMN_LABELS[column]) for column, one, other in pairs if one != other)


@office(Permission.CATALOGUE_EDIT)
def publish(request: StaffRequest, number: int) -> HttpResponse:
    """Say what changes; on a second word put the draft in force. Open cases keep their version."""
    draft = get_object_or_404(CatalogueVersion, number=number)
    if request.method == "POST":
        publish_catalogue(draft, district=settings.DISTRICT, by=request.actor, at=request.at)
        request.session.pop(_PROBLEMS, None)
        messages.success(request, _("Version {number} is in force.").format(number=number))
        return redirect("desk:office:catalogue")
    if draft.state != VersionState.DRAFT:
        return redirect("desk:office:catalogue_version", number=number)
    standing = CatalogueVersion.objects.filter(state=VersionState.PUBLISHED).first()
    # Both at once: a catalogue is large, and comes with its stages and limits.
    both = list(_whole(draft, *([standing] if standing else [])))
    old = [item for item in both if item.version_id != draft.pk]
    new = [item for item in both if item.version_id == draft.pk]
    context = {
        "version": draft,
        "standing": standing,
        "changes": changes_between(old, new),
        "most": MOST_CODES,
        "doubts": _doubts(new),
    }
    return show(request, "catalogue_publish.html", context)


def _doubts(items: list[Item]) -> list[str]:
    """Return what a person should know before publishing: items that nobody would answer for."""
    leaves = [item for item in items if item.is_leaf]
    filled = {role for unit in unit_book().all() for role in unit.roles}
    unknown = sorted(
        {role for item in items for role in (item.lead, *item.assists, item.fallback) if role}
        - set(_role_names())
    )
    lonely = [item.code for item in leaves if not {item.lead, item.fallback} & filled]
    doubts = []
    if unknown:
        doubts.append(_("Duty roles nobody has described: {roles}").format(roles=", ".join(unknown[:10])))
    if lonely:
        told = _("{count} items have no unit for their lead or fallback role: {codes}")
        doubts.append(told.format(count=len(lonely), codes=", ".join(lonely[:10])))
    return doubts
