#include "trace/library_graph.h"

#include <string>
#include <utility>
#include <vector>

#include "trace/library_class.h"
#include "trace/library_walk.h"

namespace tracemill::trace {
namespace {

using python::Owned;

bool is_made_from(PyTypeObject* type, const char* name) {
    for (; type->tp_flags & Py_TPFLAGS_HEAPTYPE; type = type->tp_base) {
        if (PyUnicode_CompareWithASCIIString(reinterpret_cast<PyHeapTypeObject*>(type)->ht_name, name) == 0)
            return true;
    }
    return false;
}

// What NetworkX keeps in the fields of graphs, and the views that it remembers there.
constexpr const char* kGraphFields[] = {
    "graph", "_node", "_adj",  "_succ",  "_pred",    "__networkx_cache__", "adj",       "succ",
    "pred",  "nodes", "edges", "degree", "in_edges", "out_edges",          "in_degree", "out_degree",
};

bool is_filled_dict(PyObject* object) { return object && PyDict_CheckExact(object) && PyDict_GET_SIZE(object) > 0; }

bool tell_nodes(PyObject* nodes, LibraryParts& parts) {
    Commas commas(parts);
    return for_each_entry(nodes, [&](PyObject* node, PyObject* attributes) {
        if (!commas.next()) return false;
        if (!is_filled_dict(attributes)) return parts.value(node);
        return parts.text("(") && parts.value(node) && parts.text(", ") && parts.value(attributes) && parts.text(")");
    });
}

// Of addresses, which are only compared.
class AddressSet {
  public:
    // False when it was there.
    bool insert(const void* address) {
        if (2 * size_ >= places_.size()) grow();
        const void*& place = find(address);
        if (place) return false;
        place = address;
        ++size_;
        return true;
    }

  private:
    const void*& find(const void* address) {
        const size_t mask = places_.size() - 1;
        size_t at = (reinterpret_cast<uintptr_t>(address) * 0x9e3779b97f4a7c15u >> 32) & mask;
        while (places_[at] && places_[at] != address) at = (at + 1) & mask;
        return places_[at];
    }
    void grow() {
        const std::vector<const void*> before = std::exchange(places_, {});
        places_.resize(before.empty() ? 64 : 2 * before.size());
        for (const void* address : before) {
            if (address) find(address) = address;
        }
    }

    std::vector<const void*> places_;  // as many as a power of two
    size_t size_ = 0;
};

// The edges of a graph, each once: both ends of an undirected one know the same dict of its attributes.
class Edges {
  public:
    Edges(LibraryParts& parts, bool is_multigraph, bool is_directed)
        : parts_(parts), commas_(parts), multigraph_(is_multigraph), directed_(is_directed) {}

    bool tell(PyObject* adjacency) {
        return for_each_entry(adjacency, [&](PyObject* node, PyObject* neighbours) {
            return !PyDict_Check(neighbours) || for_each_entry(neighbours, [&](PyObject* neighbour, PyObject* edge) {
                return (!directed_ && !told_.insert(edge)) || tell_all(node, neighbour, edge);
            });
        });
    }

  private:
    bool tell_all(PyObject* node, PyObject* neighbour, PyObject* edge) {
        if (!multigraph_ || !PyDict_Check(edge)) return tell_one(node, neighbour, nullptr, edge);
        return for_each_entry(
            edge, [&](PyObject* key, PyObject* attributes) { return tell_one(node, neighbour, key, attributes); });
    }

    bool tell_one(PyObject* node, PyObject* neighbour, PyObject* key, PyObject* attributes) {
        return commas_.next() && parts_.text("(") && parts_.value(node) && parts_.text(", ") &&
               parts_.value(neighbour) && (!key || (parts_.text(", ") && parts_.value(key))) &&
               (!is_filled_dict(attributes) || (parts_.text(", ") && parts_.value(attributes))) && parts_.text(")");
    }

    LibraryParts& parts_;
    Commas commas_;
    bool multigraph_;
    bool directed_;
    AddressSet told_;
};

// `EdgeView([(0, 1), (1, 2)])`: their own texts show no attributes.
class EdgesOfView {
  public:
    EdgesOfView(PyTypeObject* type, LibraryParts& parts)
        : parts_(parts), commas_(parts), multigraph_(is_made_from(type, "OutMultiEdgeView")),
          directed_(!is_made_from(type, "EdgeView") && !is_made_from(type, "MultiEdgeView")),
          incoming_(is_made_from(type, "InEdgeView") || is_made_from(type, "InMultiEdgeView")) {}

    bool tell(PyObject* adjacency) {
        return for_each_entry(adjacency, [&](PyObject* node, PyObject* neighbours) {
            return !PyDict_Check(neighbours) || for_each_entry(neighbours, [&](PyObject* neighbour, PyObject* edge) {
                if (!directed_ && !told_.insert(edge)) return true;
                return incoming_ ? tell_all(neighbour, node, edge) : tell_all(node, neighbour, edge);
            });
        });
    }

  private:
    bool tell_all(PyObject* from, PyObject* to, PyObject* edge) {
        if (!multigraph_ || !PyDict_Check(edge)) return tell_one(from, to, nullptr);
        return for_each_entry(edge, [&](PyObject* key, PyObject*) { return tell_one(from, to, key); });
    }
    bool tell_one(PyObject* from, PyObject* to, PyObject* key) {
        return commas_.next() && parts_.text("(") && parts_.value(from) && parts_.text(", ") && parts_.value(to) &&
               (!key || (parts_.text(", ") && parts_.value(key))) && parts_.text(")");
    }

