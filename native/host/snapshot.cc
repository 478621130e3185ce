#include "host/snapshot.h"

#include "host/descriptors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

constexpr size_t kPage = SideMemory::kPage;
constexpr size_t kMostRanges = 4096;
constexpr size_t kMostRuns = 65'536;
// What may still be allocated between open() and take().
constexpr size_t kSpareBytes = 32u << 20;
// A list of more pages is started anew: each page on it costs a copy after every program, and each page that is not on
// it a fault when it is written first.
constexpr uint64_t kMostPagesToCopy = 256;
// Pages that were not there are dropped from this size on; smaller ones are cleared, and need no fault again.
constexpr size_t kWorthDropping = 16 * kPage;
// Unmapping what a program mapped may make room in the list for what did not fit.
constexpr int kMostPasses = 8;
// A stack that grew for one program takes address space from the others, whose sum is bounded.
constexpr size_t kMostStack = 4u << 20;
// Entries of /proc/self/pagemap that are read at a time, and two of their bits.
constexpr size_t kMostEntries = 512;
constexpr uint64_t kOwnPage = uint64_t{1} << 56;
constexpr uint64_t kSwappedPage = uint64_t{1} << 62;
// The parent is scheduled some time.
constexpr int kMostWaits = 20'000;
constexpr timespec kWait{0, 50'000};

std::string failed(const char* what) { return std::string(what) + ": " + strerror(errno); }

// How often this process met a page that was not there, or not to be written, as far as the kernel knows.
int64_t faults_so_far() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return int64_t{usage.ru_minflt} + usage.ru_majflt;
}

uintptr_t set_heap_end(uintptr_t end) { return static_cast<uintptr_t>(syscall(SYS_brk, end)); }

// Files of this process belong to root while it cannot be dumped.
int open_pagemap() {
    const int dumpable = prctl(PR_GET_DUMPABLE);
    if (dumpable == 0) prctl(PR_SET_DUMPABLE, 1);
    const int file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    const int error = errno;
    if (dumpable == 0) prctl(PR_SET_DUMPABLE, 0);
    errno = error;
    return file;
}

}  // namespace

Snapshot::~Snapshot() {
    if (events_ >= 0) close(events_);
    if (pagemap_ >= 0) close(pagemap_);
    if (told_) munmap(told_, sizeof(Told));
}

std::string Snapshot::open() {
    std::string error = open_files();
    return error.empty() && !reserve() ? failed("memory for a copy") : error;
}

std::string Snapshot::adopt() {
    if (events_ >= 0) close(events_);
    if (pagemap_ >= 0) close(pagemap_);
    space_.close_files();
    return open_files();
}

std::string Snapshot::open_files() {
    events_ = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | kUserModeOnly));
    if (events_ < 0) return failed("userfaultfd");
    uffdio_api api{.api = UFFD_API, .features = kWriteProtectAsync, .ioctls = 0};
    if (ioctl(events_, UFFDIO_API, &api) != 0) return failed("asynchronous write protection");
    if (syscall(kSealCall, 0, 0, 0) != 0) return failed("mseal");
    pagemap_ = open_pagemap();
    if (pagemap_ < 0) return failed("/proc/self/pagemap");
    if (!space_.open()) return failed("/proc/self/maps");
    space_.move_descriptors(move_out_of_the_way);
    events_ = move_out_of_the_way(events_);
    pagemap_ = move_out_of_the_way(pagemap_);
    for (const int file : descriptors())
        if (file < 0) return failed("descriptors");
    return std::string();
}

