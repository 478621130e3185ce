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
  let failure: { error: unknown } | null = null;
  let ended = false;
  // One waiter at a time, and no Promise.race: a promise that lives as long as the run, such as one for the signal, would
  // keep the results of all races that it ever lost.
  let wake = (): void => {};
  const onChange = (): void => wake();
  signal.addEventListener("abort", onChange);

  const pull = async (): Promise<void> => {
    const result = await source.next();
    if (result.done) {
      ended = true;
      return;
    }
    const entry = { promise: work(result.value), settled: false };
    const settle = (): void => {
      entry.settled = true;
      onChange();
    };
    entry.promise.then(settle, settle);
    running.push(entry);
  };
  const pulled = (): void => {
    pulling = false;
    onChange();
  };
  const failed = (error: unknown): void => {
    failure = { error };
    pulled();
  };

  try {
    for (;;) {
      signal.throwIfAborted();
      if (!pulling && failure === null && !ended && running.length < limit) {
        pulling = true;
        pull().then(pulled, failed);
      }
      const head = running[0];
      if (head?.settled) {
        running.shift();
        yield await head.promise;
        continue;
      }
      if (failure !== null) throw (failure as { error: unknown }).error;
      if (!pulling && head === undefined) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener("abort", onChange);
    await source.return?.();
  }
}
