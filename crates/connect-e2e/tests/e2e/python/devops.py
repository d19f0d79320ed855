"""A processor is tested with CloudBlue's `connect-devops-testing-library`, as its vendor would: with
builders, dispatcher and assertions, then with the library's sentences for `behave`.

Usage: devops.py ENDPOINT API_KEY PRODUCT
"""
import os
import pathlib
import sys

from behave.__main__ import main as behave
from connect.client import ConnectClient
from connect.devops_testing import asserts
from connect.devops_testing.fixtures import make_request_builder, make_request_dispatcher

from orders import later, purchase, setup, told

endpoint, api_key, product_id = sys.argv[1:]
client = ConnectClient(api_key, endpoint=endpoint, use_specs=False, max_retries=0)
dispatcher = make_request_dispatcher(client=client, timeout=0.1, max_attempts=300)

bought = dispatcher.provision_request(purchase(product_id).build())
told('purchase', bought)
asserts.request_status(bought, 'approved')
asserts.request_type(bought, 'purchase')
asserts.request_id(bought, client.requests[bought['id']].get()['id'])
asserts.request_note(bought, 'from the testing library')
asserts.asset_status(bought, 'active')
asserts.asset_param_value_match(bought, 'subscription_id', '^t-')
asserts.asset_param_value_not_equal(bought, 'subscription_id', '')
asserts.asset_param_value_contains(bought, 'subscription_id', 't-')
asserts.asset_param_value_equal(bought, 'admin_email', 'ines@fernway.example')
asserts.asset_param_value_error_equal(bought, 'admin_email', '')

for kind in ('suspend', 'resume', 'adjustment'):
    told(kind, dispatcher.provision_request(later(kind, bought).build()))
change = later('change', bought).with_asset_item('PRD_411_678_887_0001', 'MPN-A', '9')
told('change', dispatcher.provision_request(change.build()))
told('cancel', dispatcher.provision_request(later('cancel', bought).build()))

two = client.products[product_id].items.create(payload={
    'name': 'Server', 'mpn': 'MPN-B', 'type': 'reservation', 'precision': 'integer',
    'unit': {'id': 'devices'}, 'period': 'monthly',
})
refused = purchase(product_id).with_asset_item(two['local_id'], 'MPN-B', '1')
refused = dispatcher.provision_request(refused.build())
told('refused', refused)
asserts.request_status(refused, 'failed')
asserts.request_reason(refused, 'A tenant has exactly one item.')

client.products[product_id].update(payload={'capabilities': {'tiers': {'configs': {'level': 1}}}})
configured = dispatcher.provision_request(setup(product_id).build())
told('set-up', configured)
asserts.tier_configuration_status(configured, 'active')
asserts.request_param_value_match(configured, 'reseller_id', '^t-')
asserts.tier_configuration_param_value_match(configured, 'reseller_id', '^t-')

os.environ.update(CONNECT_API_URL=endpoint, CONNECT_API_KEY=api_key, PRODUCT=product_id)
features = pathlib.Path(__file__).with_name('features')
sys.exit(behave(['--no-color', '--no-timings', '--no-summary', '--no-source', '--format', 'plain', str(features)]))
