#include "trace/literal_reader.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace tracemill::trace {
namespace {

using python::Owned;

constexpr int kMostDepth = 32;
// Compared with one another.
constexpr size_t kMostConstants = 256;
// The compiler builds a longer list item by item, and a longer dict in parts (STACK_USE_GUIDELINE of compile.c).
constexpr size_t kMostOnStack = 30;
constexpr size_t kMostPairs = kMostOnStack / 2;
// From here on a list is made of one constant tuple.
constexpr size_t kFewestFolded = 3;
// Ints of which there is one object each.
constexpr long long kLeastShared = -5;
constexpr long long kMostShared = 256;
// Of an int that surely fits a long long.
constexpr size_t kMostDigits = 18;

constexpr std::array<std::string_view, 36> kReserved = {
    "False", "None",  "True",     "__debug__", "and",    "as",   "assert", "async",  "await",
    "break", "class", "continue", "def",       "del",    "elif", "else",   "except", "finally",
    "for",   "from",  "global",   "if",        "import", "in",   "is",     "lambda", "nonlocal",
    "not",   "or",    "pass",     "raise",     "return", "try",  "while",  "with",   "yield"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

size_t count_digits(std::string_view text) {
    return static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

// As intern_string_constants() of CPython does.
void intern_if_name_like(PyObject*& text) {
    if (!PyUnicode_IS_ASCII(text)) return;
    const auto* begin = reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(text));
    if (std::all_of(begin, begin + PyUnicode_GET_LENGTH(text), is_name_part)) PyUnicode_InternInPlace(&text);
}

// What `\c` in a string stands for; 0 when that takes more to say.
char unescaped(char c) {
    switch (c) {
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case 'r':
            return '\r';
        case '\\':
        case '\'':
        case '"':
            return c;
        default:
            return 0;
    }
}

// Of two of the same type, whose own items are one object where they are equal.
bool are_equal(PyObject* a, PyObject* b) {
    if (PyUnicode_CheckExact(a)) return PyUnicode_Compare(a, b) == 0;
    if (PyLong_CheckExact(a)) return PyObject_RichCompareBool(a, b, Py_EQ) == 1;
    if (PyFloat_CheckExact(a)) {
        const double x = PyFloat_AS_DOUBLE(a);
        const double y = PyFloat_AS_DOUBLE(b);
        return std::memcmp(&x, &y, sizeof x) == 0;
    }
    if (!PyTuple_CheckExact(a) || PyTuple_GET_SIZE(a) != PyTuple_GET_SIZE(b)) return false;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(a); ++i) {
        if (PyTuple_GET_ITEM(a, i) != PyTuple_GET_ITEM(b, i)) return false;
    }
    return true;
}

}  // namespace

void LiteralReader::skip_blanks() {
    const size_t blanks = rest_.find_first_not_of(" \t");
    rest_.remove_prefix(blanks == std::string_view::npos ? rest_.size() : blanks);
}

bool LiteralReader::take(char wanted) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
}

bool LiteralReader::at_end() {
    skip_blanks();
    return rest_.empty();
}

std::string_view LiteralReader::name() {
    skip_blanks();
    if (rest_.empty() || !is_name_start(rest_.front())) return {};
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_name_part);
    const std::string_view name = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    if (std::binary_search(kReserved.begin(), kReserved.end(), name)) return {};
    rest_.remove_prefix(name.size());
    return name;
}

bool LiteralReader::take_word(std::string_view word) {
    if (!rest_.starts_with(word) || (rest_.size() > word.size() && is_name_part(rest_[word.size()]))) return false;
    rest_.remove_prefix(word.size());
    return true;
}

Owned LiteralReader::value() {
    std::optional<Literal> read = literal();
    PyErr_Clear();
    return read ? std::move(read->object) : Owned();
}

