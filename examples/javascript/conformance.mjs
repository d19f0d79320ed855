/**
 * The conformance program of docs/worker-conformance.md, on the JavaScript library.
 *
 * cnct handler check --exec "node conformance.mjs"
 */
import { approve, callMade, confirm, found, GiveUp, missing, on, Outage, Park, serve, TryAgain } from './connect-handlers.mjs';

const handle = async (cx) => {
  const seen = [];
  const outcome = await play(cx, JSON.parse(cx.parameter('script')), seen);
  return outcome ?? approve({ parameters: { seen: JSON.stringify(seen) } });
};
on.purchase(handle);
on('requests', 'purchase', 'migration', handle);
on('tier/config-requests', 'setup', handle);
on('requests', 'purchase', 'revocation', async (cx) => await play(cx, JSON.parse(cx.parameter('script')), []) ?? confirm());
on.validate.purchase(async (draft) => {
  const [action] = JSON.parse(draft.parameter('script'));
  if ('find' in action) return action.find;
  if ('get' in action) return { seen: { value: await draft.connect.get(action.get) } };
  return fail(action);
});

/** Does one action after the other, up to the one that decides. */
async function play(cx, actions, seen) {
  for (const action of actions) {
    if ('step' in action) seen.push(await step(cx, action));
    else if ('recorded' in action) seen.push((await cx.recorded(action.recorded)).value ?? null);
    else if ('callback' in action) seen.push(await cx.callback());
    else if ('failures' in action) seen.push(cx.failures);
    else if ('visit' in action) seen.push(cx.visit);
    else if ('migration' in action) seen.push(cx.migration ?? null);
    else if ('get' in action) seen.push(await cx.connect[action.raw ? 'getRaw' : 'get'](action.get));
    else if ('update' in action) seen.push(await cx.update(action.update));
    else if ('decide' in action) seen.push(await cx.decide(action.decide));
    else if ('refused' in action) {
      await play(cx, action.refused, []).catch(({ data }) => seen.push(data.status));
    } else if ('log' in action) cx.log(action.log, action.level);
    else if ('say' in action) await cx.say(action.say, action.text, { private: action.private });
    else if ('print' in action) process.stdout.write(action.print);
    else if ('swallow' in action) {
      await play(cx, action.swallow, seen).catch((error) => console.log(`swallowed: ${error}`));
    } else if ('hang' in action) await new Promise(() => {});
    else if ('raise' in action) fail(action);
    else return action.outcome;
  }
  return undefined;
}

/** Takes a step. */
function step(cx, action) {
  const undo = (key, value) => {
    if (value !== action.value) throw new Park(`${key} ${value}`);
  };
  const note = () => {
    for (const call of action.calls ?? []) callMade(call.method, call.address, { ...call, tookMs: call.took_ms });
  };
  const look = () => {
    note();
    if ('raise' in action) fail(action);
    return 'found' in action ? found(action.found) : missing;
  };
  const options = {
    once: action.class === 'once',
    look: action.class === 'probed' ? look : undefined,
    undo: 'undo' in action ? undo : undefined,
    timeLimit: action.time_limit,
  };
  return cx.step(action.step, options, () => {
    note();
    return 'raise' in action ? fail(action) : action.value;
  });
}

/** Throws an error. */
function fail({ raise, message, after }) {
  const errors = { again: TryAgain, outage: Outage, park: Park, give_up: GiveUp, other: Error };
  throw new errors[raise](message, { after: after ?? undefined });
}

serve();
