#include "loops/loop_table.h"

#include <opcode.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "python/line_table.h"
#include "python/ref.h"

namespace tracemill::loops {
namespace {

using python::Owned;
using Kind = SourceNode::Kind;

struct Instruction {
    int index;  // of its first code unit, prefixes included
    int next;   // of the instruction behind it
    int opcode;
    int target = -1;  // of a jump backward, of FOR_ITER when nothing is left, of SEND when the wait is over
    Range range;      // empty: at no place in the source
};

bool jumps_backward(int opcode) {
#ifdef POP_JUMP_BACKWARD_IF_TRUE
    if (opcode == POP_JUMP_BACKWARD_IF_TRUE || opcode == POP_JUMP_BACKWARD_IF_FALSE ||
        opcode == POP_JUMP_BACKWARD_IF_NONE || opcode == POP_JUMP_BACKWARD_IF_NOT_NONE) {
        return true;
    }
#endif
    return opcode == JUMP_BACKWARD;
}

bool jumps_forward(int opcode) { return opcode == FOR_ITER || opcode == SEND; }

// One range per code unit; empty when the code object has none.
std::vector<Range> ranges_of(PyCodeObject* code) {
    std::vector<Range> ranges;
    const Owned positions =
        Owned::steal(PyObject_CallMethod(reinterpret_cast<PyObject*>(code), "co_positions", nullptr));
    while (positions) {
        const Owned item = Owned::steal(PyIter_Next(positions.get()));
        if (!item || !PyTuple_CheckExact(item.get()) || PyTuple_GET_SIZE(item.get()) != 4) break;
        uint64_t part[4] = {};  // line, end line, column, end column
        bool known = true;
        for (Py_ssize_t i = 0; i < 4; ++i) {
            PyObject* number = PyTuple_GET_ITEM(item.get(), i);
            known = known && PyLong_CheckExact(number);
            if (known) part[i] = static_cast<uint64_t>(PyLong_AsLong(number));
        }
        ranges.push_back(known ? Range{part[0] << 32 | part[2], part[1] << 32 | part[3]} : Range{});
    }
    PyErr_Clear();
    return ranges;
}

std::vector<Instruction> instructions_of(PyCodeObject* code) {
    std::vector<Instruction> instructions;
    const Owned bytes = Owned::steal(PyCode_GetCode(code));
    PyErr_Clear();
    if (!bytes) return instructions;
    const std::vector<Range> ranges = ranges_of(code);
    const auto* unit = reinterpret_cast<const uint8_t*>(PyBytes_AS_STRING(bytes.get()));
    const int count = static_cast<int>(PyBytes_GET_SIZE(bytes.get()) / 2);
    for (int at = 0; at < count;) {
        Instruction instruction{at, at, unit[2 * at], -1, {}};
        uint64_t argument = unit[2 * at + 1];
        while (instruction.opcode == EXTENDED_ARG && at + 1 < count) {
            ++at;
            instruction.opcode = unit[2 * at];
            argument = argument << 8 | unit[2 * at + 1];
        }
        if (static_cast<size_t>(at) < ranges.size()) instruction.range = ranges[at];
        for (++at; at < count && unit[2 * at] == CACHE; ++at) {
        }
        instruction.next = at;
        if (jumps_backward(instruction.opcode)) {
            instruction.target = at - static_cast<int>(argument);
        } else if (jumps_forward(instruction.opcode)) {
            instruction.target = at + static_cast<int>(argument);
        }
        instructions.push_back(instruction);
    }
    return instructions;
}

uint64_t first_line(const Range& range) { return range.start >> 32; }

// Builds the table of one code object.
class Builder {
  public:
    Builder(const SourceLoops& source, PyCodeObject* code) : source_(source), code_(instructions_of(code)) {}

    // The places have their lines.
    void build(std::vector<Loop>& loops, std::vector<Place>& places) {
        find_clauses();
        for (const Instruction& instruction : code_) place(instruction);
        mark_starts();
        loops = std::move(loops_);
        if (loops.empty()) return;
        for (size_t i = 0; i < code_.size(); ++i) {
            for (int at = code_[i].index; at < code_[i].next; ++at) {
                const uint32_t line = places[at].line;
                places[at] = places_[i];
                places[at].line = line;
            }
        }
    }

  private:
    struct Span {
        int begin;
        int body;  // where an iteration that happens goes on
        int end;
        size_t clause;
    };

