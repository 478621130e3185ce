#include "trace/fingerprint.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "trace/array_view.h"
#include "trace/escapes.h"
#include "trace/library_value.h"
#include "trace/shown_length.h"
#include "trace/text_builder.h"
#include "trace/value_walk.h"

namespace tracemill::trace {
namespace {

// What a walk over a value writes, as a number. It spends at most the characters that the text has, so that it comes as
// far as that, or further.
class HashOutput {
  public:
    // No code runs in between.
    static constexpr bool kRunsCode = false;
    struct [[maybe_unused]] Held {
        PyObject* object;
        PyObject* get() const { return object; }
    };
    static Held hold(PyObject* object) { return {object}; }

    HashOutput(uint64_t max_chars, const python::ObjectOrdinals& ordinals, bool skips_first_size, uint64_t identity)
        : max_chars_(max_chars),
          room_(max_chars == 0 || max_chars > TextBuilder::kMaxChars ? TextBuilder::kMaxChars : max_chars),
          skips_size_(skips_first_size), ordinals_(ordinals), identity_(identity) {}

    [[gnu::always_inline]] inline bool atom(PyObject* object, bool& known);
    bool punctuation(std::string_view text) { return spend(text.size()); }
    bool word(std::string_view text) {
        mix_bytes(text.data(), text.size());
        return spend(text.size());
    }
    bool size(PyTypeObject* type, Py_ssize_t size) {
        mix_value(type, skips_size_ ? 0 : static_cast<uint64_t>(size));
        skips_size_ = false;
        return true;
    }
    bool text(PyObject* unicode) {
        mix_text(unicode);
        return spend(static_cast<uint64_t>(PyUnicode_GET_LENGTH(unicode)));
    }
    bool name(const char* utf8) { return word(utf8) || true; }
    // Of an attribute, where the class that has it and its state are told: its string is no other's.
    bool name_of_class(PyObject* unicode) {
        mix(reinterpret_cast<uint64_t>(unicode));
        return spend(static_cast<uint64_t>(PyUnicode_GET_LENGTH(unicode)));
    }
    void version(unsigned int version) { mix(version); }
    bool class_name(PyTypeObject* type) {
        if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) return text(reinterpret_cast<PyHeapTypeObject*>(type)->ht_name);
        mix(reinterpret_cast<uint64_t>(type));
        return spend(1);
    }
    bool string(PyObject* unicode) { return text(unicode) && spend(2); }
    bool bytes(const char* data, Py_ssize_t size, bool escapes_all);
    bool integer(PyObject* object);
    bool real(double value) {
        mix_value(&PyFloat_Type, std::bit_cast<uint64_t>(value));
        return spend(3);
    }
    bool complex(PyObject* object) {
        const Py_complex value = reinterpret_cast<PyComplexObject*>(object)->cval;
        return real(value.real) && real(value.imag);
    }
    bool array(PyObject* object);
    bool ordinal(PyObject* object) {
        const uint64_t known = ordinals_.find(object);
        // None yet: it gets one when it is rendered, and then this is another number, once.
        if (known == 0) met_nameless_ = true;
        mix(known != 0 ? known : ~reinterpret_cast<uint64_t>(object));
        return spend(3);
    }

    bool library_array(const ArrayLayout& layout, const LibraryParts::ArrayForm& form, LibraryParts& parts);
    // What they are made from may be more than shows of them.
    bool made_items(const LibraryParts::MadeItems& items, LibraryParts&) {
        mix(static_cast<uint64_t>(items.size));
        const uint64_t room = std::exchange(room_, kMostContent);
        const bool passed = passed_;
        items.cover();
        room_ = room;
        passed_ = passed;
        return spend(least_chars(items.size));
    }
    bool library_number(std::string_view bytes, const std::function<std::string()>&) {
        mix_bytes(bytes.data(), bytes.size());
        return spend(1);
    }
    bool derived(const std::function<std::string()>& text) { return word(text()); }
    bool by_str(PyObject*) { return true; }

    enum class Own { kShown, kStop, kFailed };
    // By all that the repr depends on, where that can be told.
    Own own_repr(PyObject* object, LibraryParts& content);
    Own own_repr(PyObject*, reprfunc) {
        unknown_ = true;
        return Own::kStop;
    }
    void no_literal() {}
    void no_literal(PyObject*) {}
    void rounded() {}
    void too_deep() { unknown_ = unknown_ || in_content_; }

    uint64_t room() const { return room_; }
    uint64_t max_chars() const { return max_chars_; }
    uint64_t result() const { return hash_; }
    bool is_known() const { return !unknown_; }
    bool has_beginning() const { return passed_ && !met_nameless_; }
    // Every word waits for the one before it: what does not depend on that is multiplied first.
    void mix(uint64_t word) { hash_ = (std::rotl(hash_, 29) ^ (word * 0x9e3779b97f4a7c15u)) * 0xbf58476d1ce4e5b9u; }

