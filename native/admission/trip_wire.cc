#include "admission/trip_wire.h"

#include <algorithm>
#include <functional>

namespace tracemill::admission {

#if TM_HAS_DICT_WATCHERS

namespace {

// CPython's callback has no argument of its own.
bool s_armed = false;
bool s_touched = false;

int changed(PyDict_WatchEvent, PyObject*, PyObject*, PyObject*) {
    if (s_armed) s_touched = true;
    return 0;
}

}  // namespace

bool TripWire::prepare(const Library& library, const std::vector<python::Owned>&) {
    const int watcher = PyDict_AddWatcher(changed);
    if (watcher < 0) return false;
    const auto watch = [&](const python::Owned& dict) { return PyDict_Watch(watcher, dict.get()) == 0; };
    return std::all_of(library.dicts.begin(), library.dicts.end(), watch);
}

void TripWire::arm() {
    s_touched = false;
    s_armed = true;
}

bool TripWire::disarm() {
    s_armed = false;
    return s_touched;
}

#else

namespace {

uint64_t version_of(PyObject* dict) { return reinterpret_cast<PyDictObject*>(dict)->ma_version_tag; }

}  // namespace

bool TripWire::prepare(const Library&, const std::vector<python::Owned>& exposed) {
    for (const python::Owned& dict : exposed) watched_.push_back({dict.get(), 0});
    const auto before = [](const Watched& a, const Watched& b) { return std::less<>()(a.dict, b.dict); };
    std::sort(watched_.begin(), watched_.end(), before);
    return true;
}

void TripWire::arm() {
    for (Watched& watched : watched_) watched.version = version_of(watched.dict);
}

bool TripWire::disarm() {
    const auto changed = [](const Watched& watched) { return version_of(watched.dict) != watched.version; };
    return std::any_of(watched_.begin(), watched_.end(), changed);
}

#endif

}  // namespace tracemill::admission
