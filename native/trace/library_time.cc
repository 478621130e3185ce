#include "trace/library_time.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace tracemill::trace {
namespace {

// NumPy's NPY_DATETIMEUNIT, of which a column has those from days on.
struct Unit {
    int number;
    const char* name;
    int64_t per_second;  // 0 = it is longer than a second
    int64_t seconds;
};

constexpr Unit kUnits[] = {
    {2, "W", 0, 604'800}, {4, "D", 0, 86'400}, {5, "h", 0, 3'600},      {6, "m", 0, 60},
    {7, "s", 1, 1},       {8, "ms", 1'000, 0}, {9, "us", 1'000'000, 0}, {10, "ns", 1'000'000'000, 0},
};

const Unit* unit_of(const ArrayLayout& layout) {
    const auto* unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                    [&](const Unit& one) { return one.number == layout.time_unit; });
    return unit == std::end(kUnits) ? nullptr : unit;
}

struct Date {
    int64_t year;
    int month;
    int day;
};

// Of the proleptic Gregorian calendar, by the number of days since 1970: years begin in March, so that the day that a
// leap year adds is its last.
Date date_of(int64_t days) {
    days += 719'468;
    const int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const int64_t day_of_era = days - era * 146'097;
    const int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month = (5 * day_of_year + 2) / 153;
    const int day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
    return {year_of_era + era * 400 + (month >= 10), static_cast<int>(month < 10 ? month + 3 : month - 9), day};
}

std::string moment_text(int64_t seconds, int64_t fraction, int64_t per_second) {
    int64_t days = seconds / 86'400;
    int64_t rest = seconds % 86'400;
    if (rest < 0) {
        rest += 86'400;
        --days;
    }
    const Date date = date_of(days);
    char text[96];
    std::snprintf(text, sizeof text, "'%04lld-%02d-%02d", static_cast<long long>(date.year), date.month, date.day);
    std::string all = text;
    if (rest != 0 || fraction != 0) {
        std::snprintf(text, sizeof text, "T%02d:%02d:%02d", static_cast<int>(rest / 3600),
                      static_cast<int>(rest / 60 % 60), static_cast<int>(rest % 60));
        all += text;
    }
    if (fraction != 0) {
        // As many digits as the unit has, less the zeros at their end.
        std::string digits = std::to_string(per_second + fraction).substr(1);
        digits.erase(digits.find_last_not_of('0') + 1);
        all += '.' + digits;
    }
    return all + "'";
}

}  // namespace

std::string time_text(const ArrayLayout& layout, const char* item) {
    int64_t ticks = 0;
    std::memcpy(&ticks, item, sizeof ticks);
    if (!layout.is_native()) ticks = static_cast<int64_t>(__builtin_bswap64(static_cast<uint64_t>(ticks)));
    if (ticks == INT64_MIN) return "NaT";
    const Unit* unit = unit_of(layout);
    if (!unit) return std::to_string(ticks);
    if (layout.kind == 'm') return std::string("'").append(std::to_string(ticks)).append(" ").append(unit->name) + "'";
    int64_t seconds = 0;
    if (unit->per_second == 0) {
        if (__builtin_mul_overflow(ticks, unit->seconds, &seconds)) return std::to_string(ticks);
        return moment_text(seconds, 0, 1);
    }
    seconds = ticks / unit->per_second;
    int64_t fraction = ticks % unit->per_second;
    if (fraction < 0) {
        fraction += unit->per_second;
        --seconds;
    }
    return moment_text(seconds, fraction, unit->per_second);
}

}  // namespace tracemill::trace
