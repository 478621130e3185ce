// The repr that a library type gives (text_output.h).
#include <vector>

#include "python/ref.h"
#include "trace/library_caches.h"
#include "trace/library_print_options.h"
#include "trace/program_code_ban.h"
#include "trace/python_text.h"
#include "trace/text_output.h"

namespace tracemill::trace {
namespace {

using python::Owned;

constexpr std::string_view kAddress = " at 0x";
constexpr std::string_view kOwner = " owner=";
// An object's repr names itself, and what it holds, and seldom anything further away.
constexpr size_t kMostReferents = 2'000;

bool stands_at(PyObject* text, Py_ssize_t start, std::string_view word) {
    if (PyUnicode_GET_LENGTH(text) - start < static_cast<Py_ssize_t>(word.size())) return false;
    for (const char c : word) {
        if (PyUnicode_READ_CHAR(text, start++) != static_cast<Py_UCS4>(c)) return false;
    }
    return true;
}

int digit_of(Py_UCS4 c) {
    if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
    return c >= 'a' && c <= 'f' ? static_cast<int>(c - 'a' + 10) : -1;
}

uint64_t hexadecimal_at(PyObject* text, Py_ssize_t& at) {
    uint64_t number = 0;
    for (; at < PyUnicode_GET_LENGTH(text); ++at) {
        const int digit = digit_of(PyUnicode_READ_CHAR(text, at));
        if (digit < 0) break;
        number = number << 4 | static_cast<uint64_t>(digit);
    }
    return number;
}

Py_ssize_t after_digits(PyObject* text, Py_ssize_t at) {
    while (at < PyUnicode_GET_LENGTH(text) && digit_of(PyUnicode_READ_CHAR(text, at)) >= 0) ++at;
    return at;
}

Py_ssize_t after_space(PyObject* text, Py_ssize_t at) {
    const auto is_space = [](Py_UCS4 c) { return c == ' ' || c == '\t' || c == '\n'; };
    while (at < PyUnicode_GET_LENGTH(text) && is_space(PyUnicode_READ_CHAR(text, at))) ++at;
    return at;
}

// Whether the word may stand in the text: most texts have no address, and are then taken as they are.
bool may_contain(PyObject* text, std::string_view word) {
    if (PyUnicode_KIND(text) != PyUnicode_1BYTE_KIND) return true;
    const auto length = static_cast<size_t>(PyUnicode_GET_LENGTH(text));
    return std::string_view(static_cast<const char*>(PyUnicode_DATA(text)), length).find(word) !=
           std::string_view::npos;
}

// The object and what it holds, over a few steps: only their addresses are addresses in its text.
class Referents {
  public:
    explicit Referents(PyObject* object) : objects_{object} {}

    // NULL when nothing that was found lies there; borrowed.
    PyObject* at(uint64_t address) {
        for (size_t i = 0;; ++i) {
            if (i == objects_.size() && !look_further()) return nullptr;
            if (i < objects_.size() && reinterpret_cast<uint64_t>(objects_[i]) == address) return objects_[i];
        }
    }

  private:
    // Everything hangs together by way of these.
    static bool leads_everywhere(PyObject* object) {
        return PyType_Check(object) || PyModule_Check(object) || PyFunction_Check(object) || PyFrame_Check(object);
    }
    static int found(PyObject* object, void* self) {
        auto& objects = static_cast<Referents*>(self)->objects_;
        if (objects.size() < kMostReferents) objects.push_back(object);
        return objects.size() >= kMostReferents;
    }
    bool look_further() {
        const size_t before = objects_.size();
        while (objects_.size() == before && looked_at_ < before && before < kMostReferents) {
            PyObject* next = objects_[looked_at_++];
            if (looked_at_ > 1 && leads_everywhere(next)) continue;
            if (PyObject_IS_GC(next)) Py_TYPE(next)->tp_traverse(next, &Referents::found, this);
        }
        return objects_.size() > before;
    }

    std::vector<PyObject*> objects_;
    size_t looked_at_ = 0;
};

// `<Thread(name, started 139912345678592)>`: CPython's name of a thread is an address.
bool is_thread(PyTypeObject* type) {
    for (; type; type = type->tp_base) {
        if (type_name(type) == "Thread" && (type->tp_flags & Py_TPFLAGS_HEAPTYPE)) return true;
    }
    return false;
}

// Where the text ends without that name, which stands last of all.
Py_ssize_t end_of_thread(PyObject* text) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length < 3 || !stands_at(text, length - 2, ")>")) return length;
    Py_ssize_t at = length - 2;
    while (at > 0 && PyUnicode_READ_CHAR(text, at - 1) >= '0' && PyUnicode_READ_CHAR(text, at - 1) <= '9') --at;
    return at > 0 && at < length - 2 && PyUnicode_READ_CHAR(text, at - 1) == ' ' ? at - 1 : length;
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

// ` at 0x7f0123456789` becomes ` #N` where that is the address of the object or of one that it holds; on one
// line, a line break and the indentation that follows become one space.
bool TextOutput::without_addresses(PyObject* text, PyObject* object, bool on_one_line) {
    const bool is_lock = std::string_view(Py_TYPE(object)->tp_name) == "_thread.RLock";
    const Py_ssize_t length = is_thread(Py_TYPE(object)) ? end_of_thread(text) : PyUnicode_GET_LENGTH(text);
    if (!is_lock && length == PyUnicode_GET_LENGTH(text) && !may_contain(text, kAddress) &&
        !(on_one_line && may_contain(text, "\n"))) {
        return append_text(text, out_);
    }
    Referents referents(object);
    for (Py_ssize_t i = 0; i < length;) {
        if (stands_at(text, i, kAddress)) {
            Py_ssize_t end = i + static_cast<Py_ssize_t>(kAddress.size());
            PyObject* named = referents.at(hexadecimal_at(text, end));
            if (named) {
                if (!ordinal(named)) return false;
                i = end;
                continue;
            }
        } else if (is_lock && stands_at(text, i, kOwner)) {
            i = after_digits(text, i + static_cast<Py_ssize_t>(kOwner.size()));
            continue;
        }
        const Py_UCS4 c = PyUnicode_READ_CHAR(text, i++);
        const bool breaks = c == '\n' && on_one_line;
        if (!out_.code_point(breaks ? ' ' : c)) return false;
        if (breaks) i = after_space(text, i);
    }
    return length == PyUnicode_GET_LENGTH(text) || out_.ascii(")>");
}

}  // namespace tracemill::trace
