#include "trace/program_file.h"

#include <string>
#include <unistd.h>
#include <utility>

#include "python/error.h"
#include "python/ref.h"
#include "trace/source_text.h"
#include "trace/word_search.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// Without one of these, or a name with two underscores, a program has no way to a file.
constexpr std::string_view kWaysToFiles[] = {"import", "open", "getattr", "eval", "exec", "vars", "globals"};
constexpr WordSearch kSearch{kWaysToFiles};

bool can_look(std::string_view text) { return text.find("__") != std::string_view::npos || kSearch.finds_any(text); }

bool put(int descriptor, const std::string& bytes) {
    if (ftruncate(descriptor, 0) != 0) return false;
    for (size_t done = 0; done < bytes.size();) {
        const ssize_t put = pwrite(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (put <= 0) return false;
        done += static_cast<size_t>(put);
    }
    return true;
}

// Its lines as of a file: text has more line ends than files have.
Owned lines_of(std::string_view text) {
    text = without_mark(text);
    const Owned string =
        Owned::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogatepass"));
    const Owned io = string ? Owned::steal(PyImport_ImportModule("io")) : Owned();
    const Owned file =
        io ? Owned::steal(PyObject_CallMethod(io.get(), "StringIO", "OO", string.get(), Py_None)) : Owned();
    return file ? Owned::steal(PyObject_CallMethod(file.get(), "readlines", nullptr)) : Owned();
}

// Nothing where a program put something else in its place.
Owned cache_of_lines() {
    const Owned module = Owned::steal(PyImport_ImportModule("linecache"));
    Owned cache = module ? Owned::steal(PyObject_GetAttrString(module.get(), "cache")) : Owned();
    return cache && PyDict_Check(cache.get()) ? std::move(cache) : Owned();
}

}  // namespace

void ProgramFile::begin(uint32_t descriptor, std::string_view text) {
    text_ = text;
    descriptor_ = descriptor;
    written_ = false;
    end();
    // Where there is no file, nobody opens it at the moment when its lines are wanted.
    if (descriptor_ == 0 || can_look(text)) return write();
    // What an earlier program's text was is nobody's business.
    if (holds_text_ && descriptor_ != 0) holds_text_ = ftruncate(static_cast<int>(descriptor_), 0) != 0;
}

void ProgramFile::opening(PyObject* path) {
    if (!PyUnicode_Check(path) || PyUnicode_CompareWithASCIIString(path, kProgramFile) != 0) return;
    write();
}

void ProgramFile::write() {
    if (written_) return;
    written_ = true;
    if (descriptor_ == 0) return tell_linecache();
    const Owned exception = python::take_exception();
    holds_text_ = true;
    // One that does not fit is not there in part either: a program would read what it is not.
    if (!put(static_cast<int>(descriptor_), file_bytes(text_)) && ftruncate(static_cast<int>(descriptor_), 0) == 0) {
        tell_linecache();
    }
    if (exception) python::restore_exception(Owned::share(exception.get()));
}

// (size, no time of change, lines, name): with no time, linecache does not look for a file.
void ProgramFile::tell_linecache() {
    const Owned cache = cache_of_lines();
    const Owned lines = lines_of(text_);
    const Owned entry = lines ? Owned::steal(Py_BuildValue("(nOOs)", static_cast<Py_ssize_t>(text_.size()), Py_None,
                                                           lines.get(), kProgramFile))
                              : Owned();
    told_linecache_ = entry && cache && PyDict_SetItemString(cache.get(), kProgramFile, entry.get()) == 0;
    PyErr_Clear();
}

void ProgramFile::end() {
    if (!told_linecache_) return;
    told_linecache_ = false;
    const Owned cache = cache_of_lines();
    if (cache) PyDict_DelItemString(cache.get(), kProgramFile);
    PyErr_Clear();
}

ProgramFile& program_file() {
    static ProgramFile s_file;
    return s_file;
}

}  // namespace tracemill::trace
