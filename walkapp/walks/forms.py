"""The forms of planning and inviting."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from walkapp.kernel import clock, geo
from walkapp.kernel.geo import Point
from walkapp.people.rules import one_line, tidy_email

from . import rules
from .models import Walk
from .service import Details, GroupPlan, Guest, StopPlan

TYPES = (
    ("inventory", _("Inventory of the environment")),
    ("inspection", _("Joint inspection")),
    ("digital", _("Digital walk, everyone at their own time")),
    ("patrol", _("Adults' patrol")),
)
THEMES = (
    ("general", _("General")),
    ("centre", _("Town centre")),
    ("station", _("Station and stops")),
    ("passage", _("Tunnels and passages")),
    ("school_way", _("The way to school")),
    ("playground", _("Playgrounds and parks")),
    ("retail", _("Shops")),
    ("housing", _("Housing area")),
    ("senior", _("Seniors' walk")),
)


def _as_id(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value)) if value else None
    except ValueError:
        return None


def _strip(value: str | None) -> str | None:
    return value.strip() if value else value


class StopRow(Form):  # type: ignore[misc]
    """A stop in the list: the way to plan without the map."""

    id = HiddenField()
    name = StringField(_("Place"), [Length(max=120)], filters=[_strip])
    place = StringField(_("Coordinates"), [Length(max=60)])
    questions = TextAreaField(_("Questions at the stop, one a line"), [Length(max=2000)])

    def validate_place(self, field: StringField) -> None:
        """Latitude first, as a map shows it when one presses a place."""
        try:
            rules.read_place(field.data or "")
        except ValueError:
            raise ValidationError(_("Write latitude and longitude, like 59.39510, 15.83780.")) from None


class GroupRow(Form):  # type: ignore[misc]
    """A group, and who leads it."""

    id = HiddenField()
    name = StringField(_("Group"), [Length(max=60)], filters=[_strip])
    leader = SelectField(_("Leader of the group"), validate_choice=False)


class WalkForm(FlaskForm):  # type: ignore[misc]
    """What a walk is. The same form begins a walk and changes it."""

    name = StringField(_("Name of the walk"), [InputRequired(_("Give the walk a name.")), Length(max=120)])
    type = SelectField(_("Type of walk"), choices=[SelectChoice(*kind) for kind in TYPES], default="inventory")
    theme = SelectField(_("Theme"), choices=[SelectChoice(*theme) for theme in THEMES], default="general")
    purpose = TextAreaField(_("Why just here?"), [Length(max=2000)])
    day = DateField(_("Date"), [InputRequired(_("Choose a day."))])
    begins = TimeField(_("From"), [InputRequired(_("When does it begin?"))])
    ends = TimeField(_("To"), [InputRequired(_("When does it end?"))])
    leader = SelectField(_("Walk leader"), validate_choice=False)
    meeting_point = StringField(_("Meeting point"), [Length(max=200)])
    accessibility = TextAreaField(_("How accessible is the way?"), [Length(max=1000)])
    most_people = IntegerField(_("At most how many people"), [Optional(), NumberRange(1, 500)], default=20)
    registry_number = StringField(_("Registry number"), [Length(max=60)])
    area_id = SelectField(_("Area"), validate_choice=False)
    area_name = StringField(_("Name of the area"), [Length(max=120)])
    area = TextAreaField(_("Area"), [Length(max=200_000)])
    route = TextAreaField(_("Route"), [Length(max=200_000)])
    meeting = TextAreaField(_("Meeting point on the map"), [Length(max=2000)])
    spots = TextAreaField(_("Stops on the map"), [Length(max=200_000)])
    spots_before = HiddenField()
    stops = FieldList(FormField(StopRow), max_entries=rules.MOST_STOPS + 1)
    groups = FieldList(FormField(GroupRow), max_entries=30)

    def validate_ends(self, field: TimeField) -> None:
        """A walk ends the day it begins."""
        if self.begins.data and field.data and field.data <= self.begins.data:
            raise ValidationError(_("The walk ends before it begins."))

    def validate_name(self, field: StringField) -> None:
        """The name stands in letters' subjects."""
        if not one_line(field.data or ""):
            raise ValidationError(_("Write the name on one line."))

    def validate_area(self, field: TextAreaField) -> None:
        """A GeoJSON Polygon."""
        self._read(field, "Polygon")

    def validate_route(self, field: TextAreaField) -> None:
        """A GeoJSON LineString."""
        self._read(field, "LineString")

    def validate_meeting(self, field: TextAreaField) -> None:
        """A GeoJSON Point."""
        self._read(field, "Point")

    def validate_spots(self, field: TextAreaField) -> None:
        """A GeoJSON FeatureCollection of Points."""
        try:
            rules.read_spots(field.data)
        except (ValueError, RecursionError):
            raise ValidationError(_("This could not be read as places on a map.")) from None

    def _read(self, field: TextAreaField, kind: str) -> dict[str, Any] | None:
        try:
            return geo.read_shape(field.data, kind)
        except (ValueError, TypeError, RecursionError):
            raise ValidationError(_("This could not be read as places on a map.")) from None

    def offer(self, leaders: Sequence[tuple[str, str]], areas: Sequence[tuple[str, str]]) -> None:
        """Offer these people as leaders, and these areas to walk again."""
        choices = [SelectChoice("", _("Not yet decided")), *(SelectChoice(*leader) for leader in leaders)]
        self.leader.choices = choices
        self.area_id.choices = [SelectChoice("", _("A new area")), *(SelectChoice(*area) for area in areas)]
        for row in self.groups:
            row.form.leader.choices = choices

    def to_input(self) -> Details:
        """Return the walk as described."""
        point = self._read(self.meeting, "Point")
        return Details(
            name=self.name.data.strip(),
            starts_at=clock.at(self.day.data, self.begins.data),
            ends_at=clock.at(self.day.data, self.ends.data),
            type=self.type.data,
            theme=self.theme.data or None,
            purpose=_strip(self.purpose.data) or None,
            meeting_point=_strip(self.meeting_point.data) or None,
            meeting=Point(point["coordinates"][1], point["coordinates"][0]) if point else None,
            accessibility=_strip(self.accessibility.data) or None,
            most_people=self.most_people.data or 20,
            registry_number=_strip(self.registry_number.data) or None,
            leader_id=_as_id(self.leader.data),
            area_id=_as_id(self.area_id.data),
            area_name=_strip(self.area_name.data) or None,
            area_shape=self._read(self.area, "Polygon"),
            route=self._read(self.route, "LineString"),
        )

    def to_groups(self) -> list[GroupPlan]:
        """Return the groups; a row without a name is none."""
        rows = [row.form for row in self.groups if row.form.name.data]
        return [GroupPlan(row.name.data, _as_id(row.leader.data), _as_id(row.id.data)) for row in rows]

    def to_stops(self, unnamed: str, questions: tuple[str, ...]) -> list[StopPlan]:
        """Return the stops: the list's rows, then what was drawn, moved, named or taken away on the map.

        The map's text counts only where it has changed since the page was shown; so the list can be edited alone.
        """
        rows = [self._row(row.form) for row in self.stops if row.form.name.data or row.form.place.data]
        before, drawn = rules.read_spots(self.spots_before.data), rules.read_spots(self.spots.data)
        if before != drawn:
            rows = _redraw(rows, before, drawn)
        return [
            StopPlan(
                row.name or f"{unnamed} {number}",
                row.lat,
                row.lon,
                row.questions if row.id else (row.questions or questions),
                row.id,
            )
            for number, row in enumerate(rows, 1)
        ]

    @staticmethod
    def _row(form: Any) -> StopPlan:
        place = rules.read_place(form.place.data or "")
        lat, lon = place or (None, None)
        lines = tuple(line.strip() for line in (form.questions.data or "").splitlines() if line.strip())
        return StopPlan(form.name.data or "", lat, lon, lines, _as_id(form.id.data))


