#include "trace/value_snapshot.h"

#include <algorithm>

#include "interface/recording_time.h"
#include "python/ref.h"
#include "trace/gathered.h"
#include "trace/library_value.h"
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
           type == &PySlice_Type || type == &PyEllipsis_Type || is_library_scalar(type);
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
    : writer_(writer), progress_(progress), deferred_(deferred), ordinals_(python::ObjectOrdinals::instance()),
      objects_(static_cast<tm_objects>(options.objects)), limits_{options.max_value_chars, objects_} {
    ordinals_.clear();
    renderer_ = new_renderer();
    forget_class_facts();
}

ValueSnapshot::~ValueSnapshot() { ordinals_.clear(); }

std::unique_ptr<ValueRenderer> ValueSnapshot::new_renderer() const {
    return std::make_unique<ValueRenderer>(ordinals_, limits_.max_chars, objects_);
}

void ValueSnapshot::change_renderer(std::unique_ptr<ValueRenderer>& aside, std::unique_ptr<ValueRenderer>& other) {
    aside = std::move(renderer_);
    renderer_ = other ? std::move(other) : new_renderer();
}

uint32_t ValueSnapshot::type_id(PyTypeObject* type) {
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) return writer_.type(type_name(type));
    const auto [found, added] = type_ids_.try_emplace(type, 0);
    if (added) found->second = writer_.type(type_name(type));
    return found->second;
}

Ref ValueSnapshot::rendered(PyObject* object, uint64_t identity, Ref current, std::optional<uint64_t> beginning) {
    rendered_ = true;
    const interface::SlowLook look(progress_, !is_anonymous(Py_TYPE(object)) && !is_container(Py_TYPE(object)));
    const python::Owned held = python::Owned::share(object);
    const ValueRenderer::Text text = beginning ? beginning_text(object, *beginning) : renderer_->render(object);
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
    if (text.literal) flags |= format::kValueLiteral;
    if (text.arrays) flags |= format::kValueArrays;
    if (identity != 0) flags |= format::kValueHasIdentity;
    const uint32_t type = type_id(Py_TYPE(object));
    const Ref ref = deferred_ ? deferred_->add(type, flags, text.text, length, identity, current)
                              : writer_.value(type, flags, text.text, length, identity);
    check_.recorded(ref, object, text, identity);
    return ref;
}

// Of a list that grows behind what shows of it, rendered once.
ValueRenderer::Text ValueSnapshot::beginning_text(PyObject* object, uint64_t beginning) {
    for (const Beginning& known : beginnings_) {
        if (known.print == beginning) return {.text = known.text, .cut = true};
    }
    const ValueRenderer::Text text = renderer_->render(object);
    if (!text.cut || text.failed) return text;
    Beginning& next = beginnings_[next_beginning_++ % beginnings_.size()];
    next.print = beginning;
    next.text = text.text;
    return text;
}

uint64_t ValueSnapshot::identify(const Slot& slot, PyObject* object) const {
    if (is_anonymous(Py_TYPE(object))) return 0;
    if (slot.identity != 0 && slot.object == object && slot.ends == ordinals_.ends()) return slot.identity;
    return ordinals_.of(object);
}

bool ValueSnapshot::look_at(Slot& slot, PyObject* object) {
    if (!object) return assign(slot, Ref());
    Ref ref;
    if (as_scalar(object, ref)) return assign(slot, ref);

    PyTypeObject* type = Py_TYPE(object);
    const uint64_t identity = identify(slot, object);
    const std::optional<Fingerprint> print = fingerprint(object, identity, limits_, ordinals_);
    const bool known = print.has_value();
    const uint64_t summary = known ? print->text : 0;
    const bool same_text = known && slot.known && slot.fingerprint == summary && slot.type == type;
    const bool same = same_text && identity == slot.identity;
    slot.object = object;
    slot.type = type;
    slot.known = known;
    slot.fingerprint = summary;
    slot.identity = identity;
    slot.ends = ordinals_.ends();
    if (same) return false;

    if (type == &PyUnicode_Type) {
        const auto found = texts_.find(summary);
        if (found != texts_.end()) {
            ref = found->second;
        } else {
            ref = rendered(object, 0, slot.ref);
            const bool small = !deferred_ || PyUnicode_GET_LENGTH(object) <= kMaxRememberedChars;
            if (small && texts_.size() < kMaxRememberedTexts) texts_.emplace(summary, ref);
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
    return is_container(Py_TYPE(object)) ? ordinals_.find(object) : identify(Slot(), object);
}

Ref ValueSnapshot::once(PyObject* object) {
    object = unwrapped(object);
    Ref ref;
    return as_scalar(object, ref) ? ref : rendered(object, identify_once(object), Ref());
}

Ref ValueSnapshot::result(PyObject* object) {
    Ref ref;
    if (as_scalar(object, ref)) return ref;
    rendered_ = true;
    const uint64_t max_chars = limits_.max_chars == 0 ? 0 : std::max(limits_.max_chars, kResultChars);
    const python::Owned held = python::Owned::share(object);
    const ValueRenderer::Text text = renderer_->render(object, max_chars);
    return defined(object, text, identify_once(object), Ref());
}

std::string ValueSnapshot::message(PyObject* exception) {
    if (!PyExceptionInstance_Check(exception)) return std::string();
    rendered_ = true;
    return std::string(renderer_->message(exception));
}

void ValueSnapshot::mark_deferred() {
    for (const auto& [summary, ref] : texts_) deferred_->mark(ref);
}

}  // namespace tracemill::trace
