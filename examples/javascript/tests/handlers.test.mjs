import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { Runtime } from './runtime.mjs';

const TENANT = { tenantId: 't-1', externalId: 'AS-1', status: 'ready', enabled: true, licences: { limit: 5 } };
const json = (status, body) => ({ status, body: JSON.stringify(body) });

/** Runs a request against a vendor that answers each call with what `answer(call)` says. */
async function handled(type, answer, { request = {}, collection = 'requests', kind = 'request', answers = {} } = {}) {
  const calls = [];
  const vendor = http.createServer((call, response) => {
    calls.push(`${call.method} ${call.url} ${call.headers['idempotency-key'] ?? ''}`.trim());
    const { status, body } = answer(calls.at(-1)) ?? {};
    if (status) response.writeHead(status).end(body); else call.socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(vendor, 'listening');
  const runtime = await Runtime.start('../handlers.mjs', { env: { VENDOR_URL: `http://127.0.0.1:${vendor.address().port}` } });
  Object.assign(runtime.answers, { callback: { url: null }, ...answers });
  const asset = { id: 'AS-1', params: [{ id: 'subscription_id', value: 't-1' }], items: [{ quantity: '5' }] };
  try {
    const { result, error } = await runtime.call('handle',
      { run: 'r', collection, type, kind, failures: 0, request: { id: 'PR-1', asset, ...request } });
    return { result, error, calls };
  } finally {
    runtime.child.kill('SIGKILL');
    vendor.close();
    vendor.closeAllConnections();
  }
}

test('a purchase creates a tenant, sets its limit and keeps its id', async () => {
  const { result, calls } = await handled('purchase', () => json(200, TENANT));
  assert.deepEqual(result, { outcome: 'approve', parameters: { subscription_id: 't-1' } });
  assert.deepEqual(calls, ['POST /tenant key-create_tenant', 'PUT /tenant/t-1 key-set_limit']);
});

test('a tenant that is being built is looked at again', async () => {
  const { result } = await handled('purchase', () => json(200, { ...TENANT, status: 'preparing' }));
  assert.deepEqual(result, { outcome: 'reschedule', after: 60 });
});

test('a planned purchase is scheduled, and taken back when it is revoked', async () => {
  const planned_date = '2999-01-01T00:00:00+00:00';
  const asset = { id: 'AS-1', items: [{ quantity: '5' }], params: [] };
  const planned = await handled('purchase', () => json(200, TENANT), { request: { planned_date, asset } });
  assert.deepEqual(planned.result, { outcome: 'schedule', on: planned_date });
  const revoked = await handled('purchase', (call) => (call.startsWith('GET') ? json(200, [TENANT]) : { status: 204 }),
    { kind: 'revocation', answers: { 'step.recorded': { recorded: false } } });
  assert.deepEqual(revoked.result, { outcome: 'confirm' });
  assert.deepEqual(revoked.calls, ['GET /tenant?externalId=AS-1', 'DELETE /tenant/t-1 key-delete_tenant']);
});

test('change, suspend, resume and cancel each make their one call', async () => {
  const calls = {
    change: ['PUT /tenant/t-1 key-set_limit', json(200, TENANT)],
    suspend: ['PUT /tenant/t-1/disable key-disable_tenant', json(200, { ...TENANT, enabled: false })],
    resume: ['PUT /tenant/t-1/enable key-enable_tenant', json(200, TENANT)],
    cancel: ['DELETE /tenant/t-1 key-delete_tenant', { status: 204 }],
  };
  for (const [type, [call, answer]] of Object.entries(calls)) {
    const done = await handled(type, () => answer);
    assert.deepEqual(done.result, { outcome: 'approve' });
    assert.deepEqual(done.calls, [call]);
  }
});

test('a reseller gets a tenant of its own', async () => {
  const { result } = await handled('setup', () => json(201, { ...TENANT, externalId: 'TC-1' }),
    { collection: 'tier/config-requests', request: { asset: undefined, configuration: { id: 'TC-1', tier_level: 2 } } });
  assert.deepEqual(result, { outcome: 'approve', parameters: { tier2_reseller_id: 't-1' } });
});

test('only a refusal in the vendor\'s own words fails a request', async () => {
  const code = async (answer, type = 'resume') => (await handled(type, () => answer)).error.code;
  const refusal = (word) => json(409, { error: { code: word, message: 'Overdue.' } });
  assert.equal((await handled('resume', () => refusal('payment_overdue'))).error.message, 'Overdue.');
  assert.equal(await code(refusal('payment_overdue')), -32002);
  assert.equal(await code(refusal('in_progress')), -32000);
  assert.equal(await code(refusal('idempotency_key_reused')), -32001);
  assert.equal(await code({ status: 409, body: '<html>' }), -32000);
  assert.equal(await code({ status: 200, body: '<html>' }), -32000);
  assert.equal(await code(json(200, { ...TENANT, enabled: false })), -32000);
  assert.equal(await code(json(404, { error: { code: 'not_found', message: 'x' } }), 'cancel'), -32000);
  assert.equal(await code({ status: 503, body: '' }), -32003);
  assert.equal(await code(undefined), -32003);
});
