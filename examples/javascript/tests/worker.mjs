/** The worker of the tests: a request says which of these handlers it wants. */
import {
  GiveUp, Outage, Park, TryAgain, approve, callMade, confirm, decided, fail, found, inquire, missing, on, reschedule, schedule, serve, skip,
} from '../connect-handlers.mjs';

const ask = async (key) => `by ${key}`;
const stories = {
  approve: () => approve({ parameters: { a: 'b' }, say: 'hello' }),
  fail: () => fail('no'),
  inquire: () => inquire({ a: 'taken' }),
  schedule: () => schedule(new Date('2027-01-01T00:00:00Z')),
  reschedule: () => reschedule(60),
  skip: () => skip(),
  confirm: () => confirm(),
  nothing: () => {},
  raise: () => { throw new Error('a bug'); },
  tryAgain: () => { throw new TryAgain('later', { after: 7 }); },
  park: () => { throw new Park('look'); },
  giveUp: () => { throw new GiveUp('refused'); },
  outage: () => { throw new Outage('down'); },
  step: async (cx) => approve({ say: await cx.step('x', { timeLimit: 5 }, ask) }),
  once: async (cx) => approve({ say: await cx.step('x', { once: true }, ask) }),
  lookFound: async (cx) => approve({ say: await cx.step('x', { look: () => found('seen') }, ask) }),
  lookMissing: async (cx) => approve({ say: await cx.step('x', { look: () => missing }, ask) }),
  lookOdd: async (cx) => approve({ say: await cx.step('x', { look: () => undefined }, ask) }),
  refused: async (cx) => { await cx.step('x', () => { throw new GiveUp('unpaid'); }); return approve(); },
  swallowed: async (cx) => { await cx.step('x', () => { throw new Error('lost'); }).catch(() => {}); return approve(); },
  over: async (cx) => {
    for (const name of ['x', 'y']) await cx.step(name, ask).catch(() => {});
    return approve();
  },
  parallel: async (cx) => approve({ say: (await Promise.all(['x', 'y', 'z'].map((name) => cx.step(name, ask)))).join() }),
  forgotten: (cx) => { cx.step('x', ask); return approve(); },
  notJson: async (cx) => { await cx.step('x', () => new Map()); return approve(); },
  prints: () => { console.log('{"printed": 1}'); process.stdout.write('{"written": 2}\n'); return approve(); },
  rejection: () => { Promise.reject(new Error('stray')); return new Promise(() => {}); },
  exception: () => { setImmediate(() => { throw new Error('stray'); }); return new Promise(() => {}); },
  exits: () => process.exit(3),
  hangs: (cx) => new Promise((_, reject) => { cx.signal.addEventListener('abort', () => reject(cx.signal.reason)); }),
  undo: async (cx) => {
    await cx.step('x', { undo: (key, value) => cx.say('undone', `${key} ${value}`) }, ask);
    return fail('no');
  },
  calls: async (cx) => {
    await cx.say('s', 'hello', { private: true });
    const { value } = await cx.recorded('x');
    return approve({ parameters: { value, url: await cx.callback(), body: await cx.connect.get('assets/AS-1'), p: cx.parameter('p') } });
  },
  decides: async (cx) => {
    const { status, headers, body } = await cx.connect.getRaw('assets/AS-2');
    const { note } = await cx.update({ subscription_id: 't-8' });
    cx.log(`${status} ${headers.x} ${body} ${note}`, 'warn');
    await cx.decide(fail(note)).catch(({ data }) => cx.log(`${data.status}`));
    await cx.decide(fail(note));
    return decided();
  },
  noted: async (cx) => {
    const work = (name) => async () => {
      await cx.recorded(name);
      callMade('PUT', `/${name}`, { status: 200, answer: '{}', tookMs: 21 });
      if (name === 'y') throw new GiveUp('no');
      return name;
    };
    callMade('GET', '/of-no-step');
    await Promise.allSettled([cx.step('x', work('x')), cx.step('y', work('y'))]);
    return approve();
  },
  parameter: (cx) => cx.parameter('absent'),
};
const taken = { error: 'It is taken.', choices: [['s', 'Small']] };
const drafts = {
  right: () => ({}),
  wrong: (draft) => ({ [draft.parameter('p')]: taken }),
  empty: (draft) => ({ p: { required: draft.parameter('absent') === undefined } }),
  reads: async (draft) => ({ p: { value: (await draft.connect.get('assets/AS-1')).id } }),
  list: () => [],
  nothing: () => {},
  notJson: () => ({ p: { value: NaN } }),
  raise: () => { throw new Error('a bug'); },
  giveUp: () => { throw new GiveUp('refused'); },
  rejection: () => { Promise.reject(new Error('stray')); return new Promise(() => {}); },
  hangs: (draft) => new Promise((_, reject) => { draft.signal.addEventListener('abort', () => reject(draft.signal.reason)); }),
};
on.validate.purchase((draft) => drafts[draft.request.story](draft));
on.purchase((cx) => stories[cx.request.story](cx));
serve({ atOnce: 4 });
