// The value of a recorded name over time. Every name of a live frame has a Slot; observe() finds out at each event
// whether the slot's value shows differently from before, and renders it only then.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "format/writer.h"
#include "loops/deferred_values.h"
#include "python/object_ordinals.h"
#include "trace/fingerprint.h"
#include "trace/value_check.h"
#include "trace/value_renderer.h"

namespace tracemill::trace {

struct Slot {
    static constexpr int64_t kNoSmallInt = INT64_MIN;

    int64_t small = kNoSmallInt;       // the int of one digit that `ref` is, if it is one
    uint32_t index = 0;                // among the frame's slots
    uint32_t name_id = format::kNoId;  // kNoId until first bound
    format::Ref ref;                   // as last recorded; unbound at first
    PyObject* object = nullptr;        // only compared: it may be gone
    PyTypeObject* type = nullptr;
    uint64_t fingerprint = 0;
    uint64_t identity = 0;
    uint64_t ends = 0;   // ObjectOrdinals::ends() when identity was asked for
    bool known = false;  // fingerprint is valid
};

class ValueSnapshot {
  public:
    // With `deferred`, references are of that table instead of the record.
    ValueSnapshot(format::RecordWriter& writer, const tm_options& options, tm_progress& progress,
                  loops::DeferredValues* deferred);
    ~ValueSnapshot();
    ValueSnapshot(const ValueSnapshot&) = delete;
    ValueSnapshot& operator=(const ValueSnapshot&) = delete;

    // The slot now holds `object` (borrowed; NULL = unbound). True when its reference changed.
    bool observe(Slot& slot, PyObject* object) {
        int64_t small = 0;
        if (object && Py_TYPE(object) == &PyLong_Type && tm_small_int(object, &small)) [[likely]] {
            if (slot.small == small) return false;
            if (slot.small != Slot::kNoSmallInt) [[likely]] {
                slot.small = small;
                slot.ref = format::Ref::integer(small);
                return true;
            }
            slot.small = small;
            return assign(slot, format::Ref::integer(small));
        }
        slot.small = Slot::kNoSmallInt;
        return observe_other(slot, object);
    }

    // A value that belongs to no name: what a function returns, the result.
    format::Ref once(PyObject* object);

    // The program's result: whole where other values would be cut, up to 65,536 characters.
    format::Ref result(PyObject* object);

    // Of an exception: see exception_message.h.
    std::string message(PyObject* exception);

    // Whether anything was rendered since the last call.
    bool take_rendered() { return std::exchange(rendered_, false); }

    // Another thread goes on: the renderer, which may be at work, is put aside for that of the other, if it has one.
    void change_renderer(std::unique_ptr<ValueRenderer>& aside, std::unique_ptr<ValueRenderer>& other);

    // Marks the texts that are remembered here.
    void mark_deferred();

    uint32_t type_id(PyTypeObject* type);

  private:
    std::unique_ptr<ValueRenderer> new_renderer() const;
    // A scalar, which needs no object to be known by.
    bool assign(Slot& slot, format::Ref ref) {
        if (slot.ref == ref) return false;
        slot.object = nullptr;
        slot.known = false;
        slot.ref = ref;
        return true;
    }
    bool observe_other(Slot& slot, PyObject* object) {
        const bool changed = look_at(slot, object);
        // What no fingerprint is known of was rendered just now; while that ran a library's repr, another thread may
        // have changed it since.
        if (slot.known) check_.compare(slot.ref, object, *renderer_, [&] { return identify(Slot(), object); });
        return changed;
    }
    bool look_at(Slot& slot, PyObject* object);
    uint64_t identify(const Slot& slot, PyObject* object) const;
    uint64_t identify_once(PyObject* object) const;
    format::Ref defined(PyObject* object, const ValueRenderer::Text& text, uint64_t identity, format::Ref current);
    // `current`: what the name holds so far; `beginning`: as in Fingerprint.
    format::Ref rendered(PyObject* object, uint64_t identity, format::Ref current,
                         std::optional<uint64_t> beginning = std::nullopt);
    ValueRenderer::Text beginning_text(PyObject* object, uint64_t beginning);

    format::RecordWriter& writer_;
    tm_progress& progress_;
    loops::DeferredValues* deferred_;  // may be NULL
    python::ObjectOrdinals& ordinals_;
    const tm_objects objects_;
    std::unique_ptr<ValueRenderer> renderer_;
    FingerprintLimits limits_;
    [[no_unique_address]] ValueCheck check_;
    // Texts seen before, by fingerprint: a loop over the same strings renders each once.
    std::unordered_map<uint64_t, format::Ref> texts_;
    // What showed last of lists and tuples that are longer.
    struct Beginning {
        std::optional<uint64_t> print;
        std::string text;
    };
    std::array<Beginning, 4> beginnings_;
    size_t next_beginning_ = 0;
    std::unordered_map<PyTypeObject*, uint32_t> type_ids_;  // static types only: they outlive the run
    bool rendered_ = false;
};

}  // namespace tracemill::trace
