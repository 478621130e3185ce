// pandas' frames, series, indexes and arrays, told by the blocks of memory that hold them: without a method of theirs,
// which would remember something.
#pragma once

#include "trace/library_value.h"

namespace tracemill::trace {

// `DataFrame({'a': [1, 2], 'b': ['x', 'y']}, index=['p', 'q'])`; the index only where it does not count from 0. One
// that is too large for its text begins with its shape and a digest of all that it holds.
Told tell_frame(PyObject* frame, LibraryParts& parts);

// `Series([1, 2], index=['p', 'q'], name='a')`
Told tell_series(PyObject* series, LibraryParts& parts);

// `Index(['p', 'q'], name='a')`
Told tell_index(PyObject* index, LibraryParts& parts);

// `Categorical(['a', 'b'], categories=['a', 'b'])`, `IntegerArray([1, <NA>])`
Told tell_extension_array(PyObject* array, LibraryParts& parts);

}  // namespace tracemill::trace
