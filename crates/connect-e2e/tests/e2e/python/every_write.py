"""Whatever can be created, changed, deleted or acted upon, is, by CloudBlue's Python client.

Usage: every_write.py ENDPOINT VENDOR_KEY PRODUCT DISTRIBUTOR_KEY sync|async
"""
import asyncio
import sys
import urllib.request

import sheets
from resale import hours, purchase, reseller, sale
from twins import client, done, nameless, rows

endpoint, vendor_key, product_id, distributor_key, kind = sys.argv[1:]
vendor = client(kind, vendor_key, endpoint)
distributor = client(kind, distributor_key, endpoint)
product = vendor.products[product_id]
tier = vendor.ns('tier')


def told(what, said):
    print(f'{what}: {said}')


async def change(collection, body, /, **changes):
    """Creates an object, changes it, and reads the change."""
    made = await done(collection.create(payload=body))
    await done(collection[made['id']].update(payload={**body, **changes}))
    read = await done(collection[made['id']].get())
    assert all(read[name] == value for name, value in changes.items()), read
    told(collection.path.split('/')[-1], f"changed {', '.join(changes)}")
    return made['id']


async def delete(collection, body, /, **changes):
    """The same, and deletes it."""
    made = await change(collection, body, **changes)
    await done(collection[made].delete())
    assert not await done(collection[made].exists())


async def act(collection, made, verb, payload=None):
    await done(collection[made](verb).post(payload=payload))
    told(verb, (await done(collection[made].get()))['status'])


async def text(thing, **query):
    answer = await done(thing('render').get(params=query))
    text = answer.decode() if isinstance(answer, bytes) else answer
    return nameless(' '.join(text.split()))


async def products():
    await delete(vendor.products, {'name': 'Trial', 'category': {'id': 'CAT-00012'}}, name='Trial and error')
    await delete(product.items, {
        'name': 'Seats', 'mpn': 'MPN-SEATS', 'type': 'reservation', 'precision': 'integer',
        'period': 'monthly', 'unit': {'id': 'seats'}, 'description': '',
        'commitment': {'count': 1},
    }, name='Chairs')
    param = {
        'name': 'colour', 'title': 'Colour', 'description': '', 'type': 'text', 'scope': 'asset',
        'phase': 'ordering', 'constraints': {'required': False},
    }
    await delete(product.parameters, param, title='Paint')
    letter = {'name': 'Letter', 'title': 'Letter', 'scope': 'asset', 'type': 'fulfillment', 'body': 'Hello.'}
    await delete(product.templates, letter, body='Good morning.')
    action = {
        'action': 'sso', 'name': 'Console', 'title': 'Open the console', 'type': 'button', 'scope': 'asset',
        'description': '',
    }
    await delete(product.actions, {**action, 'action': 'old'}, name='Portal')
    await done(product.actions.create(payload=action))
    told('actions', [it['action'] for it in await rows(product.actions.filter(scope='asset'))])
    key = await done(vendor.execute('post', f'products/{product_id}/actions/regeneratesecret'))
    told('key', sorted(key))
    address = {'url': 'https://console.example/open'}
    await done(product.update(payload={'customer_ui_settings': {'action': address}}))
    region = await done(product.parameters.create(payload={
        **param, 'name': 'region', 'title': 'Region', 'scope': 'product', 'phase': 'configuration',
    }))
    configured = await done(product.configurations.create(payload={
        'parameter': {'id': region['id']}, 'value': 'eu-1',
    }))
    told('configured', configured['value'])
    changed = await done(product.update(payload={'capabilities': {
        'ppu': {'schema': 'QT'}, 'cart': {'validation': True},
        'tiers': {'configs': {'level': 1}, 'validation': True, 'updates': True},
        'subscription': {'purchase': {'scheduling': True}, 'change': {'validation': True}},
    }}))
    told('capabilities', changed['capabilities']['tiers'])


def template(scope):
    return product.templates.filter(scope=scope, type='fulfillment').first()


