// What the rule for programs that share an interpreter says of programs: one JSON object a line on standard input, with
// `code` and perhaps `entry`; one line of output for each, `tame` or what refuses it, and last the time that it took.
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>

#include "admission/admission.h"
#include "admission/allowed_modules.h"
#include "python/error.h"
#include "python/ref.h"
#include "python/runtime.h"

namespace tracemill {
namespace {

using python::Owned;

uint64_t now_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(now.tv_nsec);
}

Owned field(const Owned& row, const char* name) {
    PyObject* value = row && PyDict_Check(row.get()) ? PyDict_GetItemString(row.get(), name) : nullptr;
    return value && PyUnicode_Check(value) ? Owned::share(value) : Owned();
}

class Judge {
  public:
    bool prepare() {
        const std::string error = admission_.prepare([] {});
        admission_.settle();
        if (!error.empty()) std::fprintf(stderr, "%s\n", error.c_str());
        json_ = Owned::steal(PyImport_ImportModule("json"));
        return error.empty() && json_;
    }

    std::string judge(const std::string& line) {
        const Owned row = Owned::steal(PyObject_CallMethod(json_.get(), "loads", "s", line.c_str()));
        const Owned source = field(row, "code");
        const Owned entry = field(row, "entry");
        admission::Findings findings;
        if (!source || !add(source, Py_file_input, findings) || (entry && !add(entry, Py_eval_input, findings))) {
            return "no program\t" + python::take_error_text();
        }
        if (findings.refused_for) return findings.refused_for + ("\t" + text_of(findings.name));
        if (!findings.tame()) return "a name that a module hides\t" + hiding(findings);
        return "tame\t";
    }

    uint64_t spent_ns = 0;

  private:
    static std::string hiding(const admission::Findings& found) {
        std::string names;
        const auto hiding = (found.bound & found.hidden) | (found.starred & found.hidden_variables);
        const auto modules = admission::allowed_modules();
        for (size_t i = 0; i < modules.size(); ++i) {
            if (hiding >> i & 1) names += std::string(modules[i].name) + " ";
        }
        return names;
    }

    static std::string text_of(const Owned& name) {
        const char* text = name ? PyUnicode_AsUTF8(name.get()) : nullptr;
        return text ? text : "";
    }

    bool add(const Owned& source, int start, admission::Findings& findings) {
        const char* text = PyUnicode_AsUTF8(source.get());
        const Owned code = text ? Owned::steal(Py_CompileString(text, "program.py", start)) : Owned();
        if (!code) return false;
        const uint64_t begin = now_ns();
        findings.add(admission_.look_at(code.get()));
        spent_ns += now_ns() - begin;
        return true;
    }

    admission::Admission admission_;
    Owned json_;
};

int run() {
    tm_runtime runtime{};
    runtime.executable = TM_TEST_PYTHON;
    std::string error = python::start_runtime(runtime);
    Judge judge;
    if (!error.empty() || !judge.prepare()) {
        std::fprintf(stderr, "the interpreter does not start: %s\n", error.c_str());
        return 1;
    }
    size_t count = 0;
    for (std::string line; std::getline(std::cin, line); ++count) std::cout << judge.judge(line) << "\n";
    if (count > 0)
        std::cout << "microseconds a program\t" << static_cast<double>(judge.spent_ns) / 1000 / count << "\n";
    return 0;
}

}  // namespace
}  // namespace tracemill

int main() { return tracemill::run(); }
