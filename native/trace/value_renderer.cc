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
    Look() { tm_pause_collector(&d_pause); }
    ~Look() {
        PyErr_Clear();
        tm_resume_collector(&d_pause);
    }
    Look(const Look&) = delete;
    Look& operator=(const Look&) = delete;

  private:
    tm_collector_pause d_pause;
};

// Messages are shown to people; a longer one is cut.
constexpr uint64_t kMaxMessageChars = 10'000;

constexpr std::string_view kStandIn = "<unreprable ";

}  // namespace

ValueRenderer::Text ValueRenderer::render(PyObject* object, uint64_t max_chars) {
    const Look look;
    d_out.reset(max_chars);
    ValueWalk<TextOutput>(d_out, d_open, d_objects).value(object);
    const bool failed =
        d_out.view().starts_with(kStandIn) && d_out.view().substr(kStandIn.size()) == type_name(Py_TYPE(object)) + ">";
    const bool cut = d_out.cut();
    const bool has_end = cut && d_out.ends(object);
    return {d_out.view(), cut, failed, has_end};
}

std::string_view ValueRenderer::message(PyObject* exception) {
    const Look look;
    d_out.reset(kMaxMessageChars);
    ValueWalk<TextOutput> walk(d_out, d_open, TM_OBJECTS_FIELDS);
    ExceptionMessage(d_out, walk).write(exception);
    return d_out.view();
}

}  // namespace tracemill::trace
