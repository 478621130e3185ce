# entry: f(0)
class Odd(Exception):
    def __str__(self):
        return "never runs"


def h(x):
    try:
        return 1 / x
    finally:
        x = None


def f(x):
    try:
        h(x)
    except ZeroDivisionError as e:
        raise Odd("odd", 1) from e
