// A program arrives as text and is run as a file: which bytes that file has, and what CPython makes of them.
#pragma once

#include <string>
#include <string_view>

#include "python/ref.h"

namespace tracemill::trace {

// Where the program's file lies, for every program. Its folder is the first on sys.path and, in a tracer process, the
// working directory.
inline constexpr char kProgramFolder[] = "/program";
inline constexpr char kProgramFile[] = "/program/program.py";
// The file name that the entry expression is compiled with.
inline constexpr char kEntryFile[] = "<entry>";

// The text after the byte order mark that it may begin with.
std::string_view without_mark(std::string_view text);

// The encoding that a comment in the first two lines declares; empty = none.
std::string_view declared_encoding(std::string_view text);

// The text in the encoding that it declares; in UTF-8 where it declares none, or one that it cannot be written in.
std::string file_bytes(std::string_view text);

// Compiles text as an expression; empty with an exception set on failure.
python::Owned compile_text(std::string_view text, const char* file, int start);

// The same of the program's file: a byte order mark and the declared encoding mean what they mean there.
python::Owned compile_program(std::string_view text);

}  // namespace tracemill::trace