    // The node and clause that a FOR_ITER or GET_ANEXT goes around for; -1: none.
    int node_of(const Instruction& instruction, size_t& clause) {
#if PY_VERSION_HEX >= 0x030d0000
        if (instruction.opcode == FOR_ITER) return source_.find_over(instruction.range, clause);
#endif
        const int loop = source_.find(instruction.range, Kind::kFor);
        if (loop >= 0) return loop;
        const int comprehension = source_.find(instruction.range, Kind::kComprehension);
        // All clauses are at the comprehension's place, one behind the other.
        if (comprehension >= 0) clause = spans_[comprehension].size() % source_.nodes()[comprehension].over.size();
        return comprehension;
    }

    void find_clauses() {
        std::vector<Span*> open;  // of GET_ANEXT, whose loop ends at END_ASYNC_FOR
        for (const Instruction& instruction : code_) {
            if (instruction.opcode == END_ASYNC_FOR && !open.empty()) {
                if (open.back()) open.back()->end = instruction.index;
                open.pop_back();
            }
            if (instruction.opcode == SEND && !open.empty() && open.back() && open.back()->body < 0)
                open.back()->body = instruction.target;
            if (instruction.opcode != FOR_ITER && instruction.opcode != GET_ANEXT) continue;
            size_t clause = 0;
            const int node = instruction.range.empty() ? -1 : node_of(instruction, clause);
            Span* span = nullptr;
            if (node >= 0) {
                heads_[instruction.index] = {node, clause};
                if (source_.nodes()[node].kind == Kind::kComprehension) {
                    // Reserved at once: spans are pointed to.
                    const int body = instruction.opcode == FOR_ITER ? instruction.next : -1;
                    span = &spans_[node].emplace_back(Span{instruction.index, body, instruction.target, clause});
                }
            }
            if (instruction.opcode == GET_ANEXT) open.push_back(span);
        }
    }

    // Finds the innermost loop at a range, from a node outwards. `in_body` tells body from test.
    int loop_at(int node, const Range& range, int index, int opcode, bool& in_body) {
        for (; node >= 0; node = source_.nodes()[node].parent) {
            const SourceNode& at = source_.nodes()[node];
            if (at.kind == Kind::kScope) return Place::kOutside;
            if (at.kind == Kind::kComprehension) {
                const auto spans = spans_.find(node);
                if (spans == spans_.end()) continue;  // runs in a frame of its own, elsewhere
                const Span* inner = nullptr;
                for (const Span& span : spans->second) {
                    if (span.begin <= index && index < span.end && (!inner || span.begin > inner->begin)) inner = &span;
                }
                if (inner) {
                    in_body = index >= inner->body;
                    return loop_of(node, inner->clause, index);
                }
                if (at.own_frame) return Place::kOutside;
                continue;
            }
            if (at.otherwise.contains(range)) continue;
            if (at.kind == Kind::kFor) {
                const bool head = heads_.contains(index) && heads_[index].first == node;
                const bool before = at.head.contains(range) || opcode == GET_ITER || opcode == GET_AITER;
                if (!head && before && !at.body.contains(range)) continue;
                in_body = !head && range != at.range;
                return loop_of(node, 0, index);
            }
            in_body = at.body.contains(range);
            return loop_of(node, 0, index);
        }
        return Place::kOutside;
    }

    int loop_of(int node, size_t clause, int index) {
        const auto [found, added] = index_.try_emplace({node, clause}, static_cast<int>(loops_.size()));
        if (!added) return found->second;
        const int made = found->second;
        const SourceNode& at = source_.nodes()[node];
        loops_.push_back({clause < at.lines.size() ? at.lines[clause] : at.line, -1, true});
        bool in_body = true;
        int parent = Place::kOutside;
        if (clause > 0) {
            parent = loop_of(node, clause - 1, index);
        } else if (!at.own_frame) {
            parent = loop_at(at.parent, at.range, index, NOP, in_body);
        }
        loops_[made].parent = parent;
        loops_[made].in_parent_body = in_body;
        return made;
    }

    void place(const Instruction& instruction) {
        Place& at = places_.emplace_back();
        if (instruction.range.empty()) return;
        at.loop = loop_at(source_.innermost(instruction.range), instruction.range, instruction.index,
                          instruction.opcode, at.in_body);
    }