def _redraw(rows: list[StopPlan], before: Sequence[rules.Spot], drawn: Sequence[rules.Spot]) -> list[StopPlan]:
    matched = rules.match_spots(before, drawn)
    placed = [index for index, row in enumerate(rows) if row.lat is not None]
    # the map was shown the stops that had a place, in the list's order
    row_of = dict(zip(range(len(before)), placed, strict=False))
    changed: dict[int, rules.Spot | None] = {row_of[old]: None for old in row_of if old not in matched}
    new: list[StopPlan] = []
    for spot, old in zip(drawn, matched, strict=True):
        if old is None or old not in row_of:
            new.append(StopPlan(spot.name, spot.lat, spot.lon))
        elif before[old] != spot:
            changed[row_of[old]] = spot
    kept = [_moved(row, changed.get(index, row)) for index, row in enumerate(rows)]
    return [row for row in kept if row is not None] + new


def _moved(row: StopPlan, spot: rules.Spot | StopPlan | None) -> StopPlan | None:
    if spot is None or spot is row:
        return row if spot is row else None
    return StopPlan(spot.name or row.name, spot.lat, spot.lon, row.questions, row.id)


def walk_form(walk: Walk, **more: Any) -> WalkForm:
    """Return the form with the walk as it is."""
    begins, ends = clock.local(walk.starts_at), clock.local(walk.ends_at)
    spots = rules.write_spots(
        rules.Spot(stop.name, stop.lat, stop.lon)
        for stop in walk.stops
        if stop.lat is not None and stop.lon is not None
    )
    place = walk.meeting_place
    known = {name: getattr(walk, name) for name in ("name", "type", "purpose", "meeting_point", "accessibility")}
    return WalkForm(
        **known,
        theme=walk.theme or "general",
        day=begins.date(),
        begins=begins.time(),
        ends=ends.time(),
        leader=str(walk.leader_id or ""),
        most_people=walk.most_people,
        registry_number=walk.registry_number,
        area_name=walk.area.name if walk.area else None,
        area=_text(walk.area.shape if walk.area else None),
        route=_text(walk.route),
        meeting=_text({"type": "Point", "coordinates": [place.lon, place.lat]} if place else None),
        spots=spots,
        spots_before=spots,
        stops=[
            {
                "id": str(stop.id),
                "name": stop.name,
                "place": rules.write_place(stop.lat, stop.lon),
                "questions": "\n".join(stop.questions),
            }
            for stop in walk.stops
        ],
        groups=[
            *({"id": str(group.id), "name": group.name, "leader": str(group.leader_id or "")} for group in walk.groups),
            {"id": "", "name": "", "leader": ""},
        ],
        **more,
    )


