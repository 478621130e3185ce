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

    int d_watcher = -1;
    std::unordered_map<PyObject*, uint32_t> d_numbers;
    std::vector<bool> d_touched;
    std::vector<uint32_t> d_touched_numbers;  // in the order of the first write
#else
    static constexpr int kTogether = 8;
    static constexpr size_t kGroups = 3;  // values of Looked

    struct Watched {
        PyObject* dict;  // borrowed
        uint64_t version;
    };

    std::vector<Watched> d_watched;   // by when they are looked at, then in the order of their addresses
    std::vector<uint32_t> d_numbers;  // of them, in the same order
    std::vector<uint32_t> d_places;   // in d_watched, by number
    std::vector<Looked> d_looked;     // by number
    size_t d_begins[kGroups + 1]{};   // in d_watched, by value of Looked
#endif
};

}  // namespace tracemill::guard
