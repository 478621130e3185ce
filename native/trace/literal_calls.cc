#include "trace/literal_calls.h"

#include <string>

#include "trace/source_text.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// Arguments of the calls to copy from: no ints that the bytecode itself may hold.
constexpr long long kFirstPlaceholder = 1LL << 40;

Owned attribute(PyObject* object, const char* name) { return Owned::steal(PyObject_GetAttrString(object, name)); }

bool is_placeholder(PyObject* constant, size_t index) {
    return PyLong_CheckExact(constant) &&
           PyLong_AsLongLong(constant) == kFirstPlaceholder + static_cast<long long>(index);
}

std::string call_of(size_t positional, size_t keywords) {
    std::string text = "f(";
    for (size_t i = 0; i < positional + keywords; ++i) {
        if (i >= positional) text.append(1, static_cast<char>('a' + i)).append("=");
        text.append(std::to_string(kFirstPlaceholder + static_cast<long long>(i))).append(",");
    }
    return text.append(")");
}

Owned interned(std::string_view name) {
    PyObject* text = PyUnicode_FromStringAndSize(name.data(), static_cast<Py_ssize_t>(name.size()));
    if (text) PyUnicode_InternInPlace(&text);
    return Owned::steal(text);
}

Owned tuple_of(const std::vector<Owned>& items) {
    Owned tuple = Owned::steal(PyTuple_New(static_cast<Py_ssize_t>(items.size())));
    for (size_t i = 0; tuple && i < items.size(); ++i) {
        PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(i), Py_NewRef(items[i].get()));
    }
    return tuple;
}

bool contains(const std::vector<Owned>& names, PyObject* name) {
    for (const Owned& other : names) {
        if (other.get() == name) return true;
    }
    return false;
}

}  // namespace

LiteralCalls::Shape LiteralCalls::shape_of(size_t positional, size_t keywords) {
    Shape shape;
    Owned code = compile_text(call_of(positional, keywords), kEntryFile, Py_eval_input);
    if (!code) return shape;
    shape.bytecode = Owned::steal(PyCode_GetCode(reinterpret_cast<PyCodeObject*>(code.get())));
    shape.line_table = attribute(code.get(), "co_linetable");
    shape.exception_table = attribute(code.get(), "co_exceptiontable");
    const Owned constants = attribute(code.get(), "co_consts");
    if (!shape.bytecode || !shape.line_table || !shape.exception_table || !constants) return Shape();
    size_t arguments = 0;
    size_t names = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(constants.get()); ++i) {
        PyObject* constant = PyTuple_GET_ITEM(constants.get(), i);
        Owned kept;
        if (PyTuple_CheckExact(constant)) {
            ++names;
        } else if (is_placeholder(constant, arguments)) {
            ++arguments;
        } else {
            kept = Owned::share(constant);
        }
        shape.constants.push_back(std::move(kept));
    }
    if (arguments == positional + keywords && names == (keywords == 0 ? 0 : 1)) shape.code = std::move(code);
    return shape;
}

void LiteralCalls::prepare() {
    for (size_t all = 0; all <= kMostArguments; ++all) {
        for (size_t keywords = 0; keywords <= all; ++keywords)
            shapes_[all][keywords] = shape_of(all - keywords, keywords);
    }
    PyErr_Clear();
}

bool LiteralCalls::read(LiteralReader& reader, Arguments& arguments) {
    std::vector<Owned> names;
    bool goes_on = true;
    while (!reader.take(')')) {
        if (!goes_on || arguments.values.size() == kMostArguments) return false;
        if (const std::string_view name = reader.name(); !name.empty()) {
            Owned keyword = interned(name);
            if (!keyword || !reader.take('=') || contains(names, keyword.get())) return false;
            names.push_back(std::move(keyword));
        } else if (!names.empty()) {
            return false;
        }
        Owned value = reader.value();
        if (!value) return false;
        arguments.values.push_back(std::move(value));
        goes_on = reader.take(',');
    }
    if (!names.empty()) arguments.keywords = tuple_of(names);
    return reader.at_end() && (names.empty() || arguments.keywords);
}

Owned LiteralCalls::code_of(std::string_view expression) const {
    LiteralReader reader(expression);
    const std::string_view name = reader.name();
    Arguments arguments;
    if (name.empty() || !reader.take('(') || !read(reader, arguments)) return Owned();
    const Py_ssize_t keywords = arguments.keywords ? PyTuple_GET_SIZE(arguments.keywords.get()) : 0;
    const Shape& shape = shapes_[arguments.values.size()][static_cast<size_t>(keywords)];
    if (!shape.code) return Owned();

    const Owned callee = interned(name);
    const Owned names = callee ? Owned::steal(PyTuple_Pack(1, callee.get())) : Owned();
    const Owned nothing = Owned::steal(PyTuple_New(0));
    const Owned constants = Owned::steal(PyTuple_New(static_cast<Py_ssize_t>(shape.constants.size())));
    if (!names || !nothing || !constants) {
        PyErr_Clear();
        return Owned();
    }
    auto argument = arguments.values.begin();
    for (size_t i = 0; i < shape.constants.size(); ++i) {
        PyObject* constant = shape.constants[i].get();
        if (!constant) constant = argument != arguments.values.end() ? (argument++)->get() : arguments.keywords.get();
        PyTuple_SET_ITEM(constants.get(), static_cast<Py_ssize_t>(i), Py_NewRef(constant));
    }
    const auto* model = reinterpret_cast<const PyCodeObject*>(shape.code.get());
    PyCodeObject* code =
        tm_new_code(0, 0, 0, 0, model->co_stacksize, model->co_flags, shape.bytecode.get(), constants.get(),
                    names.get(), nothing.get(), nothing.get(), nothing.get(), model->co_filename, model->co_name,
                    model->co_qualname, model->co_firstlineno, shape.line_table.get(), shape.exception_table.get());
    if (!code) PyErr_Clear();
    return Owned::steal(reinterpret_cast<PyObject*>(code));
}

}  // namespace tracemill::trace
