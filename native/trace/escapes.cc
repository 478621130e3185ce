#include "trace/escapes.h"

#include <algorithm>

namespace tracemill::trace {
namespace {

// Characters of either end that say how the text is quoted: who looks at every line has no time for more.
constexpr size_t kQuotedEnd = size_t{1} << 14;

template <typename Has>
char quote_where(Has has) {
    return has('\'') && !has('"') ? '"' : '\'';
}

constexpr char kHex[] = "0123456789abcdef";

bool hex_escape(TextBuilder& out, char letter, uint32_t value, int digits) {
    char text[10] = {'\\', letter};
    for (int i = 0; i < digits; ++i) text[2 + i] = kHex[(value >> (4 * (digits - 1 - i))) & 0xf];
    return out.ascii({text, static_cast<size_t>(digits) + 2});
}

}  // namespace

char quote_of(PyObject* unicode) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(unicode);
    const Py_ssize_t end = std::min(length, static_cast<Py_ssize_t>(kQuotedEnd));
    return quote_where([&](char c) {
        const auto wanted = static_cast<Py_UCS4>(c);
        return PyUnicode_FindChar(unicode, wanted, 0, end, 1) >= 0 ||
               PyUnicode_FindChar(unicode, wanted, std::max(end, length - end), length, 1) >= 0;
    });
}

char quote_of(std::string_view bytes) {
    const size_t end = std::min(bytes.size(), kQuotedEnd);
    return quote_where([&](char c) {
        return bytes.substr(0, end).find(c) != bytes.npos ||
               bytes.substr(std::max(end, bytes.size() - end)).find(c) != bytes.npos;
    });
}

bool append_escaped(TextBuilder& out, uint32_t c, char quote) {
    switch (c) {
        case '\n':
            return out.ascii("\\n");
        case '\r':
            return out.ascii("\\r");
        case '\t':
            return out.ascii("\\t");
        case '\\':
            return out.ascii("\\\\");
        default:
            break;
    }
    if (c == static_cast<uint32_t>(quote)) {
        const char text[2] = {'\\', quote};
        return out.ascii({text, 2});
    }
    if (c < 0x20 || c == 0x7f) return hex_escape(out, 'x', c, 2);
    if (c < 0x7f || Py_UNICODE_ISPRINTABLE(c)) return out.code_point(c);
    if (c <= 0xff) return hex_escape(out, 'x', c, 2);
    if (c <= 0xffff) return hex_escape(out, 'u', c, 4);
    return hex_escape(out, 'U', c, 8);
}

bool append_escaped_byte(TextBuilder& out, unsigned char c, char quote) {
    return c < 0x7f ? append_escaped(out, c, quote) : hex_escape(out, 'x', c, 2);
}

}  // namespace tracemill::trace
