#include "python/ordered_dict.h"

// Objects/odictobject.c keeps both to itself.
typedef struct Node {
    PyObject* key;
    Py_hash_t hash;
    struct Node* next;
    struct Node* previous;
} Node;

typedef struct OrderedDict {
    PyDictObject dict;
    Node* first;
    Node* last;
} OrderedDict;

static int s_known;

int tm_knows_ordered_dict(void) { return s_known; }

PyObject* tm_next_ordered_key(PyObject* ordered, void** place) {
    const Node* node = *place ? ((Node*)*place)->next : ((OrderedDict*)ordered)->first;
    *place = (void*)node;
    return node ? node->key : NULL;
}

// Two keys, then the other way round; where the layout is another, nothing may be followed that is no pointer to a key.
static int has_known_layout(PyObject* ordered, PyObject* one, PyObject* two) {
    if (PyODict_SetItem(ordered, one, Py_None) != 0 || PyODict_SetItem(ordered, two, Py_None) != 0) return 0;
    const OrderedDict* known = (const OrderedDict*)ordered;
    const Node* const* fields = (const Node* const*)((const char*)ordered + sizeof(PyDictObject));
    if (Py_TYPE(ordered)->tp_basicsize < (Py_ssize_t)sizeof(OrderedDict) || !fields[0] || !fields[1]) return 0;
    if (known->first->key != one || known->last->key != two) return 0;
    if (known->first->next != known->last || known->last->next) return 0;
    PyObject* moved = PyObject_CallMethod(ordered, "move_to_end", "O", one);
    Py_XDECREF(moved);
    return moved && known->first->key == two && known->last->key == one && known->first->next == known->last;
}

int tm_check_ordered_dict(void) {
    PyObject* ordered = PyODict_New();
    PyObject* one = PyUnicode_FromString("one");
    PyObject* two = PyUnicode_FromString("two");
    s_known = ordered && one && two && has_known_layout(ordered, one, two);
    Py_XDECREF(two);
    Py_XDECREF(one);
    Py_XDECREF(ordered);
    PyErr_Clear();
    return s_known;
}
