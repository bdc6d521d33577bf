"""Every page of the demo in a real browser: quiet, within the policy, no wider than the screen, usable by everyone."""

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.browsers import DESK, Watch, launch, violations
from tests.journeys.town import Town
from walkapp.factory import create_app

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

NO_PAGES = re.compile(
    r"^/api/(?!docs)|^/static/|^/health|^/sw\.js|^/manifest|\.(jpg|pdf)$|map\.html$|^/walks/light$|^/field/"
)
"""What answers a GET and is no page: interfaces and files; the phone's app speaks its own language and has its own test."""

DRAWN = "() => !document.querySelector('[data-map]:not(.live), [data-draw]:not(.live)')"
SETTLED = "() => Promise.all(document.getAnimations().map((one) => one.finished))"
WIDE = "() => [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((e) => e.outerHTML.slice(0, 90))"
TOO_WIDE = f"() => document.documentElement.scrollWidth > innerWidth ? ({WIDE})() : null"

Address = tuple[str, dict[str, Any]]


@dataclass
class Demo:
    """The demo, served: its pages by name, with something real in each place."""

    town: Town
    browser: Browser

    def __post_init__(self) -> None:
        self.map = create_app(instance_path=str(self.town.instance), secret_key="0" * 64).url_map
        self.adapter = self.map.bind("")

    def ids(self, sql: str) -> list[str]:
        """Read ids, as they stand in addresses."""
        return [re.sub(r"(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5", row[0]) for row in self.town.rows(sql)]

    def pages(self) -> set[str]:
        """Return the name of everything in the house that is a page."""
        rules = [rule for rule in self.map.iter_rules() if "GET" in (rule.methods or ())]
        return {rule.endpoint for rule in rules if not NO_PAGES.search(str(rule))}

    def coordinators(self) -> list[Address]:
        """The desk."""
        walks = {
            row["state"]: self.ids(f"select id from walk where state = '{row['state']}'")[0]
            for row in self.town.rows("select state from walk")
        }
        reviewed, open_now = walks["assigned"], walks["open"]
        observations = self.ids(
            f"select min(id) from observation where walk_id = '{reviewed.replace('-', '')}' group by state"
        )
        actions = self.ids("select min(id) from action group by state")
        owners = self.ids("select id from organisation where slug in ('kommunalteknik', 'privat-fastighetsagare')")
        (council,), meetings = self.ids("select id from council"), self.ids("select id from meeting")
        (coming,) = self.ids("select id from meeting where state in ('called', 'running')")
        found: list[Address] = [
            ("shell.start", {}),
            ("walks.index", {}),
            ("walks.index", {"state": "draft"}),
            ("walks.new", {}),
        ]
        found += [
            (f"walks.{name}", {"walk_id": one})
            for name in ("open", "live", "poster", "invitations", "plan")
            for one in (reviewed, open_now)
        ]
        found += [("walks.call_off", {"walk_id": open_now, "verb": verb}) for verb in ("cancel", "postpone")]
        found += [("observations.review", {"walk_id": one}) for one in (reviewed, open_now)]
        found += [("observations.one", {"walk_id": reviewed, "observation_id": one}) for one in observations]
        found += [
            ("observations.one", {"walk_id": reviewed, "observation_id": observations[0], "ask": ask})
            for ask in ("redirect", "note")
        ]
        found += [("actions.of_walk", {"walk_id": reviewed}), ("actions.propose", {"walk_id": reviewed})]
        found += [
            ("actions.new", {"walk_id": reviewed, "observation": observations[0]}),
            ("actions.index", {}),
            ("actions.index", {"late": 1}),
        ]
        found += [("actions.open", {"action_id": one}) for one in actions] + [
            ("actions.edit", {"action_id": actions[0]})
        ]
        found += [("agencies.index", {}), ("agencies.new", {})] + [
            ("agencies.edit", {"organisation_id": one}) for one in owners
        ]
        found += [("council.index", {}), ("council.open", {"council_id": council})]
        found += [("council.meeting", {"meeting_id": one}) for one in meetings]
        found += [("council.item", {"meeting_id": coming, "item_id": self.items(coming)[2]})]
        found += [("reports.walk_report", {"walk_id": reviewed})]
        return found

    def items(self, meeting: str) -> list[str]:
        """The points on a meeting's agenda, in their order."""
        return self.ids(f"select id from agenda_item where meeting_id = '{meeting.replace('-', '')}' order by position")

    def secretaries(self) -> list[Address]:
        """The council's papers, before, during and after its meetings."""
        (council,) = self.ids("select id from council")
        (coming,) = self.ids("select id from meeting where state in ('called', 'running')")
        (signed,) = self.ids("select id from meeting where state = 'signed'")
        found: list[Address] = [
            ("shell.start", {}),
            ("actions.index", {}),
            ("council.index", {}),
            ("council.open", {"council_id": council}),
        ]
        found += [("council.plan", {"council_id": council}), ("council.minutes", {"meeting_id": signed})]
        found += [
            ("council.meeting", {"meeting_id": coming, "item": one})
            for one in (*self.items(coming)[:3], self.items(coming)[6])
        ]
        found += [("council.wall", {"meeting_id": coming}), ("council.minutes", {"meeting_id": coming})]
        return found

    def passers_by(self, token: str) -> list[Address]:
        """What needs no sign-in."""
        (walk,) = self.ids("select id from walk where published_at is not null")
        found: list[Address] = [
            ("shell.start", {}),
            ("people.sign_in", {}),
            ("people.link_sent", {}),
            ("walks_join.join", {}),
        ]
        found += [("walks_join.rsvp", {}), ("walks_join.try_on_phones", {}), ("shell_api.docs", {})]
        found += [
            ("feedback.what_happened", {"slug": "arboga"}),
            ("feedback.walk", {"slug": "arboga", "walk_id": walk}),
        ]
        found += [("actions_owner.list", {"token": token})]
        return found + self.owners(token)

    def owners(self, token: str) -> list[Address]:
        """An owner's points: one still to answer, and each question that its answers ask."""
        (open_one, *_rest) = self.ids(
            "select a.id from action a join organisation o on o.id = a.organisation_id"
            " where o.slug = 'kommunalteknik' and a.state in ('assigned', 'accepted', 'planned', 'started')"
        )
        at = {"token": token, "action_id": open_one}
        return [
            ("actions_owner.one", {**at, **ask})
            for ask in ({}, *({"answer": verb} for verb in ("plan", "finish", "decline", "misdirect")))
        ]

    def path(self, address: Address) -> str:
        """Return an address as a browser writes it."""
        name, values = address
        return str(self.adapter.build(name, values))


