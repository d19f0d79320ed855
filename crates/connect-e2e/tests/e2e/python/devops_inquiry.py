"""A vendor asks for a value, and CloudBlue's testing library answers: it writes what differs, and sets
the request to pending.

Usage: devops_inquiry.py ENDPOINT API_KEY PRODUCT
"""
import sys

from connect.client import ConnectClient
from connect.devops_testing import asserts
from connect.devops_testing.fixtures import make_request_dispatcher
from connect.devops_testing.request import Builder

from orders import purchase, setup, told

endpoint, api_key, product_id = sys.argv[1:]
client = ConnectClient(api_key, endpoint=endpoint, use_specs=False, max_retries=0)
# Nobody works on the requests, so there is nothing to wait for.
dispatcher = make_request_dispatcher(client=client, timeout=0, max_attempts=0)
resellers = client.ns('tier').collection('config-requests')

request = dispatcher.provision_request(purchase(product_id).build())
told('purchase', request)
this = client.requests[request['id']]
this.update({'asset': {'params': [{'id': 'admin_email', 'value_error': 'Somebody else, please.'}]}})
this('inquire').post({})
asked = this.get()
told('asked', asked)
asserts.asset_param_value_error_equal(asked, 'admin_email', 'Somebody else, please.')
asserts.asset_param_value_error_not_equal(asked, 'admin_email', '')
asserts.asset_param_value_error_contains(asked, 'admin_email', 'else')
asserts.asset_param_value_error_match(asked, 'admin_email', 'please.$')
answer = Builder(asked).with_asset_param('admin_email', 'iker@fernway.example', '').build()
answered = dispatcher.provision_request(answer)
told('answered', answered)
asserts.asset_param_value_equal(answered, 'admin_email', 'iker@fernway.example')
asserts.asset_param_value_error_equal(answered, 'admin_email', '')
told('the same again', dispatcher.provision_request(answered))

client.products[product_id].update({'capabilities': {'tiers': {'configs': {'level': 1}}}})
request = dispatcher.provision_request(setup(product_id).with_param('partner_code', 'OR-1').build())
told('set-up', request)
this = resellers[request['id']]
this.update({'params': [{'id': 'partner_code', 'value_error': 'Nobody has this one.'}]})
this('inquire').post()
asked = this.get()
told('asked', asked)
asserts.request_param_value_equal(asked, 'partner_code', 'OR-1')
asserts.request_param_value_error_equal(asked, 'partner_code', 'Nobody has this one.')
asserts.request_param_value_error_not_equal(asked, 'partner_code', '')
asserts.request_param_value_error_contains(asked, 'partner_code', 'Nobody')
asserts.request_param_value_error_match(asked, 'partner_code', '^Nobody')
answered = dispatcher.provision_request(Builder(asked).with_param('partner_code', 'OR-2', '').build())
told('answered', answered)
asserts.request_param_value_equal(answered, 'partner_code', 'OR-2')
asserts.request_param_value_not_equal(answered, 'partner_code', 'OR-1')
asserts.tier_configuration_status(answered, 'processing')
