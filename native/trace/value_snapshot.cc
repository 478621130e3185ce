#include "trace/value_snapshot.h"

#include <algorithm>

#include "interface/recording_time.h"
#include "python/ref.h"
#include "trace/gathered.h"
#include "trace/program_class.h"
#include "trace/python_text.h"
#include "trace/shown_length.h"

namespace tracemill::trace {
namespace {

using format::Ref;
using format::RefConstant;

// Of a result, which is the answer to a question and of no use in part.
constexpr uint64_t kResultChars = uint64_t{1} << 16;
constexpr size_t kMaxRememberedTexts = 4096;
// Of a deferred text, which is in memory of its own.
constexpr Py_ssize_t kMaxRememberedChars = 1024;

bool is_container(PyTypeObject* type) {
    return type == &PyList_Type || type == &PyDict_Type || type == &PySet_Type || type == &PyByteArray_Type;
}

// Values whose identity nobody can see.
bool is_anonymous(PyTypeObject* type) {
    return type == &PyUnicode_Type || type == &PyLong_Type || type == &PyTuple_Type || type == &PyBytes_Type ||
           type == &PyFrozenSet_Type || type == &PyFloat_Type || type == &PyComplex_Type || type == &PyRange_Type ||
           type == &PySlice_Type || type == &PyEllipsis_Type;
}

bool as_scalar(PyObject* object, Ref& ref) {
    if (Py_TYPE(object) == &PyLong_Type) {
        int overflow = 0;
        const long long n = PyLong_AsLongLongAndOverflow(object, &overflow);
        if (overflow || !Ref::fits(n)) return false;
        ref = Ref::integer(n);
    } else if (object == Py_None) {
        ref = Ref::constant(RefConstant::kNone);
    } else if (object == Py_True) {
        ref = Ref::constant(RefConstant::kTrue);
    } else if (object == Py_False) {
        ref = Ref::constant(RefConstant::kFalse);
    } else if (Py_TYPE(object) == &PyFloat_Type) {
        ref = Ref::real(PyFloat_AS_DOUBLE(object));
    } else {
        return false;
    }
    return true;
}

// What an async generator yields comes in a wrapper, which no program ever sees.
PyObject* unwrapped(PyObject* object) {
    constexpr std::string_view kWrapper = "async_generator_wrapped_value";
    PyObject* inner = kWrapper == Py_TYPE(object)->tp_name ? first_referent(object) : nullptr;
    return inner ? inner : object;
}

}  // namespace

ValueSnapshot::ValueSnapshot(format::RecordWriter& writer, const tm_options& options, tm_progress& progress,
                             loops::DeferredValues* deferred)
    : d_writer(writer), d_progress(progress), d_deferred(deferred), d_ordinals(python::ObjectOrdinals::instance()),
      d_objects(static_cast<tm_objects>(options.objects)), d_limits{options.max_value_chars, d_objects} {
    d_ordinals.clear();
    d_renderer = new_renderer();
    forget_class_facts();
}

ValueSnapshot::~ValueSnapshot() { d_ordinals.clear(); }

std::unique_ptr<ValueRenderer> ValueSnapshot::new_renderer() const {
    return std::make_unique<ValueRenderer>(d_ordinals, d_limits.max_chars, d_objects);
}

void ValueSnapshot::change_renderer(std::unique_ptr<ValueRenderer>& aside, std::unique_ptr<ValueRenderer>& other) {
    aside = std::move(d_renderer);
    d_renderer = other ? std::move(other) : new_renderer();
}

uint32_t ValueSnapshot::type_id(PyTypeObject* type) {
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) return d_writer.type(type_name(type));
    const auto [found, added] = d_type_ids.try_emplace(type, 0);
    if (added) found->second = d_writer.type(type_name(type));
    return found->second;
}

Ref ValueSnapshot::rendered(PyObject* object, uint64_t identity, Ref current, std::optional<uint64_t> beginning) {
    d_rendered = true;
    const SlowLook look(d_progress, !is_anonymous(Py_TYPE(object)) && !is_container(Py_TYPE(object)));
    const python::Owned held = python::Owned::share(object);
    const ValueRenderer::Text text = beginning ? beginning_text(object, *beginning) : d_renderer->render(object);
    return defined(object, text, identity, current);
}

