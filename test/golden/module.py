# stdin: 3
import sys
n = int(input("n? "))
def double(v):
    return v * 2
total = 0
for k in range(2):
    total += double(k)
    print(k, file=sys.stderr if k else sys.stdout)
del k
class A:
    size = total
    other = size + n
