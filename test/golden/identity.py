# entry: f()
def append(to, x):
    to.append(x)


def f():
    a = [1]
    b = a
    append(b, 2)
    b = list(a)
    a = None
    del b
    g = append
    return g
