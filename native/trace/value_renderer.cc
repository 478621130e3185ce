#include "trace/value_renderer.h"

#include "python/collector_pause.h"
#include "trace/exception_message.h"
#include "trace/python_text.h"
#include "trace/value_walk.h"

namespace tracemill::trace {
namespace {

// Around a look at a value: the collector waits, and what went wrong in it is not the program's.
class Look {
  public:
    Look() { tm_pause_collector(&pause_); }
    ~Look() {
        PyErr_Clear();
        tm_resume_collector(&pause_);
    }
    Look(const Look&) = delete;
    Look& operator=(const Look&) = delete;

  private:
    tm_collector_pause pause_;
};

// Messages are shown to people; a longer one is cut.
constexpr uint64_t kMaxMessageChars = 10'000;

constexpr std::string_view kStandIn = "<unreprable ";

}  // namespace

ValueRenderer::Text ValueRenderer::render(PyObject* object, uint64_t max_chars) {
    const Look look;
    out_.reset(max_chars);
    ValueWalk<TextOutput>(out_, open_, objects_).value(object);
    const bool failed =
        out_.view().starts_with(kStandIn) && out_.view().substr(kStandIn.size()) == type_name(Py_TYPE(object)) + ">";
    const bool cut = out_.cut();
    const bool has_end = cut && out_.ends(object);
    const TextOutput::Holds& holds = out_.holds();
    const bool known = !failed && !holds.others;
    return {out_.view(), cut, failed, has_end, known && !holds.rounded, known && holds.arrays};
}

std::string_view ValueRenderer::message(PyObject* exception) {
    const Look look;
    out_.reset(kMaxMessageChars);
    ValueWalk<TextOutput> walk(out_, open_, TM_OBJECTS_FIELDS);
    ExceptionMessage(out_, walk).write(exception);
    return out_.view();
}

}  // namespace tracemill::trace