@pytest.fixture(scope="module")
def demo(demo_instance: Path, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A served copy of the demo, and the browser that looks at it."""
    instance = tmp_path_factory.mktemp("pages") / "instance"
    shutil.copytree(demo_instance, instance)
    town = Town(instance)
    town.server.start()
    try:
        with sync_playwright() as play:
            browser = launch(play, chromium)
            yield Demo(town, browser)
            browser.close()
    finally:
        town.server.stop()


def sign_in(demo: Demo, person: str) -> tuple[Page, Watch]:
    """By one click, as the demo allows on one's own machine."""
    page, watch = window(demo)
    page.goto(f"{demo.town.address}/sign-in")
    page.get_by_role("button", name=person).click()
    page.get_by_role("button", name="Logga ut").wait_for()
    return page, watch


def window(demo: Demo) -> tuple[Page, Watch]:
    watch = Watch(demo.town.address)
    return watch.over(demo.browser.new_context(**DESK)).new_page(), watch


def walk_through(demo: Demo, page: Page, watch: Watch, addresses: Iterable[Address]) -> None:
    """Look at each page in Swedish, light, narrow; then wide and dark; then in English at its narrowest."""
    wrong = [
        f"{path}: {said}"
        for path in map(demo.path, addresses)
        for said in look_at(page, demo.town.address + path, watch)
    ]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def look_at(page: Page, address: str, watch: Watch) -> list[Any]:
    said: list[Any] = []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 740})
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        return [answer and answer.status]
    page.wait_for_function(DRAWN)
    said += [("narrow, light", *one) for one in violations(page)]
    said += too_wide(page, 360, 320)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLED)
    said += [("wide, dark", *one) for one in violations(page)]
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address + ("&" if "?" in address else "?") + "language=en")
    page.wait_for_function(DRAWN)
    if page.locator("html").get_attribute("lang") != "en":
        said.append("is not English")
    said += too_wide(page, 360, 320) + watch.wrong
    watch.wrong.clear()
    return said


