// Everything that CloudBlue's JavaScript SDK offers, told by it.
//
// Usage: sdk.js ENDPOINT VENDOR_KEY PRODUCT DISTRIBUTOR_KEY

const {
  ConnectClient, Directory, Fulfillment, Inventory, Listings, Subscriptions, APIError,
} = require('@cloudblueconnect/connect-javascript-sdk');

const [endpoint, vendorKey, product, distributorKey] = process.argv.slice(2);
const client = new ConnectClient(endpoint, vendorKey);
const distributor = new ConnectClient(endpoint, distributorKey);
const fulfillment = new Fulfillment(client);
const directory = new Directory(client);
const inventory = new Inventory(client);
const subscriptions = new Subscriptions(client);
const listings = new Listings(client);

const preview = { id: 'CT-0000-0000-0000', type: 'preview' };
const nameless = (text) => `${text}`.replace(/\b([A-Z]{2,4})(-\d+)+\b/g, '$1');
const told = (what, ...said) => console.log(`${what}:`, ...said);
const counted = (what, found, holds = () => true) => told(what, found.length, found.every(holds));

// How the platform says no, as the SDK understands it.
const refused = async (what, call) => {
  try {
    await call();
  } catch (error) {
    const code = error instanceof APIError ? error.errorCode : error.name;
    const words = error instanceof APIError ? error.errors.join(' ') : error.message;
    told(what, 'refused', error.status, code, nameless(words));
    return;
  }
  throw new Error(`${what} was not refused`);
};

const reseller = (name) => ({
  name,
  external_id: name.toLowerCase(),
  external_uid: `uid-${name.toLowerCase()}`,
  contact_info: {
    address_line1: 'Av. Norte 12', city: 'Madrid', country: 'ES', postal_code: '28001',
    contact: { first_name: 'Iker', last_name: 'Sanz', email: 'iker@near.example' },
  },
});

const purchase = (externalId) => ({
  type: 'purchase',
  asset: {
    product: { id: product }, connection: preview, external_id: externalId,
    items: [{ mpn: 'MPN-A', quantity: 5 }], tiers: { tier1: reseller('Near') },
  },
});

const products = async () => {
  const one = await client.products.get(product);
  told('product', one.status, one.name);
  counted('products', await client.products.search({ status: 'published' }));
  counted('parameters', await inventory.getParametersByProduct(product));
  counted(
    'fulfillment parameters',
    await inventory.getAssetParametersForFulfillmentByProduct(product),
    (it) => it.scope === 'asset' && it.phase === 'fulfillment',
  );
  counted('parameters of tier1', await inventory.searchProductParameters(product, { scope: 'tier1' }), (it) => it.scope === 'tier1');
  counted('parameters, read', await client.products.getParameters(product));
  counted('items', await client.products.getItems(product));
  counted('templates', await inventory.getProductTemplates(product));
  counted('templates of assets', await inventory.getProductAssetTemplates(product), (it) => it.scope === 'asset');
  counted('connections', await client.products.getConnections(product));
  const hub = (await client.hubs.search())[0];
  told('hub', (await client.hubs.get(hub.id)).name);
  told('connection by hub', nameless(await fulfillment.getConnectionIdByProductAndHub(product, hub.id)));
  told('no connection', await fulfillment.getConnectionIdByProductAndHub(product, 'HB-0000-0001'));
  const region = await client.products.parameters(product).create({
    name: 'region', title: 'Region', description: '', type: 'text', phase: 'configuration', scope: 'product', constraints: {},
  });
  const value = await client.products.configurations(product).create({ parameter: { id: region.id }, value: 'eu-1' });
  told('configuration', value.value);
  counted('configurations', await client.products.configurations(product).search({ 'parameter.id': region.id }));
  await client.products.parameters(product).delete(region.id);
  await client.products.update(product, { capabilities: { tiers: { configs: { level: 1 } } } });
  await refused('action link', () => inventory.getProductActionLink(product, 'ACT-000-000-000', 'AS-0000-0000-0000'));
  await refused('versions', () => client.products.versions(product).search());
};

