// A compiled filter gives every call the verdict that its rules give, one after another.
#include "host/sandbox_filter.h"
#include "test/mulberry32.h"

#include <cerrno>
#include <cstring>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <vector>

namespace tracemill::host {
namespace {

constexpr uint32_t kRefused = SECCOMP_RET_ERRNO | EPERM;

struct Stated {
    long number;
    std::vector<ArgumentCheck> checks;
    uint32_t verdict;
};

// As the kernel would; of the instructions that a filter has.
uint32_t run(const std::vector<sock_filter>& program, const seccomp_data& call) {
    uint32_t accumulator = 0;
    for (size_t at = 0;; at++) {
        const sock_filter& now = program.at(at);
        switch (now.code) {
            case BPF_LD | BPF_W | BPF_ABS:
                memcpy(&accumulator, reinterpret_cast<const char*>(&call) + now.k, sizeof accumulator);
                break;
            case BPF_ALU | BPF_AND | BPF_K:
                accumulator &= now.k;
                break;
            case BPF_JMP | BPF_JEQ | BPF_K:
                at += accumulator == now.k ? now.jt : now.jf;
                break;
            case BPF_JMP | BPF_JGE | BPF_K:
                at += accumulator >= now.k ? now.jt : now.jf;
                break;
            case BPF_JMP | BPF_JA:
                at += now.k;
                break;
            case BPF_RET | BPF_K:
                return now.k;
            default:
                ADD_FAILURE() << "instruction " << now.code;
                return 0;
        }
    }
}

bool holds(const ArgumentCheck& check, const seccomp_data& call) {
    const uint64_t value = check.argument == kCallSite ? call.instruction_pointer : call.args[check.argument];
    const auto low = static_cast<uint32_t>(check.high ? value >> 32 : value);
    if (check.wide && value >> 32 != 0) return false;
    return ((low & check.mask) == check.value) != check.negated;
}

uint32_t verdict_of(const std::vector<Stated>& rules, const seccomp_data& call) {
    if (call.arch != AUDIT_ARCH_X86_64 || static_cast<uint32_t>(call.nr) >= 0x40000000) return SECCOMP_RET_KILL_PROCESS;
    for (const Stated& rule : rules) {
        bool fits = rule.number == call.nr;
        for (const ArgumentCheck& check : rule.checks) fits = fits && holds(check, call);
        if (fits) return rule.verdict;
    }
    return kRefused;
}

class Random {
  public:
    explicit Random(uint32_t seed) : next_(seed) {}
    uint32_t below(uint32_t bound) { return next_.below(bound); }

    ArgumentCheck check() {
        ArgumentCheck made{below(7), below(3) == 0 ? below(4) : UINT32_MAX, below(4)};
        made.wide = below(4) == 0;
        made.negated = below(3) == 0;
        made.high = !made.wide && below(4) == 0;
        return made;
    }
    seccomp_data call(uint32_t numbers) {
        seccomp_data made{};
        made.arch = below(50) == 0 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
        made.nr = static_cast<int>(below(numbers + 3) | (below(50) == 0 ? 0x40000000 : 0));
        made.instruction_pointer = word();
        for (auto& argument : made.args) argument = word();
        return made;
    }

  private:
    uint64_t word() { return below(4) | uint64_t{below(3) == 0 ? below(4) : 0} << 32; }

    test::Mulberry32 next_;
};

TEST(SyscallFilter, GivesTheVerdictOfItsRules) {
    for (uint32_t seed = 0; seed < 60; seed++) {
        Random random(seed);
        const uint32_t numbers = 1 + random.below(400);
        SyscallFilter filter;
        std::vector<Stated> rules;
        for (uint32_t i = random.below(300); i > 0; i--) {
            Stated rule{random.below(numbers), {}, SECCOMP_RET_ALLOW};
            if (random.below(2) == 0) {
                rule.checks.resize(1 + random.below(2));
                for (ArgumentCheck& check : rule.checks) check = random.check();
            }
            const int error = static_cast<int>(random.below(3) == 0 ? random.below(40) : 0);
            const bool answers = random.below(4) == 0;
            if (answers) rule.verdict = SECCOMP_RET_ERRNO | static_cast<uint32_t>(error);
            if (rule.checks.empty()) {
                answers ? filter.answer(rule.number, error) : filter.allow({rule.number});
            } else if (rule.checks.size() == 1) {
                answers ? filter.answer_if(rule.number, {rule.checks[0]}, error)
                        : filter.allow_if(rule.number, {rule.checks[0]});
            } else {
                answers ? filter.answer_if(rule.number, {rule.checks[0], rule.checks[1]}, error)
                        : filter.allow_if(rule.number, {rule.checks[0], rule.checks[1]});
            }
            rules.push_back(rule);
        }
        const std::vector<sock_filter> program = filter.compile();
        for (int i = 0; i < 5'000; i++) {
            const seccomp_data call = random.call(numbers);
            ASSERT_EQ(run(program, call), verdict_of(rules, call)) << "seed " << seed << ", call " << call.nr;
        }
    }
}

}  // namespace
}  // namespace tracemill::host
