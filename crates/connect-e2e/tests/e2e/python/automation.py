"""Resellers are set up by a processor on CloudBlue's deprecated SDK, `TierConfigAutomation`.

Usage: automation.py ENDPOINT API_KEY PRODUCT
"""
import json
import sys

from connect.config import Config
from connect.exceptions import FailRequest, InquireRequest, SkipRequest
from connect.models import ActivationTemplateResponse, ActivationTileResponse, Param, TierConfig
from connect.resources import TierConfigAutomation
from connect.resources.base import ApiClient
from connect.resources.tier_config_request import TierConfigRequestResource, TierConfigResource

from resale import purchase

endpoint, api_key, product_id = sys.argv[1:]
config = Config(api_url=endpoint, api_key=api_key, products=product_id)
orders = ApiClient(config, 'requests')
configs = TierConfigResource(config)
requests = TierConfigRequestResource(config)


class Resellers(TierConfigAutomation):
    """Goes by the code that a reseller gives. The reseller's own reseller needs none."""

    def process_request(self, request):
        name, level = request.configuration.account.name, request.configuration.tier_level
        print(f'  processes {request.type} of {name} at level {level}')
        if level == 2:
            self.keep(request, tier2_reseller_id='id of ' + name)
            return ActivationTileResponse('Welcome.')
        code = request.get_param_by_id('partner_code')
        if not code.value:
            code.value_error = 'Which code have you got?'
            raise InquireRequest(params=[code])
        if code.value == 'later':
            raise SkipRequest()
        if code.value == 'wrong':
            raise FailRequest('No partner of ours.')
        self.keep(request, reseller_id='id of ' + name)
        template = self.template()
        print('  approves with:', self.render_template(request.id, template).tile)
        return ActivationTemplateResponse(template)

    def keep(self, request, **values):
        params = [Param(id=name, value=value, value_error='') for name, value in values.items()]
        self.update_parameters(request.id, params)

    def template(self):
        templates, _ = ApiClient(config, f'products/{product_id}/templates').get(
            params={'scope': 'tier1', 'type': 'fulfillment'},
        )
        return json.loads(templates)[0]['id']


processor = Resellers(config)


def process(moment):
    print(moment)
    processor.process()
    for request in sorted(requests.list(), key=lambda it: it.configuration.account.name):
        template = request.template and request.template.name
        print(f'  {request.configuration.account.name}: {request.status},', request.reason or template)


def by_name(name):
    filters = {'configuration.account.external_uid': f'uid-{name}'}
    return requests.list(requests.filters(**filters))[0]


def buy(through):
    made, _ = orders.post(json=purchase(product_id, tier1=through, tier2='far'))
    return json.loads(made)['id']


purchases = {name: buy(name) for name in ('east', 'north', 'south', 'west')}
process('When four have sold:')
process('When the far one is set up:')
errors = {it.id: it.value_error for it in by_name('north').params if it.value_error}
print('asked:', errors, 'form', bool(by_name('north').activation.link))
for name, code in {'east': 'later', 'north': 'OR-9', 'south': 'wrong'}.items():
    requests.pend(by_name(name).id)
    processor.keep(by_name(name), partner_code=code)
process('When three have answered:')
for name, made in purchases.items():
    print(f'purchase through {name}:', json.loads(orders.get(made)[0])['status'])

north = TierConfig.get(by_name('north').configuration.account.id, product_id, config)
print('configuration:', {it.id: it.value for it in north.params}, configs.get(north.id).status)
print('configurations:', len(configs.list()))
requests.create({
    'type': 'update', 'configuration': {'id': north.id},
    'params': [{'id': 'partner_code', 'value': 'wrong'}],
})
process('When one has changed its mind:')
print('configuration:', {it.id: it.value for it in configs.get(north.id).params})
