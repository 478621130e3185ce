#include "host/shared_area.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

// One program's source and stdin are far below it; only pages that are written cost memory.
constexpr uint64_t kInputBytes = 512u << 20;

std::span<uint8_t> map_shared(uint64_t size, int fd) {
    int flags = MAP_SHARED | MAP_NORESERVE | (fd < 0 ? MAP_ANONYMOUS : 0);
    void* base = mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (base == MAP_FAILED)
        throw std::runtime_error("cannot map " + std::to_string(size) + " bytes of shared memory: " + strerror(errno));
    return {static_cast<uint8_t*>(base), size};
}

void shrink(std::span<uint8_t> area, uint64_t used) {
    if (used > kResidentBytes && area.size() > kResidentBytes)
        madvise(area.data() + kResidentBytes, area.size() - kResidentBytes, MADV_REMOVE);
}

}  // namespace

SharedArea::SharedArea(uint64_t record_bytes) : record_bytes_(record_bytes) {
    input_fd_ = memfd_create("tracemill-input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    bool made = input_fd_ >= 0 && ftruncate(input_fd_, kInputBytes) == 0;
    if (!made && errno == EFBIG)
        throw std::runtime_error(
            "cannot create 512 MiB of shared memory: the limit of file sizes is lower. Fix: raise it "
            "(ulimit -f unlimited)");
    if (!made) throw std::runtime_error(std::string("cannot create shared memory: ") + strerror(errno));
    input_ = map_shared(kInputBytes, input_fd_);
    // Mappings made from now on can only be read; older kernels lack the seal, and the executor's stays read-only
    // unless a program calls mprotect.
    fcntl(input_fd_, F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW);
    records_ = map_shared(kResidentBytes + ((record_bytes + 4095) & ~uint64_t{4095}), -1);
    control_ = new (map_shared(sizeof(Control), -1).data()) Control{};
}

SharedArea::~SharedArea() {
    munmap(input_.data(), input_.size());
    munmap(records_.data(), records_.size());
    munmap(control_, sizeof(Control));
    close(input_fd_);
}

bool SharedArea::make_input_read_only() {
    return mmap(input_.data(), input_.size(), PROT_READ, MAP_SHARED | MAP_NORESERVE | MAP_FIXED, input_fd_, 0) !=
           MAP_FAILED;
}

void SharedArea::shrink_records(uint64_t used) { shrink(records_, used); }
void SharedArea::shrink_input(uint64_t used) { shrink(input_, used); }

void SharedArea::clear() {
    if (madvise(records_.data(), records_.size(), MADV_REMOVE) != 0 ||
        madvise(control_, sizeof(Control), MADV_REMOVE) != 0)
        throw std::runtime_error(std::string("cannot empty shared memory: ") + strerror(errno));
}

uint64_t monotonic_ns() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

}  // namespace tracemill::host
