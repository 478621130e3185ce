#include "guard/dict_contents.h"

#include "interpreter.h"

namespace tracemill::guard {
namespace {

using python::Owned;
using test::evaluate;
using test::repr_of;
using test::run_source;

class ContentsOfDicts : public test::InInterpreter {
  protected:
    // Runs `change` where `d` is the dict, brings it back, and says what it holds then.
    static std::string restored(const char* source, const char* change) {
        const Owned globals = run_source(source);
        PyObject* dict = PyDict_GetItemString(globals.get(), "d");
        const DictContents contents(dict, nullptr);
        EXPECT_TRUE(contents.are_unchanged());
        const Owned done = Owned::steal(PyRun_String(change, Py_file_input, globals.get(), globals.get()));
        EXPECT_TRUE(done);
        EXPECT_FALSE(contents.are_unchanged()) << change;
        EXPECT_TRUE(contents.restore()) << change;
        EXPECT_TRUE(contents.are_unchanged()) << change;
        return repr_of(dict);
    }
};

TEST_F(ContentsOfDicts, ComeBackInTheirOrder) {
    const char* const source = "d = {'a': 1, 'b': [2], 3: None}\n";
    for (const char* change : {"d['a'] = 2", "d['new'] = 1", "del d['a']", "d.clear()", "d['a'] = d.pop('a')",
                               "d.update(b=0, c=0); del d[3]", "for i in range(1000): d[i] = i",
                               "d.clear(); d.update({3: 1, 'b': 2, 'a': 3})"}) {
        EXPECT_EQ(restored(source, change), "{'a': 1, 'b': [2], 3: None}");
    }
}

TEST_F(ContentsOfDicts, AreTheSameObjectsAndNotEqualOnes) {
    EXPECT_EQ(restored("d = {'a': (1, 2)}\nbefore = d['a']\n", "d['a'] = tuple([1, 2])"), "{'a': (1, 2)}");
}

TEST_F(ContentsOfDicts, OfAClassReachItsSlots) {
    const Owned globals = run_source("class A:\n"
                                     "    def __len__(self): return 1\n"
                                     "    x = 1\n"
                                     "a = A()\n");
    auto* type = reinterpret_cast<PyTypeObject*>(PyDict_GetItemString(globals.get(), "A"));
    PyErr_Clear();
    const DictContents contents(type->tp_dict, type);
    const Owned done =
        Owned::steal(PyRun_String("A.__len__ = lambda self: 2\nA.x = 2\nA.y = 3\nassert (len(a), a.x) == (2, 2)\n",
                                  Py_file_input, globals.get(), globals.get()));
    ASSERT_TRUE(done);
    EXPECT_TRUE(contents.restore());
    EXPECT_EQ(repr_of(evaluate(globals, "(len(a), a.x, hasattr(A, 'y'))").get()), "(1, 1, False)");
}

TEST_F(ContentsOfDicts, ComeBackThoughKeysOfTheProgramFight) {
    EXPECT_EQ(restored("d = {'a': 1}\n", "class K:\n"
                                         "    def __hash__(self): return hash('a')\n"
                                         "    def __eq__(self, other): raise ValueError\n"
                                         "d.clear()\n"
                                         "d[K()] = 2\n"),
              "{'a': 1}");
}

TEST_F(ContentsOfDicts, WhatIsAdoptedIsBroughtBackFromThenOn) {
    const Owned globals = run_source("d = {'a': 1, 'b': 2}\n");
    PyObject* dict = PyDict_GetItemString(globals.get(), "d");
    DictContents contents(dict, nullptr);
    evaluate(globals, "d.update(a=5)");
    contents.adopt(evaluate(globals, "list(d)[0]").get());
    EXPECT_TRUE(contents.are_unchanged());
    evaluate(globals, "d.update(a=6)");
    EXPECT_TRUE(contents.restore());
    EXPECT_EQ(repr_of(dict), "{'a': 5, 'b': 2}");
}

TEST_F(ContentsOfDicts, OthersMayBeAddedWhereOnlyTheOldOnesCount) {
    const Owned globals = run_source("d = {'a': 1}\n");
    const DictContents contents(PyDict_GetItemString(globals.get(), "d"), nullptr);
    evaluate(globals, "d.update(b=1)");
    EXPECT_TRUE(contents.are_all_there());
    EXPECT_FALSE(contents.are_unchanged());
    evaluate(globals, "d.pop('a')");
    EXPECT_FALSE(contents.are_all_there());
}

}  // namespace
}  // namespace tracemill::guard
