"""The browsers of the journeys: a phone whose browser can be killed, desks, and a watch over all that they do."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, BrowserType, ConsoleMessage, Error, Page, Playwright, Request

AXE = Path(__file__).parents[2] / "static" / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE = 45_000
"""Milliseconds for whatever has to come; a busy machine is slow, and a condition that comes early costs nothing."""

SWEDISH: dict[str, Any] = {"locale": "sv-SE", "timezone_id": "Europe/Stockholm"}
DESK: dict[str, Any] = {**SWEDISH, "viewport": {"width": 1280, "height": 800}}
ARBOGA = {"latitude": 59.39395, "longitude": 15.83872, "accuracy": 8}
PHONE: dict[str, Any] = {
    **SWEDISH,
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "geolocation": ARBOGA,
    "permissions": ["geolocation"],
    "service_workers": "allow",
}
TELL_VIOLATIONS = """addEventListener('securitypolicyviolation', (event) => console.error(
  `Content Security Policy: ${event.violatedDirective} refuses ${event.blockedURI} ${event.sample} at ${event.sourceFile}`));"""

EXPECTED = ("net::ERR_", "status of 422", "status of 410")
"""What belongs to the journeys: no network or no server, a form that is to be mended, a link that is spent."""


def switches() -> list[str]:
    """What Chromium asks for when it is run by root."""
    return ["--no-sandbox"] if os.getuid() == 0 else []


def launch(play: Playwright, chromium: str, *more: str) -> Browser:
    """Start a browser without a memory, in which desks and passers-by sit."""
    return play.chromium.launch(executable_path=chromium, args=[*switches(), *more])


class Watch:
    """Writes down every request to a foreign host, every violation of the policy, every error that a page makes."""

    def __init__(self, address: str) -> None:
        self.own = urlsplit(address).netloc
        self.wrong: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        """Watch all pages of a context."""
        context.set_default_timeout(PATIENCE)
        context.add_init_script(TELL_VIOLATIONS)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda told: self.wrong.append(f"page error: {told.error}"))
        return context

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.own:
            self.wrong.append(f"foreign request: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        expected = any(told in message.text for told in EXPECTED)
        if "Content Security Policy" in message.text or (message.type == "error" and not expected):
            self.wrong.append(f"console: {message.text} {message.location.get('url', '')}")

    def check(self) -> None:
        """Fail when anything was written down."""
        assert not self.wrong, "\n".join(self.wrong)


class Pocket:
    """A phone with a lasting memory: its browser can be killed and started again."""

    def __init__(self, engine: BrowserType, chromium: str, profile: Path, watch: Watch) -> None:
        self.engine, self.chromium, self.profile, self.watch = engine, chromium, profile, watch
        self.context: BrowserContext | None = None

    def wake(self) -> Page:
        """Start the browser on the same profile."""
        self.context = self.engine.launch_persistent_context(
            str(self.profile), executable_path=self.chromium, args=switches(), **PHONE
        )
        self.watch.over(self.context)
        return self.context.pages[0]

    @property
    def live(self) -> BrowserContext:
        """The context of the browser that runs."""
        assert self.context
        return self.context

    def die(self) -> None:
        """Kill the browser as a flat battery would: no page hears of it."""
        found = self._processes()
        assert found, "the browser was not found"
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        while any(_alive(pid) for pid in found):
            time.sleep(0.02)
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)
        self.sleep()

    def _processes(self) -> list[int]:
        mark, found = f"--user-data-dir={self.profile}", []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if mark in words and not any(word.startswith("--type=") for word in words):
                    found.append(int(folder.name))
        return found

    def sleep(self) -> None:
        """Close the browser as a person does; after `die` it is gone already, and only the handle is let go."""
        with suppress(Error):
            if self.context:
                self.context.close()


def _alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return what breaks WCAG 2.2 A or AA on the page as it stands.

    A map's pins stand where their places are, however close; each is in a list beside the map as well.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], preload: false})", tags
    )
    broken = [
        (rule["id"], [str(node["target"]) for node in rule["nodes"] if not _is_close_pin(rule["id"], node["html"])])
        for rule in found["violations"]
    ]
    return [(rule, nodes) for rule, nodes in broken if nodes]


def _is_close_pin(rule: str, html: str) -> bool:
    return rule == "target-size" and "leaflet-marker-icon" in html
