"""Words for what lives as keys: why a person decides, why a unit has it, what was recognised.

Tables of sentences, and functions that fill them in. A key no table knows is shown as it is: an old case must
stay readable, and a new key must never break a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from huying.catalogue.queries import find_duty_role, published
from huying.kit.names import in_language
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

Sentences = dict[str, "StrOrPromise"]

# Why a person decides: keys of `Judged.waits_for`, `Case.held_for`, `Appeal.held_for` and `CaseWaits.why`.
WAITING: Sentences = {
    "nothing_recognised": _("Nothing in the text points to an item of the catalogue."),
    "not_sure_enough": _("The likeliest item is not sure enough to dispatch without a person."),
    "place_unknown": _("It is not known where the matter is."),
    "no_model": _("There is no text model to judge with; is a catalogue published?"),
    "model_failed": _("The text model failed, so people decide until it works again."),
    "rules_failed": _("The danger rules failed, so people decide until they work again."),
    "no_unit_answers": _("No duty rule and no duty role names a unit for this item at this place."),
    "not_admitted": _("A department's own matter, not admitted where the duty rules would send it."),
    "filing_often": _("Many appeals came from one network or account in a short time."),
    "asked_for_a_person": _("A person was asked for when it was taken in."),
    "resident_not_satisfied": _("The resident is not satisfied with what was answered at once."),
    "dispatch_recalled": _("A dispatcher took a wrong dispatch back."),
    "self_handled": _("Staff found it on the way and dealt with it on the spot."),
    "walk_dispatch": _("It was found on a walk and given out on the spot."),
    "resident_objected": _("The resident objects to “not admissible”."),
}

# Why a unit has it: `Assignment.why["key"]`. The names in braces are filled by `why_assigned`.
ASSIGNED: Sentences = {
    "rule": _("Duty rule no. {rule}: {items}, {area}."),
    "role": _("The catalogue gives this item to the duty role “{role}”, which this unit fills in {area}."),
    "fallback_rule": _(
        "Duty rule no. {rule} ({items}, {area}): its lead is not active, so the fallback does it."
    ),
    "fallback_role": _("Nobody fills the leading duty role here, so the fallback “{role}” does it ({area})."),
    "chosen_by_dispatcher": _("A dispatcher chose the unit."),
    "self_handled": _("Its own staff found it on the way and dealt with it on the spot."),
    "redispatched_after_return": _("A dispatcher gave it to another unit after a return."),
    "adjudicated": _("A quick ruling gave it to this unit."),
    "passed_down": _("The unit above passed it down."),
}

# What spoke for or against an item: `Verdict.reasons[…]["kind"]`.
JUDGED: Sentences = {
    "keyword": _("Keyword: {text}"),
    "words": _("Word shared with the item: {text}"),
    "example": _("Most like the example: {text}"),
    "learnt": _("Judged alike by people: {text}"),
    "danger": _("Words of danger: {text}"),
    "may_be_danger": _("May tell of danger, please read: {text}"),
    "below_threshold": _("Less sure than this town asks for ({text})"),
    "no_evidence": _("Nothing shared with any item of the catalogue"),
    "model_failed": _("The text model could not judge"),
    "rules_failed": _("The danger rules could not judge"),
    "grade_unknown": _("The catalogue names no grade for item {text}"),
    "too_slow": _("Judging took longer than allowed"),
    "person": _("Judged by {text}"),
}

# How the place was recognised: `Where.reasons`, kept with the verdict as "place_" and the key.
PLACED: Sentences = {
    "point": _("A point on the map was given"),
    "words_agree": _("The words agree with the point"),
    "words_disagree": _("The words name another place than the point"),
    "point_outside_town": _("The point lies outside the town"),
    "place_unknown": _("No place was recognised"),
    "exact_name": _("The place is named in full"),
    "alias": _("Another name of the place is used"),
    "former_name": _("A name the place had before is used"),
    "short_name": _("The place is named in short"),
    "pinyin": _("The name is written in pinyin"),
    "initials": _("The first letters of the name are used"),
    "slip": _("One character at the end of the name is written differently"),
    "background": _("It is said where somebody lives or comes from"),
    "place_code": _("The code plate of the place was scanned"),
    "place_chosen": _("The resident chose it when asked"),
    "channel_area": _("The channel serves this area"),
    "stem_only": _("Only a part of the name is used"),
    "homophone": _("A word with the same sound is used"),
    "near_homophone": _("A word with nearly the same sound is used"),
    "fuzzy": _("The name is written a little differently"),
    "short_word": _("The name is short and may be a common word"),
    "inside_longer_name": _("The name is part of a longer name"),
    "part_follows": _("A building or door number follows the name"),
    "part_nearby": _("A building number stands in the same sentence"),
    "building_known": _("The building is known"),
    "building_unknown": _("The estate has no building of this number"),
    "several_buildings": _("Several buildings are named"),
    "road_without_number": _("A road is named without a number"),
    "parent_agrees": _("The area around the place is named too"),
    "parent_missing": _("The area around the place is not named"),
    "parent_contradicts": _("Another area is named right before it"),
    "place_contradicts": _("A place that does not lie there is named right behind it"),
    "other_area_named": _("Another area is named elsewhere in the text"),
    "unknown_area_named": _("An area that is not known stands right before it"),
    "hint_agrees": _("It agrees with where the resident is"),
    "hint_disagrees": _("It disagrees with where the resident is"),
    "named_late": _("The place is named far down in the text"),
    "repeated": _("The place is named more than once"),
    "relative": _("The text says beside or opposite"),
    "landmark": _("The name only says what the place is near to"),
    "ambiguous": _("Several places have this name"),
    "several_places": _("Several places are named"),
}

# Why two appeals may be twins: `TwinSuspect.reasons`.
TWINS: Sentences = {
    "same_item": _("Same item"),
    "same_group": _("Same group of items"),
    "near": _("Near each other"),
    "same_area": _("Same estate or grid"),
    "same_text": _("Nearly the same text"),
    "similar_text": _("Similar text"),
    "same_meaning": _("The same is said to be wrong"),
    "short_text": _("Short text, same item and place"),
}


# How long a limit is: `Deadline.amount_unit`, `Item.handle_unit` (catalogue.LimitUnit).
LIMITS = {
    "natural_minutes": ngettext_lazy("%(amount)d minute", "%(amount)d minutes", "amount"),
    "natural_hours": ngettext_lazy("%(amount)d hour", "%(amount)d hours", "amount"),
    "working_minutes": ngettext_lazy("%(amount)d working minute", "%(amount)d working minutes", "amount"),
    "working_hours": ngettext_lazy("%(amount)d working hour", "%(amount)d working hours", "amount"),
    "urgent_hours": ngettext_lazy(
        "%(amount)d hour, also at night", "%(amount)d hours, also at night", "amount"
    ),
    "working_days": ngettext_lazy("%(amount)d working day", "%(amount)d working days", "amount"),
    "natural_days": ngettext_lazy("%(amount)d day", "%(amount)d days", "amount"),
}

# What a move needs or takes (`moves.Move.needs`, `.takes`), as labels.
FIELDS: Sentences = {
    "unit": _("Unit"),
    "item": _("Item"),
    "assists": _("Assisting units"),
    "grade": _("Grade"),
    "handler": _("Colleague"),
    "note": _("Note"),
    "noted": _("Note"),
    "reason": _("Reason"),
    "route": _("Statutory route"),
    "public_text": _("Reply to the resident"),
    "internal_note": _("Internal note"),
    "solved": _("Solved?"),
    "unsolved_reason": _("Why it is not solved"),
    "evidence": _("Evidence"),
    "into": _("Case to merge into"),
    "appeal": _("Appeal"),
    "reached": _("Reached?"),
    "closure": _("How it is closed"),
    "question": _("What is missing"),
    "text": _("What the resident says"),
    "receipt": _("Receipt number"),
    "rule_unit": _("Unit to get such cases in future"),
    "meet_at": _("When to be there"),
    "task": _("Part"),
    "days": _("Working days"),
    "plan": _("Plan"),
    "review_on": _("Day to look at it again"),
    "result": _("What came of it"),
    "later": _("Later case"),
    "appeals": _("Appeals"),
    "colour": _("Colour"),
}


def why_waiting(key: str) -> str:
    """Return why a person decides; "" for no reason."""
    return str(WAITING.get(key, key))


def why_assigned(why: Mapping[str, object]) -> list[str]:
    """Return the lines that explain an assignment: the reason, what the rules would have said, the note.

    `why` is `Assignment.why`, or that of a `CaseDispatched` fact.
    """
    key = str(why.get("key", ""))
    names = {
        "rule": why.get("rule", ""),
        "items": item_name(str(why.get("items", ""))) or gettext("every item"),
        "area": area_name(str(why.get("area", ""))) or gettext("the whole town"),
        "role": role_name(str(why.get("role", ""))),
    }
    lines = [str(ASSIGNED[key]).format(**names) if key in ASSIGNED else key]
    ruled = str(why.get("rules_said", ""))
    if ruled:
        unit = unit_book().by_code.get(ruled)
        lines.append(gettext("The duty rules name {unit}.").format(unit=unit.name if unit else ruled))
    kept_out = str(why.get("not_admitted", ""))
    if kept_out:
        unit = unit_book().by_code.get(kept_out)
        lines.append(
            gettext("{unit} was passed over: the item is not admitted there.").format(
                unit=unit.name if unit else kept_out
            )
        )
    note = str(why.get("note", ""))
    return [line for line in (*lines, note) if line]


def why_judged(reason: Mapping[str, object]) -> str:
    """Return a reason of a verdict in words: what spoke for the item, or how the place was recognised."""
    kind, text = str(reason.get("kind", "")), str(reason.get("text", ""))
    if kind in JUDGED:
        return str(JUDGED[kind]).format(text=text)
    return str(PLACED.get(kind.removeprefix("place_"), kind))


def why_twin(key: str) -> str:
    """Return why two appeals may be about the same matter."""
    return str(TWINS.get(key, key))


def limit_words(amount: int, unit: str) -> str:
    """Return how long a limit is, such as "5 working days"."""
    return str(LIMITS[unit] % {"amount": amount}) if unit in LIMITS else f"{amount} {unit}"


def item_name(code: str) -> str:
    """Return code and name of an item or group; the bare code when the catalogue in force has none such."""
    item = published().by_code.get(code)
    return f"{code} {in_language(item.name, item.name_en)}" if item else code


def role_name(key: str) -> str:
    """Return the name of a duty role; its key when there is none such any more."""
    role = find_duty_role(key) if key else None
    return in_language(role.name, role.name_en) if role else key


def area_name(path: str) -> str:
    """Return the name of the area at the end of a path of codes; the code when it is not there any more."""
    code = path.rpartition("/")[2]
    area = town_map().by_code(code)
    return area.name if area else code
