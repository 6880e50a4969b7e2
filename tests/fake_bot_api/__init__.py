"""A Bot API server on loopback, for tests and for trying a bot without Telegram.

It speaks enough of the Bot API for a text bot (messages, drafts, edits, buttons, inline mode,
files, topics, commands, long polling and webhooks) and is stricter than the real one: what
Telegram would silently repair is refused here.

* Unknown methods and parameters are refused; parameters are checked for type and range.
* HTML is parsed by Telegram's rules; broken or unknown markup is a 400.
* Refused with 400: more than 4,096 UTF-16 units after markup or 32,768 bytes before, more
  than 100 entities, callback data over 64 bytes, callback answers over 200 characters, over 50
  inline results, text to copy over 256, links that are not http(s).
* Drafts are for private chats; one is gone after 30 seconds or with the next message.
* A wrong token is a 401; a second poller makes the first one's request a 409.

Faults are queued by method, first in first out::

    api.faults.add("sendMessage", TooMany(2), BadGateway(), Drop("after"), Slow(1.5))

In a test::

    async with FakeBotApi() as api:
        anna = api.person("Anna", language="de")
        anna.says("Wann fiel die Mauer?")
        reply = await anna.hears()
        assert reply.text.startswith("Am 9. November 1989")
        anna.presses(reply.button("👍"))
        print(api.transcript())

By hand, in a terminal: ``python -m tests.fake_bot_api`` prints a root and a token to start any
bot with, sends each line that is typed as a private message, and prints what the bot does.
"""

from .faults import BadGateway, Drop, Fault, Refuse, Slow, TooMany
from .markup import MarkupError, parse_html, utf16_length
from .people import Draft, Group, Person, Seen
from .server import TOKEN, Call, FakeBotApi

__all__ = [
    "TOKEN",
    "BadGateway",
    "Call",
    "Draft",
    "Drop",
    "FakeBotApi",
    "Fault",
    "Group",
    "MarkupError",
    "Person",
    "Refuse",
    "Seen",
    "Slow",
    "TooMany",
    "parse_html",
    "utf16_length",
]
