/** Handlers for the demo vendor: what examples/acme does, in JavaScript. */
import {
  GiveUp, Outage, Park, TryAgain, approve, confirm, fail, on, reschedule, schedule, serve,
} from './connect-handlers.mjs';

const VENDOR = process.env.VENDOR_URL;
if (!VENDOR) {
  console.error('Set VENDOR_URL to the address of the vendor, such as http://127.0.0.1:8081');
  process.exit(2);
}

/** Calls the vendor. A lost or odd answer is neither a yes nor a no. */
async function vendor(cx, method, path, { key, body } = {}) {
  const headers = { 'Content-Type': 'application/json', ...(key && { 'Idempotency-Key': key }) };
  let status, text;
  try {
    const answer = await fetch(`${VENDOR}/${path}`,
      { method, headers, redirect: 'manual', signal: cx.signal, body: body && JSON.stringify(body) });
    [status, text] = [answer.status, await answer.text()];
  } catch (error) {
    throw new Outage(`${method} ${path} has no answer: ${error.message}`, { cause: error });
  }
  if (status >= 500) throw new Outage(`${method} ${path} is answered with ${status}`);
  return { status, json: parsed(text), what: `${method} ${path}` };
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return undefined; }
}

/** Returns a tenant, if the answer proves what was asked for. */
function proven(answer, holds) {
  const { status, json, what } = answer;
  const { code, message } = json?.error ?? {};
  if (code === 'idempotency_key_reused') throw new Park(`${what}: ${message}`);
  const later = code === 'in_progress' || code === 'tenant_preparing';
  if ([400, 409, 422].includes(status) && code && message && !later) throw new GiveUp(message);
  if (![200, 201].includes(status) || !json || !holds(json)) throw new TryAgain(`${what}: odd answer, ${status}`);
  return json;
}

const at = (id, verb) => `tenant/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;
const isReady = (id) => (it) => it.tenantId === id && it.status === 'ready';

async function create(cx, externalId, callbackUrl, key) {
  const body = { externalId, ...(callbackUrl && { callbackUrl }) };
  const answer = await vendor(cx, 'POST', 'tenant', { key, body });
  const tenant = proven(answer, (it) => it.externalId === externalId && it.enabled === true
    && typeof it.tenantId === 'string' && ['ready', 'preparing'].includes(it.status));
  return { tenantId: tenant.tenantId, ...(tenant.status === 'preparing' && { preparing: true }) };
}

async function isBuilt(cx, { tenantId, preparing }) {
  if (!preparing) return true;
  const it = proven(await vendor(cx, 'GET', at(tenantId)),
    (tenant) => tenant.tenantId === tenantId && ['ready', 'preparing'].includes(tenant.status));
  return it.status === 'ready';
}

async function put(cx, id, verb, body, key, holds) {
  proven(await vendor(cx, 'PUT', at(id, verb), { key, body }), (it) => isReady(id)(it) && holds(it));
}

const setLimit = (cx, id, limit) => cx.step('set_limit', (key) =>
  put(cx, id, '', { licences: { limit } }, key, (it) => it.licences?.limit === limit));

/** Deletes a tenant. One that the vendor says is gone is as good; a bare 404 says nothing of it. */
async function remove(cx, id, key) {
  const answer = await vendor(cx, 'DELETE', at(id), { key });
  if (answer.status === 204 || ['tenant_not_found', 'tenant_deleted'].includes(answer.json?.error?.code)) return;
  proven(answer, () => false);
}

/** Returns the one item's quantity, or why there is none. */
function ordered(cx, refusal) {
  const { items } = cx.request.asset;
  if (!Array.isArray(items)) throw new TryAgain('Connect does not say which items');
  if (items.length !== 1) return { refused: fail(refusal) };
  const limit = /^\d+$/.test(items[0].quantity) ? Number(items[0].quantity) : NaN;
  if (!Number.isSafeInteger(limit)) return { refused: fail(`A limit of ${items[0].quantity} is not possible.`) };
  return { limit };
}

/** Returns the day that a request is planned for, if it is still to come. */
const planned = ({ request: { planned_date: day } }) => (day && new Date(day) > new Date() ? day : undefined);
const lookAgain = (callback) => reschedule(callback ? 600 : 60);

on.purchase(async (cx) => {
  const { refused, limit } = ordered(cx, 'A tenant has exactly one item.');
  if (refused) return refused;
  const callback = await cx.callback();
  const tenant = await cx.step('create_tenant',
    { undo: (key, { tenantId }) => remove(cx, tenantId, key) },
    (key) => create(cx, cx.request.asset.id, callback, key));
  if (!await isBuilt(cx, tenant)) {
    await cx.say('preparing', 'The tenant is being built. The request is approved once it is ready.');
    return lookAgain(callback);
  }
  const day = planned(cx);
  if (day) return schedule(day);
  await setLimit(cx, tenant.tenantId, limit);
  return approve({ parameters: { subscription_id: tenant.tenantId } });
});

on.purchase('revocation', async (cx) => {
  const { recorded, value } = await cx.recorded('create_tenant');
  let id = value?.tenantId;
  if (!recorded) {
    const asset = cx.request.asset.id;
    const tenants = proven(await vendor(cx, 'GET', `tenant?externalId=${encodeURIComponent(asset)}`),
      (list) => Array.isArray(list) && list.every((it) => it.externalId === asset));
    id = tenants[0]?.tenantId;
  }
  if (id) await cx.step('delete_tenant', (key) => remove(cx, id, key));
  return confirm();
});

on.change(async (cx) => {
  const { refused, limit } = ordered(cx, 'Change not allowed: a tenant has exactly one item.');
  if (refused) return refused;
  const day = planned(cx);
  if (day) return schedule(day);
  await setLimit(cx, cx.parameter('subscription_id'), limit);
  return approve();
});
on.change('revocation', async () => confirm());

on.suspend(async (cx) => {
  const id = cx.parameter('subscription_id');
  await cx.step('disable_tenant', (key) => put(cx, id, 'disable', {}, key, (it) => it.enabled === false));
  return approve();
});

on.resume(async (cx) => {
  const id = cx.parameter('subscription_id');
  await cx.step('enable_tenant', (key) => put(cx, id, 'enable', {}, key, (it) => it.enabled === true));
  return approve();
});

on.cancel(async (cx) => {
  const id = cx.parameter('subscription_id');
  await cx.step('delete_tenant', (key) => remove(cx, id, key));
  return approve();
});

on('tier/config-requests', 'setup', async (cx) => {
  const { id, tier_level: level } = cx.request.configuration;
  const callback = await cx.callback();
  const tenant = await cx.step('create_reseller', (key) => create(cx, id, callback, key));
  if (!await isBuilt(cx, tenant)) return lookAgain(callback);
  return approve({ parameters: { [level === 2 ? 'tier2_reseller_id' : 'reseller_id']: tenant.tenantId } });
});

serve({
  atOnce: 16,
  steps: ['create_tenant', 'set_limit', 'disable_tenant', 'enable_tenant', 'delete_tenant', 'create_reseller'],
});
