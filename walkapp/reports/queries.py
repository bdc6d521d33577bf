"""What a report says, read from the database: one frozen value for page, PDF and map; minutes as they are printed."""

import json
import types
import typing
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from babel.dates import format_date
from flask_babel import force_locale, get_locale, ngettext, pgettext
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from walkapp.actions import queries as actions
from walkapp.actions.queries import PaperRow
from walkapp.actions.states import OPEN, REFUSED
from walkapp.council import queries as council
from walkapp.council.models import AgendaItem, Council, Meeting, MinutesSnapshot
from walkapp.council.rules import canonical, sha256_of
from walkapp.kernel import clock
from walkapp.kernel.actor import Actor
from walkapp.kernel.db import db
from walkapp.kernel.installation import installation
from walkapp.kernel.light import light_on
from walkapp.kernel.look import day, listed, span, time_of_day, weekday, when
from walkapp.kernel.map import Legend, MapPoint, MapStop, MapWords, standalone_map
from walkapp.kernel.order import swedish
from walkapp.observations import queries as observations
from walkapp.observations.models import Observation
from walkapp.observations.queries import Standing
from walkapp.observations.rules import CATEGORY_WORDS
from walkapp.observations.states import PILE
from walkapp.people.models import Municipality
from walkapp.walks.models import Invitation, Participant, Walk

from . import access
from .models import Paper, Report
from .rules import (
    AttendanceList,
    Fact,
    Figure,
    MinutesItem,
    MinutesPaper,
    MinutesPerson,
    MinutesSection,
    MinutesWords,
    NotDone,
    Outcome,
    Photo,
    ReportAction,
    ReportOwner,
    ReportPoint,
    ReportWords,
    Role,
    Signature,
    Stop,
    WalkReport,
    outline,
    translated,
)

PAPER_LANGUAGE = "sv"
SMALL = 5  # smaller groups are not counted out
T = TypeVar("T")

STATE_WORDS = {
    "proposed": "Proposed",
    "assigned": "Assigned",
    "accepted": "Accepted",
    "planned": "Planned",
    "investigating": "Being looked into",
    "awaiting_funds": "Waiting for funds",
    "declined": "Will not be done",
    "misdirected": "Not theirs",
    "started": "Under way",
    "done": "Done, not yet checked",
    "verified": "Checked on site",
    "closed": "Finished",
    "reopened": "Reopened",
    "requested": "Request sent",
    "answered_yes": "Answered yes",
    "answered_no": "Answered no",
    "unanswered": "No answer",
}
TERM_WORDS = {
    "acute": "Acute",
    "quick": "Quick",
    "short": "Short term",
    "long": "Long term",
    "continuous": "Continuous",
    "preserve": "To keep",
}


@dataclass(frozen=True)
class Version:
    """A published report: its row, what it says, and whether all of it may still be shown."""

    row: Report
    report: WalkReport
    clean: bool


# -- the report ------------------------------------------------------------------------------------------------


def walk_report(walk: Walk, version: str | None = None) -> WalkReport:
    """Return the report as the walk stands now, in the reader's language."""
    town = db.session.get_one(Municipality, walk.municipality_id)
    seen = observations.standing(access.eyes(walk.municipality_id), walk.id)
    rows = told_actions(walk, seen)
    points = tuple(_point(one, rows) for one in seen if one.number is not None)
    roles, walkers, hidden = took_part(walk)
    return WalkReport(
        title=walk.name,
        municipality=town.name,
        presented=_presented(walk),
        paragraph=_paragraph(walk, points, walkers, rows),
        purpose=walk.purpose or "",
        figures=_figures(points, rows),
        facts=_facts(walk, town, seen),
        took_part=roles,
        walkers=walkers,
        words=translated(ReportWords, lambda word: str(pgettext("paper", word))),
        language=_language(),
        made=when(clock.now()),
        version=version or str(_("draft")),
        is_demo=_is_demo(),
        reference=walk.registry_number or "",
        groups_hidden=hidden,
        lead_photo=_lead(points),
        area=outline(walk.area.shape if walk.area else None),
        route=outline(walk.route),
        stops=tuple(
            Stop(stop.position, stop.name, stop.lat, stop.lon)
            for stop in walk.stops
            if stop.lat is not None and stop.lon is not None
        ),
        points=points,
        owners=_owners(rows),
        not_done=_not_done(rows),
    )


