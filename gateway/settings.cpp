#include "gateway/settings.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/spelling.hpp"
#include "crm/base/text.hpp"

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <fstream>
#include <sstream>

namespace gateway {

namespace {

[[noreturn]] void refuse(std::string_view name, const std::string& why)
{
    throw crm::problem{crm::errc::invalid, std::string{name} + ": " + why, std::string{name}};
}

std::int64_t read_integer(std::string_view name, std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size())
        refuse(name, "\"" + std::string{text} + "\" is not a whole number");
    return value;
}

std::vector<std::string> read_list(std::string_view text)
{
    std::vector<std::string> made;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        if (const auto part = crm::trim(text.substr(0, end)); !part.empty())
            made.emplace_back(part);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return made;
}

std::string file_content(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in)
        throw crm::problem{
            crm::errc::invalid, "Cannot read " + file.string() + ": check path and permissions."
        };
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

/// "http.listen" is PARLEY_HTTP__LISTEN.
std::string variable_of(std::string_view name)
{
    std::string made = "PARLEY_";
    for (const char each : name)
        made +=
            each == '.'
                ? std::string{"__"}
                : std::string(1, each >= 'a' && each <= 'z' ? static_cast<char>(each - 32) : each);
    return made;
}

void read_environment(
    loaded_settings& into, const std::vector<std::string>& variables, const environment& look_up
)
{
    for (const auto& one : all_settings(into.values)) {
        const auto variable = variable_of(one.name);
        if (const char* text = look_up(variable.c_str()))
            set_setting(into, one.name, text, variable);
        const auto with_file = variable + "_FILE";
        if (const char* path = look_up(with_file.c_str()))
            set_setting(into, one.name, crm::trim(file_content(path)), with_file);
    }
    settings known;
    for (const auto& each : variables) {
        if (!each.starts_with("PARLEY_") || each.find("__") == std::string::npos)
            continue;
        const auto all = all_settings(known);
        const auto is_it = [&](const setting& one) {
            const auto name = variable_of(one.name);
            return each == name || each == name + "_FILE";
        };
        if (std::none_of(all.begin(), all.end(), is_it))
            throw crm::problem{
                crm::errc::invalid,
                "The environment variable " + each +
                    " names no setting; \"parley config docs\" lists them all."
            };
    }
}

} // namespace

void set_setting(
    loaded_settings& in, std::string_view name, std::string_view text, std::string source
)
{
    for (const auto& one : all_settings(in.values)) {
        if (one.name != name)
            continue;
        if (auto* const* words = std::get_if<std::string*>(&one.at)) {
            **words = text;
        } else if (auto* const* flag = std::get_if<bool*>(&one.at)) {
            if (text != "true" && text != "false")
                refuse(name, "\"" + std::string{text} + "\" is neither true nor false");
            **flag = text == "true";
        } else if (auto* const* number = std::get_if<std::int64_t*>(&one.at)) {
            **number = read_integer(name, text);
        } else {
            *std::get<std::vector<std::string>*>(one.at) = read_list(text);
        }
        in.sources[std::string{name}] = std::move(source);
        return;
    }
    refuse(name, "there is no such setting");
}

std::string nearest_setting(std::string_view misspelt)
{
    settings known;
    std::vector<std::string_view> names;
    for (const auto& one : all_settings(known))
        names.push_back(one.name);
    return std::string{crm::nearest_word(misspelt, names, misspelt.size() / 3 + 2)};
}

loaded_settings load_settings(
    const std::filesystem::path& file,
    const std::vector<std::string>& variables,
    const environment& look_up
)
{
    loaded_settings made;
    for (const auto& one : all_settings(made.values))
        made.sources[std::string{one.name}] = "default";
    if (!file.empty())
        read_toml(made, file_content(file), file.string());
    read_environment(made, variables, look_up);
    return made;
}

std::string setting_text(const setting& one)
{
    if (const auto* const* words = std::get_if<std::string*>(&one.at))
        return one.secret && !(**words).empty() ? "***" : **words;
    if (const auto* const* flag = std::get_if<bool*>(&one.at))
        return **flag ? "true" : "false";
    if (const auto* const* number = std::get_if<std::int64_t*>(&one.at))
        return std::to_string(**number);
    std::string made;
    for (const auto& each : *std::get<std::vector<std::string>*>(one.at))
        made += (made.empty() ? "" : ",") + each;
    return made;
}

host_port read_listen(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        refuse("listen", "\"" + std::string{text} + "\" is not HOST:PORT");
    const auto port = read_integer("listen", text.substr(colon + 1));
    if (port < 0 || port > 65'535)
        refuse("listen", "the port must be between 0 and 65535");
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    if (host.empty())
        host = "0.0.0.0";
    return {std::string{host}, static_cast<unsigned short>(port)};
}

bool is_loopback(std::string_view host)
{
    if (host == "localhost")
        return true;
    boost::system::error_code failed;
    const auto address = boost::asio::ip::make_address(std::string{host}, failed);
    return !failed && address.is_loopback();
}

void check_settings(const settings& what)
{
    const auto listen = read_listen(what.http.listen);
    if (what.http.tls_certificate.empty() != what.http.tls_key.empty())
        refuse("http.tls_key", "certificate and key belong together: set both or neither");
    if (what.http.tls_certificate.empty() && !is_loopback(listen.host) && !what.http.insecure_http)
        refuse(
            "http.listen",
            "listening on " + listen.host +
                " without TLS would send passwords in the clear, and browsers would refuse the "
                "session cookie. Set "
                "http.tls_certificate and http.tls_key, or listen on 127.0.0.1 behind a proxy; "
                "--insecure-http "
                "overrides this"
        );
    if (!is_loopback(read_listen(what.metrics.listen).host))
        refuse("metrics.listen", "metrics are for this machine only: use 127.0.0.1");
    settings copy = what;
    for (const auto& one : all_settings(copy))
        if (const auto* const* number = std::get_if<std::int64_t*>(&one.at); number && **number < 0)
            refuse(one.name, "must not be negative");
}

} // namespace gateway