async def requests():
    made = await done(vendor.requests.create(payload=purchase(product_id, 'Near', 'Far')))
    told('purchase', made['status'])
    setup = await done(tier.config_requests.filter(status='pending').first())
    await tier_request(setup['id'])
    request = vendor.requests[made['id']]
    told('ready', (await done(request.get()))['status'])
    for verb, body in [('accept', None), ('ignore', {'reason': 'Not ours.'})]:
        account = {'id': made['asset']['tiers']['tier1']['id'], 'tax_id': verb}
        asked = await done(tier.account_requests.create(payload={'type': 'update', 'account': account}))
        await act(tier.account_requests, asked[0]['id'], verb, body)
    marked = {'id': 'admin_email', 'value_error': 'Whose?'}
    await done(request.update(payload={'asset': {'params': [marked]}}))
    for verb, body in [
        ('inquire', {}), ('pend', None), ('assign', {'email': 'ines@fernway.example'}), ('unassign', None),
        ('schedule', {'planned_date': '2099-01-01T00:00:00+00:00'}), ('revoke', {'reason': 'Too late.'}),
        ('confirm', None),
    ]:
        await act(vendor.requests, made['id'], verb, body)
    failed = await done(vendor.requests.create(payload=purchase(product_id, 'Near', 'Far')))
    await act(vendor.requests, failed['id'], 'fail', {'reason': 'No stock.'})
    draft = await done(vendor.requests.create(payload={**purchase(product_id, 'Near', 'Far'), 'status': 'draft'}))
    await done(vendor.requests[draft['id']]('validate').post(payload={}))
    await act(vendor.requests, draft['id'], 'purchase', {})
    param = {'id': 'subscription_id', 'value': 't-1'}
    await done(vendor.requests[draft['id']].update(payload={'asset': {'params': [param]}}))
    letter = await done(template('asset'))
    await act(vendor.requests, draft['id'], 'approve', {'template_id': letter['id']})
    told('template', await text(product.templates[letter['id']]))
    told('for the request', await text(vendor.templates[letter['id']], request_id=draft['id']))
    told('request', await text(vendor.requests[draft['id']]))
    told('asset', await text(vendor.assets[draft['asset']['id']]))
    later = await done(vendor.requests.create(payload={
        'type': 'change', 'status': 'draft', 'asset': {
            'id': draft['asset']['id'], 'items': [{'mpn': 'MPN-A', 'quantity': 9}],
        },
    }))
    await act(vendor.requests, later['id'], 'submit', {})
    messages = vendor.conversations[later['id']].messages
    said = await done(messages.create(payload={'text': 'on our way'}))
    told('said', said['text'])
    await act(vendor.conversations, later['id'], 'close')


async def tier_request(made):
    collection = tier.config_requests
    await done(collection[made].update(payload={'params': [{'id': 'reseller_id', 'value': 'r-1'}]}))
    await done(collection[made].update(payload={'params': [{'id': 'partner_code', 'value_error': 'Which?'}]}))
    for verb, body in [
        ('inquire', None), ('pend', None), ('assign', {'email': 'ines@fernway.example'}), ('unassign', None),
        ('approve', {'template': {'id': (await done(template('tier1')))['id']}}),
    ]:
        await act(collection, made, verb, body)
    config = (await done(collection[made].get()))['configuration']['id']
    told('request', await text(collection[made]))
    told('configuration', await text(tier.configs[config]))
    again = await done(collection.create(payload={'type': 'update', 'configuration': {'id': config}}))
    await act(collection, again['id'], 'fail', {'reason': 'Not today.'})
    draft = await done(collection.create(payload={
        'type': 'update', 'status': 'draft', 'configuration': {'id': config},
    }))
    await done(collection[draft['id']]('validate').post(payload={}))
    await act(collection, draft['id'], 'submit', {})


async def accounts():
    body = {**reseller('Cedar'), 'type': 'customer'}
    await change(tier.accounts, body, name='Cedar and Sons')


async def sold():
    """A subscription that the distributor has sold."""
    connection = await done(product.connections.all().first())
    market = await done(vendor.marketplaces.all().first())
    body = sale(product_id, connection['id'], market['id'], ('MPN-A', 1), ('MPN-HOURS', 0))
    made = await done(distributor.requests.create(payload=body))
    param = {'id': 'subscription_id', 'value': 't-2'}
    await done(vendor.requests[made['id']].update(payload={'asset': {'params': [param]}}))
    await act(vendor.requests, made['id'], 'approve', {'template_id': (await done(template('asset')))['id']})
    return made['asset']['id']


