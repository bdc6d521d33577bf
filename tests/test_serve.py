"""`walkapp serve` and the other commands, as the contract says."""

import http.client
import json
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.house import Server, run


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    run(tmp_path, "db", "upgrade")
    return tmp_path


def get(address: str) -> http.client.HTTPResponse:
    return urllib.request.urlopen(address, timeout=10)


def children(pid: int) -> list[str]:
    return subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()


def test_it_listens_on_a_free_port_and_stops_when_told(instance):
    server = Server(instance).start()
    with get(f"{server.address}/health") as answer:
        assert answer.status == 200
        assert json.load(answer)["status"] == "ok"
    assert server.stop() == 0


def test_a_command_beside_the_server_prints_links_to_it(instance):
    run(instance, "municipality", "add", "1984")
    run(instance, "person", "add", "a@example.org", "--name", "A", "--role", "coordinator", "--municipality", "1984")
    server = Server(instance).start()
    try:
        assert run(instance, "sign-in-link", "a@example.org").startswith(f"{server.address}/sign-in#t=")
    finally:
        server.stop()


def test_pages_and_api_are_sent_as_brotli(instance):
    server = Server(instance).start()
    try:
        for path in ("/sign-in", "/api/openapi.json"):
            request = urllib.request.Request(server.address + path, headers={"Accept-Encoding": "br, gzip"})
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert answer.headers["Content-Encoding"] == "br", path
    finally:
        server.stop()


def test_nothing_outlives_a_killed_parent(instance):
    server = Server(instance).start()
    family = children(server.process.pid)
    assert len(family) == 2
    server.kill()
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]


def test_a_dead_child_is_started_again(instance):
    server = Server(instance).start()
    try:
        for pid in children(server.process.pid):
            subprocess.run(["kill", "-9", pid], check=True)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                with get(f"{server.address}/health") as answer:
                    assert answer.status == 200
                    break
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail("it did not come back")
    finally:
        server.stop()


def test_a_body_that_is_too_large_is_refused_before_it_is_read(instance):
    server = Server(instance).start()
    try:
        for headers, status in (
            (("Content-Length", str(30 * 1024 * 1024)), 413),
            (("Transfer-Encoding", "chunked"), 411),
        ):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            path = "/api/observations/00000000-0000-4000-8000-000000000000/photos/" + "0" * 64
            connection.putrequest("PUT", path)
            connection.putheader(*headers)
            connection.putheader("Authorization", "Bearer 00000000-0000-4000-8000-000000000000.token")
            connection.endheaders()
            answer = connection.getresponse()
            assert answer.status in (status, 401)
            assert answer.headers["Connection"] == "close"
            connection.close()
    finally:
        server.stop()


def test_sqlite_takes_one_worker(instance):
    assert "one worker" in run(instance, "serve", "--port", "0", "--workers", "2", ok=False)


def test_listening_to_others_needs_a_base_url(instance):
    assert "WALKAPP_BASE_URL" in run(instance, "serve", "--host", "0.0.0.0", "--port", "0", ok=False)


def test_a_municipality_and_its_people_from_the_command_line(instance):
    run(instance, "municipality", "add", "1984", "--slug", "arboga")
    run(
        instance,
        "organisation",
        "add",
        "gatukontoret",
        "--name",
        "Gatukontoret",
        "--kind",
        "municipal_unit",
        "--municipality",
        "1984",
    )
    run(
        instance,
        "person",
        "add",
        "sam@example.org",
        "--name",
        "Samordnaren",
        "--role",
        "coordinator",
        "--municipality",
        "1984",
    )
    run(
        instance,
        "person",
        "add",
        "ord@example.org",
        "--name",
        "Ordföranden",
        "--role",
        "chair",
        "--municipality",
        "1984",
    )
    run(
        instance, "person", "add", "gata@example.org", "--name", "Gatan", "--role", "agency_contact", "--municipality", "1984",
        "--organisation", "gatukontoret",
    )  # fmt: skip
    link = run(instance, "sign-in-link", "sam@example.org").strip()
    assert link.startswith("http://127.0.0.1:8000/sign-in#t=")
    assert "Nobody" in run(instance, "sign-in-link", "ingen@example.org", ok=False)
    assert "No walk" in run(instance, "join-link", ok=False)


def test_the_doctor_is_short_and_content(instance):
    said = run(instance, "doctor")
    assert "The database is made" in said
    assert "NO " not in said


def test_openapi_is_printed(instance):
    assert json.loads(run(instance, "openapi"))["openapi"].startswith("3.")
