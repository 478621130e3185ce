#include "host/item_runner.h"

#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

// An item that starts over later than this would feel that a part of its time is gone.
constexpr uint64_t kWorthTelling = 10'000'000;

uint64_t cpu_ns() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

}  // namespace

void signal_supervisor(int socket, Signal signal) {
    uint8_t byte = static_cast<uint8_t>(signal);
    if (send(socket, &byte, 1, MSG_NOSIGNAL) != 1) _exit(1);
}

void ItemRunner::run(const tm_program& program, uint32_t item) {
    const tm_tier tier = alone_ ? TM_TIER_ALONE : restorer_ && fresh_ ? TM_TIER_ANY : TM_TIER_TAME;
    tm_run_end end = attempt(program, tier);
    if (end == TM_RUN_REPEAT) {
        const uint64_t started_at = area_.control().started_at.load(std::memory_order_relaxed);
        // The supervisor gives it a process of its own.
        if (!try_to_restore()) _exit(TM_NATIVE_STATUS);
        if (monotonic_ns() - started_at > kWorthTelling) signal_supervisor(socket_, Signal::kAgain);
        end = attempt(program, TM_TIER_RESTORED);
        if (end == TM_RUN_REPEAT) _exit(TM_NATIVE_STATUS);
    }
    finish(item, alone_ ? wire::Tier::kForked : end == TM_RUN_CLEAN ? wire::Tier::kTame : wire::Tier::kRestored);
    if (alone_) return;
    if (end == TM_RUN_SPOILED) _exit(0);
    fresh_ = false;
    if (end != TM_RUN_CLEAN) return restore();
    if (!tidy_files()) _exit(0);
}

tm_run_end ItemRunner::attempt(const tm_program& program, tm_tier tier) {
    Control& control = area_.control();
    options_.tier = tier;
    control.progress = {};
    control.arena = {area_.records().data() + control.next_offset, area_.record_bytes(), 0};
    control.fresh.store(fresh_ ? 1 : 0, std::memory_order_relaxed);
    if (options_.timings) control.cpu_started_at.store(cpu_ns(), std::memory_order_relaxed);
    control.started_at.store(monotonic_ns(), std::memory_order_release);
    const int end = core_.run(&program, &options_, &control.arena, &control.progress);
    return static_cast<tm_run_end>(end);
}

void ItemRunner::finish(uint32_t item, wire::Tier tier) {
    Control& control = area_.control();
    const uint64_t size = control.arena.committed;
    control.sizes[item] = size;
    control.tiers[item] = tier;
    control.next_offset = next_record_offset(control.next_offset + size);
    control.started_at.store(0, std::memory_order_release);
    control.completed.store(item + 1, std::memory_order_release);
}

bool ItemRunner::tidy_files() const { return files_.tidy(static_cast<int>(options_.program_file)); }

void ItemRunner::end_batch() {
    if (restorer_ && !fresh_) restore();
}

bool ItemRunner::try_to_restore() {
    fresh_ = tidy_files() && restorer_ && restorer_->restore();
    return fresh_;
}

// The record stands, and a new process goes on.
void ItemRunner::restore() {
    if (!try_to_restore()) _exit(0);
}

}  // namespace tracemill::host
