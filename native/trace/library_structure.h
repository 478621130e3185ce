// Objects of third-party classes that are shown by what they hold: estimators, sparse matrices, graphs; and what a
// SymPy expression is made of.
#pragma once

#include "trace/library_value.h"

namespace tracemill::trace {

// `LinearRegression(fit_intercept=True, coef_=array([2.]))`. False to stop, as all of these.
bool tell_fields(PyObject* object, LibraryParts& parts);

// `DiGraph(nodes=[1, ('b', {'color': 'red'})], edges=[(1, 'b', {'weight': 3})])`
bool tell_graph(PyObject* object, LibraryParts& parts);

// The whole tree, however deep.
bool tell_expression(PyObject* object, LibraryParts& parts);

}  // namespace tracemill::trace
