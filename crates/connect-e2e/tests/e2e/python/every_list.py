"""Every list is filtered, ordered, searched, cut and counted by CloudBlue's Python client.

What the platform answers is held against the same question asked here of the whole list. A new
collection is a line of `COLLECTIONS`.

It looks at what `every_write.py` has left.

Usage: every_list.py ENDPOINT VENDOR_KEY PRODUCT DISTRIBUTOR_KEY sync|async
"""
import asyncio
import sys
import traceback
from datetime import datetime

from connect.client import ClientError, R
from connect.client.utils import resolve_attribute

from twins import client, done, rows

# The path, and the fields by which to look: a word, a text, a time, one that may be null, one
# that may be empty; what `search` finds; what `select` leaves out; what one is read by, unless it is
# the id.
COLLECTIONS = {
    'requests': dict(word='status', text='asset.external_id', time='created', hide='asset.items'),
    'assets': dict(word='status', text='external_id', time='events.created.at', search='external_id', hide='items'),
    'assets/{asset}/requests': dict(word='type', text='id', time='events.created.at', read=None),
    'subscriptions/assets': dict(word='status', text='external_id', time='events.created.at', search='external_id', hide='items'),
    'subscriptions/requests': dict(word='type', text='asset.id', time='events.created.at'),
    'products': dict(word='status', text='name', time='events.created.at', search='name'),
    'products/{product}/items': dict(word='mpn', text='name', time='events.created.at', null='group.id', empty='external_id', search='mpn'),
    'products/{product}/parameters': dict(word='scope', text='name', time='events.created.at'),
    'products/{product}/templates': dict(word='scope', text='name', time='events.created.at'),
    'products/{product}/configurations': dict(word='value', text='parameter.id', read=None),
    'products/{product}/connections': dict(word='id', text='hub.name', time='events.created.at'),
    'hubs': dict(word='id', text='name', time='events.created.at', search='instance.id'),
    'marketplaces': dict(word='id', text='name', time='events.created.at', search='name'),
    'accounts': dict(word='id', text='name', time='events.created.at', search='id'),
    'contracts': dict(word='status', text='name', time='events.created.at', search='issuer.name'),
    'listings': dict(word='status', text='id', time='created', search='product.name'),
    'tier/accounts': dict(word='type', text='name', time='events.created.at', search='name'),
    'tier/accounts/{account}/versions': dict(word='name', text='name', time='events.created.at', read='version'),
    'tier/account-requests': dict(word='status', text='account.name', time='events.created.at', search='product.name'),
    'tier/configs': dict(word='id', text='account.external_uid', time='events.created.at', hide='configuration'),
    'tier/config-requests': dict(word='type', text='configuration.account.external_uid', time='events.created.at', hide='tiers'),
    'usage/files': dict(word='status', text='name', time='events.created.at', search='name'),
    'usage/files/{file}/categories': dict(word='id', text='name', search='name', read=None),
    'usage/records': dict(word='status', text='usagefile.id', time='start_date'),
    'usage/chunks': dict(word='status', text='usagefile.id', search='usagefile.id'),
    'usage/reconciliations': dict(word='usagefile.id', text='partusagefile.id', search='usagefile.id'),
    'products/{product}/usage/rules': dict(word='action', text='rule'),
    'usage/aggregates': dict(word='item.type', text='asset.id', read=None),
    'conversations': dict(word='status', text='instance_id', time='events.created.at'),
    'conversations/{request}/messages': dict(word='type', text='id', time='events.created.at', search='text', read=None),
    'notifications/webhooks': dict(word='label', text='label', search='label'),
}

endpoint, vendor_key, product_id, _, kind = sys.argv[1:]
vendor = client(kind, vendor_key, endpoint)


