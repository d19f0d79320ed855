"""Usage is reported by a program on CloudBlue's deprecated SDK, `UsageAutomation`, submitted by
`UsageFileAutomation`, and accepted, rejected and closed by the distributor's.

Usage: usage_automation.py ENDPOINT VENDOR_KEY PRODUCT DISTRIBUTOR_KEY
"""
import json
import sys

from connect.config import Config
from connect.exceptions import (
    AcceptUsageFile, CloseUsageFile, DeleteUsageFile, RejectUsageFile, SkipRequest, SubmitUsageFile,
)
from connect.models import Contract, Product, UsageFile, UsageRecord
from connect.resources import Directory, TemplateResource, UsageAutomation, UsageFileAutomation
from connect.resources.base import ApiClient
from connect.rql import Query

from resale import hours, sale

endpoint, vendor_key, product_id, distributor_key = sys.argv[1:]
vendor = Config(api_url=endpoint, api_key=vendor_key, products=product_id)
distributor = Config(api_url=endpoint, api_key=distributor_key, products=product_id)
product = ApiClient(vendor, f'products/{product_id}')
told = set()


class Reports(UsageAutomation):
    """Reports hours of each active subscription."""

    def process_request(self, listing):
        print('reports usage of', listing.product.name, 'under', listing.contract.name)
        assets = Directory(vendor).list_assets(Query({'status': 'active'}))
        for name in ('May', 'May again', 'No May', 'Never'):
            file = UsageFile(
                name=name, product=Product(id=listing.product.id), contract=Contract(id=listing.contract.id),
                period={'from': '2024-05-01', 'to': '2024-05-31'},
            )
            file = self.submit_usage(file, [record(asset, mpn_of(name)) for asset in assets])
            print('  made', file.name, file.status)
        return 'reported'


def mpn_of(name):
    return 'MPN-HOURS' if name != 'Never' else 'MPN-UNKNOWN'


def record(asset, mpn):
    return UsageRecord(
        usage_record_id=f'hours of {asset.external_id}', item_search_criteria='item.mpn', item_search_value=mpn,
        quantity=3, start_time_utc='2024-05-01 00:00:00', end_time_utc='2024-05-31 00:00:00',
        asset_search_criteria='asset.id', asset_search_value=asset.id,
    )


class Submits(UsageFileAutomation):
    def process_request(self, file):
        raise SubmitUsageFile() if file.status == 'ready' else DeleteUsageFile()


class Accepts(UsageFileAutomation):
    def process_request(self, file):
        if file.name == 'May again':
            raise SkipRequest()
        raise AcceptUsageFile('Thank you.') if file.name == 'May' else RejectUsageFile('What is this?')


class Closes(UsageFileAutomation):
    def process_request(self, file):
        raise CloseUsageFile()


def process(moment, automation, config, status):
    processor = automation(config)
    processor.process(processor.filters(status=status))
    print(moment)
    for file in json.loads(ApiClient(vendor, 'usage/files').get()[0]):
        whole = json.loads(ApiClient(vendor, f"usage/files/{file['id']}").get()[0])
        notes = [whole[f'{name}_note'] for name in ('acceptance', 'rejection') if whole.get(f'{name}_note')]
        line = f"  {file['name']} {file['status']} {whole['records']} {' '.join(notes)}"
        if line not in told:
            print(line.rstrip())
        told.add(line)


def subscribe():
    """Sells a subscription under the contract that usage is reported of."""
    connection = json.loads(product.get('connections')[0])[0]
    market = Directory(vendor).list_marketplaces()[0]
    body = sale(product_id, connection['id'], market.id, ('MPN-A', 1), ('MPN-HOURS', 0))
    made = json.loads(ApiClient(distributor, 'requests').post(json=body)[0])
    request = ApiClient(vendor, f"requests/{made['id']}")
    request.put(json={'asset': {'params': [{'id': 'subscription_id', 'value': 't-1'}]}})
    request.post('approve', json={'template_id': TemplateResource(vendor).list(product_id)[0]['id']})


product.put(json={'capabilities': {'ppu': {'schema': 'QT'}}})
product.post('items', json=hours())
subscribe()
reports = Reports(vendor)
print('template:', reports.get_usage_template(Product(id=product_id))[:2])
reports.process()
process('Submitted:', Submits, vendor, 'ready')
process('Deleted:', Submits, vendor, 'invalid')
process('Accepted:', Accepts, distributor, 'pending')
process('Closed:', Closes, distributor, 'accepted')
