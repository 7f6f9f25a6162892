// The words of a routing story: numbers, times and names.
#pragma once

#include "routing/engine/policy.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace routing::test {

inline std::vector<std::string> split(const std::string& text, char at)
{
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, at);)
        parts.push_back(part);
    return parts;
}

inline std::vector<std::string> words_of(const std::string& text)
{
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

inline std::string trimmed(const std::string& text)
{
    const auto begin = text.find_first_not_of(" \t");
    return begin == std::string::npos
               ? ""
               : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

inline std::int64_t number(const std::string& text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw std::runtime_error("not a whole number: " + text);
    return value;
}

// "09:30:05", counted from midnight.
inline time_us clock_time(const std::string& text)
{
    const auto parts = split(text, ':');
    if (parts.size() != 3)
        throw std::runtime_error("a time looks like 09:30:05, not " + text);
    return (number(parts[0]) * 3600 + number(parts[1]) * 60 + number(parts[2])) * one_second;
}

// "90s", "10m", "4h".
inline time_us duration(const std::string& text)
{
    const time_us unit = text.back() == 'h'   ? one_hour
                         : text.back() == 'm' ? one_minute
                                              : one_second;
    return number(text.substr(0, text.size() - 1)) * unit;
}

inline channel channel_named(const std::string& name)
{
    for (channel c : all_channels)
        if (name_of(c) == name)
            return c;
    throw std::runtime_error("no such channel: " + name);
}

inline bool is_channel(const std::string& name)
{
    return std::any_of(all_channels.begin(), all_channels.end(), [&](channel c) {
        return name_of(c) == name;
    });
}

// Names become ids in the order in which they first appear.
template <class Id>
class directory
{
public:
    Id id(const std::string& name)
    {
        const auto [at, added] = ids_.try_emplace(name, static_cast<std::int64_t>(ids_.size()) + 1);
        if (added)
            names_.push_back(name);
        return Id{at->second};
    }
    const std::string& name(Id id) const
    {
        return names_.at(static_cast<std::size_t>(crm::raw(id)) - 1);
    }
    bool knows(const std::string& name) const { return ids_.contains(name); }

private:
    std::map<std::string, std::int64_t> ids_;
    std::vector<std::string> names_;
};

} // namespace routing::test
