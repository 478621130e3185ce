// The part of the library's state that is compared only now and then, because nothing tells when it changes: contents
// of lists and sets, code and defaults of functions, bases of classes, classes of objects, closures, slots, C objects,
// signal handlers.
// Never brought back: a process in which it changed is given up.
#pragma once

#include <string>
#include <vector>

#include "guard/library_heap.h"

namespace tracemill::guard {

class DeepState {
  public:
    // Takes over what it looks at. Throws std::bad_alloc.
    void take(LibraryHeap heap);

    // Whether all is as it was when it was taken. Runs no code of programs; needs the GIL.
    bool is_unchanged() const;

  private:
    // Pointers that must stay as they are: `count` of them at `at`, one after the other, and of a function one more
    // behind a gap of one; the last one before the gap may become an empty dict where there was none.
    struct Block {
        PyObject** at;
        uint32_t first;  // in pointers_
        uint16_t count;
        bool is_function;
    };
    struct Sequence {
        python::Owned list;
        size_t first;
        size_t count;
    };
    struct Set {
        python::Owned set;
        std::vector<PyObject*> elements;  // borrowed
    };
    struct Bytes {
        python::Owned object;
        std::string bytes;
    };
    struct Shown {
        python::Owned object;
        python::Owned text;
    };
    // A question to the interpreter whose answer must stay the same.
    struct Probe {
        python::Owned function;
        python::Owned argument;  // empty = none
        python::Owned answer;
    };

    void watch_pointers(PyObject** at, size_t count, bool is_function = false);
    void remember_blocks();
    void watch_list(python::Owned list);
    void watch_slots(PyObject* object);
    void probe(python::Owned function, PyObject* argument = nullptr);
    void ask(const char* module, const char* function, PyObject* argument = nullptr);
    void ask_all();
    static bool got_attributes(const Block& function, PyObject* const* before);
    bool blocks_are_unchanged() const;
    bool lists_are_unchanged() const;
    bool sets_are_unchanged() const;
    bool bytes_are_unchanged() const;
    bool answers_are_unchanged() const;

    LibraryHeap heap_;  // keeps alive what is pointed into
    std::vector<PyObject*> pointers_;
    std::vector<Block> blocks_;
    std::vector<Sequence> lists_;
    std::vector<Set> sets_;
    std::vector<Bytes> bytes_;
    std::vector<Shown> shown_;
    std::vector<Probe> probes_;
};

}  // namespace tracemill::guard
