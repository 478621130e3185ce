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
        d_text.clear();
        d_room = max_chars == 0 || max_chars > kMaxChars ? kMaxChars : max_chars;
        d_cut = false;
    }

    // Only for ASCII; false when the text is cut, as for all appends: there is no use in going on.
    bool ascii(std::string_view text) {
        if (text.size() > d_room) {
            text = text.substr(0, d_room);
            d_cut = true;
        }
        d_text.append(text);
        d_room -= text.size();
        return !d_cut;
    }

    bool code_point(uint32_t c) {
        if (d_room == 0) {
            d_cut = true;
            return false;
        }
        --d_room;
        if (c < 0x80) {
            d_text.push_back(static_cast<char>(c));
        } else if (c < 0x800) {
            d_text.push_back(static_cast<char>(0xc0 | (c >> 6)));
            d_text.push_back(static_cast<char>(0x80 | (c & 0x3f)));
        } else if (c < 0x10000) {
            d_text.push_back(static_cast<char>(0xe0 | (c >> 12)));
            d_text.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
            d_text.push_back(static_cast<char>(0x80 | (c & 0x3f)));
        } else {
            d_text.push_back(static_cast<char>(0xf0 | (c >> 18)));
            d_text.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3f)));
            d_text.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
            d_text.push_back(static_cast<char>(0x80 | (c & 0x3f)));
        }
        return true;
    }

    bool cut() const { return d_cut; }
    uint64_t room() const { return d_room; }
    std::string_view view() const { return d_text; }

  private:
    std::string d_text;
    uint64_t d_room = 0;
    bool d_cut = false;
};

}  // namespace tracemill::trace