bool Snapshot::reserve() {
    const uint64_t most_aside = space_.pages() * kPage + kSpareBytes;
    const size_t notes = AddressSpace::kSideBytes + sizeof(ScanArgument) + kMostRegions * sizeof(PageRegion) +
                         AddressSpace::kMostMappings * sizeof(Mapping) + 2 * kMostRanges * sizeof(Range) +
                         kMostEntries * sizeof(uint64_t) + kMostRuns * sizeof(Run) + most_aside / kPage + 10 * kPage;
    if (!side_.reserve(notes + most_aside) || !space_.use(side_)) return false;
    argument_ = side_.take<ScanArgument>(1);
    regions_ = side_.take<PageRegion>(kMostRegions);
    mappings_ = side_.take<Mapping>(AddressSpace::kMostMappings);
    ranges_ = side_.take<Range>(kMostRanges);
    kept_ranges_ = side_.take<Range>(kMostRanges);
    page_entries_ = side_.take<uint64_t>(kMostEntries);
    runs_ = side_.take<Run>(kMostRuns);
    present_ = side_.take<uint8_t>(most_aside / kPage);
    aside_ = side_.take<uint8_t>(most_aside / kPage * kPage);
    return !aside_.empty();
}

std::vector<int> Snapshot::descriptors() const {
    std::vector<int> all{events_, pagemap_};
    all.insert(all.end(), space_.descriptors().begin(), space_.descriptors().end());
    return all;
}

bool Snapshot::keep() {
    void* shared = mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return false;
    told_ = new (shared) Told{};
    if (!register_memory().empty() || !protect() || !copy_all()) return false;
    for (Range& range : ranges_.first(range_count_)) {
        // Sealed, so that what has the same addresses in a child is the same memory.
        if (syscall(kSealCall, range.begin, range.end - range.begin, 0) != 0) return false;
        range.kept = true;
        kept_ranges_[kept_count_++] = range;
    }
    return true;
}

void Snapshot::refresh(bool lend) {
    madvise(aside_.data(), aside_used_, lend ? MADV_DOFORK : MADV_DONTFORK);
    if (!lend) return;
    told_->done.store(0);
    const auto copy = [this](uintptr_t begin, uintptr_t end, const Range& range) { copy_aside(begin, end, range); };
    const bool copied = scan(kPageWpAllowed | kPageWritten, kPagePresent | kPageSwapped, copy) && protect();
    told_->count = copied ? 0 : kUnknown;
}

void Snapshot::tell() {
    uint32_t count = 0;
    bool all = told_->count != kUnknown;
    const auto add = [&](uintptr_t begin, uintptr_t end, const Range&) {
        if (count == kMostRegions)
            all = false;
        else
            told_->regions[count++] = {begin, end, 0};
    };
    const bool scanned = scan(kPageWpAllowed | kPageWritten, kPagePresent | kPageSwapped, add);
    told_->count = all && scanned ? count : kUnknown;
    told_->done.store(1, std::memory_order_release);
}

bool Snapshot::await_parent() const {
    for (int waits = 0; told_ && told_->done.load(std::memory_order_acquire) == 0; waits++) {
        if (waits == kMostWaits) return false;
        nanosleep(&kWait, nullptr);
    }
    return true;
}

std::string Snapshot::take() {
    if (!await_parent()) return "the parent does not tell what it wrote";
    if (told_ && told_->count == kUnknown) kept_count_ = 0;
    if (std::string error = register_memory(); !error.empty()) return error;
    // What is written while it is copied is put back as it was before or after: nobody else runs.
    if (!protect()) return failed("protecting memory");
    if (!copy_all()) return failed("copying memory");
    copy_told();
    if (!seal()) return failed("sealing memory");
    heap_end_ = set_heap_end(0);
    mapped_pages_ = space_.pages();
    taken_ = mapped_pages_ != 0;
    return taken_ ? std::string() : failed("/proc/self/statm");
}

