#include "python/line_table.h"

// Entry codes: 0 to 9 short forms on the same line, 10 to 12 on one of the next lines, and these.
enum { kSameLineForms = 10, kNoColumns = 13, kLong = 14, kNoLocation = 15 };

static int read_varint(const unsigned char** at, const unsigned char* end) {
    unsigned value = 0;
    unsigned shift = 0;
    while (*at < end) {
        const unsigned char byte = *(*at)++;
        if (shift < 32) value |= (unsigned)(byte & 63) << shift;
        if (!(byte & 64)) break;
        shift += 6;
    }
    return (int)value;
}

static int read_signed_varint(const unsigned char** at, const unsigned char* end) {
    const unsigned value = (unsigned)read_varint(at, end);
    return value & 1 ? -(int)(value >> 1) : (int)(value >> 1);
}

Py_ssize_t tm_instruction_count(PyCodeObject* code) { return Py_SIZE(code); }

#if TM_HAS_LINE_ARRAY
// What CPython has read from the table for its own trace function; false before the first event of the code.
static int copy_line_array(PyCodeObject* code, Py_ssize_t count, int* lines) {
    if (!code->_co_linearray) return 0;
    if (code->_co_linearray_entry_size == sizeof(int)) {
        memcpy(lines, code->_co_linearray, (size_t)count * sizeof(int));
    } else {
        const int16_t* known = (const int16_t*)code->_co_linearray;
        for (Py_ssize_t i = 0; i < count; ++i) lines[i] = known[i];
    }
    return 1;
}
#endif

void tm_read_lines(PyCodeObject* code, int* lines) {
    const Py_ssize_t count = tm_instruction_count(code);
#if TM_HAS_LINE_ARRAY
    if (copy_line_array(code, count, lines)) return;
#endif
    const unsigned char* at = (const unsigned char*)PyBytes_AS_STRING(code->co_linetable);
    const unsigned char* end = at + PyBytes_GET_SIZE(code->co_linetable);
    Py_ssize_t filled = 0;
    int line = code->co_firstlineno;
    while (at < end && filled < count) {
        // The first byte of an entry has its high bit set, the others have not.
        const unsigned char first = *at++;
        const int form = (first >> 3) & 15;
        if (form == kLong || form == kNoColumns) {
            line += read_signed_varint(&at, end);
        } else if (form >= kSameLineForms && form < kNoColumns) {
            line += form - kSameLineForms;
        }
        while (at < end && !(*at & 128)) ++at;
        for (int units = (first & 7) + 1; units > 0 && filled < count; --units) {
            lines[filled++] = form == kNoLocation ? -1 : line;
        }
    }
    while (filled < count) lines[filled++] = -1;
}
