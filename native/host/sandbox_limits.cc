#include "host/sandbox_limits.h"

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

// prlimit64(0, resource, limit, NULL) from an address of its own.
extern "C" {
long tm_prlimit(int resource, const rlimit* limit);
extern const char tm_prlimit_returns;
}
asm(R"(
.text
.p2align 4
.globl tm_prlimit
.hidden tm_prlimit
.type tm_prlimit, @function
tm_prlimit:
    endbr64
    movq %rsi, %rdx
    movl %edi, %esi
    xorl %edi, %edi
    xorl %r10d, %r10d
    movl $302, %eax
    syscall
.globl tm_prlimit_returns
.hidden tm_prlimit_returns
tm_prlimit_returns:
    ret
.size tm_prlimit, .-tm_prlimit
)");

namespace tracemill::host {

namespace {

constexpr uint64_t kDescriptors = 64;
// What allocators hold without using it, and the recorder's first (memory/account.h).
constexpr uint64_t kSlack = uint64_t{32} << 20;
// What set_room() may give at most, beside the recorder's.
constexpr uint64_t kMostRoom = uint64_t{5} << 30;

// Of memory, as limit_resources() set them; 0 = unbounded.
uint64_t s_address_space = 0;
uint64_t s_data = 0;
rlim_t s_most_address_space = RLIM_INFINITY;
rlim_t s_most_data = RLIM_INFINITY;

rlim_t within(int resource, uint64_t value) {
    rlimit current;
    if (getrlimit(static_cast<__rlimit_resource>(resource), &current) != 0) return 0;
    return std::min<rlim_t>(value, current.rlim_max);
}

bool set_limit(int resource, uint64_t value, uint64_t most) {
    const rlimit wanted{within(resource, value), within(resource, most)};
    return setrlimit(static_cast<__rlimit_resource>(resource), &wanted) == 0;
}

bool set_limit(int resource, uint64_t value) { return set_limit(resource, value, value); }

struct InUse {
    uint64_t address_space = 0;
    uint64_t data = 0;
};

// Nothing, with errno set, when /proc cannot be read.
InUse memory_in_use() {
    char text[256] = "";
    const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    const ssize_t got = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    unsigned long long total = 0;
    unsigned long long data = 0;
    if (got <= 0 || sscanf(text, "%llu %*u %*u %*u %*u %llu", &total, &data) != 2) return {};
    const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    return {total * page, data * page};
}

bool limit_memory(const MemoryLimits& memory) {
    if (memory.program_bytes == 0) return true;
    const InUse used = memory_in_use();
    if (used.address_space == 0) return false;
    const uint64_t more = memory.program_bytes + kSlack + memory.program_bytes / 16;
    s_address_space = used.address_space + more;
    s_data = used.data + more;
    const bool bounded = memory.recorder_bytes != 0;
    const uint64_t room = memory.recorder_bytes + kMostRoom;
    s_most_address_space = bounded ? s_address_space + room : RLIM_INFINITY;
    s_most_data = bounded ? s_data + room : RLIM_INFINITY;
    return set_limit(RLIMIT_AS, s_address_space, s_most_address_space) && set_limit(RLIMIT_DATA, s_data, s_most_data);
}

}  // namespace

bool limit_resources(const MemoryLimits& memory, uint64_t file_bytes) {
    if (!set_limit(RLIMIT_CORE, 0) || !set_limit(RLIMIT_FSIZE, file_bytes) || !set_limit(RLIMIT_MEMLOCK, 0))
        return false;
    if (!set_limit(RLIMIT_NOFILE, kDescriptors) || !limit_memory(memory)) return false;
    s_most_address_space = within(RLIMIT_AS, s_most_address_space);
    s_most_data = within(RLIMIT_DATA, s_most_data);
    // As the interpreter's own executable does: writes beyond a limit or to a closed pipe raise OSError.
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    return true;
}

void set_room(uint64_t address_space, uint64_t data) {
    if (s_address_space == 0) return;
    const rlimit all{std::min<rlim_t>(s_address_space + address_space, s_most_address_space), s_most_address_space};
    const rlimit private_and_writable{std::min<rlim_t>(s_data + data, s_most_data), s_most_data};
    tm_prlimit(RLIMIT_AS, &all);
    tm_prlimit(RLIMIT_DATA, &private_and_writable);
}

uint64_t room_call_site() { return reinterpret_cast<uint64_t>(&tm_prlimit_returns); }

}  // namespace tracemill::host
