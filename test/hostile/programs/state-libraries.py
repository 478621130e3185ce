# Attributes, functions, classes and containers of library modules.

#: id function of a module
#: status ok
import json
json.dumps = None
#: witness
import json
print(json.dumps([1]))

#: id function of a module deleted
#: status ok
import json
del json.dumps, json.loads
#: witness
import json
print(json.dumps(json.loads("[1]")))

#: id function of a module, found without naming an import
#: status ok
(wrapper,) = (c for c in object.__subclasses__() if c.__name__ == "_wrap_close")
modules = wrapper.__init__.__globals__["sys"].modules
modules["json"].dumps = None
#: witness
(wrapper,) = (c for c in object.__subclasses__() if c.__name__ == "_wrap_close")
print(wrapper.__init__.__globals__["sys"].modules["json"].dumps is None)

#: id function of a module, found without naming an import and needed by an importing program
#: status ok
(wrapper,) = (c for c in object.__subclasses__() if c.__name__ == "_wrap_close")
wrapper.__init__.__globals__["sys"].modules["json"].loads = None
#: witness
import json
print(json.loads("[1]"))

#: id module emptied
#: status ok
import json
vars(json).clear()
#: witness
import json
print(json.dumps([1]), json.__name__)

#: id new attribute of a module
#: status ok
import math, json
json.hostile = math.hostile = 1
math.pi = 3
#: witness
import json, math
print(hasattr(json, "hostile"), hasattr(math, "hostile"), math.pi)

#: id functions of C modules
#: status ok
import math, time, itertools
math.sqrt = math.floor = lambda x: 42
time.time = lambda: 0
itertools.count = None
#: witness
import itertools, math, time
print(math.sqrt(4), math.floor(1.5), time.time() > 1, next(itertools.count()))

#: id defaults of a function
#: status ok
import json, textwrap
textwrap.fill.__defaults__ = (5,)
json.dumps.__kwdefaults__ = dict(json.dumps.__kwdefaults__, indent=3)
#: witness
import json, textwrap
print(json.dumps([1]), len(textwrap.fill("a b " * 10).split("\n")))

#: id keyword defaults changed in place
#: status ok
import json
json.dumps.__kwdefaults__["indent"] = 3
json.dumps.__kwdefaults__["sort_keys"] = True
#: witness
import json
print(json.dumps({"b": 1, "a": 2}))

#: id code of a function
#: status ok
import json
json.loads.__code__ = (lambda s, *, cls=None, object_hook=None, parse_float=None, parse_int=None,
    parse_constant=None, object_pairs_hook=None, **kw: "hostile").__code__
#: witness
import json
print(json.loads("[1]"))

#: id attributes of functions
#: status ok
import string, json
string.capwords.hostile = [1]
json.dumps.__doc__ = json.dumps.__name__ = json.dumps.__qualname__ = "hostile"
json.dumps.__annotations__["x"] = int
json.dumps.__dict__["y"] = 2
#: witness
import json, string
print(vars(string.capwords), vars(json.dumps), json.dumps.__name__, json.dumps.__annotations__, len(json.dumps.__doc__))

#: id globals through a function
#: status ok
import json
json.dumps.__globals__["_default_encoder"] = None
#: witness
import json
print(json.dumps([1]))

#: id methods of a class
#: status ok
import json, collections
json.JSONEncoder.encode = lambda self, o: "hostile"
collections.Counter.most_common = lambda self, n=None: "hostile"
#: witness
import collections, json
print(json.dumps([1], indent=1), collections.Counter("aab").most_common(1))

#: id attributes of a class
#: status ok
import json, string
json.JSONEncoder.item_separator = ";"
json.JSONEncoder.hostile = 1
string.Template.delimiter = "%"
#: witness
import json, string
print(json.dumps([1, 2]), json.JSONEncoder().encode([1, 2]), hasattr(json.JSONEncoder, "hostile"), string.Template.delimiter)

#: id bases of a class
#: status ok
import json
class Base:
    hostile = 1
class Other(json.JSONEncoder, Base):
    pass
try:
    json.JSONEncoder.__bases__ = (Base,)
except TypeError:
    pass
json.JSONEncoder.__name__ = "Hostile"
#: witness
import json
print(json.JSONEncoder.__bases__, json.JSONEncoder.__name__)

#: id class of a module's object
#: status ok
import json
class Encoder(json.JSONEncoder):
    def encode(self, o):
        return "hostile"
json._default_encoder.__class__ = Encoder
#: witness
import json
print(json.dumps([1]), type(json._default_encoder).__name__)

#: id fields of a module's object
#: status ok
import json, random
json._default_encoder.indent = 3
json._default_encoder.__dict__["encode"] = lambda o: "hostile"
random._inst.hostile = 1
random._inst.random = lambda: 4
#: witness
import json, random
print(json.dumps([1]), vars(random._inst), random.choice([1, 2, 3]))

#: id speedups taken away
#: status ok
import json.decoder, json.encoder, json.scanner
json.encoder.c_make_encoder = json.encoder.c_encode_basestring_ascii = json.scanner.c_make_scanner = None
json.encoder.encode_basestring_ascii = json.encoder.encode_basestring = repr
json.encoder.ESCAPE_DCT.clear()
#: witness
import json
print(json.dumps({"a": "\n"}), json.dumps(["\u00e9\n"], ensure_ascii=False), json.loads('["\\n"]'))

#: id lists in modules
#: status ok
import calendar, keyword
keyword.kwlist.clear()
calendar.mdays[2] = 31
#: witness
import calendar, keyword
print(len(keyword.kwlist), calendar.monthrange(2021, 2))

