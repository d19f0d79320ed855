/**
 * Handlers for `cnct run --exec "node handlers.mjs"`: one file, no dependencies, to be copied into a
 * project. docs/handlers-in-javascript.md says how it is used, docs/worker-protocol.md what it speaks.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import net from 'node:net';
import { basename } from 'node:path';

const SOCKET = process.env.CONNECT_CHANNEL === 'socket';
/** Codes of the runtime: the attempt is over, or is none that it knows. */
const OVER = [-32010, -32011];

// What handlers print goes to standard error: standard output is the channel.
const toRuntime = process.stdout.write.bind(process.stdout);
if (!SOCKET) process.stdout.write = process.stderr.write.bind(process.stderr);

/** Says that something went wrong: the request is tried again, after so many seconds if it says. */
export class TryAgain extends Error {
  static code = -32000;
  constructor(message, { after, cause } = {}) {
    super(message, { cause });
    this.after = after;
  }
}
/** Says that a person has to look first; the message says at what. */
export class Park extends TryAgain { static code = -32001; }
/** Says that the vendor refused: the request fails, and the customer reads the message. */
export class GiveUp extends TryAgain { static code = -32002; }
/** Says that the vendor is down: requests are tried again once it is back. */
export class Outage extends TryAgain { static code = -32003; }

/** @param {{parameters?: object, template?: string, effective_date?: string, say?: string}} [more] */
export const approve = (more = {}) => ({ ...more, outcome: 'approve' });
/** @param {string} reason what the customer reads */
export const fail = (reason) => ({ outcome: 'fail', reason });
/** @param {Object<string, string>} parameters what is wrong with each, by its id */
export const inquire = (parameters, more = {}) => ({ ...more, outcome: 'inquire', parameters });
/** @param {string | Date} on */
export const schedule = (on) => ({ outcome: 'schedule', on });
/** @param {number} after in seconds */
export const reschedule = (after) => ({ outcome: 'reschedule', after });
export const skip = () => ({ outcome: 'skip' });
export const confirm = () => ({ outcome: 'confirm' });
/** Says that Connect has been told already, by `cx.decide`. */
export const decided = () => ({ outcome: 'decided' });

/** Answers of a step's `look`: it has happened, with this value; or it has not. */
export const found = (value = null) => ({ found: true, value });
export const missing = Object.freeze({ found: false });

const handlers = new Map();

/**
 * Registers a handler: `on.resume(handler)`, or `on('tier/config-requests', 'setup', handler)`, with
 * `'migration'` or `'revocation'` after the type for those. `on.validate.purchase(validator)`, or
 * `'validation'` after the type, is for drafts: a validator returns findings by the ids of parameters,
 * `{ domain: { error: 'Already in use.' } }`.
 */
export function on(collection, type, ...rest) {
  const handler = rest.pop();
  const [kind = 'request'] = rest;
  const name = `${collection} ${type} ${kind}`;
  if (typeof handler !== 'function') throw new TypeError(`the handler of ${name} is no function`);
  if (handlers.has(name)) throw new Error(`${name} has two handlers`);
  handlers.set(name, { collection, type, kind, handler });
}
for (const type of ['purchase', 'change', 'suspend', 'resume', 'cancel', 'renew', 'transfer', 'adjustment']) {
  on[type] = (...rest) => on('requests', type, ...rest);
}
on.validate = {};
for (const type of ['purchase', 'change', 'renew', 'transfer']) {
  on.validate[type] = (validator) => on('requests', type, 'validation', validator);
}

/** Writes a value as JSON, and refuses what would be another one when it is read again. */
function toJson(value) {
  return JSON.stringify(value ?? null, (key, it) => {
    const lost = typeof it === 'function' || typeof it === 'symbol' || it instanceof Map || it instanceof Set
      || (typeof it === 'number' && !Number.isFinite(it));
    if (lost) throw new TypeError(`${key || 'the value'} is no JSON`);
    return it;
  });
}

const current = new AsyncLocalStorage();
const noted = new AsyncLocalStorage();

/**
 * Notes a call of the vendor for the step that makes it: `cnct run show` shows it, without its secrets. Outside
 * a step it does nothing.
 *
 * @param {string} method
 * @param {string} address
 * @param {{status?: number, body?: string, answer?: string, tookMs?: number}} [more] `status` is `null`, as it is
 *   unless said, where there was no answer; body and answer are whole JSON, or only their length is kept
 */
