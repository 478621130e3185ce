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
    const auto found = s_watch->numbers_.find(dict);
    if (found == s_watch->numbers_.end() || s_watch->touched_[found->second]) return 0;
    s_watch->touched_[found->second] = true;
    s_watch->touched_numbers_.push_back(found->second);
    return 0;
}

bool DictWatch::add(PyObject* dict, Looked) {
    if (watcher_ < 0) {
        s_watch = this;
        watcher_ = PyDict_AddWatcher(changed);
    }
    if (watcher_ < 0 || PyDict_Watch(watcher_, dict) != 0) return false;
    numbers_.emplace(dict, static_cast<uint32_t>(touched_.size()));
    touched_.push_back(false);
    return true;
}

void DictWatch::sort() {}

bool DictWatch::was_touched(uint32_t number) const { return touched_[number]; }

std::vector<uint32_t> DictWatch::touched(Looked first, Looked) const {
    return first == Looked::kAfterEveryProgram ? touched_numbers_ : std::vector<uint32_t>();
}

void DictWatch::accept(uint32_t number) {
    if (!touched_[number]) return;
    touched_[number] = false;
    std::erase(touched_numbers_, number);
}

#else

namespace {

uint64_t version_of(PyObject* dict) { return reinterpret_cast<PyDictObject*>(dict)->ma_version_tag; }

}  // namespace

bool DictWatch::add(PyObject* dict, Looked looked) {
    const auto number = static_cast<uint32_t>(watched_.size());
    places_.push_back(number);
    numbers_.push_back(number);
    watched_.push_back({dict, version_of(dict)});
    looked_.push_back(looked);
    for (size_t later = static_cast<size_t>(looked) + 1; later <= kGroups; ++later) ++begins_[later];
    return true;
}

void DictWatch::sort() {
    std::sort(numbers_.begin(), numbers_.end(), [this](uint32_t a, uint32_t b) {
        if (looked_[a] != looked_[b]) return looked_[a] < looked_[b];
        return std::less<PyObject*>()(watched_[a].dict, watched_[b].dict);
    });
    std::vector<Watched> sorted;
    for (const uint32_t number : numbers_) {
        places_[number] = static_cast<uint32_t>(sorted.size());
        sorted.push_back(watched_[number]);
    }
    watched_ = std::move(sorted);
}

bool DictWatch::was_touched(uint32_t number) const {
    const Watched& watched = watched_[places_[number]];
    return version_of(watched.dict) != watched.version;
}

std::vector<uint32_t> DictWatch::touched(Looked first, Looked last) const {
    std::vector<uint32_t> numbers;
    const auto difference = [](const Watched& watched) { return version_of(watched.dict) ^ watched.version; };
    const Watched* const begin = watched_.data();
    const Watched* const end = begin + begins_[static_cast<size_t>(last) + 1];
    const auto look_at = [&](const Watched* watched) {
        if (difference(*watched)) numbers.push_back(numbers_[static_cast<size_t>(watched - begin)]);
    };
    const Watched* at = begin + begins_[static_cast<size_t>(first)];
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
    Watched& watched = watched_[places_[number]];
    watched.version = version_of(watched.dict);
}

#endif

}  // namespace tracemill::guard
