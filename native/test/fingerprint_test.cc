#include "trace/fingerprint.h"

#include <random>
#include <unordered_map>

#include "python/collector.h"
#include "trace/value_renderer.h"
#include "value_fixture.h"

namespace tracemill::trace {
namespace {

using python::Owned;
using test::evaluate;
using test::integer_of;
using test::repr_of;
using test::run_source;

class Fingerprints : public test::WithValues {
  protected:
    // 0 where only rendering can tell.
    static uint64_t print_of(PyObject* object, uint64_t max_chars = 1000) {
        const auto print = fingerprint(object, 0, {max_chars, TM_OBJECTS_FIELDS}, ordinals());
        return print ? print->text : 0;
    }
    static uint64_t print_of(const Owned& object, uint64_t max_chars = 1000) {
        return print_of(object.get(), max_chars);
    }
    static std::string text_of(PyObject* object, uint64_t max_chars) {
        ValueRenderer renderer(ordinals(), max_chars, TM_OBJECTS_FIELDS);
        return std::string(renderer.render(object).text);
    }

    // `value` in the source's globals has another print after each of the statements, and shows otherwise.
    static void expect_seen(const char* source, std::initializer_list<const char*> changes, uint64_t max_chars = 1000) {
        const Owned globals = run_source(source);
        const auto value = [&] { return PyDict_GetItemString(globals.get(), "value"); };
        text_of(value(), max_chars);  // what it holds has its ordinals
        uint64_t before = print_of(value(), max_chars);
        ASSERT_NE(before, 0u);
        ASSERT_EQ(print_of(value(), max_chars), before);
        for (const char* change : changes) {
            const Owned done = Owned::steal(PyRun_String(change, Py_file_input, globals.get(), globals.get()));
            ASSERT_TRUE(done) << change;
            text_of(value(), max_chars);
            const uint64_t after = print_of(value(), max_chars);
            EXPECT_NE(after, before) << change;
            EXPECT_EQ(print_of(value(), max_chars), after) << change;
            before = after;
        }
        PyDict_Clear(globals.get());
    }
};

TEST_F(Fingerprints, EqualValuesOfTheSameTypesHaveTheSame) {
    for (const char* expression :
         {"5", "10**40", "'abc' * 3", "b'abc'", "bytearray(b'ab')", "1.5", "1j", "[1, [2, 'a'], (3.5,)]", "{'a': {1}}",
          "{1, 2, 3}", "frozenset('a')", "__import__('collections').deque([1])", "KeyError('a')", "range(5)",
          "__import__('array').array('d', [1.0])", "__import__('collections').OrderedDict(a=[1])"}) {
        EXPECT_EQ(print_of(evaluate(expression)), print_of(evaluate(expression))) << expression;
    }
}

TEST_F(Fingerprints, ValuesThatEqualOneAnotherAndShowOtherwiseHaveOthers) {
    const char* const kGroups[][4] = {{"1", "1.0", "True", "1+0j"},
                                      {"0.0", "-0.0", "0", "False"},
                                      {"'ab'", "b'ab'", "bytearray(b'ab')", "['ab']"},
                                      {"[1, 2]", "(1, 2)", "{1, 2}", "frozenset({1, 2})"},
                                      {"[]", "()", "{}", "set()"},
                                      {"[[1], 2]", "[[1, 2]]", "[1, [2]]", "[[], 1, 2]"},
                                      {"'1'", "1", "['1']", "[1]"},
                                      {"-1", "-2", "2**63", "-2**63"},
                                      {"{1: 2}", "{2: 1}", "{1: 2, 3: 4}", "{3: 4, 1: 2}"},
                                      {"['a', 'b']", "['ab']", "['a,', 'b']", "['', 'ab']"}};
    for (const auto& group : kGroups) {
        std::unordered_map<uint64_t, std::string> seen;
        for (const char* expression : group) {
            const auto [known, added] = seen.try_emplace(print_of(evaluate(expression)), expression);
            EXPECT_TRUE(added) << expression << " and " << known->second;
        }
    }
}

TEST_F(Fingerprints, SeeAChangedField) {
    expect_seen("class A: pass\nvalue = A()\nvalue.x = 1\n",
                {"value.x = 2", "value.y = None", "del value.y", "value.x = [1]", "value.x.append(2)", "del value.x"});
}

TEST_F(Fingerprints, SeeFieldsOfWhatAFieldHolds) {
    expect_seen("class A: pass\nvalue = A()\nvalue.next = A()\nvalue.next.next = A()\n",
                {"value.next.next.x = 1", "value.next.next.x = 2", "value.next.next.next = value"});
}

TEST_F(Fingerprints, SeeSlotsByNameAndInBases) {
    expect_seen("class A: __slots__ = ('a', 'b')\nclass B(A): __slots__ = ('c',)\nvalue = B()\n",
                {"value.a = 1", "del value.a; value.b = 1", "del value.b; value.c = 1", "value.a = 1"});
}

TEST_F(Fingerprints, SeeARenamedClassAndAnother) {
    expect_seen("class A: pass\nclass B: pass\nvalue = A()\nvalue.x = 1\n",
                {"A.__name__ = 'C'", "value.__class__ = B", "B.__name__ = 'longer'"});
}

TEST_F(Fingerprints, SeeWhatContainersOfAnyDepthHold) {
    expect_seen("value = [[[[{'a': ([],)}]]]]\ninner = value[0][0][0][0]['a'][0]\n",
                {"inner.append(1)", "inner[0] = 1.0", "inner[0] = '1'", "inner.append(inner)", "inner.clear()",
                 "value[0][0][0][0]['b'] = 0", "del value[0][0][0][0]['a']"});
}

TEST_F(Fingerprints, SeeWhereAValueHoldsItself) {
    expect_seen("value = [[], []]\n", {"value[0] = value", "value[0], value[1] = [], value", "value[0] = value",
                                       "value[1] = value[0] = [value]"});
}

TEST_F(Fingerprints, SeeWhatSubclassesOfBuiltInTypesHold) {
    expect_seen("class L(list): pass\nvalue = L()\n",
                {"value.append(1)", "value[0] = 2", "value.x = 1", "value.x = 2"});
    expect_seen("class D(dict): pass\nvalue = D()\n", {"value['a'] = 1", "value['a'] = 2", "value.a = 1"});
    expect_seen("class S(set): pass\nvalue = S()\n", {"value.add(1)", "value.add(2)", "value.x = 1"});
    expect_seen("class E(Exception): pass\nvalue = E(1)\n", {"value.args = (2,)", "value.code = 1", "value.code = 2"});
}

TEST_F(Fingerprints, SeeWhatLibraryTypesHold) {
    expect_seen("from collections import deque\nvalue = deque()\n",
                {"value.append(1)", "value.appendleft(0)", "value.pop()"});
    expect_seen("from collections import Counter\nvalue = Counter()\n",
                {"value['a'] += 1", "value['a'] += 1", "value['b'] += 5"});
    expect_seen("from collections import defaultdict\nvalue = defaultdict(list)\n",
                {"value[1].append(2)", "value[1].append(3)", "value.default_factory = int"});
    expect_seen("from array import array\nvalue = array('i', [1, 2])\n",
                {"value[0] = 3", "value.append(1)", "value = array('l', value)"});
    expect_seen("value = bytearray(b'ab')\n", {"value[0] = 0", "value.append(1)", "value.clear()"});
}

TEST_F(Fingerprints, SeeBothEndsOfWhatIsCut) {
    expect_seen("value = 'a' * 5000\n", {"value = 'a' * 4999 + 'b'", "value = 'b' + value[1:]", "value += 'b'"}, 100);
    expect_seen("value = list(range(5000))\n", {"value[0] = -1", "value[5] = -1", "value.append(0)", "value.pop(10)"},
                100);
    expect_seen("value = bytearray(5000)\n", {"value[0] = 1", "value[-1] = 1", "value.append(0)"}, 100);
    expect_seen("value = {i: i for i in range(1000)}\n", {"value[0] = 1", "value['new'] = 1"}, 100);
}

TEST_F(Fingerprints, SeeFieldsBehindOnesThatFillHalfOfTheBound) {
    expect_seen("class A: pass\nvalue = A()\nvalue.long = 'x' * 400\nvalue.last = 1\n",
                {"value.last = 2", "value.last = 12345", "value.long = 'y' * 400"});
}

// A list that grows behind what shows of it has one beginning, and another text only in its length.
TEST_F(Fingerprints, OfLongListsHaveACommonBeginning) {
    const auto full = [](const char* expression) {
        const Owned object = evaluate(expression);
        const auto print = fingerprint(object.get(), 0, {50, TM_OBJECTS_FIELDS}, ordinals());
        EXPECT_TRUE(print && print->beginning) << expression;
        return print.value_or(Fingerprint());
    };
    const Fingerprint shorter = full("list(range(1000))");
    const Fingerprint longer = full("list(range(1001))");
    const Fingerprint other = full("[1] + list(range(1000))");
    EXPECT_EQ(shorter.beginning, longer.beginning);
    EXPECT_NE(shorter.text, longer.text);
    EXPECT_NE(shorter.beginning, other.beginning);
    const Owned small = evaluate("[1, 2]");
    const auto print = fingerprint(small.get(), 0, {50, TM_OBJECTS_FIELDS}, ordinals());
    EXPECT_FALSE(print->beginning);
}

TEST_F(Fingerprints, RunNothingAndMakeNothing) {
    const Owned globals = run_source("import gc\n"
                                     "calls = []\n"
                                     "class A:\n"
                                     "    def __getattribute__(self, name): calls.append(name)\n"
                                     "    def __eq__(self, other): calls.append('eq')\n"
                                     "    def __hash__(self): calls.append('hash'); return 1\n"
                                     "    def __repr__(self): calls.append('repr'); return ''\n"
                                     "    def __len__(self): calls.append('len'); return 0\n"
                                     "a = A()\n"
                                     "value = [a, {a: a}, {a}, 'text' * 10, 10**30]\n"
                                     "calls.clear()\n");
    PyObject* value = PyDict_GetItemString(globals.get(), "value");
    const auto objects = [&] { return integer_of(evaluate(globals, "(gc.collect(), len(gc.get_objects()))[1]")); };
    const long long before = objects();
    const int young = *tm_young_count();
    EXPECT_NE(print_of(value), 0u);
    EXPECT_EQ(*tm_young_count(), young);
    EXPECT_EQ(objects(), before);
    EXPECT_EQ(repr_of(PyDict_GetItemString(globals.get(), "calls")), "[]");
}

// Values at random, each also with one change somewhere: whatever shows otherwise has another print.
TEST_F(Fingerprints, NeverStayWhereTheTextChanges) {
    const Owned globals =
        run_source("import random\n"
                   "class P:\n"
                   "    pass\n"
                   "class Q:\n"
                   "    __slots__ = ('a', 'b')\n"
                   "def make(depth):\n"
                   "    kind = random.randrange(12 if depth else 6)\n"
                   "    if kind == 0: return random.randrange(-5, 300)\n"
                   "    if kind == 1: return random.choice('ab') * random.randrange(60)\n"
                   "    if kind == 2: return random.random()\n"
                   "    if kind == 3: return random.choice([None, True, b'x' * 30, 2 ** 70])\n"
                   "    if kind == 4: return bytearray(random.randrange(20))\n"
                   "    if kind == 5: return (1, 'b')\n"
                   "    n = range(random.randrange(5))\n"
                   "    if kind in (6, 7): return [make(depth - 1) for _ in n]\n"
                   "    if kind == 8: return tuple(make(depth - 1) for _ in n)\n"
                   "    if kind == 9: return {random.randrange(50): make(depth - 1) for _ in n}\n"
                   "    if kind == 10:\n"
                   "        p = P()\n"
                   "        for i in n: setattr(p, 'abcde'[i], make(depth - 1))\n"
                   "        return p\n"
                   "    q = Q()\n"
                   "    setattr(q, random.choice('ab'), make(depth - 1))\n"
                   "    return q\n"
                   "def change(value):\n"
                   "    inner = []\n"
                   "    def walk(v):\n"
                   "        if isinstance(v, (list, dict, P, Q, bytearray)): inner.append(v)\n"
                   "        for held in (v.values() if isinstance(v, dict) else vars(v).values() if isinstance(v, P)\n"
                   "                     else v if isinstance(v, (list, tuple)) else ()): walk(held)\n"
                   "    walk(value)\n"
                   "    if not inner: return\n"
                   "    v = random.choice(inner)\n"
                   "    if isinstance(v, list): v.insert(random.randrange(len(v) + 1), make(1))\n"
                   "    elif isinstance(v, dict): v[random.randrange(50)] = make(1)\n"
                   "    elif isinstance(v, bytearray): v.append(random.randrange(256))\n"
                   "    elif isinstance(v, P): setattr(v, random.choice('abcde'), make(1))\n"
                   "    else: setattr(v, random.choice('ab'), make(1))\n"
                   "random.seed(7)\n");
    size_t changes = 0;
    for (int i = 0; i < 1'500; ++i) {
        const Owned value = evaluate(globals, "make(4)");
        PyDict_SetItemString(globals.get(), "value", value.get());
        const uint64_t bound = i % 3 == 0 ? 0 : 20 + static_cast<uint64_t>(i % 200);
        std::string before_text = text_of(value.get(), bound);
        uint64_t before = print_of(value, bound);
        ASSERT_NE(before, 0u);
        for (int k = 0; k < 5; ++k) {
            evaluate(globals, "change(value)");
            const std::string text = text_of(value.get(), bound);
            const uint64_t print = print_of(value, bound);
            if (text != before_text) {
                ASSERT_NE(print, before) << before_text << "\n" << text;
                ++changes;
            }
            before_text = text;
            before = print;
        }
    }
    EXPECT_GT(changes, 1'000u);
    PyDict_Clear(globals.get());
}

}  // namespace
}  // namespace tracemill::trace