  private:
    // Of what does not show itself, but something that follows from it.
    static constexpr uint64_t kMostContent = 1 << 16;

    // Of what cannot change, before its identity is taken for the rest.
    static constexpr uint64_t kMostContentOfKnown = 1 << 9;

    bool is_whole_value(PyObject* object) const { return identity_ != 0 && ordinals_.find(object) == identity_; }
    // A value that is one word.
    void mix_value(PyTypeObject* type, uint64_t value) {
        mix(reinterpret_cast<uint64_t>(type) + value * 0xd6e8feb86659fd93u);
    }
    [[gnu::always_inline]] inline void mix_bytes(const char* data, size_t size);
    void mix_long(const char* data, size_t size);
    // What shows: at most so many items from either end.
    void mix_ends(const char* data, size_t count, size_t item_size, size_t shown);
    // Python's own hash would be kept in the string, which can then no longer grow where it lies.
    void mix_text(PyObject* unicode) {
        const int kind = PyUnicode_KIND(unicode);
        const auto length = static_cast<size_t>(PyUnicode_GET_LENGTH(unicode));
        mix_value(&PyUnicode_Type, uint64_t{length} << 3 | static_cast<uint64_t>(kind));
        mix_ends(static_cast<const char*>(PyUnicode_DATA(unicode)), length, static_cast<size_t>(kind), room_);
        if (length / 2 > room_) mix(static_cast<uint64_t>(quote_of(unicode)));
    }
    // Of the items of an array, however few of them show: each takes one, and what separates it from the next two.
    static uint64_t least_chars(Py_ssize_t items) {
        return 3 * static_cast<uint64_t>(std::min(items, 2 * ArrayLayout::kEnds));
    }
    // At least this many more characters are in the text; false when the bound is passed.
    bool spend(uint64_t chars) {
        if (chars > room_) {
            room_ = 0;
            passed_ = true;
            return false;
        }
        room_ -= chars;
        return true;
    }

    const uint64_t max_chars_;
    uint64_t room_;
    uint64_t hash_ = 0x243f6a8885a308d3u;
    bool skips_size_;  // the outermost's counts last: see Fingerprint
    bool passed_ = false;
    bool met_nameless_ = false;
    bool unknown_ = false;
    bool in_content_ = false;
    const python::ObjectOrdinals& ordinals_;
    const uint64_t identity_;  // of the value itself; 0: it has none
};

// At most eight bytes; the size is told beside it.
uint64_t short_word(const char* data, size_t size) {
    if (size >= 4) {
        uint32_t first = 0;
        uint32_t last = 0;
        std::memcpy(&first, data, 4);
        std::memcpy(&last, data + size - 4, 4);
        return uint64_t{first} << 32 | last;
    }
    if (size == 0) return 0;
    const auto byte = [data](size_t at) { return uint64_t{static_cast<unsigned char>(data[at])}; };
    return byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1);
}

void HashOutput::mix_bytes(const char* data, size_t size) {
    if (size > 8) [[unlikely]]
        return mix_long(data, size);
    mix(short_word(data, size) ^ (uint64_t{size} << 56));
}

void HashOutput::mix_long(const char* data, size_t size) {
    uint64_t word = 0;
    // Two at a time, multiplied with one another outside the chain of words that wait.
    for (; size >= 16; data += 16, size -= 16) {
        uint64_t next = 0;
        std::memcpy(&word, data, 8);
        std::memcpy(&next, data + 8, 8);
        const auto product = static_cast<unsigned __int128>(word ^ 0xa0761d6478bd642fu) * (next ^ 0xe7037ed1a0b428dbu);
        mix(static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64));
    }
    if (size >= 8) {
        std::memcpy(&word, data, 8);
        mix(word);
        data += 8;
        size -= 8;
    }
    mix(short_word(data, size) ^ (uint64_t{size} << 56));
}

void HashOutput::mix_ends(const char* data, size_t count, size_t item_size, size_t shown) {
    if (count / 2 <= shown) return mix_bytes(data, count * item_size);
    mix_bytes(data, shown * item_size);
    mix_bytes(data + (count - shown) * item_size, shown * item_size);
}

bool HashOutput::atom(PyObject* object, bool& known) {
    PyTypeObject* type = Py_TYPE(object);
    known = true;
    if (type == &PyLong_Type) {
        int64_t small = 0;
        if (!tm_small_int(object, &small)) return integer(object);
        mix_value(type, static_cast<uint64_t>(small));
        return spend(1);
    }
    if (type == &PyUnicode_Type) {
        mix_text(object);
        return spend(static_cast<uint64_t>(PyUnicode_GET_LENGTH(object)) + 2);
    }
    if (type == &PyFloat_Type) return real(PyFloat_AS_DOUBLE(object));
    if (object == Py_None || type == &PyBool_Type || object == Py_Ellipsis) {
        mix(reinterpret_cast<uint64_t>(object));
        return spend(4);
    }
    if (type == &PyBytes_Type) {
        mix(reinterpret_cast<uint64_t>(type));
        return bytes(PyBytes_AS_STRING(object), PyBytes_GET_SIZE(object), false);
    }
    known = false;
    return true;
}

