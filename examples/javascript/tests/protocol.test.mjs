import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Runtime } from './runtime.mjs';

for (const channel of ['stdio', 'socket']) {
  const scenario = (name, body) => test(`${name} (${channel})`, { timeout: 10_000 }, async () => {
    const runtime = await Runtime.start('worker.mjs', { channel });
    try { await body(runtime); assert.deepEqual(runtime.odd, []); } finally { runtime.child.kill('SIGKILL'); }
  });

  scenario('each outcome is answered', async (it) => {
    const outcome = async (story) => (await it.handle(story)).result;
    assert.deepEqual(await outcome('approve'), { outcome: 'approve', parameters: { a: 'b' }, say: 'hello' });
    assert.deepEqual(await outcome('fail'), { outcome: 'fail', reason: 'no' });
    assert.deepEqual(await outcome('inquire'), { outcome: 'inquire', parameters: { a: 'taken' } });
    assert.deepEqual(await outcome('schedule'), { outcome: 'schedule', on: '2027-01-01T00:00:00.000Z' });
    assert.deepEqual(await outcome('reschedule'), { outcome: 'reschedule', after: 60 });
    assert.deepEqual(await outcome('skip'), { outcome: 'skip' });
    assert.deepEqual(await outcome('confirm'), { outcome: 'confirm' });
  });

  scenario('each error has its code', async (it) => {
    const code = async (story) => (await it.handle(story)).error.code;
    assert.deepEqual((await it.handle('tryAgain')).error, { code: -32000, message: 'later', data: { after: 7 } });
    assert.equal(await code('raise'), -32000);
    assert.equal(await code('nothing'), -32000);
    assert.equal(await code('parameter'), -32000);
    assert.equal(await code('park'), -32001);
    assert.equal(await code('giveUp'), -32002);
    assert.equal(await code('outage'), -32003);
  });

  scenario('a draft is validated', async (it) => {
    const findings = async (story) => (await it.validate(story)).result.findings;
    assert.deepEqual(await findings('right'), {});
    assert.deepEqual(await findings('wrong'), { v: { error: 'It is taken.', choices: [['s', 'Small']] } });
    assert.deepEqual(await findings('empty'), { p: { required: true } });
    assert.deepEqual(await findings('reads'), { p: { value: 'AS-1' } });
    assert.deepEqual(it.asked, [['connect.get', { run: 'reads', path: 'assets/AS-1' }]]);
  });

  scenario('what is no answer about a draft is an error', async (it) => {
    for (const story of ['list', 'nothing', 'notJson', 'raise', 'rejection']) {
      assert.equal((await it.validate(story)).error.code, -32000, story);
    }
    assert.deepEqual((await it.validate('giveUp')).error, { code: -32002, message: 'refused', data: {} });
    assert.equal((await it.validate('right', 'r', 'change')).error.message, 'no validator of requests change');
    const hanging = it.validate('hangs');
    it.tell('cancel', { run: 'hangs' });
    assert.equal((await hanging).error.message, 'the attempt was cancelled');
  });

  scenario('a step is begun, has its effect and is completed', async (it) => {
    assert.equal((await it.handle('step')).result.say, 'by key-x');
    assert.deepEqual(it.asked, [
      ['step.begin', { run: 'step', step: 'x', class: 'keyed', time_limit: 5 }],
      ['step.complete', { run: 'step', step: 'x', value: 'by key-x' }]]);
    await it.handle('once');
    assert.equal(it.asked[2][1].class, 'once');
  });

  scenario('a step that has happened is not repeated', async (it) => {
    it.answers['step.begin'] = { state: 'done', value: 'before' };
    assert.equal((await it.handle('step')).result.say, 'before');
    assert.deepEqual(it.methods(), ['step.begin']);
  });

  scenario('the vendor is asked before a repetition', async (it) => {
    it.answers['step.begin'] = { state: 'look' };
    assert.equal((await it.handle('lookFound')).result.say, 'seen');
    assert.equal((await it.handle('lookMissing')).result.say, 'by key-x');
    assert.equal((await it.handle('lookOdd')).error.code, -32001);
    assert.deepEqual(it.methods(),
      ['step.begin', 'step.found', 'step.begin', 'step.found', 'step.complete', 'step.begin', 'step.failed']);
  });

  scenario('a refusal is recorded, and fails the request in the vendor\'s words', async (it) => {
    assert.deepEqual((await it.handle('refused')).error, { code: -32002, message: 'unpaid', data: {} });
    assert.deepEqual(it.methods(), ['step.begin', 'step.refused']);
    it.answers['step.begin'] = { state: 'refused', reason: 'still unpaid' };
    assert.equal((await it.handle('refused', 'r2')).error.message, 'still unpaid');
  });

  scenario('a handler that swallows a step\'s failure does not approve', async (it) => {
    assert.equal((await it.handle('swallowed')).error.message, 'lost');
    it.answers['step.begin'] = { code: -32010, message: 'lease lost' };
    it.asked.length = 0;
    assert.equal((await it.handle('over')).error.message, 'lease lost');
    await it.handle('skip'); // What the handler went on to do has been asked by now.
    assert.deepEqual(it.methods(), ['step.begin']);
  });

  scenario('steps run side by side, and one that nobody awaits is settled first', async (it) => {
    assert.equal((await it.handle('parallel')).result.say, 'by key-x,by key-y,by key-z');
    assert.equal((await it.handle('forgotten')).result.outcome, 'approve');
    assert.equal(it.methods().at(-1), 'step.complete');
  });

  scenario('a value that is no JSON parks, for its effect has happened', async (it) => {
    assert.equal((await it.handle('notJson')).error.code, -32001);
    assert.deepEqual(it.methods(), ['step.begin', 'step.failed']);
  });

  scenario('what a handler prints is no message', async (it) => {
    assert.equal((await it.handle('prints')).result.outcome, 'approve');
    await it.end();
    assert.match(it.log, /printed[^]*written/);
  });

  scenario('a stray error fails the run that it comes from, and no other', async (it) => {
    const other = it.handle('hangs');
    assert.equal((await it.handle('rejection')).error.message, 'stray');
    assert.equal((await it.handle('exception')).error.message, 'stray');
    it.tell('cancel', { run: 'hangs' });
    assert.match((await other).error.message, /cancelled/);
  });

  scenario('the end of the input or process.exit ends the worker', async (it) => {
    it.handle('hangs');
    assert.equal(await it.end(), 0);
    const second = await Runtime.start('worker.mjs', { channel });
    second.handle('exits');
    assert.equal(await second.ended, 3);
  });

  scenario('undoing is known until the run has ended', async (it) => {
    await it.handle('undo');
    const undo = { run: 'undo', step: 'x', key: 'k', value: 'v' };
    assert.deepEqual((await it.call('undo', undo)).result, {});
    assert.deepEqual(it.asked.at(-1), ['say', { run: 'undo', name: 'undone', text: 'k v', private: false }]);
    assert.equal((await it.call('undo', { ...undo, step: 'y' })).error.code, -32001);
    it.tell('ended', { run: 'undo' });
    assert.equal((await it.call('undo', undo)).error.code, -32000);
  });

  scenario('the other calls are made and answered', async (it) => {
    assert.deepEqual((await it.handle('calls')).result.parameters,
      { value: 'kept', url: 'https://back', body: { id: 'AS-1' }, p: 'v' });
    assert.deepEqual(it.methods(), ['say', 'step.recorded', 'callback', 'connect.get']);
  });

  scenario('Connect is told the outcome while the handler goes on', async (it) => {
    const refusals = [{ code: -32000, message: 'no', data: { status: 400 } }];
    Object.assign(it.answers, {
      'connect.get': { status: 404, headers: { x: 'y' }, body: 'none' },
      'connect.update': { request: { note: 'written' } },
      decide: () => refusals.pop() ?? { request: {} },
    });
    assert.deepEqual((await it.handle('decides')).result, { outcome: 'decided' });
    const told = ['decide', { run: 'decides', outcome: { outcome: 'fail', reason: 'written' } }];
    assert.deepEqual(it.asked, [
      ['connect.get', { run: 'decides', path: 'assets/AS-2', raw: true }],
      ['connect.update', { run: 'decides', parameters: { subscription_id: 't-8' } }],
      ['log', { run: 'decides', level: 'warn', message: '404 y none written' }],
      told, ['log', { run: 'decides', level: 'info', message: '400' }], told]);
  });

  scenario('what is said to the vendor is kept with the step that said it', async (it) => {
    await it.handle('noted');
    const noted = it.asked.filter(([, { calls }]) => calls).map(([method, { calls }]) => [method, calls]);
    const call = (address) => [{ method: 'PUT', address, status: 200, body: '', answer: '{}', took_ms: 21 }];
    assert.deepEqual(noted.sort(), [['step.complete', call('/x')], ['step.refused', call('/y')]]);
  });

  scenario('a shutdown lets what is handled come to its end', async (it) => {
    const [handled, down] = [it.handle('parallel'), it.call('shutdown', {})];
    assert.equal((await handled).result.outcome, 'approve');
    assert.deepEqual((await down).result, {});
    assert.equal(await it.ended, 0);
  });
}
