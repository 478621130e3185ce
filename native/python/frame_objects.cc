#define Py_BUILD_CORE 1
#include "python/frame_objects.h"

#include <unordered_set>

#include "python/collector.h"
#include "python/frame_view.h"

namespace tracemill::python {
namespace {

// The frame's own, and from 3.12 on that of the call of the hook.
constexpr Py_ssize_t kOwnReferences = PY_VERSION_HEX >= 0x030c0000 ? 2 : 1;

destructor s_dealloc;
// Frame objects that exist without the hook, too; every one is taken out when it ends.
std::unordered_set<PyFrameObject*>* s_needed;

void frame_ends(PyObject* frame);

// Frames that outlived their run refer to the ones that called them: as deep as those were. See object_ordinals.cc for
// the bound.
void kept_frame_ends(PyObject* frame) {
    PyObject_GC_UnTrack(frame);
    Py_TRASHCAN_BEGIN(frame, frame_ends) s_needed->erase(reinterpret_cast<PyFrameObject*>(frame));
    s_dealloc(frame);
    Py_TRASHCAN_END
}

void frame_ends(PyObject* object) {
    auto* frame = reinterpret_cast<PyFrameObject*>(object);
    if (frame->f_frame->owner == FRAME_OWNED_BY_FRAME_OBJECT) return kept_frame_ends(object);
    if (!s_needed->empty() && s_needed->erase(frame) != 0) return s_dealloc(object);
    // Nothing else goes with it.
    const int count = *tm_young_count();
    s_dealloc(object);
    *tm_young_count() = count;
}

}  // namespace

void watch_frame_objects() {
    s_needed = new std::unordered_set<PyFrameObject*>();
    s_dealloc = PyFrame_Type.tp_dealloc;
    PyFrame_Type.tp_dealloc = frame_ends;
}

void frame_object_made(PyFrameObject* frame) {
    const tm_frame_view view = tm_view_frame(frame);
    if (view.last_instruction > view.code->_co_firsttraceable) return;  // a generator goes on
    int* count = tm_young_count();
    if (*count > 0) --*count;
}

void frame_object_returns(PyFrameObject* frame) {
    if (Py_REFCNT(frame) > kOwnReferences && s_needed->insert(frame).second) ++*tm_young_count();
}

void frame_object_needed(PyFrameObject* frame, PyObject* exception) {
    PyObject* traceback =
        PyTuple_Check(exception) && PyTuple_GET_SIZE(exception) == 3 ? PyTuple_GET_ITEM(exception, 2) : nullptr;
    const bool has_entry =
        traceback && PyTraceBack_Check(traceback) && reinterpret_cast<PyTracebackObject*>(traceback)->tb_frame == frame;
    if (has_entry && s_needed->insert(frame).second) ++*tm_young_count();
}

}  // namespace tracemill::python
