"""Forms of acts on hot spots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.insight.deciding import LONGEST_REASON, LONGEST_TITLE
from huying.insight.lists import Wanted, listed
from huying.insight.stages import SHOWN, STANDING
from huying.kit.telling import TellingForm

if TYPE_CHECKING:
    from huying.insight.models import HotSpot
    from huying.ledger.actor import Actor

MOST_OFFERED = 40


class RenameForm(TellingForm):
    """Another title."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)


class DismissForm(TellingForm):
    """Why it is no hot spot."""

    reason = forms.CharField(
        label=_("Why it is no hot spot"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Others read it later, and the town's threshold is learnt from it."),
    )  # fmt: skip


class MergeForm(TellingForm):
    """The matter this one is a part of: those nearby first, then the hottest."""

    target = forms.ChoiceField(label=_("It is the same matter as"))

    def __init__(self, *args: Any, by: Actor, spot: HotSpot, **kwargs: Any) -> None:  # noqa: ANN401 - a form's
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *_offered(by, spot)]


def _offered(by: Actor, spot: HotSpot) -> list[tuple[str, str]]:
    """Return matters this one could go into: of the same area first."""
    found = [
        *listed(Wanted("burning"), by=by)[:MOST_OFFERED],
        *listed(Wanted("cooled"), by=by)[:MOST_OFFERED],
    ]
    others = [one for one in found if one.pk != spot.pk and one.stage in SHOWN and one.state in STANDING]
    others.sort(
        key=lambda one: (one.area_path != spot.area_path, one.item_code[:4] != spot.item_code[:4], -one.heat)
    )
    return [(str(one.pk), f"{one.title}（{one.place}，{one.count}）"[:120]) for one in others[:MOST_OFFERED]]
