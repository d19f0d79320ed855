import os

from behave import use_fixture
from connect.client import ConnectClient
from connect.devops_testing.bdd.fixtures import use_connect_request_builder, use_connect_request_dispatcher


def before_all(context):
    context.client = ConnectClient(os.environ['CONNECT_API_KEY'], endpoint=os.environ['CONNECT_API_URL'], use_specs=False)
    use_fixture(use_connect_request_dispatcher, context, client=context.client, timeout=0.1, max_attempts=300)


def before_scenario(context, scenario):
    context.request = {}
    use_fixture(
        use_connect_request_builder, context,
        parameters={
            'Subscription': 'subscription_id', 'Administrator e-mail': 'admin_email',
            'Partner': 'partner_code', 'Reseller': 'reseller_id',
        },
        shared={'the product': os.environ['PRODUCT']},
    )
    ask_resellers(context, {'level': 1} if 'resellers' in scenario.tags else None)


def ask_resellers(context, configs):
    product = context.client.products[os.environ['PRODUCT']]
    product.update(payload={'capabilities': {'tiers': {'configs': configs}}})