def _text(shape: dict[str, Any] | None) -> str:
    return json.dumps(shape) if shape else ""


class GuestForm(FlaskForm):  # type: ignore[misc]
    """Somebody to invite."""

    role = StringField(_("Role or organisation"), [InputRequired(_("Which role is invited?")), Length(max=120)])
    name = StringField(_("Name"), [Length(max=120)])
    email = EmailField(_("E-mail"), [InputRequired(_("Write the e-mail address.")), Length(max=254)])

    def validate_email(self, field: EmailField) -> None:
        """An address as a mail header can carry it."""
        if tidy_email(field.data or "") is None:
            raise ValidationError(_("This does not look like an e-mail address."))

    def validate_name(self, field: StringField) -> None:
        """A name as a mail header can carry it."""
        if not one_line(field.data or ""):
            raise ValidationError(_("Write the name on one line."))

    validate_role = validate_name

    def to_input(self) -> list[Guest]:
        """Return the guest."""
        return [Guest(self.role.data, self.name.data or "", self.email.data)]


class GuestListForm(FlaskForm):  # type: ignore[misc]
    """Many to invite at once: one a line, role; name; e-mail."""

    lines = TextAreaField(_("One a line: role; name; e-mail"), [InputRequired(_("Write at least one line."))])

    def validate_lines(self, field: TextAreaField) -> None:
        """Say which line cannot be read."""
        for number, parts in enumerate(_lines(field.data), 1):
            if len(parts) != 3 or not parts[0] or tidy_email(parts[2]) is None:
                raise ValidationError(_("Line %(number)s: write role; name; e-mail.", number=number))

    def to_input(self) -> list[Guest]:
        """Return the guests."""
        return [Guest(*parts) for parts in _lines(self.lines.data)]


def _lines(text: str | None) -> list[list[str]]:
    return [[part.strip() for part in line.split(";")] for line in (text or "").splitlines() if line.strip()]


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why a walk is called off, in words for those who were to come."""

    reason = TextAreaField(_("Why? Those who are invited read this."), [InputRequired(_("Say why.")), Length(max=1000)])

    def to_input(self) -> str:
        """Return the reason."""
        return str(self.reason.data)


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The code that is printed beside the QR, or said aloud."""

    code = StringField(_("The walk's code"), [InputRequired(_("Write the code.")), Length(max=40)])

    def to_input(self) -> str | None:
        """Return the code as XXXX-XXXX, or None when it cannot be one."""
        return rules.tidy_code(self.code.data)


class TokenForm(FlaskForm):  # type: ignore[misc]
    """The token of an invitation's letter."""

    token = StringField(
        _("Code from the letter"), [InputRequired(_("Paste the code from the letter.")), Length(max=300)]
    )

    def to_input(self) -> str:
        """Return the token; whoever pasted the whole address meant the part after #i=."""
        return str(self.token.data).strip().rpartition("#i=")[2]


class AnswerForm(TokenForm):
    """The answer to an invitation."""

    answer = RadioField(
        _("Are you coming?"),
        [InputRequired(_("Choose yes or no."))],
        choices=[SelectChoice("yes", _("Yes, I am coming")), SelectChoice("no", _("No, I cannot"))],
        validate_choice=False,
    )
