// Of value_walk.h: values of third-party packages, by what library_value.h tells of them.
#pragma once

#include "python/collector_pause.h"
#include "trace/library_value.h"
#include "trace/value_walk.h"

namespace tracemill::trace {

// Writes what is told. The collector waits: what C code of a package makes in order to answer is not the program's.
template <typename Output>
class ValueWalk<Output>::Parts final : public LibraryParts {
  public:
    explicit Parts(ValueWalk& walk) : walk_(walk) { tm_pause_collector(&pause_); }
    ~Parts() { tm_resume_collector(&pause_); }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    bool text(std::string_view ascii) override { return walk_.out_.word(ascii); }
    bool name(PyObject* unicode) override { return walk_.out_.text(unicode); }
    bool value(PyObject* object) override {
        const Held held = Output::hold(object);
        return walk_.value(object);
    }
    bool structure(PyObject* object) override { return walk_.structure(object, class_facts(Py_TYPE(object))); }
    bool array(const ArrayLayout& layout, PyObject* owner, const ArrayForm& form) override {
        const Held held = Output::hold(owner);
        return walk_.out_.library_array(layout, form, *this);
    }
    bool made_items(const MadeItems& items) override { return walk_.out_.made_items(items, *this); }
    bool number(std::string_view bytes, const std::function<std::string()>& text) override {
        return walk_.out_.library_number(bytes, text);
    }
    bool derived(const std::function<std::string()>& text) override { return walk_.out_.derived(text); }
    void rounded() override { walk_.out_.rounded(); }
    bool by_str(PyObject* object) override { return walk_.out_.by_str(object); }
    uint64_t max_chars() const override {
        // What stands among others leaves them some room.
        const uint64_t max_chars = walk_.out_.max_chars();
        return walk_.open_.depth() > 1 ? max_chars / kShareOfOthers : max_chars;
    }

  private:
    static constexpr uint64_t kShareOfOthers = 4;

    ValueWalk& walk_;
    tm_collector_pause pause_;
};

// `known` false: its own repr is what shows, and nothing was written.
template <typename Output>
bool ValueWalk<Output>::package_value(PyObject* object, bool& known) {
    const Opened opened(open_, object);
    known = true;
    if (!opened) return closed(opened, object, "...");
    const Held held = Output::hold(object);
    Parts parts(*this);
    const Told told = tell_library_value(object, parts);
    known = told != Told::kUnknown;
    return told == Told::kWhole;
}

// What an instance of the program's class holds as an instance of a package's class written in C.
template <typename Output>
bool ValueWalk<Output>::package_base(PyObject* object, bool& known) {
    Parts parts(*this);
    const Told told = tell_library_base(object, parts);
    known = told != Told::kUnknown;
    return told == Told::kWhole;
}

template <typename Output>
typename Output::Own ValueWalk<Output>::package_repr(PyObject* object) {
    if (objects_ != TM_OBJECTS_FIELDS) return out_.own_repr(object, PyObject_Repr);
    Parts parts(*this);
    return out_.own_repr(object, parts);
}

}  // namespace tracemill::trace
