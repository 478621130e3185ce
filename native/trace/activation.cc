#include "trace/activation.h"

namespace tracemill::trace {

bool Activation::define_name(format::RecordWriter& writer, Slot& slot, PyObject* value) const {
    if (!value) return false;
    uint32_t& id = code->name_ids[slot.index];
    if (id == format::kNoId) id = writer.name(code->slot_names[slot.index]);
    slot.name_id = id;
    return true;
}

}  // namespace tracemill::trace
