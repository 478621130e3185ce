// The repr that a library type gives (text_output.h).
#include <cstring>
#include <vector>

#include "python/instance_fields.h"
#include "python/ref.h"
#include "trace/gathered.h"
#include "trace/library_array.h"
#include "trace/library_caches.h"
#include "trace/library_print_options.h"
#include "trace/program_class.h"
#include "trace/program_code_ban.h"
#include "trace/python_text.h"
#include "trace/text_output.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// An object's repr names itself, and what it holds, and seldom anything further away.
constexpr size_t kMostReferents = 2'000;
// Where no object lies, and no thread either.
constexpr uint64_t kLeastAddress = 0x10000;

bool stands_at(PyObject* text, Py_ssize_t start, std::string_view word) {
    if (PyUnicode_GET_LENGTH(text) - start < static_cast<Py_ssize_t>(word.size())) return false;
    for (const char c : word) {
        if (PyUnicode_READ_CHAR(text, start++) != static_cast<Py_UCS4>(c)) return false;
    }
    return true;
}

int digit_of(Py_UCS4 c, unsigned base) {
    unsigned digit = 16;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    return digit < base ? static_cast<int>(digit) : -1;
}

// `at` is moved behind it.
uint64_t number_at(PyObject* text, Py_ssize_t& at, unsigned base) {
    uint64_t number = 0;
    for (; at < PyUnicode_GET_LENGTH(text); ++at) {
        const int digit = digit_of(PyUnicode_READ_CHAR(text, at), base);
        if (digit < 0) break;
        number = number * base + static_cast<uint64_t>(digit);
    }
    return number;
}

Py_ssize_t after_space(PyObject* text, Py_ssize_t at) {
    const auto is_space = [](Py_UCS4 c) { return c == ' ' || c == '\t' || c == '\n'; };
    while (at < PyUnicode_GET_LENGTH(text) && is_space(PyUnicode_READ_CHAR(text, at))) ++at;
    return at;
}

// Whether the word may stand in the text: most texts have none of those, and are then taken as they are.
bool may_contain(PyObject* text, std::string_view word) {
    if (PyUnicode_KIND(text) != PyUnicode_1BYTE_KIND) return true;
    const auto length = static_cast<size_t>(PyUnicode_GET_LENGTH(text));
    return std::string_view(static_cast<const char*>(PyUnicode_DATA(text)), length).find(word) !=
           std::string_view::npos;
}

// What a finalizer of the module weakref knows is in a dict of its class; borrowed, may be NULL.
PyObject* finalizer_info(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || type_name(type) != "finalize") return nullptr;
    PyObject* attributes = tm_type_attributes(type);
    PyObject* registry = attributes ? PyDict_GetItemString(attributes, "_registry") : nullptr;
    Py_ssize_t position = 0;
    PyObject* finalizer = nullptr;
    PyObject* info = nullptr;
    while (registry && PyDict_Check(registry) && PyDict_Next(registry, &position, &finalizer, &info)) {
        if (finalizer == object) return info;
    }
    return nullptr;
}

// The object and what it holds, over a few steps: only their addresses are addresses in its text, and only the numbers
// of threads among them are such numbers.
class Referents {
  public:
    explicit Referents(PyObject* object) : objects_{object} {
        if (PyObject* info = finalizer_info(object)) objects_.push_back(info);
    }

    // NULL when nothing that was found lies there; borrowed.
    PyObject* at(uint64_t address) {
        return first([&](PyObject* object) { return reinterpret_cast<uint64_t>(object) == address; });
    }
    bool has_thread(uint64_t number) {
        return first([&](PyObject* object) {
            if (!class_facts(Py_TYPE(object)).is_thread) return false;
            PyObject* own = tm_field_named(object, "_ident");
            const bool same = own && PyLong_CheckExact(own) && PyLong_AsUnsignedLongLong(own) == number;
            PyErr_Clear();
            return same;
        });
    }

  private:
    template <typename Is>
    PyObject* first(Is is) {
        for (size_t i = 0;; ++i) {
            if (i == objects_.size() && !look_further()) return nullptr;
            if (i < objects_.size() && is(objects_[i])) return objects_[i];
        }
    }
    // Everything hangs together by way of these.
    static bool leads_everywhere(PyObject* object) {
        return PyType_Check(object) || PyModule_Check(object) || PyFunction_Check(object) || PyFrame_Check(object);
    }
    static int found(PyObject* object, void* self) {
        auto& objects = static_cast<Referents*>(self)->objects_;
        if (objects.size() < kMostReferents) objects.push_back(object);
        return objects.size() >= kMostReferents;
    }
    // NumPy's show nothing to the collector.
    void look_into_array(PyObject* object) {
        ArrayLayout layout;
        if (!read_array(object, layout) || layout.kind != 'O') return;
        for_each_item(layout, [this](const char* place) {
            PyObject* item = nullptr;
            std::memcpy(&item, place, sizeof item);
            return !item || !found(item, this);
        });
    }
    bool look_further() {
        const size_t before = objects_.size();
        while (objects_.size() == before && looked_at_ < before && before < kMostReferents) {
            PyObject* next = objects_[looked_at_++];
            if (looked_at_ > 1 && leads_everywhere(next)) continue;
            if (PyObject_IS_GC(next)) Py_TYPE(next)->tp_traverse(next, &Referents::found, this);
            if (PyObject* referent = PyWeakref_Check(next) ? weak_referent(next) : nullptr) found(referent, this);
            look_into_array(next);
        }
        return objects_.size() > before;
    }

