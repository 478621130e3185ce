#include "admission/allowed_modules.h"

namespace tracemill::admission {
namespace {

constexpr AllowedModule kModules[] = {
    {"__future__", "*"},
    {"abc", "ABC ABCMeta abstractmethod abstractclassmethod abstractproperty abstractstaticmethod"},
    {"array", "array ArrayType typecodes"},
    {"base64", "b16decode b16encode b32decode b32encode b64decode b64encode urlsafe_b64decode urlsafe_b64encode"},
    {"binascii", "Error a2b_base64 a2b_hex b2a_base64 b2a_hex crc32 hexlify unhexlify"},
    {"bisect", "bisect bisect_left bisect_right insort insort_left insort_right"},
    {"cmath", "*"},
    {"collections", "ChainMap Counter OrderedDict UserDict UserList UserString abc defaultdict deque namedtuple"},
    {"collections.abc", "*"},
    {"contextlib", "AbstractContextManager closing contextmanager nullcontext suppress"},
    {"copy", "Error copy deepcopy error"},
    {"dataclasses", "FrozenInstanceError asdict astuple dataclass field is_dataclass replace"},
    {"datetime", "*"},
    {"decimal",
     "Clamped Context ConversionSyntax Decimal DecimalException DivisionByZero DivisionImpossible DivisionUndefined "
     "FloatOperation HAVE_CONTEXTVAR HAVE_THREADS Inexact InvalidContext InvalidOperation MAX_EMAX MAX_PREC MIN_EMIN "
     "MIN_ETINY Overflow ROUND_05UP ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN "
     "ROUND_HALF_UP ROUND_UP Rounded Subnormal Underflow getcontext localcontext setcontext"},
    {"enum", "Enum Flag IntEnum IntFlag StrEnum auto unique"},
    {"fractions", "Fraction"},
    {"functools", "cache cached_property cmp_to_key lru_cache partial reduce total_ordering wraps"},
    {"hashlib", "blake2b blake2s md5 sha1 sha224 sha256 sha384 sha3_224 sha3_256 "
                "sha3_384 sha3_512 sha512 shake_128 shake_256"},
    {"heapq", "heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest"},
    {"io", "BytesIO StringIO"},
    {"itertools", "*"},
    {"json", "JSONDecodeError JSONEncoder dump dumps load loads"},
    {"math", "*"},
    {"numbers", "*"},
    {"operator",
     "abs add and_ concat contains countOf delitem eq floordiv ge getitem gt iadd iand iconcat ifloordiv ilshift "
     "imatmul imod imul index indexOf inv invert ior ipow irshift is_ is_not isub itemgetter itruediv ixor le "
     "length_hint lshift lt matmul mod mul ne neg not_ or_ pos pow rshift setitem sub truediv truth xor"},
    {"os", "curdir getcwd linesep name path pathsep sep"},
    {"os.path", "abspath basename dirname exists isdir isfile join normpath sep split splitext"},
    {"queue", "Empty Full LifoQueue PriorityQueue Queue SimpleQueue"},
    {"random",
     "Random betavariate choice choices expovariate gammavariate gauss getrandbits getstate lognormvariate "
     "normalvariate paretovariate randbytes randint random randrange sample seed setstate shuffle triangular uniform "
     "vonmisesvariate weibullvariate"},
    {"re", "A ASCII DOTALL I IGNORECASE M MULTILINE Match Pattern S VERBOSE X compile error findall finditer fullmatch "
           "match search split sub subn"},
    {"secrets", "choice randbelow token_hex"},
    {"statistics", "*"},
    {"string", "Template ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable "
               "punctuation whitespace"},
    {"struct", "calcsize error pack unpack"},
    {"sys", "argv byteorder exit float_info get_int_max_str_digits getrecursionlimit hexversion int_info maxsize "
            "maxunicode platform set_int_max_str_digits setrecursionlimit stderr stdin stdout version version_info"},
    {"time", "asctime ctime gmtime localtime mktime monotonic monotonic_ns perf_counter perf_counter_ns process_time "
             "process_time_ns sleep strftime struct_time thread_time time time_ns"},
    {"timeit", "default_timer"},
    {"typing",
     "AbstractSet Any AnyStr AsyncContextManager AsyncGenerator AsyncIterable AsyncIterator Awaitable Callable "
     "ChainMap ClassVar Collection Concatenate Container ContextManager Coroutine Counter DefaultDict Deque Dict "
     "Final FrozenSet Generator Generic Hashable ItemsView Iterable Iterator KeysView List Literal LiteralString "
     "Mapping MappingView Match MutableMapping MutableSequence MutableSet NamedTuple Never NewType NoReturn Optional "
     "OrderedDict ParamSpec Pattern Protocol Required NotRequired Reversible Self Sequence Set Sized SupportsAbs "
     "SupportsBytes SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound TYPE_CHECKING Text Tuple "
     "Type TypeAlias TypeGuard TypeVar TypedDict Union ValuesView assert_never cast final no_type_check override "
     "runtime_checkable"},
    {"unicodedata",
     "bidirectional category combining decimal decomposition digit east_asian_width is_normalized lookup mirrored "
     "name normalize numeric unidata_version"},
    {"zlib", "adler32 compress crc32 decompress error"},
};

}  // namespace

std::span<const AllowedModule> allowed_modules() { return kModules; }

}  // namespace tracemill::admission
