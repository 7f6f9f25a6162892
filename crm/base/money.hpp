// Money as whole minor units (cents) and a currency; never a floating number. Any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace crm {

/// An ISO 4217 code, three capital letters.
class currency
{
public:
    constexpr currency() = default;
    /// Throws problem{invalid} unless `code` is three letters A-Z.
    explicit currency(std::string_view code);

    [[nodiscard]] std::string_view code() const { return {letters_.data(), letters_.size()}; }
    /// Decimal digits of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
    [[nodiscard]] int digits() const;

    friend auto operator<=>(const currency&, const currency&) = default;

private:
    std::array<char, 3> letters_{'E', 'U', 'R'};
};

/// An amount. Adding two currencies throws problem{invalid}; leaving 64 bits throws
/// problem{invalid}.
struct money
{
    std::int64_t minor = 0;
    crm::currency currency;

    friend bool operator==(const money&, const money&) = default;
    friend money operator+(const money& one, const money& other);
    friend money operator-(const money& one, const money& other);
};

/// "1234.50 EUR", "-3 JPY".
std::string to_string(const money& amount);

/// Reads "1234.50", "-3", with at most the currency's digits after the point. Throws
/// problem{invalid}.
money money_from_decimal(std::string_view amount, currency in);

} // namespace crm
