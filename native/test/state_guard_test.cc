// What one program changes in the interpreter, and what the next one finds.
#include "guard/state_guard.h"

#include "interpreter.h"

namespace tracemill::guard {
namespace {

using test::in_fork;
using test::run_program;

class Guard : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { test::start_interpreter(); }

    static bool is_unchanged_deeply() { return tracemill_core()->check_state() == 0; }

    // A program that asserts what it finds.
    static void expect_found(const std::string& assertions) {
        const test::ProgramRun run = run_program(assertions);
        EXPECT_NE(run.dump.find("outcome ok"), std::string::npos) << assertions << run.dump;
        EXPECT_TRUE(run.reusable) << assertions;
    }

    // `change` is undone after its program, so that `assertions` hold in the next one.
    static void expect_put_back(const std::string& change, const std::string& assertions) {
        expect_found(assertions);
        const test::ProgramRun run = run_program(change);
        EXPECT_NE(run.dump.find("outcome ok"), std::string::npos) << change << run.dump;
        EXPECT_TRUE(run.reusable) << change;
        expect_found(assertions);
        EXPECT_TRUE(is_unchanged_deeply()) << change;
    }

    // Nothing can undo it: the process does not run another program.
    static void expect_given_up(const std::string& change) {
        EXPECT_TRUE(in_fork([&] { return !run_program(change).reusable; })) << change;
    }

    // Seen by the comparison that comes now and then.
    static void expect_seen_later(const std::string& change) {
        EXPECT_TRUE(in_fork([&] {
            const bool reusable = run_program(change).reusable;
            return !reusable || !is_unchanged_deeply();
        })) << change;
    }
};

TEST_F(Guard, AProgramThatChangesNothingLeavesTheInterpreterAsItWas) {
    expect_put_back("x = [1, 2]\ndef f(): return x\nf()\n", "assert 'x' not in globals()\n");
}

TEST_F(Guard, PutsBackWhatModulesHold) {
    expect_put_back("import math\nmath.pi = 3\n", "import math\nassert math.pi > 3.1\n");
    expect_put_back("import math\ndel math.sin\nmath.new = 1\n",
                    "import math\nassert math.sin(0) == 0 and not hasattr(math, 'new')\n");
    expect_put_back("import json\njson.dumps = None\n", "import json\nassert json.dumps(1) == '1'\n");
}

TEST_F(Guard, PutsBackBuiltIns) {
    expect_put_back("import builtins\nbuiltins.len = lambda x: 7\nbuiltins.mine = 1\n",
                    "assert len([]) == 0\ntry: mine\nexcept NameError: pass\nelse: assert False\n");
}

TEST_F(Guard, PutsBackAttributesOfClassesWherePythonTellsOfWrites) {
    const std::string change =
        "import collections\ncollections.Counter.most_common = 1\ncollections.Counter.__len__ = lambda s: 3\n";
    if (!TM_HAS_DICT_WATCHERS) return expect_seen_later(change);
    expect_put_back(change, "import collections\nassert callable(collections.Counter.most_common)\n"
                            "assert len(collections.Counter()) == 0\n");
}

TEST_F(Guard, PutsBackTheListsThatProgramsAddTo) {
    expect_put_back("import sys\nsys.path.insert(0, '/mine')\nsys.path.reverse()\n",
                    "import sys\nassert '/mine' not in sys.path\n");
    expect_put_back("import warnings\nwarnings.simplefilter('error')\n",
                    "import warnings\nassert not any(f[0] == 'error' for f in warnings.filters)\n");
    expect_put_back("import gc\ngc.callbacks.append(print)\n", "import gc\nassert gc.callbacks == []\n");
}

TEST_F(Guard, PutsBackSwitchesOfTheInterpreter) {
    expect_put_back("import sys\nsys.setrecursionlimit(77)\n", "import sys\nassert sys.getrecursionlimit() == 1000\n");
    expect_put_back("import sys\nsys.set_int_max_str_digits(1000)\n",
                    "import sys\nassert sys.get_int_max_str_digits() == 4300\n");
    expect_put_back("import sys\nsys.setswitchinterval(3)\n", "import sys\nassert sys.getswitchinterval() < 1\n");
    expect_put_back("import gc\ngc.disable()\ngc.set_threshold(1, 2, 3)\n",
                    "import gc\nassert gc.isenabled() and gc.get_threshold()[0] > 1\n");
}

TEST_F(Guard, PutsBackTheEnvironment) {
    expect_put_back("import os\nos.environ['MINE'] = '1'\n", "import os\nassert 'MINE' not in os.environ\n");
    expect_put_back("import os\nos.putenv('MINE', '1')\n", "import os\nassert os.getenv('MINE') is None\n");
}

TEST_F(Guard, PutsBackRandomNumbersAndCounters) {
    const test::ProgramRun first = run_program("import random\nx = random.random()\n");
    EXPECT_EQ(run_program("import random\nx = random.random()\n").dump, first.dump);
    const std::string names = "import threading\nassert threading.Thread().name == 'Thread-1'\n";
    expect_put_back("import threading\n[threading.Thread() for _ in range(5)]\n", names);
}

TEST_F(Guard, ClearsCachesOfTheLibrary) {
    expect_put_back("import re\n[re.compile('a' * n) for n in range(1, 50)]\n",
                    "import re\nassert re.match('a', 'a')\n");
}

TEST_F(Guard, DropsWhatAProgramHidInTheLibraryAndRunsItsFinaliser) {
    const test::ProgramRun run = run_program("import json\n"
                                             "class A:\n"
                                             "    def __del__(self): json.hidden_again = 1\n"
                                             "json.hidden = A()\n");
    // Its finaliser hid something anew: once is mended, a second time is not.
    EXPECT_NE(run.dump.find("outcome ok"), std::string::npos) << run.dump;
    if (run.reusable) expect_found("import json\nassert not hasattr(json, 'hidden_again')\n");
    expect_found("import json\nassert not hasattr(json, 'hidden')\n");
}

TEST_F(Guard, ReplacesTheMainModule) {
    expect_put_back("import sys\nsys.modules['__main__'].kept = 1\n",
                    "import sys\nassert not hasattr(sys.modules['__main__'], 'kept')\nassert __name__ == '__main__'\n");
    expect_put_back("import sys\nsys.modules['__main__'] = None\n",
                    "import sys\nassert vars(sys.modules['__main__']) is globals()\n");
}

TEST_F(Guard, GivesUpAProcessThatImportedAModule) { expect_given_up("import this\n"); }

TEST_F(Guard, GivesUpAProcessWhereAClassWasRegistered) {
    expect_given_up("import collections.abc\nclass A: pass\ncollections.abc.Sized.register(A)\n");
}

TEST_F(Guard, SeesLaterWhatNothingTellsOf) {
    expect_seen_later("import json\njson.dumps.__defaults__ = (1,)\n");
    expect_seen_later("import json\njson.dumps.__code__ = (lambda *a, **k: 1).__code__\n");
    expect_seen_later("import string\nstring.Formatter.format.mine = 1\n");
    expect_seen_later("import keyword\nkeyword.kwlist.append('mine')\n");
}

TEST_F(Guard, TheForkThatWasChangedIsNotTheNextOnes) {
    expect_given_up("import this\n");
    expect_found("import sys\nassert 'this' not in sys.modules\n");
}

}  // namespace
}  // namespace tracemill::guard
