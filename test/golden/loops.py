# options: {"loops": "skip", "loopHead": 2, "loopTail": 1}
def total(xs):
    t = 0
    for x in xs:
        t += x
    else:
        t = -t
    return t


def nested(n):
    seen = []
    for i in range(n):
        j = 0
        while j < n:
            j += 1
            if j == i:
                continue
            seen.append((i, j))
    return len(seen)


def one_line(n):
    t = 0
    for i in range(n): t += i
    while t > 0: t -= 3
    return t


def first_big(xs):
    for x in xs:
        if x > 5:
            return x


def stopped(xs):
    while True:
        x = xs.pop()
        if not x:
            break




def count(n):
    while n:
        yield n
        n -= 1


def consume():
    for n in count(6):
        last = n
    return last


def raising(xs):
    for x in xs:
        1 / x


total([])
total([1])
total([1, 2, 3, 4, 5, 6])
nested(5)
one_line(7)
first_big([1, 2, 3, 4, 5, 6, 7, 8])
stopped([0, 1, 2, 3, 4, 5])
consume()
for k in range(6):
    print(k)
try:
    raising([5, 4, 3, 2, 1, 0])
except ZeroDivisionError:
    pass
