#include "trace/value_check.h"

#ifdef TM_VERIFY_VALUES

#include <cstdio>
#include <cstdlib>

#include "trace/python_text.h"
#include "trace/shown_length.h"

namespace tracemill::trace {
namespace {

std::string line_of(PyObject* object, const ValueRenderer::Text& text, uint64_t identity) {
    const std::string length = text.cut ? " cut, of " + std::to_string(shown_length(object)) : "";
    const std::string ordinal = identity != 0 ? " id=" + std::to_string(identity) : "";
    return type_name(Py_TYPE(object)) + " " + std::string(text.text) + length + ordinal;
}

}  // namespace

void ValueCheck::recorded(format::Ref ref, PyObject* object, const ValueRenderer::Text& text, uint64_t identity) {
    if (ref.kind() == format::RefKind::kValue) texts_[ref.value_id()] = line_of(object, text, identity);
}

void ValueCheck::compare_value(format::Ref ref, PyObject* object, ValueRenderer& renderer, uint64_t identity) {
    const auto known = texts_.find(ref.value_id());
    if (known == texts_.end()) return;
    const python::Owned held = python::Owned::share(object);
    const std::string now = line_of(object, renderer.render(object), identity);
    if (now == known->second) return;
    std::fprintf(stderr, "value check: the record has\n%s\nwhere it is now\n%s\n", known->second.c_str(), now.c_str());
    std::abort();
}

}  // namespace tracemill::trace

#endif
