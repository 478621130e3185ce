"""Which object a value is, told by a number that lasts as long as the object.

An address is used again, so an object with a number is watched: by a weak reference where it has room for one, else by
being held until nothing else holds it, which is asked at every event. This reference may keep an object a little longer
than the program does; what is compared with it must not.
"""

import sys
import weakref

# Whose identity nobody can see.
ANONYMOUS = (str, int, bool, type(None), tuple, bytes, frozenset, float, complex, range, slice, type(Ellipsis))


class Lifetimes:
    def __init__(self):
        self.known = {}  # address: (number, weak reference or None, the object or None)
        self.count = 0

    def find(self, value):
        """None for an object without a number."""
        number, reference, held = self.known.get(id(value), (None, None, None))
        return number if held is value or reference is not None and reference() is value else None

    def of(self, value):
        """The object's number, a new one if it has none yet; None for values without an identity."""
        if type(value) in ANONYMOUS:
            return None
        number = self.find(value)
        if number is not None:
            return number
        self.count += 1
        self.known[id(value)] = (self.count, *watched(value))
        return self.count

    def end(self):
        """Lets go of what nothing else holds."""
        for address, (_, _, held) in list(self.known.items()):
            # Held by the entry, by the list of entries and by this loop's variable, and asked about by an argument.
            if held is not None and sys.getrefcount(held) == 3:
                del self.known[address]
            held = None


def watched(value):
    try:
        return weakref.ref(value), None
    except TypeError:
        return None, value
