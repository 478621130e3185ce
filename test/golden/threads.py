import threading
from concurrent.futures import ThreadPoolExecutor


def squares(numbers, out):
    for n in numbers:
        out.append(n * n)
    print(len(out))


def fail(n):
    raise ValueError(n)


def steps():
    at = 0
    while True:
        at += 1
        yield at


# Names like these are not shown: a thread's repr tells when it was looked at.
__thread__ = threading.Thread(target=squares, args=([1, 2], []))
__thread__.start()
__thread__.join()
walk = steps()
next(walk)
__thread__ = threading.Thread(target=lambda: next(walk))
__thread__.start()
__thread__.join()
third = next(walk)
with ThreadPoolExecutor(1) as __pool__:
    print(list(__pool__.map(abs, [-1, 2])), __pool__.submit(squares, [4], []).result())
    print(__pool__.submit(fail, 3).exception())
