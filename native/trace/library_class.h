// Which of the known kinds a class of a third-party library is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "python/compat.h"

namespace tracemill::trace {

enum class LibraryFamily : uint8_t {
    kNone,
    kMaskedArray,
    kGraph,
    kFields,  // all there is of it, and nothing else, is in its fields
    kFrame,
    kSeries,
    kIndex,
    kExtensionArray,  // of pandas
    kGraphView,
    kMoment,      // of pandas: immutable
    kExpression,  // of SymPy: immutable, shown by its own printer
    kHeld,        // any other of Python code: its own repr depends on what it holds
};

// The text of a name, made once: `interned<"_mask">()`.
template <size_t kSize>
struct NameText {
    consteval NameText(const char (&name)[kSize]) { std::copy(name, name + kSize, text); }
    char text[kSize];
};

template <NameText kName>
PyObject* interned() {
    static PyObject* const kText = PyUnicode_InternFromString(kName.text);
    return kText;
}

// Of a heap type; remembered until somebody changes the class.
LibraryFamily family_of(PyTypeObject* type);

// Whether instances hold what a frame, series, index or graph holds, in fields of no meaning to others.
bool has_content_of_package(PyTypeObject* type);

// By the first part of the name of its module.
bool is_of_package(PyTypeObject* type, std::string_view package);

// An attribute that is read by C code: of `__dict__`, a member or a getter of an extension type. A new reference; NULL,
// without an exception, where Python code would run.
PyObject* c_attribute(PyObject* object, PyObject* name);

}  // namespace tracemill::trace
