"""A vendor's program is called by webhooks. It knows nothing of the emulator: PyJWT tells it which calls
to believe, and CloudBlue's client what is pending.

Usage: receiver.py ENDPOINT API_KEY PRODUCT
"""
import http.server
import json
import queue
import sys
import threading
import time

import jwt
import requests
from connect.client import ConnectClient

endpoint, api_key, product_id = sys.argv[1:]
client = ConnectClient(api_key, endpoint=endpoint, use_specs=False, max_retries=0)
hooks = client.ns('notifications').collection('webhooks')
KEY = 'a key that both sides know, and long enough'
CLAIMS = ['webhook_id', 'account_id', 'product_id', 'object_class', 'iat', 'exp']
calls = queue.Queue()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        scheme, _, token = self.headers.get('Authorization', '').partition(' ')
        try:
            claims = jwt.decode(token, KEY, algorithms=['HS256'], options={'require': CLAIMS})
            said = 'believed'
            if scheme != 'Bearer' or any(claims[name] != body[name] for name in CLAIMS[:4]):
                said = 'is about something else'
        except jwt.InvalidTokenError as error:
            claims, said = {}, type(error).__name__
        self.send_response(204 if said == 'believed' else 401)
        self.end_headers()
        calls.put((said, body, claims, self.headers))

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f'http://127.0.0.1:{server.server_port}/hook'


def hook(key, **more):
    return hooks.create({
        'label': 'orders', 'object_class': 'fulfillment_request', 'description': '', 'active': True,
        'product_id': product_id, 'external_url': url, 'jwt_secret': key, 'http_method': 'POST', **more,
    })


def called(what):
    call = calls.get(timeout=30)
    print(f'{what}:', call[0])
    return call


def noted(made, field):
    """What the platform has noted of a call, once it has."""
    while not (last := hooks[made['id']].get().get(field)):
        time.sleep(0.02)
    return last['status_code']


made = hook(KEY, headers={'X-Team': 'cedar'}, data={'team': 'cedar'})
client.requests.create({'type': 'purchase', 'asset': {
    'product': {'id': product_id}, 'connection': {'id': 'CT-0000-0000-0000', 'type': 'preview'},
    'items': [{'mpn': 'MPN-A', 'quantity': 5}],
}})
said, body, claims, headers = called('an order')
print('claims:', sorted(claims), 'for', claims['exp'] - claims['iat'], 's')
print('body:', sorted(body), body['object_class'], body['data'])
print('headers:', headers['Content-Type'], headers['X-Team'], headers['Authentication'] == headers['Authorization'])
print('answer noted:', noted(made, 'last_success'))
print('pending:', client.requests.filter(status='pending', asset__product__id=body['product_id']).count())
hooks[made['id']]('trigger').post()
called('a trigger')
hooks[made['id']].delete()

other = hook('a key that the receiver does not know at all')
hooks[other['id']]('trigger').post()
called('a webhook with another key')
print('answer noted:', noted(other, 'last_failure'))
hooks[other['id']].delete()


def forge(what, token):
    answer = requests.post(url, json=body, headers={'Authorization': token}, timeout=30)
    print(answer.status_code, end=' ')
    called(what)


def signed(key=KEY, algorithm='HS256', **more):
    return 'Bearer ' + jwt.encode({**claims, **more}, key, algorithm=algorithm)


token = headers['Authorization']
head, payload, signature = token.split('.')
forge('the same call again', token)
forge('another key', signed(key='a key of somebody else, and long enough'))
forge('no algorithm', signed(key=None, algorithm='none'))
forge('another algorithm', signed(key=KEY * 2, algorithm='HS512'))
forge('expired', signed(iat=int(time.time()) - 3600, exp=int(time.time()) - 3000))
forge('of the future', signed(iat=int(time.time()) + 3600, exp=int(time.time()) + 3660))
forge('another payload', f"{head}.{signed(account_id='VA-000-000').split('.')[1]}.{signature}")
forge('no signature', f'{head}.{payload}.')
forge('no expiry', 'Bearer ' + jwt.encode({k: v for k, v in claims.items() if k != 'exp'}, KEY, 'HS256'))
forge('another product', signed(product_id='PRD-000-000-000'))
forge('no token', '')
