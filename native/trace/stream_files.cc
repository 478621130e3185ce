#include "trace/stream_files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tracemill::trace {
namespace {

constexpr int kInput = 0;
// Out of the numbers that programs get: the sandbox allows as many descriptors.
constexpr int kOwnDescriptors = 64;

// The number in the stream's place in tm_stream_files.
int index_of(format::Stream stream) { return static_cast<int>(stream); }

int access_of(int stream) { return stream == kInput ? O_RDONLY : O_WRONLY; }

// A higher one, where the process may have such; it is closed before another program is executed.
int moved_up(int descriptor) {
    const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, kOwnDescriptors);
    if (moved < 0) return descriptor;
    close(descriptor);
    return moved;
}

std::string problem(const char* what) {
    return std::string("cannot make the files of standard streams: ") + what + ": " + std::strerror(errno);
}

}  // namespace

std::string StreamFiles::make_one(int stream, bool standard) {
    const int made = memfd_create("tracemill-stream", MFD_CLOEXEC);
    if (made < 0) return problem("memfd_create");
    const int file = moved_up(made);
    // Programs cannot write what plain Python reads from, nor read what it writes to.
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    const int opened = open(path.c_str(), access_of(stream) | O_CLOEXEC);
    if (opened < 0) return problem(path.c_str());
    descriptors_.file[stream] = file;
    descriptors_.opened[stream] = moved_up(opened);
    numbers_[stream] = standard ? stream : fcntl(descriptors_.opened[stream], F_DUPFD_CLOEXEC, kStreams);
    struct stat about {};
    if (numbers_[stream] < 0 || fstat(file, &about) != 0) return problem("fstat");
    files_[stream] = {about.st_dev, about.st_ino};
    return std::string();
}

std::string StreamFiles::make(bool standard) {
    standard_ = standard;
    std::string error;
    for (int stream = 0; error.empty() && stream < kStreams; ++stream) error = make_one(stream, standard);
    return error;
}

bool StreamFiles::empty(int stream) { return ftruncate(descriptors_.file[stream], 0) == 0; }

bool StreamFiles::reset() {
    for (int stream = 0; stream < kStreams; ++stream) {
        const int opened = descriptors_.opened[stream];
        if (!empty(stream) || lseek(opened, 0, SEEK_SET) != 0 || fcntl(opened, F_SETFL, 0) != 0) return false;
    }
    has_input_ = false;
    return true;
}

bool StreamFiles::rewind(bool has_output) {
    for (int stream = 0; stream < kStreams; ++stream) {
        // Not as it was opened for the program: that may have put it in place by another way, with a position of its
        // own.
        if (lseek(numbers_[stream], 0, SEEK_SET) != 0) return false;
    }
    if (has_input_ && !empty(kInput)) return false;
    has_input_ = false;
    return !has_output || (empty(index_of(format::Stream::kStdout)) && empty(index_of(format::Stream::kStderr)));
}

bool StreamFiles::fill_input(std::string_view text) {
    has_input_ = !text.empty();
    for (uint64_t at = 0; at < text.size();) {
        const ssize_t wrote =
            pwrite(descriptors_.file[kInput], text.data() + at, text.size() - at, static_cast<off_t>(at));
        if (wrote <= 0) return false;
        at += static_cast<uint64_t>(wrote);
    }
    return true;
}

bool StreamFiles::is_in_place(int stream) const {
    struct stat about {};
    return fstat(numbers_[stream], &about) == 0 && about.st_ino == files_[stream].number &&
           about.st_dev == files_[stream].device;
}

bool StreamFiles::put_back(int stream) {
    const int opened = descriptors_.opened[stream];
    // A number that is not ours for good may be somebody else's by now.
    const int number = standard_ ? dup2(opened, stream) : fcntl(opened, F_DUPFD_CLOEXEC, kStreams);
    if (number >= 0) numbers_[stream] = number;
    return number >= 0;
}

StreamsInPlace::StreamsInPlace(const StreamFiles& files) : moved_(files.standard_) {
    for (int stream = 0; moved_ && stream < StreamFiles::kStreams; ++stream) {
        before_[stream] = fcntl(stream, F_DUPFD_CLOEXEC, StreamFiles::kStreams);
        dup2(files.descriptors_.opened[stream], stream);
    }
}

StreamsInPlace::~StreamsInPlace() {
    for (int stream = 0; moved_ && stream < StreamFiles::kStreams; ++stream) {
        close(stream);
        if (before_[stream] < 0) continue;
        dup2(before_[stream], stream);
        close(before_[stream]);
    }
}

uint64_t StreamFiles::size(format::Stream stream) const {
    struct stat about {};
    const bool told = fstat(descriptors_.file[index_of(stream)], &about) == 0;
    return told ? static_cast<uint64_t>(about.st_size) : UINT64_MAX;
}

bool StreamFiles::read(format::Stream stream, uint64_t size, std::string& bytes) const {
    bytes.resize(size);
    uint64_t at = 0;
    while (at < size) {
        const ssize_t got =
            pread(descriptors_.file[index_of(stream)], bytes.data() + at, size - at, static_cast<off_t>(at));
        if (got < 0) return false;
        if (got == 0) break;
        at += static_cast<uint64_t>(got);
    }
    bytes.resize(at);
    return true;
}

ErrorsInPlace::ErrorsInPlace(const StreamFiles& files) {
    if (files.standard_) return;
    constexpr int kErrors = 2;
    const int file = fcntl(files.number(kErrors), F_DUPFD_CLOEXEC, 0);
    own_ = file < 0 ? nullptr : fdopen(file, "w");
    if (own_) {
        before_ = std::exchange(stderr, own_);
    } else if (file >= 0) {
        close(file);
    }
}

ErrorsInPlace::~ErrorsInPlace() {
    if (!own_) return;
    stderr = before_;
    fclose(own_);
}

}  // namespace tracemill::trace
