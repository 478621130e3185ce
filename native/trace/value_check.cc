#include "trace/value_check.h"

#ifdef TM_VERIFY_VALUES

#include <cstdio>
#include <cstdlib>

#include "trace/python_text.h"
#include "trace/shown_length.h"

namespace tracemill::trace {
namespace {

std::string line_of(PyObject* object, const ValueRenderer::Text& text) {
    const std::string length = text.cut ? " cut, of " + std::to_string(shown_length(object)) : "";
    return type_name(Py_TYPE(object)) + " " + std::string(text.text) + length;
}

}  // namespace

void ValueCheck::recorded(format::Ref ref, PyObject* object, const ValueRenderer::Text& text) {
    if (ref.kind() == format::RefKind::kValue) texts_[ref.value_id()] = line_of(object, text);
}

void ValueCheck::compare(format::Ref ref, PyObject* object, ValueRenderer& renderer) {
    if (!object || ref.kind() != format::RefKind::kValue) return;
    const auto known = texts_.find(ref.value_id());
    if (known == texts_.end()) return;
    const python::Owned held = python::Owned::share(object);
    const std::string now = line_of(object, renderer.render(object));
    if (now == known->second) return;
    std::fprintf(stderr, "value check: the record has\n%s\nwhere it is now\n%s\n", known->second.c_str(), now.c_str());
    std::abort();
}

}  // namespace tracemill::trace

#endif
