#include "trace/library_structure.h"

#include <string>
#include <utility>
#include <vector>

#include "python/instance_fields.h"
#include "python/ref.h"
#include "python/slots.h"
#include "trace/library_class.h"
#include "trace/program_class.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// Separates one part from the next.
class Commas {
  public:
    explicit Commas(LibraryParts& parts) : parts_(parts) {}

    bool next() {
        const bool is_first = first_;
        first_ = false;
        return is_first || parts_.text(", ");
    }

  private:
    LibraryParts& parts_;
    bool first_ = true;
};

bool tell_class(PyObject* object, LibraryParts& parts) {
    return parts.name(reinterpret_cast<PyHeapTypeObject*>(Py_TYPE(object))->ht_name) && parts.text("(");
}

template <typename Visit>
bool for_each_slot_of_all(PyTypeObject* type, PyObject* object, Visit&& visit) {
    if (type->tp_base && !for_each_slot_of_all(type->tp_base, object, visit)) return false;
    return python::for_each_own_slot(type, [&](const PyMemberDef& member) {
        PyObject* value = *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + member.offset);
        return !value || visit(member.name, value);
    });
}

// Calls `visit(key, value)` for every pair that `kNext` finds in the object, each held meanwhile; false when stopped.
template <auto kNext, typename Visit>
bool for_each_pair(PyObject* object, Visit&& visit) {
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (kNext(object, &position, &key, &value)) {
        const Owned held_key = Owned::share(key);
        const Owned held_value = Owned::share(value);
        if (!visit(key, value)) return false;
    }
    return true;
}

template <typename Visit>
bool for_each_entry(PyObject* dict, Visit&& visit) {
    return for_each_pair<PyDict_Next>(dict, std::forward<Visit>(visit));
}

bool is_made_from(PyTypeObject* type, const char* name) {
    for (; type->tp_flags & Py_TPFLAGS_HEAPTYPE; type = type->tp_base) {
        if (PyUnicode_CompareWithASCIIString(reinterpret_cast<PyHeapTypeObject*>(type)->ht_name, name) == 0)
            return true;
    }
    return false;
}

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

}  // namespace

// What a printer may ask for; remembered hashes and assumptions follow from the rest.
bool tell_expression(PyObject* object, LibraryParts& parts) {
    const auto tell_slot = [&](const char* name, PyObject* value) {
        const std::string_view slot = name;
        if (slot == "_mhash" || slot.starts_with("_assumptions")) return true;
        const Owned held = Owned::share(value);
        return parts.value(value);
    };
    if (!for_each_slot_of_all(Py_TYPE(object), object, tell_slot)) return false;
    const auto tell_field = [&](PyObject* name, PyObject* value) {
        // Classes and functions come with the class of the object.
        return PyType_Check(value) || PyCallable_Check(value) || (parts.value(name) && parts.value(value));
    };
    return for_each_pair<tm_next_field>(object, tell_field) &&
           (!PyDict_Check(object) || for_each_entry(object, [&](PyObject* key, PyObject* value) {
               return parts.value(key) && parts.value(value);
           }));
}

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
           Edges(parts, is_multigraph, is_directed).tell(adjacency) && parts.text("])");
}

}  // namespace tracemill::trace
