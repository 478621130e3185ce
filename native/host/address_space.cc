#include "host/address_space.h"

#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace tracemill::host {

namespace {

constexpr int kList = 0;
constexpr int kSum = 1;
constexpr size_t kTextBytes = 1u << 20;

uintptr_t hexadecimal(const char*& at, const char* end) {
    uintptr_t value = 0;
    for (; at < end; at++) {
        const char digit = *at;
        if (digit >= '0' && digit <= '9')
            value = value << 4 | static_cast<uintptr_t>(digit - '0');
        else if (digit >= 'a' && digit <= 'f')
            value = value << 4 | static_cast<uintptr_t>(digit - 'a' + 10);
        else
            break;
    }
    return value;
}

// "7f0000000000-7f0000021000 rw-p 00000000 00:00 0    [stack]"; false when it is not of this form.
bool parse(std::string_view line, Mapping& mapping) {
    const char* at = line.data();
    const char* end = at + line.size();
    mapping.begin = hexadecimal(at, end);
    if (at == end || *at++ != '-') return false;
    mapping.end = hexadecimal(at, end);
    if (end - at < 6 || *at != ' ') return false;
    mapping.writable = at[2] == 'w';
    mapping.shared = at[4] == 's';
    const size_t name = line.find_first_of("/[");
    const std::string_view named = name == std::string_view::npos ? std::string_view() : line.substr(name);
    mapping.has_file = named.starts_with('/');
    mapping.kind = Mapping::Kind::kOrdinary;
    if (named == "[stack]") mapping.kind = Mapping::Kind::kStack;
    if (named.starts_with("[v")) mapping.kind = Mapping::Kind::kKernels;  // vdso, vvar, vsyscall
    return mapping.begin < mapping.end;
}

}  // namespace

AddressSpace::~AddressSpace() { close_files(); }

void AddressSpace::close_files() {
    for (int& file : files_) {
        if (file >= 0) close(file);
        file = -1;
    }
}

bool AddressSpace::open() {
    files_[kList] = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    files_[kSum] = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    return files_[kList] >= 0 && files_[kSum] >= 0;
}

void AddressSpace::move_descriptors(int (*move)(int)) {
    for (int& file : files_) file = move(file);
}

bool AddressSpace::use(SideMemory& side) {
    text_ = side.take<char>(kTextBytes);
    mappings_ = side.take<Mapping>(kMostMappings);
    return !text_.empty() && !mappings_.empty();
}

uint64_t AddressSpace::pages() const {
    char text[32];
    const ssize_t size = pread(files_[kSum], text, sizeof text, 0);
    uint64_t pages = 0;
    for (ssize_t i = 0; i < size && text[i] >= '0' && text[i] <= '9'; i++)
        pages = pages * 10 + static_cast<uint64_t>(text[i] - '0');
    return pages;
}

std::span<const Mapping> AddressSpace::mappings() {
    size_t size = 0;
    while (size < text_.size()) {
        const ssize_t got = pread(files_[kList], text_.data() + size, text_.size() - size, static_cast<off_t>(size));
        if (got < 0) return {};
        if (got == 0) break;
        size += static_cast<size_t>(got);
    }
    size_t count = 0;
    std::string_view rest(text_.data(), size);
    for (size_t end; count < mappings_.size() && (end = rest.find('\n')) != std::string_view::npos;) {
        if (!parse(rest.substr(0, end), mappings_[count])) return {};
        count++;
        rest.remove_prefix(end + 1);
    }
    return mappings_.first(count);
}

}  // namespace tracemill::host
