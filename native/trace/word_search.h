// Finds whether a text has any of a few words, in one pass. Words have four bytes or more.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace tracemill::trace {

class WordSearch {
  public:
    // The words must outlive the search.
    constexpr explicit WordSearch(std::span<const std::string_view> words) : words_(words) {
        shifts_.fill(kWindow);
        for (const std::string_view word : words) {
            for (size_t i = 0; i < kWindow; ++i) {
                uint8_t& shift = shifts_[static_cast<uint8_t>(word[i])];
                shift = std::min(shift, static_cast<uint8_t>(kWindow - 1 - i));
            }
        }
    }

    bool finds_any(std::string_view text) const {
        for (size_t end = kWindow; end <= text.size();) {
            const size_t shift = shifts_[static_cast<uint8_t>(text[end - 1])];
            if (shift == 0 && starts_any(text.substr(end - kWindow))) return true;
            end += std::max(shift, size_t{1});
        }
        return false;
    }

  private:
    // Of each word so many bytes decide where it may begin.
    static constexpr uint8_t kWindow = 4;

    bool starts_any(std::string_view text) const {
        return std::any_of(words_.begin(), words_.end(), [text](std::string_view word) {
            return std::memcmp(word.data(), text.data(), kWindow) == 0 && text.starts_with(word);
        });
    }

    std::span<const std::string_view> words_;
    // By the byte at the window's end, how far the window may move: 0 = a word may begin with what is in it.
    std::array<uint8_t, 256> shifts_{};
};

}  // namespace tracemill::trace
