"""The founding use case, told by CloudBlue's Python client.

Usage: story.py ENDPOINT API_KEY PRODUCT
"""
import sys

from connect.client import ClientError, ConnectClient, R

endpoint, api_key, product_id = sys.argv[1:]
client = ConnectClient(api_key, endpoint=endpoint, use_specs=False, max_retries=0)


def create(kind, **asset):
    return client.requests.create(payload={'type': kind, 'asset': asset})


def shown(request):
    request = client.requests[request['id']].get()
    return f"{request['type']}: request {request['status']}, asset {request['asset']['status']}"


def approve(request):
    template = client.products[product_id].templates.filter(
        name='Default Activation Template', scope='asset',
    ).first()
    client.requests[request['id']]('approve').post(payload={'template_id': template['id']})


product = client.products[product_id].get()
print('product:', product['id'], 'hold', product['capabilities']['subscription']['hold'])

# Purchase: parameters are written, then the request is approved.
purchase = create(
    'purchase', product={'id': product_id},
    connection={'id': 'CT-0000-0000-0000', 'type': 'preview'},
    items=[{'id': f'{product_id}-0001', 'quantity': 5}],
)
print(shown(purchase))
client.requests[purchase['id']].update(
    payload={'asset': {'params': [{'id': 'subscription_id', 'value': 't-python', 'value_error': '', 'structured_value': {}}]}},
)
approve(purchase)
print(shown(purchase))
asset_id = purchase['asset']['id']

# Suspend and resume.
for kind in ('suspend', 'resume'):
    request = create(kind, id=asset_id)
    print(shown(request))
    approve(request)
    print(shown(request))

# A refused resume.
request = create('suspend', id=asset_id)
approve(request)
request = create('resume', id=asset_id)
client.requests[request['id']]('fail').post(payload={'reason': 'Unpaid.'})
print(shown(request), '-', client.requests[request['id']].get()['reason'])

# The platform's refusals are understood.
try:
    create('change', id=asset_id, items=[{'id': f'{product_id}-0001', 'quantity': 6}])
except ClientError as error:
    print('refused:', error.status_code, error.error_code, error.errors)

# More of them, to list, filter, count, order and page.
for number in range(12):
    create(
        'purchase', product={'id': product_id}, external_id=f'py-{number:02}',
        connection={'id': 'CT-0000-0000-0000', 'type': 'preview'},
        items=[{'id': f'{product_id}-0001', 'quantity': number + 1}],
    )
pending = client.requests.filter(
    R().asset.product.id.oneof([product_id]) & R().asset.connection.type.oneof(['preview']),
    status__in=['pending'],
)
print('pending:', pending.count())
print('paged by five:', len(list(pending.limit(5))))
print('like:', client.requests.filter(asset__external_id='py-03').count())
print('either:', client.requests.filter(R().type.eq('suspend') | R().type.eq('resume')).count())
print('not pending:', client.requests.filter(R().status.ne('pending')).count())
ordered = [r['asset']['external_id'] for r in pending.order_by('-created')[0:3]]
print('ordered:', len(ordered))
slim = client.requests.filter(id=request['id']).select('-asset.items', '-asset.params').first()
print('selected away:', 'items' not in slim['asset'], 'params' not in slim['asset'])
print('exists:', client.assets[asset_id].exists(), client.assets['AS-9999-9999-9999'].exists())
print('asset:', client.assets.filter(id=asset_id).first()['status'])
print('history:', [r['type'] for r in client.assets[asset_id].collection('requests').all()])

# The conversation of a request.
conversation = client.conversations.filter(instance_id=request['id']).first()
messages = client.conversations[conversation['id']].messages
messages.create(payload={'text': 'from Python', 'type': 'message'})
print('said:', [m['text'] for m in messages.all() if m['type'] == 'message'])

# What is set up for the product is in its subscriptions.
parameter = client.products[product_id].parameters.create(payload={
    'name': 'region', 'title': 'Region', 'description': '', 'type': 'text',
    'phase': 'configuration', 'scope': 'product', 'constraints': {},
})
configurations = client.products[product_id].configurations
print('to set up:', [row['parameter']['title'] for row in configurations.all() if 'value' not in row])
configurations.create(payload={'parameter': {'id': parameter['id']}, 'value': 'eu-1'})
print('set up:', configurations.filter(parameter__scope='product', value='eu-1').count())
params = client.assets[asset_id].get()['configuration']['params']
print('read:', {param['id']: param['value'] for param in params})

# The same subscription as recurring billing sees it.
billing = client.ns('subscriptions')
print('quantity:', billing.collection('assets')[asset_id].get()['items'][0]['quantity'])
billed = billing.collection('requests').create(payload={
    'type': 'vendor', 'asset': {'id': asset_id}, 'items': [{'id': 'MPN-A'}],
    'period': {'from': '2024-06-01T00:00:00Z', 'to': '2024-07-01T00:00:00Z', 'delta': 1, 'uom': 'monthly'},
})
print('billed:', billed['items'][0]['quantity'], 'of', billing.collection('requests').filter(asset__id=asset_id).count())
