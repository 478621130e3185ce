// Whole programs, from source to record, under the sanitizers and with the timeline checked at every step.
#include <gtest/gtest.h>

#include "interpreter.h"

namespace tracemill::test {
namespace {

class Program : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { start_interpreter(); }

    // Without the first line, which has the Python's version.
    static std::string events(const ProgramRun& run) { return run.dump.substr(run.dump.find('\n') + 1); }
    static size_t count(const std::string& text, const std::string& word) {
        size_t found = 0;
        for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
        return found;
    }
};

TEST_F(Program, ItsLinesAndValuesAreRecorded) {
    const ProgramRun run = run_program("def f(x):\n    y = [x]\n    y.append(y)\n    return y[0]\n", "f(3)");
    EXPECT_TRUE(run.reusable);
    EXPECT_EQ(events(run), "call #0 <module>:0\n"
                           "line #0 <module>:1\n"
                           "return #0 <module>:1 -> NoneType None\n"
                           "call #1 f:1 | x: int 3\n"
                           "line #1 f:2\n"
                           "line #1 f:3 | y: list [3] id=1\n"
                           "line #1 f:4 | y: list [3, [...]] id=1\n"
                           "return #1 f:4 -> int 3\n"
                           "outcome ok events 8 lines 4 stdout 0 stderr 0 cpu 0 wall 0 | result: int 3\n");
}

TEST_F(Program, TheSameOneHasTheSameRecordAgain) {
    const std::string code =
        "class A:\n    def __init__(self): self.x = {}\n"
        "def f():\n    a = [A() for _ in range(3)]\n    a[0].x[1] = a\n    print(len(a))\n    return a\n";
    const ProgramRun first = run_program(code, "f()");
    EXPECT_EQ(run_program(code, "f()").dump, first.dump);
    EXPECT_NE(first.dump.find("outcome ok"), std::string::npos) << first.dump;
}

TEST_F(Program, ExceptionsAreRecordedWhereTheyAre) {
    const ProgramRun run = run_program("def f():\n    try:\n        return {}['k']\n    except KeyError as e:\n"
                                       "        raise ValueError(1) from e\n",
                                       "f()");
    EXPECT_NE(run.dump.find("exception #1 f:3 !! KeyError \"'k'\" -> KeyError KeyError('k')"), std::string::npos)
        << run.dump;
    EXPECT_NE(run.dump.find("return #1 f:5 | e: unbound unwound"), std::string::npos) << run.dump;
    EXPECT_NE(run.dump.find("outcome exception"), std::string::npos) << run.dump;
    EXPECT_NE(run.dump.find("| exception: ValueError \"1\" line 5"), std::string::npos) << run.dump;
}

TEST_F(Program, GeneratorsGoOnWhereTheyStopped) {
    const ProgramRun run = run_program("def g():\n    x = yield 1\n    yield x\n"
                                       "def f():\n    i = g()\n    next(i)\n    return i.send('a')\n",
                                       "f()");
    EXPECT_EQ(count(run.dump, "yield #2 g:"), 2u) << run.dump;
    EXPECT_EQ(count(run.dump, "resume #2 g:2"), 1u) << run.dump;
    EXPECT_NE(run.dump.find("| result: str 'a'"), std::string::npos) << run.dump;
}

// What follows each loop here is elided, kept and moved in the timeline, which is checked after every step.
constexpr const char* kLoops = "def g(n):\n"
                               "    for i in range(n):\n"
                               "        yield i * i\n"
                               "def f(n):\n"
                               "    total = 0\n"
                               "    text = ''\n"
                               "    for i in range(n):\n"
                               "        j = 0\n"
                               "        while j < i:\n"
                               "            j += 1\n"
                               "            if j == 7:\n"
                               "                break\n"
                               "        else:\n"
                               "            text += 'x'\n"
                               "        total += sum(g(i % 5)) + len([k for k in range(i)])\n"
                               "        if i % 10 == 0:\n"
                               "            print(i)\n"
                               "    return total\n";

TEST_F(Program, SkippedLoopsKeepTheFirstAndTheLastIterations) {
    tm_options options = default_options();
    const ProgramRun full = run_program(kLoops, "f(40)", options);
    options.skip_loops = 1;
    const ProgramRun skipped = run_program(kLoops, "f(40)", options);
    EXPECT_TRUE(skipped.reusable);
    EXPECT_NE(skipped.dump.find("elided #1 loop 7 iterations 3 to 39"), std::string::npos) << skipped.dump;
    EXPECT_EQ(count(full.dump, "elided"), 0u);
    EXPECT_LT(skipped.dump.size() * 5, full.dump.size());
    const auto outcome = [](const std::string& dump) { return dump.substr(dump.find("\noutcome ")); };
    EXPECT_EQ(outcome(skipped.dump), outcome(full.dump));
}

TEST_F(Program, SkippedLoopsAreEndedByExceptionsAndLimits) {
    tm_options options = default_options();
    options.skip_loops = 1;
    const ProgramRun raised = run_program("def f():\n    for i in range(50):\n        for j in range(50):\n"
                                          "            if i == 40: 1 / 0\n",
                                          "f()", options);
    EXPECT_NE(raised.dump.find("outcome exception"), std::string::npos) << raised.dump;
    EXPECT_NE(raised.dump.find("elided #1 loop 2"), std::string::npos) << raised.dump;
    options.max_events = 30;
    EXPECT_TRUE(in_fork([&] {
        const std::string dump = run_program(kLoops, "f(40)", options).dump;
        return dump.find("outcome event-limit") != std::string::npos && dump.find("incomplete") == std::string::npos;
    }));
}

TEST_F(Program, ThreadsAreRecordedEachWithItsEvents) {
    const std::string code = "import threading\n"
                             "def work(n):\n    a = [n]\n    for i in range(20): a.append(i)\n    return a\n"
                             "def f():\n    ts = [threading.Thread(target=work, args=(n,)) for n in range(3)]\n"
                             "    for t in ts: t.start()\n    for t in ts: t.join()\n    return len(ts)\n";
    for (const uint32_t skip : {0u, 1u}) {
        tm_options options = default_options();
        options.skip_loops = skip;
        const ProgramRun run = run_program(code, "f()", options);
        EXPECT_NE(run.dump.find("outcome ok"), std::string::npos) << run.dump;
        for (const char* number : {"0", "1", "2"}) {
            EXPECT_EQ(count(run.dump, std::string(" work:2 | n: int ") + number), 1u) << run.dump;
        }
        EXPECT_EQ(count(run.dump, " work:5 -> list ["), 3u) << run.dump;
        options.threads = TM_THREADS_MAIN;
        EXPECT_EQ(count(run_program(code, "f()", options).dump, " work:"), 0u);
    }
}

TEST_F(Program, ATextThatPythonRefusesIsNoProgram) {
    const ProgramRun run = run_program("def f(:\n");
    EXPECT_NE(run.dump.find("outcome syntax-error"), std::string::npos) << run.dump;
    EXPECT_TRUE(run.reusable);
}

TEST_F(Program, DestructionAndMutationWhileItIsLookedAt) {
    // Values whose looking-at ends or moves others: nothing that is gone may be touched.
    const std::string code = "import collections, weakref\n"
                             "class A:\n"
                             "    def __init__(self, n): self.n = n\n"
                             "    def __del__(self): gone.append(self.n)\n"
                             "gone = []\n"
                             "def f():\n"
                             "    d = collections.OrderedDict()\n"
                             "    s = set()\n"
                             "    for i in range(30):\n"
                             "        a = A(i)\n"
                             "        d[i] = a\n"
                             "        s.add(a)\n"
                             "        if len(d) > 3:\n"
                             "            k, v = d.popitem(last=False)\n"
                             "            s.discard(v)\n"
                             "            del v\n"
                             "        w = weakref.ref(a)\n"
                             "    d.clear(); s.clear()\n"
                             "    return sorted(gone)\n";
    for (const uint32_t objects : {TM_OBJECTS_FIELDS, TM_OBJECTS_REPR}) {
        tm_options options = default_options();
        options.objects = objects;
        const ProgramRun run = run_program(code, "f()", options);
        EXPECT_NE(run.dump.find("outcome ok"), std::string::npos) << run.dump;
        EXPECT_NE(run.dump.find("26, 27, 28]"), std::string::npos) << run.dump;
    }
}

}  // namespace
}  // namespace tracemill::test
