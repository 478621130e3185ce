#include "loops/source_loops.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "python/ref.h"

namespace tracemill::loops {
namespace {

using python::Owned;

uint64_t number_of(PyObject* node, const char* name) {
    const Owned value = Owned::steal(PyObject_GetAttrString(node, name));
    const long number = value && PyLong_CheckExact(value.get()) ? PyLong_AsLong(value.get()) : 0;
    PyErr_Clear();
    return number > 0 ? static_cast<uint64_t>(number) : 0;
}

Range range_of(PyObject* node) {
    return {number_of(node, "lineno") << 32 | number_of(node, "col_offset"),
            number_of(node, "end_lineno") << 32 | number_of(node, "end_col_offset")};
}

Owned field(PyObject* node, const char* name) {
    Owned value = Owned::steal(PyObject_GetAttrString(node, name));
    PyErr_Clear();
    return value;
}

// From the first statement of a list to the last; empty for an empty list. Decorators belong to it.
Range range_of_list(PyObject* list) {
    if (!list || !PyList_CheckExact(list) || PyList_GET_SIZE(list) == 0) return {};
    Range range = range_of(PyList_GET_ITEM(list, 0));
    range.end = range_of(PyList_GET_ITEM(list, PyList_GET_SIZE(list) - 1)).end;
    const Owned decorators = field(PyList_GET_ITEM(list, 0), "decorator_list");
    const Range decorated = range_of_list(decorators.get());
    if (!decorated.empty()) range.start = std::min(range.start, decorated.start);
    return range;
}

}  // namespace

void SourceLoops::visit(PyObject* node, std::vector<PyObject*>& pending) {
    if (!(Py_TYPE(node)->tp_flags & Py_TPFLAGS_HEAPTYPE)) return;  // a number, a text, None: no node of the tree
    const Owned fields = Owned::steal(PyObject_GetAttrString(reinterpret_cast<PyObject*>(Py_TYPE(node)), "_fields"));
    if (!fields || !PyTuple_CheckExact(fields.get())) {
        PyErr_Clear();
        return;
    }
    const char* dot = std::strrchr(Py_TYPE(node)->tp_name, '.');
    const std::string_view type = dot ? dot + 1 : Py_TYPE(node)->tp_name;
    SourceNode found;
    bool wanted = true;
    if (type == "For" || type == "AsyncFor" || type == "While") {
        found.kind = type == "While" ? SourceNode::Kind::kWhile : SourceNode::Kind::kFor;
        found.range = range_of(node);
        found.head = range_of(field(node, type == "While" ? "test" : "iter").get());
        found.body = range_of_list(field(node, "body").get());
        found.otherwise = range_of_list(field(node, "orelse").get());
    } else if (type == "ListComp" || type == "SetComp" || type == "DictComp" || type == "GeneratorExp") {
        found.kind = SourceNode::Kind::kComprehension;
        found.own_frame = !TM_HAS_INLINED_COMPREHENSIONS || type == "GeneratorExp";
        found.range = range_of(node);
        const Owned clauses = field(node, "generators");
        for (Py_ssize_t i = 0; clauses && i < PyList_GET_SIZE(clauses.get()); ++i) {
            PyObject* clause = PyList_GET_ITEM(clauses.get(), i);
            found.over.push_back(range_of(field(clause, "iter").get()));
            found.lines.push_back(static_cast<uint32_t>(range_of(field(clause, "target").get()).start >> 32));
        }
    } else if (type == "FunctionDef" || type == "AsyncFunctionDef" || type == "ClassDef") {
        found.range = range_of_list(field(node, "body").get());
    } else if (type == "Lambda") {
        found.range = range_of(field(node, "body").get());
    } else {
        wanted = false;
    }
    if (wanted) {
        found.line = static_cast<uint32_t>(found.range.start >> 32);
        nodes_.push_back(std::move(found));
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields.get()); ++i) {
        PyObject* value = PyObject_GetAttr(node, PyTuple_GET_ITEM(fields.get(), i));
        if (!value) {
            PyErr_Clear();
        } else if (PyList_CheckExact(value)) {
            for (Py_ssize_t at = 0; at < PyList_GET_SIZE(value); ++at) {
                pending.push_back(Py_NewRef(PyList_GET_ITEM(value, at)));
            }
            Py_DECREF(value);
        } else {
            pending.push_back(value);
        }
    }
}

void SourceLoops::read(std::string_view source) {
    nodes_.clear();
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags = PyCF_SOURCE_IS_UTF8 | PyCF_IGNORE_COOKIE | PyCF_ONLY_AST;
    const std::string terminated(source);
    PyObject* tree = Py_CompileStringExFlags(terminated.c_str(), "<program>", Py_file_input, &flags, -1);
    PyErr_Clear();
    std::vector<PyObject*> pending;
    if (tree) pending.push_back(tree);
    while (!pending.empty()) {
        const Owned node = Owned::steal(pending.back());
        pending.pop_back();
        visit(node.get(), pending);
    }
    std::stable_sort(nodes_.begin(), nodes_.end(), [](const SourceNode& a, const SourceNode& b) {
        return a.range.start != b.range.start ? a.range.start < b.range.start : a.range.end > b.range.end;
    });
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
        int around = i - 1;
        while (around >= 0 && !nodes_[around].range.contains(nodes_[i].range)) around = nodes_[around].parent;
        nodes_[i].parent = around;
    }
}

int SourceLoops::innermost(const Range& range) const {
    const auto after =
        std::upper_bound(nodes_.begin(), nodes_.end(), range.start,
                         [](uint64_t start, const SourceNode& node) { return start < node.range.start; });
    int at = static_cast<int>(after - nodes_.begin()) - 1;
    while (at >= 0 && !nodes_[at].range.contains(range)) at = nodes_[at].parent;
    return at;
}

int SourceLoops::find(const Range& range, SourceNode::Kind kind) const {
    for (int at = innermost(range); at >= 0 && nodes_[at].range == range; at = nodes_[at].parent) {
        if (nodes_[at].kind == kind) return at;
    }
    return -1;
}

int SourceLoops::find_over(const Range& over, size_t& clause) const {
    for (int at = innermost(over); at >= 0; at = nodes_[at].parent) {
        const SourceNode& node = nodes_[at];
        if (node.kind == SourceNode::Kind::kFor && node.head == over) return at;
        const auto found = std::find(node.over.begin(), node.over.end(), over);
        if (found == node.over.end()) continue;
        clause = static_cast<size_t>(found - node.over.begin());
        return at;
    }
    return -1;
}

}  // namespace tracemill::loops
