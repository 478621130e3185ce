// Python strings and type names as generalised UTF-8.
#pragma once

#include <string>

#include "python/compat.h"
#include "trace/text_builder.h"

namespace tracemill::trace {

// An exact str or a subclass; never runs Python code.
bool append_text(PyObject* unicode, TextBuilder& out);

std::string text_of(PyObject* unicode);

// `type(x).__name__`, as a string.
std::string type_name(PyTypeObject* type);

// Whether the repr of a bytearray has `\'` between double quotes too, unlike that of bytes; older Pythons do that.
// Asked for the first time before any program runs.
bool bytearray_escapes_all();

}  // namespace tracemill::trace
