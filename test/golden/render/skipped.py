def add(a, b):
    return a + b

def f(n):
    total = 0
    for i in range(n):
        j = 0
        while j < i:
            total = add(total, j)
            j += 1
        if total > 40:
            break
    return total
