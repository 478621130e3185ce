// Which programs may share an interpreter with others: those that by the names in their code can reach nothing that is
// shared and could be changed. One pass over the code objects, before anything runs; in doubt a program is not tame.
//
//   - Names are refused by what they may lead to (names.h), whatever they stand for in the program at hand.
//   - Only allowed modules are imported, and nothing of them is named but what their lists give (allowed_modules.h):
//     an attribute that a bound module has and its list lacks is refused wherever it stands.
//   - Attributes are reached by names alone: what takes a name as a string is refused. str.format() does, so its text
//     must be a constant without double underscores; the names in class patterns are looked at like others.
//
// What a library object that a tame program does reach could still suffer is noticed while it runs (barriers.h).
#pragma once

#include <string>

#include "admission/name_table.h"

namespace tracemill::admission {

// What the rule found in the code objects of a source, or of several that run together.
struct Findings {
    const char* refused_for = nullptr;  // the kind of the first thing that is not tame
    python::Owned name;                 // and what it is called, if anything
    ModuleSet bound = 0;                // modules that the code can name
    ModuleSet starred = 0;              // those of which it imports everything
    ModuleSet hidden = 0;               // those that hide an attribute of a name in the code
    ModuleSet hidden_variables = 0;     // those that hide a variable of such a name

    bool tame() const { return !refused_for && (bound & hidden) == 0 && (starred & hidden_variables) == 0; }
    void add(const Findings& other);
};

class TameRule {
  public:
    // Once, in the warm interpreter. Empty or an error text.
    std::string prepare();
    NameTable& names() { return names_; }

    // Of a code object and all those inside it. `generated`: the library made its source while a tame program ran.
    Findings look_at(PyCodeObject* code, bool generated = false) const;

  private:
    NameTable names_;
};

}  // namespace tracemill::admission
