"""Requests as the builder of CloudBlue's testing library makes them, for the stories beside this file."""
from connect.devops_testing.fixtures import make_request_builder


def told(what, request):
    thing = request.get('asset') or request['configuration']
    print(f"{what}: request {request['status']}, {thing['status']}")


def purchase(product_id):
    return (
        make_request_builder().from_default_asset()
        .with_asset_product(product_id)
        .with_asset_connection('CT-0000-0000-0000', 'preview')
        .with_asset_tier_customer('random')
        .with_asset_tier_tier1('random')
        .with_asset_external_id('random')
        .with_asset_external_uid('random')
        .with_asset_param('admin_email', 'ines@fernway.example', value_type='email')
        .with_asset_item('PRD_411_678_887_0001', 'MPN-A', '5')
        .with_note('from the testing library')
    )


def later(kind, bought):
    return make_request_builder().with_type(kind).with_asset_id(bought['asset']['id'])


def setup(product_id):
    return (
        make_request_builder().from_default_tier_config()
        .with_tier_configuration_product(product_id)
        .with_tier_configuration_connection('CT-0000-0000-0000', 'preview')
        .with_tier_configuration_marketplace('MP-00000')
        .with_tier_configuration_account('random')
    )
