// Containers that functions of allowed modules have as defaults. They are empty, and may get into a program's hands:
// copy.deepcopy() asks the program's memo with one.
#pragma once

#include <vector>

#include "admission/name_table.h"

namespace tracemill::admission {

class LentDefaults {
  public:
    // Once, in the warm interpreter. False: one of them is not empty.
    bool prepare(const NameTable& names);
    bool are_empty() const;

  private:
    bool add(PyObject* value);

    std::vector<python::Owned> containers_;
};

}  // namespace tracemill::admission
