// Which programs run one after another in an interpreter, what stops them from changing it, and what they leave.
#include "admission/admission.h"

#include "interpreter.h"

namespace tracemill::admission {
namespace {

using test::in_fork;
using test::ProgramRun;

class Tame : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { test::start_interpreter(); }

    static ProgramRun run(const std::string& code, uint32_t tier = TM_TIER_TAME, const char* entry = nullptr) {
        tm_options options = test::default_options();
        options.tier = tier;
        return test::run_program(code, entry, options);
    }

    static void expect_tame(const std::string& code, const char* entry = nullptr) {
        const ProgramRun first = run(code, TM_TIER_TAME, entry);
        EXPECT_EQ(first.end, TM_RUN_CLEAN) << code << first.dump;
        EXPECT_EQ(run(code, TM_TIER_TAME, entry).dump, first.dump) << code;
    }

    // By its code: nothing of it runs, and the process goes on with others.
    static void expect_refused(const std::string& code, const char* entry = nullptr) {
        EXPECT_EQ(run("print('ran')\n" + code, TM_TIER_TAME, entry).end, TM_RUN_REPEAT) << code;
        EXPECT_EQ(run("x = 1\n").end, TM_RUN_CLEAN) << code;
    }

    // It looks tame, and meets a barrier while it runs: its record is void. As another one it ends well.
    static void expect_stopped(const std::string& code) {
        EXPECT_TRUE(in_fork([&] {
            const ProgramRun stopped = run("print('ran')\n" + code, TM_TIER_ANY);
            return stopped.end == TM_RUN_REPEAT && stopped.dump.empty();
        })) << code;
        EXPECT_TRUE(in_fork([&] {
            const ProgramRun other = run(code, TM_TIER_RESTORED);
            const bool ran = other.dump.find("outcome ok") != std::string::npos;
            if (!ran) std::fputs(other.dump.c_str(), stderr);
            return other.end == TM_RUN_RESTORE && ran;
        })) << code;
    }
};

TEST_F(Tame, OrdinaryProgramsFollowOneAnother) {
    expect_tame("def f(x):\n    return [y * 2 for y in x]\n", "f([1, 2])");
    expect_tame("import math, random\nfrom collections import Counter, defaultdict as d\n"
                "print(math.sqrt(2), random.random(), Counter('aab').most_common())\n");
    expect_tame("import os.path, collections.abc as c\nprint(os.path.join('a', 'b'), isinstance([], c.Sized))\n");
    expect_tame("from dataclasses import dataclass, field\nfrom typing import *\nfrom enum import Enum\n"
                "@dataclass(order=True)\nclass A:\n    x: int\n    y: List[int] = field(default_factory=list)\n"
                "class C(Enum):\n    R = 1\n    G = 2\n"
                "class N(NamedTuple):\n    a: int = 1\nprint(A(1) < A(2), C.R.name, N().a)\n");
    expect_tame("from abc import ABC, abstractmethod\nclass A(ABC):\n    @abstractmethod\n    def f(self): ...\n"
                "class B(A):\n    def f(self): return super().f()\nprint(B().f(), type(B()).__name__)\n");
    expect_tame("class A:\n    n = 0\n    def __init__(self): A.n += 1\nA(), A()\nprint('{} {n}'.format(A.n, n=1))\n");
    expect_tame("import functools\n@functools.lru_cache(None)\ndef f(n): return n if n < 2 else f(n - 1) + f(n - 2)\n"
                "print(f(20))\n");
    expect_tame("def f(x):\n    match x:\n        case int(real=r): return r\n        case [a, *b]: return a\n",
                "f([1])");
    expect_tame("raise ValueError('told')\n");
    expect_tame("import sys\nfor line in sys.stdin: print(line, file=sys.stderr)\nsys.exit(3)\n");
    expect_tame("def f(:\n");
    expect_tame("x = 1\n", "x +");
}

TEST_F(Tame, NamesThatLeadBehindThingsAreRefused) {
    for (const char* code :
         {"eval('1')\n", "getattr(1, 'real')\n", "x = open\n", "print(globals())\n", "def f(): pass\nf.__code__\n",
          "print(().__class__.__base__)\n", "def f(): yield\nf().gi_frame\n", "class A:\n    def __del__(self): pass\n",
          "class A:\n    __match_args__ = ('x',)\n", "x = [1]\nx.__class__ = list\n", "__builtins__\n",
          "class A:\n    __annotations__ = {}\n", "class A:\n    __module__ = 'json'\n",
          "import collections\ncollections.abc.Sized.register(int)\n", "def __getattribute__(): pass\n",
          "import sys\nf = type(sys.stdin.buffer.raw)\n", "import sys\nsys.stdout.detach()\n",
          "match 1:\n    case int(__globals__=c): pass\n"}) {
        expect_refused(code);
    }
    expect_refused("x = 1\n", "eval('x')");
}

TEST_F(Tame, OnlyAllowedModulesAndTheirNamesAreImported) {
    for (const char* code :
         {"import gc\n", "import os, sys\nos.environ\n", "from sys import modules\n", "import json.tool\n",
          "from . import x\n", "import json as j\nx = j\nx.decoder\n", "from random import _inst\n", "import numpy\n",
          "from typing import *\nget_type_hints\n", "import os\np = os.path\np.os\n", "from os import path\npath.os\n",
          "def f():\n    import subprocess\n", "import re\nre.I._member_map_\n",
          "import operator\noperator.attrgetter\n"}) {
        expect_refused(code);
    }
    // Another object's attribute of such a name counts as well: nobody knows whose it is.
    expect_refused("import sys\nclass A: modules = 1\nA.modules\n");
    // What is not bound cannot be asked.
    expect_tame("from sys import argv\nclass A: modules = 1\nA.modules\n");
    // The entry can ask what the module bound.
    expect_refused("import sys\n", "sys.modules");
}

TEST_F(Tame, WrapsTakesAFunctionAndNothingElse) {
    expect_tame("import functools\nfrom functools import wraps\ndef d(f):\n    @wraps(f)\n    def g(*a): return f(*a)\n"
                "    @functools.wraps(f)\n"
                "    def h(): pass\n    return g\n"
                "@d\ndef k(): pass\nprint(k.__name__)\n");
    for (const char* code :
         {"from functools import wraps\nimport json\nwraps(json.dumps, ['__globals__'])(len)\n",
          "from functools import wraps\nimport json\nwraps(json.dumps, updated=['__globals__'])(len)\n",
          "from functools import wraps as w\n", "import functools\nw = functools.wraps\n",
          "def f():\n    from functools import wraps\n", "from functools import *\nw = wraps\n"}) {
        expect_refused(code);
    }
}

TEST_F(Tame, AFormatIsAConstant) {
    expect_tame("print('{0.real}'.format(1))\n");
    for (const char* code :
         {"f = '{0.__class__}'\nf.format(1)\n", "'{0.__class__}'.format(1)\n", "str.format('{0.real}', 1)\n",
          "'{a}'.format_map({'a': 1})\n", "c = [1]\n('{}' if c else '{0.__class__}' + '').format(1)\n",
          "c = [1]\n(c[0] and '{}').format(1)\n"}) {
        expect_refused(code);
    }
}

TEST_F(Tame, BarriersStandAroundTheLibrary) {
    for (const char* code :
         {"import math\nmath.pi = 3\n", "import json\njson.dumps.mine = 1\n",
          "import string\nstring.Template.mine = 1\n", "import re\nre.I.mine = 1\n",
          "from dataclasses import dataclass\nimport json\ndataclass(json.JSONEncoder)\n",
          "from enum import Enum\nEnum.mine = 1\n", "import typing\ntyping.Optional._name = 'mine'\n",
          "import collections\ndel collections.Counter.most_common\n", "import random\nrandom.random = lambda: 4\n",
          "from fractions import Fraction\nFraction.numerator.__init__(lambda self: 7)\n",
          "from fractions import Fraction\nproperty.__init__(Fraction.numerator, None)\n"}) {
        expect_stopped(code);
    }
}

TEST_F(Tame, WhatIsChangedInOtherWaysDoesNotCount) {
    for (const char* code :
         {"from copy import deepcopy\nclass M(dict):\n    def get(self, k, d): d.append(1); return d\n"
          "deepcopy([1], M())\n",
          "from dataclasses import field\nclass E:\n    def __eq__(self, other): other['x'] = 1\n"
          "field().metadata == E()\n",
          "from dataclasses import field\nfield().default.mine = 1\n", "import typing\ntyping.List._name = 'mine'\n"}) {
        expect_stopped(code);
    }
    expect_refused("from abc import ABC\nfrom collections.abc import Sized\nclass A(ABC): pass\n"
                   "A._abc_impl = Sized._abc_impl\n");
    expect_refused("import __future__\n__future__.all_feature_names\n");
    expect_refused("from functools import wraps\nimport json\ndef f(): pass\nwraps(f)(json.dumps)\n");
}

TEST_F(Tame, SourceThatTheLibraryMakesIsLookedAt) {
    expect_tame("from dataclasses import dataclass, field\nfrom collections import namedtuple\n"
                "@dataclass(frozen=True, order=True)\nclass A:\n    x: int\n    y: list = field(default_factory=list)\n"
                "print(A(1), A(1) == A(2), hash(namedtuple('N', 'a b')(1, 2)))\n");
}

TEST_F(Tame, SourceWithTheNamesOfFieldsIsNoProgramsWay) {
    const PyGILState_STATE state = PyGILState_Ensure();
    TameRule rule;
    EXPECT_EQ(rule.prepare(), "");
    const auto is_tame = [&](const std::string& body, bool generated) {
        const std::string text = "def __create_fn__(__dataclass_type_x__):\n  def __init__(self, x):\n   " + body;
        const auto code = python::Owned::steal(Py_CompileString(text.c_str(), "<string>", Py_file_input));
        return rule.look_at(reinterpret_cast<PyCodeObject*>(code.get()), generated).tame();
    };
    EXPECT_TRUE(is_tame("builtins_object.__setattr__(self, 'x', x)\n", true));
    EXPECT_FALSE(is_tame("builtins_object.__setattr__(self, 'x', x)\n", false));
    // A field with such a name.
    EXPECT_FALSE(is_tame("self.x=x.__base__\n", true));
    EXPECT_FALSE(is_tame("self.x=eval(x)\n", true));
    PyGILState_Release(state);
}

TEST_F(Tame, AStoppedProgramCannotGoOn) {
    EXPECT_TRUE(in_fork([] {
        const ProgramRun stopped =
            run("import math\nwhile True:\n    try:\n        math.pi = 3\n    except BaseException:\n"
                "        pass\n",
                TM_TIER_ANY);
        return stopped.end == TM_RUN_REPEAT;
    }));
}

TEST_F(Tame, ComputedClassesAreLookedAt) {
    for (const char* code :
         {"type('X', (), {'__del__': lambda self: 0})\n", "class M(type): pass\n",
          "k = '__del_' + '_'\nX = type(1).__class__('X', (), {k: len})\n",
          "list(map(type, ['X'], [()], [{'__reduce__': print}]))\n", "class A:\n    __slots__ = ['__cl' + 'ass__']\n",
          "type('X', (), {'__annotations__': {'a=print(1)': int}})\n",
          "from enum import Enum\nEnum('X', {'__de' + 'l__': lambda self: 0})\n"}) {
        expect_stopped(code);
    }
    expect_tame("X = type('X', (), {'x': 1, '__init__': lambda self: None})\nprint(X().x)\n");
}

TEST_F(Tame, NoProgramSeesTheBarriers) {
    expect_tame(
        "import json, collections\nclass A(json.JSONEncoder): n = 1\nA.n = 2\nA().mine = 3\n"
        "def f(): pass\nf.mine = 4\nclass B(collections.OrderedDict): pass\nB.x = 5\nprint(A.n, f.mine, B.x)\n");
    const char* const kLibrary = "import collections\ncollections.Counter.mine = 1\nprint(collections.Counter.mine)\n";
    // After a tame program types can be changed again.
    EXPECT_TRUE(in_fork([&] {
        run("x = 1\n");
        return run(kLibrary, TM_TIER_RESTORED).dump.find("outcome ok") != std::string::npos;
    }));
}

TEST_F(Tame, WhatAProgramMayChangeIsPutBack) {
    run("import sys, random, decimal\nsys.setrecursionlimit(77)\nsys.set_int_max_str_digits(1000)\nrandom.gauss(0, 1)\n"
        "decimal.getcontext().prec = 3\n");
    expect_tame("import sys, random, decimal\nassert sys.getrecursionlimit() == 1000\n"
                "assert sys.get_int_max_str_digits() == 4300\nassert decimal.getcontext().prec == 28\n"
                "print(random.gauss(0, 1))\n");
}

TEST_F(Tame, CachesOfTheLibraryAreEmptied) {
    const std::string spy = "class S(str):\n    def __hash__(self): return hash('a+')\n"
                            "    def __eq__(self, other): print('compared'); return True\n";
    EXPECT_EQ(run(spy + "import re\nre.compile(S('a+'))\n").end, TM_RUN_CLEAN);
    EXPECT_EQ(run(spy + "import typing\nclass A: __hash__ = lambda self: 7\ntyping.List[A]\n").end, TM_RUN_CLEAN);
    const ProgramRun next = run("import re, typing\nre.compile('a+')\ntyping.List[int]\n");
    EXPECT_EQ(next.dump.find("compared"), std::string::npos) << next.dump;
    EXPECT_EQ(next.end, TM_RUN_CLEAN);
}

TEST_F(Tame, MemoryIsPutBackAfterOthers) {
    EXPECT_TRUE(in_fork([] {
        const bool runs = run("import gc\nx = 1\n", TM_TIER_ANY).end == TM_RUN_RESTORE;
        // Nobody put it back.
        return runs && run("x = 1\n").end == TM_RUN_REPEAT;
    }));
    EXPECT_TRUE(in_fork([] { return run("x = 1\n", TM_TIER_RESTORED).end == TM_RUN_RESTORE; }));
}

TEST_F(Tame, AProgramThatIsStoppedAtALimitLeavesNothingThatCounts) {
    tm_options options = test::default_options();
    options.tier = TM_TIER_TAME;
    options.max_events = 50;
    EXPECT_TRUE(in_fork([&] {
        const ProgramRun stopped = test::run_program("x = 1\nwhile True: x += 1\n", nullptr, options);
        return stopped.end == TM_RUN_RESTORE && stopped.dump.find("outcome event-limit") != std::string::npos;
    }));
}

}  // namespace
}  // namespace tracemill::admission
