#include "trace/value_renderer.h"

#include <algorithm>
#include <cstring>

#include "python/ref.h"
#include "trace/program_class.h"
#include "trace/program_code_ban.h"
#include "trace/python_text.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// CPython's own repr gives up at its recursion limit; so does this.
constexpr size_t kMaxOpen = 980;

int digit_of(Py_UCS4 c, int base) {
    if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
    return base == 16 && c >= 'a' && c <= 'f' ? static_cast<int>(c - 'a' + 10) : -1;
}

// How the library writes addresses into its reprs: of objects, and of threads, whose number is one.
struct AddressForm {
    std::string_view before;
    int base;
    std::string_view shown;
};

constexpr AddressForm kAddressForms[] = {
    {" at 0x", 16, " #"},
    {"started ", 10, "started #"},
    {"started daemon ", 10, "started daemon #"},
    {" owner=", 10, " owner=#"},
};
// What they begin with.
constexpr bool may_begin_form(Py_UCS4 c) { return c == ' ' || c == 's'; }
// No address is lower.
constexpr uint64_t kLowestAddress = 1u << 16;

// The number that follows `form.before` at `start`, with the place after it; 0 where there is none.
uint64_t address_at(PyObject* text, Py_ssize_t start, const AddressForm& form, Py_ssize_t& end) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    const int kind = PyUnicode_KIND(text);
    const void* data = PyUnicode_DATA(text);
    end = start;
    for (const char c : form.before) {
        if (end == length || PyUnicode_READ(kind, data, end) != static_cast<Py_UCS4>(c)) return 0;
        ++end;
    }
    uint64_t number = 0;
    for (; end < length; ++end) {
        const int digit = digit_of(PyUnicode_READ(kind, data, end), form.base);
        if (digit < 0) break;
        number = number * static_cast<uint64_t>(form.base) + static_cast<uint64_t>(digit);
    }
    return number;
}

}  // namespace

ValueRenderer::Text ValueRenderer::render(PyObject* object) {
    d_out.reset(d_max_chars);
    d_open.clear();
    d_failed = false;
    value(object);
    PyErr_Clear();
    if (d_failed) {
        d_stand_in = "<unreprable " + type_name(Py_TYPE(object)) + ">";
        return {d_stand_in, false, true};
    }
    return {d_out.view(), d_out.cut(), false};
}

bool ValueRenderer::fail() {
    PyErr_Clear();
    d_failed = true;
    return false;
}

bool ValueRenderer::enter(PyObject* object) {
    if (std::find(d_open.begin(), d_open.end(), object) != d_open.end()) return false;
    if (d_open.size() >= kMaxOpen) return fail();
    d_open.push_back(object);
    return true;
}

bool ValueRenderer::value(PyObject* object) {
    bool known = false;
    const bool more = exact_builtin(object, known);
    if (known) return more;
    if (d_objects == TM_OBJECTS_FIELDS && is_program_class(Py_TYPE(object))) return fields(object);
    return own_repr(object);
}

// `Point(x=1, y=2)`; for classes built on another type, that type's value first: `Stack([1, 2], limit=3)`.
bool ValueRenderer::fields(PyObject* object) {
    PyObject* enum_name = nullptr;
    PyObject* enum_value = nullptr;
    PyObject* class_name = reinterpret_cast<PyHeapTypeObject*>(Py_TYPE(object))->ht_name;
    if (enum_member(object, &enum_name, &enum_value)) {
        return d_out.ascii("<") && append_text(class_name, d_out) && d_out.ascii(".") &&
               append_text(enum_name, d_out) && d_out.ascii(": ") && value(enum_value) && d_out.ascii(">");
    }
    if (!enter(object)) return d_failed ? false : d_out.ascii("...");
    // Held: rendering a field may run a library's repr.
    const Owned held = Owned::share(object);
    bool more = append_text(class_name, d_out) && d_out.ascii("(");
    bool first = true;
    if (more && !is_plain_instance(object)) {
        const uint64_t before = d_out.room();
        more = base_value(object);
        first = d_out.room() == before;
    }
    if (more) {
        more = for_each_slot(Py_TYPE(object), object, [&](const SlotField& slot) {
            return !slot.value || field(nullptr, slot.name, slot.value, first);
        });
    }
    PyObject* dict = more ? instance_dict(object) : nullptr;
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* item = nullptr;
    while (more && dict && PyDict_Next(dict, &position, &key, &item)) {
        if (PyUnicode_CheckExact(key)) more = field(key, nullptr, item, first);
    }
    leave();
    return more && d_out.ascii(")");
}

