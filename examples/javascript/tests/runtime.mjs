/** A runtime for tests: starts a worker, calls it, and answers its calls. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Both ends of a socket, since Node has no socketpair. */
async function socketPair() {
  const path = join(tmpdir(), `connect-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const server = net.createServer().listen(path);
  await once(server, 'listening');
  const theirs = net.connect(path);
  const [[ours]] = await Promise.all([once(server, 'connection'), once(theirs, 'connect')]);
  server.close();
  rmSync(path, { force: true });
  return { ours, theirs };
}

export class Runtime {
  #answers = new Map();
  #calls = 0;
  asked = [];
  log = '';
  odd = [];
  /** What the runtime answers: by method, a result or a function of the parameters. */
  answers = {
    'step.begin': ({ step }) => ({ state: 'act', key: `key-${step}` }),
    'step.found': ({ found, value }) => (found ? { state: 'done', value } : { state: 'act', key: 'key-x' }),
    'step.complete': ({ value }) => ({ state: 'done', value }),
    'step.refused': ({ reason }) => ({ state: 'refused', reason }),
    'step.failed': {},
    'step.recorded': { recorded: true, value: 'kept' },
    say: {},
    callback: { url: 'https://back' },
    'connect.get': { body: { id: 'AS-1' } },
  };

  static async start(file, { channel = 'stdio', env = {} } = {}) {
    const it = new Runtime();
    const pair = channel === 'socket' ? await socketPair() : undefined;
    it.child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))],
      { stdio: [pair?.theirs ?? 'pipe', 'pipe', 'pipe'], env: { ...process.env, ...env, CONNECT_CHANNEL: channel } });
    it.ended = once(it.child, 'exit').then(([code]) => code);
    pair?.theirs.destroy();
    it.out = pair?.ours ?? it.child.stdin;
    it.out.on('error', () => {});
    it.child.stderr.on('data', (text) => { it.log += text; });
    if (pair) it.child.stdout.on('data', (text) => { it.log += text; });
    createInterface({ input: pair?.ours ?? it.child.stdout }).on('line', (line) => it.#receive(line));
    await it.call('initialize', { protocol: 1 });
    return it;
  }

  #receive(line) {
    const { id, method, params, result, error } = JSON.parse(line);
    if (!method) {
      const waits = this.#answers.get(id);
      if (!waits) this.odd.push(line);
      this.#answers.delete(id);
      return waits?.({ result, error });
    }
    this.asked.push([method, params]);
    if (id === undefined) return undefined;
    let answer = this.answers[method];
    if (typeof answer === 'function') answer = answer(params);
    if (answer) this.#send({ id, ...(answer.code ? { error: answer } : { result: answer }) });
  }

  #send(message) { this.out.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`); }
  call(method, params) {
    const id = ++this.#calls;
    return new Promise((resolve) => { this.#answers.set(id, resolve); this.#send({ id, method, params }); });
  }
  tell(method, params) { this.#send({ method, params }); }
  handle(story, run = story, more = {}) {
    return this.call('handle', { run, collection: 'requests', type: 'purchase', kind: 'request', failures: 0, request: { id: 'PR-1', story, asset: { params: [{ id: 'p', value: 'v' }] } }, ...more });
  }
  validate(story, run = story, type = 'purchase') {
    return this.call('validate', { run, collection: 'requests', type, request: { id: 'PR-1', story, asset: { params: [{ id: 'p', value: 'v' }] } } });
  }
  methods() { return this.asked.map(([method]) => method); }
  end() { this.out.end(); return this.ended; }
}
