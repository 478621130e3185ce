#include "guard/state_guard.h"

#include <algorithm>

#include "python/error.h"

namespace tracemill::guard {
namespace {

using python::Owned;

Owned attribute(PyObject* object, const char* name) {
    Owned value = object ? Owned::steal(PyObject_GetAttrString(object, name)) : Owned();
    PyErr_Clear();
    return value;
}

Owned module(const char* name) {
    Owned imported = Owned::steal(PyImport_ImportModule(name));
    PyErr_Clear();
    return imported;
}

constexpr char kMainName[] = "__main__";

// Lists that ordinary programs add to; others are left to the deep comparison.
constexpr const char* kHotLists[][2] = {
    {"sys", "path"},         {"sys", "meta_path"}, {"sys", "path_hooks"},       {"sys", "warnoptions"},
    {"warnings", "filters"}, {"gc", "callbacks"},  {"logging", "_handlerList"}, {"threading", "_threading_atexits"},
    {"gc", "garbage"},
};

}  // namespace

std::string StateGuard::prepare() {
    // The list with which CPython notices that a repr goes in circles is made on first use.
    const Owned list = Owned::steal(PyList_New(0));
    const Owned used = list ? Owned::steal(PyObject_Repr(list.get())) : Owned();
    const Owned item =
        list && PyList_Append(list.get(), list.get()) == 0 ? Owned::steal(PyObject_Repr(list.get())) : Owned();
    know_coroutines();
    LibraryHeap heap = walk_library();
    PyObject* modules = PyImport_GetModuleDict();
    const Owned sys = module("sys");
    PyObject* sys_dict = sys ? PyModule_GetDict(sys.get()) : nullptr;
    for (const auto& [dict, type, looked] : heap.dicts) {
        if (!watch_.add(dict.get(), looked)) return "cannot watch the library: " + python::take_error_text();
        if (dict.get() == modules) modules_ = static_cast<uint32_t>(dicts_.size());
        if (dict.get() == sys_dict) sys_ = static_cast<uint32_t>(dicts_.size());
        dicts_.emplace_back(dict.get(), type);
    }
    caches_ = std::move(heap.caches);
    for (const auto& cache : caches_) {
        if (!watch_.add(cache.dict.get(), Looked::kAfterImports))
            return "cannot watch the library: " + python::take_error_text();
    }
    watch_.sort();
    if (!caches_.empty()) {
        auto* type = reinterpret_cast<PyObject*>(Py_TYPE(caches_.front().wrapper.get()));
        clear_cache_ = attribute(type, "cache_clear");
    }
    // Every program starts with empty ones: what they hold could not be brought back.
    for (const auto& cache : caches_) {
        if (!clear(cache)) return "cannot clear the library's caches: " + python::take_error_text();
    }
    for (Owned& count : heap.counters) {
        const Py_ssize_t value = *tm_counter(count.get());
        counters_.push_back({std::move(count), value});
    }
    main_ = Owned::share(PyDict_GetItemString(modules, kMainName));
    set_wakeup_ = attribute(module("_signal").get(), "set_wakeup_fd");
    no_descriptor_ = Owned::steal(PyLong_FromLong(-1));
    abc_token_ = attribute(module("_abc").get(), "get_cache_token");
    abc_registrations_ = abc_registrations();
    find_hot_lists();
    find_task_set();
    deep_.take(std::move(heap));
    return std::string();
}

// asyncio remembers the types that it found to be coroutines: the first program with one would seem to change it.
void StateGuard::know_coroutines() {
    const Owned known = attribute(module("asyncio.coroutines").get(), "_iscoroutine_typecache");
    if (known && PySet_Check(known.get())) PySet_Add(known.get(), reinterpret_cast<PyObject*>(&PyCoro_Type));
    PyErr_Clear();
}

void StateGuard::settle() {
    // What was written to since prepare() looked would count as some program's doing.
    restore_dicts();
    PyErr_Clear();
    process_.take();
    prepared_ = true;
}

void StateGuard::find_hot_lists() {
    std::vector<Owned> lists;
    for (const auto& [name, list] : kHotLists) lists.push_back(attribute(module(name).get(), list));
    const Owned root_logger = attribute(module("logging").get(), "root");
    lists.push_back(attribute(root_logger.get(), "handlers"));
    lists.push_back(attribute(root_logger.get(), "filters"));
    for (Owned& list : lists) {
        if (!list || !PyList_CheckExact(list.get())) continue;
        std::vector<Owned> items;
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list.get()); ++i) {
            items.push_back(Owned::share(PyList_GET_ITEM(list.get(), i)));
        }
        hot_lists_.push_back({std::move(list), std::move(items)});
    }
}

// asyncio numbers its tasks in C, out of reach. A task leaves a trace here even when it is gone.
void StateGuard::find_task_set() {
    const Owned tasks = module("asyncio.tasks");
    Owned all = attribute(tasks.get(), "_scheduled_tasks");
    if (!all) all = attribute(tasks.get(), "_all_tasks");
    tasks_ = attribute(all.get(), "data");
    if (!tasks_ || !PySet_Check(tasks_.get())) tasks_ = Owned();
    if (tasks_) task_slots_ = reinterpret_cast<PySetObject*>(tasks_.get())->fill;
}

