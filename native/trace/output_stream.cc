#include "trace/output_stream.h"

#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "format/utf8.h"
#include "python/ref.h"
#include "trace/python_text.h"
#include "trace/run_state.h"

namespace tracemill::trace {
namespace {

using python::Owned;

PyCFunction s_write = nullptr;  // TextIOWrapper.write
Py_ssize_t s_buffer_offset = 0;

uint64_t& written_to(RunState& run, format::Stream stream) {
    return stream == format::Stream::kStdout ? run.progress.stdout_bytes : run.progress.stderr_bytes;
}

uint64_t room_in(RunState& run, format::Stream stream) {
    const uint64_t bound = run.options.max_output_bytes == 0 ? UINT64_MAX : run.options.max_output_bytes;
    const uint64_t written = written_to(run, stream);
    return written < bound ? bound - written : 0;
}

bool put_into_record(RunState& run, format::Stream stream, std::string_view text) {
    if (!run.recorder.output(stream, text)) return false;
    run.streams.printed(stream, text);
    return true;
}

// Records what fits below the bound, counts everything. -1 with the run stopped when the bound is passed.
int record_output(RunState& run, format::Stream stream, std::string_view text) {
    if (text.empty()) return 0;
    const std::string_view kept = format::utf8_cut(text, room_in(run, stream));
    written_to(run, stream) += text.size();
    if (run.recorder.is_looking()) {
        run.waiting_output.emplace_back(stream, kept);
    } else {
        record_waiting_output(run);
        if (!kept.empty() && !put_into_record(run, stream, kept)) return stop_run(run, format::Status::kEventLimit);
    }
    return kept.size() == text.size() ? 0 : stop_run(run, format::Status::kOutputLimit);
}

bool has_surrogates(PyObject* text) {
    if (PyUnicode_MAX_CHAR_VALUE(text) < 0xd800) return false;
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text); ++i) {
        if (Py_UNICODE_IS_SURROGATE(PyUnicode_READ_CHAR(text, i))) return true;
    }
    return false;
}

// Not by way of PyUnicode_AsUTF8(), which would leave its result in the program's string.
int record_text(RunState& run, format::Stream stream, PyObject* text) try {
    if (PyUnicode_IS_ASCII(text)) {
        return record_output(
            run, stream,
            {static_cast<const char*>(PyUnicode_DATA(text)), static_cast<size_t>(PyUnicode_GET_LENGTH(text))});
    }
    if (!has_surrogates(text)) return record_output(run, stream, text_of(text));
    // Which the layer wrote after all: as that of stderr writes them.
    const Owned bytes = Owned::steal(PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace"));
    if (!bytes) return -1;
    return record_output(run, stream,
                         {PyBytes_AS_STRING(bytes.get()), static_cast<size_t>(PyBytes_GET_SIZE(bytes.get()))});
} catch (const std::bad_alloc&) {
    PyErr_NoMemory();
    return -1;
}

PyObject* write_text(PyObject* layer, PyObject* text) {
    RunState* run = current_run();
    const std::optional<format::Stream> stream = run ? run->streams.stream_of(layer) : std::nullopt;
    if (!stream || !PyUnicode_Check(text)) return s_write(layer, text);
    // What a repr prints while we look is not the program's output.
    if (run->recorder.is_looking() && PyThread_get_thread_ident() == run->thread) {
        return PyLong_FromSsize_t(PyUnicode_GET_LENGTH(text));
    }
    // Every code point takes a byte at least: what cannot fit need not be encoded first.
    if (static_cast<uint64_t>(PyUnicode_GET_LENGTH(text)) > room_in(*run, *stream)) {
        record_text(*run, *stream, text);
        return nullptr;
    }
    Owned count = Owned::steal(s_write(layer, text));
    if (!count || current_run() != run) return count.release();
    return record_text(*run, *stream, text) == 0 ? count.release() : nullptr;
}

Py_ssize_t offset_of_member(PyTypeObject* type, const char* name) {
    for (const PyMemberDef* member = type->tp_members; member && member->name; ++member) {
        if (std::strcmp(member->name, name) == 0) return member->offset;
    }
    return 0;
}

}  // namespace

bool hook_text_layers() {
    const Owned io = Owned::steal(PyImport_ImportModule("_io"));
    const Owned type = io ? Owned::steal(PyObject_GetAttrString(io.get(), "TextIOWrapper")) : Owned();
    const Owned write = type ? Owned::steal(PyObject_GetAttrString(type.get(), "write")) : Owned();
    if (!write) return false;
    if (s_write) return true;
    s_buffer_offset = offset_of_member(reinterpret_cast<PyTypeObject*>(type.get()), "buffer");
    const bool expected = Py_IS_TYPE(write.get(), &PyMethodDescr_Type) && s_buffer_offset > 0;
    PyMethodDef* definition = expected ? reinterpret_cast<PyMethodDescrObject*>(write.get())->d_method : nullptr;
    if (!definition || definition->ml_flags != METH_O) {
        PyErr_SetString(PyExc_RuntimeError, "TextIOWrapper.write is not as expected");
        return false;
    }
    // In the method's own definition: whoever holds the method has this one, too, and it looks as before.
    s_write = definition->ml_meth;
    definition->ml_meth = write_text;
    return true;
}

PyObject* buffer_of(PyObject* text_layer) {
    return *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(text_layer) + s_buffer_offset);
}

void record_waiting_output(RunState& run) {
    if (run.waiting_output.empty()) return;
    for (const auto& [stream, text] : std::exchange(run.waiting_output, {})) put_into_record(run, stream, text);
}

}  // namespace tracemill::trace
