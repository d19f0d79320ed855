"""CloudBlue's two clients behind one face, so that one script is told to both.

The synchronous client answers at once, the asynchronous one has to be waited for.
"""
import inspect
import re

from connect.client import AsyncConnectClient, ConnectClient

KINDS = {'sync': ConnectClient, 'async': AsyncConnectClient}
OBJECT = re.compile(r'\b[A-Z]{2,4}(-\d+)+\b')


def client(kind, key, endpoint):
    return KINDS[kind](key, endpoint=endpoint, use_specs=False, max_retries=0)


async def done(answer):
    """What a call of either client answers."""
    return await answer if inspect.isawaitable(answer) else answer


async def rows(found):
    """What a resource set of either client has."""
    return [row async for row in found] if hasattr(found, '__aiter__') else list(found)


def nameless(text):
    """The text without the ids of objects, which differ from world to world."""
    return OBJECT.sub(lambda it: it[0].split('-')[0], text)
