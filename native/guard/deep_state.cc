#include "guard/deep_state.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "python/slots.h"

namespace tracemill::guard {
namespace {

using python::Owned;

template <typename Visit>
void for_each_element(PyObject* set, Visit visit) {
    const auto* table = reinterpret_cast<PySetObject*>(set);
    for (Py_ssize_t i = 0; i <= table->mask; ++i) {
        // A removed element leaves a dummy with this hash.
        if (table->table[i].key && table->table[i].hash != -1) visit(table->table[i].key);
    }
}

std::vector<PyObject*> elements_of(PyObject* set) {
    std::vector<PyObject*> elements;
    elements.reserve(static_cast<size_t>(reinterpret_cast<PySetObject*>(set)->used));
    for_each_element(set, [&](PyObject* element) { elements.push_back(element); });
    return elements;
}

// Whether the set holds these, in whatever places.
bool holds(PyObject* set, const std::vector<PyObject*>& elements) {
    size_t at = 0;
    bool in_place = true;
    for_each_element(set, [&](PyObject* element) { in_place = in_place && element == elements[at++]; });
    if (in_place) return true;
    std::vector<PyObject*> before = elements;
    std::vector<PyObject*> now = elements_of(set);
    std::sort(before.begin(), before.end());
    std::sort(now.begin(), now.end());
    return before == now;
}

// Its state as a C object: what a Python subclass adds lies in its dict.
std::string random_state(PyObject* random) {
    PyTypeObject* base = Py_TYPE(random);
    while (std::strcmp(base->tp_name, "_random.Random") != 0) base = base->tp_base;
    const char* start = reinterpret_cast<const char*>(random);
    return {start + sizeof(PyObject), start + base->tp_basicsize};
}

// Empty with an exception set on failure; `argument` NULL = none.
Owned call(const Owned& function, PyObject* argument) {
    return Owned::steal(argument ? PyObject_CallOneArg(function.get(), argument) : PyObject_CallNoArgs(function.get()));
}

std::string contents(PyObject* object) {
    if (!PyByteArray_Check(object)) return random_state(object);
    return {PyByteArray_AS_STRING(object), static_cast<size_t>(PyByteArray_GET_SIZE(object))};
}

bool are_same(PyObject* const* a, PyObject* const* b, size_t count) {
    return count == 0 || std::memcmp(a, b, count * sizeof *a) == 0;
}

// Blocks between the one that is compared and the one that is fetched.
constexpr std::ptrdiff_t kFetchedAhead = 12;

}  // namespace

void DeepState::watch_pointers(PyObject** at, size_t count, bool is_function) {
    blocks_.push_back({at, 0, static_cast<uint16_t>(count), is_function});
}

void DeepState::watch_list(Owned list) {
    auto* items = reinterpret_cast<PyListObject*>(list.get())->ob_item;
    const auto count = static_cast<size_t>(PyList_GET_SIZE(list.get()));
    const size_t first = pointers_.size();
    pointers_.insert(pointers_.end(), items, items + count);
    lists_.push_back({std::move(list), first, count});
}

void DeepState::watch_slots(PyObject* object) {
    const auto watch = [&](const PyMemberDef& slot) {
        watch_pointers(reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + slot.offset), 1);
        return true;
    };
    for (PyTypeObject* type = Py_TYPE(object); type; type = type->tp_base) python::for_each_own_slot(type, watch);
}

void DeepState::ask(const char* module, const char* function, PyObject* argument) {
    const Owned imported = Owned::steal(PyImport_ImportModule(module));
    Owned asked = imported ? Owned::steal(PyObject_GetAttrString(imported.get(), function)) : Owned();
    PyErr_Clear();  // not every Python has all of them
    if (asked) probe(std::move(asked), argument);
}

void DeepState::probe(Owned function, PyObject* argument) {
    Owned answer = call(function, argument);
    PyErr_Clear();
    if (answer) probes_.push_back({std::move(function), Owned::share(argument), std::move(answer)});
}

