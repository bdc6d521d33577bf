"""The council's meetings in the demo: one before the walk, one that considered its report, one that is coming."""

import uuid
from datetime import date, time

from sqlalchemy import select

from walkapp.actions.models import Action
from walkapp.council import queries, service
from walkapp.council.models import AgendaItem, Meeting
from walkapp.demonstration.calendar import MEETING_BEFORE, Days
from walkapp.demonstration.cast import Town
from walkapp.kernel import clock
from walkapp.kernel.db import db
from walkapp.kernel.transaction import writing

PLACE = "Sammanträdesrummet i Rådhuset"
REMOTE, ABSENT = {"rektor"}, {"kyrkoherde"}

BEFORE = {
    "attendance": "Några deltar på distans.",
    "walk": (
        "Rådet går en trygghetsvandring den sista torsdagen i oktober, klockan 16 till 18, från Nytorget mot resecentrum. "
        "Området är valt efter lägesbilden. En dialog med boende förbereds tillsammans med polisen."
    ),
    "situation": "Lugnt sedan förra mötet. Det som rapporterats gäller mest centrum.",
    "units": (
        "# Skolan\nVandringen tas upp i elevrådet, som skickar två ungdomar.\n\n"
        "# Centrumföreningen\nButikerna håller skyltfönstren tända under vandringen."
    ),
    "crime": "Antalet anmälda brott är oförändrat mot förra året.",
    "other": "Inga övriga frågor.",
}
AFTER = {
    "attendance": "Rektorn deltar på distans. Kyrkoherden har lämnat återbud.",
    "walk": (
        "Samordnaren redovisar vandringens rapport. Arton personer gick i två grupper. De trygga platserna redovisas först. "
        "Rådet tackar dem som gick."
    ),
    "situation": "Ljuset på parkeringen bakom Medborgarhuset har redan gjort skillnad, enligt dem som rör sig där.",
    "units": "# Kommunalteknik\nElva av punkterna är klara eller planerade.\n\n# Fritid och kultur\nKvällsöppet prövas under våren.",
    "crime": "Inget nytt att redovisa.",
    "other": "Inga övriga frågor.",
}
OUTCOMES = {
    "declined": ("standpoint", "Rådet beklagar svaret och tar upp frågan igen i vår."),
    "answered_no": ("standpoint", "Rådet beklagar svaret och tar upp frågan igen i vår."),
    "verified": ("filed", "Klart och kontrollerat på plats."),
    "investigating": ("information", "Utredningen redovisas för rådet när den är klar."),
    "requested": ("forwarded", "Ordföranden tar kontakt med ägaren."),
    "proposed": ("assignment", "Samordnaren utreder vem som har rådighet över platsen."),
}


def hold_the_meeting_before(town: Town, days: Days) -> uuid.UUID:
    """The autumn's first meeting, at which the walk was announced."""
    return _hold(town, days.on(MEETING_BEFORE), BEFORE)


def hold_the_meeting_after(town: Town, walk_id: uuid.UUID, days: Days) -> uuid.UUID | None:
    """The meeting that considered the report; none when the walk is too fresh."""
    return _hold(town, days.meeting, AFTER, walk_id) if days.meeting else None


def call_the_coming_meeting(town: Town, walk_id: uuid.UUID, days: Days) -> None:
    """The next meeting: planned, called, with the walk's report on the agenda if it has not been considered."""
    with writing():
        meeting_id = _plan(town, days.coming)
        if days.meeting is None:
            service.put_on_agenda(town.actor("sekreterare"), meeting_id, walk_id)
        service.call_meeting(town.actor("sekreterare"), meeting_id)


def _plan(town: Town, day: date) -> uuid.UUID:
    given = service.MeetingInput(clock.at(day, time(8, 30)), clock.at(day, time(10, 30)), PLACE)
    return service.plan_meeting(town.actor("sekreterare"), town.council_id, given).id


def _hold(town: Town, day: date, notes: dict[str, str], walk_id: uuid.UUID | None = None) -> uuid.UUID:
    with clock.standing_at(clock.at(day, time(8, 0))), writing():
        me = town.actor("sekreterare")
        meeting_id = _plan(town, day)
        if walk_id:
            service.put_on_agenda(me, meeting_id, walk_id)
        service.call_meeting(me, meeting_id)
        service.open_meeting(me, meeting_id)
        _note_attendance(town, meeting_id)
        if queries.previous_of(db.session.get_one(Meeting, meeting_id)) is not None:
            service.approve_previous(town.actor("ordforande"), meeting_id)
    with clock.standing_at(clock.at(day, time(10, 20))), writing():
        _write(town, meeting_id, notes, walk_id)
        service.close_meeting(town.actor("sekreterare"), meeting_id)
    with clock.standing_at(clock.at(day, time(15, 0))), writing():
        for key in ("sekreterare", "ordforande"):
            shown = queries.minutes_of(db.session.get_one(Meeting, meeting_id))
            service.sign(town.actor(key), meeting_id, shown.sha256)
    return meeting_id


def _note_attendance(town: Town, meeting_id: uuid.UUID) -> None:
    me = town.actor("sekreterare")
    by_id = {person_id: key for key, person_id in town.people.items()}
    for row in list(db.session.get_one(Meeting, meeting_id).attendance):
        key = by_id.get(row.person_id, "")
        how = "remote" if key in REMOTE else "absent" if key in ABSENT else "room"
        service.attend(me, meeting_id, row.person_id, how)


def _write(town: Town, meeting_id: uuid.UUID, notes: dict[str, str], walk_id: uuid.UUID | None) -> None:
    me = town.actor("sekreterare")
    for item in list(db.session.get_one(Meeting, meeting_id).agenda):
        if item.kind in notes:
            said = f"{item.note}\n\n{notes[item.kind]}" if item.note else notes[item.kind]
            service.write_note(me, item.id, said, "information")
        if item.kind == "walk" and walk_id:
            _decide(town, item, walk_id)


def _decide(town: Town, item: AgendaItem, walk_id: uuid.UUID) -> None:
    me = town.actor("sekreterare")
    for action in db.session.scalars(select(Action).where(Action.walk_id == walk_id).order_by(Action.number)).unique():
        outcome, text = OUTCOMES.get(action.state, ("information", None))
        service.decide(me, item.id, action.id, outcome, text)
