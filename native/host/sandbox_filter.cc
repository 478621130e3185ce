#include "host/sandbox_filter.h"

#include <cerrno>
#include <cstddef>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

constexpr uint32_t kX32Bit = 0x40000000;

constexpr uint32_t low_half(unsigned argument) {
    return static_cast<uint32_t>(offsetof(seccomp_data, args) + 8 * argument);
}

constexpr uint32_t failing_with(int error) {
    return SECCOMP_RET_ERRNO | (static_cast<uint32_t>(error) & SECCOMP_RET_DATA);
}

constexpr size_t size_of(const ArgumentCheck& check) { return check.wide ? 5 : 3; }

}  // namespace

SyscallFilter::SyscallFilter() {
    add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
    add(BPF_JMP | BPF_JGE | BPF_K, kX32Bit, 0, 1);
    add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
}

void SyscallFilter::add(uint16_t code, uint32_t operand, uint8_t if_true, uint8_t if_false) {
    program_.push_back({code, if_true, if_false, operand});
}

// The accumulator holds the call's number before and after every rule.
void SyscallFilter::rule(long number, std::initializer_list<ArgumentCheck> checks, uint32_t verdict) {
    size_t rest = 1;
    for (const ArgumentCheck& check : checks) rest += size_of(check);
    // A rule that fails has to load the number again, which lies behind its verdict.
    size_t skipped = checks.size() == 0 ? rest : rest + 1;
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(number), 0, static_cast<uint8_t>(skipped));
    for (const ArgumentCheck& check : checks) {
        if (check.wide) {
            add(BPF_LD | BPF_W | BPF_ABS, low_half(check.argument) + 4);
            rest -= 2;
            add(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, static_cast<uint8_t>(rest));
        }
        add(BPF_LD | BPF_W | BPF_ABS, low_half(check.argument) + (check.high ? 4 : 0));
        add(BPF_ALU | BPF_AND | BPF_K, check.mask);
        rest -= 3;
        uint8_t out = static_cast<uint8_t>(rest);
        add(BPF_JMP | BPF_JEQ | BPF_K, check.value, check.negated ? out : 0, check.negated ? 0 : out);
    }
    add(BPF_RET | BPF_K, verdict);
    if (checks.size() != 0) add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
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

bool SyscallFilter::install() {
    add(BPF_RET | BPF_K, failing_with(EPERM));
    sock_fprog program{static_cast<unsigned short>(program_.size()), program_.data()};
    // Without the flag, kernels before 5.16 switch off speculation of the whole process, at a third of its speed.
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0) return true;
    return errno == EINVAL && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

}  // namespace tracemill::host