const purchases = async () => {
  const made = [];
  for (const id of ['js-1', 'js-2', 'js-3']) {
    made.push(await fulfillment.createRequest(purchase(id)));
  }
  told('purchases', ...made.map((it) => it.status));
  return made;
};

const resellers = async (first) => {
  const [setup] = await fulfillment.searchTierConfigRequests({ status: 'pending', 'configuration.tier_level': 1 });
  told('set-up', (await fulfillment.getTierConfigRequest(setup.id)).type);
  const asked = [{ id: 'partner_code', value_error: 'Which one?' }];
  await fulfillment.inquireTierConfigRequest(setup.id, asked, 'asked in JavaScript');
  told('inquired', (await fulfillment.getTierConfigRequest(setup.id)).status);
  await fulfillment.pendingTierConfigRequest(setup.id);
  await fulfillment.updateTierConfigRequestParameters(setup.id, [{ id: 'reseller_id', value: 'r-1' }]);
  const [template] = (await inventory.getProductTemplates(product)).filter((it) => it.scope === 'tier1' && it.type === 'fulfillment');
  const answer = await fulfillment.approveTierConfigRequestWithTemplate(setup.id, template.id);
  told('approved', answer.template.representation);
  const config = setup.configuration.id;
  told('configuration', (await client.tierConfigs.get(config)).status);
  counted('configurations', await directory.searchTierConfigurations({ status: 'active' }));
  await refused('update without a type', () => fulfillment.createUpdateTierConfigRequest(config, []));
  const update = await fulfillment.createTierConfigRequest({ type: 'update', configuration: { id: config }, params: [] });
  await fulfillment.failTierConfigRequest(update.id, 'Not today.');
  told('update', (await fulfillment.getTierConfigRequest(update.id)).reason);
  told('purchase', (await fulfillment.getRequest(first.id)).status);
};

const requests = async ([one, two, three]) => {
  const params = [{ id: 'subscription_id', value: 't-1' }];
  told('parameters', (await fulfillment.updateRequestParameters(one.id, params, 'from JavaScript')).note);
  const templates = await inventory.getProductAssetTemplates(product);
  const [welcome] = templates.filter((it) => it.type === 'fulfillment');
  const [question] = templates.filter((it) => it.type === 'inquire');
  told('approved', (await fulfillment.approveRequestWithTemplate(one.id, welcome.id)).status);
  const marked = [{ id: 'admin_email', value_error: 'Whose?' }];
  told('inquired', (await fulfillment.inquireRequestWithTemplate(two.id, question.id, marked)).status);
  told('pending', (await fulfillment.pendingRequest(two.id)).status);
  await fulfillment.updateRequestParameters(two.id, [{ id: 'subscription_id', value: 't-2' }]);
  told('with a tile', (await fulfillment.approveRequest(two.id, { activation_tile: '# There you are' })).status);
  told('failed', (await fulfillment.failRequest(three.id, 'Sold out.')).reason);
  await refused('approved again', () => fulfillment.approveRequestWithTemplate(one.id, welcome.id));
  await refused('nobody knows', () => fulfillment.getRequest('PR-0000-0000-0000-001'));
};

const searches = async ([one]) => {
  const search = async (what, query) => told(what, (await fulfillment.searchRequests(query)).length);
  await search('all', undefined);
  await search('approved', { status: 'approved' });
  await search('in', { status: { $in: ['approved', 'failed'] } });
  await search('out', { status: { $out: ['failed'] } });
  await search('not', { status: { $not: [{ $eq: 'failed' }] } });
  await search('or', { $or: [{ status: 'failed' }, { 'asset.external_id': 'js-1' }] });
  await search('like', { 'asset.external_id': { $like: 'js' } });
  await search('ilike', { 'asset.external_id': { $ilike: 'JS' } });
  await search('ne', { status: { $ne: 'failed' } });
  await search('and', { $and: [{ status: 'approved' }, { type: 'purchase' }] });
  const moment = '2020-01-01T00:00:00+00:00';
  await search('since', { created: { $gte: moment } });
  await search('after', { created: { $gt: moment } });
  await search('before', { created: { $lt: moment } });
  await search('until', { created: { $lte: moment } });
  await search('between', { created: { $range: { min: moment, max: '2199-01-01T00:00:00+00:00' } } });
  await search('of the reseller', { 'asset.tiers.tier1.id': one.asset.tiers.tier1.id });
  await search('both', { status: 'approved', type: 'purchase', 'asset.product.id': product });
  await search('page', { limit: 1, offset: 1, $ordering: '-created' });
  const [slim] = await client.requests.search({ $select: ['-asset.items', '-asset.params'], id: one.id });
  told('selected away', 'items' in slim.asset, 'params' in slim.asset);
};

