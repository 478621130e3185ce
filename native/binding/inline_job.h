// What the inline engine is asked to do and what came of it. A job belongs to whoever holds it: the queue, the engine's
// thread and the JavaScript thread that asked share it, so that none has to outlive another.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "binding/failure.h"
#include "interface/core.h"
#include "wire/batch.h"

namespace tracemill::binding {

struct OpenRequest {
    std::string executable;
    std::string libpython;
    std::string core;
    std::vector<std::string> preload;
    bool site = false;
    bool deepbind = true;

    bool operator==(const OpenRequest&) const = default;
};

struct RunRequest {
    std::vector<char> payload;  // `batch` has views into it
    wire::Batch batch;
    tm_options options{};
    std::chrono::milliseconds timeout{0};  // of one program; 0 = none
    uint64_t max_record_bytes = 0;
};

struct Job;

// Where a finished job goes. Called on any thread, without any lock of the engine held.
class Recipient {
  public:
    virtual ~Recipient() = default;
    virtual void deliver(std::shared_ptr<Job> job) = 0;
};

struct Job {
    std::variant<OpenRequest, RunRequest> request;
    std::shared_ptr<Recipient> recipient;
    uint64_t number = 0;                 // among its recipient's jobs
    std::atomic<bool> cancelled{false};  // any thread, under the engine's lock

    // Written before deliver(), read after it.
    std::optional<Failure> failure;
    std::string version;           // of an OpenRequest: "3.12.1"
    std::vector<uint8_t> records;  // of a RunRequest: the payload of a kRecords frame
};

}  // namespace tracemill::binding
