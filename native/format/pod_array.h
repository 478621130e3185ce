// A growing array of plain data that reports a failed allocation instead of throwing, for code that must not throw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "memory/account.h"

namespace tracemill::format {

template <typename T>
class PodArray {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    PodArray() noexcept = default;
    PodArray(const PodArray&) = delete;
    PodArray& operator=(const PodArray&) = delete;
    PodArray(PodArray&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    PodArray& operator=(PodArray&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
        return *this;
    }
    ~PodArray() { memory::release(data_); }

    T* data() noexcept { return data_; }
    const T* data() const noexcept { return data_; }
    size_t size() const noexcept { return size_; }
    size_t capacity() const noexcept { return capacity_; }
    T* begin() noexcept { return data_; }
    const T* begin() const noexcept { return data_; }
    T* end() noexcept { return data_ + size_; }
    const T* end() const noexcept { return data_ + size_; }
    T& operator[](size_t i) noexcept { return data_[i]; }
    const T& operator[](size_t i) const noexcept { return data_[i]; }
    void clear() noexcept { size_ = 0; }

    // Makes room for `more` elements past the end; false when there is no memory, and nothing changed.
    bool reserve_more(size_t more) noexcept {
        if (has_room(more)) [[likely]]
            return true;
        return grow(more);
    }
    bool has_room(size_t more) const noexcept { return capacity_ - size_ >= more; }
    // After reserve_more(): the elements below data() + size are initialised by the caller.
    void set_size(size_t size) noexcept { size_ = size; }
    bool push(const T& item) noexcept {
        if (!reserve_more(1)) return false;
        data_[size_++] = item;
        return true;
    }

  private:
    [[gnu::noinline]] bool grow(size_t more) noexcept {
        if (more > SIZE_MAX / sizeof(T) / 2 - size_) return false;
        size_t capacity = capacity_ < 16 ? 16 : capacity_ * 2;
        if (capacity < size_ + more) capacity = size_ + more;
        void* data = memory::reallocate(static_cast<void*>(data_), capacity * sizeof(T));
        if (data == nullptr) return false;
        data_ = static_cast<T*>(data);
        capacity_ = capacity;
        return true;
    }

    T* data_ = nullptr;
    size_t size_ = 0;
    size_t capacity_ = 0;
};

}  // namespace tracemill::format
