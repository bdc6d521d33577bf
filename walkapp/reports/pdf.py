"""Papers as PDF: one file that is PDF/UA-1 and PDF/A-2a at once, made by typst in a process of its own.

The file runs itself as that process (`python -I pdf.py <folder>`): it therefore imports nothing of the house.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

PAPER = Path(__file__).with_name("paper")
TEMPLATES = ("report", "minutes")
FONT_PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")

MEMORY_BYTES = 900 * 1024 * 1024
CPU_SECONDS = 60
WALL_SECONDS = 120
FILE_BYTES = 512 * 1024 * 1024
OPEN_FILES = 256

LONG_WORD = re.compile(r"\S{40,}")
PIECE = 20
ZERO_WIDTH_SPACE = "\u200b"
UNKNOWN = "\ufffd"
# What people write though no font here has it. A word is better than a box.
SPELT = str.maketrans({"→": "->", "←": "<-", "⇒": "=>", "↑": "upp", "↓": "ner", "✓": "√", "✔": "√", "●": "•", "■": "•"})
JOINERS = re.compile("[\u200d\ufe00-\ufe0f]")
PICTURE_TYPES = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"RIFF", "webp"))


class PaperFailed(Exception):
    """The paper did not come. The message says what the maker said last."""


def render(
    template: str,
    data: Mapping[str, Any],
    pictures: Mapping[str, bytes],
    *,
    timestamp: datetime,
    memory_bytes: int = MEMORY_BYTES,
    wall_seconds: float = WALL_SECONDS,
) -> bytes:
    """Print `data` by one of the templates. The same data, pictures and timestamp give the same bytes.

    A picture that is absent or of an unknown type is printed as a sentence, never left out in silence.
    """
    if template not in TEMPLATES:
        raise ValueError(f"no such paper: {template}")
    with tempfile.TemporaryDirectory(prefix="walkapp-paper-") as name:
        folder = Path(name)
        _fill(folder, template, data, pictures, timestamp, memory_bytes)
        _press(folder, wall_seconds)
        return (folder / "paper.pdf").read_bytes()


def drawable(text: str) -> str:
    """The text with every character that no font has replaced: under PDF/UA one such character stops the whole paper.

    Very long words get invisible places to break at, else they would run off the page.
    """
    return LONG_WORD.sub(_broken, _known_characters(text))


def _known_characters(text: str) -> str:
    known = _characters()
    spelt = text if all(ord(c) in known for c in text) else JOINERS.sub("", text.translate(SPELT))
    out: list[str] = []
    for c in spelt:
        if c == "\n" or (ord(c) > 31 and ord(c) in known):
            out.append(c)
        elif c < " ":
            out.append(" ")
        elif not out or out[-1] != UNKNOWN:
            out.append(UNKNOWN)
    return "".join(out)


def _broken(word: re.Match[str]) -> str:
    whole = word.group()
    return ZERO_WIDTH_SPACE.join(whole[i : i + PIECE] for i in range(0, len(whole), PIECE))


def _all_drawable(value: Any) -> Any:
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, Mapping):
        return {str(key): _all_drawable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_all_drawable(one) for one in value]
    return value


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    known: set[int] = set()
    for file in _font_files():
        with TTFont(file, lazy=True) as font:
            known.update(font.getBestCmap())
    return frozenset(known)


def _font_folders() -> list[Path]:
    specs = [importlib.util.find_spec(package) for package in FONT_PACKAGES]
    folders = [Path(spec.origin).with_name("files") for spec in specs if spec and spec.origin]
    if not folders:
        raise PaperFailed(f"no fonts: install {FONT_PACKAGES[0].replace('_', '-')}")
    return folders


def _font_files() -> list[Path]:
    return [file for folder in _font_folders() for file in sorted(folder.glob("*.ttf"))]


def _fill(
    folder: Path,
    template: str,
    data: Mapping[str, Any],
    pictures: Mapping[str, bytes],
    timestamp: datetime,
    memory_bytes: int,
) -> None:
    """Everything the maker may read: the templates, the data, copies of the pictures. Nothing else is within reach."""
    for part in PAPER.glob("*.typ"):
        shutil.copyfile(part, folder / part.name)
    (folder / "pictures").mkdir()
    content = _all_drawable(data) | {"pictures": _copied(folder, pictures), "made_on": timestamp.date().isoformat()}
    (folder / "data.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    order = {
        "template": f"{template}.typ",
        "fonts": [str(one) for one in _font_folders()],
        "timestamp": int(timestamp.timestamp()),
        "memory": memory_bytes,
    }
    (folder / "order.json").write_text(json.dumps(order), "utf-8")


def _copied(folder: Path, pictures: Mapping[str, bytes]) -> dict[str, str]:
    paths: dict[str, str] = {}
    for number, (key, content) in enumerate(pictures.items()):
        suffix = next((name for magic, name in PICTURE_TYPES if content.startswith(magic)), None)
        if suffix:
            paths[key] = f"pictures/{number}.{suffix}"
            (folder / paths[key]).write_bytes(content)
    return paths


def _press(folder: Path, wall_seconds: float) -> None:
    # Few threads: each one reserves address space, and the limit counts what is reserved.
    surroundings = {"PATH": os.defpath, "LANG": "C.UTF-8", "RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", __file__, str(folder)],
            cwd=folder,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise PaperFailed(f"took longer than {wall_seconds:g} s") from late
    if done.returncode != 0 or not (folder / "paper.pdf").is_file():
        said = done.stderr.decode("utf-8", "replace").strip()[-2000:]
        raise PaperFailed(f"ended with {done.returncode}: {said}")


def _print_in_this_process(folder: Path) -> None:
    """The maker's own life: take the limits upon itself, then print."""
    import resource

    order = json.loads((folder / "order.json").read_text("utf-8"))
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_AS, order["memory"]),
    ):
        resource.setrlimit(limit, (most, most))
    import typst

    try:
        typst.compile(
            str(folder / order["template"]),
            output=str(folder / "paper.pdf"),
            root=str(folder),
            font_paths=order["fonts"],
            ignore_system_fonts=True,
            package_path=str(folder),
            package_cache_path=str(folder),
            pdf_standards=["ua-1", "a-2a"],
            timestamp=order["timestamp"],
        )
    except typst.TypstError as refused:
        sys.exit(refused.diagnostic)


if __name__ == "__main__":
    _print_in_this_process(Path(sys.argv[1]))
