"""Who may read the page: whoever holds its token, from this machine, and no other page of the browser.

A server on loopback is within reach of every page that the browser has open. So each request, that of the websocket
included, must name this server as its host (else a foreign name that resolves to 127.0.0.1 would do), must not come
from a page of another origin, and must show the token: in the address at first, in a cookie from then on.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
REFUSED = "403: this page opens only by the whole address that `cofactor explore` printed, on the same machine."
VIOLATION = 1008  # of a policy, RFC 6455 section 7.4.1


@dataclass(frozen=True)
class Guard:
    """An application behind the token: every other request gets 403 and reaches nothing.

    Attributes
    ----------
    app : ASGI application
    port : int
        Of the server; it stands in the hosts and origins that are allowed, and in the cookie's name, for browsers send
        cookies to every port.
    token : str
    """

    app: AsgiApp
    port: int
    token: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif not may_enter(scope, self.port, self.token):
            await _refuse(scope, send)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, self._with_headers(scope, send))

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        added = list(_headers(self.port))
        if _same(_token_in_address(scope), self.token):
            cookie = f"{cookie_name(self.port)}={self.token}; Path=/; HttpOnly; SameSite=Strict"
            added.append((b"set-cookie", cookie.encode("ascii")))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        return send_with_headers


def may_enter(scope: Scope, port: int, token: str) -> bool:
    """Return whether a request names this server, comes from its own page or from none, and shows the token.

    A websocket must say where it comes from, as every browser's does, and shows the token by the cookie.
    """
    hosts, origins = _values(scope, b"host"), _values(scope, b"origin")
    if len(hosts) != 1 or hosts[0] not in [f"{name}:{port}" for name in NAMES]:
        return False
    if len(origins) > 1 or (origins and origins[0] != f"http://{hosts[0]}"):
        return False
    if scope["type"] == "websocket" and not origins:
        return False
    by_cookie = any(_same(value, token) for value in _cookies(scope, cookie_name(port)))
    return by_cookie or (scope["type"] == "http" and _same(_token_in_address(scope), token))


def cookie_name(port: int) -> str:
    """Return the name of the cookie of the server at a port."""
    return f"cofactor_explore_{port}"


def _headers(port: int) -> tuple[tuple[bytes, bytes], ...]:
    """Return what tells the browser to fetch nothing from elsewhere, and to let nobody frame or keep the page."""
    sockets = " ".join(f"ws://{name}:{port}" for name in NAMES)
    policy = (
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data:; font-src 'self' data:; connect-src 'self' {sockets}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return (
        (b"content-security-policy", policy.encode("ascii")),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"cache-control", b"no-store"),
    )


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":  # closed before it is accepted: the server answers 403
        await send({"type": "websocket.close", "code": VIOLATION, "reason": ""})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_headers(0)]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": REFUSED.encode()})


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope.get("headers", ()) if key.lower() == name]


def _cookies(scope: Scope, name: str) -> list[str]:
    parts = [part.strip().partition("=") for line in _values(scope, b"cookie") for part in line.split(";")]
    return [value for key, _, value in parts if key == name]


def _token_in_address(scope: Scope) -> str:
    found = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True).get("token", [])
    return found[0] if len(found) == 1 else ""


def _same(shown: str, token: str) -> bool:
    """Compare in a time that does not tell how much was right."""
    return hmac.compare_digest(shown.encode("utf-8", "replace"), token.encode())
