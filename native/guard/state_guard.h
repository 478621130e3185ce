// Keeps programs that share an interpreter from seeing each other. After every program whatever it changed in the
// library's dicts (modules, classes, instances), in the lists that programs like to add to, in counters, caches and the
// process is put back; what cannot be put back, or is not worth it, makes the process unfit for another program. What
// nothing tells about is compared now and then (is_unchanged_deeply): results since the last comparison count only when
// it finds nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "guard/deep_state.h"
#include "guard/dict_contents.h"
#include "guard/dict_watch.h"
#include "guard/process_state.h"

namespace tracemill::guard {

class StateGuard {
  public:
    // Once, when the interpreter is warm: first this, which makes objects, then, after its heap was frozen, settle().
    // Empty or an error text.
    std::string prepare();
    void settle();

    // The program's surroundings are made: from here on changes are its doing. `imports`: it may import modules, and
    // may not for all that anybody can see.
    void start(bool imports);

    enum class Verdict {
        kClean,     // nothing was changed
        kRestored,  // something was, and is as before; what the program kept there was dropped
        kSpoiled    // the process must not run another program
    };
    // The program's module leaves sys.modules: None stands there until restore().
    void release_main_module();

    // Once the program's own objects are gone. May run code of the program (finalisers of what it had hidden).
    Verdict restore();

    // Between programs: these names of `sys` stand for other objects of ours from now on.
    void adopt_in_sys(std::span<const python::Owned> names);

    bool is_unchanged_deeply();

  private:
    struct HotList {
        python::Owned list;
        std::vector<python::Owned> items;
    };
    struct Counter {
        python::Owned count;
        Py_ssize_t value;
    };

    static void know_coroutines();
    void find_hot_lists();
    void find_task_set();
    bool clear(const LibraryHeap::Cache& cache) const;
    bool restore_dicts();
    bool are_unchanged(Looked first, Looked last);
    bool restore_lists();
    void restore_counters();
    void restore_wakeup() const;
    void restore_main_module() { stand_for_main(main_.get()); }
    // No doing of the program, so that the dict counts as touched only if it was before.
    void stand_for_main(PyObject* object);
    bool is_spoiled() const;
    uint64_t abc_registrations() const;

    bool prepared_ = false;
    bool started_ = false;
    bool restored_something_ = false;
    bool imports_ = true;     // the program that runs
    bool unseen_ = false;     // programs without imports have run since all dicts with kAfterImports were looked at
    bool misplaced_ = false;  // one of them wrote to those dicts
    DictWatch watch_;         // numbers: first dicts_, then caches_
    std::vector<DictContents> dicts_;
    std::vector<LibraryHeap::Cache> caches_;
    uint32_t modules_ = 0;  // number of sys.modules
    uint32_t sys_ = 0;      // number of sys.__dict__
    python::Owned main_;    // the module that stands in sys.modules between programs
    python::Owned set_wakeup_;
    python::Owned no_descriptor_;
    python::Owned clear_cache_;
    python::Owned abc_token_;
    uint64_t abc_registrations_ = 0;
    python::Owned tasks_;  // the set behind asyncio's list of all tasks
    Py_ssize_t task_slots_ = 0;
    std::vector<HotList> hot_lists_;
    std::vector<Counter> counters_;
    ProcessState process_;
    DeepState deep_;
};

}  // namespace tracemill::guard
