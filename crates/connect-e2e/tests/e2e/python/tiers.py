"""Two resellers are set up, updated and adjusted by CloudBlue's Python client.

Usage: tiers.py ENDPOINT API_KEY PRODUCT
"""
import re
import sys

from connect.client import ClientError, ConnectClient, R

from resale import purchase

endpoint, api_key, product_id = sys.argv[1:]
client = ConnectClient(api_key, endpoint=endpoint, use_specs=False, max_retries=0)
configs = client.ns('tier').collection('configs')
requests = client.ns('tier').collection('config-requests')


def shown(request):
    config = request['configuration']
    return (f"level {config['tier_level']} {request['type']} {request['status']}, "
            f"{config['account']['name']} {config['status']}")


def read(request):
    return requests[request['id']].get()


def act(request, verb, payload=None):
    answer = requests[request['id']](verb).post(payload=payload)
    status = client.response.status_code
    said = answer and answer['template']['representation']
    print(f'{verb}:', status, said, '->', shown(read(request)))


def write(request, **values):
    params = [
        {'id': name, 'value': value, 'value_error': '', 'structured_value': ''}
        for name, value in values.items()
    ]
    answer = requests[request['id']].update(payload={'params': params})
    written = {it['id']: it['value'] for it in answer['params']}
    print('written:', {name: written[name] for name in values})


def template(scope):
    templates = client.products[product_id].templates.filter(scope=scope, type='fulfillment')
    return templates.first()['id']


def refused(call):
    try:
        call()
    except ClientError as error:
        said = [re.sub(r'TCR-[0-9-]+', 'TCR', text) for text in error.errors]
        print('refused:', error.status_code, error.error_code, said)


# The vendor asks the reseller's reseller for something, too.
client.products[product_id].parameters.create(payload={
    'name': 'territory', 'title': 'Territory', 'description': '', 'type': 'text',
    'phase': 'ordering', 'scope': 'tier2', 'constraints': {'required': True},
})
bought = client.requests.create(payload=purchase(product_id, tier1='Near', tier2='Far'))
print('purchase:', bought['status'])

# What is to be done, farthest first.
work = requests.filter(
    R().configuration.product.id.oneof([product_id])
    & R().configuration.connection.type.oneof(['preview'])
)
for request in work.order_by('-configuration.tier_level'):
    print(shown(request))
print('pending:', work.filter(status__in=['pending']).count())
far = work.filter(configuration__tier_level=2).first()
near = work.filter(R().configuration.tier_level.eq(1) & R().status.eq('tiers_setup')).first()
print('asked:', sorted(it['id'] for it in far['params']), 'form', bool(far['activation']['link']))

# The far reseller's request is sent back and forth.
refused(lambda: requests[far['id']]('approve').post(payload={}))
act(far, 'pend')
refused(lambda: requests[far['id']]('approve').post(payload={}))
requests[far['id']].update(payload={'params': [{'id': 'territory', 'value_error': 'Which countries?'}]})
act(far, 'inquire')
print('events:', sorted(read(far)['events']), 'asked with', read(far)['template']['name'])
act(far, 'pend')
write(far, territory='ES', tier2_reseller_id='far-1')
act(far, 'assign', {'email': 'ines@fernway.example'})
print('assigned:', requests.filter(assignee__name='Ines Aldana', unassigned=False).count())
act(far, 'unassign')
act(far, 'approve', {'template': {'representation': 'Welcome, {{ territory }}.'}})
print('rendered:', requests[far['id']]('render').get().decode())

# Then it is the near reseller's turn.
print('above:', read(near)['parent_configuration']['account']['name'], read(near)['tiers']['tier2']['name'])
write(near, partner_code='OR-9', reseller_id='near-1')
print('purchase:', client.requests[bought['id']].get()['status'])
requests[near['id']]('approve').post(payload={'template': {'id': template('tier1')}})
print('approved:', shown(read(near)), read(near)['template']['name'])
print('purchase:', client.requests[bought['id']].get()['status'])

# Later the values change: the vendor's correction, an update, and one that is refused.
config = configs.filter(R().account.external_uid.eq('uid-near') & R().product.id.eq(product_id)).first()


def change(kind, **values):
    params = [{'id': name, 'value': value} for name, value in values.items()]
    return requests.create(payload={
        'type': kind, 'configuration': {'id': config['id']}, 'params': params,
    })


adjustment = change('adjustment', reseller_id='near-2')
refused(lambda: change('update'))
act(adjustment, 'approve', {'template': {'id': template('tier1')}})
update = change('update', partner_code='OR-10')
print('before:', {it['id']: it['value'] for it in configs[config['id']].get()['params']})
act(update, 'approve', {})
print('after:', {it['id']: it['value'] for it in configs[config['id']].get()['params']})
update = change('update', partner_code='OR-11')
refused(lambda: requests[update['id']]('fail').post(payload={}))
act(update, 'fail', {'reason': 'No such partner.'})
print('reason:', read(update)['reason'])

# The lists find them by all this.
for said, found in {
    'by value': requests.filter(R().params.id.eq('partner_code') & R().params.value.eq('OR-10')),
    'by its other value': requests.filter(R().params.id.eq('reseller_id') & R().params.value.eq('OR-10')),
    'by template': requests.filter(template__id=template('tier1')),
    'by type': requests.filter(R().type.oneof(['update', 'adjustment'])),
    'neither': requests.filter(~R().status.eq('approved') & ~R().type.eq('setup')),
    'by account': requests.filter(configuration__account__external_id='near', status='approved'),
    'unassigned': requests.filter(unassigned=True),
    'searched': requests.all().search('Fernway'),
    'created since': requests.filter(R().events.created.at.ge('2020-01-01T00:00:00+00:00')),
    'in test': requests.filter(environment='test'),
    'configurations': configs.all(),
    'active': configs.filter(status='active', tier_level=1),
    'with the value': configs.filter(R().params.id.eq('partner_code') & R().params.value.ilike('or-*')),
    'of the vendor': configs.filter(connection__type='preview'),
    'updated before': configs.filter(R().events.updated.at.le('2020-01-01T00:00:00+00:00')),
}.items():
    print(f'{said}:', found.count(), len(list(found)))
print('Django:', len(client.get('tier/config-requests', params={'configuration__tier_level': 2})))
print('paged by two:', [shown(it) for it in requests.all().limit(2).order_by('created')])
print('ordered:', [it['type'] for it in requests.all().order_by('-created')[0:2]])
slim = requests.all().select('-configuration.params', '-tiers').first()
print('selected away:', 'params' not in slim['configuration'], 'tiers' not in slim)
rich = requests.all().select('configuration.product.capabilities').first()
print('selected:', rich['configuration']['product']['capabilities']['tiers']['configs'])
whole = configs[config['id']].get()
print('configuration:', whole['status'], whole['open_request'], whole['template']['name'])
print('resellers:', whole['tiers']['tier1']['name'], whole['tiers']['tier2']['name'])
print('rendered:', configs[config['id']]('render').get().decode())
print('exists:', configs[config['id']].exists(), configs['TC-000-000-000'].exists())
