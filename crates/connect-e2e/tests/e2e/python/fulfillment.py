"""Subscriptions are served by a processor on CloudBlue's deprecated SDK, `FulfillmentAutomation`, and
looked up with what else the SDK offers.

Usage: fulfillment.py ENDPOINT API_KEY PRODUCT
"""
import json
import sys
from datetime import datetime

from connect.config import Config
from connect.exceptions import FailRequest, InquireRequest, ServerError, SkipRequest
from connect.models import ActivationTemplateResponse, ActivationTileResponse, Param
from connect.resources import (
    AssetRequestResource, Directory, FulfillmentAutomation, TemplateResource,
    TierAccountRequestAutomation,
)
from connect.resources.base import ApiClient
from connect.resources.billing_request import BillingRequestResource
from connect.resources.fulfillment import FulfillmentResource
from connect.resources.product import ProductsResource
from connect.resources.recurring_asset import RecurringAssetResource
from connect.rql import Query

from resale import purchase

endpoint, api_key, product_id = sys.argv[1:]
config = Config(api_url=endpoint, api_key=api_key, products=product_id)
requests = AssetRequestResource(config)
directory = Directory(config)
templates = TemplateResource(config)


class Subscriptions(FulfillmentAutomation):
    """Goes by the external id that a subscription was ordered with."""

    def process_request(self, request):
        asset = request.asset
        print(f'  processes {request.type} of {asset.external_id}')
        items = [f'{name} {it.mpn} {it.old_quantity} -> {it.quantity}'
                 for name in ('new', 'changed', 'removed') for it in getattr(request, f'{name}_items')]
        print('   ', *items)
        if request.needs_migration('migration'):
            raise SkipRequest('Somebody else migrates this one.')
        if request.type != 'purchase':
            return self.template()
        if asset.external_id == 'broken':
            raise RuntimeError('The vendor is away.')
        if asset.external_id == 'refused':
            raise FailRequest('Sold out.')
        email = asset.get_param_by_id('admin_email')
        if asset.external_id == 'asked' and not email.value:
            email.value_error = 'Whose?'
            raise InquireRequest('An e-mail is missing.', params=[email])
        self.update_parameters(request.id, [Param(id='subscription_id', value='t-' + asset.external_id)])
        if asset.external_id == 'tile':
            return ActivationTileResponse('# There you are')
        return self.template()

    def template(self):
        return ActivationTemplateResponse(templates.list(product_id)[0]['id'])


processor = Subscriptions(config)
told = set()


def process(moment):
    print(moment)
    processor.process()
    for request in sorted(processor.list(Query()), key=lambda it: (it.asset.external_id, it.type)):
        activation = request.activation_key.splitlines()[0] if request.activation_key else '-'
        line = f'  {request.asset.external_id} {request.type}: {request.status}, {request.reason or activation}'
        if line not in told:
            print(line)
        told.add(line)


def order(name, migration=''):
    body = purchase(product_id, tier1='Near', tier2='Far')
    body['asset']['external_id'] = name
    body['asset']['params'] = [{'id': 'migration', 'value': migration}]
    return requests.create(body)


def refused(what, call):
    try:
        call()
    except ServerError as error:
        print(f'{what}: refused', error.error.error_code, error.error.errors)


products = ProductsResource(config)
made, _ = products.create_parameter(product_id, {
    'name': 'migration', 'title': 'Migration', 'description': '', 'type': 'text', 'scope': 'asset',
    'phase': 'ordering', 'constraints': {},
})
made = json.loads(made)
products.update_parameter(product_id, made['id'], {'title': 'Data to migrate'})
print('parameters:', sorted(it['name'] for it in products.list_parameters(product_id)))
print('items:', [(it.mpn, it.name) for it in products.items(product_id).search()])

for name in ('asked', 'broken', 'easy', 'refused', 'tile'):
    order(name)
order('migrated', migration='{"from": "old"}')
process('When six have ordered:')

asked = next(it for it in processor.list(Query()) if it.asset.external_id == 'asked')
print('asked:', [(it.id, it.value_error) for it in asked.asset.params if it.value_error])
ApiClient(config, 'requests').post(path=f'{asked.id}/pend')
requests.update_param_asset_request(asked.id, {'params': [{'id': 'admin_email', 'value': 'iker@near.example'}]}, 'answered')
process('When one has answered:')

conversation = asked.get_conversation(config)
for message in conversation.messages:
    print('said:', message.text.replace(asked.id, 'PR'))
easy = directory.list_assets(Query({'external_id': 'easy'}))[0]
print('asset:', easy.status, easy.get_param_by_id('subscription_id').value, easy.get_item_by_mpn('MPN-A').quantity)
for kind in ('suspend', 'resume'):
    requests.create({'type': kind, 'asset': {'id': easy.id}})
    process(f'When it is to {kind}:')
requests.create({'type': 'change', 'asset': {'id': easy.id, 'items': [{'mpn': 'MPN-A', 'quantity': 9}]}})
process('When it changes:')
print('its requests:', sorted(it.type for it in easy.get_requests(config)))

tile = processor.render_template(asked.id, templates.list(product_id)[0]['id'])
print('rendered:', tile.tile.splitlines()[0])
print('assets:', len(directory.list_assets()), directory.get_asset(easy.id).status)
print('products:', [it.id == product_id for it in directory.list_products()], directory.get_product(product_id).name)
market = directory.list_marketplaces()[0]
print('marketplace:', market.name, directory.get_marketplace(market.id).id == market.id)
print('configurations:', directory.list_tier_configs())
resellers = directory.search_tier_accounts({'external_uid': 'uid-near'})
print('resellers:', [it.name for it in resellers], directory.get_tier_account(resellers[0].id).name)
subscription = RecurringAssetResource(config).search({'external_id': 'easy'})[0]
print('recurring:', subscription.status, subscription.items[0].quantity)
bills = BillingRequestResource(config)
june = {'from': '2024-06-01T00:00:00Z', 'to': '2024-07-01T00:00:00Z', 'delta': 1.0, 'uom': 'monthly'}
body = {'type': 'vendor', 'asset': {'id': easy.id}, 'items': [{'id': 'MPN-A'}], 'period': june}
bill = bills.create(body)
print('billed:', bill.type, [(it.mpn, it.quantity) for it in bill.items], bill.period.uom)
print('noted:', bills.update_billing_request(bill.id, {'vendor': {'external_id': 'N-17'}}))
bill = bills.get(bill.id)
print('bills:', [it.id == bill.id for it in bills.search({'asset.id': easy.id})], bill.attributes.vendor.external_id)
billing = RecurringAssetResource(config).get(easy.id).billing
print('billing:', billing.period.uom, billing.next_date > datetime.now(), billing.stats.vendor.count)
fulfillment = FulfillmentResource(config)
print('searched:', [it.asset.external_id for it in fulfillment.search_asset_request({'asset.id': easy.id, 'type': 'purchase'})])
print('old tier configuration:', processor.get_tier_config(resellers[0].id, product_id))
products.delete_parameter(product_id, made['id'])

refused('a second time', lambda: processor.fail(asked.id, 'No.'))
print('account requests:', TierAccountRequestAutomation(config).process())
refused('a bill of the other side', lambda: bills.create({**body, 'type': 'provider'}))
