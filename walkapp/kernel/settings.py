"""Settings: `instance/config.toml`, then the environment. What is missing stops the start with a sentence."""

import contextlib
import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")
ROOT = Path(__file__).parents[2]


class NotSetUp(SystemExit):
    """The start stops; the sentence says what is missing and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """Everything that can be set from outside."""

    instance_path: Path
    database_url: str
    photo_store: str
    base_url: str
    secret_key: str
    mail: str
    trusted_hosts: tuple[str, ...]
    limits: bool
    base_url_is_set: bool = False

    @property
    def host(self) -> str:
        """The host of the base URL."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def local(self) -> bool:
        """Tell whether the base URL is this machine's own (each request is asked besides)."""
        return self.host in LOCAL_HOSTS

    @property
    def https(self) -> bool:
        """Tell whether people reach the house by https."""
        return self.base_url.startswith("https://")


def load(**given: str) -> Settings:
    """Read the settings; `given` (names without WALKAPP_, in lower case) wins over both sources."""
    instance = Path(
        given.get("instance_path") or os.environ.get("WALKAPP_INSTANCE_PATH") or ROOT / "instance"
    ).resolve()
    instance.mkdir(parents=True, exist_ok=True)
    file = instance / "config.toml"
    written = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}

    def one(name: str, default: str = "") -> str:
        return str(given.get(name) or os.environ.get(f"WALKAPP_{name.upper()}") or written.get(name) or default)

    typed = one("base_url").rstrip("/")
    base_url = typed or _served_at(instance) or "http://127.0.0.1:8000"
    local = (urlsplit(base_url).hostname or "") in LOCAL_HOSTS
    return Settings(
        instance_path=instance,
        database_url=one("database_url", f"sqlite:///{instance / 'walkapp.sqlite'}"),
        photo_store=one("photo_store", str(instance / "photos")),
        base_url=base_url,
        secret_key=_secret(one("secret_key"), instance, local),
        mail=_mail(one("mail"), local),
        trusted_hosts=_hosts(one("trusted_hosts"), base_url, local),
        limits=_limits(one("limits", "on"), local),
        base_url_is_set=bool(typed),
    )


def served_at_file(instance: Path) -> Path:
    """Where a server notes the address it listens on: the commands beside it print links that work."""
    return instance / "served-at"


def _served_at(instance: Path) -> str:
    file = served_at_file(instance)
    return file.read_text("utf-8").strip() if file.exists() else ""


def _secret(value: str, instance: Path, local: bool) -> str:
    if value:
        if len(value) < 32:
            raise NotSetUp("WALKAPP_SECRET_KEY is shorter than 32 characters. Make one: openssl rand -hex 32")
        return value
    if not local:
        raise NotSetUp("WALKAPP_SECRET_KEY is not set. Make one: openssl rand -hex 32")
    file = instance / "secret-key"
    if not file.exists():
        draft = file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):  # two starts at once agree on the first
            os.link(draft, file)
        draft.unlink()
    return file.read_text().strip()


def _mail(value: str, local: bool) -> str:
    if value and not value.startswith(("smtp://", "smtps://")):
        raise NotSetUp("WALKAPP_MAIL must look like smtp://user:password@host:587")
    if not value and not local:
        raise NotSetUp("WALKAPP_MAIL is not set. Give your mail server: smtp://user:password@host:587")
    return value


def _hosts(value: str, base_url: str, local: bool) -> tuple[str, ...]:
    hosts = tuple(host.strip() for host in value.split(",") if host.strip())
    if hosts:
        return hosts
    return LOCAL_HOSTS if local else (urlsplit(base_url).hostname or "",)


def _limits(value: str, local: bool) -> bool:
    if value not in ("on", "off"):
        raise NotSetUp("WALKAPP_LIMITS is either on or off")
    if value == "off" and not local:
        raise NotSetUp("WALKAPP_LIMITS=off is for measuring on one's own machine. Remove it, or use a local base URL.")
    return value == "on"


def require_base_url(settings: Settings) -> None:
    """Stop unless a base URL is set: for a server that listens on more than this machine."""
    if not settings.base_url_is_set:
        raise NotSetUp("WALKAPP_BASE_URL is not set. Give the address that people type: https://vandring.example.se")