// An object that could not be made is no literal either.
std::optional<LiteralReader::Literal> LiteralReader::literal() {
    skip_blanks();
    if (rest_.empty() || depth_ == kMostDepth) return std::nullopt;
    const char first = rest_.front();
    if (first == '-' || is_digit(first)) return number();
    if (first == '\'' || first == '"') return text(first);
    if (take_word("None")) return Literal{Owned::share(Py_None), true};
    if (take_word("True")) return Literal{Owned::share(Py_True), true};
    if (take_word("False")) return Literal{Owned::share(Py_False), true};
    rest_.remove_prefix(1);
    ++depth_;
    std::optional<Literal> read;
    if (first == '(') read = in_parentheses();
    if (first == '[') read = list();
    if (first == '{') read = dict();
    --depth_;
    return read;
}

// Equal constants of one expression are one object.
std::optional<LiteralReader::Literal> LiteralReader::constant(Owned object) {
    if (!object) return std::nullopt;
    const auto same = std::find_if(constants_.begin(), constants_.end(), [&object](const Owned& other) {
        return Py_TYPE(object.get()) == Py_TYPE(other.get()) && are_equal(object.get(), other.get());
    });
    if (same != constants_.end()) return Literal{Owned::share(same->get()), true};
    if (constants_.size() == kMostConstants) return std::nullopt;
    constants_.push_back(Owned::share(object.get()));
    return Literal{std::move(object), true};
}

std::optional<LiteralReader::Literal> LiteralReader::text(char quote) {
    rest_.remove_prefix(1);
    std::string escaped;
    size_t end = 0;
    size_t begin = 0;
    for (;; ++end) {
        if (end == rest_.size()) return std::nullopt;
        const char c = rest_[end];
        if (c == quote) break;
        // A line's end, and what the tokenizer may read in a way of its own.
        if (static_cast<unsigned char>(c) < ' ' && c != '\t') return std::nullopt;
        if (c != '\\') continue;
        const char meant = end + 1 < rest_.size() ? unescaped(rest_[end + 1]) : '\0';
        if (meant == 0) return std::nullopt;
        escaped.append(rest_.substr(begin, end - begin)).push_back(meant);
        begin = ++end + 1;
    }
    std::string_view text = rest_.substr(begin, end - begin);
    if (begin != 0) text = escaped.append(text);
    rest_.remove_prefix(end + 1);
    skip_blanks();
    // The next of adjacent strings, or three quotes.
    if (!rest_.empty() && (rest_.front() == '\'' || rest_.front() == '"')) return std::nullopt;
    PyObject* object = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr);
    if (!object) return std::nullopt;
    intern_if_name_like(object);
    Owned owned = Owned::steal(object);
    if (PyUnicode_CHECK_INTERNED(object)) return Literal{std::move(owned), true};
    return constant(std::move(owned));
}

std::optional<LiteralReader::Literal> LiteralReader::number() {
    const bool negative = take('-');
    skip_blanks();
    const size_t digits = count_digits(rest_);
    size_t size = digits;
    if (size == 0) return std::nullopt;
    const bool real = rest_.size() > size && rest_[size] == '.';
    if (real) size += 1 + count_digits(rest_.substr(size + 1));
    const std::string_view text = rest_.substr(0, size);
    // Exponents, imaginary numbers, other bases, digits in groups, and what is no number at all.
    if (rest_.size() > size && (is_name_part(rest_[size]) || rest_[size] == '.')) return std::nullopt;
    if (!real && (digits > kMostDigits || (digits > 1 && text.front() == '0'))) return std::nullopt;
    rest_.remove_prefix(size);
    if (real) {
        const double x = PyOS_string_to_double(std::string(text).c_str(), nullptr, nullptr);
        if (x == -1.0 && PyErr_Occurred()) return std::nullopt;
        return constant(Owned::steal(PyFloat_FromDouble(negative ? -x : x)));
    }
    long long n = 0;
    for (const char c : text) n = n * 10 + (c - '0');
    if (negative) n = -n;
    Owned object = Owned::steal(PyLong_FromLongLong(n));
    if (object && n >= kLeastShared && n <= kMostShared) return Literal{std::move(object), true};
    return constant(std::move(object));
}

