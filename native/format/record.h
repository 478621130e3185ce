// The trace record: what one run of one program left behind. This header is the specification of the bytes; the
// writer, both readers (C++ and TypeScript) and the dump follow it. No Python and no Node in this folder.
//
// A record is a header followed by a stream of operations. Every operation is complete in itself and may refer only to
// what was defined before it, so a record cut after any operation is still readable: a program that is killed keeps
// everything recorded up to its last operation, and whoever killed it appends the outcome.
//
// Integers are LEB128 varints of at most 64 bits (10 bytes) unless a width is given. `zigzag` maps signed to unsigned
// ((n << 1) ^ (n >> 63)). Fixed widths are little-endian. `bytes` is a varint length followed by that many bytes.
// Text is UTF-8 in which lone surrogates are encoded like any other code point (generalised UTF-8), because Python
// strings may contain them.
//
//   header    magic "TMRC" (4 bytes), kFormatVersion (1 byte), python version as minor (1 byte: 11 for 3.11),
//             flags (1 byte, RecordFlags)
//   operation one tag byte, then the fields below
//
// Operations that define (tag < 0x40); the tables are numbered from 0 in order of definition, one table per kind:
//   NAME     bytes text                      -> name id        (variable names)
//   TYPE     bytes text                      -> type id        (`type(x).__name__`)
//   VALUE    type id, ValueFlags byte, bytes repr, [zigzag length if kValueHasLength], [identity if kValueHasIdentity]
//                                            -> value id
//            repr is the first N characters of `repr(x)` when kValueCut is set, else all of it. length is `len(x)`,
//            present when the text was cut and the object has one. identity is the object's ordinal (from 1): two
//            names with the same ordinal at the same event hold the same object. With kValueLiteral all objects in it
//            are None, Ellipsis, bool, int, float, complex, str, bytes, list, tuple, dict, set or frozenset, exactly:
//            no class of the program has a part in the text, whatever it is called. With kValueArrays NumPy's own
//            arrays and numbers are among them, exactly; then kValueLiteral says that the numbers of arrays show with
//            all their digits, and its absence that some show with eight.
//   CODE     bytes qualified name, first line, CodeFlags byte -> code id
//   FRAME    code id, parent frame id + 1 (0 = no recorded parent)  -> frame id (one activation; never reused)
//
// Operations that happen (tag < 0x40):
//   OUTPUT   stream byte (1 = stdout, 2 = stderr), bytes text: written to Python's text layer at this point between two
//            events
//   STREAM   stream byte, bytes: all that reached the stream, where that is not what its OUTPUTs say together, because
//            the program wrote past Python's text layer or lost what was in a buffer. Any bytes; the last one counts
//   ELIDED   frame id, loop line, first elided iteration (from 1), count, events: iterations of a loop that ran and
//            were not recorded, calls from them included; the next event of every frame carries all changes since its
//            last recorded one. What they printed is not elided: it comes before this operation.
//   kThread   number: what happens from here on, happens on this thread of the program (0 = the one that runs the
//   module,
//            where every record begins; others in the order in which they were started). A frame belongs to the thread
//            of its first event; a generator may go on in another.
//   OUTCOME  see below; at most once, last
//
// Events (tag & kEventBit): tag bits 0-2 EventKind, bit 3 kEventOtherFrame, bit 4 kEventHasChanges,
// bit 5 kEventHasPayload:
//   [frame id if kEventOtherFrame; else the frame of the previous event]
//   zigzag line delta, against the previous event of the same frame (the code's first line before the first)
//   [if kEventHasChanges: count, then count times (name id, Ref)]
//   [if kEventHasPayload: return, yield: Ref of the value; exception: type id, bytes message,
//    Ref of the exception]
// A change is a name whose value differs from the frame's state at its previous event (from nothing at its first), so
// the state at an event is the previous state plus the changes: the names bound in the frame, in order of first
// binding, with their values when the event fires. A return without payload is a frame left by an exception.
//
// Ref: a varint r.  r & 3 == 0: value id r >> 2
//                   r & 3 == 1: the int zigzag-decoded from r >> 2 (exact type int)
//                   r & 3 == 2: r >> 2 must be 0; the exact float in the next 8 bytes
//                   r & 3 == 3: r >> 2 is a RefConstant
//
// OUTCOME: status byte (Status), OutcomeFlags byte,
//   [result Ref                      if kOutcomeHasResult]
//   [type id, bytes message, line, Ref of the exception
//                                    if kOutcomeHasException]  line 0 = not in the program; unbound = not known
//   [bytes detail                    if kOutcomeHasDetail]     what a limit or denial was about, one line of text
//   events, lines (counts that ran, recorded or not), stdout bytes written, stderr bytes written (also past the bound),
//   cpu time ns, wall time ns
// Times are zero unless asked for, so that records are reproducible.
#pragma once