uint64_t StateGuard::abc_registrations() const {
    const Owned token = abc_token_ ? Owned::steal(PyObject_CallNoArgs(abc_token_.get())) : Owned();
    const uint64_t number = token ? PyLong_AsUnsignedLongLong(token.get()) : 0;
    PyErr_Clear();
    return number;
}

void StateGuard::start(bool imports) {
    if (!prepared_) return;
    imports_ = imports;
    if (imports && unseen_) {
        // Nobody could tell any more whose doing it was.
        misplaced_ = misplaced_ || !are_unchanged(Looked::kAfterImports, Looked::kAfterImports);
        unseen_ = false;
    }
    if (!started_) process_.take_descriptors();
    started_ = true;
    // Both were written to for this program.
    watch_.accept(modules_);
    watch_.accept(sys_);
}

bool StateGuard::clear(const LibraryHeap::Cache& cache) const {
    return static_cast<bool>(Owned::steal(PyObject_CallOneArg(clear_cache_.get(), cache.wrapper.get())));
}

bool StateGuard::restore_dicts() {
    if (!imports_) unseen_ = true;
    const Looked last = imports_ ? Looked::kAfterImports : Looked::kAfterEveryProgram;
    for (const uint32_t number : watch_.touched(Looked::kAfterEveryProgram, last)) {
        if (number >= dicts_.size()) {
            if (!clear(caches_[number - dicts_.size()])) return false;
        } else {
            const DictContents& contents = dicts_[number];
            // A module that was imported may have changed anything in C; the next program would find it loaded.
            if (number == modules_ && PyDict_GET_SIZE(contents.dict()) > contents.size()) return false;
            if (!contents.are_unchanged()) {
                restored_something_ = true;
                if (!contents.restore()) return false;
            }
        }
        watch_.accept(number);
    }
    return true;
}

bool StateGuard::restore_lists() {
    for (const HotList& hot : hot_lists_) {
        auto* list = reinterpret_cast<PyListObject*>(hot.list.get());
        const auto same = [](const Owned& item, PyObject* now) { return item.get() == now; };
        if (static_cast<size_t>(Py_SIZE(list)) == hot.items.size() &&
            std::equal(hot.items.begin(), hot.items.end(), list->ob_item, same))
            continue;
        restored_something_ = true;
        const Owned items = Owned::steal(PyList_New(static_cast<Py_ssize_t>(hot.items.size())));
        if (!items) return false;
        for (size_t i = 0; i < hot.items.size(); ++i) {
            PyList_SET_ITEM(items.get(), static_cast<Py_ssize_t>(i), Py_NewRef(hot.items[i].get()));
        }
        if (PyList_SetSlice(hot.list.get(), 0, PY_SSIZE_T_MAX, items.get()) != 0) return false;
    }
    return true;
}

void StateGuard::restore_counters() {
    for (const Counter& counter : counters_) *tm_counter(counter.count.get()) = counter.value;
}

// Nothing tells which descriptor hears of signals without setting it, so that a comparison per batch could come too
// late.
void StateGuard::restore_wakeup() const {
    if (!set_wakeup_) return;
    const Owned before = Owned::steal(PyObject_CallOneArg(set_wakeup_.get(), no_descriptor_.get()));
    PyErr_Clear();
}

void StateGuard::stand_for_main(PyObject* object) {
    const bool was_touched = prepared_ && watch_.was_touched(modules_);
    if (PyDict_SetItemString(PyImport_GetModuleDict(), kMainName, object) != 0) PyErr_Clear();
    if (prepared_ && !was_touched) watch_.accept(modules_);
}

void StateGuard::release_main_module() { stand_for_main(Py_None); }

void StateGuard::adopt_in_sys(std::span<const Owned> names) {
    if (!prepared_) return;
    for (const Owned& name : names) dicts_[sys_].adopt(name.get());
    watch_.accept(sys_);
}

bool StateGuard::is_spoiled() const {
    if (misplaced_ || abc_registrations() != abc_registrations_) return true;
    return tasks_ && reinterpret_cast<PySetObject*>(tasks_.get())->fill != task_slots_;
}

StateGuard::Verdict StateGuard::restore() {
    if (!prepared_) return Verdict::kClean;
    restored_something_ = false;
    restore_main_module();
    restore_counters();
    restore_wakeup();
    const bool restored = restore_dicts() && restore_lists() && !is_spoiled() && process_.restore();
    PyErr_Clear();
    if (!restored) return Verdict::kSpoiled;
    return restored_something_ ? Verdict::kRestored : Verdict::kClean;
}

bool StateGuard::is_unchanged_deeply() {
    if (!prepared_) return true;
    const Looked first = unseen_ ? Looked::kAfterImports : Looked::kNowAndThen;
    const bool dicts = !misplaced_ && are_unchanged(first, Looked::kNowAndThen);
    unseen_ = false;
    return dicts && process_.is_unchanged_deeply() && deep_.is_unchanged();
}

bool StateGuard::are_unchanged(Looked first, Looked last) {
    for (const uint32_t number : watch_.touched(first, last)) {
        // What is in a cache could be anybody's.
        if (number >= dicts_.size() || !dicts_[number].are_unchanged()) return false;
        watch_.accept(number);
    }
    return true;
}

}  // namespace tracemill::guard
