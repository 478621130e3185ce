// The loops of a source, as Python's own parser sees them: statements (`for`, `async for`, `while`) and the clauses of
// comprehensions. Needs the GIL.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "python/compat.h"

namespace tracemill::loops {

// From a place in the source to another: line << 32 | column in bytes of UTF-8.
struct Range {
    uint64_t start = 0;
    uint64_t end = 0;

    bool contains(const Range& other) const { return start <= other.start && other.end <= end; }
    bool empty() const { return end == 0; }
    friend bool operator==(const Range&, const Range&) = default;
};

struct SourceNode {
    enum class Kind : uint8_t { kFor, kWhile, kComprehension, kScope };

    Kind kind = Kind::kScope;
    bool own_frame = false;  // of a comprehension: generator expressions always, the others before 3.12
    Range range;             // of a scope: of what runs in the scope's frame
    Range head;              // of a while loop its test; of a for loop what it goes over
    Range otherwise;         // the else clause
    Range body;
    uint32_t line = 0;            // of its first word
    int parent = -1;              // the node around this one
    std::vector<Range> over;      // of a comprehension: what each clause goes over
    std::vector<uint32_t> lines;  // of a comprehension: where each clause begins
};

class SourceLoops {
  public:
    // Never fails: of a text that the parser refuses, or that is too deep for its trees, no loops are known.
    void read(std::string_view source);

    const std::vector<SourceNode>& nodes() const { return nodes_; }
    // The smallest node around a range; -1: none.
    int innermost(const Range& range) const;
    // -1: there is no such node.
    int find(const Range& range, SourceNode::Kind kind) const;
    // Of a for loop, or of a comprehension's clause: by what it goes over.
    int find_over(const Range& over, size_t& clause) const;

  private:
    void visit(PyObject* node, std::vector<PyObject*>& pending);

    std::vector<SourceNode> nodes_;  // by start; where equal, larger ones first
};

}  // namespace tracemill::loops
