// What pending events are made of. See timeline.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "format/ref.h"
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

    Frame* take_outer() { return parent.release(); }
};

struct Delta {
    uint32_t slot;
    uint32_t name_id;
    format::Ref value;  // of DeferredValues
};

struct Operation {
    enum class Kind : uint8_t { kEvent, kOutput, kElided };

    Kind kind = Kind::kEvent;
    format::EventKind event = format::EventKind::kLine;
    bool has_payload = false;
    uint32_t line = 0;       // of a loop for kElided
    uint32_t delta_end = 0;  // the deltas from the previous operation's end to here
    uint32_t extra = 0;      // index of the text (kOutput: and its stream), of the elision
    uint32_t type_id = 0;    // of an exception; the stream of an output
    Frame* frame = nullptr;  // held by the segment
    format::Ref payload;
};

struct Elision {
    uint64_t first;
    uint64_t count;
    uint64_t events;
};

// Operations in a row with the same fate.
struct Segment : Node {
    uint64_t serial = 0;
    Shared<Context> context;
    uint64_t events = 0;
    uint32_t outputs = 0;
    std::vector<Operation> operations;
    std::vector<Delta> deltas;
    std::vector<std::string> texts;
    std::vector<Elision> elisions;
    std::vector<Shared<Frame>> frames;
};

}  // namespace tracemill::loops
