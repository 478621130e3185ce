#include "trace/library_array_text.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "python/ref.h"
#include "trace/library_number.h"
#include "trace/library_time.h"

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
std::vector<std::string> texts_of(const ArrayLayout& layout, const std::vector<const char*>& places, bool as_list,
                                  LibraryParts& parts) {
    if (!as_list || layout.kind != 'f' || !layout.is_native()) {
        bool rounded = false;
        std::vector<std::string> texts = number_texts(layout, places, rounded);
        if (rounded) parts.rounded();
        return texts;
    }
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

bool write_object(const ArrayLayout& layout, const char* place, LibraryParts& parts) {
    if (layout.kind == 'O') {
        PyObject* object = nullptr;
        std::memcpy(&object, place, sizeof object);
        if (!object) return parts.text("None");
        return PyList_CheckExact(object) ? parts.text("list(") && parts.value(object) && parts.text(")")
                                         : parts.value(object);
    }
    if (layout.kind == 'M' || layout.kind == 'm') return parts.text(time_text(layout, place));
    const Owned item = text_of_item(layout, place);
    PyErr_Clear();
    return item ? parts.value(item.get()) : parts.text("<unreprable str>");
}

class ArrayText {
  public:
    ArrayText(const ArrayLayout& layout, bool as_list, LibraryParts& parts)
        : layout_(layout), as_list_(as_list), parts_(parts) {}

    bool write(const LibraryParts::ArrayForm& form) {
        const bool is_short = layout_.size <= 2 * ArrayLayout::kEnds;
        bool all = form.all || is_short;
        if (layout_.size == 0) return begins(form) && text("[]") && ends_with_extras(all);
        std::vector<const char*> places = all ? all_places(layout_) : places_of_ends(layout_);
        std::vector<std::string> texts = texts_of(layout_, places, as_list_, parts_);
        if (all && !is_short && !has_room(texts)) {
            all = false;
            places = places_of_ends(layout_);
            texts = texts_of(layout_, places, as_list_, parts_);
        }
        return begins(form) && items(places, texts, all) && ends_with_extras(all);
    }

  private:
    bool text(std::string_view ascii) { return parts_.text(ascii); }
    bool begins(const LibraryParts::ArrayForm& form) { return as_list_ || (text(form.class_name) && text("(")); }

    bool has_room(const std::vector<std::string>& texts) const {
        size_t length = 0;
        for (const std::string& one : texts) length += one.size() + 2;
        return parts_.max_chars() == 0 || length <= parts_.max_chars();
    }

    // With the brackets of rows where those are all.
    bool items(const std::vector<const char*>& places, const std::vector<std::string>& texts, bool all) {
        if (!all && !text("[")) return false;
        for (size_t i = 0; i < places.size(); ++i) {
            const auto number = static_cast<Py_ssize_t>(i);
            if (i != 0 && !text(!all && number == ArrayLayout::kEnds ? ", ..., " : ", ")) return false;
            if (all && !rows(rows_at(layout_, number), '[')) return false;
            if (texts.empty()) {
                if (!write_object(layout_, places[i], parts_)) return false;
            } else if (!text(as_list_ ? without_spaces(texts[i]) : texts[i])) {
                return false;
            }
            if (all && !rows(rows_at(layout_, number + 1), ']')) return false;
        }
        return all || text("]");
    }

    bool rows(size_t count, char bracket) { return count == 0 || text(std::string(count, bracket)); }

    bool ends_with_extras(bool all) { return as_list_ || (extras(all) && text(")")); }

    bool extras(bool all) {
        const bool has_usual_shape = layout_.dimensions == 1 || layout_.size != 0;
        if ((!all || !has_usual_shape) && !text(", shape=" + shape_text(layout_))) return false;
        const std::string dtype = dtype_text(layout_);
        if (!dtype.empty() && !text(", dtype=" + dtype)) return false;
        const std::optional<uint64_t> digest = all ? std::nullopt : array_digest(layout_);
        return !digest || text(", digest=" + digest_text(*digest));
    }

    const ArrayLayout& layout_;
    const bool as_list_;  // of a column: `[1, 2]`
    LibraryParts& parts_;
};

}  // namespace

bool write_array(const ArrayLayout& layout, const LibraryParts::ArrayForm& form, LibraryParts& parts) {
    return ArrayText(layout, form.class_name.empty(), parts).write(form);
}

bool write_items(const LibraryParts::MadeItems& items, LibraryParts& parts) {
    if (!parts.text("[")) return false;
    const bool all = items.all || items.size <= 2 * ArrayLayout::kEnds;
    for (Py_ssize_t i = 0; i < items.size; ++i) {
        const bool skips = !all && i == ArrayLayout::kEnds;
        if (skips) i = items.size - ArrayLayout::kEnds;
        if (i != 0 && !parts.text(skips ? ", ..., " : ", ")) return false;
        if (!items.item(i)) return false;
    }
    return parts.text("]");
}

bool write_item(const ArrayLayout& layout, Py_ssize_t number, LibraryParts& parts) {
    const char* place = layout.item(number);
    const std::vector<std::string> texts = texts_of(layout, {place}, true, parts);
    return texts.empty() ? write_object(layout, place, parts) : parts.text(without_spaces(texts.front()));
}

}  // namespace tracemill::trace