std::string Snapshot::register_memory() {
    const std::span<const Mapping> found = space_.mappings();
    if (found.empty() || found.size() == mappings_.size()) return "too many mappings";
    mapping_count_ = 0;
    range_count_ = 0;
    if (kept_count_ == 0) aside_used_ = 0;
    for (const Mapping& mapping : found) {
        mappings_[mapping_count_++] = mapping;
        const bool ours = side_.holds(mapping.begin);
        if (!mapping.writable || mapping.shared || ours || mapping.kind != Mapping::Kind::kOrdinary) continue;
        if (const Range* kept = kept_range(mapping))
            ranges_[range_count_++] = *kept;
        else if (!add_range(mapping))
            return "too much memory";
        uffdio_register request{
            .range = {mapping.begin, mapping.end - mapping.begin}, .mode = UFFDIO_REGISTER_MODE_WP, .ioctls = 0};
        if (ioctl(events_, UFFDIO_REGISTER, &request) != 0) return failed("watching memory");
    }
    return std::string();
}

bool Snapshot::add_range(const Mapping& mapping) {
    const size_t bytes = mapping.end - mapping.begin;
    if (range_count_ == ranges_.size() || bytes > aside_.size() - aside_used_) return false;
    uint8_t* aside = aside_.data() + aside_used_;
    aside_used_ += bytes;
    ranges_[range_count_++] = {mapping.begin, mapping.end, aside, false};
    if (!mapping.has_file) return true;
    // Dropped, its pages would come back from the file.
    memcpy(aside, reinterpret_cast<const void*>(mapping.begin), bytes);
    memset(present_.data() + (aside - aside_.data()) / kPage, 1, bytes / kPage);
    return true;
}

const Snapshot::Range* Snapshot::kept_range(const Mapping& mapping) const {
    const Range* const end = kept_ranges_.data() + kept_count_;
    const Range* range = std::lower_bound<const Range*>(
        kept_ranges_.data(), end, mapping.begin, [](const Range& one, uintptr_t begin) { return one.begin < begin; });
    return range < end && range->begin == mapping.begin && range->end == mapping.end ? range : nullptr;
}

bool Snapshot::copy_all() {
    bool copied = true;
    const auto copy = [&](uintptr_t begin, uintptr_t end, const Range& range) {
        if (range.kept)
            copied = copied && copy_own(begin, end, range);
        else
            copy_aside(begin, end, range);
    };
    return scan(kPageWpAllowed, kPagePresent | kPageSwapped, copy) && copied;
}

void Snapshot::copy_aside(uintptr_t begin, uintptr_t end, const Range& range) {
    uint8_t* aside = range.aside + (begin - range.begin);
    memcpy(aside, reinterpret_cast<const void*>(begin), end - begin);
    memset(present_.data() + (aside - aside_.data()) / kPage, 1, (end - begin) / kPage);
}

bool Snapshot::copy_own(uintptr_t begin, uintptr_t end, const Range& range) {
    while (begin < end) {
        const size_t count = std::min(page_entries_.size(), (end - begin) / kPage);
        const size_t bytes = count * sizeof(uint64_t);
        const auto place = static_cast<off_t>(begin / kPage * sizeof(uint64_t));
        if (pread(pagemap_, page_entries_.data(), bytes, place) != static_cast<ssize_t>(bytes)) return false;
        for (size_t i = 0; i < count; i++, begin += kPage)
            if (page_entries_[i] & (kOwnPage | kSwappedPage)) copy_aside(begin, begin + kPage, range);
    }
    return true;
}

void Snapshot::copy_told() {
    if (!told_ || kept_count_ == 0) return;
    for (const PageRegion& region : std::span(told_->regions).first(told_->count)) {
        for (const Range& range : ranges_.first(range_count_))
            if (range.kept && range.begin <= region.begin && region.end <= range.end)
                copy_aside(region.begin, region.end, range);
    }
}

bool Snapshot::seal() const {
    for (size_t i = 0; i < mapping_count_; i++) {
        const Mapping& mapping = mappings_[i];
        if (mapping.kind != Mapping::Kind::kOrdinary) continue;
        if (syscall(kSealCall, mapping.begin, mapping.end - mapping.begin, 0) != 0) return false;
    }
    return true;
}

