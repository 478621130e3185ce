class Stack:
    def __init__(self):
        self.items = []

    def push(self, x):
        self.items.append(x)
        return len(self.items)


def down(n):
    while n > 0:
        yield n
        n -= 1


def f(n, limit):
    if n > limit:
        raise ValueError("too deep")
    stack = Stack()
    total = 0
    for i in down(n):
        total += stack.push(i)
    try:
        total += f(
            n + 1,
            limit)
    except ValueError as error:
        total = -total
    word = 'a' * total or "it's"
    return {word: total}
