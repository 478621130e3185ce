#define Py_BUILD_CORE 1
#include "python/call_site.h"

#if TM_TRACING_TAKES_LEVELS

#include "internal/pycore_frame.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_opcode.h"
#include "internal/pycore_pystate.h"

// A call is two instructions: PRECALL is the one that is specialised, the function is called in CALL.
#define FROM_PRECALL_TO_CALL (1 + INLINE_CACHE_ENTRIES_PRECALL)

static int is_call(int opcode) {
    return opcode == CALL || opcode == CALL_ADAPTIVE || opcode == CALL_PY_EXACT_ARGS || opcode == CALL_PY_WITH_DEFAULTS;
}

static int is_specialised(int opcode) {
    switch (opcode) {
        case PRECALL_ADAPTIVE:
        case PRECALL_BOUND_METHOD:
        case PRECALL_BUILTIN_CLASS:
        case PRECALL_BUILTIN_FAST_WITH_KEYWORDS:
        case PRECALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS:
        case PRECALL_NO_KW_BUILTIN_FAST:
        case PRECALL_NO_KW_BUILTIN_O:
        case PRECALL_NO_KW_ISINSTANCE:
        case PRECALL_NO_KW_LEN:
        case PRECALL_NO_KW_LIST_APPEND:
        case PRECALL_NO_KW_METHOD_DESCRIPTOR_FAST:
        case PRECALL_NO_KW_METHOD_DESCRIPTOR_NOARGS:
        case PRECALL_NO_KW_METHOD_DESCRIPTOR_O:
        case PRECALL_NO_KW_STR_1:
        case PRECALL_NO_KW_TUPLE_1:
        case PRECALL_NO_KW_TYPE_1:
        case PRECALL_PYFUNC:
            return 1;
        default:
            return 0;
    }
}

// The PRECALL of the call that the frame is at; NULL where plain CPython would run it as it stands. Code that has run a
// few times is specialised, each instruction when it is next run. Traced code is marked for that, and stays so.
static const _Py_CODEUNIT* specialised_call(const struct _PyInterpreterFrame* frame) {
    const _Py_CODEUNIT* call = frame->prev_instr;
    if (call - _PyCode_CODE(frame->f_code) <= (Py_ssize_t)FROM_PRECALL_TO_CALL || !is_call(_Py_OPCODE(*call)))
        return NULL;
    const _Py_CODEUNIT* precall = call - FROM_PRECALL_TO_CALL;
    return is_specialised(_Py_OPCODE(*precall)) ? precall : NULL;
}

static int has_keywords(const _Py_CODEUNIT* precall) { return _Py_OPCODE(precall[-1]) == KW_NAMES; }

static int ignores_result(const _Py_CODEUNIT* precall) {
    return _Py_OPCODE(precall[FROM_PRECALL_TO_CALL + 1 + INLINE_CACHE_ENTRIES_CALL]) == POP_TOP;
}

// Tracing binds a method of C to its object before it calls that; nobody else refers to what comes of it.
static int was_bound_to_trace(PyObject* function) {
    PyObject* self = PyCFunction_GET_SELF(function);
    return Py_REFCNT(function) == 1 && self && !PyModule_Check(self);
}

static int is_append(PyObject* function, const struct callable_cache* cache) {
    const PyMethodDescrObject* append = (const PyMethodDescrObject*)cache->list_append;
    return append && ((PyCFunctionObject*)function)->m_ml == append->d_method;
}

int tm_calls_c_freely(PyFrameObject* frame, PyObject* function) {
    const _Py_CODEUNIT* precall = specialised_call(frame->f_frame);
    if (!precall || !PyCFunction_CheckExact(function)) return 0;
    const struct callable_cache* cache = &PyInterpreterState_Get()->callable_cache;
    switch (PyCFunction_GET_FLAGS(function) &
            (METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD)) {
        case METH_FASTCALL:
            return !has_keywords(precall);
        case METH_FASTCALL | METH_KEYWORDS:
            return !was_bound_to_trace(function) || !has_keywords(precall);
        case METH_O:
            if (_Py_OPARG(*precall) != 1) return 0;
            return function == cache->len || (is_append(function, cache) && ignores_result(precall));
        default:
            return 0;
    }
}

