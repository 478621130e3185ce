/**
 * Starts `work` for the items of `source` as they come, at most `limit` at a time, and yields the results in the order
 * of the items. The source is pulled only when there is room. A signal that aborts ends it at once.
 */
export async function* ordered<T, R>(
  source: AsyncIterator<T>,
  work: (item: T) => Promise<R>,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<R, void, undefined> {
  const running: { promise: Promise<R>; settled: boolean }[] = [];
  let pulling: Promise<void> | null = null;
  let ended = false;
  const aborted = abortion(signal);

  const pull = async (): Promise<void> => {
    const result = await source.next();
    pulling = null;
    if (result.done) {
      ended = true;
      return;
    }
    const entry = { promise: work(result.value), settled: false };
    const settle = (): void => {
      entry.settled = true;
    };
    entry.promise.then(settle, settle);
    running.push(entry);
  };

  try {
    for (;;) {
      signal.throwIfAborted();
      if (pulling === null && !ended && running.length < limit) {
        pulling = pull();
        // Awaited below, unless the reader leaves before.
        pulling.catch(() => {});
      }
      const head = running[0];
      if (head?.settled) {
        running.shift();
        yield await head.promise;
        continue;
      }
      const awaited: Promise<unknown>[] = [aborted.promise];
      if (pulling !== null) awaited.push(pulling);
      if (head !== undefined) awaited.push(head.promise);
      if (awaited.length === 1) return;
      await Promise.race(awaited);
    }
  } finally {
    aborted.forget();
    await source.return?.();
  }
}

function abortion(signal: AbortSignal): { promise: Promise<never>; forget(): void } {
  let onAbort: () => void = () => {};
  const promise = new Promise<never>((_resolve, reject) => {
    onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
  });
  promise.catch(() => {});
  return { promise, forget: () => signal.removeEventListener("abort", onAbort) };
}
