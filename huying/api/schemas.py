"""Shapes of the API's documents."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads the annotations when it runs
from typing import Annotated, Any, Literal
from uuid import UUID  # noqa: TC003 - pydantic reads it at run time

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

Text = Annotated[str, Field(max_length=1_000_000)]


def _finite(value: float) -> float:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - the definition of not-a-number
        raise ValueError("not a finite number")
    return value


Degrees = Annotated[float, AfterValidator(_finite)]


# Of the hottest door plain pydantic: ninja's Schema reads attributes of anything, and pays for it each time.
class PointIn(BaseModel):
    """Where: degrees in one of the systems that maps in China use."""

    model_config = ConfigDict(extra="forbid")
    lat: Degrees
    lon: Degrees
    system: Literal["wgs84", "gcj02", "bd09", "cgcs2000"] = "wgs84"


class PersonIn(BaseModel):
    """Whom to answer; all optional, used for nothing else."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field("", max_length=40)
    phone: str = Field("", max_length=30)
    email: str = Field("", max_length=120)


class AppealIn(BaseModel):
    """What a channel hands over. Either text or title is needed."""

    model_config = ConfigDict(extra="forbid")
    text: Text = ""
    title: str = Field("", max_length=2000)
    place: str = Field("", max_length=2000, description="The place in the resident's own words.")
    place_code: str = Field(
        "",
        max_length=40,
        description="Code of the area or place whose plate was scanned, or that was chosen.",
    )
    place_chosen: bool = Field(
        default=False, description="The code was chosen among the places POST /appeals/preview asked about."
    )
    point: PointIn | None = None
    occurred_at: AwareDatetime | None = None
    language: str = Field("zh-hans", max_length=10)
    person: PersonIn | None = None
    photos: list[UUID] = Field(default=[], max_length=9, description="Ids given by POST /photos.")


class PlaceChoice(Schema):
    """A place an appeal may be about; send its code as `place_code` with `place_chosen`."""

    code: str
    name: str


class PreviewOut(Schema):
    """What would be made of an appeal if it were sent now."""

    place: str = Field(description="Where it seems to be; empty when nothing says so.")
    place_known: bool
    choices: list[PlaceChoice] = Field(
        description="The one question worth asking: which of these places is meant. Empty when it makes no "
        "difference to who answers for it. Whoever does not answer sends the appeal without a code."
    )
    left_open: list[str] = Field(
        description="Keys of what the text does not say: where, since_when, what_is_wanted, photo."
    )
    dangers: list[dict[str, Any]] = Field(description="Dangers heard, each with `call` and `advice`.")


class LookIn(Schema):
    """Why somebody needs to see whom an appeal comes from."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(max_length=30, description="A key of the reasons the desk offers; other needs words.")
    words: str = Field("", max_length=300)


class ContactOut(Schema):
    """Whom an appeal comes from, and until when the desk shows it as well."""

    appeal: str
    name: str
    phone: str
    email: str
    until: datetime


class PhotoOut(Schema):
    """A photo that was cleaned and kept, waiting for its appeal; the hints are what the camera said."""

    id: UUID
    width: int
    height: int
    hint_lat: float | None
    hint_lon: float | None
    hint_taken_at: datetime | None


class AppealTaken(BaseModel):
    """The answer: numbers at once, who has it and until when."""

    number: str
    link: str
    new: bool = Field(
        description="False when this key was taken before: then this is the answer of that time."
    )
    case: str
    item: str
    unit: str
    due_at: datetime | None
    waits_for_person: str = Field(description="Reason key why a person decides; empty when a unit has it.")
    dangers: list[dict[str, Any]] = []


class ItemOut(Schema):
    """A line of the published catalogue."""

    code: str
    parent: str
    level: int
    name: str
    name_en: str
    grade: str
    is_leaf: bool


class CaseOut(Schema):
    """A case as staff of its unit or area may read it."""

    number: str
    status: str
    resolution: str
    closure: str
    title: str
    item: str
    grade: str
    unit: str
    place: str
    appeals: int
    round: int
    opened_at: datetime
    due_at: datetime | None
    next_due_at: datetime | None
    closed_at: datetime | None
    facts: int
    moves: list[str] = Field(description="What you can do with it now.")


class MoveIn(Schema):
    """What a move needs (see the table of moves) and the number of facts you last saw."""

    model_config = ConfigDict(extra="forbid")
    seen: int | None = None
    unit: str | None = None
    item: str | None = None
    assists: list[str] | None = None
    grade: str | None = None
    reason: str | None = Field(None, max_length=4000)
    note: str | None = Field(None, max_length=4000)
    public_text: str | None = Field(None, max_length=20_000)
    internal_note: str | None = Field(None, max_length=20_000)
    solved: Literal["yes", "partly", "no"] | None = None
    unsolved_reason: str | None = Field(None, max_length=4000)
    route: str | None = None
    into: str | None = Field(None, description="Number of the case to merge into.")