export function callMade(method, address, { status = null, body = '', answer = '', tookMs = 0 } = {}) {
  noted.getStore()?.push({ method, address, status, body: whole(body), answer: whole(answer), took_ms: tookMs });
}
/** A body that is longer is left out: one that is cut cannot be searched for secrets. */
const whole = (body) => (body.length > 64 * 1024 ? `${body.length} characters` : body);
const runs = new Map();
const waiting = new Map();
let channel;
let calls = 0;

const send = (message, sent) => channel(`${toJson({ jsonrpc: '2.0', ...message })}\n`, sent);

function call(method, params) {
  return new Promise((resolve, reject) => {
    const id = `w${++calls}`;
    send({ id, method, params });
    waiting.set(id, { resolve, reject });
  });
}

/** One attempt at a request: what a handler is given. */
class Context {
  #undo = new Map();
  #working = new Set();
  #abort = new AbortController();
  #over;
  #failed;
  #broken;
  #break;

  constructor(params) {
    const { request, failures, visit = 1, migration } = params;
    Object.assign(this, { request, failures, visit, migration });
    this.run = params.run;
    this.connect = {
      get: async (path) => (await this.#call('connect.get', { path })).body,
      // The answer as it is, also where Connect refuses.
      getRaw: async (path) => {
        const { status, headers, body } = await this.#call('connect.get', { path, raw: true });
        return { status, headers, body };
      },
    };
    this.#broken = new Promise((_, reject) => { this.#break = reject; });
    this.#broken.catch(() => {});
  }

  /** Is aborted when the attempt must not go on: hand it to `fetch`. */
  get signal() { return this.#abort.signal; }

  /** Returns a parameter's value. Where it has none, the request is tried again later. */
  parameter(id) {
    // A configuration shows what was approved before: what is asked for is in its request.
    const of = this.request.asset ?? this.request;
    const value = of.params?.find((it) => it.id === id)?.value;
    if (value === undefined || value === null || value === '') throw new TryAgain(`parameter ${id} has no value`);
    return value;
  }

  /**
   * Has an effect once. Options: `once` (the vendor knows no keys), `look` (asks whether it has
   * happened; returns `found(value)` or `missing`), `undo` (`(key, value) => …`), `timeLimit` in seconds.
   *
   * @template T
   * @param {string} name
   * @param {{once?: boolean, look?: Function, undo?: Function, timeLimit?: number} | Function} options
   * @param {(key: string) => Promise<T>} [work]
   * @returns {Promise<T>} the value as JSON has it, the same in each attempt
   */
  step(name, options, work) {
    if (typeof options === 'function') [options, work] = [{}, options];
    const step = this.#step(name, options, work);
    // Also one that nobody waits for is settled before the attempt is.
    const settled = step.then(() => {}, () => {}).finally(() => this.#working.delete(settled));
    this.#working.add(settled);
    return step;
  }

  async #step(name, { once, look, undo, timeLimit }, work) {
    if (undo) this.#undo.set(name, undo);
    const kind = once ? 'once' : look ? 'probed' : 'keyed';
    let answer = await this.#call('step.begin',
      { step: name, class: kind, time_limit: timeLimit, undo: undo ? true : undefined });
    if (answer.state === 'look') {
      const [seen, calls] = await this.#attempt(name, async () => {
        // A question that is refused says nothing of the effect.
        try { return await look(); } catch (error) {
          throw error instanceof GiveUp ? new Park(`look of ${name} was refused: ${error.message}`) : error;
        }
      });
      if (typeof seen?.found !== 'boolean') {
        throw await this.#stepFailed(name, new Park(`look of ${name} returned neither found(value) nor missing`));
      }
      answer = await this.#call('step.found', { step: name, ...seen, calls });
    }
    if (answer.state === 'act') {
      try {
        const [value, calls] = await this.#attempt(name, async () => {
          const done = await work(answer.key);
          try { toJson(done); } catch (error) { throw new Park(`${name} happened, but its value is lost: ${error.message}`); }
          return done ?? null;
        });
        answer = await this.#call('step.complete', { step: name, value, calls });
      } catch (error) {
        if (!(error instanceof GiveUp)) throw error;
        answer = await this.#call('step.refused', { step: name, reason: error.message, calls: error.calls });
      }
    }
    if (answer.state === 'refused') throw new GiveUp(answer.reason);
    return answer.value;
  }

  /** Returns what the work returns, and what it noted. */
  async #attempt(name, work) {
    const all = [];
    const calls = () => (all.length ? all : undefined);
    try { return [await noted.run(all, work), calls()]; } catch (error) {
      if (error instanceof GiveUp) throw Object.assign(error, { calls: calls() });
      throw await this.#stepFailed(name, error, calls());
    }
  }

  async #stepFailed(step, error, calls) {
    this.#failed ??= error;
    const outage = error instanceof Outage ? true : undefined;
    await this.#call('step.failed', { step, message: messageOf(error), after: error?.after, outage, calls });
    return error;
  }

  /** Returns `{ recorded, value }`: what an earlier attempt recorded for a step. */
  recorded(step) { return this.#call('step.recorded', { step }); }

  /** Says something in the conversation, once whatever happens. */
  async say(name, text, { private: hidden = false } = {}) {
    await this.#call('say', { name, text, private: hidden });
  }

  /** Writes fulfillment parameters now, and returns the request as Connect shows it then. */
  async update(parameters) { return (await this.#call('connect.update', { parameters })).request; }

  /**
   * Tells Connect the outcome now, while the handler goes on, and returns the request as Connect shows it then.
   * The handler returns `decided()` afterwards. It is for code that cannot be written otherwise: a handler that
   * does not come to its end after that is called again, and has to decide the same.
   */
  async decide(outcome) { return (await this.#call('decide', { outcome })).request; }

  /** Writes a line into the runtime's log: of `debug`, `info`, `warn` or `error`. */
  log(message, level = 'info') { send({ method: 'log', params: { run: this.run, level, message } }); }

  /** Returns the link that has the request looked at again, or `null`. */
  async callback() { return (await this.#call('callback', {})).url; }

  async #call(method, params) {
    if (this.#over) throw this.#over;
    try { return await call(method, { run: this.run, ...params }); } catch (error) {
      if (OVER.includes(error.rpc)) this.stop(error);
      else if (method.startsWith('step.')) this.#failed ??= error;
      throw error;
    }
  }

  /** @internal Ends the attempt: it makes no more calls, whatever its handler catches. */
  stop(error) {
    this.#over ??= error;
    this.fail(error);
    this.#abort.abort(error);
  }

  /** @internal Fails the attempt, whatever its handler returns. */
  fail(error) {
    this.#failed ??= error;
    this.#break(error);
  }

  /** @internal */
  async handle(handler) {
    let outcome, thrown;
    try {
      outcome = await Promise.race([handler(this), this.#broken]);
      if (typeof outcome?.outcome !== 'string') throw new TypeError('the handler returned no outcome');
      toJson(outcome);
    } catch (error) { thrown = { error }; }
    while (this.#working.size && !this.#over) await Promise.race([Promise.all(this.#working), this.#broken.catch(() => {})]);
    if (this.#over) throw this.#over;
    if (thrown) throw thrown.error;
    if (this.#failed) throw this.#failed;
    return outcome;
  }

  /** @internal */
  async undo({ step, key, value }) {
    const undo = this.#undo.get(step);
    if (!undo) throw new Park(`the handler does not say how ${step} is undone`);
    await undo(key, value);
    return {};
  }
}

/** A draft, or the answers to an inquiry, before it is a request: what a validator is given. It takes no steps. */
class Draft {
  #abort = new AbortController();
  #broken;
  #break;

  constructor({ run, request }) {
    Object.assign(this, { run, request });
    this.connect = { get: async (path) => (await call('connect.get', { run, path })).body };
    this.#broken = new Promise((_, reject) => { this.#break = reject; });
    this.#broken.catch(() => {});
  }

  /** Is aborted when nobody waits for the answer any more: hand it to `fetch`. */
  get signal() { return this.#abort.signal; }

  /** Returns a parameter's value; nothing where it has none yet. */
  parameter(id) {
    const of = this.request.asset ?? this.request;
    return of.params?.find((it) => it.id === id)?.value || undefined;
  }

  /** @internal */
  stop(error) {
    this.fail(error);
    this.#abort.abort(error);
  }

  /** @internal */
  fail(error) { this.#break(error); }

  /** @internal */
  async validate(validator) {
    const findings = await Promise.race([validator(this), this.#broken]);
    if (Object.prototype.toString.call(findings) !== '[object Object]') {
      throw new TypeError("the validator returned no findings, such as {} or { domain: { error: 'Already in use.' } }");
    }
    return JSON.parse(toJson({ findings }));
  }
}

const messageOf = (error) => String(error?.message || error);
const methodNotFound = (method) => Object.assign(new Error(`no method ${method}`), { rpc: -32601 });

/** Speaks with the runtime, until it is gone. `steps`: all names of steps, where they are declared. */
export function serve({ atOnce = 16, steps, name = basename(process.argv[1] ?? 'node') } = {}) {
  const handling = new Set();
  const methods = {
    initialize({ protocol }) {
      if (protocol !== 1) throw new Error(`protocol ${protocol} is not known here, only 1`);
      const list = [...handlers.values()].map(({ handler, ...it }) => it);
      return { protocol: 1, name, at_once: atOnce, handlers: list, steps };
    },
    handle(params) {
      const { collection, type, kind = 'request' } = params;
      const known = handlers.get(`${collection} ${type} ${kind}`);
      if (!known) throw new Park(`no handler of ${collection} ${type} ${kind}`);
      const cx = new Context(params);
      runs.set(params.run, cx);
      return current.run(cx, () => cx.handle(known.handler));
    },
    validate(params) {
      const { collection, type } = params;
      const known = handlers.get(`${collection} ${type} validation`);
      if (!known) throw new TryAgain(`no validator of ${collection} ${type}`);
      const draft = new Draft(params);
      runs.set(params.run, draft);
      return current.run(draft, () => draft.validate(known.handler));
    },
    undo(params) {
      const cx = runs.get(params.run);
      if (!cx) throw new TryAgain(`run ${params.run} is not known here`);
      return current.run(cx, () => cx.undo(params));
    },
    cancel({ run }) { runs.get(run)?.stop(new Error('the attempt was cancelled')); },
    ended({ run }) { runs.delete(run); },
    async shutdown() {
      while (handling.size) await Promise.all(handling);
      return {};
    },
  };

  async function answer({ id, method, params }) {
    let message;
    try {
      if (!Object.hasOwn(methods, method)) throw methodNotFound(method);
      message = { id, result: await methods[method](params) };
    } catch (error) {
      if (!(error instanceof TryAgain)) console.error(error);
      const code = error?.rpc === -32601 ? error.rpc : error instanceof TryAgain ? error.constructor.code : -32000;
      message = { id, error: { code, message: messageOf(error), data: { after: error?.after } } };
    }
    if (id !== undefined) send(message, method === 'shutdown' ? () => process.exit(0) : undefined);
  }

  function receive(line) {
    const message = JSON.parse(line);
    if (message.method) {
      const answered = answer(message).finally(() => handling.delete(answered));
      if (['handle', 'validate', 'undo'].includes(message.method)) handling.add(answered);
      return;
    }
    const { resolve, reject } = waiting.get(message.id);
    waiting.delete(message.id);
    const { message: text, code, data } = message.error ?? {};
    // `data` has the status that Connect refused with.
    if (message.error) reject(Object.assign(new Error(text), { rpc: code, data }));
    else resolve(message.result);
  }

  // Blamed on the attempt that it comes from, where Node knows; it answers for no other.
  const stray = (error) => {
    console.error(error);
    current.getStore()?.fail(error);
  };
  process.on('uncaughtException', stray).on('unhandledRejection', stray);

  const input = SOCKET ? new net.Socket({ fd: 0, readable: true, writable: true }) : process.stdin;
  channel = SOCKET ? input.write.bind(input) : toRuntime;
  const gone = () => process.exit(0);
  input.setEncoding('utf8').on('end', gone).on('error', gone);
  process.stdout.on('error', SOCKET ? () => {} : gone);
  let held = '';
  input.on('data', (chunk) => {
    const [first, ...rest] = chunk.split('\n');
    held += first;
    for (const next of rest) {
      try { receive(held); } catch (error) {
        console.error(`the runtime sent what is no message: ${error.message}`);
        process.exit(1);
      }
      held = next;
    }
  });
}
