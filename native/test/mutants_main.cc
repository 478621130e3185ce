// mutants FILE SEED COUNT: damages the record in FILE as mutation.h describes and prints one line per mutant, "error"
// or "ok " and the digest of its dump in hexadecimal, for comparison with another reader.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "mutation.h"

namespace {

bool parse(const char* text, uint32_t& value) {
    char* end = nullptr;
    errno = 0;
    const unsigned long long number = std::strtoull(text, &end, 10);
    value = static_cast<uint32_t>(number);
    return end != text && *end == '\0' && errno == 0 && number <= UINT32_MAX;
}

}  // namespace

int main(int argc, char** argv) {
    uint32_t seed = 0;
    uint32_t count = 0;
    if (argc != 4 || !parse(argv[2], seed) || !parse(argv[3], count)) {
        std::fprintf(stderr, "usage: %s FILE SEED COUNT\n", argv[0]);
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const std::vector<char> content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file) {
        std::fprintf(stderr, "%s cannot be read\n", argv[1]);
        return 1;
    }
    const std::vector<uint8_t> record(content.begin(), content.end());
    for (uint32_t i = 0; i < count; ++i) {
        const auto digest = tracemill::test::dump_digest(tracemill::test::mutant(record, seed, i));
        if (digest) {
            std::printf("ok %08x\n", *digest);
        } else {
            std::puts("error");
        }
    }
    return 0;
}