#include <cstdint>

namespace tracemill::format {

// Version history. A reader rejects any version but its own and names both.
//   1  first version
//   2  threads, real streams, structured exceptions, record-limit
inline constexpr uint8_t kFormatVersion = 2;

inline constexpr char kRecordMagic[4] = {'T', 'M', 'R', 'C'};
inline constexpr uint32_t kRecordHeaderSize = 7;

enum RecordFlags : uint8_t {
    kRecordLoopsSkipped = 1 << 0,  // recorded with --loops skip
};

enum class Tag : uint8_t {
    kName = 0x01,
    kType = 0x02,
    kValue = 0x03,
    kCode = 0x04,
    kFrame = 0x05,
    kOutput = 0x10,
    kElided = 0x11,
    kOutcome = 0x12,
    kThread = 0x13,
    kStreamBytes = 0x14,
};

inline constexpr uint8_t kEventBit = 0x40;
inline constexpr uint8_t kEventKindMask = 0x07;
inline constexpr uint8_t kEventOtherFrame = 0x08;
inline constexpr uint8_t kEventHasChanges = 0x10;
inline constexpr uint8_t kEventHasPayload = 0x20;

enum class EventKind : uint8_t {
    kCall = 0,
    kLine = 1,
    kReturn = 2,
    kYield = 3,
    kResume = 4,
    kException = 5,
};
inline constexpr uint8_t kEventKindCount = 6;

enum ValueFlags : uint8_t {
    kValueCut = 1 << 0,          // repr is a prefix, or both ends with `...` between them: see kValueHasEnd
    kValueHasLength = 1 << 1,    // len(x) follows
    kValueHasIdentity = 1 << 2,  // ordinal follows
    kValueFailed = 1 << 3,       // repr is a stand-in: the program's own __repr__ raised or took too long
    kValueHasEnd = 1 << 4,       // with kValueCut only
    kValueLiteral = 1 << 5,      // see above
    kValueArrays = 1 << 6,       // likewise
    kValueFlagsMask = 0x7f,
};

enum CodeFlags : uint8_t {
    kCodeModule = 1 << 0,
    kCodeGenerator = 1 << 1,  // generators, coroutines, async generators
    kCodeClassBody = 1 << 2,
    kCodeLibrary = 1 << 3,  // not part of the program (scope all)
    kCodeEntry = 1 << 4,    // the function that the entry expression called first
    kCodeFlagsMask = 0x1f,
};

enum class RefConstant : uint8_t { kUnbound = 0, kNone = 1, kTrue = 2, kFalse = 3 };
inline constexpr uint8_t kRefConstantCount = 4;

// Integers outside this range do not fit a Ref (zigzag in 62 bits) and are written as VALUEs.
inline constexpr int64_t kRefIntMax = (int64_t{1} << 61) - 1;
inline constexpr int64_t kRefIntMin = -(int64_t{1} << 61);

enum class Status : uint8_t {
    kOk = 0,
    kException = 1,
    kSyntaxError = 2,
    kTimeout = 3,
    kMemoryLimit = 4,
    kOutputLimit = 5,
    kEventLimit = 6,
    kDenied = 7,
    kCrash = 8,
    kRecordLimit = 9,  // not the program but its recording took too much: bytes, memory or time
};
inline constexpr uint8_t kStatusCount = 10;

enum OutcomeFlags : uint8_t {
    kOutcomeHasResult = 1 << 0,
    kOutcomeHasException = 1 << 1,
    kOutcomeHasDetail = 1 << 2,
    kOutcomeFlagsMask = 0x07,
};

}  // namespace tracemill::format
