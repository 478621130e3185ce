#include "trace/library_text.h"

#include <algorithm>
#include <cstring>

#include "python/ref.h"
#include "trace/library_number.h"
#include "trace/library_time.h"
#include "trace/python_text.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// NumPy's arrays end the text that they hold with zeros.
size_t length_without_zeros(const char* text, size_t length) {
    while (length > 0 && text[length - 1] == 0) --length;
    return length;
}

Owned text_of_item(const ArrayLayout& layout, const char* place) {
    if (layout.kind == 'S') {
        const size_t length = length_without_zeros(place, static_cast<size_t>(layout.item_size));
        return Owned::steal(PyBytes_FromStringAndSize(place, static_cast<Py_ssize_t>(length)));
    }
    std::u32string points(static_cast<size_t>(layout.item_size) / 4, U'\0');
    std::memcpy(points.data(), place, points.size() * 4);
    if (!layout.is_native()) {
        for (char32_t& point : points) point = __builtin_bswap32(point);
    }
    while (!points.empty() && points.back() == 0) points.pop_back();
    // Numbers that are no characters, which a view of other memory can hold.
    for (char32_t& point : points) point = std::min(point, char32_t{0x10ffff});
    return Owned::steal(
        PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, points.data(), static_cast<Py_ssize_t>(points.size())));
}

// How many rows begin at the item with this number, or end before it.
size_t rows_at(const ArrayLayout& layout, Py_ssize_t number) {
    size_t rows = 0;
    for (int d = layout.dimensions - 1; d >= 0 && number % layout.shape[d] == 0; --d) {
        ++rows;
        number /= layout.shape[d];
    }
    return rows;
}

std::vector<const char*> all_places(const ArrayLayout& layout) {
    std::vector<const char*> places;
    places.reserve(static_cast<size_t>(layout.size));
    for_each_item(layout, [&](const char* place) {
        places.push_back(place);
        return true;
    });
    return places;
}

std::vector<const char*> places_of_ends(const ArrayLayout& layout) {
    std::vector<const char*> places;
    for (Py_ssize_t i = 0; i < ArrayLayout::kEnds; ++i) places.push_back(layout.item(i));
    for (Py_ssize_t i = ArrayLayout::kEnds; i > 0; --i) places.push_back(layout.item(layout.size - i));
    return places;
}

// Numbers of a list are as precise as they are, those of an array as wide as one another.
std::vector<std::string> texts_of(const ArrayLayout& layout, const std::vector<const char*>& places, bool as_list) {
    if (!as_list || layout.kind != 'f' || !layout.is_native()) return number_texts(layout, places);
    std::vector<std::string> texts;
    for (const char* place : places) {
        texts.push_back(scalar_float_text(place, static_cast<int>(layout.item_size)));
    }
    return texts;
}

std::string_view without_spaces(std::string_view text) {
    const size_t start = text.find_first_not_of(' ');
    return text.substr(start, text.find_last_not_of(' ') + 1 - start);
}

}  // namespace

Owned in_one_line(PyObject* text) {
    if (!text || PyUnicode_FindChar(text, '\n', 0, PyUnicode_GET_LENGTH(text), 1) < 0) return Owned::share(text);
    std::u32string line;
    bool breaks = false;
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text); ++i) {
        const Py_UCS4 c = PyUnicode_READ_CHAR(text, i);
        if (c == '\n') {
            if (!breaks) line.push_back(U' ');
            breaks = true;
        } else if (!breaks || (c != ' ' && c != '\t')) {
            line.push_back(c);
            breaks = false;
        }
    }
    return Owned::steal(
        PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, line.data(), static_cast<Py_ssize_t>(line.size())));
}

bool LibraryText::show(PyObject* object, bool& more) {
    const size_t depth = d_renderer.d_open.size();
    if (!d_renderer.enter(object)) {
        more = !d_renderer.d_failed && d_renderer.d_out.ascii("...");
        return true;
    }
    const Owned held = Owned::share(object);
    const Told told = tell_library_value(object, *this);
    d_renderer.d_open.resize(depth);
    more = told == Told::kWhole;
    return told != Told::kUnknown;
}

bool LibraryText::text(std::string_view ascii) { return d_renderer.d_out.ascii(ascii); }
bool LibraryText::name(PyObject* unicode) { return append_text(unicode, d_renderer.d_out); }
bool LibraryText::value(PyObject* object) {
    const Owned held = Owned::share(object);
    return d_renderer.value(object);
}

bool LibraryText::array(const ArrayLayout& layout, PyObject* owner, const ArrayForm& form) {
    const Owned held = Owned::share(owner);
    const bool as_list = form.class_name.empty();
    if (!as_list && !(text(form.class_name) && text("("))) return false;
    bool all = form.all || layout.size <= 2 * ArrayLayout::kEnds;
    if (layout.size == 0) return text("[]") && (as_list || (extras(layout, all) && text(")")));
    std::vector<const char*> places = all ? all_places(layout) : places_of_ends(layout);
    std::vector<std::string> texts = texts_of(layout, places, as_list);
    if (all && layout.size > 2 * ArrayLayout::kEnds && d_renderer.d_max_chars != 0) {
        size_t length = 0;
        for (const std::string& one : texts) length += one.size() + 2;
        all = length <= d_renderer.d_max_chars;
        if (!all) {
            places = places_of_ends(layout);
            texts = texts_of(layout, places, as_list);
        }
    }
    if (!all && !text("[")) return false;
    for (size_t i = 0; i < places.size(); ++i) {
        const auto number = static_cast<Py_ssize_t>(i);
        if (i != 0 && !text(!all && number == ArrayLayout::kEnds ? ", ..., " : ", ")) return false;
        if (all && !rows(rows_at(layout, number), '[')) return false;
        if (texts.empty()) {
            if (!item(layout, places[i])) return false;
        } else if (!text(as_list ? without_spaces(texts[i]) : texts[i])) {
            return false;
        }
        if (all && !rows(rows_at(layout, number + 1), ']')) return false;
    }
    return (all || text("]")) && (as_list || (extras(layout, all) && text(")")));
}

bool LibraryText::rows(size_t count, char bracket) { return count == 0 || text(std::string(count, bracket)); }

bool LibraryText::item(const ArrayLayout& layout, const char* place) {
    if (layout.kind == 'O') {
        PyObject* object = nullptr;
        std::memcpy(&object, place, sizeof object);
        if (!object) return text("None");
        return PyList_CheckExact(object) ? text("list(") && value(object) && text(")") : value(object);
    }
    if (layout.kind == 'M' || layout.kind == 'm') {
        return text(time_text(layout, place));
    }
    const Owned item = text_of_item(layout, place);
    PyErr_Clear();
    return item ? value(item.get()) : d_renderer.fail();
}

bool LibraryText::extras(const ArrayLayout& layout, bool all) {
    const bool has_usual_shape = layout.dimensions == 1 || layout.size != 0;
    if ((!all || !has_usual_shape) && !text(", shape=" + shape_text(layout))) return false;
    const std::string dtype = dtype_text(layout);
    if (!dtype.empty() && !text(", dtype=" + dtype)) return false;
    const std::optional<uint64_t> digest = all ? std::nullopt : array_digest(layout);
    if (!digest) return true;
    return text(", digest=" + digest_text(*digest));
}

}  // namespace tracemill::trace
