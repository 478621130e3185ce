// What each name may be used for in a tame program. Names of code objects are interned, so that their addresses are
// their identity; the table is made once, and one look-up answers all questions about a name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "python/ref.h"

namespace tracemill::admission {

// One bit for each allowed module, by its number.
using ModuleSet = uint64_t;

struct NameUse {
    // Bits of `refused`.
    static constexpr uint8_t kVariable = 1;    // read by itself
    static constexpr uint8_t kAttribute = 2;   // read of an object
    static constexpr uint8_t kDefinition = 4;  // given a value by itself
    static constexpr uint8_t kChange = 8;      // set or deleted of an object
    static constexpr uint8_t kEverything = 15;

    uint8_t refused = 0;
    uint8_t module = 0;     // 1 + number of the allowed module of this name; 0 = there is none
    ModuleSet given = 0;    // allowed modules whose list has the name
    ModuleSet hidden = 0;   // those that have it, but not on their list
    ModuleSet modules = 0;  // allowed modules that it is itself, as something given by another one
};

class NameTable {
  public:
    // Once, in the warm interpreter. Empty or an error text.
    std::string prepare();

    NameUse use_of(PyObject* name) const;

    // Names that the rule asks for by themselves; borrowed.
    struct Special {
        PyObject* annotations;
        PyObject* format;
        PyObject* module;
        PyObject* name;
        PyObject* wraps;
        PyObject* setattr;  // with two underscores at both ends, as is the next one
        PyObject* delattr;
        PyObject* create_function;  // of `dataclasses`
    };
    const Special& special() const { return special_; }
    // By number; empty where this Python has no such module.
    const std::vector<python::Owned>& modules() const { return modules_; }
    // Allowed modules among what the module of that number gives.
    ModuleSet modules_in(int number) const { return modules_in_[static_cast<size_t>(number)]; }
    // Whether some allowed module gives this object.
    bool gives(PyObject* value) const;
    // The module does not give it after all.
    void take_back(PyObject* name, int module);
    // Also refused as an attribute from now on.
    void refuse_attribute(PyObject* name) { use(name).refused |= NameUse::kAttribute | NameUse::kChange; }

  private:
    struct Entry {
        PyObject* name = nullptr;  // kept alive by names_
        uint32_t use = 0;
    };

    NameUse& use(PyObject* name);
    NameUse& use(std::string_view name);
    PyObject* kept(std::string_view name);
    void refuse(std::string_view names, uint8_t uses);
    void allow(std::string_view names, uint8_t uses);
    void import_modules();
    void give(uint8_t number, std::string_view names);
    void give_name(uint8_t number, std::string_view name);
    void hide_rest(uint8_t number);
    void refuse_methods_of_metaclasses();
    size_t place_of(PyObject* name) const;
    void grow();

    Special special_{};
    std::vector<Entry> places_;  // open addressing; a power of two
    std::vector<NameUse> uses_;
    std::vector<python::Owned> names_;
    std::vector<python::Owned> modules_;
    std::vector<python::Owned> given_values_;
    std::vector<ModuleSet> modules_in_;  // by number
};

}  // namespace tracemill::admission
