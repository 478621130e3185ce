#include "trace/value_renderer.h"

#include "value_fixture.h"

namespace tracemill::trace {
namespace {

using python::Owned;
using test::evaluate;
using test::integer_of;
using test::repr_of;
using test::run_source;

class ValueText : public test::WithValues {
  protected:
    static std::string text(const Owned& object, uint64_t max_chars = 0, tm_objects objects = TM_OBJECTS_FIELDS) {
        ValueRenderer renderer(ordinals(), max_chars, objects);
        return std::string(renderer.render(object.get()).text);
    }
};

TEST_F(ValueText, OfBuiltInTypesIsTheirRepr) {
    for (const char* expression : {"0",
                                   "-1",
                                   "2**30",
                                   "-2**30",
                                   "2**64",
                                   "10**50",
                                   "True",
                                   "None",
                                   "...",
                                   "1.5",
                                   "-0.0",
                                   "1e300",
                                   "float('nan')",
                                   "float('-inf')",
                                   "1-2j",
                                   "''",
                                   "'a\\'b'",
                                   "'a\"\\'b'",
                                   "'\\n\\x00\\x7f\\xa0\\u2028\\U0001f600\\ud800'",
                                   "b''",
                                   "b'\\x00a\\'\"'",
                                   "bytearray(b'ab')",
                                   "[]",
                                   "[[1], (2,), {3: {4}}]",
                                   "()",
                                   "(1,)",
                                   "(1, 2)",
                                   "{}",
                                   "{'a': [], (1, 2): None}",
                                   "set()",
                                   "{1}",
                                   "frozenset()",
                                   "frozenset({'a'})",
                                   "range(3)",
                                   "range(1, 10, 2)",
                                   "slice(1, None, 2)",
                                   "int",
                                   "[int, type]",
                                   "KeyError('a')",
                                   "Exception()",
                                   "ValueError(1, 'b')",
                                   "__import__('collections').deque([1], maxlen=2)",
                                   "__import__('collections').Counter('aab')",
                                   "__import__('collections').OrderedDict(a=1)",
                                   "__import__('array').array('i', [1, 2])",
                                   "__import__('datetime').date(2020, 1, 2)",
                                   "__import__('decimal').Decimal('1.50')",
                                   "__import__('fractions').Fraction(1, 3)",
                                   "{1: 2}.keys()",
                                   "[].append.__name__"}) {
        const Owned object = evaluate(expression);
        EXPECT_EQ(text(object), repr_of(object.get())) << expression;
    }
}

TEST_F(ValueText, OfContainersThatHoldThemselvesEnds) {
    EXPECT_EQ(text(evaluate("(lambda a: (a.append(a), a)[1])([1])")), "[1, [...]]");
    EXPECT_EQ(text(evaluate("(lambda a: (a.update(a=a), a)[1])({})")), "{'a': {...}}");
}

TEST_F(ValueText, OfAnInstanceIsWhatItHolds) {
    const Owned globals = run_source("from dataclasses import dataclass\n"
                                     "class A:\n"
                                     "    def __init__(self): self.x = 1; self.y = [2]\n"
                                     "class B:\n"
                                     "    __slots__ = ('q', 'p')\n"
                                     "    def __init__(self): self.p = 1; self.q = 2\n"
                                     "class C(list): pass\n"
                                     "class D(dict): pass\n"
                                     "@dataclass\n"
                                     "class E:\n"
                                     "    x: int\n"
                                     "c = C([1]); c.z = 2\n"
                                     "a = A(); a.x = a\n");
    EXPECT_EQ(text(evaluate(globals, "A()")), "A(x=1, y=[2])");
    EXPECT_EQ(text(evaluate(globals, "B()")), "B(q=2, p=1)");
    EXPECT_EQ(text(evaluate(globals, "c")), "C([1], z=2)");
    EXPECT_EQ(text(evaluate(globals, "D(k=1)")), "D({'k': 1})");
    EXPECT_EQ(text(evaluate(globals, "E(3)")), "E(x=3)");
    EXPECT_EQ(text(evaluate(globals, "a")), "A(x=..., y=[2])");
    PyDict_Clear(globals.get());
}

// Every way in which a class can have its own code asked.
constexpr const char* kTelltale =
    "calls = []\n"
    "class Meta(type):\n"
    "    def __getattribute__(cls, name):\n"
    "        calls.append(name)\n"
    "        return super().__getattribute__(name)\n"
    "    def __repr__(cls): calls.append('meta repr'); return 'x'\n"
    "    def __instancecheck__(cls, other): calls.append('check'); return True\n"
    "class A(metaclass=Meta):\n"
    "    def __init__(self): self.__dict__['x'] = 1\n"
    "    def __getattribute__(self, name): calls.append(name); return object.__getattribute__(self, name)\n"
    "    def __getattr__(self, name): calls.append(name); raise AttributeError\n"
    "    def __repr__(self): calls.append('repr'); return 'told'\n"
    "    def __str__(self): calls.append('str'); return 'told'\n"
    "    def __eq__(self, other): calls.append('eq'); return True\n"
    "    def __hash__(self): calls.append('hash'); return 1\n"
    "    def __len__(self): calls.append('len'); return 1\n"
    "    def __iter__(self): calls.append('iter'); return iter(())\n"
    "    def __bool__(self): calls.append('bool'); return False\n"
    "    def __format__(self, how): calls.append('format'); return 'told'\n"
    "    @property\n"
    "    def shown(self): calls.append('property'); return 1\n"
    "class L(list):\n"
    "    def __iter__(self): calls.append('list iter'); return super().__iter__()\n"
    "    def __len__(self): calls.append('list len'); return 0\n"
    "    def __getitem__(self, at): calls.append('list item'); return 0\n"
    "    def __repr__(self): calls.append('list repr'); return 'told'\n"
    "class E(Exception):\n"
    "    def __str__(self): calls.append('exception'); return 'told'\n"
    "    __repr__ = __str__\n"
    "a = A()\n"
    "values = [a, [a], {a: a}, {a}, L([a]), E(a), A, (a,), __import__('collections').deque([a])]\n"
    "calls.clear()\n";

TEST_F(ValueText, RunsNothingOfTheProgram) {
    const Owned globals = run_source(kTelltale);
    const Owned values = Owned::share(PyDict_GetItemString(globals.get(), "values"));
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(values.get()); ++i) {
        text(Owned::share(PyList_GET_ITEM(values.get(), i)), 1000);
        ASSERT_EQ(repr_of(PyDict_GetItemString(globals.get(), "calls")), "[]") << "value " << i;
    }
    EXPECT_EQ(text(values),
              "[A(x=1), [A(x=1)], {A(x=1): A(x=1)}, {A(x=1)}, L([A(x=1)]), E(A(x=1)), <class '__main__.A'>, "
              "(A(x=1),), deque([A(x=1)])]");
    EXPECT_EQ(repr_of(PyDict_GetItemString(globals.get(), "calls")), "[]");
}

TEST_F(ValueText, AsksTheProgramsReprWhereThatIsWanted) {
    const Owned globals = run_source(kTelltale);
    EXPECT_EQ(text(evaluate(globals, "a"), 0, TM_OBJECTS_REPR), "told");
}

TEST_F(ValueText, ShowsOrdinalsInPlaceOfAddresses) {
    const Owned both = evaluate("(lambda a, b: [a, b, a])(object(), object())");
    EXPECT_EQ(text(both), "[<object object #1>, <object object #2>, <object object #1>]");
    const Owned hidden = evaluate("'<object at 0x7f0000000000>'");
    EXPECT_EQ(text(hidden), repr_of(hidden.get()));
}

TEST_F(ValueText, IsCutAtTheBoundAndSaysSo) {
    ValueRenderer renderer(ordinals(), 20, TM_OBJECTS_FIELDS);
    const Owned list = evaluate("list(range(1000))");
    const ValueRenderer::Text cut = renderer.render(list.get());
    EXPECT_TRUE(cut.cut);
    EXPECT_LE(cut.text.size(), 20u);
    EXPECT_EQ(repr_of(list.get()).substr(0, 10), std::string(cut.text).substr(0, 10));
    EXPECT_FALSE(renderer.render(evaluate("[1, 2]").get()).cut);
}

TEST_F(ValueText, ShowsBothEndsOfALongString) {
    ValueRenderer renderer(ordinals(), 40, TM_OBJECTS_FIELDS);
    const Owned string = evaluate("'a' * 500 + 'z' * 500");
    const ValueRenderer::Text text = renderer.render(string.get());
    EXPECT_TRUE(text.cut);
    EXPECT_TRUE(text.has_end);
    EXPECT_EQ(text.text.front(), '\'');
    EXPECT_EQ(text.text.substr(text.text.size() - 2), "z'");
    EXPECT_NE(text.text.find("..."), std::string_view::npos);
}

TEST_F(ValueText, MarksOnlyThePartThatCannotBeShown) {
    // A repr of the library's that the value breaks.
    const Owned value = evaluate("[1, (lambda u: (u.__init__(None), u)[1])(__import__('types').SimpleNamespace.__new__("
                                 "__import__('types').SimpleNamespace)) if False else 10**5000, 2]");
    const std::string shown = text(value, 1000);
    EXPECT_TRUE(shown.starts_with("[1, ")) << shown;
    EXPECT_TRUE(shown.ends_with(", 2]")) << shown;
}

TEST_F(ValueText, MakesNothingThatTheProgramCanSee) {
    const Owned globals = run_source(
        "import gc, sys\n"
        "class A: pass\n"
        "a = A()\n"
        "a.x = [a]\n"
        "def facts(): return (gc.collect(), len(gc.get_objects()), sys.getsizeof(a), len(gc.get_referrers(a)))[1:]\n");
    // Called without a compiler, which makes objects of its own; what the collector need not see is known after once.
    const Owned facts = evaluate(globals, "facts");
    const auto told = [&] { return repr_of(Owned::steal(PyObject_CallNoArgs(facts.get())).get()); };
    told();
    const std::string before = told();
    const Owned object = evaluate(globals, "a");
    const Py_ssize_t references = Py_REFCNT(object.get());
    EXPECT_EQ(text(object), "A(x=[...])");
    EXPECT_EQ(Py_REFCNT(object.get()), references);
    EXPECT_EQ(told(), before);
    PyDict_Clear(globals.get());
}

TEST_F(ValueText, AnExceptionsMessageAsksNothingOfTheProgram) {
    const Owned globals = run_source(kTelltale);
    ValueRenderer renderer(ordinals(), 0, TM_OBJECTS_FIELDS);
    renderer.message(evaluate(globals, "E(a)").get());
    EXPECT_EQ(repr_of(PyDict_GetItemString(globals.get(), "calls")), "[]");
    EXPECT_EQ(renderer.message(evaluate("ValueError('it is wrong')").get()), "it is wrong");
    EXPECT_EQ(renderer.message(evaluate("ValueError(1, 2)").get()), "(1, 2)");
    EXPECT_EQ(renderer.message(evaluate("KeyError('a')").get()), "'a'");
}

}  // namespace
}  // namespace tracemill::trace
