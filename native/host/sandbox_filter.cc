#include "host/sandbox_filter.h"

#include <algorithm>
#include <cerrno>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

constexpr uint32_t kX32Bit = 0x40000000;
// Of a conditional jump.
constexpr size_t kFarthest = UINT8_MAX;

constexpr uint32_t low_half(unsigned argument) {
    if (argument == kCallSite) return offsetof(seccomp_data, instruction_pointer);
    return static_cast<uint32_t>(offsetof(seccomp_data, args) + 8 * argument);
}

constexpr uint32_t failing_with(int error) {
    return SECCOMP_RET_ERRNO | (static_cast<uint32_t>(error) & SECCOMP_RET_DATA);
}

constexpr size_t size_of(const ArgumentCheck& check) { return check.wide ? 5 : 3; }

void add(std::vector<sock_filter>& program, uint16_t code, uint32_t operand, size_t if_true = 0, size_t if_false = 0) {
    program.push_back({code, static_cast<uint8_t>(if_true), static_cast<uint8_t>(if_false), operand});
}

}  // namespace

void SyscallFilter::rule(long number, std::initializer_list<ArgumentCheck> checks, uint32_t verdict) {
    if (checks.size() > kMostChecks) throw std::logic_error("too many checks of one system call");
    Rule rule{static_cast<uint32_t>(number), verdict, static_cast<uint32_t>(checks.size()), {}};
    std::copy(checks.begin(), checks.end(), rule.checks);
    rules_.push_back(rule);
}

void SyscallFilter::allow(std::initializer_list<long> numbers) {
    for (long number : numbers) rule(number, {}, SECCOMP_RET_ALLOW);
}

void SyscallFilter::allow_if(long number, std::initializer_list<ArgumentCheck> checks) {
    rule(number, checks, SECCOMP_RET_ALLOW);
}

void SyscallFilter::answer_if(long number, std::initializer_list<ArgumentCheck> checks, int error) {
    rule(number, checks, failing_with(error));
}

void SyscallFilter::answer(long number, int error) { rule(number, {}, failing_with(error)); }

std::vector<SyscallFilter::Interval> SyscallFilter::intervals(std::span<const Rule> sorted) {
    std::vector<Interval> found{{0, failing_with(EPERM), {}}};
    // Neighbours with one verdict are one interval.
    const auto begin_at = [&](uint32_t first, uint32_t verdict) {
        if (found.back().first == first) found.pop_back();
        if (!found.empty() && found.back().rules.empty() && found.back().verdict == verdict) return;
        found.push_back({first, verdict, {}});
    };
    while (!sorted.empty()) {
        const uint32_t number = sorted.front().number;
        size_t count = 1;
        while (count < sorted.size() && sorted[count].number == number) count++;
        if (sorted.front().count == 0) {
            begin_at(number, sorted.front().verdict);
        } else {
            if (found.back().first == number) found.pop_back();
            found.push_back({number, 0, sorted.first(count)});
        }
        begin_at(number + 1, failing_with(EPERM));
        sorted = sorted.subspan(count);
    }
    begin_at(kX32Bit, SECCOMP_RET_KILL_PROCESS);
    return found;
}

// The accumulator holds the call's number until one call is found.
void SyscallFilter::search(Program& program, std::span<const Interval> intervals) {
    if (intervals.size() == 1) {
        if (!intervals[0].rules.empty()) return decide(program, intervals[0].rules);
        return add(program, BPF_RET | BPF_K, intervals[0].verdict);
    }
    const size_t half = intervals.size() / 2;
    Program lower;
    search(lower, intervals.first(half));
    if (lower.size() <= kFarthest) {
        add(program, BPF_JMP | BPF_JGE | BPF_K, intervals[half].first, lower.size(), 0);
    } else {
        add(program, BPF_JMP | BPF_JGE | BPF_K, intervals[half].first, 0, 1);
        add(program, BPF_JMP | BPF_JA, static_cast<uint32_t>(lower.size()));
    }
    program.insert(program.end(), lower.begin(), lower.end());
    search(program, intervals.subspan(half));
}

void SyscallFilter::decide(Program& program, std::span<const Rule> rules) {
    for (const Rule& rule : rules) {
        const std::span<const ArgumentCheck> checks = std::span(rule.checks).first(rule.count);
        size_t rest = 1;
        for (const ArgumentCheck& check : checks) rest += size_of(check);
        for (const ArgumentCheck& check : checks) {
            if (check.wide) {
                add(program, BPF_LD | BPF_W | BPF_ABS, low_half(check.argument) + 4);
                rest -= 2;
                add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, rest);
            }
            add(program, BPF_LD | BPF_W | BPF_ABS, low_half(check.argument) + (check.high ? 4 : 0));
            add(program, BPF_ALU | BPF_AND | BPF_K, check.mask);
            rest -= 3;
            add(program, BPF_JMP | BPF_JEQ | BPF_K, check.value, check.negated ? rest : 0, check.negated ? 0 : rest);
        }
        add(program, BPF_RET | BPF_K, rule.verdict);
        if (checks.empty()) return;
    }
    add(program, BPF_RET | BPF_K, failing_with(EPERM));
}

std::vector<sock_filter> SyscallFilter::compile() const {
    std::vector<Rule> sorted = rules_;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Rule& a, const Rule& b) { return a.number < b.number; });
    Program program;
    add(program, BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    add(program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    add(program, BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
    search(program, intervals(sorted));
    return program;
}

bool SyscallFilter::install() const {
    std::vector<sock_filter> compiled = compile();
    sock_fprog program{static_cast<unsigned short>(compiled.size()), compiled.data()};
    // Without the flag, kernels before 5.16 switch off speculation of the whole process, at a third of its speed.
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0) return true;
    return errno == EINVAL && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

}  // namespace tracemill::host
