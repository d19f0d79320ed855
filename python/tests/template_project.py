"""Projects of the template's layout and habits, of our own writing."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

PROCESSOR = """\
from cnct import ConnectClient, R
from {package}.app.utils.globals import Globals
from {package}.app.utils.utils import Utils

cases = __import__('{package}.app', globals(), locals(), ['purchase', 'resume'], 0)

if __name__ == '__main__':
    config = Utils.get_config_file()
    client = ConnectClient(api_key=config['connectApiKey'], endpoint=config['connectApiEndpoint'])
    pending = R().asset.product.id.oneof(Globals.PRODUCTS) & R().status.oneof(['pending'])
    for request in client.collection('requests').filter(pending):
        case = getattr(getattr(cases, request['type']), request['type'].capitalize())
        case.process_request(request, client)
"""

GLOBALS = """\
class Globals:
    PRODUCTS = ['PRD-1']
    ENVIRONMENT = 'preview'
    ACTIVATION_TEMPLATE_NAME = 'Default Activation Template'
"""

UTILS = """\
import json
from cnct import ConnectClient
from {package}.app.utils.globals import Globals


class Utils:
    @staticmethod
    def get_config_file():
        with open('./config.json') as file_handle:
            return json.load(file_handle)

    @staticmethod
    def get_basic_value(base, name):
        if base and name in base:
            return base[name]
        return '-'

    @staticmethod
    def get_param_value(request, phase, name):
        for param in request['asset']['params']:
            if param['phase'] == phase and param['name'] == name:
                return param['value']

    @staticmethod
    def update_subscription_parameters(request_id, payload, client):
        return client.requests.resource(request_id).update(payload=payload)

    @staticmethod
    def approve_fulfillment_request(request, client):
        product = request['asset']['product']['id']
        template = client.collection('products')[product].templates.filter(
            name=Globals.ACTIVATION_TEMPLATE_NAME, scope='asset').first()
        payload = {{'template_id': Utils.get_basic_value(template, 'id')}}
        return client.requests[request['id']].action(name='approve').post(payload=payload)

    @staticmethod
    def reject_fulfillment_request(request_id, reason, client):
        return client.requests[request_id].action(name='fail').post(payload={{'reason': reason}})

    @staticmethod
    def save_error(client, request_id, message):
        found = client.collection('conversations').filter(instance_id=request_id).first()
        data = {{'text': message, 'type': 'message'}}
        client.conversations[found['id']].action(name='messages').post(payload=data)
"""

ISV_CLIENT = """\
import requests


class APIClient(object):
    def __init__(self, api_url, api_key):
        self.api_url = api_url
        self.headers = {'Content-Type': 'application/json'}

    def create_subscription(self, data):
        return self._call('POST', '/tenant', data).json()

    def change_subscription(self, data, subscription_id):
        return self._call('PUT', '/tenant/' + subscription_id, data)

    def resume_subscription(self, data, subscription_id):
        return self._call('PUT', '/tenant/' + subscription_id + '/enable', data)

    def _call(self, method, path, data):
        r = requests.request(method, self.api_url + path, json=data, headers=self.headers)
        if r.status_code >= 299:
            raise requests.RequestException('Error: {} -> {}'.format(r.status_code, r.text))
        return r
"""

CASE = """\
from {package}.app.utils.utils import Utils
from {package}.app.api_client.isv_client import APIClient

from cnct import ConnectClient
from typing import Dict
import requests

VENDOR = '{vendor}'
api_client = APIClient(api_url=VENDOR, api_key='')


class {name}:

    @staticmethod
    def process_request(request, client):
        # type: (Dict, ConnectClient) -> Dict
{body}
"""

#: A resume, in the way of the published snippet.
RESUME = """\
external_subscription_id = Utils.get_param_value(request, 'fulfillment', 'subscription_id')
api_client.resume_subscription({}, external_subscription_id)
return Utils.approve_fulfillment_request(request, client)
"""

PURCHASE = """\
info = api_client.create_subscription({'externalId': request['asset']['id']})
api_client.change_subscription({'licences': {'limit': 10}}, info['tenantId'])
params = [{'id': 'subscription_id', 'value': info['tenantId'], 'value_error': '',
           'structured_value': {}}]
Utils.update_subscription_parameters(request['id'], {'asset': {'params': params}}, client)
return Utils.approve_fulfillment_request(request, client)
"""

SERVICE = """\
from flask import Flask, request
from {package}.app.utils.utils import Utils
from {package}.app.api_client.isv_client import APIClient

import requests

VENDOR = '{vendor}'
api_client = APIClient(api_url=VENDOR, api_key='')
api = Flask(__name__)


def param(order, name):
    return next(it for it in order['asset']['params'] if it['id'] == name)


@api.route('/validate', methods=['GET', 'POST'])
def validate():
    order = request.json
{body}
    return order
"""

#: A service that knows which addresses are taken.
VALIDATE = """\
email = param(order, 'admin_email')
if email['value'].endswith('@taken.example'):
    email['value_error'] = 'taken.example is taken: give an address of your own.'
"""


def write(root: Path, vendor: str, package: str = "connect_processor", **cases: str) -> Path:
    """Writes a project with the classes that are named, by their bodies. Returns its root."""
    folder = root.joinpath(*package.split("."))
    (folder / "app" / "utils").mkdir(parents=True)
    (folder / "app" / "api_client").mkdir()
    # With the space that the template has there.
    (folder / "app" / " __init__.py").write_text("")
    (folder / "config.json").write_text(
        '{"connectApiEndpoint": "", "connectApiKey": "ApiKey SU-1:secret",'
        ' "rootPathUsage": "./usage"}'
    )
    (folder / "processor.py").write_text(PROCESSOR.format(package=package))
    (folder / "app" / "utils" / "globals.py").write_text(GLOBALS)
    (folder / "app" / "utils" / "utils.py").write_text(UTILS.format(package=package))
    (folder / "app" / "api_client" / "isv_client.py").write_text(ISV_CLIENT)
    for name, body in cases.items():
        lines = indent(dedent(body), " " * 8)
        cls = "TierConfiguration" if name == "tier_fulfillment" else name.capitalize()
        text = CASE.format(package=package, vendor=vendor, name=cls, body=lines)
        (folder / "app" / f"{name}.py").write_text(text)
    return root


def write_service(
    root: Path, vendor: str, body: str = VALIDATE, package: str = "connect_processor"
) -> None:
    """Writes the web service of a project that is there, by the body of its route."""
    file = root.joinpath(*package.split("."), "app", "dynamic_validation.py")
    lines = indent(dedent(body), " " * 4)
    file.write_text(SERVICE.format(package=package, vendor=vendor, body=lines))
