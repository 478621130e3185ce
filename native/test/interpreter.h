// The interpreter of the tests: Python as a core starts it, once per process and without an end. What Python allocates
// after that comes from the system one object at a time, so that AddressSanitizer sees who touches a dead one.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "interface/core.h"
#include "python/ref.h"

namespace tracemill::test {

// Starts it, unless it runs. Nobody holds the GIL afterwards.
void start_interpreter();

// A test that holds the GIL and leaves no exception behind.
class InInterpreter : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { start_interpreter(); }
    void SetUp() override { state_ = PyGILState_Ensure(); }
    void TearDown() override {
        EXPECT_FALSE(PyErr_Occurred());
        PyErr_Clear();
        PyGILState_Release(state_);
    }

  private:
    PyGILState_STATE state_{};
};

// The globals of a module `__main__` with this source, which must run to its end.
python::Owned run_source(const char* source);

// What the expression gives where these are the globals; None with a failed expectation when it raises.
python::Owned evaluate(const python::Owned& globals, const char* expression);
python::Owned evaluate(const char* expression);

// `repr(object)`, and the value of an int.
std::string repr_of(PyObject* object);
long long integer_of(const python::Owned& object);

// A whole run, as a tracer process has it; the caller does not hold the GIL.
struct ProgramRun {
    std::string dump;
    bool reusable = false;  // the next program may follow
    int end = TM_RUN_SPOILED;
};
tm_options default_options();
ProgramRun run_program(const std::string& code, const char* entry = nullptr,
                       const tm_options& options = default_options());

// What a test does to the interpreter for good, in a process of its own: whether `body` returned true there.
bool in_fork(const std::function<bool()>& body);

}  // namespace tracemill::test
