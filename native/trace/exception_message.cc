#include "python/ref.h"
#include "trace/program_code_ban.h"
#include "trace/python_text.h"
#include "trace/recorder.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// Messages are shown to people; a longer one is cut.
constexpr uint64_t kMaxMessageChars = 10'000;

// Whether str() of this type runs the program's code: its slot is filled by a class statement somewhere on the way.
bool has_own_text(PyTypeObject* type) {
    static PyObject* const kStr = PyUnicode_InternFromString("__str__");
    for (; type && (type->tp_flags & Py_TPFLAGS_HEAPTYPE); type = type->tp_base) {
        if (type->tp_dict && PyDict_GetItemWithError(type->tp_dict, kStr)) return true;
    }
    return false;
}

}  // namespace

std::string exception_message(PyObject* exception, tm_objects objects) {
    PyTypeObject* type = Py_TYPE(exception);
    const bool runs_code = has_own_text(type);
    const ProgramCodeBan ban(objects == TM_OBJECTS_FIELDS);
    Owned text;
    if (!runs_code || objects == TM_OBJECTS_REPR) {
        text = Owned::steal(PyObject_Str(exception));
    } else {
        text = Owned::steal(reinterpret_cast<PyTypeObject*>(PyExc_BaseException)->tp_str(exception));
    }
    PyErr_Clear();
    if (!text) return "<unprintable " + type_name(type) + ">";
    TextBuilder out;
    out.reset(kMaxMessageChars);
    append_text(text.get(), out);
    return std::string(out.view());
}

}  // namespace tracemill::trace
