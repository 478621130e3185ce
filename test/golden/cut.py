# entry: f()
# options: {"maxValueChars": 10}
def f():
    xs = list(range(3))
    xs += range(100)
    xs[90] = "behind the cut"
    xs[0] = 9
    s = "é" * 20
    d = {1: "a"}
    exact = "12345678"
    return xs
