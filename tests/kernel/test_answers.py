"""What every answer carries; who is believed to be local."""

import pytest

from walkapp.kernel.headers import SAFE


@pytest.mark.parametrize("path", ["/", "/nope", "/api/nope", "/static/nope.js", "/health", "/sw.js", "/field/"])
def test_every_answer_carries_its_headers(client, path):
    answer = client.get(path)
    for name in (*SAFE, "Content-Security-Policy", "Cache-Control"):
        assert answer.headers.get(name), (path, name)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "upgrade-insecure-requests" not in policy
    assert "Strict-Transport-Security" not in answer.headers


def test_https_is_kept(tmp_path, migrated):
    import shutil

    from walkapp.factory import create_app

    shutil.copy(migrated, tmp_path / "walkapp.sqlite")
    app = create_app(
        instance_path=str(tmp_path),
        base_url="https://vandring.example.se",
        secret_key="s" * 32,
        mail="smtp://localhost:1",
    )
    answer = app.test_client().get("/nope", base_url="https://vandring.example.se")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "upgrade-insecure-requests" in answer.headers["Content-Security-Policy"]
    assert app.test_client().get("/", base_url="https://elsewhere.example.se").status_code == 400


@pytest.mark.parametrize("host", ["elsewhere.example.se", "127.0.0.1.evil.example", "localhost.evil.example"])
def test_a_foreign_host_is_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_a_refusal_to_a_machine_is_a_problem(client):
    answer = client.get("/api/nope")
    assert answer.content_type == "application/problem+json"
    assert answer.status_code == 404
    assert {"type", "title", "status", "code", "detail", "server_id", "epoch", "server_time"} <= set(answer.json)


def test_a_wrong_method_says_which_are_right(client):
    answer = client.delete("/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_built_files_are_kept_for_ever_and_sent_as_brotli(client):
    from walkapp.kernel import look

    with client.application.app_context():
        name = look.asset("field.js")
    with client.get(name, headers={"Accept-Encoding": "br"}) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.content_type.startswith("text/javascript")


@pytest.mark.parametrize("name", ["../package.json", "..%2fpackage.json", "%2e%2e/src/field.js"])
def test_nothing_outside_the_built_folder_is_served(client, name):
    assert client.get(f"/static/{name}").status_code in (400, 404)


@pytest.mark.parametrize(
    ("base_url", "forwarded", "counted"),
    [
        ("http://127.0.0.1", "203.0.113.9", "127.0.0.1"),
        ("https://vandring.example.se", "203.0.113.9", "203.0.113.9"),
        ("https://vandring.example.se", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("https://vandring.example.se", "", "127.0.0.1"),
    ],
)
def test_who_asks_is_what_our_own_proxy_says(app, base_url, forwarded, counted):
    from dataclasses import replace

    from walkapp.kernel import limits

    app.extensions["settings"] = replace(app.extensions["settings"], base_url=base_url)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    with app.test_request_context("/", headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        assert limits.asker() == counted