std::optional<bool> LiteralReader::items(char close) {
    bool constant = true;
    ends_with_comma_ = false;
    for (;;) {
        if (take(close)) return constant;
        std::optional<Literal> item = literal();
        if (!item) return std::nullopt;
        constant = constant && item->is_constant;
        items_.push_back(std::move(*item));
        ends_with_comma_ = take(',');
        if (!ends_with_comma_) return take(close) ? std::optional(constant) : std::nullopt;
    }
}

Owned LiteralReader::tuple_of(size_t first) const {
    Owned tuple = Owned::steal(PyTuple_New(static_cast<Py_ssize_t>(items_.size() - first)));
    for (size_t i = first; tuple && i < items_.size(); ++i) {
        PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(i - first), Py_NewRef(items_[i].object.get()));
    }
    return tuple;
}

// Made the same way as the compiler's code makes it, for the room behind its items shows in sys.getsizeof().
Owned LiteralReader::list_of(size_t first, bool constant) const {
    const size_t size = items_.size() - first;
    if (constant && size >= kFewestFolded) {
        const Owned tuple = tuple_of(first);
        const Owned list = Owned::steal(PyList_New(0));
        return tuple && list ? Owned::steal(PySequence_InPlaceConcat(list.get(), tuple.get())) : Owned();
    }
    const bool grows = size > kMostOnStack;
    Owned list = Owned::steal(PyList_New(grows ? 0 : static_cast<Py_ssize_t>(size)));
    for (size_t i = first; list && i < items_.size(); ++i) {
        PyObject* item = items_[i].object.get();
        if (!grows) {
            PyList_SET_ITEM(list.get(), static_cast<Py_ssize_t>(i - first), Py_NewRef(item));
        } else if (PyList_Append(list.get(), item) != 0) {
            return Owned();
        }
    }
    return list;
}

std::optional<LiteralReader::Literal> LiteralReader::in_parentheses() {
    const size_t first = items_.size();
    const std::optional<bool> is_constant = items(')');
    if (!is_constant) return std::nullopt;
    std::optional<Literal> read;
    if (items_.size() == first + 1 && !ends_with_comma_) {
        read = std::move(items_.back());
    } else if (Owned tuple = tuple_of(first)) {
        read = *is_constant ? constant(std::move(tuple)) : Literal{std::move(tuple), false};
    }
    items_.resize(first);
    return read;
}

std::optional<LiteralReader::Literal> LiteralReader::list() {
    const size_t first = items_.size();
    const std::optional<bool> is_constant = items(']');
    if (!is_constant) return std::nullopt;
    Owned list = list_of(first, *is_constant);
    items_.resize(first);
    if (!list) return std::nullopt;
    return Literal{std::move(list), false};
}

std::optional<LiteralReader::Literal> LiteralReader::dict() {
    Owned dict = Owned::steal(PyDict_New());
    size_t pairs = 0;
    size_t texts = 0;
    bool goes_on = true;
    while (dict && !take('}')) {
        if (!goes_on) return std::nullopt;
        const std::optional<Literal> key = literal();
        if (!key || !key->is_constant || !take(':')) return std::nullopt;
        const std::optional<Literal> item = literal();
        if (!item || PyDict_SetItem(dict.get(), key->object.get(), item->object.get()) != 0) return std::nullopt;
        ++pairs;
        if (PyUnicode_CheckExact(key->object.get())) ++texts;
        goes_on = take(',');
    }
    // The compiler's code makes others with more room than dicts get by growing.
    if (!dict || pairs > kMostPairs || (texts != 0 && texts != pairs)) return std::nullopt;
    return Literal{std::move(dict), false};
}

}  // namespace tracemill::trace
