// Compiles rules about system calls into a seccomp filter. Which rules there are is sandbox_syscalls.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <linux/filter.h>
#include <span>
#include <vector>

namespace tracemill::host {

// In place of an argument: the address after the instruction that makes the call.
inline constexpr unsigned kCallSite = 6;

// (argument & mask) == value, or != if `negated`. Most arguments are ints, of which the kernel reads the low half only;
// `wide` compares the high half with zero too, for pointers;
// `high` compares the high half alone.
struct ArgumentCheck {
    unsigned argument;  // or kCallSite
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
    void allow(std::initializer_list<long> numbers);
    // When all checks hold, of which there are four at most. Several rules about one call are alternatives; the first
    // that fits counts.
    void allow_if(long number, std::initializer_list<ArgumentCheck> checks);
    // Fails with `error`; with 0 the call does nothing and succeeds.
    void answer_if(long number, std::initializer_list<ArgumentCheck> checks, int error);
    void answer(long number, int error);

    // The kernel runs a new filter once for each number that there is, so it finds a number by halves: a list of all
    // rules took a tenth of a process's start.
    std::vector<sock_filter> compile() const;
    // Locks the calling thread in; false with errno set. No new privileges must have been given up before.
    bool install() const;

  private:
    static constexpr size_t kMostChecks = 4;
    struct Rule {
        uint32_t number;
        uint32_t verdict;
        uint32_t count;  // of checks
        ArgumentCheck checks[kMostChecks];
    };
    // What becomes of the numbers from `first` to that of the next one.
    struct Interval {
        uint32_t first;
        uint32_t verdict;             // without rules
        std::span<const Rule> rules;  // of one number
    };
    using Program = std::vector<sock_filter>;

    void rule(long number, std::initializer_list<ArgumentCheck> checks, uint32_t verdict);
    static std::vector<Interval> intervals(std::span<const Rule> sorted);
    static void search(Program& program, std::span<const Interval> intervals);
    static void decide(Program& program, std::span<const Rule> rules);

    std::vector<Rule> rules_;
};

}  // namespace tracemill::host
