// The tracer process bounds the address space of its programs tightly (host/sandbox_limits.h). What serves no program's
// data gets room beside theirs when it is needed: the recorder, stacks of threads, files of libraries.
#pragma once

#include <algorithm>
#include <cstdint>

namespace tracemill::memory {

struct Room {
    uint64_t address_space;
    uint64_t data;  // of it, what is private and writable
};

enum class Purpose : uint8_t { kRecorder, kStacks, kLibraries };

class AddressRoom {
  public:
    using Set = void (*)(uint64_t address_space, uint64_t data);

    // Once; nothing is bounded before.
    static void is_set_by(Set set) { s_set = set; }
    static bool is_bounded() { return s_set != nullptr; }

    // At least so much for one purpose, until the next program.
    static void need(Purpose purpose, Room room) {
        Room& now = s_rooms[static_cast<int>(purpose)];
        if (!s_set || (now.address_space >= room.address_space && now.data >= room.data)) return;
        now = {std::max(now.address_space, room.address_space), std::max(now.data, room.data)};
        set();
    }
    static Room now(Purpose purpose) { return s_rooms[static_cast<int>(purpose)]; }
    static void start_program() {
        bool had = false;
        for (Room& room : s_rooms) {
            had = had || room.address_space != 0;
            room = {};
        }
        if (s_set && had) set();
    }

  private:
    static void set() {
        Room sum{};
        for (const Room& room : s_rooms) {
            sum.address_space += room.address_space;
            sum.data += room.data;
        }
        s_set(sum.address_space, sum.data);
    }

    static inline Set s_set = nullptr;
    static inline Room s_rooms[3]{};
};

}  // namespace tracemill::memory
