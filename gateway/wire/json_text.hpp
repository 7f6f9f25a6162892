// Writes JSON text straight into a string: no tree in between, for what is sent most. Any thread.
#pragma once

#include "crm/base/ids.hpp"
#include "crm/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::wire {

class json_text
{
public:
    json_text() { text_.reserve(512); }

    json_text& open_object();
    json_text& close_object();
    json_text& open_list();
    json_text& close_list();
    /// Starts a member; a value follows.
    json_text& key(std::string_view name);

    json_text& value(std::string_view text);
    json_text& value(const std::string& text) { return value(std::string_view{text}); }
    json_text& value(const char* text) { return value(std::string_view{text}); }
    json_text& value(std::int64_t number);
    json_text& value(int number) { return value(std::int64_t{number}); }
    json_text& value(double number);
    json_text& value(bool flag);
    json_text& value(crm::instant at) { return value(at.us); }
    json_text& null();
    /// Ids are decimal strings.
    template <crm::strong_id Id>
    json_text& value(Id id)
    {
        return digits(crm::raw(id));
    }
    /// A number as a decimal string: ids and positions.
    json_text& digits(std::int64_t number);
    /// Finished JSON, taken as it is.
    json_text& raw(std::string_view json);

    template <class T>
    json_text& member(std::string_view name, const T& held)
    {
        return key(name).value(held);
    }
    /// Left out when the id is 0.
    template <crm::strong_id Id>
    json_text& member_unless_none(std::string_view name, Id id)
    {
        return crm::raw(id) == 0 ? *this : key(name).value(id);
    }
    /// Left out when it never happened.
    json_text& member_if_set(std::string_view name, crm::instant at)
    {
        return at.is_set() ? key(name).value(at) : *this;
    }

    [[nodiscard]] const std::string& text() const { return text_; }
    std::string take() { return std::move(text_); }

private:
    void separate();

    std::string text_;
    bool after_value_ = false;
};

/// Appends `text` as a JSON string with its quotes. Malformed UTF-8 becomes U+FFFD.
void append_quoted(std::string& to, std::string_view text);

} // namespace gateway::wire
