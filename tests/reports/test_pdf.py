"""The papers come out readable by everyone, keep for ever, and print whatever people wrote as letters."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import page as page_validation
import pytest
from babel.messages.pofile import read_po
from pypdf import PdfReader, PdfWriter

from tests.reports import sample
from walkapp.reports import pdf, rules

CATALOGUE = Path(rules.__file__).parents[1] / "translations" / "sv" / "reports_paper.po"
PROFILES = ("ua1", "2a")


def swedish(word: str) -> str:
    with CATALOGUE.open("rb") as file:
        return str(read_po(file, locale="sv").get(word, "paper").string)


def press(report: rules.WalkReport, pictures: dict[str, bytes] | None = None, **how: object) -> bytes:
    how.setdefault("timestamp", sample.MADE_AT)
    return pdf.render("report", rules.walk_paper(report), pictures or {}, **how)  # type: ignore[arg-type]


def press_minutes(minutes: rules.MinutesPaper) -> bytes:
    return pdf.render("minutes", rules.minutes_paper(minutes), {}, timestamp=sample.MADE_AT)


def pages(paper: bytes) -> list[str]:
    return [plain(one.extract_text()) for one in PdfReader(io.BytesIO(paper)).pages]


def plain(text: str) -> str:
    """Letters without the line breaks that the page put between them."""
    return re.sub(r"\s+", " ", text.replace("\u200b", "")).strip()


def letters(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def faults(paper: bytes) -> list[str]:
    reports = [page_validation.validate_pdf_bytes(paper, profile=profile) for profile in PROFILES]
    return [f"{one.profile}: {found.message}" for one in reports for found in one.failures]


@pytest.fixture(scope="module")
def report_pdf() -> bytes:
    return press(sample.report(translate=swedish), sample.pictures())


@pytest.fixture(scope="module")
def minutes_pdf() -> bytes:
    return press_minutes(sample.minutes(translate=swedish))


def test_the_validator_finds_faults_where_there_are_some() -> None:
    untagged, file = PdfWriter(), io.BytesIO()
    untagged.add_blank_page(200, 200)
    untagged.write(file)
    assert len(faults(file.getvalue())) > 5


def test_both_papers_are_accessible_and_keep_for_ever(report_pdf: bytes, minutes_pdf: bytes) -> None:
    assert faults(report_pdf) == []
    assert faults(minutes_pdf) == []


def test_every_observation_and_voice_can_be_read_in_the_report(report_pdf: bytes) -> None:
    text = plain(" ".join(pages(report_pdf)))
    for point in sample.report().points:
        for said in point.texts:
            assert plain(said) in text
    assert "Det här genomförs inte, och varför" in text
    assert "Medel saknas i planen till och med 2029." in text


def test_safe_places_come_before_the_map_the_actions_and_the_deficiencies(report_pdf: bytes) -> None:
    text = plain(" ".join(pages(report_pdf)[1:]))
    places = [text.index(one) for one in ("Trygga platser att bevara", "Så gick vi", "Åtgärder efter", "Brister och")]
    assert places == sorted(places)
    assert "Trygga platser att bevara" in pages(report_pdf)[1]


def test_few_safe_places_share_their_page_with_the_map() -> None:
    few = tuple(replace(one, photos=()) for one in sample.points() if one.kind != "safe_place" or one.number < 20)
    told = pages(press(sample.report(translate=swedish, points=few)))
    assert "Trygga platser att bevara" in told[1]
    assert "Så gick vi, och vad vi såg" in told[1]
    assert "Tunn linje" in told[1]


def test_the_table_head_stands_on_every_page_that_has_rows(report_pdf: bytes) -> None:
    with_rows = [
        one for one in pages(report_pdf) if "Samhällsbyggnadsenheten" in one or "Sjöby Gata och Park AB" in one
    ]
    assert len(with_rows) > 1
    assert all("Klart senast" in one and "Läge" in one for one in with_rows)


def test_every_page_of_a_demo_says_so_and_knows_its_number(report_pdf: bytes, minutes_pdf: bytes) -> None:
    for paper in (report_pdf, minutes_pdf):
        told = pages(paper)
        assert all("Exempel – påhittade uppgifter" in one for one in told)
        assert all(f"Sida {n} av {len(told)}" in one for n, one in enumerate(told, 1))


def test_a_real_walk_is_not_called_an_example() -> None:
    assert "påhittade" not in " ".join(pages(press(sample.report(translate=swedish, is_demo=False))))


def test_the_same_content_and_time_give_the_same_bytes(report_pdf: bytes) -> None:
    again = press(sample.report(translate=swedish), sample.pictures())
    assert again == report_pdf
    later = press(sample.report(translate=swedish), sample.pictures(), timestamp=datetime(2027, 1, 1, 12, tzinfo=UTC))
    assert later != report_pdf


HOSTILE = (
    '#import "@preview/x": *',
    '#read("/etc/passwd")',
    "*x* _y_ $z$ <l> @r // /* `raw` = no heading",
    "- not a list\n+ nor this\n/ nor: that",
    "\\ \\u{41} ~ -- ... 'quoted' \"twice\"",
)
UNDRAWABLE = (
    "Fint här 👍🏽 👨\u200d👩\u200d👧",
    "nul\x00 bell\x07 esc\x1b",
    "中文 한국어 हिन्दी",
    "\ud83d alone",
    "a\u202eb\u200bc\u00add",
)


def test_marks_of_the_template_language_come_out_as_letters() -> None:
    points = tuple(replace(sample.points(1)[0], number=n, texts=(text,)) for n, text in enumerate(HOSTILE, 1))
    paper = press(sample.report(points=points, title='#import "@preview/x"', paragraph=HOSTILE[2]))
    text = letters(" ".join(pages(paper)))
    for hostile in HOSTILE:
        assert letters(hostile) in text
    assert faults(paper) == []


@pytest.mark.parametrize("text", UNDRAWABLE)
def test_a_character_that_no_font_has_does_not_stop_the_paper(text: str) -> None:
    point = replace(sample.points(1)[0], texts=(text,), place=text, category=text)
    paper = press(sample.report(points=(point,), title=text, municipality=text))
    assert faults(paper) == []


def test_arabic_comes_out_as_arabic() -> None:
    point = replace(sample.points(1)[0], texts=("الشارع مظلم جدا في المساء",))
    paper = press(sample.report(points=(point,)))
    assert faults(paper) == []
    assert pdf.drawable("الشارع") == "الشارع"
    assert b"NotoSansArabic" in paper


def test_a_word_of_two_thousand_letters_stays_on_the_page() -> None:
    long = "å" * 2000
    action = replace(sample.owners()[0].actions[0], text=long, answer=long, due=long[:200])
    paper = press(
        sample.report(
            title=long[:300],
            points=(replace(sample.points(1)[0], texts=(long, long)),),
            owners=(rules.ReportOwner(long[:400], (action,)),),
        )
    )
    assert faults(paper) == []
    assert letters("".join(pages(paper))).count("å") > 8000
    for sheet in PdfReader(io.BytesIO(paper)).pages:
        rightmost = 0.0

        def note(text: str, _cm: list[float], tm: list[float], _font: object, size: float) -> None:
            nonlocal rightmost
            if text.strip():
                rightmost = max(rightmost, tm[4])

        sheet.extract_text(visitor_text=note)
        assert rightmost < 595


def test_very_much_text_breaks_over_pages_and_nothing_is_lost() -> None:
    sentences = tuple(f"Mening{n}slut och mer om platsen. " * 60 for n in range(12))
    paper = press(sample.report(points=(replace(sample.points(1)[0], texts=sentences),), not_done=()))
    text = "".join(pages(paper))
    assert [text.count(f"Mening{n}slut") for n in range(12)] == [60] * 12
    minutes = sample.minutes(items=(rules.MinutesItem("1.", "Övriga frågor", sentences),))
    assert letters("".join(pages(press_minutes(minutes)))).count("Mening11slut") == 60


def test_an_empty_walk_makes_a_paper_too() -> None:
    paper = press(
        sample.report(
            translate=swedish, points=(), owners=(), not_done=(), area=(), route=(), stops=(), lead_photo=None,
            figures=(), facts=(), took_part=(), purpose="", reference="",
        )
    )  # fmt: skip
    text = " ".join(pages(paper))
    assert faults(paper) == []
    assert "Ingen antecknade någon trygg plats" in text
    assert "Inga åtgärder har öppnats än." in text
    empty = press_minutes(sample.minutes(items=(), attendance=(), signatures=(), snapshot_sha256="", reference=""))
    assert faults(empty) == []


def test_a_photo_that_is_missing_or_unreadable_by_type_says_so() -> None:
    point = replace(sample.points(1)[0], photos=(rules.Photo("gone", "En trappa"), rules.Photo("odd", "En häck")))
    text = " ".join(pages(press(sample.report(translate=swedish, points=(point,)), {"odd": b"not a picture"})))
    assert text.count("Bilden gick inte att skriva ut.") == 2
    assert "En trappa" in text


def test_a_damaged_photo_fails_the_paper_instead_of_vanishing() -> None:
    point = replace(sample.points(1)[0], photos=(rules.Photo("torn", "En trappa"),))
    with pytest.raises(pdf.PaperFailed):
        press(sample.report(points=(point,)), {"torn": b"\xff\xd8\xff\xe0 torn"})


def test_two_hundred_photos_fit_within_the_memory_limit() -> None:
    pictures = {f"photo-{n}": sample.picture(n) for n in range(200)}
    points = sample.points(100, photos=1)
    with_photos = tuple(
        replace(one, photos=tuple(rules.Photo(f"photo-{2 * i + k}", "Plats") for k in (0, 1)))
        for i, one in enumerate(points)
    )
    paper = press(sample.report(points=with_photos), pictures)
    assert sum(len(sheet.images) for sheet in PdfReader(io.BytesIO(paper)).pages) >= 200


def test_too_little_memory_is_a_failure_that_says_so() -> None:
    with pytest.raises(pdf.PaperFailed, match="ended with"):
        press(sample.report(), sample.pictures(), memory_bytes=120 * 1024 * 1024)


def test_too_little_time_is_a_failure_that_says_so() -> None:
    with pytest.raises(pdf.PaperFailed, match="took longer"):
        press(sample.report(), sample.pictures(), wall_seconds=0.01)


def test_an_unknown_paper_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no such paper"):
        pdf.render("../minutes", {}, {}, timestamp=sample.MADE_AT)


def test_the_signatures_stand_with_the_last_item(minutes_pdf: bytes) -> None:
    last = pages(minutes_pdf)[-1]
    assert "Inga övriga frågor anmäls." in last
    assert last.index("Inga övriga frågor anmäls.") < last.index("Maj Exempelsson") < last.index("Ulla Novell")
    assert "Godkända vid mötet den 24 februari 2027." in last


@pytest.mark.parametrize("lines", range(24))
def test_the_signatures_never_stand_alone(lines: int) -> None:
    """Whatever the length of what comes before, the last item's words share their page."""
    filling = tuple(f"Rad {n}." for n in range(34 + lines))
    items = (rules.MinutesItem("1.", "Genomgång", filling), rules.MinutesItem("2.", "Övriga frågor", ("Sista orden.",)))
    told = pages(press_minutes(sample.minutes(items=items, attendance=())))
    signed = next(one for one in told if "Maj Exempelsson" in one)
    assert "Sista orden." in signed


