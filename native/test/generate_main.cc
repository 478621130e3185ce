// generate SEED: writes the record of generated_record.h for that seed to standard output, as input for `mutants` and
// for another reader.
#include <cstdio>
#include <cstdlib>

#include "generated_record.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s SEED\n", argv[0]);
        return 2;
    }
    tracemill::test::Arena arena;
    tracemill::test::generate(arena, static_cast<uint32_t>(std::strtoul(argv[1], nullptr, 10)));
    const auto record = arena.record();
    return std::fwrite(record.data(), 1, record.size(), stdout) == record.size() && std::fflush(stdout) == 0 ? 0 : 1;
}
