// A build for checking (`npm run build:native -- --verify`) renders every value at every event, and ends the process
// when the text is not the one that the record has: then something showed that the fingerprint did not cover. The same
// for the ordinal of another object in its place. In other builds none of this is there.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "format/ref.h"
#include "trace/value_renderer.h"

namespace tracemill::trace {

#ifdef TM_VERIFY_VALUES

class ValueCheck {
  public:
    // The record shows this for `ref`.
    void recorded(format::Ref ref, PyObject* object, const ValueRenderer::Text& text, uint64_t identity);
    // `ref` is what the record has for `object` now; identify() is asked for its ordinal.
    template <typename Identify>
    void compare(format::Ref ref, PyObject* object, ValueRenderer& renderer, Identify identify) {
        if (object && ref.kind() == format::RefKind::kValue) compare_value(ref, object, renderer, identify());
    }

  private:
    void compare_value(format::Ref ref, PyObject* object, ValueRenderer& renderer, uint64_t identity);

    std::unordered_map<uint32_t, std::string> texts_;  // by value id
};

#else

class ValueCheck {
  public:
    void recorded(format::Ref, PyObject*, const ValueRenderer::Text&, uint64_t) {}
    template <typename Identify>
    void compare(format::Ref, PyObject*, ValueRenderer&, Identify) {}
};

#endif

}  // namespace tracemill::trace