void DeepState::ask_all() {
    ask("_imp", "lock_held");
    ask("faulthandler", "is_enabled");
    ask("tracemalloc", "is_tracing");
    ask("csv", "field_size_limit");
    ask("socket", "getdefaulttimeout");
    ask("sys", "is_stack_trampoline_active");
    ask("_asyncio", "_get_running_loop");
    // Not of `signal`, which looks every answer up among its enumerations.
    for (int number = 1; number < 65; ++number) {
        const Owned argument = Owned::steal(PyLong_FromLong(number));
        ask("_signal", "getsignal", argument.get());
    }
}

void DeepState::take(LibraryHeap heap) {
    for (Owned& list : heap.lists) watch_list(std::move(list));
    for (Owned& set : heap.sets) {
        std::vector<PyObject*> elements = elements_of(set.get());
        sets_.push_back({std::move(set), std::move(elements)});
    }
    for (const Owned& function : heap.functions) {
        auto* f = reinterpret_cast<PyFunctionObject*>(function.get());
        // Code, defaults, names, closure, docstring and dict lie before the weak references, which come and go, the
        // module behind them.
        static_assert(offsetof(PyFunctionObject, func_dict) + sizeof(PyObject*) ==
                      offsetof(PyFunctionObject, func_weakreflist));
        static_assert(offsetof(PyFunctionObject, func_weakreflist) + sizeof(PyObject*) ==
                      offsetof(PyFunctionObject, func_module));
        watch_pointers(&f->func_globals, static_cast<size_t>(&f->func_weakreflist - &f->func_globals), true);
    }
    for (const Owned& cell : heap.cells) watch_pointers(&reinterpret_cast<PyCellObject*>(cell.get())->ob_ref, 1);
    for (const Owned& type : heap.types) {
        auto* t = reinterpret_cast<PyHeapTypeObject*>(type.get());
        watch_pointers(&t->ht_type.tp_bases, 1);
        watch_pointers(&t->ht_type.tp_mro, 1);
        watch_pointers(&t->ht_name, 1);
        watch_pointers(&t->ht_qualname, 1);
    }
    for (const Owned& object : heap.slotted) watch_slots(object.get());
    for (const Owned& object : heap.reclassed) watch_pointers(reinterpret_cast<PyObject**>(&object.get()->ob_type), 1);
    // The instance behind the functions of `random` is set anew for every program.
    const Owned random = Owned::steal(PyImport_ImportModule("random"));
    const Owned hidden = random ? Owned::steal(PyObject_GetAttrString(random.get(), "_inst")) : Owned();
    for (auto* objects : {&heap.byte_arrays, &heap.random_numbers}) {
        for (Owned& object : *objects) {
            if (object.get() == hidden.get()) continue;
            std::string bytes = contents(object.get());
            bytes_.push_back({std::move(object), std::move(bytes)});
        }
    }
    for (Owned& object : heap.shown) {
        Owned text = Owned::steal(PyObject_Repr(object.get()));
        if (text) shown_.push_back({std::move(object), std::move(text)});
    }
    PyErr_Clear();
    for (const Owned& lock : heap.locks) {
        // A reentrant lock knows only whether it is ours.
        const char* question = PyObject_HasAttrString(lock.get(), "locked") ? "locked" : "_is_owned";
        Owned asked = Owned::steal(PyObject_GetAttrString(lock.get(), question));
        if (asked) probe(std::move(asked));
    }
    ask_all();
    heap_ = std::move(heap);
    remember_blocks();
}

