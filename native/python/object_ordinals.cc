#include "python/object_ordinals.h"

#include <algorithm>
#include <new>
#include <utility>

#include "python/error.h"
#include "python/ref.h"

namespace tracemill::python {
namespace {

constexpr int kFirstBits = 8;
// A quarter full at most.
constexpr size_t kSparsity = 4;
// Larger than any honest program needs; past it objects get no ordinal.
constexpr int kMostBits = 28;

// Before the object's address, in its block: the collector's links, and where the type keeps its fields by itself.
constexpr size_t kCollectorLinks = 2 * sizeof(void*);
constexpr size_t kManagedFields = 2 * sizeof(void*);
#ifdef Py_TPFLAGS_PREHEADER
constexpr unsigned long kHasManagedFields = Py_TPFLAGS_PREHEADER;
#else
constexpr unsigned long kHasManagedFields = Py_TPFLAGS_MANAGED_DICT;
#endif

PyMemAllocatorEx s_objects;

void free_object(void* context, void* block) {
    ObjectOrdinals::instance().ended(block);
    s_objects.free(context, block);
}

void install_allocator() {
    PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &s_objects);
    PyMemAllocatorEx hooked = s_objects;
    hooked.free = free_object;
    PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &hooked);
}

void tell(PyObject* object) { ObjectOrdinals::instance().ended(ObjectOrdinals::block_of(object)); }

// What ends an object of a type that keeps dead ones for its next instance: `kTheirs` is the type's own deallocator.
template <destructor& kTheirs>
void flat_ends(PyObject* object) {
    tell(object);
    kTheirs(object);
}

// Lists and dicts nest deeply. CPython bounds the depth of their deallocators where the type's is the one that runs,
// which it no longer is: so the bound is here. Theirs finds itself replaced and goes straight on.
template <destructor& kTheirs>
void nested_ends(PyObject* object) {
    PyObject_GC_UnTrack(object);
    Py_TRASHCAN_BEGIN(object, nested_ends<kTheirs>) flat_ends<kTheirs>(object);
    Py_TRASHCAN_END
}

destructor s_list_dealloc;
destructor s_dict_dealloc;
destructor s_context_dealloc;
destructor s_send_dealloc;

void replace(PyTypeObject* type, destructor ours, destructor& theirs) {
    theirs = type->tp_dealloc;
    type->tp_dealloc = ours;
}

// What `__anext__()` of an asynchronous generator gives; its type has no name in C.
PyTypeObject* send_type() {
    constexpr char kSource[] = "async def make():\n yield\nsend = make().__anext__()\nsend.close()\n";
    const Owned globals = Owned::steal(PyDict_New());
    const Owned code = Owned::steal(Py_CompileString(kSource, "<tracemill>", Py_file_input));
    const Owned done =
        globals && code ? Owned::steal(PyEval_EvalCode(code.get(), globals.get(), globals.get())) : Owned();
    PyObject* send = done ? PyDict_GetItemString(globals.get(), "send") : nullptr;  // borrowed
    return send ? Py_TYPE(send) : nullptr;
}

}  // namespace

constinit ObjectOrdinals ObjectOrdinals::s_instance;

std::string ObjectOrdinals::install() {
    PyTypeObject* send = send_type();
    if (!send) return "the Python runtime is incomplete: " + take_error_text();
    if (!instance().grow()) return "no memory";
    install_allocator();
    replace(&PyList_Type, nested_ends<s_list_dealloc>, s_list_dealloc);
    replace(&PyDict_Type, nested_ends<s_dict_dealloc>, s_dict_dealloc);
    replace(&PyContext_Type, flat_ends<s_context_dealloc>, s_context_dealloc);
    replace(send, flat_ends<s_send_dealloc>, s_send_dealloc);
    return std::string();
}

const void* ObjectOrdinals::block_of(PyObject* object) {
    const unsigned long flags = Py_TYPE(object)->tp_flags;
    size_t before = flags & Py_TPFLAGS_HAVE_GC ? kCollectorLinks : 0;
    if (flags & kHasManagedFields) before += kManagedFields;
    return reinterpret_cast<const char*>(object) - before;
}

// Where the block is, or the empty place where it would be.
size_t ObjectOrdinals::place(uintptr_t block) const {
    const size_t mask = entries_.size() - 1;
    size_t at = home(block);
    while (entries_[at].block != 0 && entries_[at].block != block) at = (at + 1) & mask;
    return at;
}

uint64_t ObjectOrdinals::of_block(const void* address) {
    const auto block = reinterpret_cast<uintptr_t>(address);
    size_t at = place(block);
    if (entries_[at].block == block) return entries_[at].ordinal;
    if ((count_ + 1) * kSparsity > entries_.size()) {
        if (!grow()) return 0;
        at = place(block);
    }
    ++count_;
    entries_[at] = {block, next_};
    return next_++;
}

uint64_t ObjectOrdinals::find(PyObject* object) const {
    const auto block = reinterpret_cast<uintptr_t>(block_of(object));
    const Entry& entry = entries_[place(block)];
    return entry.block == block ? entry.ordinal : 0;
}

bool ObjectOrdinals::grow() {
    const int bits = entries_.empty() ? kFirstBits : 64 - shift_ + 1;
    if (bits > kMostBits) return false;
    std::vector<Entry> before;
    try {
        before.resize(size_t{1} << bits);
    } catch (const std::bad_alloc&) {
        return false;
    }
    before.swap(entries_);
    shift_ = 64 - bits;
    for (const Entry& entry : before) {
        if (entry.block != 0) entries_[place(entry.block)] = entry;
    }
    return true;
}

// Entries behind the gap move up to where they are looked for.
void ObjectOrdinals::forget(uintptr_t block) {
    const size_t mask = entries_.size() - 1;
    size_t gap = place(block);
    // Nothing is given back too, and is what empty places are marked with.
    if (block == 0 || entries_[gap].block != block) return;
    --count_;
    ++ends_;
    for (size_t at = (gap + 1) & mask; entries_[at].block != 0; at = (at + 1) & mask) {
        const size_t wanted = home(entries_[at].block);
        // Cyclic distances: an entry that is looked for from the gap or before it must not stay behind.
        if (((at - wanted) & mask) >= ((at - gap) & mask)) {
            entries_[gap] = entries_[at];
            gap = at;
        }
    }
    entries_[gap] = Entry();
}

void ObjectOrdinals::clear() {
    next_ = 1;
    ++ends_;
    // A table that one program needed large is not kept for all.
    if (entries_.size() > size_t{1} << kFirstBits && start_over()) return;
    if (count_ != 0) std::fill(entries_.begin(), entries_.end(), Entry());
    count_ = 0;
}

bool ObjectOrdinals::start_over() {
    std::vector<Entry> before = std::exchange(entries_, {});
    const int shift = std::exchange(shift_, 64);
    if (grow()) {
        count_ = 0;
        return true;
    }
    entries_.swap(before);
    shift_ = shift;
    return false;
}

}  // namespace tracemill::python
