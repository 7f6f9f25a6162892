#include "crm/base/money.hpp"

#include "crm/base/problem.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace crm {

namespace {

// ISO 4217: the currencies whose minor unit is not a hundredth.
constexpr std::array<std::string_view, 16> without_minor{
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF"
};
constexpr std::array<std::string_view, 7> thousandths{
    "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"
};

void check_same(const money& one, const money& other)
{
    if (one.currency != other.currency)
        throw problem{
            errc::invalid,
            fmt::format(
                "{} and {} can't be added; convert one first",
                one.currency.code(),
                other.currency.code()
            )
        };
}

[[noreturn]] void refuse_size()
{
    throw problem{errc::invalid, "this amount is larger than can be stored"};
}

} // namespace

currency::currency(std::string_view code)
{
    const bool letters =
        code.size() == 3 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!letters)
        throw problem{errc::invalid, "a currency is three capital letters, such as EUR"};
    std::ranges::copy(code, letters_.begin());
}

int currency::digits() const
{
    if (std::ranges::find(without_minor, code()) != without_minor.end())
        return 0;
    if (std::ranges::find(thousandths, code()) != thousandths.end())
        return 3;
    return 2;
}

money operator+(const money& one, const money& other)
{
    check_same(one, other);
    money sum{0, one.currency};
    if (__builtin_add_overflow(one.minor, other.minor, &sum.minor))
        refuse_size();
    return sum;
}

money operator-(const money& one, const money& other)
{
    check_same(one, other);
    money difference{0, one.currency};
    if (__builtin_sub_overflow(one.minor, other.minor, &difference.minor))
        refuse_size();
    return difference;
}

std::string to_string(const money& amount)
{
    const int digits = amount.currency.digits();
    const bool negative = amount.minor < 0;
    // The magnitude as unsigned: the smallest 64-bit number has no positive twin.
    const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(amount.minor)
                                             : static_cast<std::uint64_t>(amount.minor);
    std::string text = fmt::format("{:0{}}", magnitude, digits + 1);
    if (digits > 0)
        text.insert(text.size() - static_cast<std::size_t>(digits), 1, '.');
    return fmt::format("{}{} {}", negative ? "-" : "", text, amount.currency.code());
}

money money_from_decimal(std::string_view amount, currency in)
{
    const auto refuse = [&] {
        throw problem{
            errc::invalid,
            fmt::format(
                "\"{}\" is not an amount of {}; write 12.50", amount.substr(0, 30), in.code()
            )
        };
    };
    const bool negative = !amount.empty() && amount.front() == '-';
    std::string_view rest = amount.substr(negative ? 1 : 0);
    const std::size_t point = rest.find('.');
    std::string digits{rest.substr(0, point)};
    const std::string_view fraction =
        point == std::string_view::npos ? std::string_view{} : rest.substr(point + 1);
    const auto wanted = static_cast<std::size_t>(in.digits());
    if (digits.empty() || fraction.size() > wanted ||
        (point != std::string_view::npos && fraction.empty()))
        refuse();
    digits += fraction;
    digits.append(wanted - fraction.size(), '0');
    money read{0, in};
    for (const char c : digits) {
        if (c < '0' || c > '9')
            refuse();
        if (__builtin_mul_overflow(read.minor, std::int64_t{10}, &read.minor) ||
            __builtin_add_overflow(read.minor, std::int64_t{c - '0'}, &read.minor))
            refuse_size();
    }
    if (negative)
        read.minor = -read.minor;
    return read;
}

} // namespace crm
