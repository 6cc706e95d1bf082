"""Who gets in: this machine's browser with the token, and nobody else, by plain requests and by websocket."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest

from cofactor.explore.access import HOST, cookie_name, may_enter

TOKEN = "right"
PORT = 8765
OWN = f"127.0.0.1:{PORT}"


def _scope(kind: str = "http", query: str = "", **headers: str) -> dict[str, object]:
    listed = [(name.encode(), value.encode("latin-1")) for name, value in {"host": OWN, **headers}.items()]
    return {"type": kind, "query_string": query.encode("latin-1"), "headers": listed}


COOKIE = f"{cookie_name(PORT)}={TOKEN}"


@pytest.mark.parametrize(
    ("scope", "enters"),
    [
        (_scope(query="token=right"), True),
        (_scope(query="exposure=sex&token=right"), True),
        (_scope(cookie=COOKIE), True),
        (_scope(cookie=f"other=1; {COOKIE}"), True),
        (_scope(host=f"localhost:{PORT}", cookie=COOKIE), True),
        (_scope(origin=f"http://{OWN}", cookie=COOKIE), True),
        (_scope("websocket", origin=f"http://{OWN}", cookie=COOKIE), True),
        (_scope(), False),
        (_scope(query="token="), False),
        (_scope(query="token=wrong"), False),
        (_scope(query="token=right&token=right"), False),
        (_scope(query="token=%FF%FE"), False),
        (_scope(cookie=f"{cookie_name(PORT)}=wrong"), False),
        (_scope(cookie=f"{cookie_name(PORT + 1)}={TOKEN}"), False),
        (_scope(host="evil.example", cookie=COOKIE), False),
        (_scope(host=f"evil.example:{PORT}", cookie=COOKIE), False),
        (_scope(host="127.0.0.1", cookie=COOKIE), False),
        (_scope(host=f"127.0.0.1:{PORT + 1}", cookie=COOKIE), False),
        (_scope(host=f"127.0.0.1:{PORT}.evil.example", cookie=COOKIE), False),
        (_scope(origin="http://evil.example", cookie=COOKIE), False),
        (_scope(origin="null", cookie=COOKIE), False),
        (_scope(origin=f"https://{OWN}", cookie=COOKIE), False),
        (_scope(origin=f"http://localhost:{PORT}", cookie=COOKIE), False),
        (_scope("websocket", cookie=COOKIE), False),
        (_scope("websocket", origin="http://evil.example", cookie=COOKIE), False),
        (_scope("websocket", origin=f"http://{OWN}"), False),
        (_scope("websocket", query="token=right", origin=f"http://{OWN}"), False),
        ({"type": "http", "query_string": b"token=right", "headers": []}, False),
        ({"type": "http", "query_string": b"token=right", "headers": [(b"host", OWN.encode())] * 2}, False),
    ],
)
def test_who_may_enter(scope: dict[str, object], enters: bool) -> None:
    assert may_enter(scope, PORT, TOKEN) is enters


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    text: str


def _ask(address: str, path: str, headers: Mapping[str, str], host: str | None = None) -> Answer:
    port = urlsplit(address).port
    with closing(http.client.HTTPConnection(HOST, port, timeout=20)) as connection:
        connection.putrequest("GET", path, skip_host=True)
        for name, value in {"Host": host or f"{HOST}:{port}", **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        with connection.getresponse() as answer:
            text = "" if answer.status == 101 else answer.read().decode(errors="replace")
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)


def _cookie(address: str) -> str:
    token = parse_qs(urlsplit(address).query)["token"][0]
    return f"{cookie_name(urlsplit(address).port or 0)}={token}"


def test_the_address_opens_the_page_and_leaves_a_cookie_that_no_script_and_no_other_site_can_use(address: str) -> None:
    answer = _ask(address, "/?" + urlsplit(address).query, {})
    assert answer.status == 200
    assert "Explore exposure" in answer.text
    cookie = answer.headers["set-cookie"]
    assert cookie == f"{_cookie(address)}; Path=/; HttpOnly; SameSite=Strict"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/?token=wrong", "/explore.css", "/session/x/y/z", "/shared", "/%00"])
def test_without_the_token_nothing_is_served(address: str, path: str) -> None:
    answer = _ask(address, path, {})
    assert answer.status == 403
    assert "opens only by the whole address" in answer.text


@pytest.mark.parametrize(
    ("headers", "host"),
    [({}, "rebound.example"), ({"Origin": "http://evil.example"}, None), ({"Origin": "null"}, None)],
)
def test_a_foreign_host_or_origin_is_refused_with_the_cookie_too(
    address: str, headers: dict[str, str], host: str | None
) -> None:
    assert _ask(address, "/", {**headers, "Cookie": _cookie(address)}, host).status == 403


def test_the_websocket_opens_for_the_page_itself(address: str) -> None:
    port = urlsplit(address).port
    headers = {**UPGRADE, "Origin": f"http://{HOST}:{port}", "Cookie": _cookie(address)}
    assert _ask(address, "/websocket/", headers).status == 101


@pytest.mark.parametrize(
    ("changes", "host"),
    [
        ({"Cookie": ""}, None),
        ({"Cookie": "cofactor_explore_1=x"}, None),
        ({"Origin": "http://evil.example"}, None),
        ({"Origin": ""}, None),
        ({}, "rebound.example"),
    ],
)
def test_the_websocket_is_refused_to_everybody_else(address: str, changes: dict[str, str], host: str | None) -> None:
    port = urlsplit(address).port
    headers = {**UPGRADE, "Origin": f"http://{HOST}:{port}", "Cookie": _cookie(address), **changes}
    assert _ask(address, "/websocket/", headers, host).status == 403


def test_the_server_listens_on_loopback_alone() -> None:
    from cofactor.explore.serving import listen

    listening = listen()
    with listening.socket:
        assert listening.socket.getsockname()[0] == HOST
        assert len(listening.token) >= 40
        assert listening.address.startswith(f"http://127.0.0.1:{listening.port}/?token=")


@pytest.mark.parametrize("path", ["/nowhere", "/session/none/dataobj/x", "/?%E0%A4%A", "/../cli.py"])
def test_an_address_that_does_not_exist_is_answered_without_a_trace(address: str, path: str) -> None:
    answer = _ask(address, path, {"Cookie": _cookie(address)})
    assert answer.status in (200, 404)
    assert "Traceback" not in answer.text