    std::vector<PyObject*> objects_;
    size_t looked_at_ = 0;
};

// Something that says where an object lies, or which thread, and so is not the same in the next run.
struct Mark {
    enum class Kind : uint8_t { kNone, kOrdinal, kLeftOut };
    Kind kind = Kind::kNone;
    Py_ssize_t end = 0;
    std::string_view before;  // of kOrdinal: what stands before the number
    PyObject* object = nullptr;
};

// ` at 0x7f0123456789`, ` @ 0x7f0123456789`, `0x7f0123456789`.
Mark address_at(PyObject* text, Py_ssize_t start, Referents& referents) {
    Py_ssize_t at = start;
    for (const std::string_view word : {" at ", " @ "}) {
        if (stands_at(text, start, word)) at += static_cast<Py_ssize_t>(word.size());
    }
    if (!stands_at(text, at, "0x") && !stands_at(text, at, "0X")) return {};
    const std::string_view before = at == start ? "#" : " #";
    at += 2;
    const uint64_t address = number_at(text, at, 16);
    PyObject* object = address >= kLeastAddress ? referents.at(address) : nullptr;
    return object ? Mark{Mark::Kind::kOrdinal, at, before, object} : Mark{};
}

// ` 139912345678592` of `<Thread(name, started 139912345678592)>`: CPython's number of a thread is an address.
Mark thread_at(PyObject* text, Py_ssize_t start, Referents& referents) {
    if (!stands_at(text, start, " ")) return {};
    Py_ssize_t at = start + 1;
    const uint64_t number = number_at(text, at, 10);
    const bool names_one = number >= kLeastAddress && stands_at(text, at, ")>") && referents.has_thread(number);
    return names_one ? Mark{Mark::Kind::kLeftOut, at, {}, nullptr} : Mark{};
}

// ` owner=139912345678592` of `<locked _thread.RLock object owner=139912345678592 count=1 at 0x7f0123456789>`.
Mark owner_at(PyObject* text, Py_ssize_t start, Referents& referents) {
    constexpr std::string_view kOwner = " owner=", kCount = " count=";
    if (!stands_at(text, start, kOwner)) return {};
    Py_ssize_t end = start + static_cast<Py_ssize_t>(kOwner.size());
    number_at(text, end, 10);
    if (!stands_at(text, end, kCount)) return {};
    Py_ssize_t at = end + static_cast<Py_ssize_t>(kCount.size());
    number_at(text, at, 10);
    const Mark lock = address_at(text, at, referents);
    const bool is_lock = lock.object && std::string_view(Py_TYPE(lock.object)->tp_name) == "_thread.RLock";
    return is_lock ? Mark{Mark::Kind::kLeftOut, end, {}, nullptr} : Mark{};
}

Mark mark_at(PyObject* text, Py_ssize_t start, Referents& referents) {
    const Py_UCS4 c = PyUnicode_READ_CHAR(text, start);
    if (c != ' ' && c != '0') return {};
    for (const auto find : {address_at, thread_at, owner_at}) {
        const Mark mark = find(text, start, referents);
        if (mark.kind != Mark::Kind::kNone) return mark;
    }
    return {};
}

}  // namespace

TextOutput::Own TextOutput::own_text(PyObject* object, reprfunc function, bool on_one_line) {
    const Owned held = Owned::share(object);
    Owned text;
    {
        const ProgramCodeBan ban(objects_ == TM_OBJECTS_FIELDS);
        const CachePause caches(Py_TYPE(object));
        const DefaultPrintOptions options;
        text = Owned::steal(function(object));
    }
    if (!text || !PyUnicode_Check(text.get())) {
        PyErr_Clear();
        return Own::kFailed;
    }
    return without_addresses(text.get(), object, on_one_line) ? Own::kShown : Own::kStop;
}

// An address of the object or of one that it holds becomes an ordinal, ` #N`, and numbers of threads are left out; on
// one line, a line break and the indentation that follows become one space.
bool TextOutput::without_addresses(PyObject* text, PyObject* object, bool on_one_line) {
    if (!may_contain(text, "0x") && !may_contain(text, "0X") && !may_contain(text, ")>") &&
        !(on_one_line && may_contain(text, "\n"))) {
        return append_text(text, out_);
    }
    Referents referents(object);
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text);) {
        const Mark mark = mark_at(text, i, referents);
        if (mark.kind != Mark::Kind::kNone) {
            if (mark.object && !numbered(mark.before, mark.object)) return false;
            i = mark.end;
            continue;
        }
        const Py_UCS4 c = PyUnicode_READ_CHAR(text, i++);
        const bool breaks = c == '\n' && on_one_line;
        if (!out_.code_point(breaks ? ' ' : c)) return false;
        if (breaks) i = after_space(text, i);
    }
    return true;
}

}  // namespace tracemill::trace