bool ValueRenderer::field(PyObject* name, const char* slot_name, PyObject* item, bool& first) {
    const Owned held = Owned::share(item);
    const Owned text = name ? Owned::share(name) : Owned::steal(PyUnicode_FromString(slot_name));
    if (!text) return fail();
    const bool more = (first || d_out.ascii(", ")) && append_text(text.get(), d_out) && d_out.ascii("=") && value(item);
    first = false;
    return more;
}

// What an instance of a subclass of a built-in type holds besides its fields; nothing for types we cannot read without
// running code.
bool ValueRenderer::base_value(PyObject* object) {
    if (PyObject* names = named_tuple_fields(object)) {
        bool first = true;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); ++i) {
            if (!field(PyTuple_GET_ITEM(names, i), nullptr, PyTuple_GET_ITEM(object, i), first)) return false;
        }
        return true;
    }
    // The value is rendered as the base type would: as an exact object of that type made without the subclass's code.
    Owned exact;
    if (PyList_Check(object)) {
        exact = Owned::steal(PyList_GetSlice(object, 0, PyList_GET_SIZE(object)));
    } else if (PyTuple_Check(object)) {
        exact = Owned::steal(PyTuple_New(PyTuple_GET_SIZE(object)));
        for (Py_ssize_t i = 0; exact && i < PyTuple_GET_SIZE(object); ++i) {
            PyTuple_SET_ITEM(exact.get(), i, Py_NewRef(PyTuple_GET_ITEM(object, i)));
        }
    } else if (PyDict_Check(object)) {
        return dict(object);
    } else if (PyUnicode_Check(object)) {
        return text_literal(object);
    } else if (PyBytes_Check(object)) {
        return bytes_literal(PyBytes_AS_STRING(object), PyBytes_GET_SIZE(object), false);
    } else if (PyLong_Check(object)) {
        return integer(object);
    } else if (PyFloat_Check(object)) {
        return real(PyFloat_AS_DOUBLE(object));
    } else if (PyAnySet_Check(object)) {
        exact = Owned::steal(PyList_New(0));
        const Owned iterator = Owned::steal(PySet_Type.tp_iter(object));
        while (exact && iterator) {
            const Owned item = Owned::steal(PyIter_Next(iterator.get()));
            if (!item || PyList_Append(exact.get(), item.get()) != 0) break;
        }
    } else if (PyExceptionInstance_Check(object)) {
        exact = Owned::share(reinterpret_cast<PyBaseExceptionObject*>(object)->args);
        for (Py_ssize_t i = 0; exact && i < PyTuple_GET_SIZE(exact.get()); ++i) {
            if ((i != 0 && !d_out.ascii(", ")) || !value(PyTuple_GET_ITEM(exact.get(), i))) return false;
        }
        return true;
    } else {
        return true;
    }
    return exact ? value(exact.get()) : fail();
}

bool ValueRenderer::own_repr(PyObject* object) {
    if (d_open.size() >= kMaxOpen) return fail();
    const Owned held = Owned::share(object);
    const ProgramCodeBan ban(d_objects == TM_OBJECTS_FIELDS);
    const Owned text = Owned::steal(PyObject_Repr(object));
    return text ? scrubbed(text.get(), object) : fail();
}

// ` at 0x7f0123456789` becomes ` #N`.
bool ValueRenderer::scrubbed(PyObject* text, PyObject* object) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    for (Py_ssize_t i = 0; i < length;) {
        const Py_UCS4 c = PyUnicode_READ_CHAR(text, i);
        uint64_t address = 0;
        Py_ssize_t end = i;
        const AddressForm* form = may_begin_form(c) ? std::begin(kAddressForms) : std::end(kAddressForms);
        while (form != std::end(kAddressForms) && (address = address_at(text, i, *form, end)) < kLowestAddress) ++form;
        if (form == std::end(kAddressForms)) {
            if (!d_out.code_point(c)) return false;
            ++i;
            continue;
        }
        const bool own = address == reinterpret_cast<uint64_t>(object);
        const uint64_t ordinal =
            own ? d_ordinals.of(object) : d_ordinals.of_address(reinterpret_cast<const void*>(address));
        if (!d_out.ascii(form->shown) || !d_out.ascii(std::to_string(ordinal))) return false;
        i = end;
    }
    return true;
}

}  // namespace tracemill::trace