def told_actions(walk: Walk, seen: Iterable[Standing]) -> list[PaperRow]:
    """Return the actions that may be told: not those about what nobody else may see any more."""
    visible = {one.id for one in seen}
    numbers = {one.id: one.number for one in seen}
    told = []
    for row in actions.for_paper(walk):
        kept = tuple(one for one in row.observation_ids if one in visible)
        if kept or not row.observation_ids:
            shown = tuple(sorted(number for one in kept if (number := numbers[one]) is not None))
            told.append(replace(row, observation_ids=kept, observation_numbers=shown))
    return told


def _language() -> str:
    found = get_locale()
    return str(found.language) if found else PAPER_LANGUAGE


def _is_demo() -> bool:
    row = installation()
    return bool(row and row.is_demo)


def category_word(category: str | None) -> str:
    """Return a category in the reader's language."""
    return str(pgettext("category", CATEGORY_WORDS.get(category or "other", "Other")))


def state_word(state: str) -> str:
    """Return an action's state in the reader's language."""
    return str(pgettext("state", STATE_WORDS[state]))


def _presented(walk: Walk) -> str:
    meeting = considered_at(walk)
    if meeting is None:
        return str(_("Report, %(day)s", day=day(clock.today())))
    return str(_("Report to %(council)s, %(day)s", council=meeting.council.name, day=day(meeting.starts_at)))


def considered_at(walk: Walk) -> Meeting | None:
    """Return the latest meeting that has the report on its agenda."""
    on_agenda = select(Meeting).join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
    latest = on_agenda.where(AgendaItem.walk_id == walk.id).order_by(Meeting.starts_at.desc()).limit(1)
    return db.session.scalar(latest)


def open_agendas(actor: Actor, walk: Walk) -> list[Meeting]:
    """Return the meetings on whose agenda the report can still be put."""
    coming = (
        select(Meeting)
        .join(Council, Council.id == Meeting.council_id)
        .where(Meeting.municipality_id == walk.municipality_id, Meeting.state.in_(("planned", "called")))
        .order_by(Meeting.starts_at)
    )
    return list(db.session.scalars(coming))


def _point(one: Standing, rows: list[PaperRow]) -> ReportPoint:
    photos = tuple(
        Photo(str(photo.id), photo.alt or _alt(one)) for photo in one.photos if photo.shown and photo.id is not None
    )
    return ReportPoint(
        number=one.number or 0,
        kind=one.kind,
        category=category_word(one.category),
        place=one.place or one.stop or "",
        texts=_texts(one),
        lat=one.lat,
        lon=one.lon,
        suggestions=_suggestions(one),
        feeling=one.feeling,
        seen_by=one.voices,
        when=span(one.at),
        photos=photos,
        state=_what_became(one, rows),
    )


def _alt(one: Standing) -> str:
    return ", ".join(part for part in (category_word(one.category), one.place or one.stop or "") if part)


def _texts(one: Standing) -> tuple[str, ...]:
    return tuple(dict.fromkeys(saying.words for saying in one.sayings if saying.words != saying.proposal))


def _suggestions(one: Standing) -> tuple[str, ...]:
    said = (one.proposal, *(saying.proposal for saying in one.sayings))
    return tuple(dict.fromkeys(words for words in said if words))


def _what_became(one: Standing, rows: list[PaperRow]) -> str:
    about = [row for row in rows if one.id in row.observation_ids]
    if about:
        return str(listed(dict.fromkeys(state_word(row.state) for row in about)))
    return str(pgettext("state", "Noted")) if one.state == "noted" else ""


def _paragraph(walk: Walk, points: tuple[ReportPoint, ...], walkers: int, rows: list[PaperRow]) -> str:
    """Who walked, what was found, and how far it has come: in three sentences."""
    kinds = Counter(point.kind for point in points)
    found = []
    if kinds["safe_place"]:
        found.append(ngettext("%(num)s place to keep", "%(num)s places to keep", kinds["safe_place"]))
    if kinds["deficiency"]:
        found.append(ngettext("%(num)s deficiency", "%(num)s deficiencies", kinds["deficiency"]))
    if kinds["proposal"]:
        found.append(ngettext("%(num)s proposal", "%(num)s proposals", kinds["proposal"]))
    start = weekday(walk.starts_at)
    begins = start[:1].upper() + start[1:]
    sentences = [
        ngettext("%(day)s %(num)s person walked.", "%(day)s %(num)s people walked together.", walkers, day=begins)
        if walkers
        else _("The walk was on %(day)s.", day=start)
    ]
    sentences.append(_("They found %(things)s.", things=listed(found)) if found else _("Nothing is reviewed yet."))
    sent = [row for row in rows if row.state != "proposed"]
    if sent:
        told = ngettext("%(num)s action has an owner", "%(num)s actions have an owner", len(sent))
        sentences.append(_("%(told)s, %(answered)s of them have an answer.", told=told, answered=_answered(sent)))
    return " ".join(str(one) for one in sentences)


