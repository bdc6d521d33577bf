"""No body holds a thread for ever: not one that stalls, and not one that drips."""

import socket
import threading
import time

import pytest
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader

from walkapp.kernel import serving


@pytest.fixture
def line():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def read_all(line, seconds):
    """Read a body of 100 000 bytes through the wrapped app, as gunicorn hands it over."""
    ours, _theirs = line
    source = SocketUnreader(ours)
    environ = {"gunicorn.socket": ours, "wsgi.input": Body(LengthReader(source, 100_000))}
    try:
        return serving.patience(lambda env, _start: [env["wsgi.input"].read(65_536)], seconds)(environ, None)
    finally:
        assert source.sock is ours, "the next request starts afresh"


def drip(theirs, gone):
    while not gone.wait(0.02):
        theirs.send(b"x")


def test_a_stalled_body_is_given_up(line):
    with pytest.raises(TimeoutError):
        read_all(line, 0.1)


def test_a_dripping_body_is_given_up(line, monkeypatch):
    monkeypatch.setattr(serving, "DRIP_GRACE_SECONDS", 0.3)
    gone = threading.Event()
    thread = threading.Thread(target=drip, args=(line[1], gone))
    thread.start()
    started = time.monotonic()
    try:
        with pytest.raises(TimeoutError):
            read_all(line, 5)
    finally:
        gone.set()
        thread.join()
    assert time.monotonic() - started < 3


def test_a_body_that_never_ends_is_given_up(line, monkeypatch):
    monkeypatch.setattr(serving, "LONGEST_SECONDS", 0)
    line[1].send(b"x" * 1000)
    with pytest.raises(TimeoutError):
        read_all(line, 5)


def test_a_body_that_flows_is_read(line):
    thread = threading.Thread(target=line[1].sendall, args=(b"x" * 65_536,))
    thread.start()
    assert read_all(line, 5) == [b"x" * 65_536]
    thread.join()


def test_another_server_is_left_alone():
    assert serving.patience(lambda _environ, _start: [b"ok"])({"wsgi.input": object()}, None) == [b"ok"]