class Listing:
    """One list, and what is known of it: the whole."""

    def __init__(self, path, whole, fields):
        *spaces, name = path.split('/')
        place = vendor
        if len(spaces) == 1:
            place = vendor.ns(spaces[0])
        elif len(spaces) > 1:
            *outer, collection, parent = spaces
            place = (vendor.ns(outer[0]) if outer else vendor).collection(collection)[parent]
        self.collection = place.collection(name)
        self.whole = whole
        self.fields = fields
        self.asked = []

    def value(self, field, row=None):
        return resolve_attribute(field, self.whole[0] if row is None else row)

    async def found(self, name, found, holds):
        """Holds what the platform found against what it should have, in the list and by number."""
        expected = [row for row in self.whole if holds(row)]
        try:
            got = await rows(found)
        except ClientError as error:
            if 'is not supported' not in str(error):
                raise
            self.asked.append(f'no-{name}')
            return
        got, expected = by_name(got), by_name(expected)
        assert got == expected, (name, found.path, names(got), names(expected))
        assert await done(found.all().count()) == len(expected), (name, found.path)
        self.asked.append(name)

    async def ask(self):
        await self.pages()
        if self.whole:
            await self.words()
            await self.times()
            await self.rest()
        return self.asked

    async def pages(self):
        """All of it, by pages of two, the first, a slice, as values, by its id."""
        everything = self.collection.all()
        got = await rows(everything.limit(2))
        assert names(got) == names(self.whole), (names(got), names(self.whole))
        cut = await rows(everything[1:3])
        assert names(cut) == names(self.whole[1:3])
        first = await done(everything.first())
        assert first == (self.whole[0] if self.whole else None)
        word = self.fields['word']
        values = await rows(everything.values_list('id', word))
        assert values == [{'id': row.get('id'), word: self.value(word, row)} for row in self.whole]
        key = self.fields.get('read', 'id')
        if key:
            assert not await done(self.collection['XX-000'].exists())
        if key and self.whole:
            thing = self.collection[str(self.whole[0][key])]
            assert await done(thing.exists())
            assert (await done(thing.get()))[key] == self.whole[0][key]
            values = await done(thing.values('id', word))
            assert values == {'id': self.whole[0]['id'], word: self.value(word)}
            self.asked.append('read')

    async def words(self):
        """By a word and by a text, with all operators for them."""
        word, text = self.fields['word'], self.fields['text']
        value, like = self.value(word), self.value(text)

        def field(name):
            return R().n(name)

        def same(row):
            return self.value(word, row) == value

        def alike(row):
            return self.value(text, row) == like

        plain = {word.replace('.', '__'): value}
        listed = {word.replace('.', '__') + '__in': [str(value)]}
        filtered = self.collection.filter
        for name, query, holds in [
            ('eq', field(word).eq(value), same),
            ('ne', field(word).ne(value), lambda row: not same(row)),
            ('not', ~field(word).eq(value) & ~field(text).eq('nowhere'), lambda row: not same(row)),
            ('and', field(word).eq(value) & field(text).eq(like), lambda row: same(row) and alike(row)),
            ('or', field(word).eq(value) | field(text).eq(like), lambda row: same(row) or alike(row)),
            ('none', field(text).eq('NOWHERE'), lambda row: False),
            ('like', field(text).like(like), alike),
            ('ilike', field(text).ilike(f'*{like[1:].upper()}'), lambda row: str(self.value(text, row))[1:] == like[1:]),
        ]:
            await self.found(name, filtered(query), holds)
        if not isinstance(value, bool):
            both = sorted({self.value(word, row) for row in self.whole} - {None})[:2]
            await self.found('in', filtered(field(word).oneof(both)), lambda row: self.value(word, row) in both)
            await self.found('out', filtered(field(word).out([value])), lambda row: not same(row))
            await self.found('in', filtered(**listed), same)
        await self.found('words', filtered(**plain), same)
        await self.found('text', filtered(f'eq({text},{like})'), alike)

    async def times(self):
        """Before and after a moment, and in its order."""
        field = self.fields.get('time')
        if not field:
            return
        at = self.value(field)

        def moment(row):
            return datetime.fromisoformat(self.value(field, row))

        for name, holds in {
            'lt': lambda it: it < moment(self.whole[0]), 'le': lambda it: it <= moment(self.whole[0]),
            'gt': lambda it: it > moment(self.whole[0]), 'ge': lambda it: it >= moment(self.whole[0]),
        }.items():
            query = getattr(R().n(field), name)(at)
            await self.found(name, self.collection.filter(query), lambda row: holds(moment(row)))
        for sign in ('', '-'):
            got = await rows(self.collection.all().order_by(sign + field))
            moments = [moment(row) for row in got]
            assert moments == sorted(moments, reverse=sign == '-')
            assert by_name(got) == by_name(self.whole)
        self.asked.append('order')

    async def rest(self):
        """What is not there, what is searched, what is left out."""
        if null := self.fields.get('null'):
            for is_null in (True, False):
                query = R().n(null).null(is_null)
                await self.found('null', self.collection.filter(query), lambda row: (self.value(null, row) is None) == is_null)
        if empty := self.fields.get('empty'):
            for is_empty in (True, False):
                query = R().n(empty).empty(is_empty)
                await self.found('empty', self.collection.filter(query), lambda row: (self.value(empty, row) == '') == is_empty)
        if search := self.fields.get('search'):
            got = await rows(self.collection.all().search(self.value(search)))
            assert self.whole[0] in got, (search, self.value(search), names(got))
            assert not await rows(self.collection.all().search('nowhere to be found'))
            self.asked.append('search')
        if hide := self.fields.get('hide'):
            slim = await rows(self.collection.all().select(f'-{hide}'))
            assert self.value(hide) is not None, hide
            assert all(self.value(hide, row) is None for row in slim), hide
            assert names(slim) == names(self.whole)
            self.asked.append('select')


def name_of(row):
    return f"{row.get('id')} {row.get('version')}" if row.get('id') else str(row)


def names(found):
    return [name_of(row) for row in found]


def by_name(found):
    return sorted(found, key=name_of)


async def main():
    change = await done(vendor.requests.filter(type='change').first())
    revoked = await done(vendor.requests.filter(status='revoked').first())
    account = await done(vendor.ns('tier').accounts.filter(name='Cedar and Sons').first())
    parents = {
        'product': product_id,
        'request': revoked['id'],
        'asset': change['asset']['id'],
        'file': (await done(vendor.ns('usage').files.filter(name='May').first()))['id'],
        'account': account['id'],
    }
    failed = False
    for path, fields in COLLECTIONS.items():
        place = path.format(**parents)
        whole = await done(vendor.get(place, params={'limit': 1000}))
        try:
            asked = await Listing(place, whole, fields).ask()
            print(f'{path} has {len(whole)}:', *dict.fromkeys(asked))
        except (AssertionError, ClientError):
            failed = True
            print(f'{path}, after {vendor.response.url}:', traceback.format_exc(), file=sys.stderr)
    # The client forgets a `~` that stands alone: this asks for the opposite of what it says.
    print('not pending, by itself:', vendor.requests.filter(~R().status.eq('pending')).query)
    sys.exit(failed)


asyncio.run(main())