    void mark_starts() {
        std::vector<bool> back(code_.empty() ? 0 : static_cast<size_t>(code_.back().next) + 1);
        for (const Instruction& instruction : code_) {
            if (!jumps_forward(instruction.opcode) && instruction.target >= 0) back[instruction.target] = true;
        }
        const Instruction* before = nullptr;  // the last that is somewhere
        for (size_t i = 0; i < code_.size(); ++i) {
            const Instruction& instruction = code_[i];
            if (instruction.range.empty()) continue;
            if (heads_.contains(instruction.index)) {
                const bool same_line = before && first_line(before->range) == first_line(instruction.range);
                places_[i].start = same_line ? Place::Start::kRepeatedTest : Place::Start::kTest;
            } else if (places_[i].loop >= 0) {
                mark_while(places_[i], instruction, before, back[instruction.index]);
            }
            before = &instruction;
        }
#if PY_VERSION_HEX >= 0x030d0000
        mark_jumps();
#endif
    }

    // From 3.13 the line event of a jump back to the same line names the jump instead of where it goes.
    void mark_jumps() {
        for (size_t i = 1; i < code_.size(); ++i) {
            const Instruction& jump = code_[i];
            if (jumps_forward(jump.opcode) || jump.target < 0 || jump.range.empty()) continue;
            const Instruction* to = at(jump.target);
            if (!to) continue;
            const uint64_t line = first_line(jump.range);
            // On a line of its own the jump has a line event anyway, and its target another.
            if (line != first_line(to->range) || line != first_line(code_[i - 1].range)) continue;
            Place target = places_[static_cast<size_t>(to - code_.data())];
            if (target.start == Place::Start::kNone) continue;
            if (target.start == Place::Start::kTest) target.start = Place::Start::kRepeatedTest;
            places_[i] = target;
        }
    }

    // NULL: no instruction begins there.
    const Instruction* at(int index) const {
        const auto found = std::lower_bound(code_.begin(), code_.end(), index,
                                            [](const Instruction& at, int place) { return at.index < place; });
        return found != code_.end() && found->index == index ? &*found : nullptr;
    }

    void mark_while(Place& place, const Instruction& instruction, const Instruction* before, bool is_target) {
        int node = source_.innermost(instruction.range);
        while (node >= 0 && !owns(node, place.loop)) node = source_.nodes()[node].parent;
        if (node < 0 || source_.nodes()[node].kind != Kind::kWhile) return;
        const SourceNode& loop = source_.nodes()[node];
        const auto tests = [&](const Range& range) { return range == loop.range || loop.head.contains(range); };
        if (tests(instruction.range)) {
            // The way out of the loop may be nothing at all or a jump, also back to a loop around it.
            if (instruction.opcode == JUMP_FORWARD || (instruction.opcode == NOP && !is_target)) return;
            const Instruction* to = jumps_forward(instruction.opcode) ? nullptr : at(instruction.target);
            if (to && !loop.range.contains(to->range)) return;
            if (is_target || !before || !tests(before->range)) place.start = Place::Start::kTest;
        } else if (is_target && loop.body.start >> 32 == loop.line && before && tests(before->range)) {
            place.start = Place::Start::kBody;
        }
    }

    bool owns(int node, int loop) const {
        const auto found = index_.find({node, 0});
        return found != index_.end() && found->second == loop;
    }

    const SourceLoops& source_;
    const std::vector<Instruction> code_;
    std::map<int, std::pair<int, size_t>> heads_;  // by instruction: node and clause
    std::map<int, std::deque<Span>> spans_;        // of comprehensions in this code object, by node
    std::map<std::pair<int, size_t>, int> index_;  // of loops
    std::vector<Loop> loops_;
    std::vector<Place> places_;  // by instruction
};

}  // namespace

LoopTable::LoopTable(const SourceLoops& source, PyCodeObject* code) {
    std::vector<int> lines(static_cast<size_t>(tm_instruction_count(code)));
    tm_read_lines(code, lines.data());
    for (const int line : lines) {
        places_.push_back({.loop = Place::kOutside, .line = line > 0 ? static_cast<uint32_t>(line) : 0});
    }
    if (!source.nodes().empty()) Builder(source, code).build(loops_, places_);
    for (Place& place : places_) {
        if (place.start == Place::Start::kNone) place.line_stays_in = place.loop;
    }
    first_ = places_.data();
    count_ = places_.size();
}

}  // namespace tracemill::loops