def too_wide(page: Page, *widths: int) -> list[Any]:
    said = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 740})
        if found := page.evaluate(TOO_WIDE):
            said.append((f"wider than {width}", found))
    return said


def test_the_coordinators_desk(demo: Demo) -> None:
    page, watch = sign_in(demo, "Säkerhetssamordnaren")
    walk_through(demo, page, watch, demo.coordinators())


def test_the_secretarys_council(demo: Demo) -> None:
    page, watch = sign_in(demo, "Utredningssekreteraren")
    if coming := demo.ids("select id from meeting where state = 'called'"):
        page.goto(f"{demo.town.address}/meetings/{coming[0]}/")
        page.get_by_role("button", name="Öppna mötet").click()
        page.get_by_role("button", name="Avsluta mötet").wait_for()
    walk_through(demo, page, watch, demo.secretaries())


def test_what_needs_no_sign_in(demo: Demo) -> None:
    page, watch = window(demo)
    walk_through(demo, page, watch, demo.passers_by(owner_token(demo)))


def owner_token(demo: Demo) -> str:
    """Take an owner's address as the coordinator may make one."""
    desk, _watch = sign_in(demo, "Säkerhetssamordnaren")
    (owner,) = demo.ids("select id from organisation where slug = 'kommunalteknik'")
    desk.goto(f"{demo.town.address}/agencies/{owner}")
    desk.get_by_role("button", name="Gör en länk").click()
    shown = desk.locator("input[value*='/a/']").input_value()
    desk.context.close()
    return shown.rpartition("/a/")[2]


def test_no_page_is_forgotten(demo: Demo) -> None:
    """A page that is added later has to be looked at as well."""
    looked_at = {name for name, _values in (*demo.coordinators(), *demo.secretaries(), *demo.passers_by("x"))}
    assert demo.pages() - looked_at == {"council.change"}  # the form of `council.plan`, filled in


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("document.body.setAttribute('style', 'color: red')", "Content Security Policy: style-src"),
        ("document.body.append(Object.assign(new Image(), {src: 'http://192.0.2.1/x.png'}))", "192.0.2.1"),
        ("setTimeout(() => { throw new Error('broken') })", "page error: broken"),
        ("document.body.append(Object.assign(new Image(), {src: '/photos/none.jpg'}))", "status of 404"),
    ],
)
def test_the_watch_sees_harm(demo: Demo, harm: str, told: str) -> None:
    page, watch = window(demo)
    page.goto(f"{demo.town.address}/sign-in")
    with pytest.raises(AssertionError, match=told):
        for _ in range(100):
            page.evaluate(f"() => {{ {harm} }}" if not watch.wrong else "1")
            page.wait_for_timeout(50)
            watch.check()


def test_axe_and_the_ruler_see_harm(demo: Demo) -> None:
    page, _watch = window(demo)
    page.goto(f"{demo.town.address}/sign-in")
    assert violations(page) == []
    assert too_wide(page, 320) == []
    page.evaluate(
        "() => { document.querySelector('label').remove(); document.querySelector('main').style.inlineSize = '500px'; }"
    )
    assert "label" in [rule for rule, _nodes in violations(page)]
    assert too_wide(page, 320) != []
