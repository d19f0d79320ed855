"""The report of usage of a project of the template's layout and habits, of our own writing."""

from __future__ import annotations

from pathlib import Path

#: It reports for each product under each contract what the vendor says was used last month.
REPORT_USAGE = """\
from cnct import ConnectClient
from cnct import R
from datetime import datetime, timedelta
from openpyxl import Workbook
import ntpath
import os
import requests
from {package}.app.utils.globals import Globals
from {package}.app.utils.utils import Utils

VENDOR = '{vendor}'
COLUMNS = ['record_id', 'record_note', 'item_search_criteria', 'item_search_value', 'amount',
           'quantity', 'start_time_utc', 'end_time_utc', 'asset_search_criteria',
           'asset_search_value']


class Usage:
    def __init__(self, client: ConnectClient):
        self.client = client
        self.last_day = datetime.today().replace(day=1) - timedelta(days=1)
        self.first_day = self.last_day.replace(day=1)

    def process_usage(self):
        for contract in self._get_contracts():
            query = R()
            query &= R().contract.id.oneof([contract['id']])
            query &= R().product.id.oneof(Globals.PRODUCTS)
            by_product = {{}}
            for subscription in self.client.collection('assets').filter(query):
                by_product.setdefault(subscription['product']['id'], []).append(subscription)
            for product_id in sorted(by_product):
                records = [self._get_record(it) for it in by_product[product_id]]
                self._create_usage(contract, product_id, records)

    def _get_contracts(self):
        query = R()
        query &= R().type.oneof(['distribution'])
        query &= R().status.oneof(['active'])
        preview = {{'id': 'CRD-00000-00000-00000'}}
        return [*self.client.collection('contracts').filter(query), preview]

    def _get_record(self, subscription):
        values = {{it['id']: it['value'] for it in subscription['params']}}
        tenant = values['subscription_id']
        used = requests.get(VENDOR + '/tenant/' + tenant).json()['licences']['limit']
        return [subscription['id'] + datetime.today().strftime('-%Y%m%d'), None, 'item.mpn',
                'MPN-A', None, used, self.first_day.strftime('%Y-%m-%d 00:00:00'),
                self.last_day.strftime('%Y-%m-%d 23:59:59'), 'asset.id', subscription['id']]

    def _create_usage(self, contract, product_id, records):
        usage_file_id = self._create_usage_file(contract, product_id)
        self._upload_usage(usage_file_id, self._create_workbook(records))
        self.client.ns('usage').files[usage_file_id].action('submit').post()

    def _create_usage_file(self, contract, product_id):
        month = datetime.today().strftime('%B')
        payload = {{
            'name': f'{{self.first_day:%d-%m-%Y}} - {{self.last_day:%d-%m-%Y}}',
            'description': 'Usage ' + month,
            'period': {{'from': self.first_day.strftime('%Y-%m-%d'),
                       'to': self.last_day.strftime('%Y-%m-%d')}},
            'currency': 'USD',
            'product': {{'id': product_id}},
            'contract': {{'id': contract['id']}},
            'external_id': contract['id'] + ' ' + product_id + ' ' + month,
        }}
        return self.client.ns('usage').files.create(payload=payload)['id']

    def _create_workbook(self, records):
        book = Workbook()
        book.active.title = 'usage_records'
        for row in [COLUMNS, *records]:
            book.active.append(row)
        folder = Utils.get_config_file()['rootPathUsage']
        if not os.path.exists(folder):
            os.mkdir(folder)
        path = folder + '/usage_file' + datetime.today().strftime('%Y%m%d%H%M%S') + '.xlsx'
        book.save(path)
        return path

    def _upload_usage(self, usage_file_id, path):
        with open(path, 'rb') as file_data:
            payload = {{'usage_file': (ntpath.basename(path), file_data.read())}}
            self.client.ns('usage').files[usage_file_id].action('upload').post(files=payload)
"""


def add(root: Path, vendor: str, day: str = "1", package: str = "connect_processor") -> Path:
    """Adds a report of usage to a project, on a day of each month. Returns its file."""
    app = root.joinpath(*package.split("."), "app")
    (app / "utils" / "globals.py").open("a").write(f"    DAY_TO_REPORT_USAGE = {day}\n")
    file = app / "report_usage.py"
    file.write_text(REPORT_USAGE.format(package=package, vendor=vendor))
    return file
