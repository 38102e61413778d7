"""Every reason for which the core of places refuses a code, a coordinate or a shape, in one table."""

from __future__ import annotations

from huying.kit.errors import Reason


def _(msgid: str) -> str:
    """Mark a sentence for translation; the core knows no Django, so the door that shows it translates."""
    return msgid


# --- codes -----------------------------------------------------------------------------------------
CODE_LENGTH = Reason("code_length", _("A code of this kind has {digits} digits, this one has {found}."), 422)
CODE_NOT_DIGITS = Reason("code_not_digits", _("A code holds digits only."), 422)
CODE_UNKNOWN_PROVINCE = Reason("code_unknown_province", _("No province has the number {part}."), 422)
CODE_GAP = Reason("code_gap", _("A code that names a county also has to name its city."), 422)
CODE_NOT_A_COUNTY = Reason(
    "code_not_a_county", _("The code names a whole province, not a county or city."), 422
)
CODE_NO_STREET = Reason("code_no_street", _("The street part of a code may not be 000."), 422)
CODE_NO_COMMUNITY = Reason("code_no_community", _("The community part of a code may not be 000."), 422)
CODE_NO_SEQUENCE = Reason("code_no_sequence", _("The sequence part of a code starts at 001."), 422)
CODE_NOT_WITHIN = Reason("code_not_within", _("The code {code} does not lie within {outer}."), 422)
COMMUNITY_FULL = Reason("community_full", _("The community {community} has used up all {most} cell codes."))

# --- coordinates -------------------------------------------------------------------------------------
COORDINATE_MISSING = Reason("coordinate_missing", _("Latitude and longitude are both needed."), 422)
COORDINATE_NOT_A_NUMBER = Reason(
    "coordinate_not_a_number", _("A coordinate has to be a number of degrees."), 422
)
COORDINATE_NOT_FINITE = Reason("coordinate_not_finite", _("A coordinate has to be a finite number."), 422)
COORDINATE_ZERO = Reason("coordinate_zero", _("The point 0, 0 is what a device without a fix sends."), 422)
COORDINATE_SWAPPED = Reason("coordinate_swapped", _("Latitude and longitude seem to be swapped."), 422)
COORDINATE_PROJECTED = Reason(
    "coordinate_projected", _("These look like metres on a map grid, not degrees."), 422
)
COORDINATE_OUT_OF_RANGE = Reason(
    "coordinate_out_of_range", _("Latitude lies within ±90 and longitude within ±180 degrees."), 422
)
SYSTEM_UNKNOWN = Reason("system_unknown", _("The coordinate system {system} is not known."), 422)

# --- boundaries --------------------------------------------------------------------------------------
JSON_BROKEN = Reason("json_broken", _("The file is not valid JSON: {detail}"), 422)
NOT_GEOJSON = Reason(
    "not_geojson", _("The file is not a GeoJSON feature collection, feature or polygon."), 422
)
CRS_UNKNOWN = Reason("crs_unknown", _("The file names a coordinate system we cannot read: {crs}"), 422)
NOT_A_FEATURE = Reason("not_a_feature", _("This row is not a GeoJSON feature."), 422)
KEY_MISSING = Reason("key_missing", _("The property {property} is missing or empty."), 422)
KEY_TWICE = Reason("key_twice", _("The key {key} was already used in row {row}."), 422)
GEOMETRY_MISSING = Reason("geometry_missing", _("This row has no geometry."), 422)
GEOMETRY_NOT_AN_AREA = Reason("geometry_not_an_area", _("An area needs a polygon, this is: {type}"), 422)
GEOMETRY_BROKEN = Reason("geometry_broken", _("The geometry cannot be read: {detail}"), 422)
GEOMETRY_EMPTY = Reason("geometry_empty", _("The geometry covers no ground."), 422)
GEOMETRY_MENDED = Reason("geometry_mended", _("The outline crossed itself and was mended: {detail}"), 200)