bool Snapshot::protect() {
    ScanArgument& argument = argument_[0];
    argument = {.size = sizeof argument,
                .flags = kScanProtect,
                .begin = ranges_[0].begin,
                .end = ranges_[range_count_ - 1].end,
                .all_of = kPageWpAllowed | kPageWritten | kPagePresent};
    return ioctl(pagemap_, kScanRequest, &argument) >= 0;
}

bool Snapshot::was_present(const uint8_t* aside) const { return present_[(aside - aside_.data()) / kPage] != 0; }

void Snapshot::list(uintptr_t begin, uintptr_t end, const Range& range) {
    while (begin < end) {
        const uint8_t* aside = range.aside + (begin - range.begin);
        const bool present = was_present(aside);
        size_t bytes = kPage;
        while (bytes < end - begin && was_present(aside + bytes) == present) bytes += kPage;
        if (run_count_ == runs_.size()) {
            runs_overflow_ = true;
            return;
        }
        runs_[run_count_++] = {begin, bytes, present ? aside : nullptr};
        pages_to_copy_ += bytes / kPage;
        begin += bytes;
    }
}

// All that was written since it was protected, also what is on the list already.
bool Snapshot::list_written() {
    run_count_ = 0;
    pages_to_copy_ = 0;
    const auto add = [this](uintptr_t begin, uintptr_t end, const Range& range) { list(begin, end, range); };
    return scan(kPageWpAllowed | kPageWritten, kPagePresent | kPageSwapped, add) && !runs_overflow_;
}

void Snapshot::copy_back() {
    size_t kept = 0;
    for (size_t i = 0; i < run_count_; i++) {
        const Run run = runs_[i];
        auto* memory = reinterpret_cast<uint8_t*>(run.begin);
        if (run.aside) {
            memcpy(memory, run.aside, run.bytes);
        } else if (run.bytes >= kWorthDropping && madvise(memory, run.bytes, MADV_DONTNEED) == 0) {
            pages_to_copy_ -= run.bytes / kPage;
            continue;
        } else {
            memset(memory, 0, run.bytes);
        }
        runs_[kept++] = run;
    }
    run_count_ = kept;
}

bool Snapshot::restore() {
    // A page that is written for the first time costs a fault. Asked before the list is made: what is written from here
    // on is seen next time.
    const int64_t faults = faults_so_far();
    if (faults != faults_ && !list_written()) return false;
    faults_ = faults;
    copy_back();
    if (set_heap_end(heap_end_) != heap_end_ || !restore_address_space()) return false;
    if (pages_to_copy_ <= kMostPagesToCopy) return true;
    run_count_ = 0;
    pages_to_copy_ = 0;
    return protect();
}

bool Snapshot::restore_address_space() {
    for (int pass = 0; pass < kMostPasses; pass++) {
        const uint64_t pages = space_.pages();
        if (pages == mapped_pages_) return true;
        // Less there cannot be.
        if (pages < mapped_pages_ || !unmap_new()) return false;
    }
    return false;
}

bool Snapshot::unmap_new() {
    const std::span<const Mapping> now = space_.mappings();
    const Mapping* before = mappings_.data();
    const Mapping* const end = before + mapping_count_;
    for (const Mapping& mapping : now) {
        while (before < end && before->end <= mapping.begin) before++;
        if (mapping.kind == Mapping::Kind::kStack) {
            for (Mapping& stack : mappings_.first(mapping_count_)) {
                if (stack.kind != Mapping::Kind::kStack || mapping.begin >= stack.begin) continue;
                grown_ += stack.begin - mapping.begin;
                mapped_pages_ += (stack.begin - mapping.begin) / kPage;
                stack.begin = mapping.begin;
            }
            continue;
        }
        if (before < end && before->begin <= mapping.begin) continue;
        if (munmap(reinterpret_cast<void*>(mapping.begin), mapping.end - mapping.begin) != 0) return false;
    }
    return !now.empty() && grown_ <= kMostStack;
}

}  // namespace tracemill::host
