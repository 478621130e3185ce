// Which of the library's dicts were written to. From 3.12 CPython tells (PyDict_Watch) and a clean program costs
// nothing; before, versions are compared. All of them would push a program's own data out of the cache, so those that a
// program is unlikely to have written to are looked at later.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "python/compat.h"

namespace tracemill::guard {

// When a dict is looked at, where CPython does not tell of writes.
enum class Looked : uint8_t { kAfterEveryProgram, kAfterImports, kNowAndThen };

class DictWatch {
  public:
    DictWatch() = default;
    DictWatch(const DictWatch&) = delete;
    DictWatch& operator=(const DictWatch&) = delete;

    // Dicts are numbered from 0 in the order of these calls; they must stay alive. One watch per process. False with an
    // exception set.
    bool add(PyObject* dict, Looked looked);
    // Once all are added: from here on their memory is read in order.
    void sort();

    // Numbers of the dicts that were written to since they were accepted last, of those that are looked at from `first`
    // to `last`; may name one that is as it was. Where CPython tells of writes, all are among those of every program.
    std::vector<uint32_t> touched(Looked first, Looked last) const;
    bool was_touched(uint32_t number) const;
    // What is in the dict now counts as untouched.
    void accept(uint32_t number);

  private:
#if TM_HAS_DICT_WATCHERS
    static int changed(PyDict_WatchEvent event, PyObject* dict, PyObject* key, PyObject* value);

    int watcher_ = -1;
    std::unordered_map<PyObject*, uint32_t> numbers_;
    std::vector<bool> touched_;
    std::vector<uint32_t> touched_numbers_;  // in the order of the first write
#else
    static constexpr int kTogether = 8;
    static constexpr size_t kGroups = 3;  // values of Looked

    struct Watched {
        PyObject* dict;  // borrowed
        uint64_t version;
    };

    std::vector<Watched> watched_;   // by when they are looked at, then in the order of their addresses
    std::vector<uint32_t> numbers_;  // of them, in the same order
    std::vector<uint32_t> places_;   // in watched_, by number
    std::vector<Looked> looked_;     // by number
    size_t begins_[kGroups + 1]{};   // in watched_, by value of Looked
#endif
};

}  // namespace tracemill::guard
