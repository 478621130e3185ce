// sys.stdout and sys.stderr of a program: every write goes into the record, up to a bound.
#pragma once

#include "format/record.h"
#include "format/stream.h"
#include "python/ref.h"

namespace tracemill::trace {

// A text stream; its `buffer` is a binary one over the same output. Empty with an exception set on failure.
python::Owned make_output_stream(format::Stream stream);

}  // namespace tracemill::trace
