// The code of an entry expression like `f([1, 2], key="x")`: most inputs of most datasets. It is made without CPython's
// compiler, which takes a sixth of the time of a small program for it.
//
// The arguments are constants of the code. What a program can tell from what the compiler makes: the code object
// itself, lists and dicts among its constants, and one more reference to each of them.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "python/ref.h"
#include "trace/literal_reader.h"

namespace tracemill::trace {

class LiteralCalls {
  public:
    // Compiles a call of every shape, to copy from. Those that do not come out as expected are left to the compiler.
    void prepare();

    // As from compile(expression, kEntryFile, "eval"). Empty, without an exception, when the compiler must see it.
    python::Owned code_of(std::string_view expression) const;

  private:
    static constexpr size_t kMostArguments = 8;

    // A call with so many arguments by position and by keyword.
    struct Shape {
        python::Owned code;      // NULL: left to the compiler
        python::Owned bytecode;  // and its other parts
        python::Owned line_table;
        python::Owned exception_table;
        std::vector<python::Owned> constants;  // NULL for arguments, which are in order, and for names of keywords
    };

    struct Arguments {
        std::vector<python::Owned> values;
        python::Owned keywords;  // a tuple of str; NULL for none
    };

    static Shape shape_of(size_t positional, size_t keywords);
    static bool read(LiteralReader& reader, Arguments& arguments);

    // By the number of all arguments, and of keywords.
    std::array<std::array<Shape, kMostArguments + 1>, kMostArguments + 1> shapes_;
};

}  // namespace tracemill::trace
