# entry: f()
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


@dataclass
class Point:
    x: int
    y: int


class Slotted:
    __slots__ = ("left", "right")


class Loud:
    def __repr__(self):
        print("never runs")
        return "loud"


class Stack(list):
    pass


class Color(Enum):
    RED = 1


class Pair(NamedTuple):
    a: int
    b: str


def f():
    p = Point(1, 2)
    p.x = p
    s = Slotted()
    s.right = [Loud()]
    k = Stack([1, 2])
    k.limit = 3
    c = Color.RED
    q = Pair(1, "z")
    e = KeyError("k")
    return s
