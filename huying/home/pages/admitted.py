"""What streets and communities have taken on, for everybody: by which law, until when, reviewed when."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.http import require_safe

from huying.admission.queries import in_force
from huying.cases.words import item_name
from huying.catalogue.core.calendar import local_day
from huying.home.pages.reach import show
from huying.kit.names import in_language
from huying.kit.text import clean
from huying.places.queries import levels

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE, LONGEST_WORDS = 30, 60


@require_safe
def admitted(request: HttpRequest) -> HttpResponse:
    """List the admissions in force today, for anybody; no contact and no name of a clerk is told."""
    running = in_force(local_day(timezone.now()))
    known = {row.key: in_language(row.name, row.name_en) for row in levels()}
    used = (
        running.order_by("application__level__rank").values_list("application__level", flat=True).distinct()
    )
    level, words = request.GET.get("level", ""), clean(request.GET.get("q", ""))[:LONGEST_WORDS]
    found = running.filter(application__level=level) if level in known else running
    if words:
        found = found.filter(Q(application__name__contains=words) | Q(area__name__contains=words))
    found = found.select_related("application__unit", "area")
    page = Paginator(found.order_by("application__level__rank", "area__path", "application__number"), PAGE)
    shown = page.get_page(request.GET.get("page"))
    rows = [
        {
            "ruling": ruling,
            "one": ruling.application,
            "items": item_name(ruling.application.items) if ruling.application.items else "",
            "level": known.get(ruling.application.level_id, ""),
        }
        for ruling in shown
    ]
    context = {
        "rows": rows, "page": shown, "level": level, "words": words, "tab": "",
        "levels": [(key, known[key]) for key in dict.fromkeys(used)],
        "others": urlencode({"level": level, "q": words}),
    }  # fmt: skip
    return show(request, "home/admitted.html", context)
