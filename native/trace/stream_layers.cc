#include "trace/stream_layers.h"

#include <algorithm>
#include <cstring>

namespace tracemill::trace {
namespace {

using python::Owned;

struct Kind {
    const char* name;
    const char* mode;         // of the text layer
    const char* binary_mode;  // of the file
    const char* errors;
    bool by_line;
};

constexpr Kind kKinds[] = {
    {"<stdin>", "r", "rb", "strict", false},
    {"<stdout>", "w", "wb", "strict", false},
    {"<stderr>", "w", "wb", "backslashreplace", true},
};

// What every object starts with: who counts and what it is.
constexpr size_t kHead = sizeof(PyObject);

// A number that is no address, or a row of switches.
bool is_scalar(int64_t word) {
    constexpr int64_t kSmall = int64_t{1} << 40;
    constexpr uint64_t kAllButLowest = 0xfefefefefefefefe;
    return (word > -kSmall && word < kSmall) || (static_cast<uint64_t>(word) & kAllButLowest) == 0;
}

int64_t word_at(const char* bytes) {
    int64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

// Of its own attributes, as a dict; borrowed, NULL = none.
PyObject* attributes_of(PyObject* object) {
    PyObject** dict = _PyObject_GetDictPtr(object);
    return dict ? *dict : nullptr;
}

bool set_text(PyObject* object, const char* attribute, const char* text) {
    const Owned value = Owned::steal(PyUnicode_FromString(text));
    return value && PyObject_SetAttrString(object, attribute, value.get()) == 0;
}

}  // namespace

bool StreamLayers::make(int stream, int descriptor) {
    const Kind& kind = kKinds[stream];
    const Owned io = Owned::steal(PyImport_ImportModule("io"));
    if (!io) return false;
    Owned buffer = Owned::steal(PyObject_CallMethod(io.get(), "open", "isiOOOO", descriptor, kind.binary_mode, -1,
                                                    Py_None, Py_None, Py_None, Py_False));
    Owned raw = buffer ? Owned::steal(PyObject_GetAttrString(buffer.get(), "raw")) : Owned();
    if (!raw || !set_text(raw.get(), "name", kind.name)) return false;
    PyObject* by_line = kind.by_line ? Py_True : Py_False;
    Owned text = Owned::steal(PyObject_CallMethod(io.get(), "TextIOWrapper", "OsssOO", buffer.get(), "utf-8",
                                                  kind.errors, "\n", by_line, Py_False));
    if (!text || !set_text(text.get(), "mode", kind.mode)) return false;
    parts_[kText].object = std::move(text);
    parts_[kBuffer].object = std::move(buffer);
    parts_[kRaw].object = std::move(raw);
    return true;
}

void StreamLayers::Part::remember() {
    const auto* start = reinterpret_cast<const char*>(object.get());
    bytes.assign(start, static_cast<size_t>(Py_TYPE(object.get())->tp_basicsize));
    attribute_name = Owned();
    attribute = Owned();
    PyObject* dict = attributes_of(object.get());
    if (!dict) return;
    PyObject *name, *value;
    Py_ssize_t at = 0;
    if (PyDict_Next(dict, &at, &name, &value)) {
        attribute_name = Owned::share(name);
        attribute = Owned::share(value);
    }
    dict_references = Py_REFCNT(dict);
}

bool StreamLayers::Part::has_its_attribute() const {
    PyObject* dict = attributes_of(object.get());
    if (!dict) return !attribute;
    PyObject *name, *value;
    Py_ssize_t at = 0;
    return Py_REFCNT(dict) == dict_references && PyDict_GET_SIZE(dict) == 1 && PyDict_Next(dict, &at, &name, &value) &&
           name == attribute_name.get() && value == attribute.get();
}

StreamLayers::Use StreamLayers::Part::use() const {
    const auto* now = reinterpret_cast<const char*>(object.get());
    if (!has_its_attribute()) return Use::kOther;
    if (std::memcmp(now, bytes.data(), bytes.size()) == 0) return Use::kNone;
    if (std::memcmp(now, bytes.data(), kHead) != 0) return Use::kOther;
    for (size_t at = kHead; at + sizeof(int64_t) <= bytes.size(); at += sizeof(int64_t)) {
        const int64_t before = word_at(bytes.data() + at);
        const int64_t after = word_at(now + at);
        // A layer that got hold of an object, or lost one, is not brought back by its bytes.
        if (before != after && !(is_scalar(before) && is_scalar(after))) return Use::kOther;
    }
    return Use::kCounters;
}

void StreamLayers::remember() {
    for (Part& part : parts_) part.remember();
}

StreamLayers::Use StreamLayers::use() const {
    Use most = Use::kNone;
    for (const Part& part : parts_) most = std::max(most, part.use());
    return most;
}

void StreamLayers::reset() {
    for (Part& part : parts_) {
        std::memcpy(reinterpret_cast<char*>(part.object.get()) + kHead, part.bytes.data() + kHead,
                    part.bytes.size() - kHead);
    }
}

void StreamLayers::flush() const {
    // The buffer by itself: the program may have detached it.
    for (PyObject* layer : {text(), buffer()}) {
        if (!may_be_flushed(layer)) continue;
        const Owned done = Owned::steal(PyObject_CallMethod(layer, "flush", nullptr));
        PyErr_Clear();
    }
}

void StreamLayers::abandon() const {
    const Owned done = Owned::steal(PyObject_CallMethod(parts_[kRaw].object.get(), "close", nullptr));
    PyErr_Clear();
}

bool may_be_flushed(PyObject* file) {
    const Owned closed = Owned::steal(PyObject_GetAttrString(file, "closed"));
    const int is_closed = closed ? PyObject_IsTrue(closed.get()) : 0;
    PyErr_Clear();
    return is_closed <= 0;
}

}  // namespace tracemill::trace
