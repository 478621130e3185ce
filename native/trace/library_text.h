// Writes values of third-party libraries for the renderer, by what library_value.h tells of them.
#pragma once

#include "python/ref.h"
#include "trace/library_value.h"
#include "trace/value_renderer.h"

namespace tracemill::trace {

// The text with each of its line breaks, and the indentation that follows, as one space. Empty for NULL.
python::Owned in_one_line(PyObject* text);

class LibraryText final : private LibraryParts {
  public:
    explicit LibraryText(ValueRenderer& renderer) : d_renderer(renderer) {}

    // True when the object is shown here; `more` as the renderer's functions answer.
    bool show(PyObject* object, bool& more);

  private:
    bool text(std::string_view ascii) override;
    bool name(PyObject* unicode) override;
    bool value(PyObject* object) override;
    bool array(const ArrayLayout& layout, PyObject* owner, const ArrayForm& form) override;
    uint64_t max_chars() const override { return d_renderer.d_max_chars; }
    bool rows(size_t count, char bracket);
    bool item(const ArrayLayout& layout, const char* place);
    // What the items do not say by themselves.
    bool extras(const ArrayLayout& layout, bool all);

    ValueRenderer& d_renderer;
};

}  // namespace tracemill::trace