    LibraryParts& parts_;
    Commas commas_;
    bool multigraph_;
    bool directed_;
    bool incoming_;
    AddressSet told_;
};

bool tell_node_view(PyObject* nodes, LibraryParts& parts) {
    Commas commas(parts);
    const bool more = parts.text("(") && for_each_entry(nodes, [&](PyObject* node, PyObject*) {
                          return commas.next() && parts.value(node);
                      });
    return more && parts.text(PyDict_GET_SIZE(nodes) == 1 ? ",)" : ")");
}

bool is_same_node(PyObject* one, PyObject* other) {
    if (one == other) return true;
    if (Py_TYPE(one) != Py_TYPE(other)) return false;
    int64_t number = 0;
    int64_t other_number = 0;
    if (PyLong_CheckExact(one) && tm_small_int(one, &number) && tm_small_int(other, &other_number)) {
        return number == other_number;
    }
    return (PyLong_CheckExact(one) || PyUnicode_CheckExact(one)) && PyObject_RichCompareBool(one, other, Py_EQ) == 1;
}

// A loop counts twice where edges have no direction.
Py_ssize_t loops_at(PyObject* node, PyObject* neighbours) {
    Py_ssize_t loops = 0;
    for_each_entry(neighbours, [&](PyObject* neighbour, PyObject*) {
        if (is_same_node(node, neighbour)) ++loops;
        return true;
    });
    return loops;
}

// `DegreeView({0: 1, 1: 2})`, of graphs without several edges between two nodes and of degrees without weights.
Told tell_degree_view(PyObject* object, LibraryParts& parts) {
    PyTypeObject* type = Py_TYPE(object);
    PyObject* successors = tm_field_named(object, "_succ");
    PyObject* nodes = tm_field_named(object, "_nodes");
    PyObject* weight = tm_field_named(object, "_weight");
    const bool is_undirected = is_made_from(type, "DegreeView");
    const bool is_outgoing = is_made_from(type, "OutDegreeView");
    if ((!is_undirected && !is_outgoing) || !successors || nodes != successors || !PyDict_CheckExact(nodes) ||
        weight != Py_None) {
        return Told::kUnknown;
    }
    const Owned held = Owned::share(nodes);
    Commas commas(parts);
    const auto tell_node = [&](PyObject* node, PyObject* neighbours) {
        if (!PyDict_CheckExact(neighbours)) return true;
        const Py_ssize_t degree = PyDict_GET_SIZE(neighbours) + (is_undirected ? loops_at(node, neighbours) : 0);
        return commas.next() && parts.value(node) && parts.text(": ") && parts.text(std::to_string(degree));
    };
    const bool more =
        tell_class(object, parts) && parts.text("{") && for_each_entry(nodes, tell_node) && parts.text("})");
    return more ? Told::kWhole : Told::kStopped;
}

}  // namespace

bool tell_graph(PyObject* object, LibraryParts& parts) {
    PyObject* nodes = tm_field_named(object, "_node");
    PyObject* adjacency = tm_field_named(object, "_adj");
    PyObject* attributes = tm_field_named(object, "graph");
    // A view of another graph, or what a program made of it.
    if (!nodes || !adjacency || !PyDict_Check(nodes) || !PyDict_Check(adjacency)) return parts.structure(object);
    const Owned held_nodes = Owned::share(nodes);
    const Owned held_adjacency = Owned::share(adjacency);
    const Owned held_attributes = attributes ? Owned::share(attributes) : Owned();
    const bool is_multigraph = is_made_from(Py_TYPE(object), "MultiGraph");
    const bool is_directed = is_made_from(Py_TYPE(object), "DiGraph");
    if (!tell_class(object, parts)) return false;
    if (is_filled_dict(attributes) && !(parts.value(attributes) && parts.text(", "))) return false;
    return parts.text("nodes=[") && tell_nodes(nodes, parts) && parts.text("], edges=[") &&
           Edges(parts, is_multigraph, is_directed).tell(adjacency) && parts.text("]") &&
           tell_added_fields(object, parts, [](PyObject* name) { return is_one_of(name, kGraphFields); }) &&
           parts.text(")");
}

Told tell_graph_view(PyObject* object, LibraryParts& parts) {
    PyTypeObject* type = Py_TYPE(object);
    if (is_made_from(type, "DiDegreeView")) return tell_degree_view(object, parts);
    const auto told = [](bool more) { return more ? Told::kWhole : Told::kStopped; };
    const bool is_atlas = is_made_from(type, "AtlasView");
    const bool is_nodes = is_made_from(type, "NodeView");
    const Owned content = Owned::steal(is_atlas   ? c_attribute(object, interned<"_atlas">())
                                       : is_nodes ? c_attribute(object, interned<"_nodes">())
                                                  : c_attribute(object, interned<"_adjdict">()));
    if (!content) return Told::kUnknown;
    if (is_atlas) return told(tell_class(object, parts) && parts.value(content.get()) && parts.text(")"));
    // Of a view of a graph.
    if (!PyDict_Check(content.get())) return told(parts.structure(object));
    if (is_nodes) return told(tell_class(object, parts) && tell_node_view(content.get(), parts) && parts.text(")"));
    return told(tell_class(object, parts) && parts.text("[") && EdgesOfView(type, parts).tell(content.get()) &&
                parts.text("])"));
}

}  // namespace tracemill::trace
