"""What a resident has told so far: the form, the photos kept for it, and the draft made of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from huying.home.forms import AppealForm
from huying.home.pages.reach import resident_of
from huying.intake.actions import Draft, raw_of
from huying.intake.limits import check_limits
from huying.intake.limits_core import PHOTOS
from huying.intake.photos import drop_photos, keep_photo, waiting_photos
from huying.kit.errors import Refusal
from huying.kit.network import client_ip
from huying.ledger.actor import Actor, ActorKind
from huying.people.queries import actor_of
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest

    from huying.intake.models import Photo
    from huying.people.models import Account

CHANNEL = "web"
LONGEST_CODE = 40
# The looks at a form on its way: written, checked before it is sent, gone back to.
WRITE, CHECK, EDIT = "write", "check", "edit"
TOLD = ("text", "place_words", "plate", "lat", "lon", "name", "phone")
CHOSEN = ("same", "place", "photo_place", "photo_time")


@dataclass
class Filing:
    """One look at the form on its way."""

    request: HttpRequest
    form: AppealForm
    key: str
    at: datetime
    step: str = WRITE
    chosen: dict[str, str] = field(default_factory=dict)
    # Written while somebody else (or nobody) was signed in here: it is filed without an account.
    as_guest: bool = False
    # When it was written, as the resident's device says, where it waited there for the network.
    written_at: str = ""

    @property
    def account(self) -> Account | None:
        """Return the resident who is signed in and wrote this."""
        return None if self.as_guest else resident_of(self.request)

    @property
    def by(self) -> Actor:
        """Return the resident as an actor, with or without an account."""
        account = self.account
        return actor_of(account, at=self.at) if account else Actor(ActorKind.RESIDENT, None, "")

    @property
    def photos(self) -> list[Photo]:
        """Return the photos waiting under this form's key."""
        return list(waiting_photos(self.key))

    def check_limits(self) -> str:
        """Count one more appeal from here; see `intake.limits`."""
        account = self.account
        return check_limits(client_ip(self.request), account.pk if account else None, self.at)

    def tell(self, refusal: Refusal) -> None:
        """Tell a refusal beside the field one can mend it in."""
        if refusal.reason.key.startswith("coordinate"):
            self.form.forget_point()
            self.form.tell(refusal, field="place_words")
        else:
            self.form.tell(refusal)


def fresh(request: HttpRequest, *, at: datetime) -> Filing:
    """Return an empty form with a one-time key of its own."""
    key, account = str(uuid4()), resident_of(request)
    initial = {"key": key, "phone": (account.phone or "") if account else ""}
    plate = request.GET.get("place", "")[:LONGEST_CODE]
    if name := place_of_plate(plate):
        initial |= {"plate": plate, "place_words": name}
    return Filing(request, AppealForm(initial=initial), key, at)


def place_of_plate(code: str) -> str:
    """Return what the area or place is called whose plate was scanned; "" for a code nobody knows."""
    town = town_map()
    key = town.by_any_code(code)
    return "" if key is None else town.place_name.get(key) or town.label(key)


def sent_back(request: HttpRequest, *, at: datetime) -> Filing:
    """Return what came in, with a sound key whatever was sent."""
    data = request.POST.copy()
    key = str(as_key(data.get("key", "")) or uuid4())
    data["key"] = key
    chosen = {name: data.get(name, "") for name in CHOSEN}
    return Filing(request, AppealForm(data, request.FILES), key, at, data.get("step", WRITE), chosen)


def mark_of(account: Account | None) -> str:
    """Return a mark that tells accounts apart and says nothing else of them; "" for nobody.

    A draft carries it: what one person wrote on a shared phone is never filed under another's account.
    """
    return salted_hmac("huying.home.draft", str(account.pk)).hexdigest()[:20] if account else ""


def as_key(text: str) -> UUID | None:
    """Return the UUID a text is, None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def keep_photos(filing: Filing, dropped: Iterable[str]) -> None:
    """Forget the photos that were taken out, keep those that came; one that cannot be kept is told."""
    keys = [key for text in dropped if (key := as_key(text)) is not None]
    if keys:
        drop_photos(filing.key, keys)
    form, account, ip = filing.form, filing.account, client_ip(filing.request)
    form.full_clean()
    for upload in form.cleaned_data.get("photos") or ():
        try:
            check_limits(ip, account.pk if account else None, filing.at, policy=PHOTOS, what="photo")
            keep_photo(upload.read(), name=upload.name or "", upload_key=filing.key, at=filing.at)
        except Refusal as refusal:
            form.tell(refusal, field="photos")


def draft_of(filing: Filing) -> Draft:
    """Return the draft of what was written; choices count at the check only, where they were offered."""
    told, account, photos = filing.form.cleaned_data, filing.account, filing.photos
    lat, lon, occurred_at = told["lat"], told["lon"], None
    place = ""
    # A plate speaks for as long as the words beside it are its own: who wrote another place means that.
    plate = told["plate"] if told["plate"] and told["place_words"] == place_of_plate(told["plate"]) else ""
    if filing.step == CHECK:
        place = filing.chosen["place"][:LONGEST_CODE]
        by_key = {str(photo.pk): photo for photo in photos}
        here, then = (by_key.get(filing.chosen[name]) for name in ("photo_place", "photo_time"))
        if here is not None and lat is None and lon is None:
            lat, lon = here.hint_lat, here.hint_lon
        occurred_at = then.hint_taken_at if then is not None else None
    raw = {name: told[name] for name in TOLD} | filing.chosen
    if filing.written_at:
        raw["written_at"] = filing.written_at
    return Draft(
        channel=CHANNEL, key=filing.key, text=told["text"], place_words=told["place_words"], lat=lat, lon=lon,
        raw=raw_of(raw | {"photos": [photo.original_sha256 for photo in photos]}), occurred_at=occurred_at,
        language=get_language() or "zh-hans", name=told["name"], phone=told["phone"],
        account_id=account.pk if account else None, photo_ids=tuple(photo.pk for photo in photos),
        place_code=place or plate, place_chosen=bool(place),
        joins=_chosen_twin(filing) if filing.step == CHECK else None,
    )  # fmt: skip


def sign_twin(key: str, case_id: UUID) -> str:
    """Return a case as the form with this key may name it: only what was offered in it can be joined."""
    return _signer(key).sign(str(case_id))


def _chosen_twin(filing: Filing) -> UUID | None:
    try:
        return UUID(_signer(filing.key).unsign(filing.chosen["same"]))
    except (signing.BadSignature, ValueError):
        return None


def _signer(key: str) -> signing.Signer:
    return signing.Signer(salt=f"huying.home.twin.{key}")
