# options: {"loops": "skip", "loopHead": 1, "loopTail": 1}
import _thread


def count(n, done):
    total = 0
    for i in range(n):
        total += i
    done.release()


def main():
    done = _thread.allocate_lock()
    done.acquire()
    for n in range(10, 15):
        _thread.start_new_thread(count, (n, done))
        done.acquire()
        doubled = n * 2
    return doubled


main()
