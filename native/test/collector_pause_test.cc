#include "python/collector_pause.h"

#include "interpreter.h"
#include "python/collector.h"

namespace tracemill::python {
namespace {

using test::evaluate;
using test::integer_of;
using test::run_source;

class CollectorPause : public test::InInterpreter {
  protected:
    void SetUp() override {
        InInterpreter::SetUp();
        globals_ = run_source("import gc\ngc.collect()\n");
    }
    void TearDown() override {
        run_source("import gc\ngc.set_threshold(700, 10, 10)\ngc.enable()\n");
        globals_ = Owned();
        InInterpreter::TearDown();
    }
    long long collections() {
        return integer_of(evaluate(globals_, "sum(of['collections'] for of in gc.get_stats())"));
    }

    Owned globals_;
};

// Cycles, which only the collector ends.
void make_garbage(size_t count) {
    for (size_t i = 0; i < count; ++i) {
        const Owned list = Owned::steal(PyList_New(0));
        PyList_Append(list.get(), list.get());
    }
}

TEST_F(CollectorPause, NothingIsCollectedAndNothingCounts) {
    const long long before = collections();
    tm_collector_pause pause;
    tm_pause_collector(&pause);
    const int count = *tm_young_count();
    make_garbage(20'000);
    tm_resume_collector(&pause);
    EXPECT_EQ(*tm_young_count(), count);
    EXPECT_EQ(collections(), before);
}

TEST_F(CollectorPause, AfterwardsTheCollectorRunsAgain) {
    tm_collector_pause pause;
    tm_pause_collector(&pause);
    tm_resume_collector(&pause);
    const long long before = collections();
    run_source("for i in range(20000):\n    a = []\n    a.append(a)\n");
    EXPECT_GT(collections(), before);
}

TEST_F(CollectorPause, ACollectorThatTheProgramTurnedOffStaysOff) {
    run_source("import gc\ngc.disable()\n");
    tm_collector_pause pause;
    tm_pause_collector(&pause);
    tm_resume_collector(&pause);
    EXPECT_EQ(integer_of(evaluate(globals_, "int(gc.isenabled())")), 0);
}

TEST_F(CollectorPause, PausesLieWithinOneAnother) {
    tm_collector_pause outer;
    tm_pause_collector(&outer);
    tm_collector_pause inner;
    tm_pause_collector(&inner);
    tm_resume_collector(&inner);
    const long long before = collections();
    make_garbage(20'000);
    EXPECT_EQ(collections(), before);
    tm_resume_collector(&outer);
    EXPECT_EQ(integer_of(evaluate(globals_, "int(gc.isenabled())")), 1);
}

// Before, it runs where the object is made.
#if PY_VERSION_HEX >= 0x030c0000
TEST_F(CollectorPause, ACollectionThatWasAskedForComesAfterwards) {
    const long long before = collections();
    make_garbage(2'000);  // past the threshold, and no instruction runs in between
    tm_collector_pause pause;
    tm_pause_collector(&pause);
    evaluate(globals_, "[i for i in range(100)]");
    tm_resume_collector(&pause);
    EXPECT_EQ(collections(), before + 1);
}
#endif

TEST_F(CollectorPause, GarbageOfAProgramIsCollectedWhereItLeftTheCollectorOn) {
    const Owned globals = run_source("import gc, weakref\n"
                                     "class A: pass\n"
                                     "def make():\n"
                                     "    a = A()\n"
                                     "    a.self = a\n"
                                     "    return weakref.ref(a)\n"
                                     "gc.disable()\n"
                                     "reference = make()\n");
    tm_collect_garbage();
    EXPECT_NE(evaluate(globals, "reference()").get(), Py_None);
    run_source("import gc\ngc.enable()\n");
    tm_collect_garbage();
    EXPECT_EQ(evaluate(globals, "reference()").get(), Py_None);
}

}  // namespace
}  // namespace tracemill::python
