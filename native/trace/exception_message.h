// What str() of an exception gives, as far as no function of the program is asked for it: the texts of the built-in
// exception types are put together here, since theirs would call str() on what the exception holds.
#pragma once

#include "trace/text_output.h"
#include "trace/value_walk.h"

namespace tracemill::trace {

class ExceptionMessage {
  public:
    ExceptionMessage(TextOutput& out, ValueWalk<TextOutput>& walk) : out_(out), walk_(walk) {}

    // False when the text is cut.
    bool write(PyObject* exception);

  private:
    bool built_in(PyObject* exception);
    bool arguments(PyObject* exception);
    bool operating_system(PyObject* exception);
    bool syntax(PyObject* exception);
    bool import(PyObject* exception);
    bool unicode(PyObject* exception, reprfunc own);
    bool group(PyObject* exception);
    // As str(), and as repr(); NULL is None.
    bool plain(PyObject* object);
    bool quoted(PyObject* object);
    bool own_text(PyObject* exception, reprfunc function);

    TextOutput& out_;
    ValueWalk<TextOutput>& walk_;
};

}  // namespace tracemill::trace
