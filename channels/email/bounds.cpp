#include "channels/email/bounds.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace channels::email {

namespace {

constexpr std::size_t most_delimiters = 5000;
constexpr std::size_t most_boundaries = 1000;
constexpr std::size_t most_lines = 1000;
constexpr std::size_t most_bytes = 65'536;
constexpr std::size_t longest_boundary = 200;

class copier
{
public:
    explicit copier(bounded_mail& into) : into_{into} {}

    void copy_headers(const header_block& headers)
    {
        into_.bytes += "MIME-Version: 1.0\n"; // the parser wants one header at least
        for (const auto& [name, value] : headers.headers) {
            if (!crm::ascii_lower(name).starts_with("content-"))
                continue;
            const std::string line =
                std::string{name} + ':' + std::string{value.substr(0, most_bytes)};
            look_at_header(line);
            into_.bytes += line;
            if (!line.ends_with('\n'))
                into_.bytes += '\n';
        }
        into_.bytes += '\n';
        in_headers_ = std::exchange(holds_a_mail_, false);
    }

    void copy_body(std::string_view rest)
    {
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            const auto line = rest.substr(0, end == std::string_view::npos ? end : end + 1);
            rest.remove_prefix(line.size());
            if (line.starts_with("--") && is_delimiter(line)) {
                if (++delimiters_ > most_delimiters || boundaries_.size() > most_boundaries) {
                    into_.was_cut = true;
                    return;
                }
                begin_headers();
                in_headers_ = true;
            } else if (in_headers_ && !take_header(line)) {
                continue;
            }
            into_.bytes += line;
        }
    }

private:
    void begin_headers()
    {
        lines_ = 0;
        bytes_ = 0;
        holds_a_mail_ = false;
    }

    // False for a line that is left out.
    bool take_header(std::string_view line)
    {
        if (line == "\n" || line == "\r\n") {
            in_headers_ = holds_a_mail_; // an attached mail begins with headers of its own
            begin_headers();
            return true;
        }
        bytes_ += line.size();
        if (++lines_ > most_lines || bytes_ > most_bytes) {
            into_.lost_lines = true;
            return false;
        }
        look_at_header(line);
        return true;
    }

    void look_at_header(std::string_view line)
    {
        const std::string lower = crm::ascii_lower(line);
        if (lower.find("message/") != std::string::npos)
            holds_a_mail_ = true;
        const auto at = lower.find("boundary");
        if (at == std::string::npos)
            return;
        const auto equals = line.find('=', at);
        if (equals == std::string_view::npos)
            return;
        auto name = crm::trim(line.substr(equals + 1));
        if (name.starts_with('"')) {
            name.remove_prefix(1);
            name = name.substr(0, name.find('"'));
        } else {
            name = name.substr(0, name.find(';'));
        }
        name = crm::trim(name).substr(0, longest_boundary);
        if (!name.empty() && boundaries_.size() <= most_boundaries)
            boundaries_.emplace(name);
    }

    [[nodiscard]] bool is_delimiter(std::string_view line) const
    {
        auto name = crm::trim(line.substr(2)).substr(0, longest_boundary + 2);
        if (boundaries_.contains(std::string{name}))
            return true;
        if (!name.ends_with("--"))
            return false;
        name.remove_suffix(2);
        return boundaries_.contains(std::string{name});
    }

    bounded_mail& into_;
    std::unordered_set<std::string> boundaries_;
    std::size_t delimiters_ = 0;
    std::size_t lines_ = 0;
    std::size_t bytes_ = 0;
    bool in_headers_ = false;
    bool holds_a_mail_ = false;
};

} // namespace

bounded_mail within_bounds(const header_block& headers, std::string_view body)
{
    bounded_mail bounded;
    bounded.bytes.reserve(body.size() + 1024);
    copier one{bounded};
    one.copy_headers(headers);
    one.copy_body(body);
    return bounded;
}

} // namespace channels::email
