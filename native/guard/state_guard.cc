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
        if (!d_watch.add(dict.get(), looked)) return "cannot watch the library: " + python::take_error_text();
        if (dict.get() == modules) d_modules = static_cast<uint32_t>(d_dicts.size());
        if (dict.get() == sys_dict) d_sys = static_cast<uint32_t>(d_dicts.size());
        d_dicts.emplace_back(dict.get(), type);
    }
    d_caches = std::move(heap.caches);
    for (const auto& cache : d_caches) {
        if (!d_watch.add(cache.dict.get(), Looked::kAfterImports))
            return "cannot watch the library: " + python::take_error_text();
    }
    d_watch.sort();
    if (!d_caches.empty()) {
        auto* type = reinterpret_cast<PyObject*>(Py_TYPE(d_caches.front().wrapper.get()));
        d_clear_cache = attribute(type, "cache_clear");
    }
    // Every program starts with empty ones: what they hold could not be brought back.
    for (const auto& cache : d_caches) {
        if (!clear(cache)) return "cannot clear the library's caches: " + python::take_error_text();
    }
    for (Owned& count : heap.counters) {
        const Py_ssize_t value = *tm_counter(count.get());
        d_counters.push_back({std::move(count), value});
    }
    d_main = Owned::share(PyDict_GetItemString(modules, "__main__"));
    d_set_wakeup = attribute(module("_signal").get(), "set_wakeup_fd");
    d_no_descriptor = Owned::steal(PyLong_FromLong(-1));
    d_abc_token = attribute(module("_abc").get(), "get_cache_token");
    d_abc_registrations = abc_registrations();
    find_hot_lists();
    find_task_set();
    d_deep.take(std::move(heap));
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
    d_process.take();
    d_prepared = true;
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
        d_hot_lists.push_back({std::move(list), std::move(items)});
    }
}

// asyncio numbers its tasks in C, out of reach. A task leaves a trace here even when it is gone.
void StateGuard::find_task_set() {
    const Owned tasks = module("asyncio.tasks");
    Owned all = attribute(tasks.get(), "_scheduled_tasks");
    if (!all) all = attribute(tasks.get(), "_all_tasks");
    d_tasks = attribute(all.get(), "data");
    if (!d_tasks || !PySet_Check(d_tasks.get())) d_tasks = Owned();
    if (d_tasks) d_task_slots = reinterpret_cast<PySetObject*>(d_tasks.get())->fill;
}

uint64_t StateGuard::abc_registrations() const {
    const Owned token = d_abc_token ? Owned::steal(PyObject_CallNoArgs(d_abc_token.get())) : Owned();
    const uint64_t number = token ? PyLong_AsUnsignedLongLong(token.get()) : 0;
    PyErr_Clear();
    return number;
}

void StateGuard::start(bool imports) {
    if (!d_prepared) return;
    d_imports = imports;
    if (imports && d_unseen) {
        // Nobody could tell any more whose doing it was.
        d_misplaced = d_misplaced || !are_unchanged(Looked::kAfterImports, Looked::kAfterImports);
        d_unseen = false;
    }
    if (!d_started) d_process.take_descriptors();
    d_started = true;
    // Both were written to for this program.
    d_watch.accept(d_modules);
    d_watch.accept(d_sys);
}

bool StateGuard::clear(const LibraryHeap::Cache& cache) const {
    return static_cast<bool>(Owned::steal(PyObject_CallOneArg(d_clear_cache.get(), cache.wrapper.get())));
}

bool StateGuard::restore_dicts() {
    if (!d_imports) d_unseen = true;
    const Looked last = d_imports ? Looked::kAfterImports : Looked::kAfterEveryProgram;
    for (const uint32_t number : d_watch.touched(Looked::kAfterEveryProgram, last)) {
        if (number >= d_dicts.size()) {
            if (!clear(d_caches[number - d_dicts.size()])) return false;
        } else {
            const DictContents& contents = d_dicts[number];
            // A module that was imported may have changed anything in C; the next program would find it loaded.
            if (number == d_modules && PyDict_GET_SIZE(contents.dict()) > contents.size()) return false;
            if (!contents.are_unchanged()) {
                d_restored_something = true;
                if (!contents.restore()) return false;
            }
        }
        d_watch.accept(number);
    }
    return true;
}

bool StateGuard::restore_lists() {
    for (const HotList& hot : d_hot_lists) {
        auto* list = reinterpret_cast<PyListObject*>(hot.list.get());
        const auto same = [](const Owned& item, PyObject* now) { return item.get() == now; };
        if (static_cast<size_t>(Py_SIZE(list)) == hot.items.size() &&
            std::equal(hot.items.begin(), hot.items.end(), list->ob_item, same))
            continue;
        d_restored_something = true;
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
    for (const Counter& counter : d_counters) *tm_counter(counter.count.get()) = counter.value;
}

// Nothing tells which descriptor hears of signals without setting it, so that a comparison per batch could come too
// late.
void StateGuard::restore_wakeup() const {
    if (!d_set_wakeup) return;
    const Owned before = Owned::steal(PyObject_CallOneArg(d_set_wakeup.get(), d_no_descriptor.get()));
    PyErr_Clear();
}

// So that nothing refers to the program's module any more.
void StateGuard::restore_main_module() {
    const bool was_touched = d_watch.was_touched(d_modules);
    if (PyDict_SetItemString(PyImport_GetModuleDict(), "__main__", d_main.get()) != 0) PyErr_Clear();
    if (!was_touched) d_watch.accept(d_modules);
}

void StateGuard::adopt_in_sys(std::span<const Owned> names) {
    if (!d_prepared) return;
    for (const Owned& name : names) d_dicts[d_sys].adopt(name.get());
    d_watch.accept(d_sys);
}

bool StateGuard::is_spoiled() const {
    if (d_misplaced || abc_registrations() != d_abc_registrations) return true;
    return d_tasks && reinterpret_cast<PySetObject*>(d_tasks.get())->fill != d_task_slots;
}

StateGuard::Verdict StateGuard::restore() {
    if (!d_prepared) return Verdict::kClean;
    d_restored_something = false;
    restore_main_module();
    restore_counters();
    restore_wakeup();
    const bool restored = restore_dicts() && restore_lists() && !is_spoiled() && d_process.restore();
    PyErr_Clear();
    if (!restored) return Verdict::kSpoiled;
    return d_restored_something ? Verdict::kRestored : Verdict::kClean;
}

bool StateGuard::is_unchanged_deeply() {
    if (!d_prepared) return true;
    const Looked first = d_unseen ? Looked::kAfterImports : Looked::kNowAndThen;
    const bool dicts = !d_misplaced && are_unchanged(first, Looked::kNowAndThen);
    d_unseen = false;
    return dicts && d_process.is_unchanged_deeply() && d_deep.is_unchanged();
}

bool StateGuard::are_unchanged(Looked first, Looked last) {
    for (const uint32_t number : d_watch.touched(first, last)) {
        // What is in a cache could be anybody's.
        if (number >= d_dicts.size() || !d_dicts[number].are_unchanged()) return false;
        d_watch.accept(number);
    }
    return true;
}

}  // namespace tracemill::guard
