#include "trace/source_text.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "python/error.h"

namespace tracemill::trace {
namespace {

using python::Owned;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

bool is_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

// Takes the first line off `text`, without its end.
std::string_view take_line(std::string_view& text) {
    const size_t end = text.find_first_of("\r\n");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    if (text.starts_with("\r\n")) text.remove_prefix(1);
    if (!text.empty()) text.remove_prefix(1);
    return line;
}

// After the first "coding:" or "coding=" that a name follows.
std::string_view encoding_in(std::string_view comment) {
    constexpr std::string_view kWord = "coding";
    for (size_t at = comment.find(kWord); at != std::string_view::npos; at = comment.find(kWord, at + 1)) {
        std::string_view rest = comment.substr(at + kWord.size());
        if (rest.empty() || (rest.front() != ':' && rest.front() != '=')) continue;
        rest.remove_prefix(1);
        while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
        const auto end = std::find_if_not(rest.begin(), rest.end(), is_of_name);
        if (end != rest.begin()) return rest.substr(0, static_cast<size_t>(end - rest.begin()));
    }
    return {};
}

Owned decoded(std::string_view text) {
    return Owned::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogatepass"));
}

// What CPython says of a file with a null byte, which it stops reading there.
void raise_null_byte(std::string_view text) {
    text = without_mark(text);
    const size_t at = text.find('\0');
    const size_t start = text.rfind('\n', at);
    const std::string_view line = text.substr(start == std::string_view::npos ? 0 : start + 1);
    const auto number = 1 + std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(at), '\n');
    const Owned shown = decoded(line.substr(0, line.find('\0')));
    const Owned arguments = shown ? Owned::steal(Py_BuildValue("s(sniOni)", "source code cannot contain null bytes",
                                                               kProgramFile, static_cast<Py_ssize_t>(number), 0,
                                                               shown.get(), static_cast<Py_ssize_t>(number), 0))
                                  : Owned();
    if (arguments) PyErr_SetObject(PyExc_SyntaxError, arguments.get());
}

Owned compile_bytes(std::string_view bytes, const char* file, int start, int flags_of_source) {
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags = flags_of_source;
    const std::string terminated(bytes);
    return Owned::steal(Py_CompileStringExFlags(terminated.c_str(), file, start, &flags, -1));
}

// CPython words it otherwise when the bytes come from memory.
void say_as_of_a_file(std::string_view encoding) {
    Owned exception = python::take_exception();
    const Owned line = Owned::steal(PyObject_GetAttrString(exception.get(), "lineno"));
    PyErr_Clear();
    const bool of_encoding = Py_IS_TYPE(exception.get(), reinterpret_cast<PyTypeObject*>(PyExc_SyntaxError)) && line &&
                             PyLong_Check(line.get()) && PyLong_AsLong(line.get()) == 0;
    const Owned text = of_encoding ? Owned::steal(PyObject_Str(exception.get())) : Owned();
    const char* message = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
    PyErr_Clear();
    if (!message) return python::restore_exception(std::move(exception));
    const std::string_view said(message, std::strcspn(message, "("));
    const bool is_worded = said.starts_with("encoding problem");
    const std::string problem = is_worded ? std::string(said.substr(0, said.find_last_not_of(' ') + 1))
                                          : "encoding problem: " + std::string(encoding);
    PyErr_SetString(PyExc_SyntaxError, problem.c_str());
}

}  // namespace

std::string_view without_mark(std::string_view text) {
    return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

std::string_view declared_encoding(std::string_view text) {
    text = without_mark(text);
    for (int lines = 0; lines < 2; ++lines) {
        const std::string_view line = take_line(text);
        const auto start = std::find_if_not(line.begin(), line.end(), is_blank);
        if (start == line.end()) continue;
        if (*start != '#') return {};
        const std::string_view encoding = encoding_in(line.substr(static_cast<size_t>(start - line.begin())));
        if (!encoding.empty()) return encoding;
    }
    return {};
}

std::string file_bytes(std::string_view text) {
    const std::string encoding(declared_encoding(text));
    if (encoding.empty()) return std::string(text);
    const Owned string = decoded(text);
    const Owned bytes =
        string ? Owned::steal(PyUnicode_AsEncodedString(string.get(), encoding.c_str(), "strict")) : Owned();
    PyErr_Clear();
    if (!bytes || !PyBytes_Check(bytes.get())) return std::string(text);
    return std::string(PyBytes_AS_STRING(bytes.get()), static_cast<size_t>(PyBytes_GET_SIZE(bytes.get())));
}

Owned compile_text(std::string_view text, const char* file, int start) {
    if (std::memchr(text.data(), '\0', text.size())) {
        PyErr_SetString(PyExc_SyntaxError, "source code string cannot contain null bytes");
        return Owned();
    }
    return compile_bytes(text, file, start, PyCF_SOURCE_IS_UTF8 | PyCF_IGNORE_COOKIE);
}

Owned compile_program(std::string_view text) {
    if (!text.empty() && std::memchr(text.data(), '\0', text.size())) {
        raise_null_byte(text);
        return Owned();
    }
    const std::string_view encoding = declared_encoding(text);
    if (encoding.empty() && without_mark(text).size() == text.size())
        return compile_text(text, kProgramFile, Py_file_input);
    Owned code = compile_bytes(file_bytes(text), kProgramFile, Py_file_input, 0);
    if (!code) say_as_of_a_file(encoding);
    return code;
}

}  // namespace tracemill::trace
