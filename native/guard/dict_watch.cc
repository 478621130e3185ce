#include "guard/dict_watch.h"

#include <algorithm>

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
    d_numbers.emplace(dict, static_cast<uint32_t>(d_touched.size()));
    d_touched.push_back(false);
    return true;
}

void DictWatch::sort() {}

bool DictWatch::was_touched(uint32_t number) const { return d_touched[number]; }

std::vector<uint32_t> DictWatch::touched() const { return d_touched_numbers; }

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
    d_places.push_back(static_cast<uint32_t>(d_watched.size()));
    d_watched.push_back({dict, version_of(dict), static_cast<uint32_t>(d_watched.size())});
    return true;
}

void DictWatch::sort() {
    std::sort(d_watched.begin(), d_watched.end(), [](const Watched& a, const Watched& b) { return a.dict < b.dict; });
    for (uint32_t place = 0; place < d_watched.size(); ++place) d_places[d_watched[place].number] = place;
}

bool DictWatch::was_touched(uint32_t number) const {
    const Watched& watched = d_watched[d_places[number]];
    return version_of(watched.dict) != watched.version;
}

std::vector<uint32_t> DictWatch::touched() const {
    std::vector<uint32_t> numbers;
    for (const Watched& watched : d_watched) {
        if (version_of(watched.dict) != watched.version) numbers.push_back(watched.number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

void DictWatch::accept(uint32_t number) {
    Watched& watched = d_watched[d_places[number]];
    watched.version = version_of(watched.dict);
}

#endif

}  // namespace tracemill::guard