async def usage():
    files, theirs = (side.ns('usage').collection('files') for side in (vendor, distributor))
    records = distributor.ns('usage').collection('records')
    await done(product.items.create(payload=hours()))
    asset = await sold()
    contract = await done(vendor.contracts.all().first())

    async def report(name, *found):
        made = await change(files, {
            'name': name, 'description': '', 'product': {'id': product_id}, 'contract': {'id': contract['id']},
            'period': {'from': '2024-05-01', 'to': '2024-05-31'},
        }, note='ours')
        if found:
            await send(files, made, 'upload', 'usage_file', sheets.usage(asset, *found))
        return made

    async def send(collection, made, verb, field, sheet):
        await done(collection[made](verb).post(files={field: (f'{field}.xlsx', sheet)}))
        file = await done(collection[made].get())
        told(verb, f"{file['status']} {file['records']}")

    made = await report('May', 'one', 'two', 'three', 'four')
    await act(files, made, 'reprocess')
    await act(files, made, 'submit')
    four, three, *_ = await rows(records.filter(usagefile__id=made))
    changed = await done(records[four['id']].update(payload={'status': 'approved'}))
    told('record', changed['status'])
    await done(theirs[made]('approve-all').put())
    told('records', [it['status'] for it in await rows(records.filter(usagefile__id=made))])
    await act(theirs, made, 'accept')
    await act(records, four['id'], 'close', {'external_billing_id': 'B-1'})
    closed = [{'id': three['id']}, {'id': 'UFR-0'}]
    many = await done(distributor.execute('post', 'usage/records/close-records', json=closed))
    told('close-records', [(it.get('status'), it.get('error_details')) for it in many])
    await send(theirs, made, 'reconciliation', 'recon_file', sheets.bills('two'))
    await act(theirs, made, 'close')
    chunked = await report('June', 'one', 'two')
    await act(files, chunked, 'submit')
    await act(theirs, chunked, 'accept')
    reconciliations = distributor.ns('usage').collection('reconciliations')
    sheet = {'recon_file': ('bills.xlsx', sheets.bills('one'))}
    reconciled = await done(distributor.execute('post', 'usage/reconciliations', files=sheet))
    told('reconciled', (reconciled['status'], reconciled['notes']))
    for part in ('uploadedfile', 'processedfile'):
        told(part, (await done(reconciliations[reconciled['id']](part).get()))[:2])
    told('reconciliations', await done(reconciliations.all().count()))
    chunks = distributor.ns('usage').collection('chunks')
    chunk = (await done(chunks.filter(usagefile__id=chunked).first()))['id']
    await done(chunks[chunk].update(payload={'external_id': 'C-1'}))
    told('chunk', (await done(distributor.get(f'usage/chunks/{chunk}/download')))[:2])
    await act(chunks, chunk, 'regenerate')
    await act(chunks, chunk, 'close', {'external_billing_id': 'B-9'})
    told('file', (await done(files[chunked].get()))['status'])
    action = await done(product.actions.all().first())
    link = f"products/{product_id}/actions/{action['id']}/actionLink"
    link = (await done(vendor.get(link, params={'asset_id': asset})))['link']
    told('link', link.split('?')[0])
    used = await done(vendor.get(f'assets/{asset}/usage/aggregates'))
    told('used', [(it['item']['mpn'], it['consumed'], it['accepted']) for it in used])
    refused = await report('Later', 'one')
    await act(files, refused, 'submit')
    await act(theirs, refused, 'reject', {'rejection_note': 'Too late.'})
    await act(files, await report('Nothing'), 'delete')
    link = (await done(vendor.get(f'usage/products/{product_id}/template')))['template_link']
    told('template', urllib.request.urlopen(link).read()[:2])


async def rules():
    kept = distributor.ns('products').ns(product_id).ns('usage').collection('rules')
    made = await change(kept, {'action': 'accept', 'rule': 'all'}, action='manual')
    await done(kept[made].delete())
    told('rule', (await done(kept[made].get()))['status'])


async def billing():
    bills, theirs = (side.ns('subscriptions').collection('requests') for side in (vendor, distributor))
    subscription = await done(theirs.filter(type='provider').first())
    assert subscription is None, subscription
    asset = (await done(vendor.assets.filter(status='active', connection__type='production').first()))['id']
    may = {'from': '2024-05-01T00:00:00Z', 'to': '2024-06-01T00:00:00Z', 'delta': 1, 'uom': 'monthly'}
    made = await done(bills.create(payload={
        'type': 'vendor', 'asset': {'id': asset}, 'items': [{'id': 'MPN-A'}], 'period': may,
        'attributes': {'vendor': {'invoice': 'N-17'}},
    }))
    told('vendor', [(it['mpn'], it['quantity'], it['billing']) for it in made['items']])
    flat = await done(theirs.create(payload={
        'type': 'provider', 'asset_id': asset, 'items': [{'id': 'MPN-A', 'quantity': 2}],
        'period_from': may['from'], 'period_to': may['to'], 'period_delta': 1, 'period_uom': 'monthly',
    }))
    told('provider', (nameless(flat['id']), flat['period']))
    noted = await done(theirs[made['id']]('attributes').put(payload={'provider': {'invoice': 'I-1'}}))
    told('attributes', noted)
    told('seen', [sorted(it['type'] for it in await rows(side.all())) for side in (bills, theirs)])
    read = await done(distributor.ns('subscriptions').collection('assets')[asset].get())
    told('billing', (read['billing']['period'], {side: it['count'] for side, it in read['billing']['stats'].items()}))


async def webhooks():
    hooks = vendor.ns('notifications').collection('webhooks')
    body = {
        'label': 'orders', 'object_class': 'fulfillment_request', 'description': '', 'active': True,
        'product_id': product_id, 'external_url': 'http://127.0.0.1:9/hook', 'jwt_secret': 's3cret',
        'http_method': 'POST',
    }
    await delete(hooks, body, label='all orders')
    made = await change(hooks, body, description='For Cedar.')
    await done(hooks[made]('trigger').post())
    told('trigger', vendor.response.status_code)


async def main():
    told('version', (await done(vendor.get(''))))
    told('context', sorted(await done(vendor.get('auth/context'))))
    for part in (products, requests, accounts, usage, rules, billing, webhooks):
        print(f'-- {part.__name__}')
        await part()


asyncio.run(main())
