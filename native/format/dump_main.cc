// Prints a record: `dump_main [FILE]`, standard input without one. Exit status 1 when it cannot be read or is invalid,
// after what comes before the error has been printed.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "dump.h"

int main(int argc, char** argv) {
    if (argc > 2) {
        std::fprintf(stderr, "usage: %s [FILE]\n", argv[0]);
        return 2;
    }
    std::FILE* file = argc == 2 ? std::fopen(argv[1], "rb") : stdin;
    if (file == nullptr) {
        std::perror(argv[1]);
        return 1;
    }
    std::vector<uint8_t> bytes;
    uint8_t piece[64 * 1024];
    while (const size_t size = std::fread(piece, 1, sizeof piece, file)) bytes.insert(bytes.end(), piece, piece + size);
    if (std::ferror(file) != 0) {
        std::perror(argc == 2 ? argv[1] : "standard input");
        return 1;
    }
    const auto error =
        tracemill::format::dump(bytes, [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); });
    if (std::fflush(stdout) != 0) {
        std::perror("standard output");
        return 1;
    }
    if (error) {
        std::fprintf(stderr, "byte %llu: %s\n", static_cast<unsigned long long>(error->offset), error->message.c_str());
        return 1;
    }
    return 0;
}
