"""Letters go in: each e-mail of an .eml or mailbox file becomes an appeal, once, with its photos."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.utils import timezone

from huying.intake import reasons
from huying.intake.actions import LONGEST_KEY, LONGEST_TEXT, Draft
from huying.intake.mail import read_letters
from huying.intake.models import ImportProblem, ImportRun, ImportState, Inbound
from huying.intake.photos import keep_photo
from huying.intake.queries import channel_is_open
from huying.journeys.appeal import submit_appeal
from huying.journeys.imports import sha256_of
from huying.kit.errors import Refusal

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from huying.intake.mail import Letter
    from huying.ledger.actor import Actor

SUFFIXES = {".eml", ".mbox", ".mbx"}


def is_mailbox(path: Path) -> bool:
    """Return whether a file holds letters, by its name."""
    return path.suffix.lower() in SUFFIXES


def import_letters(path: Path, *, channel: str, by: Actor) -> ImportRun:
    """Take every letter of a file in; the message id is the key, so a letter is taken once.

    The same file for the same channel goes on where it stopped; the run is saved letter by letter. A letter
    that is refused is told with its place in the file; attachments that are no photos are named in the text.
    Raises Refusal when the channel is unknown.
    """
    if not channel_is_open(channel):
        raise Refusal(reasons.CHANNEL_UNKNOWN, field="channel")
    run = _run(path, channel, by)
    for place, letter in islice(enumerate(read_letters(path), start=1), run.rows_read, None):
        _take(letter, place, run, by=by)
    run.state, run.ended_at = ImportState.DONE, timezone.now()
    run.save()
    return run


def _run(path: Path, channel: str, by: Actor) -> ImportRun:
    """Return the unfinished run of this file, or a new one."""
    sha256 = sha256_of(path)
    unfinished = ImportRun.objects.filter(
        file_sha256=sha256, channel_id=channel, state=ImportState.RUNNING
    ).first()
    return unfinished or ImportRun.objects.create(
        channel_id=channel,
        file_name=path.name[:200],
        file_sha256=sha256,
        started_at=timezone.now(),
        by_name=by.name[:80],
    )


def _take(letter: Letter, place: int, run: ImportRun, *, by: Actor) -> None:
    """Send one letter through the pipe and note how far we are; killed between the two, it is known."""
    run.rows_read += 1
    if Inbound.objects.filter(channel_id=run.channel_id, key=_key(letter)).exists():
        run.known += 1
    else:
        try:
            taken = submit_appeal(_draft(letter, run.channel_id), by=by, at=timezone.now())
        except Refusal as refusal:
            run.refused += 1
            ImportProblem.objects.update_or_create(
                run=run,
                line=place,
                defaults={
                    "reason": refusal.reason.key,
                    "sentence": refusal.sentence,
                    "row": {"subject": letter.subject[:200]},
                },
            )
        else:
            run.taken += taken.new
            run.known += not taken.new
    run.save()


def _draft(letter: Letter, channel: str) -> Draft:
    """Return the draft a letter is; Refusal `automatic_letter` for what no person wrote."""
    if letter.is_automatic:
        raise Refusal(reasons.AUTOMATIC_LETTER)
    now = timezone.now()
    photos, left_out = _keep_pictures(letter, channel)
    named = [*letter.attachments, *left_out]
    text = f"{letter.text}\n\n[{', '.join(named)}]" if named else letter.text
    return Draft(
        channel=channel,
        key=_key(letter),
        text=text[:LONGEST_TEXT],
        title=letter.subject,
        raw=letter.raw,
        content_type="message/rfc822",
        name=letter.from_name,
        email=letter.from_address,
        occurred_at=letter.sent_at if letter.sent_at and letter.sent_at <= now else None,
        photo_ids=photos,
    )


def _keep_pictures(letter: Letter, channel: str) -> tuple[tuple[UUID, ...], list[str]]:
    """Keep the letter's photos, as many as an appeal may have; return them and the names of those left out.

    A picture that cannot be taken never stops the letter: the raw letter holds it still.
    """
    kept: dict[UUID, None] = {}
    left_out: list[str] = []
    for picture in letter.pictures:
        try:
            photo = keep_photo(
                picture.data,
                name=picture.name,
                upload_key=f"{channel}:{letter.digest[-48:]}"[:64],
                at=timezone.now(),
            )
        except Refusal:
            left_out.append(picture.name)
        else:
            kept[photo.pk] = None
    return tuple(kept), left_out


def _key(letter: Letter) -> str:
    """Return the key of a letter: its message id where that is usable, with a digest where it is too long.

    The digest goes along because careless programs give several letters one id.
    """
    return f"{letter.message_id[: LONGEST_KEY - 41]} {letter.digest[-40:]}"
