// Small mails for tests, written out as they come over the wire.
#pragma once

#include "channels/email/read.hpp"

#include <string>
#include <string_view>

namespace mails {

/// Lines joined by CR LF.
template <class... Line>
std::string lines(const Line&... line)
{
    std::string all;
    ((all += std::string_view{line}, all += "\r\n"), ...);
    return all;
}

/// A mail from Ann to the house with these extra headers (each ending in a line end) and this body.
inline std::string from_ann(std::string_view headers, std::string_view body)
{
    return "From: Ann <ann@example.com>\r\nTo: help@example.org\r\nSubject: Hello\r\n"
           "Date: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <one@example.com>\r\n" +
           std::string{headers} + "\r\n" + std::string{body};
}

inline channels::email::letter read_from_ann(std::string_view headers, std::string_view body)
{
    return channels::email::read(from_ann(headers, body));
}

} // namespace mails
