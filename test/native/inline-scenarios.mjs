// Run by inline-lifetime.test.ts in a process of its own, because a process can open one Python and may crash:
//   node inline-scenarios.mjs SCENARIO SETUP     SETUP = JSON {addon, open, options, batches: {name: base64}}
// Each scenario prints what it saw as JSON lines; the test asserts on them and on how the process ended.
import { createRequire } from "node:module";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const [scenario, setupText] = isMainThread ? process.argv.slice(2) : [workerData.scenario, workerData.setupText];
const setup = JSON.parse(setupText);
const addon = createRequire(import.meta.url)(setup.addon);

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (seen) => console.log(JSON.stringify(seen));
const start = (name, options = {}) =>
  addon.inlineRun(Buffer.from(setup.batches[name], "base64"), { ...setup.options, ...options });
const open = () => addon.inlineOpen(setup.open);

/** A worker thread that runs the part of a scenario named `part`; resolves once it has said that it is running. */
async function worker(part) {
  const thread = new Worker(new URL(import.meta.url), { workerData: { scenario: part, setupText } });
  thread.once("error", (error) => say({ workerError: String(error) }));
  const [first] = await new Promise((resolve) => thread.once("message", (...message) => resolve(message)));
  return { thread, first };
}

const scenarios = {
  /** Rules 2, 4 and 5: the environment that opened Python ends in the middle of a program. */
  async terminate() {
    for (let i = 0; i < 10; i++) {
      const { thread } = await worker("endless");
      await sleep(20);
      await thread.terminate();
    }
    await open();
    const { byteLength } = await start("quick").promise;
    say({ afterwards: byteLength > 10 });
  },

  /** Rules 1 and 3: environments end while finished jobs are on their way to them. */
  async race() {
    for (let round = 0; round < 5; round++) {
      const threads = await Promise.all(Array.from({ length: 4 }, () => worker("flood")));
      await Promise.all(threads.map(({ thread }, i) => sleep(i * 3 + round).then(() => thread.terminate())));
    }
    await open();
    const { byteLength } = await start("quick").promise;
    say({ afterwards: byteLength > 10 });
  },

  /** Rule 6: a pending job keeps the process alive, a finished one does not. */
  async alive() {
    await open();
    start("quick").promise.then(() => say({ finished: true }));
  },

  /** Rule 7, from the main thread. */
  async exit() {
    await open();
    start("endless", { timeoutMs: 0 });
    await sleep(50);
    process.exit(7);
  },

  /** Rule 7: code that cannot be interrupted. */
  async exitInC() {
    await open();
    start("stuck", { timeoutMs: 0 });
    await sleep(50);
    process.exit(8);
  },

  /** Rule 7, while the program belongs to another thread. */
  async exitOverWorker() {
    await worker("endless");
    await sleep(20);
    process.exit(9);
  },

  /** Rule 8: a result outlives the environment that asked for it. */
  async transfer() {
    const { thread, first } = await worker("send");
    await thread.terminate();
    say({ transferred: first.buffer.byteLength > 10, left: first.left });
  },

  async endless() {
    await open();
    start("endless", { timeoutMs: 0 });
    parentPort.postMessage("running");
  },
  async flood() {
    await open();
    parentPort.postMessage("running");
    for (;;) await Promise.all(Array.from({ length: 8 }, () => start("quick").promise));
  },
  async send() {
    await open();
    const buffer = await start("quick").promise;
    const moved = structuredClone(buffer, { transfer: [buffer] });
    parentPort.postMessage({ buffer: moved, left: buffer.byteLength }, [moved]);
    await sleep(60_000);
  },
};

await scenarios[scenario]();
