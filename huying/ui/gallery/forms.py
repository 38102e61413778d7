"""Forms of the gallery's mock pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.ui.fields import PhotosField, StarsField

RESOLUTIONS = (("solved", _("Solved")), ("partly", _("Partly solved")), ("not", _("Not solved")))


class AppealForm(forms.Form):
    """What a resident writes; only the text is asked for."""

    text = forms.CharField(
        label=_("What is the matter?"),
        help_text=_("A sentence is enough. Names and phone numbers of others are not needed."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 5000}),
    )
    photos = PhotosField(
        label=_("Photos"), required=False, help_text=_("Up to 9. Place data inside is removed.")
    )
    place = forms.CharField(
        label=_("Where is it?"),
        required=False,
        help_text=_("Estate, building, road or shop: whatever you would tell a neighbour."),
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    twin = forms.ChoiceField(
        label=_("Is it one of these, already reported nearby?"),
        required=False,
        widget=forms.RadioSelect,
        choices=(
            ("1", "榕荫花园 2 栋东侧井盖松动，昨日 18:40，已有 3 人反映"),
            ("2", "望湖路公交站旁井盖缺失，3 天前，已有 1 人反映"),
            ("", _("No, mine is something else")),
        ),
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        required=False,
        help_text=_(
            "Only for the people who handle your appeal. Without it you can still follow it by its link."
        ),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    hide_name = forms.BooleanField(label=_("Do not show my name to the unit that handles it"), required=False)


class RatingForm(forms.Form):
    """Solved or not, and four axes."""

    resolution = forms.ChoiceField(
        label=_("Is the matter solved?"), widget=forms.RadioSelect, choices=RESOLUTIONS
    )
    speed = StarsField(label=_("Speed"))
    result = StarsField(label=_("Result"))
    service = StarsField(label=_("Service"))
    process = StarsField(label=_("Process"))
    words = forms.CharField(
        label=_("Anything to add?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReplyForm(forms.Form):
    """A unit's reply."""

    public_text = forms.CharField(
        label=_("Reply to the resident"),
        help_text=_("Say what was found, what was done, and what happens next."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    note = forms.CharField(label=_("Internal note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    resolution = forms.ChoiceField(label=_("Solved?"), widget=forms.RadioSelect, choices=RESOLUTIONS)
    evidence = PhotosField(label=_("Evidence"), required=False)


class ReturnForm(forms.Form):
    """A unit's wish to hand a case back."""

    unit = forms.ChoiceField(
        label=_("Right unit"),
        choices=(("", "—"), ("a", "城市管理办"), ("b", "住房建设办"), ("c", "交通运输办")),
    )
    reason = forms.CharField(
        label=_("Reason and the rule it rests on"), widget=forms.Textarea(attrs={"rows": 3})
    )


class FilterForm(forms.Form):
    """Filters of the inbox."""

    item = forms.ChoiceField(label=_("Item"), required=False, choices=(("", _("All")), ("1", "井盖")))
    area = forms.ChoiceField(label=_("Area"), required=False, choices=(("", _("All")), ("1", "榕前社区")))
    grade = forms.ChoiceField(
        label=_("Grade"), required=False, choices=(("", _("All")), ("A", "A"), ("B", "B"), ("C", "C"))
    )
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=(("", _("All")), ("web", "网页")))
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class SignInForm(forms.Form):
    """Staff sign-in."""

    username = forms.CharField(
        label=_("Account"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = forms.CharField(
        label=_("One-time code"),
        required=False,
        help_text=_("Six digits, if your account has a second step."),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 6}
        ),
    )
