// Text bounded in characters (code points), written as generalised UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tracemill::trace {

class TextBuilder {
  public:
    // No value is longer than this, whatever was asked for: it bounds memory and shared-reference bombs.
    static constexpr uint64_t kMaxChars = uint64_t{1} << 26;

    void reset(uint64_t max_chars) {
        text_.clear();
        room_ = max_chars == 0 || max_chars > kMaxChars ? kMaxChars : max_chars;
        cut_ = false;
    }

    // Only for ASCII; false when the text is cut, as for all appends: there is no use in going on.
    bool ascii(std::string_view text) {
        if (text.size() > room_) {
            text = text.substr(0, room_);
            cut_ = true;
        }
        text_.append(text);
        room_ -= text.size();
        return !cut_;
    }

    bool ascii(char c) {
        if (room_ == 0) {
            cut_ = true;
            return false;
        }
        --room_;
        text_.push_back(c);
        return !cut_;
    }

    bool code_point(uint32_t c) {
        if (room_ == 0) {
            cut_ = true;
            return false;
        }
        --room_;
        if (c < 0x80) {
            text_.push_back(static_cast<char>(c));
        } else if (c < 0x800) {
            text_.push_back(static_cast<char>(0xc0 | (c >> 6)));
            text_.push_back(static_cast<char>(0x80 | (c & 0x3f)));
        } else if (c < 0x10000) {
            text_.push_back(static_cast<char>(0xe0 | (c >> 12)));
            text_.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
            text_.push_back(static_cast<char>(0x80 | (c & 0x3f)));
        } else {
            text_.push_back(static_cast<char>(0xf0 | (c >> 18)));
            text_.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3f)));
            text_.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
            text_.push_back(static_cast<char>(0x80 | (c & 0x3f)));
        }
        return true;
    }

    bool cut() const { return cut_; }
    uint64_t room() const { return room_; }
    std::string_view view() const { return text_; }

  private:
    std::string text_;
    uint64_t room_ = 0;
    bool cut_ = false;
};

}  // namespace tracemill::trace