def test_the_minutes_say_who_was_there_how_and_who_was_not(minutes_pdf: bytes) -> None:
    first = pages(minutes_pdf)[0]
    assert "Maj Exempelsson (A) ordförande, Olle Påhitt (B) (digitalt)" in first
    assert "Rådsrepresentanter Kommunpolis Siv Låtsas" in first
    assert "rektor Eva Saga (digitalt)" in first
    assert "Frånvarande Kyrkoherde Per Dikt" in first


def test_the_nine_headings_stand_in_order_with_outcomes_under_their_item(minutes_pdf: bytes) -> None:
    text = " ".join(pages(minutes_pdf))
    places = [text.index(f"{n}. {heading}") for n, heading in enumerate(sample.HEADINGS, 1)]
    assert places == sorted(places)
    assert places[2] < text.index("Uppdrag Komplettera belysningen") < places[3]
    assert "Sjöby Gata och Park AB, 30 april 2027" in text


def test_signed_minutes_carry_the_hash_of_what_was_signed(minutes_pdf: bytes) -> None:
    assert all(sample.minutes().snapshot_sha256 in letters(one) for one in pages(minutes_pdf))


def test_a_draft_says_that_it_is_one() -> None:
    assert "Utkast, inte underskrivet" in pages(press_minutes(sample.minutes(translate=swedish, is_draft=True)))[0]


def test_the_words_come_in_the_language_of_the_report() -> None:
    text = " ".join(pages(press(sample.report(language="en"))))
    assert "Safe places to keep" in text
    assert "What will not be done, and why" in text
    assert PdfReader(io.BytesIO(press(sample.report(language="en")))).trailer["/Root"]["/Lang"] == "en"
