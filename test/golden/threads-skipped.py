# options: {"loops": "skip", "loopHead": 1, "loopTail": 1}
import _thread

# Not shown, like all such names of a module: who looks at a lock may be late.
__done__ = _thread.allocate_lock()
__done__.acquire()


def count(n):
    total = 0
    for i in range(n):
        total += i
    __done__.release()


def main():
    for n in range(10, 15):
        _thread.start_new_thread(count, (n,))
        __done__.acquire()
        doubled = n * 2
    return doubled


main()
