// Frames as a hook sees them: which are in scope, what is on the stack, which names a namespace shows.
#define Py_BUILD_CORE 1
#include "python/frame_view.h"

#include <algorithm>
#include <set>

#include "interpreter.h"
#include "test_arena.h"
#include "trace/frame_stack.h"
#include "trace/namespaces.h"
#include "trace/python_text.h"

namespace tracemill::trace {
namespace {

using python::Owned;
using test::run_source;

// A hook that keeps the stack of what the source runs, and notes what it saw.
class Watched {
  public:
    explicit Watched(const tm_options& options = test::default_options())
        : options_(options), arena_(1 << 20), writer_(arena_.base(), arena_.bytes.size(), &arena_.committed),
          scope_(codes_, writer_, options_, 1), names_(writer_, options_),
          activations_(codes_, "", scope_, writer_, nullptr), stack_(activations_, true) {
        writer_.begin(PY_MINOR_VERSION, 0);
    }

    // Depths and names in the order of the events: `1 f` where f is called by the module.
    void run(const char* source) {
        const Owned globals = run_source("");
        const Owned code = Owned::steal(Py_CompileString(source, "test.py", Py_file_input));
        ASSERT_TRUE(code);
        codes_.add_program(reinterpret_cast<PyCodeObject*>(code.get()));
        s_current = this;
        PyEval_SetTrace(hook, nullptr);
        const Owned done = Owned::steal(PyEval_EvalCode(code.get(), globals.get(), globals.get()));
        PyEval_SetTrace(nullptr, nullptr);
        EXPECT_TRUE(done);
        left_ = stack_.depth();
        PyDict_Clear(globals.get());
        activations_.end_suspended();
    }
    void start_entry() { scope_.start_entry(); }

    std::vector<std::string> calls_;
    std::vector<std::string> shown_;  // `line name`, of namespaces; `-name` for those that went
    std::vector<uint32_t> ids_;       // of the frames, at each call and resumption
    size_t deepest_ = 0;
    size_t left_ = 0;

  private:
    static inline Watched* s_current = nullptr;

    static int hook(PyObject*, PyFrameObject* frame, int what, PyObject*) {
        s_current->event(frame, what);
        return 0;
    }
    void event(PyFrameObject* frame, int what) {
        CodeInfo* code = scope_.code_of(frame, what, stack_);
        if (!code) return;
        const tm_frame_view view = tm_view_frame(frame);
        const bool begins = what == PyTrace_CALL && view.last_instruction <= code->first_traceable;
        Activation& activation = begins ? stack_.start(frame, *code) : stack_.current(frame, *code);
        deepest_ = std::max(deepest_, stack_.depth());
        if (what == PyTrace_CALL) {
            calls_.push_back(std::to_string(stack_.depth() - 1) + " " + code->qualified_name);
            ids_.push_back(activation.id);
        }
        if (what == PyTrace_LINE && view.namespace_) show(activation, view, PyFrame_GetLineNumber(frame));
        if (what != PyTrace_RETURN) return;
        if (code->is_yield(view.last_instruction)) {
            stack_.suspend();
        } else {
            stack_.end();
        }
    }
    void show(Activation& activation, const tm_frame_view& view, int line) {
        names_.each(activation, view.namespace_, view.slots, [&](Slot& slot, PyObject* value) {
            const std::string& name = activation.names[slot.index].text;
            shown_.push_back(std::to_string(line) + (value ? " " : " -") + name);
        });
    }

