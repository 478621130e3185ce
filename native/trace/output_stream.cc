#include "trace/output_stream.h"

#include <string_view>

#include "trace/containment.h"
#include "trace/python_text.h"
#include "trace/run_state.h"

namespace tracemill::trace {
namespace {

using python::Owned;

struct OutputStream {
    PyObject_HEAD format::Stream stream;
    bool binary;
};

OutputStream* as_stream(PyObject* self) { return reinterpret_cast<OutputStream*>(self); }

// Where UTF-8 text of at most `size` bytes may be cut without splitting a character.
size_t whole_characters(std::string_view text, size_t size) {
    if (size >= text.size()) return text.size();
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
    return size;
}

// Records what fits below the bound, counts everything. -1 with the run stopped when the bound is passed.
int record_output(format::Stream stream, std::string_view text) {
    RunState* run = current_run();
    if (!run || text.empty() || run->recorder.is_looking()) return 0;
    uint64_t& written = stream == format::Stream::kStdout ? run->progress.stdout_bytes : run->progress.stderr_bytes;
    const uint64_t bound = run->options.max_output_bytes == 0 ? UINT64_MAX : run->options.max_output_bytes;
    const uint64_t room = written < bound ? bound - written : 0;
    written += text.size();
    const size_t kept = whole_characters(text, room < text.size() ? static_cast<size_t>(room) : text.size());
    if (kept != 0 && !run->recorder.output(stream, text.substr(0, kept))) {
        return stop_run(*run, format::Status::kRecordLimit);
    }
    return kept == text.size() ? 0 : stop_run(*run, format::Status::kOutputLimit);
}

PyObject* write_text(OutputStream* self, PyObject* text) {
    if (!PyUnicode_Check(text)) {
        PyErr_Format(PyExc_TypeError, "write() argument must be str, not %.100s", Py_TYPE(text)->tp_name);
        return nullptr;
    }
    std::string copy;
    std::string_view bytes;
    Py_ssize_t size = 0;
    if (PyUnicode_IS_ASCII(text)) {
        bytes = {static_cast<const char*>(PyUnicode_DATA(text)), static_cast<size_t>(PyUnicode_GET_LENGTH(text))};
    } else if (const char* utf8 = PyUnicode_AsUTF8AndSize(text, &size)) {
        bytes = {utf8, static_cast<size_t>(size)};
    } else {
        PyErr_Clear();  // lone surrogates
        copy = text_of(text);
        bytes = copy;
    }
    if (record_output(self->stream, bytes) != 0) return nullptr;
    return PyLong_FromSsize_t(PyUnicode_GET_LENGTH(text));
}

PyObject* write_bytes(OutputStream* self, PyObject* data) {
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) != 0) return nullptr;
    const Owned text =
        Owned::steal(PyUnicode_DecodeUTF8(static_cast<const char*>(view.buf), view.len, "backslashreplace"));
    const Py_ssize_t size = view.len;
    PyBuffer_Release(&view);
    const Owned written = text ? Owned::steal(write_text(self, text.get())) : Owned();
    return written ? PyLong_FromSsize_t(size) : nullptr;
}

PyObject* stream_write(PyObject* self, PyObject* data) {
    return contained<PyObject*>(nullptr, [&] {
        return as_stream(self)->binary ? write_bytes(as_stream(self), data) : write_text(as_stream(self), data);
    });
}

PyObject* stream_writelines(PyObject* self, PyObject* lines) {
    const Owned iterator = Owned::steal(PyObject_GetIter(lines));
    if (!iterator) return nullptr;
    while (Owned line = Owned::steal(PyIter_Next(iterator.get()))) {
        const Owned written = Owned::steal(stream_write(self, line.get()));
        if (!written) return nullptr;
    }
    if (PyErr_Occurred()) return nullptr;
    Py_RETURN_NONE;
}

PyObject* stream_none(PyObject*, PyObject*, PyObject*) { Py_RETURN_NONE; }
PyObject* stream_true(PyObject*, PyObject*) { Py_RETURN_TRUE; }
PyObject* stream_false(PyObject*, PyObject*) { Py_RETURN_FALSE; }

PyObject* stream_fileno(PyObject*, PyObject*) {
    const Owned io = Owned::steal(PyImport_ImportModule("io"));
    const Owned type = io ? Owned::steal(PyObject_GetAttrString(io.get(), "UnsupportedOperation")) : Owned();
    if (type) PyErr_SetString(type.get(), "fileno");
    return nullptr;
}

PyObject* stream_enter(PyObject* self, PyObject*) { return Py_NewRef(self); }

PyCFunction with_keywords(PyCFunctionWithKeywords function) {
    return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

PyMethodDef s_methods[] = {
    {"write", stream_write, METH_O, nullptr},
    {"writelines", stream_writelines, METH_O, nullptr},
    {"flush", with_keywords(stream_none), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"close", with_keywords(stream_none), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"reconfigure", with_keywords(stream_none), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"isatty", stream_false, METH_NOARGS, nullptr},
    {"readable", stream_false, METH_NOARGS, nullptr},
    {"seekable", stream_false, METH_NOARGS, nullptr},
    {"writable", stream_true, METH_NOARGS, nullptr},
    {"fileno", stream_fileno, METH_NOARGS, nullptr},
    {"__enter__", stream_enter, METH_NOARGS, nullptr},
    {"__exit__", with_keywords(stream_none), METH_VARARGS | METH_KEYWORDS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

Owned make_stream(format::Stream stream, bool binary);

PyObject* stream_buffer(PyObject* self, void*) { return make_stream(as_stream(self)->stream, true).release(); }
PyObject* stream_encoding(PyObject*, void*) { return PyUnicode_FromString("utf-8"); }
PyObject* stream_errors(PyObject*, void*) { return PyUnicode_FromString("strict"); }
PyObject* stream_closed(PyObject*, void*) { Py_RETURN_FALSE; }
PyObject* stream_mode(PyObject*, void*) { return PyUnicode_FromString("w"); }
PyObject* stream_name(PyObject* self, void*) {
    return PyUnicode_FromString(as_stream(self)->stream == format::Stream::kStdout ? "<stdout>" : "<stderr>");
}

PyGetSetDef s_attributes[] = {
    {"buffer", stream_buffer, nullptr, nullptr, nullptr}, {"encoding", stream_encoding, nullptr, nullptr, nullptr},
    {"errors", stream_errors, nullptr, nullptr, nullptr}, {"closed", stream_closed, nullptr, nullptr, nullptr},
    {"mode", stream_mode, nullptr, nullptr, nullptr},     {"name", stream_name, nullptr, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

void stream_dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

PyType_Slot s_slots[] = {
    {Py_tp_methods, s_methods},
    {Py_tp_getset, s_attributes},
    {Py_tp_dealloc, reinterpret_cast<void*>(stream_dealloc)},
    {0, nullptr},
};

PyType_Spec s_spec = {"tracemill.OutputStream", sizeof(OutputStream), 0,
                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE, s_slots};

Owned make_stream(format::Stream stream, bool binary) {
    static PyObject* const kType = PyType_FromSpec(&s_spec);
    if (!kType) return Owned();
    auto* type = reinterpret_cast<PyTypeObject*>(kType);
    Owned made = Owned::steal(type->tp_alloc(type, 0));
    if (made) {
        as_stream(made.get())->stream = stream;
        as_stream(made.get())->binary = binary;
    }
    return made;
}

}  // namespace

Owned make_output_stream(format::Stream stream) { return make_stream(stream, false); }

}  // namespace tracemill::trace
