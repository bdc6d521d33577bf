"""The real server on a real line: what it says before it hangs up, and to whom it keeps the line open."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

BEARER = f"Bearer {uuid.uuid4()}.token"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """`walkapp serve --port 0` on an empty instance."""
    environment = {**os.environ, "WALKAPP_INSTANCE_PATH": str(tmp_path_factory.mktemp("instance"))}
    command = [str(Path(sys.executable).with_name("walkapp")), "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline().rsplit(":", 1)[1])
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def say(port: int, head: str, body: bytes = b"") -> tuple[int, dict[str, str], dict[str, object], bool]:
    """Send one request as written; return status, headers, JSON, and whether the line was closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        line.sendall(body)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        said = json.loads(answer.read())
        line.settimeout(1)
        try:
            closed = line.recv(1) == b""
        except TimeoutError:
            closed = False
        return answer.status, dict(answer.headers), said, closed


def put(address: str, *headers: str) -> str:
    return "\n".join((f"PUT {address} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: {BEARER}", *headers))


OBSERVATION = f"/api/observations/{uuid.uuid4()}"


def test_a_body_without_length_is_told_so_and_the_line_is_closed(port: int) -> None:
    chunk = b"5\r\nhello\r\n0\r\n\r\n"
    status, headers, said, closed = say(port, put(OBSERVATION, "Transfer-Encoding: chunked"), chunk)
    assert (status, said["code"], headers["Connection"], closed) == (411, "length_required", "close", True)
    assert said["server_id"]


@pytest.mark.parametrize("size", [1_100_000, 3_000_000, 30_000_000])
def test_a_body_that_is_too_long_is_told_so_although_it_was_sent_whole(port: int, size: int) -> None:
    status, headers, said, closed = say(port, put(OBSERVATION, f"Content-Length: {size}"), b" " * size)
    assert (status, said["code"], headers["Connection"], closed) == (413, "too_large", "close", True)


def test_a_body_that_is_announced_as_too_long_is_not_waited_for(port: int) -> None:
    status, _, said, closed = say(port, put(OBSERVATION, "Content-Length: 900000000", "Expect: 100-continue"))
    assert (status, said["code"], closed) == (413, "too_large", True)


def test_other_refusals_keep_the_line(port: int) -> None:
    status, _, said, closed = say(port, put(OBSERVATION, "Content-Length: 2"), b"{}")
    assert (status, said["code"], closed) == (401, "register", False)