// In the order of their memory and as few as they can be: the comparison is more than twice as fast.
void DeepState::remember_blocks() {
    std::sort(blocks_.begin(), blocks_.end(), [](const Block& a, const Block& b) { return a.at < b.at; });
    std::vector<Block> joined;
    for (const Block& block : blocks_) {
        Block* last = joined.empty() ? nullptr : &joined.back();
        if (last && !last->is_function && !block.is_function && last->at + last->count == block.at)
            last->count = static_cast<uint16_t>(last->count + block.count);
        else
            joined.push_back(block);
    }
    blocks_ = std::move(joined);
    for (Block& block : blocks_) {
        block.first = static_cast<uint32_t>(pointers_.size());
        pointers_.insert(pointers_.end(), block.at, block.at + block.count);
        if (block.is_function) pointers_.push_back(block.at[block.count + 1]);
    }
}

bool DeepState::lists_are_unchanged() const {
    for (const Sequence& sequence : lists_) {
        const auto* list = reinterpret_cast<PyListObject*>(sequence.list.get());
        if (static_cast<size_t>(PyList_GET_SIZE(list)) != sequence.count) return false;
        if (!are_same(pointers_.data() + sequence.first, list->ob_item, sequence.count)) return false;
    }
    return true;
}

bool DeepState::sets_are_unchanged() const {
    for (const Set& set : sets_) {
        const auto used = static_cast<size_t>(reinterpret_cast<PySetObject*>(set.set.get())->used);
        if (used != set.elements.size() || (used != 0 && !holds(set.set.get(), set.elements))) return false;
    }
    return true;
}

bool DeepState::bytes_are_unchanged() const {
    for (const Bytes& bytes : bytes_) {
        if (contents(bytes.object.get()) != bytes.bytes) return false;
    }
    return true;
}

bool DeepState::answers_are_unchanged() const {
    for (const Shown& shown : shown_) {
        const Owned text = Owned::steal(PyObject_Repr(shown.object.get()));
        if (!text || PyUnicode_Compare(text.get(), shown.text.get()) != 0) return false;
    }
    for (const Probe& probe : probes_) {
        const Owned answer = call(probe.function, probe.argument.get());
        if (!answer) return false;
        if (answer.get() == probe.answer.get()) continue;
        // Numbers are made anew at each call; a program's own object is never equal.
        if (!PyLong_CheckExact(answer.get()) || !PyLong_CheckExact(probe.answer.get())) return false;
        if (PyObject_RichCompareBool(answer.get(), probe.answer.get(), Py_EQ) != 1) return false;
    }
    return true;
}

// Whoever asks for the attributes of a function makes a dict for them.
bool DeepState::got_attributes(const Block& function, PyObject* const* before) {
    const size_t last = function.count - 1u;
    PyObject* attributes = function.at[last];
    const bool came = !before[last] && attributes && PyDict_CheckExact(attributes);
    return came && PyDict_GET_SIZE(attributes) == 0 && are_same(before, function.at, last) &&
           before[function.count] == function.at[function.count + 1];
}

// Nearly all of its time is waiting for memory: so no calls and branches for every block, and what comes next is
// fetched meanwhile.
bool DeepState::blocks_are_unchanged() const {
    const Block* end = blocks_.data() + blocks_.size();
    for (const Block* block = blocks_.data(); block != end; ++block) {
        if (end - block > kFetchedAhead) __builtin_prefetch(block[kFetchedAhead].at);
        PyObject* const* before = pointers_.data() + block->first;
        uintptr_t difference = 0;
        const auto compare = [&](size_t was, size_t is) {
            difference |= reinterpret_cast<uintptr_t>(before[was]) ^ reinterpret_cast<uintptr_t>(block->at[is]);
        };
        for (size_t i = 0; i < block->count; ++i) compare(i, i);
        if (block->is_function) compare(block->count, block->count + 1u);
        if (difference != 0 && !(block->is_function && got_attributes(*block, before))) return false;
    }
    return true;
}

bool DeepState::is_unchanged() const {
    const bool unchanged = blocks_are_unchanged() && lists_are_unchanged() && sets_are_unchanged() &&
                           bytes_are_unchanged() && answers_are_unchanged();
    PyErr_Clear();
    return unchanged;
}

}  // namespace tracemill::guard
