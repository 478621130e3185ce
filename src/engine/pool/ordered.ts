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
  let pulling = false;
  let ended = false;
  let failure: { error: unknown } | null = null;
  // Not Promise.race() with a promise that lives as long as the run: that would keep every result until its end.
  let wake = (): void => {};
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort);

  const start = (item: T): void => {
    const entry = { promise: work(item), settled: false };
    const settle = (): void => {
      entry.settled = true;
      wake();
    };
    entry.promise.then(settle, settle);
    running.push(entry);
  };
  const pull = async (): Promise<void> => {
    pulling = true;
    try {
      const result = await source.next();
      if (result.done) ended = true;
      else start(result.value);
    } catch (error) {
      failure = { error };
    }
    pulling = false;
    wake();
  };

  try {
    for (;;) {
      signal.throwIfAborted();
      if (!pulling && !ended && failure === null && running.length < limit) void pull();
      const head = running[0];
      if (head?.settled) {
        running.shift();
        yield await head.promise;
        continue;
      }
      if (failure !== null) throw (failure as { error: unknown }).error;
      if (ended && head === undefined) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    await source.return?.();
  }
}
