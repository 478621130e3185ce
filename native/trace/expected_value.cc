#include "trace/expected_value.h"

#include "python/ref.h"

namespace tracemill::trace {
namespace {

using python::Owned;

Owned parse_literal(std::string_view text) {
    static PyObject* const kAst = PyImport_ImportModule("ast");
    const Owned source =
        Owned::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogatepass"));
    if (!kAst || !source) return Owned();
    const Owned name = Owned::steal(PyUnicode_InternFromString("literal_eval"));
    return Owned::steal(PyObject_CallMethodOneArg(kAst, name.get(), source.get()));
}

}  // namespace

Verdict compare_with_expected(PyObject* result, std::string_view expected) {
    const Owned value = parse_literal(expected);
    if (!value) {
        PyErr_Clear();
        return Verdict::kNotALiteral;
    }
    const int equal = PyObject_RichCompareBool(result, value.get(), Py_EQ);
    PyErr_Clear();
    return equal == 1 ? Verdict::kEqual : Verdict::kDifferent;
}

}  // namespace tracemill::trace