PyFrameObject* tm_caller_by_c(PyFrameObject* frame) {
    const struct _PyInterpreterFrame* inner = frame->f_frame;
    return inner->is_entry && inner->previous ? inner->previous->frame_obj : NULL;
}

int tm_calls_with_less(PyFrameObject* caller, PyFrameObject* frame, int taken) {
    const struct _PyInterpreterFrame* from = caller->f_frame;
    // By the method `send` of what is awaited or yielded from, while that is traced.
    if (_Py_OPCODE(*from->prev_instr) == SEND) {
        return taken == 2 && (frame->f_frame->f_code->co_flags & (CO_COROUTINE | CO_GENERATOR));
    }
    // str(x): of the calls of types, only that takes so many.
    const _Py_CODEUNIT* precall = specialised_call(from);
    return taken == 3 && precall && _Py_OPARG(*precall) == 1 && !has_keywords(precall);
}

static int sends_by_method(PyObject* receiver, PyObject* value) {
    return (PyGen_CheckExact(receiver) || PyCoro_CheckExact(receiver)) && (value != Py_None || !PyIter_Check(receiver));
}

static int is_jump_by_result(int opcode) {
    return opcode == POP_JUMP_FORWARD_IF_FALSE || opcode == POP_JUMP_FORWARD_IF_TRUE ||
           opcode == POP_JUMP_BACKWARD_IF_FALSE || opcode == POP_JUMP_BACKWARD_IF_TRUE;
}

static int is_of_one_digit(PyObject* number) { return Py_SIZE(number) >= -1 && Py_SIZE(number) <= 1; }

// Whether CPython has an instruction for this comparison, which it has where a jump follows.
static int compares_at_once(const _Py_CODEUNIT* compare, PyObject* left, PyObject* right) {
    if (_Py_OPCODE(*compare) == COMPARE_OP) return 0;
    if (!is_jump_by_result(_Py_OPCODE(compare[1 + INLINE_CACHE_ENTRIES_COMPARE_OP]))) return 0;
    if (!Py_IS_TYPE(right, Py_TYPE(left))) return 0;
    if (PyLong_CheckExact(left)) return is_of_one_digit(left) && is_of_one_digit(right);
    if (PyUnicode_CheckExact(left)) return _Py_OPARG(*compare) == Py_EQ || _Py_OPARG(*compare) == Py_NE;
    return PyFloat_CheckExact(left);
}

int tm_instruction_takes_less(PyFrameObject* frame) {
    const struct _PyInterpreterFrame* inner = frame->f_frame;
    const int depth = inner->stacktop - inner->f_code->co_nlocalsplus;
    PyObject* const* top = inner->localsplus + inner->stacktop;
    switch (_Py_OPCODE(*inner->prev_instr)) {
        case SEND:
            return depth >= 2 && sends_by_method(top[-2], top[-1]);
        case COMPARE_OP:
        case COMPARE_OP_ADAPTIVE:
        case COMPARE_OP_FLOAT_JUMP:
        case COMPARE_OP_INT_JUMP:
        case COMPARE_OP_STR_JUMP:
            return depth >= 2 && compares_at_once(inner->prev_instr, top[-2], top[-1]);
        default: {
            const _Py_CODEUNIT* precall = specialised_call(inner);
            return precall && _Py_OPARG(*precall) == 1 && !has_keywords(precall) && depth >= 3 && !top[-3] &&
                   top[-2] == (PyObject*)&PyUnicode_Type;
        }
    }
}

void tm_set_instruction_events(PyFrameObject* frame, int wanted) { frame->f_trace_opcodes = (char)wanted; }

void tm_set_profile(PyThreadState* thread, Py_tracefunc profile) {
    thread->c_profilefunc = profile;
    _PyThreadState_UpdateTracingState(thread);
}

#endif
