"""Approves every pending resume request with CloudBlue's client.

Usage: ENDPOINT API_KEY VENDOR_URL PRODUCT THREADS
"""
import sys
from concurrent.futures import ThreadPoolExecutor

import requests
from connect.client import ConnectClient, R

endpoint, api_key, vendor_url, product_id, threads = sys.argv[1:]
client = ConnectClient(api_key, endpoint=endpoint, use_specs=False)
vendor = requests.Session()
vendor.mount('http://', requests.adapters.HTTPAdapter(pool_maxsize=int(threads)))


def carry_out(request):
    params = request['asset']['params']
    tenant = next(param['value'] for param in params if param['id'] == 'subscription_id')
    key = {'Idempotency-Key': f"{request['id']}:enable_tenant"}
    vendor.put(f'{vendor_url}/tenant/{tenant}/enable', json={}, headers=key).raise_for_status()
    client.requests[request['id']]('approve').post(payload={'template_id': template['id']})


template = client.products[product_id].templates.filter(name='Default Activation Template').first()
pending = R().status.eq('pending') & R().asset.product.id.oneof([product_id])
pending &= R().asset.connection.type.oneof(['preview']) & R().type.oneof(['resume'])
found = list(client.requests.filter(pending).order_by('created').limit(100))
if threads == '1':
    for request in found:
        carry_out(request)
else:
    with ThreadPoolExecutor(int(threads)) as pool:
        list(pool.map(carry_out, found))
