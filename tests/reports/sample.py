"""A made-up walk of a made-up town, large enough to try every page of a paper: 40 observations, 20 photos."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime

from PIL import Image, ImageDraw

from walkapp.reports.rules import (
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
    translated,
)

MADE_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HERE = (59.5120, 15.9950)

STOPS = (
    ("Torget", 0.0, 0.0),
    ("Biblioteket", -0.0009, -0.0016),
    ("Kvarnparken", -0.0019, -0.0026),
    ("Storgatan", -0.0006, 0.0014),
    ("Järnvägsgatan, övergången", 0.0018, 0.0040),
    ("Stationen", 0.0030, 0.0060),
)

SEEN = (
    ("deficiency", "Belysning", "Torget", "Två lyktor vid bänkarna är släckta. När solen gått ner ser man inte vem som sitter där."),
    ("safe_place", "Trygg plats", "Torget", "Fri sikt åt alla håll, skyltfönstren lyser och det går folk här."),
    ("deficiency", "Nedskräpning", "Torget", "Papperskorgen vid hållplatsen svämmar över redan på torsdagen."),
    ("deficiency", "Skymd sikt och växtlighet", "Torget", "Häcken längs trappan är högre än jag. Man vet inte vad som väntar på andra sidan."),
    ("proposal", "Mötesplats och sittplatser", "Torget", "Vänd bänkarna så att man ser vem som kommer."),
    ("deficiency", "Belysning", "Biblioteket", "Parkeringen bakom biblioteket är mörk mellan stolparna. Jag går hellre runt hela kvarteret."),
    ("deficiency", "Byggnad och entré", "Biblioteket", "Djup nisch vid sidodörren, man ser in först när man går förbi."),
    ("safe_place", "Trygg plats", "Kvarnparken", "Klippt, öppet och nära vattnet. Många barnfamiljer på dagen."),
    ("deficiency", "Belysning", "Kvarnparken", "Gångvägen längs ån har ingen belysning alls på en lång sträcka."),
    ("deficiency", "Underhåll", "Kvarnparken", "Räcket i trappan är trasigt och vasst i kanten."),
)  # fmt: skip


def picture(number: int, size: tuple[int, int] = (800, 600)) -> bytes:
    """A dusk scene drawn by code: sky, house fronts, lit windows, a dark lamp."""
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    width, height = size
    for y in range(height):
        shade = y / height
        draw.line((0, y, width, y), fill=(int(24 + 60 * shade), int(36 + 50 * shade), int(58 + 30 * shade)))
    for i in range(5):
        left = i * width // 5
        top = height // 3 + (number * 37 + i * 53) % (height // 5)
        draw.rectangle((left + 6, top, left + width // 5 - 6, height * 3 // 4), fill=(34 + 5 * i, 44, 56))
        for j in range(3):
            lit = (number + i * j) % 3 == 0
            box = (left + 22 + j * 40, top + 26, left + 44 + j * 40, top + 60)
            draw.rectangle(box, fill=(240, 200, 110) if lit else (52, 64, 78))
    draw.rectangle((0, height * 3 // 4, width, height), fill=(64, 66, 64))
    draw.line((width // 6, height // 4, width // 6, height * 9 // 10), fill=(12, 14, 18), width=10)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=78)
    return file.getvalue()


def pictures(count: int = 20) -> dict[str, bytes]:
    sizes = ((800, 600), (600, 800), (800, 450))
    return {f"photo-{n}": picture(n, sizes[n % 3 if n % 5 else 0]) for n in range(count)}


def points(count: int = 40, photos: int = 20) -> tuple[ReportPoint, ...]:
    made = []
    photo = iter(range(1, photos))
    for n in range(1, count + 1):
        kind, category, place, text = SEEN[(n - 1) % len(SEEN)]
        stop = STOPS[(n * 7) % len(STOPS)]
        voices = (text, "Det här gäller även tidigt på morgonen, när jag går till bussen.") if n % 9 == 0 else (text,)
        taken = tuple(
            Photo(f"photo-{one}", f"{place}, {category.lower()}")
            for one, _ in zip(photo, range(2 if n % 6 == 1 else 1 if n % 5 != 4 else 0), strict=False)
        )
        made.append(
            ReportPoint(
                number=n,
                kind=kind,
                category=category,
                place=place if n <= 10 else stop[0],
                texts=voices,
                lat=HERE[0] + stop[1] + ((n * 31) % 17 - 8) * 0.00003,
                lon=HERE[1] + stop[2] + ((n * 43) % 23 - 11) * 0.00005,
                suggestions=("Byt ljuskälla och se över kabeln.",) if category == "Belysning" else (),
                feeling=1 + n % 5,
                seen_by=2 + n % 3 if n % 9 == 0 else 1,
                when=f"kl 16.{n:02d}" if n < 60 else "kl 17.00",
                photos=taken,
                state="" if n % 2 else "Åtgärd öppnad",
            )
        )
    return tuple(made)


STATES = (
    ("assigned", "Tilldelad"),
    ("accepted", "Mottagen"),
    ("planned", "Planerad"),
    ("investigating", "Utreds"),
    ("done", "Klar, ej kontrollerad"),
    ("verified", "Åtgärdad och kontrollerad"),
    ("declined", "Genomförs inte"),
    ("awaiting_funds", "Inväntar medel"),
)
OWNERS = (
    ("Sjöby Gata och Park AB", 11, False),
    ("Sjöby Fastigheter AB", 5, False),
    ("Samhällsbyggnadsenheten", 4, False),
    ("Statlig väghållare", 3, True),
    ("Privat fastighetsägare", 2, True),
)


def owners() -> tuple[ReportOwner, ...]:
    made, n = [], 0
    for name, count, is_request in OWNERS:
        actions = []
        for _ in range(count):
            n += 1
            state, word = STATES[n % len(STATES)]
            actions.append(
                ReportAction(
                    points=(n,) if n % 5 else (n, n + 1, n + 9),
                    text=SEEN[(n - 1) % len(SEEN)][3].split(".")[0] + ".",
                    action_class=("Snabb", "Kort sikt", "Lång sikt")[n % 3],
                    due=("14 nov. 2026", "30 april 2027", "Nästa budget")[n % 3],
                    state=state,
                    state_text=word,
                    answer="Vi har beställt nya armaturer, de kommer vecka 49." if n % 4 == 0 else "",
                    overdue="försenad 6 dagar" if n % 7 == 0 else "",
                )
            )
        made.append(ReportOwner(name, tuple(actions), is_request))
    return tuple(made)


def report(language: str = "sv", translate: Callable[[str], str] = str, **changes: object) -> WalkReport:
    around = [HERE[0] + lat for _, lat, _ in STOPS], [HERE[1] + lon for _, _, lon in STOPS]
    south, north, west, east = min(around[0]), max(around[0]), min(around[1]), max(around[1])
    values: dict[str, object] = {
        "title": "Trygghetsvandring Torget–Stationen",
        "municipality": "Sjöby kommun",
        "presented": "Rapport till Trygghetsrådet, 20 november 2026",
        "paragraph": "Torsdag 29 oktober 2026 gick 18 personer från Torget, genom Kvarnparken och upp till Stationen. "
        "De hittade åtta platser att bevara och 28 brister. 25 åtgärder är fördelade, 21 har fått svar.",
        "purpose": "Hitta och åtgärda platser som kan skapa otrygghet, och lära känna varandras arbete.",
        "figures": (
            Figure("8", "trygga platser"),
            Figure("28", "brister"),
            Figure("4", "förslag"),
            Figure("21 av 25", "åtgärder med svar"),
        ),
        "facts": (
            Fact("När", "Torsdag 29 oktober 2026, kl 16.00–18.00"),
            Fact("Samling", "Torget, vid fontänen"),
            Fact("Varför här", "Lägesbilden pekade på centrum. Medborgardialogen nämnde parkeringen bakom biblioteket."),
            Fact("Ljus", "Sol ner 16.10, mörkt 16.54. Tio iakttagelser gjordes i skymning."),
        ),
        "took_part": (Role("boende", 6), Role("pensionärsorganisation", 5), Role("rådets ledamöter"), Role("polis")),
        "walkers": 18,
        "groups_hidden": True,
        "words": translated(ReportWords, translate),
        "language": language,
        "made": "20 november 2026 kl 10.30",
        "version": "3",
        "is_demo": True,
        "reference": "KS 2026/214",
        "lead_photo": Photo("photo-0", "Torget i skymningen, två lyktor är släckta"),
        "area": (
            (south - 0.0008, west - 0.0012),
            (south - 0.0008, east - 0.001),
            (north - 0.001, east + 0.0015),
            (north + 0.0007, east + 0.0012),
            (north + 0.0007, west + 0.004),
            (south + 0.0012, west - 0.0014),
            (south - 0.0008, west - 0.0012),
        ),
        "route": tuple((HERE[0] + lat, HERE[1] + lon) for _, lat, lon in STOPS),
        "stops": tuple(Stop(i, name, HERE[0] + lat, HERE[1] + lon) for i, (name, lat, lon) in enumerate(STOPS, 1)),
        "points": points(),
        "owners": owners(),
        "not_done": (
            NotDone((12,), "Ny gångtunnel under spåret.", "Statlig väghållare", "Medel saknas i planen till och med 2029. Frågan prövas igen när planen görs om."),
            NotDone((20, 30), "Belysning på genvägen.", "Privat fastighetsägare", "Genvägen går över en tomt som ska bebyggas under nästa år."),
        ),
    }  # fmt: skip
    return WalkReport(**(values | changes))  # type: ignore[arg-type]


HEADINGS = (
    "Närvaro deltagare",
    "Föregående minnesanteckningar",
    "Trygghetsvandring hösten 2026",
    "EST-grupp",
    "Fokusgrupp motorburen ungdom",
    "Aktuell lägesbild",
    "Aktuell information från verksamheterna",
    "Aktuell information om brottsutveckling i vårt område",
    "Övriga frågor",
)
FILLING = (
    "Samordnaren redogör för arbetet sedan förra mötet. Tre platser har fått ny belysning och två häckar är klippta. "
    "Rådet tackar för redovisningen och ser gärna en jämförelse med förra årets vandring till nästa möte."
)


def minutes(language: str = "sv", translate: Callable[[str], str] = str, **changes: object) -> MinutesPaper:
    items = [MinutesItem(f"{n}.", heading, (FILLING,) * (1 + n % 3)) for n, heading in enumerate(HEADINGS, 1)]
    items[1] = MinutesItem(
        "2.", HEADINGS[1], ("Minnesanteckningarna från den 26 maj 2026 godkänns och läggs till handlingarna.",)
    )
    items[2] = MinutesItem(
        "3.",
        HEADINGS[2],
        ("Rapporten från vandringen den 29 oktober föredras. Rådet går igenom åtgärderna i tur och ordning.",),
        outcomes=(
            Outcome("Uppdrag", "Komplettera belysningen på parkeringen bakom biblioteket.", "Sjöby Gata och Park AB", "30 april 2027"),
            Outcome("Ställningstagande", "Rådet står bakom förslaget att vända bänkarna på Torget."),
            Outcome("Information", "Statlig väghållare har svarat nej om gångtunneln. Skälet antecknas."),
        ),
    )  # fmt: skip
    items[6] = MinutesItem(
        "7.",
        HEADINGS[6],
        sections=(
            MinutesSection("Socialförvaltningen", (FILLING,)),
            MinutesSection("Näringsliv", (FILLING, FILLING)),
            MinutesSection("Samhällsbyggnadsenheten", (FILLING,)),
        ),
    )
    items[8] = MinutesItem("9.", HEADINGS[8], ("Inga övriga frågor anmäls.",))
    values: dict[str, object] = {
        "forum": "Trygghetsrådet",
        "municipality": "Sjöby kommun",
        "kind": "Minnesanteckningar",
        "date": "30 november 2026",
        "place_and_time": "Stora salen, kl 08.30–10.30",
        "attendance": (
            AttendanceList("Ledamöter", (MinutesPerson("Maj Exempelsson (A)", role="ordförande"), MinutesPerson("Olle Påhitt (B)", how="remote"))),
            AttendanceList(
                "Rådsrepresentanter",
                (
                    MinutesPerson("Siv Låtsas", "kommunpolis"),
                    MinutesPerson("Bo Fiktiv", "säkerhetssamordnare"),
                    MinutesPerson("Eva Saga", "rektor", how="remote"),
                    MinutesPerson("Per Dikt", "kyrkoherde", how="absent"),
                    MinutesPerson("Ulla Novell", "utredningssekreterare"),
                ),
            ),
            AttendanceList("Övriga", ()),
        ),
        "items": tuple(items),
        "signatures": (Signature("Maj Exempelsson", "Ordförande", "Underskrivet 2 december 2026 kl 09.12"), Signature("Ulla Novell", "Sekreterare", "Underskrivet 1 december 2026 kl 15.40")),
        "words": translated(MinutesWords, translate),
        "language": language,
        "is_demo": True,
        "place_and_date": "Sjöby den 2 december 2026",
        "approval": "Godkända vid mötet den 24 februari 2027.",
        "reference": "KS 2026/215",
        "snapshot_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }  # fmt: skip
    return MinutesPaper(**(values | changes))  # type: ignore[arg-type]
