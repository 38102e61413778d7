"""What the components say to browsers and to screen readers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from huying.ui.fields import PhotosField, StarsField

NOW = datetime(2026, 3, 18, 2, 20, tzinfo=UTC)


class Story(forms.Form):
    """One field of each shape."""

    text = forms.CharField(label="Matter", help_text="A sentence is enough")
    solved = forms.ChoiceField(
        label="Solved", choices=(("yes", "Yes"), ("no", "No")), widget=forms.RadioSelect
    )
    speed = StarsField(label="Speed")
    agree = forms.BooleanField(label="Agree", required=False)
    photos = PhotosField(label="Photos", required=False, max_count=2, max_megabytes=1)


def show(source: str, **context: object) -> str:
    """Return a template's text in English."""
    with translation.override("en"):
        return Template("{% load ui %}" + source).render(Context(context))


def test_a_field_ties_label_help_and_error_together() -> None:
    html = show("{% field form.text %}", form=Story({}))
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    for name in described[1].split():
        assert f'id="{name}"' in html
    assert 'aria-invalid="true"' in html
    assert '<label class="field-label" for="id_text">' in html
    assert "optional" not in html


def test_a_field_without_fault_says_nothing_of_errors() -> None:
    html = show("{% field form.text %}", form=Story())
    assert 'aria-describedby="id_text_helptext"' in html
    assert "aria-invalid" not in html


def test_an_optional_field_says_so() -> None:
    assert "(optional)" in show('{% field form.photos "photos" %}', form=Story())
    assert "(optional)" not in show("{% field form.agree %}", form=Story())  # a box to tick says so itself


def test_radio_cards_are_one_group_with_a_legend() -> None:
    html = show('{% field form.solved "cards" %}', form=Story({"solved": "no"}))
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count('type="radio"') == 2
    assert re.search(r'value="no"[^>]*checked', html)


def test_stars_stand_reversed_so_that_styles_alone_can_fill_them() -> None:
    html = show('{% field form.speed "stars" %}', form=Story())
    assert re.findall(r'value="(\d)"', html) == ["5", "4", "3", "2", "1"]
    assert "5 stars, very satisfied" in html


def test_what_a_resident_typed_is_never_markup() -> None:
    events = [
        {"at": NOW, "title": "<b>t</b>", "text": "<script>x</script>", "who": "<i>w</i>", "kind": "reply"}
    ]
    html = show("{% timeline events %}", events=events)
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html


def test_the_error_summary_links_to_each_wrong_field() -> None:
    html = show("{% error_summary form %}", form=Story({"text": ""}))
    assert 'href="#id_text"' in html
    assert 'role="alert"' in html
    assert show("{% error_summary form %}", form=Story()).strip() == ""


def test_a_due_chip_has_words_and_an_icon_beside_its_colour() -> None:
    html = show("{% due at now %}", at=NOW - timedelta(days=2), now=NOW)
    assert "due-over" in html
    assert "Overdue by 2 days" in html
    assert "#alert" in html
    assert show("{% due at now %}", at=None, now=NOW) == ""


def test_a_moment_is_told_in_the_towns_time() -> None:
    html = show("{% when at %}", at=NOW)
    assert html == '<time datetime="2026-03-18T10:20+08:00">18 Mar 2026, 10:20</time>'
    with translation.override("zh-hans"):
        assert "2026年3月18日 10:20" in Template("{% load ui %}{% when at %}").render(Context({"at": NOW}))


@pytest.mark.usefixtures("own_addresses")
def test_a_page_that_is_not_switched_on_has_no_address() -> None:
    assert show('{% page_url "nowhere:at_all" %}') == ""


def test_tabs_name_the_current_one_and_show_their_counts() -> None:
    items = [
        {"label": "To sign", "url": "?a", "count": 0, "tone": "bad", "current": False},
        {"label": "Overdue", "url": "?b", "count": 3, "tone": "bad", "current": True},
    ]
    html = show('{% tabs items "Cases" %}', items=items)
    assert html.count('aria-current="page"') == 1
    assert html.count("count-bad") == 1


def photo(size: int = 10, name: str = "a.jpg") -> SimpleUploadedFile:
    """Return an upload of `size` bytes."""
    return SimpleUploadedFile(name, b"x" * size, content_type="image/jpeg")


def filled(*photos: SimpleUploadedFile) -> Story:
    """Return a form in which everything but the photos is in order."""
    data = {"text": "t", "solved": "yes", "speed": "4"}
    return Story(data, MultiValueDict({"photos": list(photos)}))


def test_several_photos_come_as_a_list() -> None:
    form = filled(photo(name="a.jpg"), photo(name="b.jpg"))
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["photos"]] == ["a.jpg", "b.jpg"]
    assert form.cleaned_data["speed"] == 4


def test_no_photo_at_all_is_an_empty_list() -> None:
    form = filled()
    assert form.is_valid()
    assert form.cleaned_data["photos"] == []


@pytest.mark.parametrize(
    ("photos", "code"),
    [
        ((photo(), photo(), photo()), "too_many"),
        ((photo(2 * 1024 * 1024),), "too_large"),
        ((photo(0),), "empty"),
    ],
)
def test_too_many_too_large_and_empty_photos_are_refused(
    photos: tuple[SimpleUploadedFile, ...], code: str
) -> None:
    form = filled(*photos)
    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()["photos"]] == [code]
