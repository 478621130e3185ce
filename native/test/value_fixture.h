// Tests of values in an interpreter: no object has an ordinal yet, and nothing is remembered of any class.
#pragma once

#include "interpreter.h"
#include "python/object_ordinals.h"
#include "trace/program_class.h"

namespace tracemill::test {

class WithValues : public InInterpreter {
  protected:
    void SetUp() override {
        InInterpreter::SetUp();
        ordinals().clear();
        trace::forget_class_facts();
    }
    static python::ObjectOrdinals& ordinals() { return python::ObjectOrdinals::instance(); }
};

}  // namespace tracemill::test