def _answered(rows: Iterable[PaperRow]) -> int:
    return sum(row.state not in ("proposed", "assigned", "requested", "unanswered", "reopened") for row in rows)


def _figures(points: tuple[ReportPoint, ...], rows: list[PaperRow]) -> tuple[Figure, ...]:
    kinds = Counter(point.kind for point in points)
    sent = [row for row in rows if row.state != "proposed"]
    share = _("%(some)s of %(all)s", some=_answered(sent), all=len(sent)) if sent else "0"
    return (
        Figure(str(kinds["safe_place"]), str(_("safe places"))),
        Figure(str(kinds["deficiency"]), str(_("deficiencies"))),
        Figure(str(kinds["proposal"]), str(_("proposals"))),
        Figure(str(share), str(_("actions with an answer"))),
    )


def _facts(walk: Walk, town: Municipality, seen: list[Standing]) -> tuple[Fact, ...]:
    start = weekday(walk.starts_at)
    rows = [
        (_("When"), f"{start[:1].upper()}{start[1:]}, {span(walk.starts_at, walk.ends_at)}"),
        (_("Meeting point"), walk.meeting_point),
        (_("Area"), walk.area.name if walk.area else None),
        (_("Why here"), walk.area.reason if walk.area else None),
        (_("Light"), _light(walk, town, seen)),
    ]
    return tuple(Fact(str(label), text) for label, text in rows if text)


def _light(walk: Walk, town: Municipality, seen: list[Standing]) -> str:
    light = light_on(clock.local(walk.starts_at).date(), walk.meeting_place or town.centre)
    if light.sunset_at is None:
        return ""
    said = [_("Sunset at %(clock)s", clock=time_of_day(light.sunset_at))]
    if light.dusk_at:
        said[0] = _(
            "Sunset at %(sunset)s, dark at %(dark)s",
            sunset=time_of_day(light.sunset_at),
            dark=time_of_day(light.dusk_at),
        )
    dim = sum(one.light in ("dusk", "dark") for one in seen)
    if dim:
        said.append(
            ngettext(
                "%(num)s observation was made in dusk or darkness",
                "%(num)s observations were made in dusk or darkness",
                dim,
            )
        )
    return ". ".join(str(one) for one in said) + "."


def _lead(points: tuple[ReportPoint, ...]) -> Photo | None:
    """The first picture of a safe place, else of the first point that has one."""
    ordered = sorted(points, key=lambda point: point.kind != "safe_place")
    return next((photo for point in ordered for photo in point.photos), None)


# -- who took part ---------------------------------------------------------------------------------------------


def took_part(walk: Walk) -> tuple[tuple[Role, ...], int, bool]:
    """Return the roles, how many walked, and whether some counts are left out: small groups are named, not counted."""
    phones = select(Participant.role, func.count(Participant.id)).where(
        Participant.walk_id == walk.id, Participant.revoked_at.is_(None)
    )
    counts = _counted(phones.group_by(Participant.role))
    invited = select(Invitation.role, func.count(Invitation.id)).where(
        Invitation.walk_id == walk.id, Invitation.state == "yes"
    )
    said_yes = _counted(invited.group_by(Invitation.role))
    walkers = sum(counts.values())
    if set(counts) <= {"participant"} and sum(said_yes.values()) <= walkers:
        counts = {**said_yes, "participant": walkers - sum(said_yes.values())}
    groups, others = counted_out(counts)
    roles = [Role(role_word(name), number) for name, number in groups]
    named = {name for name, _ in groups}
    small = sorted((role_word(name) for name, number in counts.items() if number and name not in named), key=swedish)
    return (*roles, *(Role(name) for name in small)), walkers, bool(others)


def _counted(rows: Select[str, int]) -> dict[str, int]:
    return {role: number for role, number in db.session.execute(rows)}  # noqa: C416


def counted_out(counts: Mapping[str, int], least: int = SMALL) -> tuple[list[tuple[str, int]], int]:
    """Return the groups large enough to be counted, largest first, and how many are in all the smaller ones together.

    When the smaller ones together are still fewer than `least`, the smallest counted group joins them: else anybody
    could find their number by subtraction.
    """
    whole = sorted(((name, number) for name, number in counts.items() if number >= least), key=lambda row: -row[1])
    others = sum(number for number in counts.values() if 0 < number < least)
    if 0 < others < least and whole:
        others += whole.pop()[1]
    return whole, others