const directories = async ([one]) => {
  const [asset] = await directory.getAssetsByProductIdExternalId(product, 'js-1');
  told('asset', asset.id === one.asset.id, (await client.assets.get(asset.id)).status);
  counted('active', await directory.searchAssets({ status: 'active' }), (it) => it.status === 'active');
  const [account] = await directory.searchTierAccounts({ type: 'reseller', external_uid: 'uid-near' });
  told('reseller', (await directory.getTierAccount(account.id)).name);
  told('its first version', (await directory.getTierAccountVersion(account.id, 1)).version);
  counted('accounts', await client.accounts.search());
  told('account', (await client.accounts.search())[0].type);
  const [conversation] = await client.conversations.getConversationsByObjectId(one.id);
  told('conversation', (await client.conversations.get(conversation.id)).status);
  told('said', (await client.conversations.createMessage(conversation.id, 'from JavaScript')).text);
  counted('messages', await client.conversations.messages(conversation.id).search({ type: 'message' }));
  counted('recurring', await subscriptions.searchRecurringAssets({ status: 'active' }));
  told('quantity', (await subscriptions.getRecurringAsset(asset.id)).items[0].quantity);
  const made = await subscriptions.createBillingRequest({
    type: 'vendor',
    asset: { id: asset.id },
    items: [{ id: 'MPN-A' }],
    period: { from: '2024-06-01T00:00:00Z', to: '2024-07-01T00:00:00Z', delta: 1, uom: 'monthly' },
  });
  const body = { attributes: { vendor: { external_id: '1233-321' } } };
  const noted = await subscriptions.updateBillingRequestAttributes(made.id, body);
  told('billing request', made.type, made.items[0].quantity, noted.vendor.external_id);
  told('read', (await subscriptions.getBillingRequest(made.id)).attributes.vendor.external_id);
  counted('account requests', await directory.searchTierAccountRequests({ status: 'pending' }));
  counted('billing requests', await subscriptions.searchBillingRequests({ 'asset.id': asset.id }));
};

const webhooks = async () => {
  const body = {
    label: 'orders', object_class: 'fulfillment_request', description: '', active: true, product_id: product,
    external_url: 'http://127.0.0.1:9/hook', jwt_secret: 's3cret', http_method: 'POST',
  };
  const made = await client.webhooks.create(body);
  told('webhook', (await client.webhooks.update(made.id, { ...body, label: 'all' })).label);
  counted('webhooks', await client.webhooks.search({ active: true }));
  await client.webhooks.delete(made.id);
  counted('webhooks', await client.webhooks.search());
};

// What the emulator does not have, it says so.
const missing = async () => {
  await refused('listing requests', () => listings.searchListingRequests({ status: 'draft' }));
  await refused('cases', () => client.cases.search());
  await refused('users', () => client.accounts.users('VA-731-204').search());
};

const hooks = async () => {
  const seen = [];
  distributor.addBeforeRequestHook((url, options) => { seen.push(url.replace(endpoint, '')); return { url, options }; });
  distributor.addAfterResponseHook((response) => { seen.push(response.status); return response; });
  await distributor.hubs.search();
  told('hooks', ...seen);
};

(async () => {
  await products();
  const made = await purchases();
  await resellers(made[0]);
  await requests(made);
  await searches(made);
  await directories(made);
  await webhooks();
  await missing();
  await hooks();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
