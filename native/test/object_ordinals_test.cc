#include "python/object_ordinals.h"

#include <array>
#include <random>
#include <unordered_map>

#include "interpreter.h"

namespace tracemill::python {
namespace {

using test::evaluate;
using test::run_source;

class Ordinals : public test::InInterpreter {
  protected:
    void SetUp() override {
        InInterpreter::SetUp();
        table_.clear();
    }
    void TearDown() override {
        table_.clear();
        InInterpreter::TearDown();
    }

    // Objects whose blocks are spread over the table.
    static std::vector<Owned> objects(size_t count) {
        std::vector<Owned> all;
        for (size_t i = 0; i < count; ++i) all.push_back(Owned::steal(PyList_New(0)));
        return all;
    }

    ObjectOrdinals& table_ = ObjectOrdinals::instance();
};

TEST_F(Ordinals, CountFromOneInOrderOfFirstAppearance) {
    const std::vector<Owned> all = objects(3);
    EXPECT_EQ(table_.find(all[0].get()), 0u);
    EXPECT_EQ(table_.of(all[2].get()), 1u);
    EXPECT_EQ(table_.of(all[0].get()), 2u);
    EXPECT_EQ(table_.of(all[2].get()), 1u);
    EXPECT_EQ(table_.find(all[0].get()), 2u);
    EXPECT_EQ(table_.find(all[1].get()), 0u);
}

TEST_F(Ordinals, NothingThatIsGivenBackEndsNoObject) {
    // So many that the first place of the table, where nothing would be looked for, is taken by some of them.
    for (const Owned& object : objects(4000)) {
        table_.clear();
        table_.of(object.get());
        const uint64_t ends = table_.ends();
        table_.ended(nullptr);
        PyObject_Free(nullptr);
        ASSERT_EQ(table_.ends(), ends);
        ASSERT_EQ(table_.find(object.get()), 1u);
    }
}

TEST_F(Ordinals, AnObjectEndsWithItsMemory) {
    Owned object = evaluate("type('A', (), {})()");
    table_.of(object.get());
    const uint64_t ends = table_.ends();
    object = Owned();
    EXPECT_EQ(table_.ends(), ends + 1);
}

TEST_F(Ordinals, ObjectsWithoutOrdinalEndUnseen) {
    const Owned kept = evaluate("[]");
    table_.of(kept.get());
    const uint64_t ends = table_.ends();
    evaluate("[[i] for i in range(1000)]");
    EXPECT_EQ(table_.ends(), ends);
    EXPECT_EQ(table_.find(kept.get()), 1u);
}

// CPython keeps dead ones for their next instance, whose address is the same.
template <typename Make>
void expect_new_ordinal_at_same_address(ObjectOrdinals& table, Make make) {
    size_t reused = 0;
    for (uint64_t i = 1; i <= 20; ++i) {
        Owned first = make();
        const PyObject* address = first.get();
        const uint64_t before = table.of(first.get());
        first = Owned();
        const Owned second = make();
        ASSERT_EQ(table.find(second.get()), 0u);
        ASSERT_EQ(table.of(second.get()), before + 1);
        if (second.get() == address) ++reused;
    }
    EXPECT_GT(reused, 0u);
}

TEST_F(Ordinals, AListThatLiesWhereAnotherDiedIsAnother) {
    expect_new_ordinal_at_same_address(table_, [] { return Owned::steal(PyList_New(0)); });
}

TEST_F(Ordinals, ADictThatLiesWhereAnotherDiedIsAnother) {
    expect_new_ordinal_at_same_address(table_, [] { return Owned::steal(PyDict_New()); });
}

TEST_F(Ordinals, AContextThatLiesWhereAnotherDiedIsAnother) {
    expect_new_ordinal_at_same_address(table_, [] { return Owned::steal(PyContext_New()); });
}

TEST_F(Ordinals, AnAsyncGeneratorsSendThatLiesWhereAnotherDiedIsAnother) {
    const Owned globals = run_source("async def make():\n    yield\ngenerator = make()\n");
    expect_new_ordinal_at_same_address(
        table_, [&] { return evaluate(globals, "(lambda send: (send.close(), send)[1])(generator.__anext__())"); });
}

TEST_F(Ordinals, DeeplyNestedListsAndDictsEndWithoutOverflow) {
    Owned list = evaluate("[]");
    Owned dict = evaluate("{}");
    for (int i = 0; i < 300'000; ++i) {
        const Owned outer = Owned::steal(PyList_New(1));
        PyList_SET_ITEM(outer.get(), 0, list.release());
        list = Owned::share(outer.get());
        const Owned around = Owned::steal(PyDict_New());
        PyDict_SetItem(around.get(), Py_None, dict.get());
        dict = Owned::share(around.get());
    }
    table_.of(list.get());
    table_.of(dict.get());
    const uint64_t ends = table_.ends();
    list = Owned();
    dict = Owned();
    EXPECT_EQ(table_.ends(), ends + 2);
}

TEST_F(Ordinals, InnermostOfManyNestedListsEndsWithThem) {
    Owned list = evaluate("[]");
    table_.of(list.get());
    for (int i = 0; i < 1'000; ++i) {
        Owned outer = Owned::steal(PyList_New(1));
        PyList_SET_ITEM(outer.get(), 0, list.release());
        list = std::move(outer);
    }
    const uint64_t ends = table_.ends();
    list = Owned();
    EXPECT_EQ(table_.ends(), ends + 1);
}

TEST_F(Ordinals, ObjectsWithTheCollectorsLinksAndOthersAreKnownByTheirBlock) {
    const Owned globals = run_source("class A: pass\nclass B:\n    __slots__ = ()\n");
    for (const char* expression : {"A()", "B()", "object()", "bytearray()", "{1}", "iter([])", "type('T', (), {})"}) {
        Owned object = evaluate(globals, expression);
        EXPECT_NE(table_.of(object.get()), 0u);
        const uint64_t ends = table_.ends();
        const bool is_type = PyType_Check(object.get());
        object = Owned();
        if (is_type) PyGC_Collect();  // a class is in a cycle with itself
        EXPECT_EQ(table_.ends(), ends + 1) << expression;
    }
}

TEST_F(Ordinals, StayWhileTheTableGrows) {
    const std::vector<Owned> all = objects(5000);
    const uint64_t bytes = table_.bytes();
    for (size_t i = 0; i < all.size(); ++i) ASSERT_EQ(table_.of(all[i].get()), i + 1);
    EXPECT_GT(table_.bytes(), bytes);
    for (size_t i = 0; i < all.size(); ++i) ASSERT_EQ(table_.find(all[i].get()), i + 1);
}

// Against a plain map: entries behind one that goes are found from where they are looked for.
TEST_F(Ordinals, StayWhereOthersEnd) {
    std::mt19937 random(20);
    std::vector<Owned> alive = objects(60);
    std::unordered_map<PyObject*, uint64_t> expected;
    uint64_t next = 1;
    for (const Owned& object : alive) expected[object.get()] = next++, table_.of(object.get());
    for (int step = 0; step < 20'000; ++step) {
        const size_t at = random() % alive.size();
        expected.erase(alive[at].get());
        alive[at] = Owned();
        Owned fresh = Owned::steal(PyList_New(0));
        ASSERT_EQ(table_.find(fresh.get()), 0u);
        expected[fresh.get()] = next++;
        ASSERT_EQ(table_.of(fresh.get()), expected[fresh.get()]);
        alive[at] = std::move(fresh);
        if (step % 100 != 0) continue;
        for (const Owned& object : alive) ASSERT_EQ(table_.find(object.get()), expected[object.get()]);
    }
}

TEST_F(Ordinals, ClearForgetsAllAndGivesALargeTableBack) {
    const uint64_t bytes = table_.bytes();
    const std::vector<Owned> all = objects(5000);
    for (const Owned& object : all) table_.of(object.get());
    const uint64_t ends = table_.ends();
    table_.clear();
    EXPECT_NE(table_.ends(), ends);
    EXPECT_EQ(table_.bytes(), bytes);
    EXPECT_EQ(table_.find(all[0].get()), 0u);
    EXPECT_EQ(table_.of(all[4999].get()), 1u);
}

TEST_F(Ordinals, KeepNothingAliveAndCountNoReference) {
    const Owned globals = run_source("import weakref\n"
                                     "class A: pass\n"
                                     "a = A()\n"
                                     "gone = []\n"
                                     "reference = weakref.ref(a, gone.append)\n");
    PyObject* object = PyDict_GetItemString(globals.get(), "a");
    const Py_ssize_t references = Py_REFCNT(object);
    table_.of(object);
    EXPECT_EQ(Py_REFCNT(object), references);
    EXPECT_EQ(test::integer_of(evaluate(globals, "weakref.getweakrefcount(a)")), 1);
    PyDict_DelItemString(globals.get(), "a");
    EXPECT_EQ(test::repr_of(evaluate(globals, "(reference(), len(gone))").get()), "(None, 1)");
}

}  // namespace
}  // namespace tracemill::python