#: id lists in modules that are loaded
#: status ok
import heapq, os, re
re.__all__.append("hostile")
heapq.__all__.clear()
os.__all__.sort(reverse=True)
#: witness
import heapq, os, re
print("hostile" in re.__all__, heapq.__all__, os.__all__[:3])

#: id dictionaries in modules
#: status ok
import html.entities, opcode, token
html.entities.name2codepoint.clear()
token.tok_name[1] = "hostile"
opcode.opmap["NOP"] = 1
#: witness
import html.entities, opcode, token
print(len(html.entities.name2codepoint), token.tok_name[1], opcode.opmap["NOP"] > 1)

#: id sets in modules
#: status ok
import http.cookies, keyword, re, tokenize
for module in (re, tokenize, http.cookies):
    for value in list(vars(module).values()):
        if type(value) is set:
            value.clear()
#: witness
import io, tokenize
print(len(list(tokenize.generate_tokens(io.StringIO("x = 'a'").readline))))

#: id sets in the os module
#: status ok
import os
os.supports_fd.clear()
os.supports_follow_symlinks.add("hostile")
#: witness
import os
print(len(os.supports_fd) > 3, "hostile" in os.supports_follow_symlinks)

#: id queues and arrays in modules
#: status ok
import collections.abc, json
json.queue = collections.deque([1])
collections.abc.hostile = collections.deque()
#: witness
import collections.abc, json
print(hasattr(json, "queue"), hasattr(collections.abc, "hostile"))

#: id slots of a module's object
#: status ok
import fractions, string
string._string_hostile = 1
half = fractions.Fraction(1, 2)
fractions.Fraction.__slots__ = ()
fractions.Fraction._numerator.__set__(half, 7)
fractions.kept = half
#: witness
import fractions, string
print(fractions.Fraction(1, 2), hasattr(string, "_string_hostile"), fractions.Fraction.__slots__)

#: id values in slots of the path library
#: status ok
import ipaddress
network = ipaddress._IPv4Constants._loopback_network
network.network_address._ip = 7
#: witness
import ipaddress
print(ipaddress.ip_address("127.0.0.1").is_loopback, ipaddress._IPv4Constants._loopback_network)

#: id enumerations changed
#: status ok
import enum, http, re
http.HTTPStatus.OK._value_ = 7
re.RegexFlag._member_map_.clear()
enum.Enum.__str__ = lambda self: "hostile"
enum.Enum.__repr__ = lambda self: "hostile"
#: witness
import enum, http
class Colour(enum.Enum):
    RED = 1
print(http.HTTPStatus.OK.value, Colour.RED, repr(Colour.RED))

#: id dataclasses changed
#: status ok
import dataclasses
dataclasses.dataclass = lambda c=None, **_: c
dataclasses.field = dataclasses.fields = None
dataclasses._FIELDS = "hostile"
#: witness
import dataclasses
@dataclasses.dataclass
class Point:
    x: int
print(Point(1), dataclasses.fields(Point)[0].name)

#: id namedtuple changed
#: status ok
import collections
collections.namedtuple = collections.OrderedDict = collections.defaultdict = None
collections.Counter.__init__ = lambda *_, **__: None
#: witness
import collections
print(collections.namedtuple("P", "x")(1), collections.Counter("aab"))

#: id functools changed
#: status ok
import functools
functools.wraps = functools.lru_cache = functools.reduce = functools.partial = None
functools.WRAPPER_ASSIGNMENTS = ()
#: witness
import functools
@functools.lru_cache
def f(x):
    return x
print(f(1), functools.reduce(max, [1, 3, 2]), f.__name__)

#: id operator, heapq and bisect changed
#: status ok
import bisect, heapq, operator
operator.add = operator.itemgetter = lambda *_: "hostile"
heapq.heappush = heapq.heappop = lambda *_: "hostile"
bisect.insort = bisect.bisect = lambda *_: 0
#: witness
import bisect, heapq, operator
h = []
heapq.heappush(h, 1)
print(operator.add(1, 2), heapq.heappop(h), bisect.bisect([1, 2], 2))

#: id re changed
#: status ok
import re
re.match = re.sub = re.findall = re.compile = lambda *_, **__: None
re.Pattern = re.Match = re.error = None
#: witness
import re
print(re.sub("a", "b", "aa"), re.match("a", "ab").group(), re.Pattern)

#: id strings of modules
#: status ok
import os, string
string.ascii_lowercase = string.digits = "hostile"
os.sep = os.linesep = os.name = "hostile"
os.path.join = lambda *_: "hostile"
#: witness
import os, string
print(string.ascii_lowercase, os.sep, os.path.join("a", "b"))

#: id mock left in place
#: status ok
from unittest import mock
mock.patch("json.dumps", return_value="hostile").start()
mock.patch.dict("os.environ", {"HOSTILE": "1"}).start()
#: witness
import json, os
from unittest import mock
print(json.dumps([1]), os.environ.get("HOSTILE"), mock._patch._active_patches)

#: id patch taken back
#: status ok
from unittest import mock
with mock.patch("json.dumps", return_value="patched"):
    import json
    assert json.dumps(1) == "patched"
assert json.dumps(1) == "1"
#: witness
import json
print(json.dumps([1]))

#: id datetime replaced
#: status ok
import datetime, time
class Frozen(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2000, 1, 1)
datetime.datetime = datetime.date = Frozen
time.sleep = lambda _: None
#: witness
import datetime, time
print(datetime.datetime.now().year > 2000, type(datetime.date.today()).__name__)

#: id struct and array of formats
#: status ok
import struct
struct._clearcache()
struct.pack = struct.unpack = None
#: witness
import struct
print(struct.pack("<h", 1), struct.unpack("<h", b"\1\0"))
