// Compiles a list of rules about system calls into a seccomp filter. Which rules there are is sandbox_syscalls.h.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <linux/filter.h>
#include <vector>

namespace tracemill::host {

// (argument & mask) == value, or != if `negated`. Most arguments are ints, of which the kernel reads the low half only;
// `wide` compares the high half with zero too, for pointers;
// `high` compares the high half alone.
struct ArgumentCheck {
    unsigned argument;
    uint32_t mask;
    uint32_t value;
    bool wide = false;
    bool negated = false;
    bool high = false;
};

// A call that no rule lets pass fails with EPERM; one of another instruction set or of the x32 table ends the process,
// because its numbers mean other calls.
class SyscallFilter {
  public:
    SyscallFilter();

    void allow(std::initializer_list<long> numbers);
    // When all checks hold. Several rules about one call are alternatives.
    void allow_if(long number, std::initializer_list<ArgumentCheck> checks);
    // Fails with `error`; with 0 the call does nothing and succeeds.
    void answer_if(long number, std::initializer_list<ArgumentCheck> checks, int error);
    void answer(long number, int error);

    // Locks the calling thread in; false with errno set. No new privileges must have been given up before.
    bool install();

  private:
    void add(uint16_t code, uint32_t operand, uint8_t if_true = 0, uint8_t if_false = 0);
    void rule(long number, std::initializer_list<ArgumentCheck> checks, uint32_t verdict);

    std::vector<sock_filter> program_;
};

}  // namespace tracemill::host
