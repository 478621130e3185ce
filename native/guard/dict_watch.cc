#include "guard/dict_watch.h"

#include <algorithm>
#include <functional>
#include <utility>

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

bool DictWatch::add(PyObject* dict, Looked) {
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

std::vector<uint32_t> DictWatch::touched(Looked first, Looked) const {
    return first == Looked::kAfterEveryProgram ? d_touched_numbers : std::vector<uint32_t>();
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

bool DictWatch::add(PyObject* dict, Looked looked) {
    const auto number = static_cast<uint32_t>(d_watched.size());
    d_places.push_back(number);
    d_numbers.push_back(number);
    d_watched.push_back({dict, version_of(dict)});
    d_looked.push_back(looked);
    for (size_t later = static_cast<size_t>(looked) + 1; later <= kGroups; ++later) ++d_begins[later];
    return true;
}

void DictWatch::sort() {
    std::sort(d_numbers.begin(), d_numbers.end(), [this](uint32_t a, uint32_t b) {
        if (d_looked[a] != d_looked[b]) return d_looked[a] < d_looked[b];
        return std::less<PyObject*>()(d_watched[a].dict, d_watched[b].dict);
    });
    std::vector<Watched> sorted;
    for (const uint32_t number : d_numbers) {
        d_places[number] = static_cast<uint32_t>(sorted.size());
        sorted.push_back(d_watched[number]);
    }
    d_watched = std::move(sorted);
}

bool DictWatch::was_touched(uint32_t number) const {
    const Watched& watched = d_watched[d_places[number]];
    return version_of(watched.dict) != watched.version;
}

std::vector<uint32_t> DictWatch::touched(Looked first, Looked last) const {
    std::vector<uint32_t> numbers;
    const auto difference = [](const Watched& watched) { return version_of(watched.dict) ^ watched.version; };
    const Watched* const begin = d_watched.data();
    const Watched* const end = begin + d_begins[static_cast<size_t>(last) + 1];
    const auto look_at = [&](const Watched* watched) {
        if (difference(*watched)) numbers.push_back(d_numbers[static_cast<size_t>(watched - begin)]);
    };
    const Watched* at = begin + d_begins[static_cast<size_t>(first)];
    // Nearly all are as they were, so one branch for several.
    for (; end - at >= kTogether; at += kTogether) {
        uint64_t differences = 0;
#pragma GCC unroll 8
        for (int i = 0; i < kTogether; ++i) differences |= difference(at[i]);
        if (differences == 0) continue;
        for (int i = 0; i < kTogether; ++i) look_at(at + i);
    }
    for (; at < end; ++at) look_at(at);
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

void DictWatch::accept(uint32_t number) {
    Watched& watched = d_watched[d_places[number]];
    watched.version = version_of(watched.dict);
}

#endif

}  // namespace tracemill::guard
