// Writes a record into memory of the caller while the program runs. Never throws, never moves the record.
//
// A unit is an event, an output, an elision or the outcome together with the definitions written before it. `committed`
// is stored with release order after every unit, so whoever maps the memory sees whole units only. When a unit does not
// fit (or memory for a table is missing) the record goes back to the end of the last unit and the writer is full: from
// then on every call but outcome() does nothing and answers kNoId or false. kOutcomeReserve bytes at the end are kept
// for the outcome.
//
// All texts must be generalised UTF-8 (see utf8.h): readers reject a record that holds anything else.
// Not thread-safe: one writer per record, used by one thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "intern_table.h"
#include "outcome.h"
#include "pod_array.h"
#include "record.h"
#include "ref.h"
#include "stream.h"
#include "varint.h"

namespace tracemill::format {

inline constexpr uint64_t kOutcomeReserve = 64 * 1024;

class RecordWriter {
  public:
    // The memory and the counter must outlive the writer. Nothing is written before begin().
    RecordWriter(uint8_t* base, uint64_t capacity, uint64_t* committed) noexcept;
    RecordWriter(const RecordWriter&) = delete;
    RecordWriter& operator=(const RecordWriter&) = delete;

    // The header, published at once. python_minor is 11 for 3.11; flags are RecordFlags. Call it once, first.
    bool begin(uint8_t python_minor, uint8_t flags) noexcept;

    bool full() const noexcept { return full_; }
    uint64_t committed() const noexcept { return published_; }

    // Definitions; equal names, types and values get the same id and are written once.
    uint32_t name(std::string_view text) noexcept;
    uint32_t type(std::string_view text) noexcept;
    // flags are ValueFlags; length and identity are read when the flags announce them. When the writer is (or becomes)
    // full the answer is Ref::value(kNoId), which no event and no outcome will show.
    Ref value(uint32_t type_id, uint8_t flags, std::string_view repr, int64_t length = 0,
              uint64_t identity = 0) noexcept;
    uint32_t code(std::string_view qualified_name, uint32_t first_line, uint8_t flags) noexcept;
    uint32_t frame(uint32_t code_id, uint32_t parent_frame = kNoId) noexcept;

    // One event at a time. Definitions may be written between begin_event() and end_event(); other operations not.
    void begin_event(EventKind kind, uint32_t frame_id, uint32_t line) noexcept {
        pending_kind_ = kind;
        pending_frame_ = frame_id;
        pending_line_ = line;
        pending_changes_ = 0;
        has_payload_ = false;
        changes_.clear();
        payload_.clear();
    }
    void change(uint32_t name_id, const Ref& ref) noexcept {
        if (!changes_.reserve_more(kMaxVarintSize + kMaxRefSize)) {
            fail();
            return;
        }
        uint8_t* at = changes_.data() + changes_.size();
        at = put_ref(put_varint(at, name_id), ref);
        changes_.set_size(static_cast<size_t>(at - changes_.data()));
        ++pending_changes_;
    }
    void payload_value(const Ref& ref) noexcept;                                  // return, yield
    void payload_exception(uint32_t type_id, std::string_view message) noexcept;  // exception
    bool end_event() noexcept;

    bool output(Stream stream, std::string_view text) noexcept;
    // All that reached the stream, where that is not what its outputs say together.
    bool stream_bytes(Stream stream, std::string_view bytes) noexcept;
    // Iterations first_iteration (from 1) to first_iteration + count - 1 of the loop at `loop_line` ran unrecorded.
    bool elided(uint32_t frame_id, uint32_t loop_line, uint64_t first_iteration, uint64_t count,
                uint64_t events) noexcept;
    // Works on a full writer too. Long texts are cut to fit. Call it once, last.
    bool outcome(const Outcome& outcome) noexcept;

  private:
    // Room for `size` bytes before the reserve; otherwise the writer becomes full.
    bool room(uint64_t size) noexcept {
        if (!full_ && limit_ - position_ >= size) return true;
        fail();
        return false;
    }
    void fail() noexcept;
    void publish() noexcept {
        published_ = position_;
        published_types_ = types_;
        published_values_ = values_;
        std::atomic_ref<uint64_t>(*committed_).store(position_, std::memory_order_release);
    }
    bool stream_operation(Tag tag, Stream stream, std::string_view bytes) noexcept;
    uint32_t intern(uint8_t* end, uint32_t& count) noexcept;
    uint32_t text_definition(Tag tag, std::string_view text, uint32_t& count) noexcept;

    uint8_t* base_;
    uint64_t capacity_;
    uint64_t limit_;  // capacity less the reserve
    uint64_t* committed_;
    uint64_t position_ = 0;   // end of what is written
    uint64_t published_ = 0;  // end of the last unit
    bool full_ = false;
    bool finished_ = false;  // has its outcome

    uint32_t names_ = 0;
    uint32_t types_ = 0;
    uint32_t values_ = 0;
    uint32_t published_types_ = 0;  // of these, in published units
    uint32_t published_values_ = 0;
    InternTable interned_;
    PodArray<uint32_t> first_lines_;  // by code id
    PodArray<uint32_t> last_lines_;   // by frame id: the line of its last event, at first its code's first line

    uint32_t event_frame_ = kNoId;  // of the previous event
    EventKind pending_kind_ = EventKind::kLine;
    uint32_t pending_frame_ = 0;
    uint32_t pending_line_ = 0;
    uint32_t pending_changes_ = 0;
    bool has_payload_ = false;
    PodArray<uint8_t> changes_;  // encoded
    PodArray<uint8_t> payload_;  // encoded
};

}  // namespace tracemill::format
