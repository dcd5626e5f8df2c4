"""What the front hands on: requests as they came, whatever kind of awaitable the server gives."""

from __future__ import annotations

import asyncio
import inspect

from tradecredit.doors.api.fast_front import Front


class TestFront:
    def test_hands_on_a_receive_that_gives_coroutines(self):
        seen = []

        async def behind(scope, receive, send):
            waiting = receive()
            seen.append(inspect.iscoroutine(waiting))
            seen.append((await waiting)["body"])

        async def run():
            # As servers written in other languages do: an awaitable that is no coroutine.
            def receive():
                message = asyncio.get_running_loop().create_future()
                message.set_result({"type": "http.request", "body": b"title=x", "more_body": False})
                return message

            async def send(message):
                raise AssertionError(message)

            scope = {"type": "http", "method": "POST", "path": "/policies", "headers": []}
            await Front(behind)(scope, receive, send)

        asyncio.run(run())
        assert seen == [True, b"title=x"]
