"""Settings: what is missing stops the start, with a sentence that says how to mend it."""

import pytest

from walkapp.kernel.settings import NotSetUp, load

WHOLE = {"base_url": "https://vandring.example.se", "secret_key": "s" * 32, "mail": "smtp://mail.example.se:587"}


@pytest.mark.parametrize(("left_out", "names"), [("secret_key", "WALKAPP_SECRET_KEY"), ("mail", "WALKAPP_MAIL")])
def test_elsewhere_everything_must_be_set(tmp_path, monkeypatch, left_out, names):
    monkeypatch.delenv(names, raising=False)
    given = {**WHOLE, left_out: ""}
    with pytest.raises(NotSetUp, match=names):
        load(instance_path=str(tmp_path), **given)


def test_elsewhere_limits_cannot_be_turned_off(tmp_path):
    with pytest.raises(NotSetUp, match="WALKAPP_LIMITS"):
        load(instance_path=str(tmp_path), **WHOLE, limits="off")


def test_a_short_secret_is_refused(tmp_path):
    with pytest.raises(NotSetUp, match="shorter"):
        load(instance_path=str(tmp_path), secret_key="kort")


def test_a_local_instance_makes_its_own_secret_once(tmp_path, monkeypatch):
    monkeypatch.delenv("WALKAPP_SECRET_KEY", raising=False)
    first, second = (load(instance_path=str(tmp_path)).secret_key for _ in range(2))
    assert first == second
    assert len(first) == 64
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_the_file_is_read_and_the_environment_wins(tmp_path, monkeypatch):
    (tmp_path / "config.toml").write_text('base_url = "http://localhost:9000"\nlimits = "off"\n')
    assert load(instance_path=str(tmp_path)).base_url == "http://localhost:9000"
    assert load(instance_path=str(tmp_path)).limits is False
    monkeypatch.setenv("WALKAPP_BASE_URL", "http://127.0.0.1:7000")
    assert load(instance_path=str(tmp_path)).base_url == "http://127.0.0.1:7000"


def test_local_trusts_its_own_names_alone(tmp_path):
    assert load(instance_path=str(tmp_path)).trusted_hosts == ("127.0.0.1", "::1", "localhost")
    assert load(instance_path=str(tmp_path), **WHOLE).trusted_hosts == ("vandring.example.se",)