Ref ValueSnapshot::defined(PyObject* object, const ValueRenderer::Text& text, uint64_t identity, Ref current) {
    uint8_t flags = 0;
    Py_ssize_t length = -1;
    if (text.cut) {
        flags |= format::kValueCut;
        length = shown_length(object);
        if (length >= 0) flags |= format::kValueHasLength;
        if (text.has_end) flags |= format::kValueHasEnd;
    }
    if (text.failed) flags |= format::kValueFailed;
    if (identity != 0) flags |= format::kValueHasIdentity;
    const uint32_t type = type_id(Py_TYPE(object));
    const Ref ref = d_deferred ? d_deferred->add(type, flags, text.text, length, identity, current)
                               : d_writer.value(type, flags, text.text, length, identity);
    d_check.recorded(ref, object, text);
    return ref;
}

// Of a list that grows behind what shows of it, rendered once.
ValueRenderer::Text ValueSnapshot::beginning_text(PyObject* object, uint64_t beginning) {
    for (const Beginning& known : d_beginnings) {
        if (known.print == beginning) return {.text = known.text, .cut = true};
    }
    const ValueRenderer::Text text = d_renderer->render(object);
    if (!text.cut || text.failed) return text;
    Beginning& next = d_beginnings[d_next_beginning++ % d_beginnings.size()];
    next.print = beginning;
    next.text = text.text;
    return text;
}

uint64_t ValueSnapshot::identify(const Slot& slot, PyObject* object) const {
    if (is_anonymous(Py_TYPE(object))) return 0;
    if (slot.identity != 0 && slot.object == object && slot.ends == d_ordinals.ends()) return slot.identity;
    return d_ordinals.of(object);
}

bool ValueSnapshot::look_at(Slot& slot, PyObject* object) {
    if (!object) return assign(slot, Ref());
    Ref ref;
    if (as_scalar(object, ref)) return assign(slot, ref);

    PyTypeObject* type = Py_TYPE(object);
    const std::optional<Fingerprint> print = fingerprint(object, d_limits, d_ordinals);
    const bool known = print.has_value();
    const uint64_t summary = known ? print->text : 0;
    const bool same_text = known && slot.known && slot.fingerprint == summary && slot.type == type;
    const uint64_t identity = identify(slot, object);
    const bool same = same_text && identity == slot.identity;
    slot.object = object;
    slot.type = type;
    slot.known = known;
    slot.fingerprint = summary;
    slot.identity = identity;
    slot.ends = d_ordinals.ends();
    if (same) return false;

    if (type == &PyUnicode_Type) {
        const auto found = d_texts.find(summary);
        if (found != d_texts.end()) {
            ref = found->second;
        } else {
            ref = rendered(object, 0, slot.ref);
            const bool small = !d_deferred || PyUnicode_GET_LENGTH(object) <= kMaxRememberedChars;
            if (small && d_texts.size() < kMaxRememberedTexts) d_texts.emplace(summary, ref);
        }
    } else {
        ref = rendered(object, identity, slot.ref, known ? print->beginning : std::nullopt);
    }
    if (slot.ref == ref) return false;
    slot.ref = ref;
    return true;
}

// A container that no name had is new wherever it goes.
uint64_t ValueSnapshot::identify_once(PyObject* object) const {
    return is_container(Py_TYPE(object)) ? d_ordinals.find(object) : identify(Slot(), object);
}

Ref ValueSnapshot::once(PyObject* object) {
    object = unwrapped(object);
    Ref ref;
    return as_scalar(object, ref) ? ref : rendered(object, identify_once(object), Ref());
}

Ref ValueSnapshot::result(PyObject* object) {
    Ref ref;
    if (as_scalar(object, ref)) return ref;
    d_rendered = true;
    const uint64_t max_chars = d_limits.max_chars == 0 ? 0 : std::max(d_limits.max_chars, kResultChars);
    const python::Owned held = python::Owned::share(object);
    const ValueRenderer::Text text = d_renderer->render(object, max_chars);
    return defined(object, text, identify_once(object), Ref());
}

std::string ValueSnapshot::message(PyObject* exception) {
    if (!PyExceptionInstance_Check(exception)) return std::string();
    d_rendered = true;
    return std::string(d_renderer->message(exception));
}

void ValueSnapshot::mark_deferred() {
    for (const auto& [summary, ref] : d_texts) d_deferred->mark(ref);
}

}  // namespace tracemill::trace
