"""Founding a town: what must be there before the first appeal, and nothing invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.catalogue.actions import load_starter
from huying.catalogue.models import CatalogueVersion
from huying.intake.masking import set_starter_retention
from huying.intake.models import Adapter, Channel
from huying.ledger.actor import SYSTEM
from huying.people.actions import UnitDraft, set_starter_roles, set_up_units
from huying.people.models import Unit
from huying.places.actions import AreaDraft, draw_areas, set_levels
from huying.places.models import Area
from huying.supervision.meetings import set_starter_bodies

if TYPE_CHECKING:
    from datetime import datetime

# The channels a town starts with (key, adapter, name, English name); more are data over the same adapters.
STARTER_CHANNELS = (
    ("web", Adapter.WEB, "网页与手机", "Web"),
    ("phone", Adapter.PHONE, "电话", "Telephone desk"),
    ("staff", Adapter.PROXY, "工作人员代录", "Entered by staff"),
    ("grid", Adapter.PROXY, "网格上报", "Grid worker"),
    ("self-found", Adapter.PROXY, "自行发现", "Found by staff"),
    ("walk", Adapter.PROXY, "行走发现", "Found on a walk"),
    ("api", Adapter.API, "接口", "JSON API"),
    ("import", Adapter.FILE, "文件导入", "File import"),
    ("mail", Adapter.MAIL, "电子邮件", "E-mail"),
)


def found_channels() -> None:
    """Write the starter channels; those a town changed stay as they are."""
    for key, adapter, name, name_en in STARTER_CHANNELS:
        values = {"adapter": adapter, "name": name, "name_en": name_en}
        Channel.objects.get_or_create(key=key, defaults=values)


def found_empty_town(*, district: str, at: datetime) -> bool:
    """Give an empty database levels, roles, channels, starter catalogue, the district and a dispatch centre.

    Returns False, changing nothing, when the town was founded before.
    """
    with transaction.atomic():
        if CatalogueVersion.objects.exists():
            return False
        set_levels()
        set_starter_roles()
        found_channels()
        set_starter_retention()
        set_starter_bodies()
        load_starter(district=district, by=SYSTEM, at=at)
        if not Area.objects.exists():
            top = AreaDraft(district, "district", "本区")
            draw_areas([top], valid_from=at.date(), by=SYSTEM, at=at)
        if not Unit.objects.exists():
            set_up_units(
                [UnitDraft("dispatch", "分拨中心", roles=("comprehensive-dispatch",), area=district)]
            )
        return True