def role_word(role: str) -> str:
    """Return a walker's role as the report says it; what the coordinator wrote stands as written."""
    words = {
        "participant": pgettext("walkers", "participants"),
        "recorder": pgettext("walkers", "recorders"),
        "leader": pgettext("walkers", "leaders"),
    }
    return str(words.get(role, role))


# -- actions by owner ------------------------------------------------------------------------------------------


def _owners(rows: list[PaperRow]) -> tuple[ReportOwner, ...]:
    found: dict[str | None, list[PaperRow]] = {}
    for row in rows:
        found.setdefault(row.organisation, []).append(row)
    return tuple(
        ReportOwner(
            name=name or str(_("Owner not yet known")),
            actions=tuple(_action(row) for row in mine),
            is_request=all(row.asked for row in mine),
        )
        for name, mine in found.items()
    )


def _action(row: PaperRow) -> ReportAction:
    return ReportAction(
        points=row.observation_numbers,
        text=row.title,
        action_class=str(pgettext("action class", TERM_WORDS.get(row.term, row.term))),
        due=_due(row),
        state=row.state,
        state_text=state_word(row.state),
        answer=(row.reason if row.state in REFUSED else row.answer) or "",
        overdue=_overdue(row),
    )


def _due(row: PaperRow) -> str:
    due = row.due
    if due.what == "budget":
        return str(_("next budget"))
    if due.what == "answer" and due.on:
        return str(_("answer by %(day)s", day=_short(due.on)))
    return _short(due.on) if due.on else ""


def _short(on: date) -> str:
    """A day that fits a column, and keeps its year: the paper will be read in another one."""
    return format_date(on, "d MMM y", locale=_language()).replace(".", "")


def _overdue(row: PaperRow) -> str:
    if not row.due.late or row.due.on is None:
        return ""
    late = (clock.today() - row.due.on).days
    return str(ngettext("late by %(num)s day", "late by %(num)s days", late))


def _not_done(rows: list[PaperRow]) -> tuple[NotDone, ...]:
    return tuple(
        NotDone(
            points=row.observation_numbers,
            text=row.title,
            owner=row.organisation or str(_("Owner not yet known")),
            reason=row.reason or row.answer or str(_("No reason was given.")),
        )
        for row in rows
        if row.state in REFUSED
    )


def waiting(walk: Walk) -> int:
    """Return how many observations nobody has reviewed yet."""
    pile = select(func.count(Observation.id)).where(
        Observation.walk_id == walk.id, Observation.state.in_(PILE), Observation.withdrawn.is_(False)
    )
    return db.session.scalar(pile.where(Observation.held.is_(False))) or 0


def still_open(rows: Iterable[PaperRow]) -> int:
    """Return how many actions are not settled."""
    return sum(row.state in OPEN for row in rows)


# -- published versions ----------------------------------------------------------------------------------------


def frozen(report: WalkReport) -> str:
    """Return a report as canonical JSON."""
    return canonical(asdict(report))


def content_hash(report: WalkReport) -> str:
    """Return the hash of what a report says, whenever it was made."""
    return sha256_of(frozen(replace(report, made="", version="")))


def thaw(text: str) -> WalkReport:
    """Return the report that a frozen text holds."""
    return _build(WalkReport, json.loads(text))


def _build(kind: type[T], value: Any) -> T:
    """Give JSON its dataclasses and tuples back."""
    hints = typing.get_type_hints(kind)
    given = {one.name: _value(hints[one.name], value[one.name]) for one in fields(kind) if one.name in value}  # type: ignore[arg-type]
    return kind(**given)


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _value(next(one for one in inside if one is not type(None)), value)
    if origin is tuple:
        kinds = [inside[0]] * len(value) if inside[-1:] == (Ellipsis,) else list(inside)
        return tuple(_value(one, part) for one, part in zip(kinds, value, strict=True))
    return _build(hint, value) if isinstance(hint, type) and is_dataclass(hint) else value


def versions(walk: Walk) -> list[Report]:
    """Return the published versions, the newest first."""
    mine = select(Report).where(Report.walk_id == walk.id).order_by(Report.version.desc())
    return list(db.session.scalars(mine))


def latest(walk: Walk) -> Version | None:
    """Return the newest published version."""
    rows = versions(walk)
    if not rows:
        return None
    report = thaw(rows[0].text)
    return Version(rows[0], report, still_clean(walk, report))


