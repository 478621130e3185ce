#include "guard/dict_watch.h"

namespace tracemill::guard {

#if TM_HAS_DICT_WATCHERS

namespace {

// CPython's callback has no argument of its own.
DictWatch* s_watch = nullptr;

}  // namespace

int DictWatch::changed(PyDict_WatchEvent, PyObject* dict, PyObject*, PyObject*) {
    const auto found = s_watch->d_numbers.find(dict);
    if (found == s_watch->d_numbers.end() || s_watch->d_touched[found->second]) return 0;
    s_watch->d_touched[found->second] = true;
    s_watch->d_touched_numbers.push_back(found->second);
    return 0;
}

bool DictWatch::add(PyObject* dict) {
    if (d_watcher < 0) {
        s_watch = this;
        d_watcher = PyDict_AddWatcher(changed);
    }
    if (d_watcher < 0 || PyDict_Watch(d_watcher, dict) != 0) return false;
    d_numbers.emplace(dict, static_cast<uint32_t>(d_dicts.size()));
    d_dicts.push_back(dict);
    d_touched.push_back(false);
    return true;
}

bool DictWatch::was_touched(uint32_t number) const { return d_touched[number]; }

std::vector<uint32_t> DictWatch::touched() const {
    std::vector<uint32_t> numbers;
    for (const uint32_t number : d_touched_numbers) {
        if (d_touched[number]) numbers.push_back(number);
    }
    return numbers;
}

void DictWatch::accept(uint32_t number) {
    if (!d_touched[number]) return;
    d_touched[number] = false;
    std::erase(d_touched_numbers, number);
}

#else

namespace {

uint64_t version_of(PyObject* dict) { return reinterpret_cast<PyDictObject*>(dict)->ma_version_tag; }

}  // namespace

bool DictWatch::add(PyObject* dict) {
    d_dicts.push_back(dict);
    d_versions.push_back(version_of(dict));
    return true;
}

bool DictWatch::was_touched(uint32_t number) const { return version_of(d_dicts[number]) != d_versions[number]; }

std::vector<uint32_t> DictWatch::touched() const {
    std::vector<uint32_t> numbers;
    const auto count = static_cast<uint32_t>(d_dicts.size());
    for (uint32_t number = 0; number < count; ++number) {
        if (was_touched(number)) numbers.push_back(number);
    }
    return numbers;
}

void DictWatch::accept(uint32_t number) { d_versions[number] = version_of(d_dicts[number]); }

#endif

}  // namespace tracemill::guard
