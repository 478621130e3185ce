// Ordinals for objects, in order of first appearance, in place of addresses. An ordinal means one object for as long as
// that lives, although nothing is kept alive: no reference, no weak reference.
//
// An object is known by the block of memory that it lies in, and the allocator tells when a block is given back. Types
// that keep dead objects for their next instance tell so in their deallocators. Both hooks stand once per process and
// cost a look at one word while no block is of interest.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "python/compat.h"

namespace tracemill::python {

class ObjectOrdinals {
  public:
    // The only one: Python's allocators are the process's.
    static ObjectOrdinals& instance() { return s_instance; }

    // Once, after the interpreter started. Empty or an error text.
    static std::string install();

    // Its ordinal, a new one at the first call; 0 without memory. The object belongs to the caller.
    uint64_t of(PyObject* object) { return of_block(block_of(object)); }

    // 0 when the object has no ordinal.
    uint64_t find(PyObject* object) const;

    // How many objects with an ordinal have ended: while that stays, an address means the same object.
    uint64_t ends() const { return ends_; }

    // Of the allocator: a block is given back, or what lies in it is dead.
    void ended(const void* block) {
        if (count_ != 0 && entries_[home(reinterpret_cast<uintptr_t>(block))].block != 0) [[unlikely]] {
            forget(reinterpret_cast<uintptr_t>(block));
        }
    }

    // Forgets everything; the next ordinal is 1.
    void clear();

    // What the table takes.
    uint64_t bytes() const { return entries_.size() * sizeof(Entry); }

    // Where the allocator's block of the object begins.
    static const void* block_of(PyObject* object);

  private:
    struct Entry {
        uintptr_t block = 0;
        uint64_t ordinal = 0;
    };

    constexpr ObjectOrdinals() = default;

    // Blocks lie at multiples of 16; neighbours are spread.
    size_t home(uintptr_t block) const { return static_cast<size_t>(((block >> 4) * 0x9e3779b97f4a7c15u) >> shift_); }
    size_t place(uintptr_t block) const;
    uint64_t of_block(const void* block);
    bool grow();
    bool start_over();
    void forget(uintptr_t block);

    // Open addressing; sparse, since most blocks that are given back are not in it and should find an empty place.
    std::vector<Entry> entries_;
    int shift_ = 64;
    size_t count_ = 0;
    uint64_t ends_ = 0;
    uint64_t next_ = 1;

    static ObjectOrdinals s_instance;
};

}  // namespace tracemill::python
