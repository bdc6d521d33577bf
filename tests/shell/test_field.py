"""The phone's page, its service worker and its manifest: what a phone without network lives on."""

import re

import pytest
from flask.testing import FlaskClient

from walkapp.kernel.transaction import App


@pytest.fixture
def phone(app: App) -> FlaskClient:
    """A phone that nobody knows."""
    return app.test_client()


@pytest.mark.parametrize("address", ["/field/", "/field/join"])
def test_anybody_gets_the_app_and_it_is_asked_for_anew(phone: FlaskClient, address: str) -> None:
    answer = phone.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


def test_the_page_holds_no_inline_script_or_style_and_no_foreign_host(phone: FlaskClient) -> None:
    page = phone.get("/field/").text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert not re.search(r"(?:src|href)=\"(?!/)", page)


def status_of(phone: FlaskClient, address: str) -> int:
    with phone.get(address) as answer:
        return answer.status_code


def test_every_file_the_page_names_is_there(phone: FlaskClient) -> None:
    page = phone.get("/field/").text
    named = re.findall(r"(?:src|href)=\"(/[^\"]+)\"", page)
    assert len(named) >= 5
    assert {address: status_of(phone, address) for address in named} == dict.fromkeys(named, 200)


def test_without_javascript_the_page_says_what_to_do_in_both_languages(phone: FlaskClient) -> None:
    quiet = re.search(r"<noscript>(.*?)</noscript>", phone.get("/field/").text, re.DOTALL)
    assert quiet is not None
    assert "JavaScript" in quiet[1]
    assert 'lang="en"' in quiet[1]


def test_the_service_worker_stands_at_the_root_and_is_never_kept(phone: FlaskClient) -> None:
    answer = phone.get("/sw.js")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"


def test_the_service_worker_keeps_what_the_page_needs_and_it_is_there(phone: FlaskClient) -> None:
    worker = phone.get("/sw.js").text
    kept = sorted(set(re.findall(r"/static/[\w.-]+", worker)))
    assert any("field." in address for address in kept)
    assert not any("desk." in address for address in kept)
    assert {address: status_of(phone, address) for address in kept} == dict.fromkeys(kept, 200)


def test_the_manifest_starts_the_app_and_holds_no_code_of_a_walk(phone: FlaskClient) -> None:
    answer = phone.get("/manifest.webmanifest")
    manifest = answer.get_json(force=True)
    assert answer.content_type.startswith("application/manifest+json")
    assert (manifest["start_url"], manifest["scope"]) == ("/field/", "/field/")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    assert all(status_of(phone, icon["src"]) == 200 for icon in manifest["icons"])