    const tm_options options_;
    test::Arena arena_;
    format::RecordWriter writer_;
    CodeRegistry codes_;
    Scope scope_;
    Namespaces names_;
    Activations activations_;
    FrameStack stack_;
};

using Texts = std::vector<std::string>;

class TracedFrames : public test::InInterpreter {};

TEST_F(TracedFrames, StandOnTheStackOfThoseThatCalledThem) {
    Watched watched;
    watched.run("def f(): return g() + g()\ndef g(): return 1\nf()\ng()\n");
    EXPECT_EQ(watched.calls_, (Texts{"0 <module>", "1 f", "2 g", "2 g", "1 g"}));
    EXPECT_EQ(watched.ids_, (std::vector<uint32_t>{0, 1, 2, 3, 4}));
    EXPECT_EQ(watched.left_, 0u);
}

TEST_F(TracedFrames, RecursionHasAnActivationForEachCall) {
    Watched watched;
    watched.run("def f(n): return n and f(n - 1)\nf(50)\n");
    EXPECT_EQ(watched.deepest_, 52u);
    EXPECT_EQ(watched.left_, 0u);
}

TEST_F(TracedFrames, AGeneratorIsTheSameOneWhoeverResumesIt) {
    Watched watched;
    watched.run("def g():\n    yield 1\n    yield 2\ndef f(i): return next(i)\ni = g()\nf(i)\nnext(i)\n");
    EXPECT_EQ(watched.calls_, (Texts{"0 <module>", "1 f", "2 g", "1 g"}));
    EXPECT_EQ(watched.ids_, (std::vector<uint32_t>{0, 1, 2, 2}));
}

TEST_F(TracedFrames, GeneratorsThatLieWhereAnotherDiedAreOthers) {
    Watched watched;
    watched.run("def g():\n    yield 1\n    yield 2\nfor _ in range(3):\n    i = g()\n    next(i)\n    del i\n");
    EXPECT_EQ(watched.left_, 0u);
    std::set<uint32_t> ids(watched.ids_.begin(), watched.ids_.end());
    EXPECT_EQ(ids.size(), 4u);
}

TEST_F(TracedFrames, AreLeftByExceptions) {
    Watched watched;
    watched.run(
        "def f(n):\n    if n == 0: raise ValueError\n    f(n - 1)\ntry: f(5)\nexcept ValueError: pass\nf.x = 1\n");
    EXPECT_EQ(watched.left_, 0u);
    EXPECT_EQ(watched.deepest_, 7u);
}

TEST_F(TracedFrames, OfTheLibraryAreOutOfScope) {
    Watched watched;
    watched.run("import textwrap\ntextwrap.dedent(' a')\n");
    EXPECT_EQ(watched.calls_, (Texts{"0 <module>"}));
}

TEST_F(TracedFrames, OfTheLibraryAreInTheWidestScopeToADepth) {
    tm_options options = test::default_options();
    options.scope = TM_SCOPE_ALL;
    Watched watched(options);
    watched.run("import json\ndef f(): return json.dumps([1], indent=1)\nf()\n");
    EXPECT_NE(std::find(watched.calls_.begin(), watched.calls_.end(), "2 dumps"), watched.calls_.end());
    EXPECT_EQ(watched.deepest_, 4u);
    EXPECT_EQ(watched.left_, 0u);
}

TEST_F(TracedFrames, OfTheEntryOnlyWhereThatIsAskedFor) {
    tm_options options = test::default_options();
    options.scope = TM_SCOPE_ENTRY;
    Watched watched(options);
    watched.start_entry();
    watched.run("def g(): return 1\n");
    EXPECT_EQ(watched.calls_, (Texts{"0 <module>"}));
}

TEST_F(TracedFrames, NamespacesShowTheirNamesInOrderOfBinding) {
    Watched watched;
    watched.run("b = 1\na = 2\ndel b\n__c__ = 3\na = 4\n");
    EXPECT_EQ(watched.shown_, (Texts{"2 b", "3 b", "3 a", "4 a", "4 -b", "5 a", "5 -b"}));
}

TEST_F(TracedFrames, NamespacesOfModulesHideDefinitionsUnlessAsked) {
    const char* const source = "import sys\ndef f(): pass\nclass A: pass\nx = 1\ny = 1\n";
    Watched plain;
    plain.run(source);
    const auto at_end = [](const Watched& watched) {
        Texts last;
        for (const std::string& shown : watched.shown_) {
            if (shown.starts_with("5 ")) last.push_back(shown);
        }
        return last;
    };
    EXPECT_EQ(at_end(plain), (Texts{"5 x"}));
    tm_options options = test::default_options();
    options.show_module_values = 1;
    Watched all(options);
    all.run(source);
    EXPECT_EQ(at_end(all), (Texts{"5 sys", "5 f", "5 A", "5 x"}));
}

TEST_F(TracedFrames, NamespacesOfClassBodiesShowDefinitionsToo) {
    Watched watched;
    watched.run("class A:\n    def f(self): pass\n    x = 1\n    y = 2\n");
    EXPECT_NE(std::find(watched.shown_.begin(), watched.shown_.end(), "4 f"), watched.shown_.end());
    EXPECT_NE(std::find(watched.shown_.begin(), watched.shown_.end(), "4 x"), watched.shown_.end());
}

TEST_F(TracedFrames, AMetaclassesOwnMappingIsNotAsked) {
    Watched watched;
    watched.run("class Names:\n"
                "    asked = []\n"
                "    d = {}\n"
                "    def __getitem__(self, name): self.d['got'] = 1; return self.d[name]\n"
                "    def __setitem__(self, name, value): self.d[name] = value\n"
                "    def keys(self): self.asked.append('keys'); return []\n"
                "class Meta(type):\n"
                "    @classmethod\n"
                "    def __prepare__(cls, name, bases): return Names()\n"
                "    def __new__(cls, name, bases, names): return type.__new__(cls, name, bases, names.d)\n"
                "class A(metaclass=Meta):\n"
                "    x = 1\n"
                "    y = 2\n"
                "assert Names.asked == []\n");
    EXPECT_EQ(std::count_if(watched.shown_.begin(), watched.shown_.end(),
                            [](const std::string& shown) { return shown.starts_with("13 "); }),
              0);
}

}  // namespace
}  // namespace tracemill::trace
