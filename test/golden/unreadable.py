# entry: f()
# options: {"objects": "repr"}
class Broken:
    def __repr__(self):
        raise ValueError


class Plain:
    pass


class Chatty:
    def __repr__(self):
        print("not the program's output")
        return "chatty"


def f():
    b = [Broken()]
    p = Plain()
    c = Chatty()
    big = 10**5000
    return p
