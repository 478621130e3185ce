// Counted references for what many pending events point to. Not atomic: whoever has the GIL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace tracemill::loops {

// An object with a count. Memory of the dead is kept for the next of the kind: an iteration makes and frees a few.
template <typename T>
struct Counted {
    uint32_t uses = 0;

    static void* operator new(size_t size) {
        if (s_spare == nullptr) return ::operator new(size);
        return std::exchange(s_spare, s_spare->next);
    }
    static void operator delete(void* memory) noexcept { s_spare = new (memory) Spare{s_spare}; }

  private:
    struct Spare {
        Spare* next;
    };
    static inline Spare* s_spare = nullptr;
};

template <typename T>
class Shared {
  public:
    Shared() = default;
    explicit Shared(T* object) noexcept : object_(object) {
        if (object_) ++object_->uses;
    }
    Shared(const Shared& other) noexcept : Shared(other.object_) {}
    Shared(Shared&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Shared& operator=(const Shared& other) noexcept {
        // As often as not it is the same.
        if (object_ != other.object_) Shared(other).swap(*this);
        return *this;
    }
    Shared& operator=(Shared&& other) noexcept {
        Shared(std::move(other)).swap(*this);
        return *this;
    }
    ~Shared() {
        if (object_ && --object_->uses == 0) [[unlikely]]
            destroy(object_);
    }

    // Of an object that somebody else holds, too, so that it does not go here.
    void replace_used(const Shared& other) noexcept {
        --object_->uses;
        object_ = other.object_;
        ++object_->uses;
    }

    void swap(Shared& other) noexcept { std::swap(object_, other.object_); }
    T* get() const noexcept { return object_; }
    T* operator->() const noexcept { return object_; }
    T& operator*() const noexcept { return *object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }
    // The caller takes over the count.
    T* release() noexcept { return std::exchange(object_, nullptr); }
    friend bool operator==(const Shared& a, const Shared& b) noexcept { return a.object_ == b.object_; }

  private:
    // A chain (contexts, frames) is let go link by link: it may be as long as a recursion is deep. Not inline: letting
    // go of a count is frequent, of an object rare.
    [[gnu::noinline]] static void destroy(T* object) {
        do {
            T* next = object->take_outer();
            delete object;
            object = next;
        } while (object && --object->uses == 0);
    }

    T* object_ = nullptr;
};

}  // namespace tracemill::loops
