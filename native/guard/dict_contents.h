// What a dict held, and how to bring it back.
#pragma once

#include <utility>
#include <vector>

#include "python/ref.h"

namespace tracemill::guard {

class DictContents {
  public:
    // Of what `dict` holds now. `type`: whose attributes these are, or NULL.
    DictContents(PyObject* dict, PyTypeObject* type);

    PyObject* dict() const { return dict_.get(); }
    Py_ssize_t size() const { return static_cast<Py_ssize_t>(items_.size()); }

    // The same keys in the same order with the same objects as values.
    bool are_unchanged() const;
    // As are_unchanged() of the keys that were there; others may have been added.
    bool are_all_there() const;

    // What stands there now under a key that was there is the value to bring back from now on.
    void adopt(PyObject* key);

    // Brings everything back. May run code of the program: what it drops may have finalisers, and keys of its own may
    // be compared with ours. False: it could not.
    bool restore() const;

  private:
    bool set(PyObject* key, PyObject* value) const;  // NULL deletes
    bool put_values_back() const;
    bool drop_other_keys() const;
    bool fill_again() const;
    bool holds_the_same() const;

    python::Owned dict_;
    PyTypeObject* type_;
    std::vector<std::pair<python::Owned, python::Owned>> items_;
};

}  // namespace tracemill::guard
