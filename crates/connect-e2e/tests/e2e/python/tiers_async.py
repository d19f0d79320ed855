"""Two resellers of one distributor are set up at the same time by CloudBlue's asynchronous client.

Usage: tiers_async.py ENDPOINT API_KEY PRODUCT
"""
import asyncio
import sys

from connect.client import AsyncConnectClient, ClientError, R

from resale import purchase

endpoint, api_key, product_id = sys.argv[1:]
client = AsyncConnectClient(api_key, endpoint=endpoint, use_specs=False, max_retries=0)
configs = client.ns('tier').collection('configs')
requests = client.ns('tier').collection('config-requests')
work = requests.filter(
    R().configuration.product.id.oneof([product_id])
    & R().configuration.connection.type.oneof(['preview']),
    status='pending',
)


def named(request):
    config = request['configuration']
    return f"{config['account']['name']} at level {config['tier_level']}"


async def approve(request):
    level = request['configuration']['tier_level']
    name = 'reseller_id' if level == 1 else 'tier2_reseller_id'
    params = [{'id': name, 'value': f'id of {named(request)}'}]
    await requests[request['id']].update(payload={'params': params})
    template = await client.products[product_id].templates.filter(
        name='Default Activation Template', scope=f'tier{level}',
    ).first()
    answer = await requests[request['id']]('approve').post(payload={'template': {'id': template['id']}})
    again = await requests[request['id']].get()
    return f"{named(again)}: {again['status']}, {answer['template']['representation']}"


async def main():
    purchases = [
        await client.requests.create(payload=purchase(product_id, tier1=through, tier2='Far'))
        for through in ('North', 'South', 'South')
    ]
    for turn in ('far', 'near'):
        found = [request async for request in work.order_by('created')]
        print(turn, 'resellers:', len(found))
        for line in await asyncio.gather(*(approve(request) for request in found)):
            print(line)
    read = await asyncio.gather(*(client.requests[it['id']].get() for it in purchases))
    print('purchases:', [it['status'] for it in read])
    print('configurations:', await configs.filter(status='active').count())
    async for config in configs.all().limit(2).order_by('created'):
        text = await configs[config['id']]('render').get()
        print(config['tier_level'], config['params'][-1]['value'], '-', text.decode())
    update = await requests.create(payload={'type': 'update', 'configuration': {'id': config['id']}})
    try:
        await requests[update['id']]('inquire').post()
    except ClientError as error:
        print('refused:', error.status_code, error.error_code, error.errors)
    await requests[update['id']]('fail').post(payload={'reason': 'Not today.'})
    print('update:', (await requests[update['id']].get())['reason'])


asyncio.run(main())