def still_clean(walk: Walk, report: WalkReport) -> bool:
    """Tell whether everything in a published report may still be shown: nothing was masked or withdrawn since."""
    seen = {one.number: one for one in observations.standing(access.eyes(walk.municipality_id), walk.id)}
    for point in report.points:
        now = seen.get(point.number)
        if now is None or not set(point.texts) <= set(_texts(now)):
            return False
        shown = {str(photo.id) for photo in now.photos if photo.shown}
        if not {photo.key for photo in point.photos} <= shown:
            return False
    return True


def paper(source_id: uuid.UUID, format: str = "pdf") -> Paper | None:
    """Return the file that was made from a frozen text."""
    return db.session.scalar(select(Paper).where(Paper.source_id == source_id, Paper.format == format))


def report_row(report_id: uuid.UUID | None) -> Report | None:
    """Return a published version by its id."""
    return db.session.get(Report, report_id) if report_id else None


def snapshot_row(snapshot_id: uuid.UUID | None) -> MinutesSnapshot | None:
    """Return a snapshot of minutes by its id."""
    return db.session.get(MinutesSnapshot, snapshot_id) if snapshot_id else None


# -- the map ---------------------------------------------------------------------------------------------------


def map_file(report: WalkReport) -> str:
    """Return the walk's map as one file that needs nothing else."""
    words = report.words
    points = [
        MapPoint(point.number, point.kind, point.lat, point.lon, point.place or point.category, _lines(point, words))
        for point in report.points
        if point.lat is not None and point.lon is not None
    ]
    return standalone_map(
        report.title,
        report.area,
        report.route,
        points,
        [Legend(kind, getattr(words, kind)) for kind in ("deficiency", "safe_place", "proposal")],
        _("%(municipality)s. Only the walk's own places, no background map.", municipality=report.municipality),
        stops=[MapStop(stop.number, stop.name, stop.lat, stop.lon) for stop in report.stops],
        intro=report.paragraph,
        demo=words.demo if report.is_demo else "",
        words=MapWords(str(_("Zoom in")), str(_("Zoom out"))),
        language=report.language,
    )  # fmt: skip


def _lines(point: ReportPoint, words: ReportWords) -> tuple[str, ...]:
    first = (point.category,) if point.place else ()
    proposed = (f"{words.suggestion}{said}" for said in point.suggestions)
    return (*first, *point.texts, *proposed, *((point.state,) if point.state else ()))


# -- minutes ---------------------------------------------------------------------------------------------------


def minutes_paper(found: council.Minutes) -> MinutesPaper:
    """Return minutes as they are printed: from the signed text alone once there is one."""
    with force_locale(found.content["language"]):
        return _minutes_paper(found)


def _minutes_paper(found: council.Minutes) -> MinutesPaper:
    content = found.content
    given = {one.office: one for one in found.signatures}
    last = max((one.at for one in found.signatures), default=None) if found.frozen else None
    return MinutesPaper(
        forum=content["forum"],
        municipality=content["municipality"],
        kind=content["kind"],
        date=content["date"],
        place_and_time=content["place_and_time"],
        attendance=tuple(_attendance(group) for group in content["attendance"]),
        items=tuple(_minutes_item(item) for item in content["items"]),
        signatures=tuple(
            Signature(one["name"], one["role"], _signed(given[one["office"]].at) if one["office"] in given else "")
            for one in content["signatories"]
        ),
        words=translated(MinutesWords, lambda word: str(pgettext("paper", word))),
        language=content["language"],
        is_demo=content["is_demo"],
        place_and_date=f"{content['municipality']}, {day(last)}" if last else "",
        reference=content["reference"],
        snapshot_sha256=found.sha256 if found.frozen else "",
        is_draft=not found.frozen,
    )


def _signed(at: datetime) -> str:
    return str(_("Signed %(when)s", when=when(at)))


def _attendance(group: dict[str, Any]) -> AttendanceList:
    ways = {"remote": "remote", "absent": "absent"}
    return AttendanceList(
        group["label"],
        tuple(
            MinutesPerson(one["name"], one["title"], one["role"], ways.get(one["how"], "in_room"))
            for one in group["people"]
        ),
    )


def _minutes_item(item: dict[str, Any]) -> MinutesItem:
    return MinutesItem(
        number=item["number"],
        heading=item["heading"],
        paragraphs=tuple(item["paragraphs"]),
        sections=tuple(MinutesSection(one["heading"], tuple(one["paragraphs"])) for one in item["sections"]),
        outcomes=tuple(Outcome(one["word"], one["text"], one["owner"], one["due"]) for one in item["outcomes"]),
    )
