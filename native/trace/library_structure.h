// Objects of third-party classes that are told by what they hold: graphs, and what a SymPy expression is made of.
#pragma once

#include "trace/library_value.h"

namespace tracemill::trace {

// `DiGraph(nodes=[1, ('b', {'color': 'red'})], edges=[(1, 'b', {'weight': 3})])`. False to stop, as both.
bool tell_graph(PyObject* object, LibraryParts& parts);

// The whole tree, however deep.
bool tell_expression(PyObject* object, LibraryParts& parts);

}  // namespace tracemill::trace
