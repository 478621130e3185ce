// Graphs of NetworkX, and its views of what they hold, read from their dicts: a view that is asked for would be
// remembered.
#pragma once

#include "trace/library_value.h"

namespace tracemill::trace {

// `DiGraph(nodes=[1, ('b', {'color': 'red'})], edges=[(1, 'b', {'weight': 3})])`. False to stop.
bool tell_graph(PyObject* object, LibraryParts& parts);

// `NodeView((1, 2))`, `EdgeView([(1, 2)])`, `AdjacencyView({1: {2: {}}})`, `DegreeView({1: 1})`
Told tell_graph_view(PyObject* object, LibraryParts& parts);

}  // namespace tracemill::trace
