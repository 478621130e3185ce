// What pending events are made of. See timeline.h.
#pragma once

#include <cstdint>
#include <new>
#include <string>
#include <vector>

#include "format/pod_array.h"
#include "format/ref.h"
#include "format/stream.h"
#include "format/writer.h"
#include "loops/shared.h"

namespace tracemill::loops {

// A link of the timeline: a segment, or the place where an iteration began or ended.
struct Node {
    Node* previous = nullptr;
    Node* next = nullptr;
    bool is_segment = false;

    Node() = default;
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    ~Node() { unlink(); }

    void unlink() {
        if (!next) return;
        previous->next = next;
        next->previous = previous;
        next = previous = nullptr;
    }
    // All from `first` to `last`; those between are the caller's.
    static void unlink(Node& first, Node& last) {
        first.previous->next = last.next;
        last.next->previous = first.previous;
        first.next = last.next = nullptr;
    }
    void link_before(Node& other) {
        previous = other.previous;
        next = &other;
        previous->next = this;
        other.previous = this;
    }
};

struct Context;

// One iteration past the head of its loop, from its first event to its last; it may be kept as one of the tail.
struct Iteration : Counted<Iteration> {
    enum class Fate : uint8_t { kOpen, kKept, kElided };

    uint64_t number = 0;
    uint64_t events = 0;  // while it goes on: the clock when it began; afterwards how many there were
    Fate fate = Fate::kOpen;
    bool suspended = false;  // its frame was suspended in it: what lies between begin and end need not be part of it
    Shared<Context> outer;   // of the loop when the iteration began
    Node begin;
    Node end;

    ~Iteration();
    Iteration* take_outer() { return nullptr; }
};

// The iterations that decide over an event: it is kept when all of them are. NULL: kept in any case.
struct Context : Counted<Context> {
    Shared<Iteration> iteration;
    Shared<Context> outer;

    Context* take_outer() { return outer.release(); }
};

inline Iteration::~Iteration() = default;

// A recorded frame. It is defined in the record with its first event that is kept.
struct Frame : Counted<Frame> {
    uint32_t code_id = 0;
    uint32_t id = format::kNoId;
    Shared<Frame> parent;
    uint64_t segment = 0;              // serial number of the segment with its last event
    std::vector<format::Ref> written;  // by slot: its value in the record
    // What Operation::Kind::kLines needs, once all slots have a name.
    std::vector<uint32_t> names;  // by slot
    uint32_t slots = 0;           // how many

    size_t line_size() const { return size_t{slots} + 1; }

    Frame* take_outer() { return parent.release(); }
};

struct Delta {
    uint32_t slot;
    uint32_t name_id;
    format::Ref value;  // of DeferredValues
};

struct Operation {
    // kLines: any number of line events of a frame where every slot is an integer. No deltas, but the line and all
    // values of each, one behind the other.
    enum class Kind : uint8_t { kEvent, kLines, kOutput, kElided };

    uint32_t first_delta;  // its deltas end where those of the next operation begin
    uint32_t extra;        // index of the payload, of the output, of the elision, of the first of the integers
    Frame* frame;          // held by the segment
    uint32_t line;         // of the loop for kElided, none for kLines
    Kind kind;
    format::EventKind event{};  // of kEvent
    bool has_payload = false;   // its `extra` is the index of one
};

// Of a return or a yield, or of an exception.
struct Payload {
    format::Ref value;  // of DeferredValues
    uint32_t type_id;
    std::string message;
};

struct Output {
    format::Stream stream;
    std::string text;
};

struct Elision {
    uint64_t first;
    uint64_t count;
    uint64_t events;
};

// Operations in a row with the same fate.
struct Segment : Node {
    uint64_t serial = 0;
    uint32_t thread = 0;  // of all its operations
    Shared<Context> context;
    format::PodArray<Operation> operations;
    format::PodArray<Delta> deltas;
    format::PodArray<int64_t> integers;  // of kLines
    Frame* lines_of = nullptr;           // the last operation is kLines, of this frame
    uint64_t events = 0;
    std::vector<Payload> payloads;
    std::vector<Output> outputs;
    std::vector<Elision> elisions;
    std::vector<Shared<Frame>> frames;

    void add(const Operation& operation) {
        if (!operations.push(operation)) throw std::bad_alloc();
        lines_of = nullptr;
    }
    void add(const Delta& delta) {
        if (!deltas.push(delta)) throw std::bad_alloc();
    }
    void add_output(Output output) {
        const auto delta = static_cast<uint32_t>(deltas.size());
        const auto index = static_cast<uint32_t>(outputs.size());
        outputs.push_back(std::move(output));
        add(Operation{delta, index, nullptr, 0, Operation::Kind::kOutput});
    }
    void hold(const Shared<Frame>& frame) {
        if (frames.empty() || frames.back() != frame) frames.push_back(frame);
    }
    void add_lines(const Shared<Frame>& frame) {
        const auto delta = static_cast<uint32_t>(deltas.size());
        const auto first = static_cast<uint32_t>(integers.size());
        hold(frame);
        add(Operation{delta, first, frame.get(), 0, Operation::Kind::kLines});
        lines_of = frame.get();
    }
    // Lines of one frame and nothing else.
    bool is_lines() const { return lines_of && operations.size() == 1; }
    bool is_of_one_frame() const { return is_lines() || (has_only_events() && frames.size() == 1); }
    bool has_only_events() const { return payloads.empty() && outputs.empty() && elisions.empty(); }
    void clear_events() {
        operations.clear();
        deltas.clear();
        integers.clear();
        lines_of = nullptr;
        events = 0;
    }
    // It goes on as if it had just begun.
    void clear() {
        clear_events();
        payloads.clear();
        outputs.clear();
        elisions.clear();
        frames.clear();
    }
};

}  // namespace tracemill::loops
