"""Web hooks leave from the outbox: at least once, to hosts that may be called, with a key."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

from engine.ids import RequestId
from engine.unit_of_work import Post
from storage import Database
from storage.calls import Call
from web import calling

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)


@contextmanager
def heard(status: int = 200) -> Iterator[tuple[int, list[tuple[str, str, bytes]]]]:
    """A server on this machine, and what it hears: path, key, body."""
    calls: list[tuple[str, str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append((self.path, self.headers["Idempotency-Key"], body))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/else")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port, calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def queued(database: Database, port: int) -> None:
    database.callable = frozenset({f"127.0.0.1:{port}"})
    with database.unit_of_work() as work:
        url = f"http://127.0.0.1:{port}/x"
        assert work.may_call(f"127.0.0.1:{port}")
        assert not work.may_call("127.0.0.1")
        work.post(Post(request=RequestId("r1"), url=url, payload='{"a":"文"}', at=NOW))
        work.commit()


def test_a_call_leaves_once_when_it_is_answered(database: Database) -> None:
    with heard() as (port, calls):
        queued(database, port)
        assert calling.post(database, NOW - timedelta(seconds=1)) == 0
        assert calling.post(database, NOW) == 1
        assert calling.post(database, NOW + timedelta(days=1)) == 0
    assert calls == [("/x", "r1-w1", '{"a":"文"}'.encode())]


def test_one_that_fails_is_tried_again_with_the_same_key_and_given_up_in_the_end(
    database: Database,
) -> None:
    with heard(status=500) as (port, calls):
        queued(database, port)
        now = NOW
        for _ in range(12):
            assert calling.post(database, now) == 0
            now += timedelta(days=1)
    assert [key for _, key, _ in calls] == ["r1-w1"] * 10


def test_no_redirect_is_followed_and_what_may_no_longer_be_called_is_not(
    database: Database,
) -> None:
    with heard(status=302) as (port, calls):
        queued(database, port)
        assert calling.post(database, NOW) == 0
        assert len(calls) == 1
        database.callable = frozenset()
        made: list[Call] = []
        assert calling.post(database, NOW + timedelta(days=1), made.append) == 0
    assert made == []
