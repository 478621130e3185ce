# entry: f(0)
import sys

# Versions write tracebacks differently.
sys.stderr = None


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
