// Loops that wait: the generator makes none, since every one of them needs an event loop around it.

const MAIN = "\nasyncio.run(main())\n";

const BODIES: Readonly<Record<string, string>> = {
  "async for over an asynchronous generator": `
async def numbers(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i

async def main():
    total = 0
    async for x in numbers(7):
        total += x
    else:
        total += 100
    print(total)
`,
  "async for that is left": `
async def numbers():
    n = 0
    while True:
        n += 1
        yield n

async def main():
    found = []
    async for x in numbers():
        if x == 3:
            continue
        found.append(x)
        if x > 8:
            break
    print(found)
`,
  "async for inside loops": `
async def numbers(n):
    for i in range(n):
        yield i * n

async def main():
    table = []
    for n in range(5):
        row = []
        async for x in numbers(n):
            row.append(x)
            for _ in range(4):
                x += 1
        table.append(row)
    print(table)
`,
  "tasks that take turns": `
async def count(name, n, seen):
    for i in range(n):
        seen.append((name, i))
        await asyncio.sleep(0)

async def main():
    seen = []
    await asyncio.gather(count("a", 5, seen), count("b", 6, seen))
    print(seen)
`,
  "asynchronous comprehensions": `
async def numbers(n):
    for i in range(n):
        yield i

async def main():
    squares = [x * x async for x in numbers(6)]
    odd = {x async for x in numbers(6) if x % 2}
    waited = [await asyncio.sleep(0, x) for x in range(5)]
    print(squares, odd, waited)
`,
  "a loop that an exception leaves while it waits": `
async def fail(n):
    await asyncio.sleep(0)
    if n == 5:
        raise ValueError(n)
    return n

async def main():
    total = 0
    try:
        while True:
            total += await fail(total % 7)
            total += 1
    except ValueError as error:
        print(error, total)
`,
};

/** By name; each ends by itself and prints what it found. */
export const ASYNC_PROGRAMS: readonly { id: string; code: string }[] = Object.entries(BODIES).map(([id, body]) => ({
  id,
  code: `import asyncio\n${body}${MAIN}`,
}));