bool HashOutput::integer(PyObject* object) {
    int64_t small = 0;
    if (tm_small_int(object, &small)) {
        mix_value(&PyLong_Type, static_cast<uint64_t>(small));
        return spend(1);
    }
    // As many digits as it needs, so that no other number has these bytes.
    mix_value(&PyLong_Type, tm_long_is_negative(object) ? 1 : 0);
    mix_bytes(reinterpret_cast<const char*>(tm_long_digits(object)), tm_long_digit_count(object) * sizeof(digit));
    return spend(1);
}

// A number and what separates it from the next take three characters or more.
bool HashOutput::array(PyObject* array) {
    const ArrayView view(array);
    if (view.typecode() == 0) return own_repr(array, nullptr) != Own::kStop;
    mix(static_cast<uint64_t>(view.size()));
    mix(static_cast<uint64_t>(view.typecode()));
    mix_ends(view.data(), static_cast<size_t>(view.size()), static_cast<size_t>(view.item_size()), room_ / 3 + 1);
    return spend(view.size() == 0 ? 9 : 3 * static_cast<uint64_t>(view.size()));
}

bool HashOutput::library_array(const ArrayLayout& layout, const LibraryParts::ArrayForm& form, LibraryParts& parts) {
    mix(array_fingerprint(layout, form.class_name.empty() && !form.all));
    if (!layout.has_objects) return spend(form.class_name.size() + least_chars(layout.size));
    const auto item = [&](const char* place) {
        PyObject* object = nullptr;
        std::memcpy(&object, place, sizeof object);
        return object ? parts.value(object) : word("None");
    };
    bool more = true;
    if (form.all || layout.size <= 2 * ArrayLayout::kEnds) {
        for_each_item(layout, [&](const char* place) { return more = item(place); });
    }
    for (Py_ssize_t i = 0; more && !form.all && i < std::min(layout.size, ArrayLayout::kEnds); ++i) {
        more = item(layout.item(i)) && item(layout.item(layout.size - 1 - i));
    }
    return more;
}

// Whatever has room in a text: a printer may begin with what comes last.
HashOutput::Own HashOutput::own_repr(PyObject* object, LibraryParts& content) {
    PyTypeObject* type = Py_TYPE(object);
    const bool is_outermost = !std::exchange(in_content_, true);
    const uint64_t room = room_;
    const bool is_known_by_identity = is_whole_value(object) && never_changes(type);
    if (is_outermost) room_ = is_known_by_identity ? kMostContentOfKnown : kMostContent;
    mix(reinterpret_cast<uint64_t>(type));
    const bool was_unknown = unknown_;
    unknown_ = !class_name(type) || tell_library_content(object, content) != Told::kWhole || unknown_;
    if (is_known_by_identity && unknown_ && room_ == 0) {
        unknown_ = was_unknown;
        mix(identity_);
    }
    if (is_outermost) {
        room_ = room;
        in_content_ = false;
    }
    return unknown_ ? Own::kStop : Own::kShown;
}

bool HashOutput::bytes(const char* data, Py_ssize_t size, bool) {
    mix(static_cast<uint64_t>(size));
    mix_ends(data, static_cast<size_t>(size), 1, room_);
    if (static_cast<uint64_t>(size) / 2 > room_)
        mix(static_cast<uint64_t>(quote_of({data, static_cast<size_t>(size)})));
    return spend(static_cast<uint64_t>(size) + 3);
}

}  // namespace

std::optional<Fingerprint> fingerprint(PyObject* object, uint64_t identity, const FingerprintLimits& limits,
                                       const python::ObjectOrdinals& ordinals) {
    // Guarded by the GIL, and empty again after each walk.
    static OpenObjects s_open;
    const bool is_sequence = PyList_CheckExact(object) || PyTuple_CheckExact(object);
    HashOutput out(limits.max_chars, ordinals, is_sequence, identity);
    ValueWalk<HashOutput>(out, s_open, limits.objects).value(object);
    if (!out.is_known()) return std::nullopt;
    Fingerprint result{.text = out.result(), .beginning = std::nullopt};
    if (is_sequence && out.has_beginning()) result.beginning = out.result();
    // Of what is cut the record has the length too, however little of it was walked.
    const Py_ssize_t length = shown_length(object);
    if (length >= 0) out.mix(static_cast<uint64_t>(length));
    result.text = out.result();
    return result;
}

}  // namespace tracemill::trace
