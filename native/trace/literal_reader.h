// Reads Python's literals and builds what their code, made by CPython's compiler, would: values as large, names
// interned, and equal constants one object, as far as a program can tell.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "python/ref.h"

namespace tracemill::trace {

class LiteralReader {
  public:
    // `text`, UTF-8 of an expression in one line, must outlive the reader.
    explicit LiteralReader(std::string_view text) : rest_(text) {}

    // An identifier in ASCII that is no keyword and no name the compiler knows; empty when there is none.
    std::string_view name();

    // Whether this is next; it was read then.
    bool take(char wanted);

    // Nothing but blanks is left.
    bool at_end();

    // The value of str, int, float, None, bool, tuple, list, dict and what they hold. Empty, without an exception, for
    // all else, above all whatever may be a syntax error or worth a warning.
    python::Owned value();

  private:
    struct Literal {
        python::Owned object;
        bool is_constant = false;  // the compiler makes it, not the code
    };

    void skip_blanks();
    bool take_word(std::string_view word);
    std::optional<Literal> literal();
    std::optional<Literal> constant(python::Owned object);
    std::optional<Literal> text(char quote);
    std::optional<Literal> number();
    std::optional<Literal> in_parentheses();
    std::optional<Literal> list();
    std::optional<Literal> dict();
    // Up to the closing bracket, onto items_. Whether all are constant; empty when one is no literal.
    std::optional<bool> items(char close);
    python::Owned tuple_of(size_t first) const;
    python::Owned list_of(size_t first, bool constant) const;

    std::string_view rest_;
    int depth_ = 0;
    bool ends_with_comma_ = false;          // the items that were read last
    std::vector<Literal> items_;            // of the brackets that are open, outermost first
    std::vector<python::Owned> constants_;  // that another one may equal
};

}  // namespace tracemill::trace
